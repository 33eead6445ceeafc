from actions.same_about import ActionSameAbout
from tests.actions.case import ActionTestCase, said


class TestActionSameAbout(ActionTestCase):
    action = ActionSameAbout

    def test_same_about_is_in_the_domain(self) -> None:
        self.assert_is_in_the_domain()

    def test_same_about_asks_the_last_question_of_another_subject(self) -> None:
        self.when(said("same_about", subjects=["alcohol"]), last_intent="ask_signs", subject="heroin")
        self.assert_says_topic("drugs/alcohol")
        self.assert_remembers(last_topic="drugs/alcohol", last_intent="ask_signs", subject="alcohol")

    def test_same_about_takes_the_answer_on_the_family(self) -> None:
        self.when(said("same_about", subjects=["heroin"]), last_intent="ask_signs", subject="alcohol")
        self.assert_says_topic("drugs/opioids")

    def test_same_about_asks_the_last_question_of_another_person(self) -> None:
        self.when(said("same_about", relationships=["mother"]), last_intent="ask_how_to_talk")
        self.assert_says_topic("family/talk_to_mother")

    def test_same_about_says_what_it_is_rather_than_the_same_again(self) -> None:
        self.when(said("same_about", subjects=["heroin"]), last_intent="ask_how_to_talk")
        self.assert_says_topic("drugs/heroin")
        self.assert_remembers(last_topic="drugs/heroin", last_intent="ask_what_is", subject="heroin")

    def test_same_about_says_what_it_is_when_nothing_was_asked(self) -> None:
        self.when(said("same_about", subjects=["heroin"]))
        self.assert_says_topic("drugs/heroin")

    def test_same_about_asks_for_the_subject_when_none_is_named(self) -> None:
        self.when(said("same_about"), last_intent="ask_signs", subject="heroin")
        self.assert_says(self.words.which_subject, "clarify")
        self.assert_remembers()
