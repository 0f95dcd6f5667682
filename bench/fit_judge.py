"""Fits the shipped judge of evidence: ``python -m bench.fit_judge FOLDER [--first N] [--minutes M] [--write]``.

Ingests ``bench/judged`` (two documents of three, and the third apart), asks N of its questions, in both languages, and
fits a logistic regression over the signals of each sentence of the passages found, and one over those of each question.
FOLDER keeps the bases and what was asked: a run of M minutes goes on where the last one ended. When all is asked it
prints the figures, those of the documents that are fitted on by documents left out, those of the other third as they
are; with ``--write`` it replaces ``index/data/judge.json``. The same questions, the same file.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.cli.wiring import Wiring
from api.settings import Settings
from bench.output import say
from index.answers.answering import EvidenceFinder
from index.answers.judging.features import NAMES, SENTENCE_NAMES, Case, features
from index.answers.judging.fitted import QUESTION_NAMES, Regression, question_row
from index.answers.judging.judge import Judgement
from index.answers.relevance import Candidate
from index.search.glossary import Glossary
from ingest.sources.sources import find_sources
from kb.records.ports import FloatArray
from kb.records.search import Filters

JUDGED = Path(__file__).parent / "judged"
JUDGE = Path(__file__).parents[1] / "index" / "data" / "judge.json"
_PARTS = 4
# What a weight costs: half of this times its square. By documents left out 5 to 50 give the same within .002.
_SENTENCE_COST, _QUESTION_COST = 10.0, 50.0
_FINDINGS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A question asked: the signals of the passages found and the labels of their sentences (0 or 1).

    ``part`` is the part of the documents (0 to 3) that it belongs to.
    """

    id: str
    kind: str
    answerable: bool
    part: int
    tables: tuple[FloatArray, ...]
    labels: tuple[NDArray[np.int8], ...]


class _Listener:
    """A judge that says nothing of its own and remembers what it was asked."""

    name = "listening"

    def __init__(self) -> None:
        self.case: Case | None = None

    def judge(self, case: Case) -> Judgement:
        self.case = case
        return Judgement(1.0, tuple((1.0,) * len(one.scores) for one in case.weighed))


def unseen(document: str) -> bool:
    """Whether a document belongs to the third that nothing is fitted on."""
    return _number(document) % 3 == 0


def _number(document: str) -> int:
    return int(hashlib.sha256(document.encode()).hexdigest(), 16)


