"""The judged questions, asked of the program: what it found for each, with signals and labels.

Owns which documents may be learned from, the bases of ``bench/judged`` and what is kept of the questions asked. Fits
nothing.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import ingest
from api.cli.wiring import Wiring
from api.settings import Settings
from bench.output import say
from index.answers.answering import EvidenceFinder
from index.answers.judging.features import NAMES, Case, as_read, features
from index.answers.judging.judge import EvidenceJudgement
from index.answers.relevance import AnswerCandidate
from index.evaluate.figures.judged_figures import rows_of_file
from index.search.glossary import Glossary
from ingest.sources.sources import find_sources
from kb.records.ports import FloatArray
from kb.records.search import Filters

JUDGED = Path(__file__).parent / "judged"
ATTRIBUTION = Path(ingest.__file__).parent / "data"
FITTED = ("d", "h")
"""The hands of ``more_questions`` that only the judge is fitted on."""
PARTS = 4


@dataclass(frozen=True, slots=True)
class Example:
    """A question asked, as it was read: the signals of the passages found and the labels of their sentences (0 or 1).

    ``part`` is the part of the documents (0 to 3) that it belongs to; a passage is what stands above it and its
    sentences.
    """

    id: str
    kind: str
    answerable: bool
    part: int
    tables: tuple[FloatArray, ...]
    labels: tuple[NDArray[np.int8], ...]
    question: str
    passages: tuple[tuple[str, tuple[str, ...]], ...]


class JudgedSet(NamedTuple):
    """Documents, and questions about them."""

    pages: Sequence[Mapping[str, Any]]
    questions: Sequence[Mapping[str, Any]]


class Listener:
    """A judge that says nothing of its own and remembers what it was asked."""

    name = "listening"

    def __init__(self) -> None:
        self._case: Case | None = None

    def judge(self, case: Case) -> EvidenceJudgement:
        """All is sure."""
        self._case = case
        return EvidenceJudgement(1.0, tuple((1.0,) * len(one.scores) for one in case.weighed))

    def taken(self) -> Case | None:
        """What it was asked since this was called last; null where it was asked nothing."""
        case, self._case = self._case, None
        return case


def unseen(document: str) -> bool:
    """Whether a document belongs to the third that nothing is fitted on."""
    return _number(document) % 3 == 0


def _number(document: str) -> int:
    return int(hashlib.sha256(document.encode()).hexdigest(), 16)


def read_sets() -> dict[str, JudgedSet]:
    """The documents and questions by what they are for: "learned" by the encoder of questions and by the reader,
    "fitted" by the judge over them, whose hands those never saw, and "unseen", of which nothing is learned."""
    pages = {page["id"]: page for path in sorted(JUDGED.glob("pages-*.jsonl")) for page in rows_of_file(path)}
    more = {page["id"]: page for page in rows_of_file(JUDGED / "more_pages.jsonl.gz")}
    told = [ATTRIBUTION / f"attribution_{name}.jsonl.gz" for name in ("open", "ordinary")]
    known = {**{row["id"]: row for path in told for row in rows_of_file(path)}, **more, **pages}
    first, further = (list(rows_of_file(JUDGED / f"{name}.jsonl.gz")) for name in ("questions", "more_questions"))
    learned = [row for row in first if not unseen(row["doc"])] + [row for row in further if row["hand"] not in FITTED]
    fitted = [row for row in further if row["hand"] in FITTED]
    kinds: dict[str, list[Mapping[str, Any]]] = {
        "learned": [*learned, *map(_keywords, (row for row in learned if "kes" in row))],
        "fitted": [*fitted, *map(_keywords, fitted[::3])],
        "unseen": [row for row in first if unseen(row["doc"])],
    }
    return {
        name: JudgedSet([known[doc] for doc in dict.fromkeys(row["doc"] for row in rows)], rows)
        for name, rows in kinds.items()
    }


def _keywords(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The question as it was put in keywords."""
    return {**row, "id": f"{row['id']}k", "es": row["kes"], "en": row["ken"]}


