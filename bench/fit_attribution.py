"""Makes ``ingest/data/attribution.npz`` from the judged documents of ``ingest/data``: the choice of source and sample
size.

Run after grammar, candidates or features change: ``python -m bench.fit_attribution``. Needs scikit-learn (dev). The
same data, the same file. Thresholds are taken from documents not learned from, six folds by document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from bench.boosting import boosted
from bench.judged_pages import DATA, FOLDS, Choice, Page, judged_pages, tell, threshold_for
from bench.output import say
from index.evaluate.figures.attributions import agrees
from ingest.studies import chooser
from ingest.studies.attributing import CANDIDATES, weighed
from ingest.studies.chooser import Chooser
from ingest.studies.places import FigureStanding, Places
from kb.records.ports import FloatArray

WRONG = {"source": 0.03, "sample_size": 0.02}
"""The share of figures that a field may be given wrongly in either language, on documents not learned from; other
hands' documents have shown about twice as many wrong ones."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How deep the trees are, how many, and the fewest pairs in a leaf."""

    depth: int
    trees: int
    least: int


SHAPE = Shape(depth=4, trees=80, least=40)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A figure with its candidates for a field: a row of features each, and whether it is the judged one."""

    fold: int
    language: str
    null: bool
    rows: FloatArray
    right: list[bool]
    passes: list[bool] | None = None
    """Which candidates do where the threshold is taken; those that are right unless said otherwise."""


def main() -> None:
    """Write the file and say what it gives on documents not learned from."""
    pages = list(judged_pages())
    made = {
        field: fitted(field, [lesson for page in pages for lesson in _lessons(page, field)], wrong)
        for field, wrong in WRONG.items()
    }
    data = chooser.to_bytes(made)
    (DATA / "attribution.npz").write_bytes(data)
    say(f"attribution.npz: {len(data)} bytes")


def _lessons(page: Page, field: str) -> Iterator[Lesson]:
    places, candidates = Places(page.discourse), CANDIDATES[field](page.discourse)
    for judged, found in page.figures:
        figure, wanted = FigureStanding.of(found, page.discourse), getattr(judged, field)
        rows = np.array(weighed(field, found, figure, places, candidates), dtype=np.float32)
        right = [wanted is not None and agrees(field, wanted, one.value) for one in candidates]
        yield Lesson(page.fold, page.language, wanted is None, rows, right)


def fitted(field: str, lessons: list[Lesson], wrong: float, shape: Shape = SHAPE) -> Chooser:
    """The chooser of a field, its threshold the lowest at which no larger share is given wrongly."""
    choices: list[Choice] = []
    for fold in range(FOLDS):
        learned = _learned([one for one in lessons if one.fold != fold], shape)
        choices += [_choice(one, learned) for one in lessons if one.fold == fold]
    threshold = threshold_for(wrong, choices)
    tell(field, choices, threshold)
    return replace(_learned(lessons, shape), threshold=threshold)


def _choice(lesson: Lesson, learned: Chooser) -> Choice:
    if not lesson.right:
        return Choice(lesson.language, 0.0, False, lesson.null)
    chances = learned.probabilities(lesson.rows)
    best = int(chances.argmax())
    return Choice(lesson.language, float(chances[best]), (lesson.passes or lesson.right)[best], lesson.null)


def _learned(lessons: list[Lesson], shape: Shape) -> Chooser:
    offered = [one for one in lessons if one.right]
    rows, right = np.vstack([one.rows for one in offered]), np.array([right for one in offered for right in one.right])
    return boosted(rows, right, depth=shape.depth, trees=shape.trees, least=shape.least)


if __name__ == "__main__":
    main()
