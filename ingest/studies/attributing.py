"""The fields that a figure's own sentences leave open, chosen from the whole document by the trained chooser.

What the figure's own sentence says, or rightly leaves open (a forecast's year, another's study), is the grammar's to
read; a choice below its threshold stays null. Each field given says where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ingest.studies.candidates import Candidate, organisations, years
from ingest.studies.chooser import Chooser, shipped
from ingest.studies.discourse import Discourse, Role
from ingest.studies.places import FigurePlace, Places
from kb.records.document import FieldOrigin
from kb.records.messages import say
from kb.records.statistic import Statistic

CANDIDATES: dict[str, Callable[[Discourse], list[Candidate]]] = {
    "source": organisations,
    "year": years,
}
MAX_PAIRS = 40_000
"""Figures times candidates weighed in a document; a directory of names has more, keeps its nulls and says so."""


def attributed(statistics: Sequence[Statistic], discourse: Discourse) -> tuple[list[Statistic], tuple[str, ...]]:
    """The statistics with what the chooser is sure of in the place of nulls, and a note for each field that was left
    open because the document names too many for MAX_PAIRS.

    It has learned from documents whose publisher is known; a bare text stays as the grammar reads it.
    """
    open_ones = [one for one in statistics if None in (one.source, one.year)]
    if not open_ones or discourse.document.publisher is None:
        return list(statistics), ()
    notes: list[str] = []
    places, done = Places(discourse), {one.id: one for one in statistics}
    figures = {one.id: FigurePlace.of(one, discourse) for one in open_ones}
    for field, chooser in shipped().items():
        asked = [one for one in open_ones if getattr(one, field) is None]
        candidates = CANDIDATES[field](discourse)
        if not asked or not candidates:
            continue
        if len(asked) * len(candidates) > MAX_PAIRS:
            notes.append(say("too_many_names_to_choose_from", field=field, figures=len(asked), count=len(candidates)))
            continue
        chosen = _chosen(chooser, places, [figures[one.id] for one in asked], candidates)
        for one, choice in zip(asked, chosen, strict=True):
            if choice is not None and not choice.stands_in(figures[one.id].line):
                done[one.id] = _given(done[one.id], field, choice, discourse, figures[one.id])
    return [done[one.id] for one in statistics], tuple(notes)


def _chosen(
    chooser: Chooser, places: Places, figures: Sequence[FigurePlace], candidates: Sequence[Candidate]
) -> list[Candidate | None]:
    """For each figure the likeliest candidate, or null below the threshold."""
    own = [(figure, places.figure(figure)) for figure in figures]
    rows = [[*features, *pair] for figure, features in own for pair in places.pairs(figure, candidates)]
    odds = chooser.probabilities(np.array(rows, dtype=np.float32)).reshape(len(figures), len(candidates))
    best = odds.argmax(axis=1)
    return [
        candidates[place] if odds[number, place] >= chooser.threshold else None for number, place in enumerate(best)
    ]


def _given(statistic: Statistic, field: str, choice: Candidate, discourse: Discourse, figure: FigurePlace) -> Statistic:
    """The statistic with a field and where it was found; of an organisation also its study."""
    where = _where(choice, discourse, figure)
    origins = [*statistic.origins, FieldOrigin(field, where)]
    if field == "source" and choice.study is not None and statistic.study is None:
        statistic = replace(statistic, study=choice.study)
        origins.append(FieldOrigin("study", where))
    if field == "source":
        return replace(statistic, source=str(choice.value), origins=tuple(origins))
    return replace(statistic, year=int(choice.value), origins=tuple(origins))


def _where(choice: Candidate, discourse: Discourse, figure: FigurePlace) -> str:
    """In words of the record: the sentence, an earlier or later one, the headline, a note, or the document's data."""
    if not choice.mentions:
        return "document: metadata"
    nearest = min(choice.mentions, key=lambda one: (abs(one.line - figure.line), one.line))
    role = discourse.lines[nearest.line].role
    if role in (Role.TITLE, Role.HEADING):
        return "document: headline"
    if role is Role.NOTE:
        return "document: note"
    return "document: previous sentence" if nearest.line < figure.line else "document: next sentence"
