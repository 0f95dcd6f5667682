"""Makes ``ingest/data/attribution.npz`` from ``attribution_open.jsonl.gz``: the choice of source and year.

Run after candidates or features change: ``python -m bench.fit_attribution``. Needs scikit-learn (dev). The same data,
the same file. Thresholds are taken from documents not learned from, six folds by document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier  # type: ignore[import-untyped]

import ingest
from bench.output import say
from index.evaluate.figures.attributions import JudgedDocument, JudgedFigure, agrees, matched, read_judged_documents
from ingest.figures import read_figures
from ingest.readers.media_types import TEXT
from ingest.readers.properties.metadata import SourceMetadata
from ingest.sources.sources import SourceFile
from ingest.studies import chooser
from ingest.studies.attributing import CANDIDATES
from ingest.studies.candidates import Candidate
from ingest.studies.chooser import DEPTH, Chooser
from ingest.studies.discourse import Discourse
from ingest.studies.places import FigurePlace, Places
from ingest.text.prepare import prepare
from kb.records.statistic import Statistic

DATA = Path(ingest.__file__).parent / "data"
FOLDS = 6
WRONG = {"source": 0.03, "year": 0.03}
"""The share of figures that a field may be given wrongly by choice, on documents not learned from."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A figure with its candidates for a field: a row of features each, and whether it is the judged one."""

    document: str
    field: str
    judged: str | int | None
    candidates: list[Candidate]
    rows: list[list[float]]

    @property
    def right(self) -> list[bool]:
        """Whether each candidate is as judged."""
        return [self.judged is not None and agrees(self.field, self.judged, one.value) for one in self.candidates]


def main() -> None:
    """Write the file and say what it gives on documents not learned from."""
    lessons = [lesson for one in read_judged_documents(DATA / "attribution_open.jsonl.gz") for lesson in _lessons(one)]
    made = {field: _fitted(field, [one for one in lessons if one.field == field]) for field in CANDIDATES}
    data = chooser.to_bytes(made)
    (DATA / "attribution.npz").write_bytes(data)
    say(f"attribution.npz: {len(data)} bytes")


def _lessons(judged: JudgedDocument) -> Iterator[Lesson]:
    known = SourceMetadata.of("judged", title=judged.title, publisher=judged.publisher, published=judged.published)
    prepared = prepare(SourceFile.of(judged.id, judged.text.encode(), TEXT, metadata=known))
    document = prepared.document
    sentences = [(span.start, span.cut(document.text)) for one in prepared.passages for span in one.sentences]
    discourse = Discourse(document, sentences, {})
    places, offered = Places(discourse), {field: make(discourse) for field, make in CANDIDATES.items()}
    statistics = read_figures(document, prepared.passages)
    for figure, found in matched(judged.figures, document.text, statistics):
        for field, candidates in offered.items():
            yield _lesson(judged.id, field, figure, found, candidates, places, discourse)


def _lesson(
    name: str, field: str, figure: JudgedFigure, found: Statistic, candidates: list[Candidate], places: Places,
    discourse: Discourse,
) -> Lesson:  # fmt: skip
    place = FigurePlace.of(found, discourse)
    rows = [[*places.figure(place), *pair] for pair in places.pairs(place, candidates)]
    return Lesson(name, field, getattr(figure, field), candidates, rows)


def _fitted(field: str, lessons: list[Lesson]) -> Chooser:
    """The chooser of a field, its threshold the lowest at which no more are given wrongly than WRONG says."""
    chances: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        held = [one for one in lessons if _fold(one.document) == fold and one.rows]
        learned = _learned([one for one in lessons if _fold(one.document) != fold])
        for one in held:
            odds = learned.probabilities(np.array(one.rows, dtype=np.float32))
            best = int(odds.argmax())
            chances.append((float(odds[best]), one.right[best]))
    chances.sort(reverse=True)
    wrong, threshold = 0, 1.0
    for chance, right in chances:
        wrong += not right
        if wrong > WRONG[field] * len(lessons):
            break
        threshold = chance
    given = sum(chance >= threshold for chance, _ in chances)
    say(f"{field}: threshold {threshold:.2f}, {given / len(lessons):.3f} of the figures are given one")
    made = _learned(lessons)
    return Chooser(made.feature, made.split, made.leaf, made.base, threshold)


def _fold(document: str) -> int:
    return int(hashlib.sha256(f"f{document}".encode()).hexdigest(), 16) % FOLDS


def _learned(lessons: list[Lesson]) -> Chooser:
    rows = np.array([row for one in lessons for row in one.rows], dtype=np.float32)
    right = np.array([right for one in lessons for right in one.right])
    model = GradientBoostingClassifier(
        n_estimators=200, max_depth=DEPTH, learning_rate=0.06, subsample=0.5, max_features=0.2, min_samples_leaf=30,
        random_state=0,
    ).fit(rows, right)  # fmt: skip
    trees = [one.tree_ for one in model.estimators_[:, 0]]
    feature = np.zeros((len(trees), 2**DEPTH - 1), dtype=np.int16)
    split = np.full((len(trees), 2**DEPTH - 1), np.inf, dtype=np.float32)
    leaf = np.zeros((len(trees), 2**DEPTH), dtype=np.float32)
    for number, tree in enumerate(trees):
        _filled(tree, 0, 0, feature[number], split[number], leaf[number])
    share = float(right.mean())
    made = Chooser(
        feature, split, (leaf * model.learning_rate).astype(np.float32), float(np.log(share / (1 - share))), 1.0
    )
    if not np.allclose(made.probabilities(rows[:500]), model.predict_proba(rows[:500])[:, 1], atol=1e-3):
        raise AssertionError("the arrays do not choose as the trees they were made of")
    return made


def _filled(tree: Any, node: int, place: int, feature: Any, split: Any, leaf: Any) -> None:
    """Write a node and what is below it; a leaf higher up stands in every place below."""
    inner = tree.children_left[node] >= 0
    if place >= len(feature):
        leaf[place - len(feature)] = tree.value[node].ravel()[0]
        return
    if inner:
        feature[place], split[place] = tree.feature[node], tree.threshold[node]
    left, right = (tree.children_left[node], tree.children_right[node]) if inner else (node, node)
    _filled(tree, left, 2 * place + 1, feature, split, leaf)
    _filled(tree, right, 2 * place + 2, feature, split, leaf)


if __name__ == "__main__":
    main()
