"""Makes ``mention_weights.tsv`` and ``attribution.npz`` of ``ingest/data`` from the judged documents there: the choice
of who measured a figure, when, and how many were asked.

Run after grammar, candidates or features change: ``python -m bench.fit_attribution``. Needs scikit-learn (dev). The
same data, the same files. First what the words around a mention weigh, then trees over these sums and the features of
place; for a document of the fold that is left out the sums are of the other folds, and so are thresholds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from bench.boosting import boosted
from bench.judged_pages import DATA, FOLDS, Choice, Page, PageKind, judged_pages, tell, threshold_for
from bench.output import say
from bench.signs import Taught, weights_of
from index.evaluate.figures.attributions import JudgedFigure, agrees
from ingest.studies.attributing import CANDIDATES, weighed
from ingest.studies.candidates import Candidate
from ingest.studies.choosing import chooser
from ingest.studies.choosing.chooser import AGAIN, SHORT, Chooser, company
from ingest.studies.choosing.places import FigureStanding, Places
from ingest.studies.choosing.wording import WEIGHTS, SignWeights, signs_between, signs_of, signs_of_figure
from kb.records.ports import FloatArray
from kb.records.statistic import Period


@dataclass(frozen=True, slots=True)
class Shape:
    """How deep the trees are, how many, the fewest pairs in a leaf; how loosely signs are let in; and the shares
    of figures that may be given wrongly in either language, of documents and of paragraphs not learned from."""

    depth: int
    trees: int
    least: int
    looseness: float
    wrong: float
    wrong_short: float


FIELDS = {
    "source": Shape(depth=5, trees=120, least=40, looseness=1.0, wrong=0.03, wrong_short=0.07),
    "period": Shape(depth=5, trees=120, least=10, looseness=1.0, wrong=0.02, wrong_short=0.03),
    "sample_size": Shape(depth=4, trees=80, least=40, looseness=1.0, wrong=0.02, wrong_short=0.04),
}


@dataclass(frozen=True, slots=True)
class Matter:
    """A document for one field: its candidates, the signs of mentions and figures with whether what they weigh for is
    so (by the names of ``SignWeights``), and per figure which candidates are right and which may pass."""

    page: Page
    candidates: list[Candidate]
    taught: dict[str, list[tuple[list[str], bool]]]
    right: list[tuple[list[bool], list[bool]]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A figure with its candidates for a field: a row of features each, which are the judged one, and which do where
    the threshold is taken."""

    page: int
    kind: PageKind
    fold: int
    language: str
    null: bool
    rows: FloatArray
    right: list[bool]
    passes: list[bool]


def main() -> None:
    """Write the files and say what they give on documents not learned from."""
    pages = list(judged_pages())
    made: dict[str, Chooser] = {}
    told: list[str] = []
    for field, shape in FIELDS.items():
        matters = [_matter(page, field) for page in pages]
        made |= fitted(field, list(lessons(field, matters, shape)), shape)
        weights = _weights(matters, shape)
        for kind in SignWeights.__slots__:
            mine: Mapping[str, float] = getattr(weights, kind)
            told += [f"{field}\t{kind}\t{sign}\t{weight:g}\n" for sign, weight in mine.items()]
            say(f"{field}, {kind}: {len(mine)} signs")
    WEIGHTS.write_text("".join(told), encoding="utf-8")
    data = chooser.to_bytes(made)
    (DATA / "attribution.npz").write_bytes(data)
    say(f"attribution.npz: {len(data)} bytes")


def _matter(page: Page, field: str) -> Matter:
    candidates = CANDIDATES[field](page.discourse)
    right = [_RIGHT.get(field, _agreeing(field))(judged, candidates) for judged, _ in page.figures]
    taught: dict[str, list[tuple[list[str], bool]]] = {kind: [] for kind in SignWeights.__slots__}
    for place, one in enumerate(candidates):
        measured = any(these[place] for these, _ in right)
        for mention in one.mentions:
            line = page.discourse.lines[mention.line]
            taught["mention"].append((list(signs_of(line, mention.at, mention.stop, mention.form)), measured))
    for (_, found), (these, _) in zip(page.figures, right, strict=True):
        figure = FigureStanding.of(found, page.discourse)
        line, characters = page.discourse.lines[figure.line], (figure.at, figure.stop)
        taught["none"].append((list(signs_of_figure(line, *characters)), not any(these)))
        for one, mine in zip(candidates, these, strict=True):
            for mention in one.mentions:
                if mention.line == figure.line:
                    taught["beside"].append((list(signs_between(line, (mention.at, mention.stop), characters)), mine))
    return Matter(page, candidates, taught, right)