def read() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The documents and the questions."""
    pages = [json.loads(line) for path in sorted(JUDGED.glob("pages-*.jsonl")) for line in path.open(encoding="utf-8")]
    with gzip.open(JUDGED / "questions.jsonl.gz", "rt", encoding="utf-8") as file:
        return pages, [json.loads(line) for line in file]


def asked(
    folder: Path, pages: Sequence[Mapping[str, Any]], questions: Sequence[Mapping[str, Any]], first: int, until: float
) -> list[Example]:
    """The first examples, kept in the folder, as far as time allows."""
    kept = folder / "asked.npz"
    done = _loaded(kept) if kept.exists() else []
    rows = [(row, language) for row in questions for language in ("es", "en")]
    random.Random(0).shuffle(rows)  # noqa: S311 - an order, no secret
    rows = rows[:first]
    if len(done) >= len(rows):
        return done[: len(rows)]
    wiring = Wiring(Settings(), folder / "base")
    if not (folder / "base").exists():
        folder.mkdir(parents=True, exist_ok=True)
        source = folder / "pages.jsonl"
        source.write_text("".join(json.dumps(page, ensure_ascii=False) + "\n" for page in pages), encoding="utf-8")
        wiring.pipeline(create=True).run(find_sources([source]))
    store, listener = wiring.store(), _Listener()
    finder = EvidenceFinder(store, wiring.searcher(store, serving=True), Glossary.shipped(), judge=listener)
    for row, language in rows[len(done) :]:
        if time.monotonic() > until:
            break
        finder.find(row[language], Filters())
        done.append(_example(row, language, listener.case))
    _keep(kept, done)
    say(f"{folder.name}: {len(done)} of {len(rows)} asked")
    return done


def _example(row: Mapping[str, Any], language: str, case: Case | None) -> Example:
    gold = [_letters(answer) for answer in row["answers"]]
    place = _number(row["doc"]) // 3 % _PARTS
    near = [] if case is None else [case.weighed[place].candidate for place in case.pool()]
    return Example(
        f"{row['id']} {language}",
        row["kind"],
        bool(gold),
        place,
        tuple(features(case)) if case is not None else (),
        tuple(_labels(one, row["doc"], gold) for one in near),
    )


def _labels(one: Candidate, document: str, gold: Sequence[str]) -> NDArray[np.int8]:
    """1 for each sentence that is an answer, a part of one, or has one in it."""
    if one.document.source_id != document:
        return np.zeros(len(one.spans), np.int8)
    said = [_letters(span.cut(one.document.text)) for span in one.spans]
    return np.array(
        [any(text in answer or answer in text for answer in gold) and len(text) > 3 for text in said], np.int8
    )


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())


def _keep(path: Path, examples: Sequence[Example]) -> None:
    facts = [[one.id, one.kind, one.answerable, one.part, [len(part) for part in one.labels]] for one in examples]
    rows = [part for one in examples for part in one.tables]
    labels = [part for one in examples for part in one.labels]
    with path.open("wb") as file:
        np.savez_compressed(
            file, facts=np.array(json.dumps(facts)), names=np.array(NAMES), rows=np.concatenate(rows),
            labels=np.concatenate(labels),
        )  # fmt: skip


def _loaded(path: Path) -> list[Example]:
    """What was kept; ValueError when it has other signals than these."""
    with np.load(path, allow_pickle=False) as file:
        if tuple(file["names"].tolist()) != NAMES:
            raise ValueError(f"{path} has other signals: remove it")
        facts, rows, labels = json.loads(str(file["facts"])), file["rows"], file["labels"]
    found, start = [], 0
    for name, kind, answerable, part, sizes in facts:
        ends = start + np.cumsum(sizes, dtype=np.int64)
        tables, marks = (np.split(one[start : int(ends[-1]) if sizes else start], ends[:-1] - start) if sizes else []
                         for one in (rows, labels))  # fmt: skip
        found.append(Example(name, kind, answerable, part, tuple(tables), tuple(marks)))
        start = int(ends[-1]) if sizes else start
    return found


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


def fit_sentences(chosen: Sequence[Example]) -> Regression:
    """The regression over sentences."""
    rows = np.concatenate([table[:, : len(SENTENCE_NAMES)] for one in chosen for table in one.tables])
    return fit(rows, np.concatenate([label for one in chosen for label in one.labels]), _SENTENCE_COST)


def odds_of(one: Example, sentences: Regression) -> list[FloatArray]:
    """The log-odds of every sentence."""
    return [sentences.logits(table[:, : len(SENTENCE_NAMES)]) for table in one.tables]


def left_out(every: Sequence[Example]) -> Iterator[tuple[Example, list[FloatArray]]]:
    """Each example with its log-odds by a regression over other documents."""
    for part in range(_PARTS):
        sentences = fit_sentences([one for one in every if one.part != part])
        yield from ((one, odds_of(one, sentences)) for one in every if one.part == part)


def fit_questions(scored: Sequence[tuple[Example, list[FloatArray]]]) -> Regression:
    """The regression over questions."""
    rows = np.stack([question_row(one.tables, odds) for one, odds in scored])
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


def _of_questions(scored: Sequence[tuple[Example, list[FloatArray]]], questions: Regression) -> list[float]:
    rows = np.stack([question_row(one.tables, odds) for one, odds in scored])
    return [float(one) for one in questions.logits(rows)]


def _by_score(examples: Sequence[Example]) -> list[tuple[Example, list[FloatArray]]]:
    column = NAMES.index("score")
    return [(one, [table[:, column] for table in one.tables]) for one in examples]


def report(open_: Sequence[Example], held: Sequence[Example]) -> None:
    """The figures of the scores alone and of the judge, on the documents fitted on (left out) and on the others."""
    scored = list(left_out(open_))
    by_part = {part: fit_questions([pair for pair in scored if pair[0].part != part]) for part in range(_PARTS)}
    said = [_of_questions([pair], by_part[pair[0].part])[0] for pair in scored]
    sentences, questions = fit_sentences(open_), fit_questions(scored)
    for label, examples in (("open", open_), ("unseen", held)):
        alone = _by_score(examples)
        say(shown(f"{label}, scores", alone, [max(float(part.max()) for part in parts) for _, parts in alone]))
    say(shown("open, judge", scored, said))
    other = [(one, odds_of(one, sentences)) for one in held]
    say(shown("unseen, judge", other, _of_questions(other, questions)))


def _facts(regression: Regression, names: Sequence[str]) -> dict[str, Any]:
    parts = {"mean": regression.mean, "scale": regression.scale, "weights": regression.weights}
    rows = {
        key: {name: round(float(one), 5) for name, one in zip(names, values, strict=True)}
        for key, values in parts.items()
    }
    return {**rows, "bias": round(regression.bias, 5)}


def facts_of(examples: Sequence[Example]) -> dict[str, Any]:
    """What ``judge.json`` holds; the name has the number of the questions and a hash of their signals and labels."""
    digest = hashlib.sha256()
    for one in examples:
        for table, labels in zip(one.tables, one.labels, strict=True):
            digest.update(np.round(table, 2).tobytes() + labels.tobytes())
    parts = {
        "sentences": _facts(fit_sentences(examples), SENTENCE_NAMES),
        "questions": _facts(fit_questions(list(left_out(examples))), QUESTION_NAMES),
    }
    return {"name": f"logistic-{len(examples)}-{digest.hexdigest()[:8]}", **parts}


def main() -> None:
    """Ask, fit, show, and write where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where bases and what was asked are kept")
    parser.add_argument(
        "--first", type=int, default=1574, help="so many questions to fit on, a quarter as many held out"
    )
    parser.add_argument("--minutes", type=float, default=60.0, help="how long to ask (default: 60)")
    parser.add_argument("--write", action="store_true", help="replace index/data/judge.json")
    given = parser.parse_args()
    pages, questions = read()
    until = time.monotonic() + 60 * given.minutes
    parts = [
        asked(
            given.folder / name,
            [page for page in pages if unseen(page["id"]) is held],
            [row for row in questions if unseen(row["doc"]) is held],
            first,
            until,
        )
        for name, held, first in (("open", False, given.first), ("unseen", True, given.first // 4))
    ]
    if len(parts[0]) < given.first:
        say("not all asked yet: run it again")
        return
    chosen, held_out = ([one for one in part if one.tables] for part in parts)
    report(chosen, held_out)
    if given.write:
        JUDGE.write_text(json.dumps(facts_of(chosen), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
