"""`make evaluate`: measures how well the bot understands and writes the report."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from handrail import paths
from handrail.answers import Answerer
from handrail.documents import DocumentError
from handrail.tools.evaluation import bars, comparison, pictures, slang, training
from handrail.tools.evaluation.areas import area_pairs
from handrail.tools.evaluation.bars import Asked, Bar
from handrail.tools.evaluation.comparison import Side
from handrail.tools.evaluation.configuration import settings_of
from handrail.tools.evaluation.cross_validation import (
    CLASSIFIER,
    CrossValidation,
    Examples,
    cross_validate,
    encode,
)
from handrail.tools.evaluation.default_pipeline import (
    ENOUGH,
    EPOCHS,
    RASAS_EPOCHS,
    Trained,
    default_pipeline,
    kept,
    last_doubling,
)
from handrail.tools.evaluation.desk import DeskRun, ask_all
from handrail.tools.evaluation.inputs import (
    DATA,
    HARMFUL,
    OUT_OF_SCOPE,
    QUESTIONS,
    SLANG,
    Case,
    InputError,
    Inputs,
    Row,
    read_inputs,
)
from handrail.tools.evaluation.measures import Share, percentile
from handrail.tools.evaluation.neighbours import Confusion, most_mistaken, worst_confusions
from handrail.tools.evaluation.rasa_model import parse
from handrail.tools.evaluation.reading import grades
from handrail.tools.evaluation.report import (
    PICTURES,
    Curves,
    Figures,
    HeldOut,
    IntentResult,
    Latency,
    Validation,
    markdown,
)
from handrail.tools.evaluation.resources import circumstances
from handrail.tools.evaluation.tables import bars_as_text
from handrail.tools.evaluation.thresholds import Question, chosen_bars, over_out_of_scope, over_threshold, point
from handrail.tools.evaluation.training import TrainingFailed
from handrail.tools.evaluation.understanding import Bars, Outcome, Understood, of_parsed, outcome
from handrail.tools.processes import SERVING, StartError
from handrail.tools.train import MODEL, is_up_to_date
from handrail.tools.training_examples import examples_by_intent

RESULTS = paths.ROOT / "results" / "understanding"
REPORT, FIGURES = "report.md", "figures.json"
PUBLISHED, PUBLISHED_PICTURES = paths.DOCS / "understanding.md", paths.DOCS / "understanding"
WORST_INTENTS = 15
OURS, DEFAULT = "the bot", "Rasa's default pipeline"
DEFAULT_BARS = Bars(threshold=0.3, ambiguity=0.1)
"""The bars of `default_pipeline.PIPELINE`."""


def main(arguments: list[str] | None = None) -> int:
    """Measure, write the report, and print the table of bars. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="make evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the evaluation files")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the report is written")
    parser.add_argument(
        "--quick", action="store_true", help="beside Rasa's default pipeline only if it is trained already"
    )
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of DIET in that pipeline")
    parser.add_argument("--publish", action="store_true", help="copy the report and its pictures to docs/ too")
    given = parser.parse_args(arguments)
    if not is_up_to_date():
        print("The model is not up to date. Run 'make train' first.", file=sys.stderr)
        return 1
    try:
        inputs = read_inputs(given.data)
        figures, pairs = measure(inputs, quick=given.quick, epochs=given.epochs)
    except (InputError, DocumentError, StartError, TrainingFailed, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    write(figures, pairs, given.out)
    if given.publish:
        publish(figures, given.out)
    print(bars_as_text(figures.bars))
    print(f"The report: {paths.shown(PUBLISHED if given.publish else given.out / REPORT)}")
    return 0


def measure(inputs: Inputs, *, quick: bool, epochs: int = EPOCHS) -> tuple[Figures, list[tuple[str, str]]]:
    """Measure everything. Returns the figures, and the pairs of right and given area for the picture.

    Raises:
        DocumentError: a data file of the project has a fault.
        StartError: the action server did not start.
        TrainingFailed: a training did not end well.
    """
    began, known = time.monotonic(), circumstances()
    # Training gets the machine as it is; the model is run in this process as the server runs it.
    environment = dict(os.environ)
    os.environ.update(SERVING)
    answerer, project = Answerer.load(), chosen_bars()

    _say(f"Asking {sum(map(len, inputs.asked.values()))} messages")
    desk = asyncio.run(ask_all(inputs.asked))
    questions = [(row, said) for row, said in desk.said.get(QUESTIONS, []) if bars.is_in_scope(row)]
    texts = _texts(inputs.cases, [row for row, _ in questions])
    others = [row["text"] for row in inputs.asked.get(OUT_OF_SCOPE, [])]
    _say(f"Reading {len(texts)} messages")
    parsed = parse(MODEL, texts)
    understood = [of_parsed(one.data) for one in parsed]
    of_cases = understood[: len(inputs.cases)]
    curves = _curves(answerer, questions, others, project) if questions else None

    by_intent = examples_by_intent()
    _say(f"Cross-validation on {sum(map(len, by_intent.values()))} examples")
    examples = encode(by_intent)
    validation = cross_validate(examples, settings_of(CLASSIFIER))

    _say("Training from nothing")
    taken = training.train_from_nothing(environment)
    sides: list[Side] = []
    trained = kept(epochs)
    if not trained and not quick:
        _say(f"Training Rasa's default pipeline, {epochs} epochs: half an hour or more")
        trained = default_pipeline(environment, inputs.cases, epochs)
    if trained:
        _say("Reading the same messages with it")
        # The bot's own once more: the times are to be of the same minutes, with the same work beside.
        again, beside = parse(MODEL, texts), parse(trained.model, texts)
        wanted = [bars.wanted(row) for row, _ in questions]
        bare = comparison.understood_with_lexicon(beside, texts, answerer)
        for name, own, settings, seconds, read in (
            (OURS, understood[: len(texts)], project, taken.seconds, again),
            (DEFAULT, bare, DEFAULT_BARS, trained.seconds, beside),
        ):
            sides.append(
                comparison.side(
                    name=name,
                    answerer=answerer,
                    cases=inputs.cases,
                    of_cases=own[: len(inputs.cases)],
                    of_questions=own[len(inputs.cases) :],
                    wanted=wanted,
                    bars=settings,
                    training_seconds=seconds,
                    times=[one.seconds for one in read],
                )
            )

    _say("Names and reading grades")
    figures = Figures(
        circumstances=known,
        examples=len(examples.texts),
        intents=len(by_intent),
        topics=len(answerer.catalogue.topics),
        cases=len(inputs.cases),
        files=_files(inputs),
        bars=_bars(inputs, desk, answerer, taken),
        kinds={name: bars.kinds(asked) for name, asked in desk.said.items()},
        look_at=bars.to_look_at(desk.said.get(HARMFUL, [])),
        validation=Validation(validation.accuracy, validation.top, validation.macro_f1),
        held_out=_held_out(answerer, inputs.cases, of_cases, project),
        sides=sides,
        default_pipeline=_told(trained),
        learned=trained.curve if trained else (),
        curves=curves,
        confused_cases=_confused_cases(inputs.cases, of_cases, examples, answerer),
        confused_examples=_confused_examples(validation, examples),
        understanding=_latency([one.seconds for one in parsed]),
        turn=_latency(desk.seconds) if desk.seconds else None,
        memory=desk.memory,
        seconds=time.monotonic() - began,
    )
    return figures, area_pairs(questions)


def write(figures: Figures, pairs: Sequence[tuple[str, str]], folder: Path) -> None:
    """Write the report, its pictures and the figures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    if figures.curves:
        curves = figures.curves
        pictures.draw_thresholds(
            curves.threshold, curves.chosen, "threshold of FallbackClassifier", folder / PICTURES["thresholds"]
        )
        pictures.draw_thresholds(
            curves.gate,
            dataclasses.replace(curves.chosen, at=curves.bound),
            "bound of FieldGate",
            folder / PICTURES["gate"],
        )
        pictures.draw_thresholds(
            curves.out_of_scope,
            curves.chosen,
            "probability of out_of_scope from which a message counts as that, without FieldGate",
            folder / PICTURES["out_of_scope"],
            across=True,
        )
        pictures.draw_precision(curves.threshold, curves.chosen, folder / PICTURES["precision"])
        pictures.draw_areas(pairs, folder / PICTURES["areas"])
    (folder / REPORT).write_text(markdown(figures), encoding="utf-8")
    (folder / FIGURES).write_text(json.dumps(dataclasses.asdict(figures), indent=1) + "\n", encoding="utf-8")


def publish(figures: Figures, folder: Path, page: Path = PUBLISHED, beside: Path = PUBLISHED_PICTURES) -> None:
    """Copy the report and its pictures to where the documentation is."""
    beside.mkdir(parents=True, exist_ok=True)
    for name in PICTURES.values() if figures.curves else ():
        shutil.copy2(folder / name, beside / name)
    page.write_text(markdown(figures, f"{beside.relative_to(page.parent).as_posix()}/"), encoding="utf-8")


def _told(trained: Trained | None) -> str:
    """Return how the default pipeline was trained, in words."""
    if trained is None:
        return ""
    when = "in this run" if trained.now else "in an earlier run, on the same examples"
    gained = last_doubling(trained.curve)
    if gained is None:
        enough = ""
    elif gained < ENOUGH:
        enough = f" The second half of them brought {gained * 100:.1f} points: more would not change the comparison."
    else:
        enough = f" The second half of them still brought {gained * 100:.1f} points: more may bring more."
    return f"DIET was trained for {trained.epochs} of its own {RASAS_EPOCHS} epochs, {when}.{enough}"


def _texts(cases: Sequence[Case], questions: Sequence[Row]) -> list[str]:
    return [*(case.text for case in cases), *(row["text"] for row in questions)]


def _curves(
    answerer: Answerer,
    questions: Sequence[Asked],
    others: Sequence[str],
    project: Bars,
) -> Curves:
    from handrail.tools.evaluation import gate  # noqa: PLC0415  (imports Rasa)

    read = gate.read_to_gate(MODEL, [*(row["text"] for row, _ in questions), *others])
    wanted = [bars.wanted(row) for row, _ in questions]

    def with_bound(bound: float) -> tuple[list[Question], list[Understood]]:
        understood = gate.understood_with(read, bound)
        return list(zip(understood[: len(wanted)], wanted, strict=True)), understood[len(wanted) :]

    bound = gate.chosen_bound()
    pairs, strays = with_bound(bound)
    same = [_same(outcome(answerer, one, project), said) for (one, _), (_, said) in zip(pairs, questions, strict=True)]
    return Curves(
        threshold=over_threshold(answerer, pairs, strays, project),
        gate=[point(answerer, *with_bound(at), project, at) for at in gate.bounds(bound)],
        out_of_scope=over_out_of_scope(answerer, *with_bound(gate.NO_BOUND), project),
        chosen=point(answerer, pairs, strays, project, project.threshold),
        bound=bound,
        agreement=Share.of(same),
    )


def _same(calculated: Outcome, said: Outcome) -> bool:
    return (calculated.kind, calculated.topic) == (said.kind, said.topic)


def _files(inputs: Inputs) -> dict[str, int]:
    files = {f"{name}.jsonl": len(rows) for name, rows in inputs.asked.items()}
    return {**files, SLANG: len(inputs.slang)} if inputs.slang else files


def _bars(inputs: Inputs, desk: DeskRun, answerer: Answerer, taken: training.Taken) -> list[Bar]:
    found = [bar for name, asked in desk.said.items() for bar in bars.JUDGES[name](asked)]
    if inputs.slang:
        first, *others = slang.FRAMES
        found += bars.slang_bars(
            slang.known(answerer.lexicon, inputs.slang, first),
            slang.known_as_in_row(answerer.lexicon, inputs.slang),
            slang.known_with_typo(answerer.lexicon, inputs.slang),
            {frame.format("…"): slang.known(answerer.lexicon, inputs.slang, frame) for frame in others},
        )
    return [*found, *bars.grade_bars(grades(answerer.catalogue, answerer.lexicon)), bars.training_bar(taken)]


def _held_out(answerer: Answerer, cases: Sequence[Case], understood: Sequence[Understood], project: Bars) -> HeldOut:
    right, top = comparison.accuracy(cases, understood)
    pairs = _pairs(cases, understood)
    results = [
        IntentResult(
            intent,
            Share.of([gold == given for gold, given in pairs if gold == intent]),
            most_mistaken(pairs, intent),
        )
        for intent in sorted({case.intent for case in cases})
    ]
    topic = comparison.on_topic(answerer, cases, understood, project)
    return HeldOut(right, top, topic, sorted(results, key=lambda one: one.right.value)[:WORST_INTENTS])


def _pairs(cases: Sequence[Case], understood: Sequence[Understood]) -> list[tuple[str, str]]:
    return [(case.intent, one.likeliest) for case, one in zip(cases, understood, strict=True)]


def _confused_cases(
    cases: Sequence[Case], understood: Sequence[Understood], examples: Examples, answerer: Answerer
) -> list[Confusion]:
    from handrail.nlu.minilm import shared_encoder  # noqa: PLC0415  (loads the encoder)

    sentences = [case.text for case in cases]
    lexicon = answerer.lexicon
    vectors = shared_encoder().encode([lexicon.canonical(text, lexicon.find(text)) for text in sentences])
    return worst_confusions(sentences, vectors, _pairs(cases, understood), examples)


def _confused_examples(validation: CrossValidation, examples: Examples) -> list[Confusion]:
    places = [one.place for one in validation.predictions]
    pairs = [(examples.intents[one.place], one.ranking[0] if one.ranking else "") for one in validation.predictions]
    return worst_confusions([examples.texts[place] for place in places], examples.vectors[places], pairs, examples)


def _latency(seconds: Sequence[float]) -> Latency:
    return Latency(percentile(seconds, 0.5) * 1000, percentile(seconds, 0.95) * 1000, len(seconds))


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {what} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
