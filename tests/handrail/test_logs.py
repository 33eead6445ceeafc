"""The log says what happened, in a form that can be read by machines, and not a word of what a person wrote."""

from __future__ import annotations

import asyncio
import io
import logging
import warnings
from collections.abc import Iterator

import pytest

from handrail import logs

MARKER = "zebra-parade"
logs.keep_discreet()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a server would log, from DEBUG on."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.KeyValues())
    handler.addFilter(logs._for_operators)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def raise_with_the_text() -> None:
    raise ValueError(f"cannot parse {MARKER}")


@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL])
def test_logs_say_where_a_library_spoke_of_a_message_and_not_what(log: io.StringIO, level: int) -> None:
    with logs.hearing():
        logging.getLogger("rasa.core.processor").log(level, "text=%s", MARKER)
    assert MARKER not in log.getvalue()
    assert "logger=rasa.core.processor" in log.getvalue()
    assert "left_out at=test_logs." in log.getvalue()


def test_logs_name_the_kind_of_an_error_and_its_place_and_not_its_text(log: io.StringIO) -> None:
    with logs.hearing():
        try:
            raise_with_the_text()
        except ValueError:
            logging.getLogger("rasa.core").exception("failed for %s", MARKER)
    assert MARKER not in log.getvalue()
    assert "error=ValueError" in log.getvalue()
    assert "raised_at=test_logs.py:" in log.getvalue()


def test_logs_catch_warnings_that_quote_a_person(log: io.StringIO) -> None:
    with logs.hearing(), warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(f"Failed to parse arguments in line '{MARKER}'", UserWarning, stacklevel=1)
    assert MARKER not in log.getvalue()


def test_logs_are_discreet_in_everything_that_a_message_sets_off(log: io.StringIO) -> None:
    async def main() -> None:
        async def turn() -> None:
            await asyncio.sleep(0)
            await asyncio.to_thread(logging.getLogger("rasa.x").error, MARKER)

        with logs.hearing():
            task = asyncio.ensure_future(turn())
        await task

    asyncio.run(main())
    assert "left_out" in log.getvalue()
    assert MARKER not in log.getvalue()


def test_logs_keep_the_texts_of_forgotten_errors_to_themselves(log: io.StringIO) -> None:
    try:
        raise_with_the_text()
    except ValueError as error:
        logging.getLogger("asyncio").error("Task exception was never retrieved", exc_info=error)
    assert MARKER not in log.getvalue()
    assert "error=ValueError" in log.getvalue()


def test_logs_show_what_libraries_say_while_no_message_is_in_hand(log: io.StringIO) -> None:
    logging.getLogger("rasa.core.agent").error('Could not load "the model"\nat all')
    assert 'event=message text="Could not load \\"the model\\"\\nat all"' in log.getvalue()
    assert log.getvalue().count("\n") == 1


def test_logs_show_the_projects_own_events_as_they_are(log: io.StringIO) -> None:
    with logs.hearing():
        logging.getLogger("handrail.channels.guard").error("turn.failed channel=%s error=%s", "web", "KeyError")
    line = log.getvalue()
    assert line.startswith("time=20")
    assert line.endswith("level=error logger=handrail.channels.guard event=turn.failed channel=web error=KeyError\n")


def test_logs_leave_out_notes_to_developers_and_keep_other_warnings(log: io.StringIO) -> None:
    logger = logging.getLogger("py.warnings")
    logger.warning("/lib/x.py:39: DeprecationWarning: old\n  code()")
    assert not log.getvalue()
    logger.warning("/lib/x.py:39: UserWarning: the model is damaged")
    assert "damaged" in log.getvalue()
