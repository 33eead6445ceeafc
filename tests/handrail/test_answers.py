"""A classified question becomes the right topic, its words, its choices and its sources."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handrail.answers import (
    CHOICES_OFFERED,
    IN_THE_FIELD,
    NONE_OF_THESE,
    SHOW_TOPIC,
    SURE_TOGETHER,
    TELL_MORE,
    TOPICS_OFFERED,
    WORTH_OFFERING,
    Answerer,
    Reply,
)
from handrail.channels.guard import is_payload
from handrail.content.topics import Area
from tests.handrail.small_content import small_answerer


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    return small_answerer(tmp_path_factory.mktemp("content"))


def topic_of(reply: Reply) -> str | None:
    return reply.topic.id if reply.topic else None


def offered(reply: Reply) -> list[str]:
    return [topic.id for topic in reply.offered]


# -- Answers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        (("ask_what_is", ["heroin"], None, None), "drugs/heroin"),
        (("ask_signs", ["heroin"], None, None), "drugs/opioids"),
        (("ask_signs", [], None, None), "signs/general"),
        (("ask_signs", ["ketamine"], None, None), "signs/general"),
        (("ask_signs", [], "heroin", None), "drugs/opioids"),
        (("ask_signs", ["alcohol"], "heroin", None), "drugs/alcohol"),
        (("ask_signs", [], "ketamine", None), "signs/general"),
        (("ask_how_to_talk", [], None, "mother"), "family/talk_to_mother"),
        (("ask_how_to_talk", ["heroin"], None, "mother"), "family/talk_to_mother"),
        (("ask_how_to_talk", [], None, "friend"), "family/talk"),
        (("ask_signs", ["ketamine", "alcohol"], None, None), "drugs/alcohol"),
        (("ask_nothing", ["heroin"], None, None), None),
        (("", [], None, None), None),
    ],
)
def test_answers_are_on_the_most_specific_topic(answerer: Answerer, asked: tuple[Any, ...], topic: str | None) -> None:
    assert topic_of(answerer.answer(*asked)) == topic


def test_answers_have_the_point_the_steps_and_the_source_in_this_order(answerer: Answerer) -> None:
    reply = answerer.answer("ask_what_is", ["heroin"])
    point, steps, source = reply.text.split("\n\n")
    assert point == "The point of heroin."
    assert steps.split("\n") == [answerer.words.steps_title, "- First step.", "- Second step."]
    assert "World Health Organization" in source
    assert "https://www.who.int/overdose" in source
    assert "October 21, 2026" in source
    assert "NHS" not in source


def test_answers_offer_more_first_and_then_what_goes_with_it(answerer: Answerer) -> None:
    reply = answerer.answer("ask_what_is", ["heroin"])
    assert reply.kind == "answer"
    assert [choice.payload for choice in reply.choices] == [
        f"/{TELL_MORE}",
        f'/{SHOW_TOPIC}{{"topic": "drugs/opioids"}}',
        f'/{SHOW_TOPIC}{{"topic": "family/talk"}}',
    ]
    assert offered(reply) == ["drugs/opioids", "family/talk"]


def test_answers_to_two_subjects_offer_the_second(answerer: Answerer) -> None:
    reply = answerer.answer("ask_what_is", ["heroin", "alcohol"])
    assert topic_of(reply) == "drugs/heroin"
    assert offered(reply)[0] == "drugs/alcohol"


def test_answers_never_offer_a_topic_twice_or_the_one_that_they_show(answerer: Answerer) -> None:
    reply = answerer.answer("ask_what_is", ["heroin", "opioids", "heroin"])
    assert offered(reply) == ["drugs/opioids", "family/talk"]


def test_answers_of_a_refusal_need_no_source_and_no_more(answerer: Answerer) -> None:
    reply = answerer.answer("ask_dose", ["heroin"])
    assert reply.kind == "refusal"
    assert reply.sources == ()
    assert f"/{TELL_MORE}" not in [choice.payload for choice in reply.choices]
    assert "Source" not in reply.text


def test_answers_without_a_topic_are_the_fallback(answerer: Answerer) -> None:
    reply = answerer.answer("ask_nothing", [])
    assert (reply.kind, reply.text, topic_of(reply)) == ("fallback", answerer.words.fallback, None)
    assert offered(reply) == answerer.words.starting_points


# -- More ------------------------------------------------------------------------------------------------------


def test_answers_more_tells_the_depth_and_every_source(answerer: Answerer) -> None:
    reply = answerer.more("drugs/heroin")
    assert reply.text.startswith("There is more to tell.")
    assert "NHS" in reply.text
    assert "World Health Organization" in reply.text
    assert offered(reply) == ["drugs/opioids", "family/talk"]
    assert f"/{TELL_MORE}" not in [choice.payload for choice in reply.choices]


def test_answers_more_says_so_when_there_is_none(answerer: Answerer) -> None:
    assert answerer.more("refusals/dose").text == answerer.words.no_more


@pytest.mark.parametrize("topic", [None, "", "drugs/unknown"])
def test_answers_more_on_nothing_offers_places_to_start(answerer: Answerer, topic: str | None) -> None:
    reply = answerer.more(topic)
    assert reply.text == answerer.words.nothing_to_add_to
    assert offered(reply) == answerer.words.starting_points


# -- Clarifying ------------------------------------------------------------------------------------------------

SURE_OF_THE_FIELD = IN_THE_FIELD + 0.01


def test_answers_clarify_offers_the_likeliest_and_a_way_out(answerer: Answerer) -> None:
    ranking = [("ask_signs", SURE_OF_THE_FIELD), ("greet", 0.3), ("ask_how_to_talk", WORTH_OFFERING)]
    reply = answerer.clarify(ranking, [])
    assert (reply.kind, reply.text) == ("clarify", answerer.words.clarify)
    assert offered(reply) == ["signs/general", "family/talk"]
    assert reply.choices[-1].payload == f"/{NONE_OF_THESE}"
    assert len(reply.choices) == 3


def test_answers_clarify_offers_no_more_than_people_can_read(answerer: Answerer) -> None:
    ranking = [("ask_signs", 0.19), ("ask_how_to_talk", 0.18), ("ask_dose", 0.17), ("ask_what_is", 0.16)]
    assert len(offered(answerer.clarify(ranking, []))) == CHOICES_OFFERED


def test_answers_clarify_leaves_out_what_is_unlikely(answerer: Answerer) -> None:
    ranking = [("ask_signs", SURE_OF_THE_FIELD), ("ask_how_to_talk", WORTH_OFFERING / 2)]
    assert offered(answerer.clarify(ranking, [])) == ["signs/general"]


def test_answers_clarify_answers_when_there_is_one_thing_to_say_about_what_was_named(answerer: Answerer) -> None:
    ranking = [("ask_what_is", SURE_OF_THE_FIELD), ("ask_signs", WORTH_OFFERING)]
    reply = answerer.clarify(ranking, ["opioids"])
    assert reply.topic is not None
    assert reply.topic.id == "drugs/opioids"


def test_answers_clarify_answers_when_the_doubt_is_within_one_topic(answerer: Answerer) -> None:
    reply = answerer.clarify([("ask_what_is", SURE_TOGETHER / 2), ("ask_signs", SURE_TOGETHER / 2)], ["opioids"])
    assert reply.topic is not None
    assert reply.topic.id == "drugs/opioids"


def test_answers_clarify_is_on_the_subject_and_the_person(answerer: Answerer) -> None:
    ranking = [("ask_signs", SURE_OF_THE_FIELD), ("ask_how_to_talk", 0.1)]
    reply = answerer.clarify(ranking, [], remembered="alcohol", relationship="mother")
    assert offered(reply) == ["drugs/alcohol", "family/talk_to_mother"]


@pytest.mark.parametrize(
    "ranking",
    [
        [],
        [("out_of_scope", 0.9), ("ask_signs", IN_THE_FIELD / 2)],
        [("greet", 0.5), ("thank", 0.4)],
        [("ask_nothing", 0.9)],
        [("", 0.9)],
    ],
)
def test_answers_clarify_says_so_outside_of_the_field(answerer: Answerer, ranking: list[tuple[str, float]]) -> None:
    reply = answerer.clarify(ranking, [])
    assert (reply.kind, reply.text) == ("fallback", answerer.words.fallback)


def test_answers_clarify_with_a_subject_is_never_outside_of_the_field(answerer: Answerer) -> None:
    reply = answerer.clarify([("out_of_scope", 0.9)], ["heroin"])
    assert reply.kind == "clarify"
    assert offered(reply) == ["drugs/heroin"]


def test_answers_in_doubt_ask_and_never_answer(answerer: Answerer) -> None:
    reply = answerer.ask_if_of_the_field([("nlu_fallback", 1.0), ("ask_signs", 0.9), ("ask_how_to_talk", 0.05)])
    assert (reply.kind, reply.text, reply.topic) == ("clarify", answerer.words.in_doubt, None)
    assert offered(reply)[:2] == ["signs/general", "family/talk"]
    assert len(offered(reply)) <= CHOICES_OFFERED
    assert reply.choices[-1].payload == f"/{NONE_OF_THESE}"


@pytest.mark.parametrize("ranking", [[], [("out_of_scope", 0.9)], [("greet", 0.5)], [("ask_nothing", 0.9)]])
def test_answers_in_doubt_without_a_topic_are_the_fallback(
    answerer: Answerer, ranking: list[tuple[str, float]]
) -> None:
    assert answerer.ask_if_of_the_field(ranking).kind == "fallback"


def test_answers_which_subject_asks_for_it(answerer: Answerer) -> None:
    reply = answerer.which_subject()
    assert (reply.kind, reply.text) == ("clarify", answerer.words.which_subject)


# -- Facts about a reply ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", ["ask_what_is", "ask_dose", "ask_nothing"])
def test_answers_metadata_is_plain_json(answerer: Answerer, intent: str) -> None:
    reply = answerer.answer(intent, ["heroin"])
    assert json.loads(json.dumps(reply.metadata)) == reply.metadata


def test_answers_metadata_says_what_the_reply_is(answerer: Answerer) -> None:
    metadata = answerer.answer("ask_what_is", ["heroin"]).metadata
    assert (metadata["kind"], metadata["topic"], metadata["areas"]) == ("answer", "drugs/heroin", ["signs"])
    assert metadata["choices"][0] == {"topic": "drugs/opioids", "areas": ["signs"]}
    assert [source["checked"] for source in metadata["sources"]] == ["2026-10-21", "2026-11-02"]


# -- The real content ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Answerer:
    return Answerer.load()


def test_answers_every_real_topic_renders_with_buttons_that_work(real: Answerer) -> None:
    for topic in real.catalogue.topics.values():
        for reply in (real.show(topic), real.more(topic.id)):
            assert reply.text.strip()
            assert "{" not in reply.text
            assert all(is_payload(choice.payload) and choice.title for choice in reply.choices), topic.id


def test_answers_every_real_question_gets_its_topic(real: Answerer) -> None:
    for topic in real.catalogue.topics.values():
        for question in topic.front.answers:
            subjects = [question.subject] if question.subject else []
            assert topic_of(real.answer(question.intent, subjects, None, question.relationship)) == topic.id


def test_answers_real_places_to_start_are_topics(real: Answerer) -> None:
    assert offered(real.fallback()) == real.words.starting_points


# -- What else may have been meant -----------------------------------------------------------------------------


def test_answers_offer_what_else_may_have_been_meant(answerer: Answerer) -> None:
    ranking = [("ask_signs", 0.6), ("ask_how_to_talk", 0.3), ("ask_dose", 0.001)]
    reply = answerer.answer("ask_signs", ["alcohol"], ranking=ranking)
    assert topic_of(reply) == "drugs/alcohol"
    assert "family/talk" in offered(reply)
    assert "refusals/dose" not in offered(reply)
    assert "The topic talk" not in reply.text


def test_answers_say_so_when_something_else_may_well_have_been_meant(answerer: Answerer) -> None:
    reply = answerer.answer("ask_signs", [], ranking=[("ask_signs", 0.35), ("ask_how_to_talk", 0.3)])
    assert topic_of(reply) == "signs/general"
    assert reply.text.endswith(answerer.words.not_sure.format(title="The topic talk"))
    assert reply.choices[0].title == "The topic talk"


def test_answers_take_the_topic_to_which_most_readings_lead(answerer: Answerer) -> None:
    ranking = [("ask_how_to_talk", 0.3), ("ask_what_is", 0.25), ("ask_signs", 0.25)]
    assert topic_of(answerer.answer("ask_how_to_talk", ["alcohol"], ranking=ranking)) == "drugs/alcohol"


def test_answers_keep_a_refusal_whatever_else_is_likely(answerer: Answerer) -> None:
    ranking = [("ask_dose", 0.3), ("ask_what_is", 0.25), ("ask_signs", 0.25)]
    assert topic_of(answerer.answer("ask_dose", ["alcohol"], ranking=ranking)) == "refusals/dose"


BUY, MAKE = "refusals/buying", "refusals/making"


@pytest.mark.parametrize(
    ("ranking", "topic"),
    [
        # One kind stands out.
        ([("ask_harmful_buy", 0.5), ("ask_harmful_make", 0.1), ("ask_signs", 0.2)], BUY),
        # None does: the general refusal, not one for the wrong reason.
        ([("ask_harmful_buy", 0.2), ("ask_harmful_make", 0.18), ("ask_harmful", 0.15)], "refusals/harmful"),
        # An ordinary question is the likeliest single kind, but all kinds of harm together are likelier.
        ([("ask_signs", 0.3), ("ask_harmful_make", 0.25), ("ask_harmful_buy", 0.1)], MAKE),
        ([("ask_signs", 0.4), ("ask_harmful_make", 0.2), ("ask_harmful_buy", 0.1)], "signs/general"),
        # Another refusal keeps its place.
        ([("ask_dose", 0.2), ("ask_harmful_make", 0.3), ("ask_harmful_buy", 0.1)], "refusals/dose"),
    ],
)
def test_answers_refuse_what_is_likely_to_be_harmful(
    real: Answerer, ranking: list[tuple[str, float]], topic: str
) -> None:
    assert topic_of(real.answer(ranking[0][0], [], ranking=ranking)) == topic


def test_answers_clarify_refuses_what_is_likely_to_be_harmful(real: Answerer) -> None:
    ranking = [("ask_signs", 0.15), ("ask_harmful_buy", 0.12), ("ask_harmful_make", 0.1)]
    assert topic_of(real.clarify(ranking, [])) == BUY


def test_answers_name_the_second_question_of_a_message(answerer: Answerer) -> None:
    reply = answerer.answer("ask_what_is", ["alcohol", "heroin"], also_asked=("ask_signs", ["heroin"]))
    assert topic_of(reply) == "drugs/alcohol"
    assert reply.text.endswith(answerer.words.also_asked.format(title="The topic opioids"))
    assert reply.choices[0].payload == f'/{SHOW_TOPIC}{{"topic": "drugs/opioids"}}'


def test_answers_take_the_subject_of_the_talk_for_the_second_question(answerer: Answerer) -> None:
    reply = answerer.answer("ask_how_to_talk", [], "alcohol", also_asked=("ask_signs", []))
    assert topic_of(reply) == "family/talk"
    assert offered(reply)[0] == "drugs/alcohol"


def test_answers_do_not_repeat_a_second_question_with_the_same_answer(answerer: Answerer) -> None:
    reply = answerer.answer("ask_what_is", ["alcohol"], also_asked=("ask_signs", ["alcohol"]))
    assert reply.text == answerer.answer("ask_what_is", ["alcohol"]).text


# -- Which choices ---------------------------------------------------------------------------------------------


def test_answers_never_show_more_buttons_than_are_read_at_a_glance(real: Answerer) -> None:
    ranking = [("ask_own_use", 0.3), *((f"ask_{kind}", 0.08) for kind in ("relapse", "cravings", "cost", "detox"))]
    for reply in (
        real.answer("ask_own_use", ["alcohol", "heroin"], ranking=ranking),
        real.clarify(ranking, ["alcohol"]),
        *map(real.show, real.catalogue.topics.values()),
    ):
        assert len(reply.offered) <= TOPICS_OFFERED
        assert len(reply.choices) <= TOPICS_OFFERED + 1


def test_answers_offer_another_area_before_more_of_the_same(real: Answerer) -> None:
    ranking = [("ask_own_use", 0.4), ("ask_quitting_self", 0.2), ("ask_relapse", 0.12), ("ask_signs", 0.05)]
    reply = real.answer("ask_own_use", [], ranking=ranking)
    order = offered(reply)
    assert order.index("recovery/relapse") < order.index("recovery/i_want_to_stop")


def test_answers_offer_what_is_likely_before_what_only_goes_with_the_answer(real: Answerer) -> None:
    reply = real.answer("ask_own_use", [], ranking=[("ask_own_use", 0.6), ("ask_cost", 0.1)])
    assert offered(reply)[0] == "treatment/cost"


def test_answers_offer_the_drug_that_was_named(real: Answerer) -> None:
    assert "substances/heroin" in offered(real.answer("ask_how_to_talk", ["heroin"]))


def test_answers_take_one_of_several_neighbours_rather_than_a_lone_rival(real: Answerer) -> None:
    ranking = [("ask_money", 0.24), ("ask_quitting_self", 0.22), ("ask_own_use", 0.2), ("ask_tell_someone", 0.2)]
    assert topic_of(real.answer("ask_money", [], ranking=ranking)) == "recovery/i_want_to_stop"


def test_answers_of_a_doubt_within_one_topic_offer_what_else_may_be_meant(real: Answerer) -> None:
    ranking = [("ask_own_use", 0.3), ("ask_cost", 0.1)]
    assert "treatment/cost" in offered(real.clarify(ranking, []))


def test_answers_in_doubt_refuse_what_is_likelier_harm(real: Answerer) -> None:
    ranking = [("nlu_fallback", 1.0), ("ask_signs", 0.2), ("ask_harmful_buy", 0.15), ("ask_harmful_make", 0.1)]
    assert real.ask_if_of_the_field(ranking).kind == "refusal"


def test_answers_about_a_drug_that_was_named_are_not_about_other_addictions(real: Answerer) -> None:
    ranking = [("ask_other_addictions", 0.5), ("ask_quitting_self", 0.3)]
    assert topic_of(real.answer("ask_other_addictions", [], ranking=ranking)) == "refusals/other_addictions"
    # The talk was about a drug before: what is asked now may be about something else.
    assert topic_of(real.answer("ask_other_addictions", [], "heroin", ranking=ranking)) == "refusals/other_addictions"
    reply = real.answer("ask_other_addictions", ["gabapentinoids"], ranking=ranking)
    assert reply.topic
    assert reply.topic.front.areas == [Area.QUITTING_SELF]
    assert topic_of(real.clarify(ranking, ["gabapentinoids"])) == topic_of(reply)
