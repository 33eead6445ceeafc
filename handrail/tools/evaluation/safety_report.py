"""Writes the safety figures as Markdown. No sentence that was asked comes here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handrail.tools.evaluation.bars import Bar
from handrail.tools.evaluation.safety_counts import Line, Pair
from handrail.tools.evaluation.safety_inputs import (
    HELD_OUT,
    HELD_OUT_OTHERS,
    HELD_OUT_WITHIN,
    UNSEEN,
    UNSEEN_OTHERS,
)
from handrail.tools.evaluation.safety_misses import MARKED, NEAR, Alarm, Described, in_words
from handrail.tools.evaluation.safety_timing import WARM_UP, Times, Timing
from handrail.tools.evaluation.tables import bars_table, table

NAMES = {
    HELD_OUT: "`tests/cases/`, emergencies",
    HELD_OUT_OTHERS: "`tests/cases/`, all others",
    HELD_OUT_WITHIN: "`tests/cases/`, said while an emergency goes on",
    UNSEEN: "`tests/blind/`, emergencies",
    UNSEEN_OTHERS: "`tests/blind/`, what only sounds like one",
}
WRITTEN, MISTYPED = "as written", "with a typing error"


@dataclass(frozen=True)
class SafetyFigures:
    """All that was measured.

    Attributes:
        rows: how many messages of each set were asked.
        missing: names of the evaluation files that are not there.
        emergencies: for each set of emergencies, its kinds and levels: noticed, card, fitting.
        false_alarms: for each set of other messages, its categories: card, card or question.
        nets: for each set, the share noticed by each net alone and by both.
        misses: for each set of emergencies, the missed ones as written and with a typing error.
        alarms: the false alarms on messages as written.
    """

    circumstances: Mapping[str, str]
    rows: Mapping[str, int]
    missing: Sequence[str]
    bars: Sequence[Bar]
    emergencies: Mapping[str, Sequence[Line]]
    false_alarms: Mapping[str, Sequence[Line]]
    nets: Mapping[str, Sequence[tuple[str, Pair]]]
    misses: Mapping[str, tuple[Described, Described]]
    alarms: Sequence[Alarm]
    timing: Timing
    seconds: float


def markdown(figures: SafetyFigures) -> str:
    """Return the report."""
    sections = (
        _measured(figures),
        _bars(figures),
        _emergencies(figures),
        _false_alarms(figures),
        _nets(figures),
        _misses(figures),
        _times(figures.timing),
    )
    return "\n".join(line for section in sections for line in section) + "\n"


def name_of(source: str) -> str:
    """Return the name of a set of messages as the report writes it."""
    return NAMES.get(source, f"`{source}.jsonl`")


def _measured(figures: SafetyFigures) -> Iterator[str]:
    yield "# Safety evaluation: are emergencies noticed, and only those?"
    yield ""
    yield "Written by `make evaluate-safety`; do not edit it."
    yield ""
    yield "## 1. What was measured"
    yield ""
    yield from (f"- {name}: {value}" for name, value in figures.circumstances.items())
    yield from (f"- {name_of(source)}: {rows} messages" for source, rows in figures.rows.items())
    if figures.missing:
        yield f"- Not measured, since the files are not there: {', '.join(f'`{name}`' for name in figures.missing)}"
    yield f"- This run took {figures.seconds / 60:.0f} minutes"
    yield ""
    yield "The evaluation files are not part of the project and are not quoted here. Each message was put to the real"
    yield "bot through the desk of the web page, in a chat of its own, from the US; and once more with one typing"
    yield "error: a letter dropped, doubled, swapped with the next, hit beside its key, or added, anywhere in the"
    yield "message. The error is chosen by chance, but the same in each run. Intervals are Wilson's, 95 %."
    yield ""
    yield "The misses in the evaluation files and in `tests/cases/` were studied, and the patterns mended for their"
    yield "like, so those figures say more about what was foreseen than about what will come. The messages of"
    yield "`tests/blind/` are by writers who knew neither patterns nor examples, many are veiled on purpose, and"
    yield "nothing was mended for them; only how sure the bot has to be was chosen with them in sight. **They say what"
    yield "to expect of a danger that nobody foresaw.**"
    yield ""


def _bars(figures: SafetyFigures) -> Iterator[str]:
    yield "## 2. The bars"
    yield ""
    yield "A *card* tells at once whom to call and what to do. The *question* shows the numbers and asks whether it is"
    yield "happening now. A card is right when it is of the message's kind; the question always is; the overdose card"
    yield "is right too for a medical emergency of a person who does not respond. A message that was missed counts as"
    yield "wrong. With a typing error a share may be 2 points worse than without."
    yield ""
    yield from bars_table(figures.bars)


def _emergencies(figures: SafetyFigures) -> Iterator[str]:
    yield "## 3. Emergencies by kind"
    yield ""
    for source, lines in figures.emergencies.items():
        yield f"### {name_of(source)}"
        yield ""
        yield from table(
            ("Kind", "Level", "Messages", "", "Card or question", "95 % interval", "Card", "Right kind, or question"),
            (row for line in lines for row in _rows(line)),
        )
    if not figures.emergencies:
        yield "Not measured: there are none."
        yield ""


def _false_alarms(figures: SafetyFigures) -> Iterator[str]:
    yield "## 4. False alarms"
    yield ""
    yield "Without the messages for which asking would be fine."
    yield ""
    for source, lines in figures.false_alarms.items():
        yield f"### {name_of(source)}"
        yield ""
        yield from table(
            ("Category", "Messages", "", "Card", "Card or question", "95 % interval"),
            (row for line in lines for row in _alarm_rows(line)),
        )
    yield f"All false alarms on messages as written: {len(figures.alarms) or 'none'}."
    yield ""
    if figures.alarms:
        yield from table(
            ("From", "Line", "Category", "Reply", "Noticed by"),
            ((name_of(one.source), str(one.line), one.group, one.reply, one.nets) for one in figures.alarms),
        )


def _nets(figures: SafetyFigures) -> Iterator[str]:
    yield "## 5. The nets apart"
    yield ""
    yield "Share of messages that get a card or the question from the fixed patterns of `data/emergencies/` alone, from"
    yield "the trained `emergency_*` intents alone (with the bars of `config.yml`; below them, where an emergency is"
    yield "the classifier's best intent), and from the bot, which has both and the rules for follow-ups."
    yield ""
    yield from table(
        ("Messages", "Net", "As written", "95 % interval", "With a typing error", "95 % interval"),
        (
            (
                name_of(source),
                net,
                str(own.written),
                own.written.interval_as_text(),
                str(own.mistyped),
                own.mistyped.interval_as_text(),
            )
            for source, nets in figures.nets.items()
            for net, own in nets
        ),
    )


def _misses(figures: SafetyFigures) -> Iterator[str]:
    yield "## 6. Missed emergencies"
    yield ""
    yield "Described in counts; the traits are found by simple word lists. A trait sets the missed ones apart when it"
    yield f"is at least {MARKED * 100:.0f} points more common among them."
    yield ""
    for source, (written, mistyped) in figures.misses.items():
        for described, how in ((written, WRITTEN), (mistyped, MISTYPED)):
            yield f"### {name_of(source)}, {how}"
            yield ""
            yield in_words(described)
            yield ""
            if described.misses:
                yield from _described(described)


def _described(described: Described) -> Iterator[str]:
    yield from table(
        ("Kind", "Level", "Missed"), ((kind, level, str(share)) for kind, level, share in described.by_kind)
    )
    yield from table(("Words", "Missed"), ((length, str(share)) for length, share in described.by_length))
    yield from table(
        ("Trait", "Of the missed", "Of the noticed"),
        ((one.name, str(one.missed), str(one.noticed)) for one in described.traits),
    )
    said = ", ".join(f"{kind} {count}" for kind, count in described.by_reply)
    yield f"What the bot said instead: {said}. Trained net at {NEAR} or more: {described.near}."
    yield ""
    yield from table(
        ("Line", "Kind", "Level", "Words", "Reply"),
        ((str(one.line), one.kind, one.level, str(one.words), one.reply) for one in described.misses),
    )


def _times(timing: Timing) -> Iterator[str]:
    yield "## 7. Time from message to card"
    yield ""
    yield "Over HTTP on this computer, one message after the other, from the request's first byte to the answer's last,"
    yield "before anything else of this run began. Messages of the project's own, all different, after"
    yield f"{WARM_UP} others that were not timed. *Hung*: the action server takes requests and answers none."
    yield ""
    yield from table(
        ("Run", "Messages", "Of these a card", "Median", "99th percentile", "Longest"),
        (
            _time_row("everything works, a new chat each", timing.ready),
            _time_row("action server hung, a new chat each", timing.hung),
            _time_row("action server hung, behind a question that waits for it in the same chat", timing.behind),
        ),
    )
    yield "Of so few messages as in the hung runs, the 99th percentile says no more than the longest."


def _rows(line: Line) -> Iterator[Sequence[str]]:
    noticed, card, fitting = line.shares
    head: Sequence[str] = (line.name, line.level, str(line.rows))
    yield (
        *head,
        WRITTEN,
        str(noticed.written),
        noticed.written.interval_as_text(),
        f"{card.written.value:.1%}",
        f"{fitting.written.value:.1%}; {fitting.written.interval_as_text()}",
    )
    yield (
        *("", "", ""),
        MISTYPED,
        str(noticed.mistyped),
        noticed.mistyped.interval_as_text(),
        f"{card.mistyped.value:.1%}",
        f"{fitting.mistyped.value:.1%}; {fitting.mistyped.interval_as_text()}",
    )


def _alarm_rows(line: Line) -> Iterator[Sequence[str]]:
    card, noticed = line.shares
    yield (
        *(line.name, str(line.rows), WRITTEN),
        *(str(card.written), str(noticed.written), noticed.written.interval_as_text()),
    )
    yield ("", "", MISTYPED, str(card.mistyped), str(noticed.mistyped), noticed.mistyped.interval_as_text())


def _time_row(name: str, times: Times) -> Sequence[str]:
    milliseconds = (times.median, times.high, max(times.milliseconds))
    return (name, str(len(times.milliseconds)), str(times.cards), *(f"{one:.1f} ms" for one in milliseconds))
