"""Fits the shipped judge of evidence: ``python -m bench.fit_judge FOLDER [--first N] [--minutes M] [--write]``.

Asks N of the questions of ``bench/judged`` that neither the encoder of questions nor the reader learned from, and those
about documents that nothing is fitted on, and fits a logistic regression over the signals of each sentence of the
passages found, and one over those of each question: for models without a reader, and with what the reader says. FOLDER
keeps the bases and what was asked: a run of M minutes goes on where the last one ended. It prints the figures, those of
the documents that are fitted on by documents left out, those of the others as they are; with ``--write`` it replaces
``index/data/judge.json``. The same questions, the same file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.judged_asking import PARTS, Example, asked, read_sets
from bench.output import say
from index.answers.judging.features import NAMES, set_read
from index.answers.judging.fitted import (
    QUESTION_NAMES,
    Regression,
    question_row,
    question_signals,
    sentence_signals,
    shipped_reader,
)
from index.model.heads.answer_reader import AnswerReader
from kb.records.ports import FloatArray

JUDGE = Path(__file__).parents[1] / "index" / "data" / "judge.json"
# What a weight costs: half of this times its square. By documents left out 5 to 50 give the same within .002.
_SENTENCE_COST, _QUESTION_COST = 10.0, 50.0
_FINDINGS = 5


def fit(rows: FloatArray, labels: NDArray[np.int8], cost: float) -> Regression:
    """A logistic regression by Newton's method; a weight costs, the bias does not."""
    mean, scale = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
    scale[scale < 1e-6] = 1.0
    x = np.hstack([(rows - mean) / scale, np.ones((len(rows), 1))])
    penalty = np.full(x.shape[1], cost)
    penalty[-1] = 1e-9
    weights = np.zeros(x.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (chance - labels) + penalty * weights
        step = np.linalg.solve((x * (chance * (1 - chance))[:, None]).T @ x + np.diag(penalty), slope)
        weights = weights - step
        if float(np.abs(step).max()) < 1e-6:
            break
    return Regression(mean, scale, weights[:-1], float(weights[-1]))


def read_by(reader: AnswerReader, examples: Sequence[Example]) -> list[Example]:
    """The examples with what the reader says of their sentences."""
    return [
        replace(one, tables=tuple(set_read(one.tables, reader.log_odds(one.question, one.passages))))
        for one in examples
    ]


def fit_sentences(chosen: Sequence[Example], *, reads: bool) -> Regression:
    """The regression over sentences."""
    rows = np.concatenate([table[:, sentence_signals(reads=reads)] for one in chosen for table in one.tables])
    return fit(rows, np.concatenate([label for one in chosen for label in one.labels]), _SENTENCE_COST)


def odds_of(one: Example, sentences: Regression, *, reads: bool) -> list[FloatArray]:
    """The log-odds of every sentence."""
    return [sentences.logits(table[:, sentence_signals(reads=reads)]) for table in one.tables]


def left_out(every: Sequence[Example], *, reads: bool) -> Iterator[tuple[Example, list[FloatArray]]]:
    """Each example with its log-odds by a regression over other documents."""
    for part in range(PARTS):
        sentences = fit_sentences([one for one in every if one.part != part], reads=reads)
        yield from ((one, odds_of(one, sentences, reads=reads)) for one in every if one.part == part)


def fit_questions(scored: Sequence[tuple[Example, list[FloatArray]]], *, reads: bool) -> Regression:
    """The regression over questions."""
    rows = np.stack([question_row(one.tables, odds)[question_signals(reads=reads)] for one, odds in scored])
    return fit(rows, np.array([one.answerable for one, _ in scored], np.int8), _QUESTION_COST)


def area(labels: Sequence[int], scores: Sequence[float]) -> float:
    """The area under the curve, equal scores halved; not a number where only one label is there."""
    said, marks = np.array(scores), np.array(labels, bool)
    _, places, counts = np.unique(said, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    yes, no = int(marks.sum()), int((~marks).sum())
    return float((ranks[marks].sum() - yes * (yes + 1) / 2) / (yes * no)) if yes and no else float("nan")


def shown(name: str, scored: Sequence[tuple[Example, list[FloatArray]]], said: Sequence[float]) -> str:
    """The figures of one way to score: findings are the best sentences of the five best passages."""
    findings: list[tuple[int, float]] = []
    further: list[tuple[int, float]] = []
    first = []
    for one, parts in scored:
        if one.answerable:
            best = [(int(mark[part.argmax()]), float(part.max())) for mark, part in zip(one.labels, parts, strict=True)]
            best = sorted(best, key=lambda pair: -pair[1])[:_FINDINGS]
            findings += best
            further += best[1:]
            first.append(best[0][0])
    answers = [(one.kind, one.answerable, score) for (one, _), score in zip(scored, said, strict=True)]
    near, far = ([(yes, score) for kind, yes, score in answers if kind != other] for other in ("far", "near"))
    return (
        f"{name:18} {len(scored)} questions  findings {area(*zip(*findings, strict=True)):.3f}"
        f"  further {area(*zip(*further, strict=True)):.3f}  first right {np.mean(first):.3f}"
        f"  near miss {area(*zip(*near, strict=True)):.3f}  far {area(*zip(*far, strict=True)):.3f}"
    )


def _of_questions(
    scored: Sequence[tuple[Example, list[FloatArray]]], questions: Regression, *, reads: bool
) -> list[float]:
    rows = np.stack([question_row(one.tables, odds)[question_signals(reads=reads)] for one, odds in scored])
    return [float(one) for one in questions.logits(rows)]


def _by_score(examples: Sequence[Example]) -> list[tuple[Example, list[FloatArray]]]:
    column = NAMES.index("score")
    return [(one, [table[:, column] for table in one.tables]) for one in examples]


def report(chosen: Sequence[Example], held: Sequence[Example], *, reads: bool) -> None:
    """The figures of the scores alone and of the judge, on the documents fitted on (left out) and on the others."""
    scored = list(left_out(chosen, reads=reads))
    by_part = {
        part: fit_questions([pair for pair in scored if pair[0].part != part], reads=reads) for part in range(PARTS)
    }
    said = [_of_questions([pair], by_part[pair[0].part], reads=reads)[0] for pair in scored]
    sentences, questions = fit_sentences(chosen, reads=reads), fit_questions(scored, reads=reads)
    for label, examples in (("fitted", chosen), ("unseen", held)):
        alone = _by_score(examples)
        say(shown(f"{label}, scores", alone, [max(float(part.max()) for part in parts) for _, parts in alone]))
    say(shown("fitted, judge", scored, said))
    other = [(one, odds_of(one, sentences, reads=reads)) for one in held]
    say(shown("unseen, judge", other, _of_questions(other, questions, reads=reads)))


def _facts(regression: Regression, names: Sequence[str]) -> dict[str, Any]:
    parts = {"mean": regression.mean, "scale": regression.scale, "weights": regression.weights}
    rows = {
        key: {name: round(float(one), 5) for name, one in zip(names, values, strict=True)}
        for key, values in parts.items()
    }
    return {**rows, "bias": round(regression.bias, 5)}


def facts_of(examples: Sequence[Example], *, reads: bool) -> dict[str, Any]:
    """What ``judge.json`` holds of one judge; its name has the number of the questions and a hash of their signals and
    labels."""
    digest = hashlib.sha256()
    for one in examples:
        for table, labels in zip(one.tables, one.labels, strict=True):
            digest.update(np.round(table, 2).tobytes() + labels.tobytes())
    parts = {
        "sentences": _facts(fit_sentences(examples, reads=reads), NAMES[sentence_signals(reads=reads)]),
        "questions": _facts(
            fit_questions(list(left_out(examples, reads=reads)), reads=reads),
            QUESTION_NAMES[question_signals(reads=reads)],
        ),
    }
    return {"name": f"{'reading' if reads else 'logistic'}-{len(examples)}-{digest.hexdigest()[:8]}", **parts}


def main() -> None:
    """Ask, fit, show, and write where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where bases and what was asked are kept")
    parser.add_argument(
        "--first", type=int, default=1600, help="so many questions to fit on, a quarter as many held out"
    )
    parser.add_argument("--minutes", type=float, default=60.0, help="how long to ask (default: 60)")
    parser.add_argument("--write", action="store_true", help="replace index/data/judge.json")
    given = parser.parse_args()
    sets, until = read_sets(), time.monotonic() + 60 * given.minutes
    counts = {"fitted": given.first, "unseen": given.first // 4}
    chosen, held_out = (
        [one for one in asked(given.folder / name, sets[name], until, count) if one.tables]
        for name, count in counts.items()
    )
    report(chosen, held_out, reads=False)
    facts = {"alone": facts_of(chosen, reads=False)}
    reader = shipped_reader()
    chosen, held_out = (read_by(reader, part) for part in (chosen, held_out))
    report(chosen, held_out, reads=True)
    if given.write:
        facts["reading"] = facts_of(chosen, reads=True)
        JUDGE.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
