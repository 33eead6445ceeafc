"""The most specific topic answers a question, and topics that do not fit together are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from handrail.content import Catalogue
from handrail.documents import DocumentError, Problem
from tests.handrail.small_content import SOURCES, TOPICS, topic_file, write_content


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return Catalogue.load(*write_content(tmp_path_factory.mktemp("content")))


@pytest.mark.parametrize(
    ("intent", "subjects", "relationship", "topic"),
    [
        ("ask_what_is", ["heroin", "opioids"], None, "drugs/heroin"),
        ("ask_signs", ["heroin", "opioids"], None, "drugs/opioids"),
        ("ask_signs", ["ketamine"], None, "signs/general"),
        ("ask_signs", [], None, "signs/general"),
        ("ask_how_to_talk", [], "mother", "family/talk_to_mother"),
        ("ask_how_to_talk", ["heroin", "opioids"], "mother", "family/talk_to_mother"),
        ("ask_how_to_talk", [], "friend", "family/talk"),
        ("ask_what_is", ["heroin", "opioids"], "mother", "drugs/heroin"),
        ("ask_dose", ["heroin", "opioids"], "mother", "refusals/dose"),
        ("ask_nothing", ["heroin"], None, None),
    ],
)
def test_catalogue_finds_the_most_specific_topic(
    catalogue: Catalogue, intent: str, subjects: list[str], relationship: str | None, topic: str | None
) -> None:
    found = catalogue.find(intent, subjects, relationship)
    assert (found.id if found else None) == topic


@pytest.mark.parametrize(
    ("intent", "subjects", "has"),
    [
        ("ask_signs", ["heroin", "opioids"], True),
        ("ask_signs", ["heroin"], False),
        ("ask_signs", [], False),
        ("ask_how_to_talk", ["heroin"], False),
    ],
)
def test_catalogue_says_whether_a_topic_is_on_the_subject_itself(
    catalogue: Catalogue, intent: str, subjects: list[str], has: bool
) -> None:
    assert catalogue.has_subject(intent, subjects) is has


def test_catalogue_cites_the_sources_in_the_order_of_the_topic(catalogue: Catalogue) -> None:
    cited = catalogue.cited(catalogue.topics["drugs/heroin"])
    assert [source.organisation for source in cited] == ["World Health Organization", "NHS"]


def problems_with(folder: Path, topics: dict[str, str], sources: str = SOURCES) -> list[Problem]:
    with pytest.raises(DocumentError) as error:
        Catalogue.load(*write_content(folder, {**TOPICS, **topics}, sources))
    return error.value.problems


def test_catalogue_refuses_a_question_that_two_topics_answer(tmp_path: Path) -> None:
    new = topic_file("signs/more", ["ask_grief", "ask_signs"])
    (problem,) = problems_with(tmp_path, {"signs/more": new})
    assert (problem.path.name, problem.line) == ("more.md", 7)
    assert "signs/general" in problem.what


@pytest.mark.parametrize("other", ["family/nothing", "signs/more"], ids=["unknown", "itself"])
def test_catalogue_refuses_a_related_topic_that_is_no_other(tmp_path: Path, other: str) -> None:
    new = topic_file("signs/more", ["ask_grief"], related=["family/talk", other])
    (problem,) = problems_with(tmp_path, {"signs/more": new})
    assert (problem.path.name, problem.line) == ("more.md", 8)
    assert other in problem.what


def test_catalogue_refuses_a_source_that_is_not_known(tmp_path: Path) -> None:
    new = topic_file("signs/more", ["ask_grief"], sources=["nhs", "my_uncle"])
    (problem,) = problems_with(tmp_path, {"signs/more": new})
    assert (problem.path.name, problem.line) == ("more.md", 9)
    assert "my_uncle" in problem.what


def test_catalogue_refuses_a_source_that_no_topic_cites(tmp_path: Path) -> None:
    extra = SOURCES + SOURCES.split("who:")[0].replace("nhs:", "unused:")
    (problem,) = problems_with(tmp_path, {}, extra)
    assert problem.path == tmp_path / "sources.yml"
    assert problem.line == SOURCES.count("\n") + 1
    assert "unused" in problem.what


def test_catalogue_names_the_faults_of_all_files_at_once(tmp_path: Path) -> None:
    problems = problems_with(
        tmp_path,
        {"signs/more": "no front matter", "signs/most": TOPICS["signs/general"]},
        SOURCES.replace("  title: Getting help\n", ""),
    )
    assert {problem.path.name for problem in problems} >= {"more.md", "most.md", "sources.yml"}
