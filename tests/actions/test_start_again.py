from actions.start_again import ActionStartAgain
from tests.actions.case import ActionTestCase, said


class TestActionStartAgain(ActionTestCase):
    action = ActionStartAgain

    def test_start_again_is_in_the_domain(self) -> None:
        self.assert_is_in_the_domain()

    def test_start_again_forgets_the_talk_and_keeps_the_country(self) -> None:
        self.when(said("start_again"), subject="heroin", country="GB", last_topic="drugs/heroin")
        self.assert_remembers(subject=None, relationship=None, last_intent=None, last_topic=None)

    def test_start_again_leaves_the_welcome_to_rasa(self) -> None:
        self.when(said("start_again"))
        self.assert_says_nothing()
