"""Records in their shortest form: what a small screen, or an agent that pays by the character, needs to go on from; and
hits with the members that a caller names and no others.

Nothing is cut: a quote is the whole sentence, and its passage's id opens the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Any, get_type_hints

from api.service.schemas import CitedStatistic, SearchResponse, to_wire
from kb.records.errors import InputError, nearest
from kb.records.language import Language
from kb.records.likeness import like
from kb.records.messages import say
from kb.records.search import Hit
from kb.records.statistic import Kind


@dataclass(frozen=True, slots=True)
class BriefHit:
    """A hit as the sentence that matched, and where it is from."""

    rank: int
    passage_id: str
    quote: str
    language: Language
    title: str | None
    publisher: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class BriefResponse:
    """A page of hits in their short form."""

    searched: int | None
    total: int
    hits: tuple[BriefHit, ...]
    next: str | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefStatistic:
    """A figure with its sentence, who measured it of whom and when, and where it is from."""

    id: str
    raw: str
    value: str | None
    kind: Kind
    quote: str
    population: str | None
    measured_by: str | None
    year: int | None
    passage_id: str
    title: str | None
    also_in: int


def brief_hits(hits: Iterable[Hit]) -> tuple[BriefHit, ...]:
    """The hits in their short form."""
    return tuple(
        like(
            BriefHit,
            hit.document,
            rank=hit.rank,
            quote=hit.citation.quote,
            passage_id=hit.passage.id,
            language=hit.passage.language,
        )
        for hit in hits
    )


def brief_response(found: SearchResponse) -> BriefResponse:
    """The page in its short form."""
    return like(BriefResponse, found, hits=brief_hits(found.hits))


def brief_statistics(figures: Iterable[CitedStatistic]) -> tuple[BriefStatistic, ...]:
    """The figures in their short form; ``also_in`` counts the other places that state the same."""
    return tuple(
        like(
            BriefStatistic,
            one.statistic,
            value=None if one.statistic.value is None else str(one.statistic.value),
            measured_by=one.statistic.source,
            title=one.citation.document.title,
            also_in=len(one.also_in),
        )
        for one in figures
    )


@dataclass(frozen=True, slots=True)
class SelectedResponse:
    """A page of hits, each with the members that were asked for, in the places that they have in a whole hit."""

    searched: int | None
    total: int
    hits: tuple[dict[str, Any], ...]
    next: str | None
    notes: tuple[str, ...]


def selected_response(found: SearchResponse, names: Sequence[str]) -> SelectedResponse:
    """The page with these members of its hits alone: "rank", "citation" whole, "passage.id" of one. InputError, with
    the nearest name, for one that a hit does not have."""
    for name in names:
        if name not in _members():
            raise InputError(say("field", field=name), say("is_not_known_here"), nearest(name, sorted(_members())))
    hits = tuple(_selected(to_wire(hit), names) for hit in found.hits)
    return SelectedResponse(found.searched, found.total, hits, found.next, found.notes)


@cache
def _members() -> frozenset[str]:
    return frozenset(_names(Hit))


def _names(record: type[Any], before: str = "") -> Iterator[str]:
    for name, kind in get_type_hints(record).items():
        yield before + name
        if is_dataclass(kind) and isinstance(kind, type):
            yield from _names(kind, f"{before}{name}.")


def _selected(record: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for name in names:
        *path, last = name.split(".")
        place, value = chosen, record
        for step in path:
            place, value = place.setdefault(step, {}), value[step]
        place[last] = value[last]
    return chosen
