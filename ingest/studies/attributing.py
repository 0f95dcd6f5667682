"""Who measured a figure, when, and how many were asked, chosen from the whole document by the trained chooser.

What the grammar of the sentences gives is one of its features: it is kept where nothing else is sure and the chooser
does not find it unlikely. A choice below its threshold is null. Each field given says where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ingest.studies.candidates import Candidate, organisations, sizes, telling, years
from ingest.studies.chooser import shipped
from ingest.studies.discourse import Discourse, where_found
from ingest.studies.places import FigureStanding, Places
from kb.records.document import FieldOrigin
from kb.records.messages import say
from kb.records.ports import FloatArray
from kb.records.statistic import Statistic

CANDIDATES: dict[str, Callable[[Discourse], list[Candidate]]] = {
    "source": organisations,
    "year": years,
    "sample_size": sizes,
}
_ORIGINS = ("sentence", "document: next sentence", "document: previous sentence", "document: previous paragraph")
MAX_PAIRS = 40_000
"""Figures times candidates weighed in a document; a directory of names has more, keeps its nulls and says so."""
FEWEST_LINES = 6
"""Title, headings and sentences of a document, nine in ten of those learned from have more."""
_UNLIKELY = 0.2
"""Below this probability what the grammar gave is dropped. On the documents learned from, each judged by a chooser that
had not seen it: from no limit to this one .01 to .03 fewer wrong sources, as many right ones; .3 began to lose some."""


def attributed(statistics: Sequence[Statistic], discourse: Discourse) -> tuple[list[Statistic], tuple[str, ...]]:
    """The statistics with the source, year and sample size that the chooser is sure of, null where it is sure of none,
    and a note for each field that was left as the grammar read it because the document names too many for MAX_PAIRS.

    It has learned from whole documents; a text of fewer than FEWEST_LINES stays as the grammar reads it.
    """
    if not statistics or len(discourse.lines) < FEWEST_LINES:
        return list(statistics), ()
    notes: list[str] = []
    places, done = Places(discourse), list(statistics)
    figures = [FigureStanding.of(one, discourse) for one in statistics]
    for field, chooser in shipped().items():
        candidates = CANDIDATES[field](discourse)
        if not candidates:
            continue
        if len(figures) * len(candidates) > MAX_PAIRS:
            notes.append(say("too_many_names_to_choose_from", field=field, figures=len(figures), count=len(candidates)))
            continue
        rows = [row for one, figure in zip(statistics, figures, strict=True)
                for row in weighed(field, one, figure, places, candidates)]  # fmt: skip
        odds = chooser.probabilities(np.array(rows, dtype=np.float32)).reshape(len(figures), len(candidates))
        for number, best in enumerate(odds.argmax(axis=1).tolist()):
            if odds[number, best] >= chooser.threshold:
                done[number] = _given(done[number], field, candidates[best], discourse, figures[number])
            elif not _is_likely(getattr(statistics[number], field), candidates, odds[number]):
                done[number] = _without(done[number], field)
    return done, tuple(notes)


def weighed(
    field: str, statistic: Statistic, figure: FigureStanding, places: Places, candidates: Sequence[Candidate]
) -> list[list[float]]:
    """A row of features a candidate: the figure's, the pair's, and whether the grammar of the sentences gave it."""
    given = getattr(statistic, field)
    origin = next((one.origin for one in statistic.origins if one.field == field), "")
    told = [float(given is not None), float(_ORIGINS.index(origin)) if origin in _ORIGINS else -1.0]
    own = [*places.figure(figure), *told]
    pairs = places.pairs(figure, candidates)
    return [[*own, *pair, float(_is(given, one.value))] for pair, one in zip(pairs, candidates, strict=True)]


def _is(given: str | int | None, value: str | int) -> bool:
    """Whether a candidate is what the grammar gave: the same year, or a name within the other."""
    if given is None or isinstance(given, int) or isinstance(value, int):
        return given == value
    mine, theirs = telling(given), telling(value)
    return bool(mine) and bool(theirs) and (mine <= theirs or theirs <= mine)


def _is_likely(given: str | int | None, candidates: Sequence[Candidate], odds: FloatArray) -> bool:
    """Whether what the grammar gave is no unlikely one of the candidates."""
    return any(_is(given, one.value) and chance >= _UNLIKELY for one, chance in zip(candidates, odds, strict=True))


def _given(
    statistic: Statistic, field: str, choice: Candidate, discourse: Discourse, figure: FigureStanding
) -> Statistic:
    """The statistic with this choice for a field and where it was found; of an organisation also its study."""
    if _is(getattr(statistic, field), choice.value):
        return statistic
    where, bare = _where(choice, discourse, figure), _without(statistic, field)
    found: tuple[FieldOrigin, ...] = (FieldOrigin(field, where),)
    if field != "source":
        return replace(_with(bare, field, int(choice.value)), origins=(*bare.origins, *found))
    if choice.study is not None:
        found = (*found, FieldOrigin("study", where))
    return replace(bare, source=str(choice.value), study=choice.study, origins=(*bare.origins, *found))


def _without(statistic: Statistic, field: str) -> Statistic:
    """The statistic without a field; without its source it has no study."""
    dropped = ("source", "study") if field == "source" else (field,)
    bare = replace(statistic, origins=tuple(one for one in statistic.origins if one.field not in dropped))
    return replace(bare, source=None, study=None) if field == "source" else _with(bare, field, None)


def _with(statistic: Statistic, field: str, number: int | None) -> Statistic:
    return replace(statistic, year=number) if field == "year" else replace(statistic, sample_size=number)


def _where(choice: Candidate, discourse: Discourse, figure: FigureStanding) -> str:
    """In words of the record: the sentence, an earlier or later one, the headline, a note, or the document's data."""
    if not choice.mentions:
        return "document: metadata"
    nearest = min(choice.mentions, key=lambda one: (abs(one.line - figure.line), one.line))
    return where_found(discourse, figure.line, nearest.line)
