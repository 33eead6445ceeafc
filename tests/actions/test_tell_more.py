import pytest

from actions.tell_more import ActionTellMore
from tests.actions.case import ActionTestCase, choice, said


class TestActionTellMore(ActionTestCase):
    action = ActionTellMore

    def test_tell_more_is_in_the_domain(self) -> None:
        self.assert_is_in_the_domain()

    def test_tell_more_says_the_depth_of_the_last_topic(self) -> None:
        self.when(said("tell_more"), last_topic="drugs/heroin")
        self.assert_says_topic("drugs/heroin")
        assert self.messages[0]["text"].startswith("There is more to tell.")
        self.assert_offers(choice("drugs/opioids"), choice("family/talk"))

    def test_tell_more_stays_on_the_topic(self) -> None:
        self.when(said("tell_more"), last_topic="drugs/heroin")
        self.assert_remembers()

    def test_tell_more_says_so_when_there_is_no_more(self) -> None:
        self.when(said("tell_more"), last_topic="refusals/dose")
        assert self.messages[0]["text"] == self.words.no_more

    @pytest.mark.parametrize("last_topic", [None, "drugs/unknown"])
    def test_tell_more_on_nothing_offers_places_to_start(self, last_topic: str | None) -> None:
        self.when(said("tell_more"), last_topic=last_topic)
        self.assert_says(self.words.nothing_to_add_to, "dialogue")
        self.assert_offers_places_to_start()
