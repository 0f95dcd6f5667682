"""Hits with the members that a caller names and no others, for who pays by the byte and wants another choice than the
short form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Any, get_type_hints

from api.service.schemas import SearchResponse, to_wire
from kb.records.errors import InputError, nearest
from kb.records.messages import say
from kb.records.search import Hit


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
