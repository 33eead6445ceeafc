"""The script that is served: whole, small, and with the numbers that the help-line files hold."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from handrail import paths, widget
from handrail.helplines import HelpLines, find_phone_numbers
from handrail.responses import Responses
from handrail.tools import widget as command

MODULE_BYTES, HELP_BYTES = 16 * 1024, 6 * 1024


def test_script_and_help_lines_are_small() -> None:
    sizes = widget.sizes()
    assert sizes["module"] <= MODULE_BYTES
    assert sizes["help"] <= HELP_BYTES


def test_script_holds_no_picture_font_or_other_address_to_load() -> None:
    script = widget.module()
    assert not re.findall(r"url\(|data:|@import|@font-face|<svg|createElementNS", script)
    assert not re.findall(r"^import |\bimport\(", script, flags=re.MULTILINE)


def test_every_country_with_a_file_is_in_the_help_lines() -> None:
    countries = json.loads(widget.help_data())["countries"]
    assert sorted(country[:2] for country in countries[1:]) == sorted(HelpLines.load().countries)
    assert not find_phone_numbers(countries[0])


def test_overdose_card_is_the_one_that_the_bot_says() -> None:
    assert json.loads(widget.help_data())["overdose"] == Responses.load().by_name[widget.OVERDOSE_CARD]["text"]


def test_comments_and_indents_are_left_out_and_words_stay() -> None:
    source = (paths.WEB / widget.SCRIPT).read_text()
    words = re.findall(r'^    (?:\w+): "(.*)",$', source, flags=re.MULTILINE)
    script = widget.module()
    assert len(words) > 50
    assert all(word in script for word in words)
    assert "// --" not in script
    assert "/**" not in script


def test_looks_keep_every_rule() -> None:
    source = (paths.WEB / widget.LOOKS).read_text()
    assert widget.looks().count("{") == re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL).count("{")


def test_place_to_fill_in_has_to_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "WEB", tmp_path)
    (tmp_path / widget.SCRIPT).write_text("const DATA = null;\n")
    (tmp_path / widget.LOOKS).write_text("")
    with pytest.raises(ValueError, match="const STYLE"):
        widget.module()


def test_full_page_knows_the_country_of_the_operator_before_it_asks() -> None:
    assert b'<handrail-chat mode="page">' in widget.pages()["/"].content
    assert b'<handrail-chat mode="page" country="GB">' in widget.pages("GB")["/"].content


def test_pages_are_served_whole_and_compressed() -> None:
    pages = widget.pages()
    assert set(pages) == {"/", "/page.css", "/demo.html", "/demo.css", "/handrail-chat.js"}
    for page in pages.values():
        assert gzip.decompress(page.compressed) == page.content


def test_command_prints_the_two_lines_with_the_hash_of_what_it_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "chat.js"
    assert command.main(["--server", "https://bot.example.org", "--out", str(target)]) == 0
    printed = capsys.readouterr().out
    digest = base64.b64encode(hashlib.sha384(target.read_bytes()).digest()).decode()
    assert f'integrity="sha384-{digest}"' in printed
    assert 'src="chat.js"' in printed
    assert 'server="https://bot.example.org/"' in printed


def test_command_says_when_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--out", str(tmp_path / "nowhere" / "chat.js")]) == 1
    assert "nowhere" in capsys.readouterr().err
