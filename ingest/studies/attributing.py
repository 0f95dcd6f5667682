"""Who measured a figure and when, chosen from the whole document by the trained chooser.

What the grammar of the sentences gives is one of its features: it may be kept, replaced or dropped. A source that the
figure's own sentence names ("According to …") is only replaced: on judged documents dropping it lost more right ones
than wrong ones. A choice below its threshold is null. Each field given says where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from ingest.studies.candidates import Candidate, organisations, periods, telling
from ingest.studies.chooser import Chooser, shipped
from ingest.studies.discourse import Discourse, where_found
from ingest.studies.places import FigureStanding, Places
from kb.records.document import FieldOrigin
from kb.records.messages import say
from kb.records.statistic import Period, Statistic

CANDIDATES: dict[str, Callable[[Discourse], list[Candidate]]] = {
    "source": organisations,
    "period": periods,
}
_ORIGINS = ("sentence", "document: next sentence", "document: previous sentence", "document: previous paragraph")
_TOGETHER = {"source": ("source", "study"), "period": ("period", "year")}
COLUMN = "document: heading of the column"
"""Where the year of a table's column is found; no other is chosen for its figures."""
MAX_PAIRS = 40_000
"""Figures times candidates weighed in a document; a directory of names has more, keeps its nulls and says so."""


def attributed(statistics: Sequence[Statistic], discourse: Discourse) -> tuple[list[Statistic], tuple[str, ...]]:
    """The statistics with the source and period that the chooser is sure of, null where it is sure of none, and a note
    for each field that was left as the grammar read it because the document names too many for MAX_PAIRS.

    It has learned from documents whose publisher is known; a bare text stays as the grammar reads it.
    """
    if not statistics or discourse.document.publisher is None:
        return list(statistics), ()
    notes: list[str] = []
    places, done = Places(discourse), list(statistics)
    figures = [FigureStanding.of(one, discourse) for one in statistics]
    for field, chooser in choosers().items():
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
            choice = candidates[best] if odds[number, best] >= chooser.threshold else None
            done[number] = _given(done[number], field, choice, discourse, figures[number])
    return done, tuple(notes)


def choosers() -> dict[str, Chooser]:
    """The chooser of each field that has candidates."""
    known = shipped() | shipped("periods")
    return {field: known[field] for field in CANDIDATES}


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


def _is(given: str | Period | None, value: str | Period) -> bool:
    """Whether a candidate is what the grammar gave: the same stretch of time, or a name within the other."""
    if isinstance(given, Period) and isinstance(value, Period):
        return (given.start, given.end) == (value.start, value.end)
    if not isinstance(given, str) or not isinstance(value, str):
        return False
    mine, theirs = telling(given), telling(value)
    return bool(mine) and bool(theirs) and (mine <= theirs or theirs <= mine)


def _given(
    statistic: Statistic, field: str, choice: Candidate | None, discourse: Discourse, figure: FigureStanding
) -> Statistic:
    """The statistic with this choice for a field and where it was found; of an organisation also its study, of a period
    its year."""
    if choice is not None and _is(getattr(statistic, field), choice.value):
        return statistic
    if FieldOrigin(field, COLUMN) in statistic.origins:
        return statistic
    if choice is None and FieldOrigin(field, "sentence") in statistic.origins and field == "source":
        return statistic
    dropped = _TOGETHER[field]
    origins = tuple(one for one in statistic.origins if one.field not in dropped)
    if choice is None:
        bare = replace(statistic, origins=origins)
        return replace(bare, source=None, study=None) if field == "source" else replace(bare, period=None, year=None)
    where = _where(choice, discourse, figure)
    if isinstance(choice.value, Period):
        return replace(
            statistic, period=choice.value, year=choice.value.year, origins=(*origins, *_found(dropped, where))
        )
    named = dropped if choice.study is not None else dropped[:1]
    return replace(statistic, source=choice.value, study=choice.study, origins=(*origins, *_found(named, where)))


def _found(fields: Sequence[str], where: str) -> Iterator[FieldOrigin]:
    return (FieldOrigin(field, where) for field in fields)


def _where(choice: Candidate, discourse: Discourse, figure: FigureStanding) -> str:
    """In words of the record: the sentence, an earlier or later one, the headline, a note, or the document's data."""
    if not choice.mentions:
        return "document: metadata"
    nearest = min(choice.mentions, key=lambda one: (abs(one.line - figure.line), one.line))
    return where_found(discourse, figure.line, nearest.line)
