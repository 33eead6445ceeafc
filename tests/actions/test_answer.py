from actions.answer import ActionAnswer
from tests.actions.case import TELL_MORE, ActionTestCase, choice, said


class TestActionAnswer(ActionTestCase):
    action = ActionAnswer

    def test_answer_is_in_the_domain(self) -> None:
        self.assert_is_in_the_domain()

    def test_answer_is_on_the_subject_of_the_message(self) -> None:
        self.when(said("ask_what_is", subjects=["heroin"]))
        self.assert_says_topic("drugs/heroin")
        self.assert_offers(TELL_MORE, choice("drugs/opioids"), choice("family/talk"))
        self.assert_remembers(last_topic="drugs/heroin", last_intent="ask_what_is", subject="heroin")

    def test_answer_is_on_the_family_when_there_is_none_on_the_drug(self) -> None:
        self.when(said("ask_signs", subjects=["heroin"]))
        self.assert_says_topic("drugs/opioids")
        self.assert_remembers(last_topic="drugs/opioids", last_intent="ask_signs", subject="heroin")

    def test_answer_is_on_the_subject_of_the_talk_when_the_message_names_none(self) -> None:
        self.when(said("ask_signs"), subject="alcohol")
        self.assert_says_topic("drugs/alcohol")

    def test_answer_is_on_the_subject_of_the_message_before_that_of_the_talk(self) -> None:
        self.when(said("ask_signs", subjects=["alcohol"]), subject="heroin")
        self.assert_says_topic("drugs/alcohol")

    def test_answer_without_a_subject_is_the_general_one(self) -> None:
        self.when(said("ask_signs"))
        self.assert_says_topic("signs/general")
        self.assert_remembers(last_topic="signs/general", last_intent="ask_signs")

    def test_answer_to_two_subjects_offers_the_second(self) -> None:
        self.when(said("ask_what_is", subjects=["alcohol", "heroin"]))
        self.assert_says_topic("drugs/alcohol")
        self.assert_offers(TELL_MORE, choice("drugs/heroin"))

    def test_answer_is_for_the_person_whom_the_message_names(self) -> None:
        self.when(said("ask_how_to_talk", relationships=["mother"]), relationship="friend")
        self.assert_says_topic("family/talk_to_mother")

    def test_answer_is_for_the_person_named_before(self) -> None:
        self.when(said("ask_how_to_talk"), relationship="mother")
        self.assert_says_topic("family/talk_to_mother")

    def test_answer_is_for_the_first_of_two_people_named_before(self) -> None:
        self.when(said("ask_how_to_talk"), relationship=["mother", "friend"])
        self.assert_says_topic("family/talk_to_mother")

    def test_answer_copes_with_an_empty_list_of_people(self) -> None:
        self.when(said("ask_how_to_talk"), relationship=[])
        self.assert_says_topic("family/talk")

    def test_answer_refuses_what_it_must(self) -> None:
        self.when(said("ask_dose", subjects=["heroin"]))
        self.assert_says_topic("refusals/dose")
        assert self.messages[0]["metadata"]["kind"] == "refusal"

    def test_answer_says_so_when_no_topic_answers(self) -> None:
        self.when(said("ask_nothing", subjects=["heroin"]))
        self.assert_says(self.words.fallback, "fallback")
        self.assert_offers_places_to_start()
        self.assert_remembers()

    def test_answer_says_so_when_there_is_no_intent(self) -> None:
        self.when(said(None))
        self.assert_says(self.words.fallback, "fallback")
