"""Makes ``ingest/data/periods.npz`` from the judged documents of ``ingest/data``: the time that a figure is of.

Run after the grammar of periods or features change: ``python -m bench.fit_periods``. Needs scikit-learn (dev). The
same data, the same file. The threshold is taken from documents not learned from, six folds by document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bench.fit_attribution import Lesson, Shape, fitted
from bench.judged_pages import DATA, Page, judged_pages
from bench.output import say
from index.evaluate.figures.attributions import JudgedFigure, agrees
from ingest.studies import chooser
from ingest.studies.attributing import CANDIDATES, weighed
from ingest.studies.candidates import Candidate
from ingest.studies.places import FigureStanding, Places
from kb.records.statistic import Period

WRONG = 0.02
"""The share of figures that a period may be given wrongly, on documents not learned from (see ``fit_attribution``)."""
SHAPE = Shape(depth=5, trees=120, least=10)


def main() -> None:
    """Write the file and say what it gives on documents not learned from."""
    lessons = [lesson for page in judged_pages() for lesson in _lessons(page)]
    data = chooser.to_bytes({"period": fitted("period", lessons, WRONG, SHAPE)})
    (DATA / "periods.npz").write_bytes(data)
    say(f"periods.npz: {len(data)} bytes")


def _lessons(page: Page) -> Iterator[Lesson]:
    places, candidates = Places(page.discourse), CANDIDATES["period"](page.discourse)
    for judged, found in page.figures:
        figure = FigureStanding.of(found, page.discourse)
        rows = np.array(weighed("period", found, figure, places, candidates), dtype=np.float32)
        null = judged.period is None and judged.year is None
        yield Lesson(page.fold, page.language, null, rows, *_right(judged, candidates))


def _right(judged: JudgedFigure, candidates: Sequence[Candidate]) -> tuple[list[bool], list[bool]]:
    """Which candidates are the judged period: of its year, and of its words where some of that year are; and which may
    pass for it, since their year is right and a forecast's or that of two years is not served."""
    told = [one.value for one in candidates if isinstance(one.value, Period)]
    worded = [agrees("period", judged.period, one) for one in told]
    if judged.year is None:
        same = [judged.period is not None and mine for mine in worded]
        return same, [mine or one.year is None for mine, one in zip(same, told, strict=True)]
    yeared = [judged.year in (int(one.start[:4]), int(one.end[:4])) for one in told]
    both = [mine and of_it for mine, of_it in zip(worded, yeared, strict=True)]
    year = [one.year == judged.year for one in told]
    return both if any(both) else year, [one.year in (judged.year, None) for one in told]


if __name__ == "__main__":
    main()
