"""Writes the figures as Markdown. No sentence of the evaluation files comes here; training examples may be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handrail.answers import SURE_TOGETHER
from handrail.tools.evaluation.bars import Bar, ToLookAt
from handrail.tools.evaluation.comparison import Side
from handrail.tools.evaluation.cross_validation import FOLDS
from handrail.tools.evaluation.default_pipeline import Learned
from handrail.tools.evaluation.inputs import ASKED, HARMFUL, SLANG
from handrail.tools.evaluation.measures import Share, Spread
from handrail.tools.evaluation.neighbours import Confusion
from handrail.tools.evaluation.resources import Memory
from handrail.tools.evaluation.tables import bars_table, table
from handrail.tools.evaluation.thresholds import Point

KINDS = ("answer", "refusal", "dialogue", "clarify", "check", "emergency", "fallback")
PICTURES = {
    "thresholds": "thresholds.png",
    "gate": "gate.png",
    "out_of_scope": "out_of_scope.png",
    "precision": "precision.png",
    "areas": "areas.png",
}


@dataclass(frozen=True)
class Validation:
    """The figures of the cross-validation, each as mean and spread over the folds."""

    accuracy: Spread
    top: Spread
    macro_f1: Spread


@dataclass(frozen=True)
class IntentResult:
    """How often the sentences of one intent were understood, and what they were taken for instead."""

    intent: str
    right: Share
    mistaken: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class HeldOut:
    """The figures on `tests/cases/`: the classifier alone, and the intents with the lowest share.

    `topic` is how many of the sentences whose topic is named the bot answers with it.
    """

    right: Share
    top: Share
    topic: Share
    worst: Sequence[IntentResult]


@dataclass(frozen=True)
class Curves:
    """What moving the thresholds does.

    Attributes:
        threshold: over the threshold of `FallbackClassifier`.
        gate: over the bound of `FieldGate`.
        out_of_scope: over the probability of `out_of_scope`, without the gate.
        chosen: with the project's own settings.
        bound: the project's own bound.
        agreement: how often the calculation and the real bot gave the same kind of reply and the same topic.
    """

    threshold: Sequence[Point]
    gate: Sequence[Point]
    out_of_scope: Sequence[Point]
    chosen: Point
    bound: float
    agreement: Share


@dataclass(frozen=True)
class Latency:
    """Milliseconds of a message: median and 95th percentile."""

    median: float
    high: float
    messages: int


@dataclass(frozen=True)
class Figures:
    """All that was measured.

    Attributes:
        files: rows of each evaluation file that was there.
        kinds: how often each kind of reply was given, for each file.
        sides: the classifiers side by side; empty after `--quick`.
        default_pipeline: how Rasa's default pipeline was trained, in words.
        learned: its learning curve.
        curves: None without questions.
        confused_cases: confusions on the held-out sentences.
        confused_examples: confusions of the cross-validation.
        understanding: the part of a turn that finds out what is meant.
        turn: a whole turn; None when nothing was asked.
    """

    circumstances: Mapping[str, str]
    examples: int
    intents: int
    topics: int
    cases: int
    files: Mapping[str, int]
    bars: Sequence[Bar]
    kinds: Mapping[str, Mapping[str, int]]
    look_at: Sequence[ToLookAt]
    validation: Validation
    held_out: HeldOut
    sides: Sequence[Side]
    default_pipeline: str
    learned: Sequence[Learned]
    curves: Curves | None
    confused_cases: Sequence[Confusion]
    confused_examples: Sequence[Confusion]
    understanding: Latency
    turn: Latency | None
    memory: Memory
    seconds: float


def markdown(figures: Figures, pictures: str = "") -> str:
    """Return the report.

    Args:
        figures: what was measured.
        pictures: the folder of the pictures as the report has to link it, with a slash at its end.
    """
    sections = (
        _measured(figures),
        _bars(figures),
        _validation(figures),
        _held_out(figures),
        _sides(figures),
        _curves(figures, pictures),
        _areas(figures, pictures),
        _confusions(figures),
        _resources(figures),
    )
    return "\n".join(line for section in sections for line in section) + "\n"


def _measured(figures: Figures) -> Iterator[str]:
    yield "# How well the bot understands"
    yield ""
    yield "Written by `make evaluate`; do not edit it."
    yield ""
    yield "## 1. What was measured"
    yield ""
    yield from (f"- {name}: {value}" for name, value in figures.circumstances.items())
    yield f"- Trained on {figures.examples} examples of {figures.intents} intents; {figures.topics} topics answer"
    yield f"- Held-out sentences of the project, `tests/cases/`: {figures.cases}"
    missing = [name for name in (*(f"{name}.jsonl" for name in ASKED), SLANG) if name not in figures.files]
    there = ", ".join(f"`{name}` ({rows})" for name, rows in figures.files.items()) or "none"
    yield f"- Evaluation files, which are not part of the project and are not quoted here: {there}"
    if missing:
        yield f"- Not measured, since the files are not there: {', '.join(f'`{name}`' for name in missing)}"
    yield f"- This run took {figures.seconds / 60:.0f} minutes"
    yield ""


def _bars(figures: Figures) -> Iterator[str]:
    yield "## 2. The bars"
    yield ""
    yield "Each message was put to the real bot through the desk of the web page, in a chat of its own. The interval is"
    yield "Wilson's, 95 %. A question is answered right when the topic's areas meet the question's. The choices are the"
    yield "topics offered as buttons, as `make ask` lists them: those of a clarifying question, those below an answer,"
    yield "and the starting points of a fallback. The areas of one of them have to meet the question's."
    yield ""
    yield from bars_table(figures.bars)
    if figures.kinds:
        yield "Kinds of reply:"
        yield ""
        yield from table(
            ("File", *KINDS),
            ((f"{name}.jsonl", *(str(own.get(kind, 0)) for kind in KINDS)) for name, own in figures.kinds.items()),
        )
    if HARMFUL in figures.kinds:
        yield f"Harmful requests whose reply is to be looked at: {len(figures.look_at) or 'none'}."
        yield ""
        if figures.look_at:
            yield from table(
                ("Line of the file", "Category", "Reply", "Topic"),
                ((str(one.line), one.category, one.kind, one.topic or "–") for one in figures.look_at),
            )


def _validation(figures: Figures) -> Iterator[str]:
    yield "## 3. Cross-validation"
    yield ""
    yield f"The training examples in {FOLDS} folds, each intent dealt out evenly, with the pipeline's own classifier on"
    yield "the same vectors and words. The spread is the standard deviation over the folds."
    yield ""
    rows = (
        ("right intent", figures.validation.accuracy),
        ("right intent among the likeliest three", figures.validation.top),
        ("macro F1", figures.validation.macro_f1),
    )
    yield from table(
        ("Figure", "Mean", "Spread"), ((name, f"{one.mean:.1%}", f"{one.deviation:.1%}") for name, one in rows)
    )


def _held_out(figures: Figures) -> Iterator[str]:
    yield "## 4. Held-out sentences"
    yield ""
    yield "`tests/cases/`, by writers who did not see the training examples; the classifier alone, before thresholds"
    yield "and emergency patterns."
    yield ""
    own = figures.held_out
    shares = [("right intent", own.right), ("right intent among the likeliest three", own.top)]
    if own.topic.total:
        shares.append(("answered with the right topic, by the whole bot, where a case names it", own.topic))
    yield from table(
        ("Figure", "Share", "95 % interval"), ((name, str(one), one.interval_as_text()) for name, one in shares)
    )
    yield f"The {len(own.worst)} intents with the lowest share:"
    yield ""
    yield from table(
        ("Intent", "Right", "Taken for"),
        (
            (f"`{one.intent}`", str(one.right), ", ".join(f"`{name}` {count}" for name, count in one.mistaken))
            for one in own.worst
        ),
    )


def _sides(figures: Figures) -> Iterator[str]:
    yield "## 5. Beside Rasa's default pipeline"
    yield ""
    if not figures.sides:
        yield "Left out of this run (`--quick`): it was not trained on these examples yet."
        yield ""
        return
    yield "Both are trained on the same `data/nlu/`, with the same topics and the same finds of the lexicon behind"
    yield "them; each with its own thresholds, and without the emergency part. The time of a message is that of the"
    yield "whole pipeline; the bot's own includes spaCy, the lexicon and the emergency patterns."
    yield figures.default_pipeline
    yield ""
    yield from table(
        ("Figure", *(side.name for side in figures.sides)),
        (
            ("held-out sentences, right intent", *(_with_interval(side.held_out) for side in figures.sides)),
            ("the same, among the likeliest three", *(_with_interval(side.top) for side in figures.sides)),
            ("questions answered on the right area", *(_with_interval(side.right) for side in figures.sides)),
            ("the same, or among the choices", *(_with_interval(side.offered) for side in figures.sides)),
            ("the same, clarifying questions alone", *(_with_interval(side.asked) for side in figures.sides)),
            ("training from nothing", *(f"{side.training_seconds:.0f} s" for side in figures.sides)),
            ("a message, median", *(f"{side.median * 1000:.1f} ms" for side in figures.sides)),
            ("a message, 95th percentile", *(f"{side.high * 1000:.1f} ms" for side in figures.sides)),
        ),
    )
    if figures.learned:
        yield "Its learning curve:"
        yield ""
        rows = ((str(one.epochs), _with_interval(one.right)) for one in figures.learned)
        yield from table(("Epochs", "Held-out sentences, right intent"), rows)


def _curves(figures: Figures, pictures: str) -> Iterator[str]:
    yield "## 6. Thresholds"
    yield ""
    if figures.curves is None:
        yield "Not measured: `questions.jsonl` is not there."
        yield ""
        return
    curves = figures.curves
    yield "Calculated from what the model made of each message, with the rules and topics as they are. With the"
    yield "project's settings the calculation and the real bot gave the same kind of reply and the same topic for"
    yield f"{curves.agreement} in-scope questions."
    yield ""
    yield f"![Shares over the threshold of FallbackClassifier]({pictures}{PICTURES['thresholds']})"
    yield ""
    yield f"![Shares over the bound of FieldGate]({pictures}{PICTURES['gate']})"
    yield ""
    yield f"![Shares over the probability of out_of_scope]({pictures}{PICTURES['out_of_scope']})"
    yield ""
    yield f"From {SURE_TOGETHER} on the threshold changes nothing: kinds of question that lead to one topic and are"
    yield "together that likely are answered all the same (`SURE_TOGETHER` in `handrail/answers.py`)."
    yield ""
    yield f"![Share right of the answered, against the share answered]({pictures}{PICTURES['precision']})"
    yield ""
    columns = (
        "In scope: answered",
        "answered right",
        "right, or among the choices",
        "right of the answered",
        "Out of scope: answered",
    )
    yield from table(("Threshold", *columns), map(_point, _thinned(curves.threshold, curves.chosen)))
    yield f"The bound of `FieldGate`, which is {curves.bound:g} now: the higher, the fewer are turned away."
    yield ""
    yield from table(("Bound", *columns), map(_point, curves.gate[::2]))
    yield "Without the gate, by the probability of `out_of_scope` alone:"
    yield ""
    yield from table(("`out_of_scope` from", *columns), map(_point, curves.out_of_scope[1::2]))


def _areas(figures: Figures, pictures: str) -> Iterator[str]:
    yield "## 7. Areas"
    yield ""
    if figures.curves is None:
        yield "Not measured: `questions.jsonl` is not there."
    else:
        yield "Questions by their right area (down) and by the area of the answer (across); the last columns are"
        yield "replies that are about no area. An answer on another area that is right too counts as the right one."
        yield ""
        yield f"![Right area against area of the answer]({pictures}{PICTURES['areas']})"
    yield ""


def _confusions(figures: Figures) -> Iterator[str]:
    yield "## 8. Intents that are taken for one another"
    yield ""
    yield "With the sentences that lie nearest to an example of the wrong intent (cosine of the vectors): such an"
    yield "example is in the wrong file, or the line between the two intents is not clear."
    yield ""
    for title, confused in (
        ("On the held-out sentences", figures.confused_cases),
        ("In the cross-validation", figures.confused_examples),
    ):
        yield f"### {title}"
        yield ""
        yield from table(
            ("Right", "Taken for", "Times", "Sentence", "Nearest example of the wrong intent", "Cosine"),
            (row for one in confused for row in _confusion_rows(one)),
        )


def _confusion_rows(one: Confusion) -> Iterator[Sequence[str]]:
    head: Sequence[str] = (f"`{one.right}`", f"`{one.given}`", str(one.count))
    for neighbour in one.neighbours:
        yield (*head, neighbour.sentence, neighbour.example, f"{neighbour.cosine:.2f}")
        head = ("", "", "")


def _resources(figures: Figures) -> Iterator[str]:
    yield "## 9. Time and memory"
    yield ""
    rows = [("finding out what is meant (Rasa's pipeline)", figures.understanding)]
    if figures.turn:
        rows.append(("a whole turn through the desk, actions included", figures.turn))
    yield from table(
        ("Part of a turn", "Messages", "Median", "95th percentile"),
        ((name, str(one.messages), f"{one.median:.1f} ms", f"{one.high:.1f} ms") for name, one in rows),
    )
    yield f"Resident memory after the last message: {figures.memory.own:.0f} MiB for Rasa with model and desk,"
    yield f"{figures.memory.children:.0f} MiB for the action server."
    yield ""


def _point(one: Point) -> Sequence[str]:
    shares = (one.answered, one.right, one.right_or_offered, one.precision, one.stray)
    return (f"{one.at:.2f}", *(f"{share:.1%}" for share in shares))


def _thinned(points: Sequence[Point], chosen: Point) -> list[Point]:
    """Return every second point and the chosen one, in order."""
    return sorted({point.at: point for point in [*points[::2], chosen]}.values(), key=lambda point: point.at)


def _with_interval(share: Share | None) -> str:
    return "not measured" if share is None else f"{share}; {share.interval_as_text()}"