def base_of(folder: Path, pages: Sequence[Mapping[str, Any]]) -> Wiring:
    """The base of these documents, made in the folder unless it is there."""
    wiring = Wiring(Settings(), folder / "base")
    if not (folder / "base").exists():
        folder.mkdir(parents=True, exist_ok=True)
        source = folder / "pages.jsonl"
        source.write_text("".join(json.dumps(page, ensure_ascii=False) + "\n" for page in pages), encoding="utf-8")
        wiring.pipeline(create=True).run(find_sources([source]))
    return wiring


def asked(folder: Path, judged: JudgedSet, until: float, first: int | None = None) -> list[Example]:
    """The first examples (null: all) in an order by chance, kept in the folder, as far as time allows: ValueError where
    it was not enough."""
    kept = folder / "asked.npz"
    done = kept_of(folder) if kept.exists() else []
    rows = [(row, language) for row in judged.questions for language in ("es", "en")]
    random.Random(0).shuffle(rows)  # noqa: S311 - an order, no secret
    rows = rows[:first]
    if len(done) >= len(rows):
        return done[: len(rows)]
    wiring = base_of(folder, judged.pages)
    store, listener = wiring.store(), Listener()
    finder = EvidenceFinder(store, wiring.searcher(store, serving=True), Glossary.shipped(), judge=listener)
    for row, language in rows[len(done) :]:
        if time.monotonic() > until:
            break
        finder.find(row[language], Filters())
        done.append(_example(row, language, listener.taken()))
    _keep(kept, done)
    say(f"{folder.name}: {len(done)} of {len(rows)} asked")
    if len(done) < len(rows):
        raise ValueError("not all asked yet: run it again")
    return done


def _example(row: Mapping[str, Any], language: str, case: Case | None) -> Example:
    gold = [letters(answer) for answer in row["answers"]]
    place = _number(row["doc"]) // 3 % PARTS
    near = [] if case is None else [case.weighed[place].candidate for place in case.pool()]
    return Example(
        f"{row['id']} {language}",
        row["kind"],
        bool(gold),
        place,
        tuple(features(case)) if case is not None else (),
        tuple(_labels(one, row["doc"], gold) for one in near),
        row[language] if case is None else case.reading.text,
        tuple(as_read(one) for one in near),
    )


def _labels(one: AnswerCandidate, document: str, gold: Sequence[str]) -> NDArray[np.int8]:
    """1 for each sentence that is an answer, a part of one, or has one in it."""
    if one.document.source_id != document:
        return np.zeros(len(one.spans), np.int8)
    return np.array([is_part(letters(span.cut(one.document.text)), gold) for span in one.spans], np.int8)


def is_part(text: str, gold: Sequence[str]) -> bool:
    """Whether a sentence is an answer, a part of one, or has one in it; of all their letters alone."""
    return len(text) > 3 and any(text in answer or answer in text for answer in gold)


def letters(text: str) -> str:
    """The letters and digits of a text, small."""
    return re.sub(r"\W+", "", text.lower())


def _keep(path: Path, examples: Sequence[Example]) -> None:
    facts = [
        [one.id, one.kind, one.answerable, one.part, [len(part) for part in one.labels], one.question, one.passages]
        for one in examples
    ]
    rows = [part for one in examples for part in one.tables]
    labels = [part for one in examples for part in one.labels]
    with path.open("wb") as file:
        np.savez_compressed(
            file, facts=np.array(json.dumps(facts)), names=np.array(NAMES), rows=np.concatenate(rows),
            labels=np.concatenate(labels),
        )  # fmt: skip


def kept_of(folder: Path) -> list[Example]:
    """What was asked and kept in a folder; ValueError when it has other signals than these."""
    path = folder / "asked.npz"
    with np.load(path, allow_pickle=False) as file:
        if tuple(file["names"].tolist()) != NAMES:
            raise ValueError(f"{path} has other signals: remove it")
        facts, rows, labels = json.loads(str(file["facts"])), file["rows"], file["labels"]
    found, start = [], 0
    for name, kind, answerable, part, sizes, question, read in facts:
        ends = start + np.cumsum(sizes, dtype=np.int64)
        tables, marks = (np.split(one[start : int(ends[-1]) if sizes else start], ends[:-1] - start) if sizes else []
                         for one in (rows, labels))  # fmt: skip
        passages = tuple((above, tuple(sentences)) for above, sentences in read)
        found.append(Example(name, kind, answerable, part, tuple(tables), tuple(marks), question, passages))
        start = int(ends[-1]) if sizes else start
    return found
