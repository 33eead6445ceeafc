from actions.clarify import ActionClarify
from tests.actions.case import ActionTestCase, choice, said


class TestActionClarify(ActionTestCase):
    action = ActionClarify

    def test_clarify_is_in_the_domain(self) -> None:
        self.assert_is_in_the_domain()

    def test_clarify_offers_the_likeliest_topics(self) -> None:
        self.when(said("nlu_fallback", ranking=[("nlu_fallback", 0.9), ("ask_signs", 0.19), ("ask_how_to_talk", 0.1)]))
        self.assert_says(self.words.clarify, "clarify")
        self.assert_offers(choice("signs/general"), choice("family/talk"), "/none_of_these")
        self.assert_remembers()

    def test_clarify_keeps_to_the_subject_and_the_person(self) -> None:
        ranking = [("ask_signs", 0.19), ("ask_how_to_talk", 0.1)]
        self.when(said("nlu_fallback", ranking=ranking), subject="alcohol", relationship="mother")
        self.assert_offers(choice("drugs/alcohol"), choice("family/talk_to_mother"), "/none_of_these")

    def test_clarify_offers_what_is_known_of_a_subject_named_alone(self) -> None:
        self.when(said("nlu_fallback", subjects=["heroin"], ranking=[("ask_signs", 0.01)]))
        self.assert_offers(choice("drugs/heroin"), "/none_of_these")

    def test_clarify_says_so_when_it_is_about_something_else(self) -> None:
        self.when(said("nlu_fallback", ranking=[("out_of_scope", 0.25), ("ask_signs", 0.05)]))
        self.assert_says(self.words.fallback, "fallback")
        self.assert_offers_places_to_start()

    def test_clarify_copes_with_a_message_that_nothing_was_understood_of(self) -> None:
        self.when(said(None, ranking=[(None, 0.0)]))
        self.assert_says(self.words.fallback, "fallback")

    def test_clarify_never_answers_what_may_be_about_something_else(self) -> None:
        message = said("nlu_fallback", ranking=[("nlu_fallback", 1.0), ("ask_signs", 0.9)])
        self.when({**message, "in_doubt": True})
        self.assert_says(self.words.in_doubt, "clarify")
        self.assert_remembers()
