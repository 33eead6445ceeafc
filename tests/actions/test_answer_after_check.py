import pytest

from actions.answer_after_check import SURE, ActionAnswerAfterCheck
from handrail import paths
from handrail.documents import read_yaml
from tests.actions.case import ActionTestCase, choice, said

INFORMATION = said("check_information")


def checked(*ranking: tuple[str, float], subjects: tuple[str, ...] = ()) -> dict:
    """Return a message that led to the question whether it is happening now."""
    return said("emergency_check", ranking=[("emergency_check", 1.0), *ranking], subjects=subjects)


class TestActionAnswerAfterCheck(ActionTestCase):
    action = ActionAnswerAfterCheck

    def test_answer_after_check_is_in_the_domain(self) -> None:
        self.assert_is_in_the_domain()

    def test_answer_after_check_answers_the_question_that_was_checked(self) -> None:
        self.when(checked(("ask_what_is", SURE), ("ask_signs", 0.1), subjects=("heroin",)), INFORMATION)
        self.assert_says_topic("drugs/heroin")
        self.assert_remembers(last_topic="drugs/heroin", last_intent="ask_what_is", subject="heroin")

    def test_answer_after_check_passes_over_what_is_no_question(self) -> None:
        self.when(checked(("greet", 0.5), ("ask_signs", SURE)), INFORMATION)
        self.assert_says_topic("signs/general")

    def test_answer_after_check_asks_when_it_is_not_sure(self) -> None:
        self.when(checked(("ask_signs", SURE - 0.01), ("ask_how_to_talk", SURE - 0.02)), INFORMATION)
        self.assert_says(self.words.clarify, "clarify")
        self.assert_offers(choice("signs/general"), choice("family/talk"), "/none_of_these")
        self.assert_remembers()

    def test_answer_after_check_goes_on_with_what_the_talk_was_about(self) -> None:
        self.when(checked(("ask_signs", 0.9)), INFORMATION, subject="alcohol")
        self.assert_says_topic("drugs/alcohol")

    def test_answer_after_check_passes_over_a_no_in_between(self) -> None:
        self.when(checked(("ask_signs", 0.9)), said("deny", ranking=[("deny", 0.9)]), INFORMATION)
        self.assert_says_topic("signs/general")

    def test_answer_after_check_takes_the_latest_of_two_questions(self) -> None:
        self.when(checked(("ask_signs", 0.9)), checked(("ask_how_to_talk", 0.9)), INFORMATION)
        self.assert_says_topic("family/talk")

    @pytest.mark.parametrize("before", [[], [said("greet")], [said("ask_signs", ranking=[("ask_signs", 0.9)])]])
    def test_answer_after_check_without_a_check_offers_places_to_start(self, before: list[dict]) -> None:
        self.when(*before, INFORMATION)
        self.assert_says(self.words.fallback, "fallback")
        self.assert_offers_places_to_start()

    def test_answer_after_check_is_as_sure_as_the_pipeline(self) -> None:
        pipeline = read_yaml(paths.ROOT / "config.yml").data["pipeline"]
        (fallback,) = [part for part in pipeline if part["name"] == "FallbackClassifier"]
        assert fallback["threshold"] == SURE