_Judge = Callable[[JudgedFigure, Sequence[Candidate]], tuple[list[bool], list[bool]]]


def _agreeing(field: str) -> _Judge:
    def judge(judged: JudgedFigure, candidates: Sequence[Candidate]) -> tuple[list[bool], list[bool]]:
        wanted = getattr(judged, field)
        right = [wanted is not None and agrees(field, wanted, one.value) for one in candidates]
        return right, right

    return judge


def _of_the_period(judged: JudgedFigure, candidates: Sequence[Candidate]) -> tuple[list[bool], list[bool]]:
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


_RIGHT: dict[str, _Judge] = {"period": _of_the_period}


def _weights(matters: Iterable[Matter], shape: Shape) -> SignWeights:
    kept = [one for one in matters if one.page.kind is PageKind.WHOLE]
    made = []
    for kind in SignWeights.__slots__:
        rows = [Taught(one.page.origin, signs, so) for one in kept for signs, so in one.taught[kind]]
        made.append(weights_of(rows, shape.looseness))
    return SignWeights(*made)


def lessons(field: str, matters: Sequence[Matter], shape: Shape) -> Iterator[Lesson]:
    """The lessons of a field, the words of each document weighed by what the other folds have taught."""
    for fold in range(FOLDS):
        weights = _weights((one for one in matters if one.page.fold != fold), shape)
        for one in matters:
            if one.page.fold == fold:
                yield from _lessons(field, one, weights)


def _lessons(field: str, matter: Matter, weights: SignWeights) -> Iterator[Lesson]:
    page, candidates = matter.page, matter.candidates
    places = Places(page.discourse)
    for (judged, found), (right, passes) in zip(page.figures, matter.right, strict=True):
        figure = FigureStanding.of(found, page.discourse)
        rows = np.array(weighed(field, found, figure, places, candidates, weights), dtype=np.float32)
        null = getattr(judged, field) is None and (field != "period" or judged.year is None)
        null = null or (page.kind is PageKind.PART and not any(right))
        yield Lesson(id(page), page.kind, page.fold, page.language, null, rows, right, passes)


def fitted(field: str, told: Sequence[Lesson], shape: Shape) -> dict[str, Chooser]:
    """Both looks of a field for documents, learned from documents, and for short texts, learned from all."""
    documents = [one for one in told if one.kind is PageKind.WHOLE]
    whole = _looks(field, documents, shape, PageKind.WHOLE, shape.wrong)
    return whole | {
        SHORT + name: one for name, one in _looks(field, told, shape, PageKind.PARAGRAPH, shape.wrong_short).items()
    }


def _looks(field: str, told: Sequence[Lesson], shape: Shape, kind: PageKind, wrong: float) -> dict[str, Chooser]:
    """Both looks of a field, the threshold of the second the lowest at which no larger share is given wrongly of the
    texts of this kind."""
    again = list(_with_company(told, shape))
    choices: list[Choice] = []
    for fold in range(FOLDS):
        learned = _learned([one for one in again if one.fold != fold], shape)
        choices += [_choice(one, learned) for one in again if one.fold == fold and one.kind is kind]
    threshold = threshold_for(wrong, choices)
    tell(f"{field}, {kind}", choices, threshold)
    return {field: _learned(told, shape), AGAIN + field: replace(_learned(again, shape), threshold=threshold)}


def _with_company(told: Sequence[Lesson], shape: Shape) -> Iterator[Lesson]:
    """The lessons with what a first look that did not learn from their fold chose for the document's other figures."""
    for fold in range(FOLDS):
        learned = _learned([one for one in told if one.fold != fold], shape)
        for _, page in groupby((one for one in told if one.fold == fold), key=lambda one: one.page):
            figures = list(page)
            if not figures[0].right:
                yield from figures
                continue
            rows = np.vstack([one.rows for one in figures])
            other = company(learned.probabilities(rows).reshape(len(figures), -1))
            parts = np.split(np.hstack([rows, other]), len(figures))
            yield from (replace(one, rows=mine) for one, mine in zip(figures, parts, strict=True))


def _choice(lesson: Lesson, learned: Chooser) -> Choice:
    if not lesson.right:
        return Choice(lesson.language, 0.0, False, lesson.null)
    chances = learned.probabilities(lesson.rows)
    best = int(chances.argmax())
    return Choice(lesson.language, float(chances[best]), lesson.passes[best], lesson.null)


def _learned(told: Sequence[Lesson], shape: Shape) -> Chooser:
    offered = [one for one in told if one.right]
    rows, right = np.vstack([one.rows for one in offered]), np.array([right for one in offered for right in one.right])
    return boosted(rows, right, depth=shape.depth, trees=shape.trees, least=shape.least)


if __name__ == "__main__":
    main()
