import pytest

from actions.show_topic import ActionShowTopic
from tests.actions.case import TELL_MORE, ActionTestCase, choice, said


class TestActionShowTopic(ActionTestCase):
    action = ActionShowTopic

    def test_show_topic_is_in_the_domain(self) -> None:
        self.assert_is_in_the_domain()

    def test_show_topic_says_the_topic_that_was_chosen(self) -> None:
        self.when(said("show_topic", topic="drugs/heroin"))
        self.assert_says_topic("drugs/heroin")
        self.assert_offers(TELL_MORE, choice("drugs/opioids"), choice("family/talk"))

    def test_show_topic_remembers_what_the_topic_is_about(self) -> None:
        self.when(said("show_topic", topic="drugs/opioids"))
        self.assert_remembers(last_topic="drugs/opioids", last_intent="ask_what_is", subject="opioids")

    def test_show_topic_leaves_the_subject_when_the_topic_has_none(self) -> None:
        self.when(said("show_topic", topic="family/talk"), subject="heroin")
        self.assert_remembers(last_topic="family/talk", last_intent="ask_how_to_talk")

    @pytest.mark.parametrize("topic", [None, "drugs/unknown", "../../etc/passwd"])
    def test_show_topic_says_so_when_there_is_no_such_topic(self, topic: str | None) -> None:
        self.when(said("show_topic", topic=topic))
        self.assert_says(self.words.fallback, "fallback")
        self.assert_offers_places_to_start()
        self.assert_remembers()
