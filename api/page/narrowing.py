"""The filters beside a list: each value with its count, and the address that sets or unsets it.

Owns what a value is called; counts nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from api.page.addresses import LISTS, SearchState
from api.service.parts import Records
from api.service.schemas import FacetCount, SearchResponse

# So many sources, the commonest, are called by their titles; the others by their names in the base.
_TITLED_SOURCES = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: its count, whether it is set, the address that sets or unsets it, and what to call it
    (null: by its value)."""

    value: str
    count: int
    chosen: bool
    address: str
    label: str | None = None


def facets(found: SearchResponse, state: SearchState, records: Records) -> Mapping[str, tuple[Choice, ...]]:
    """The choices of every facet of a list, by its name."""
    counts: dict[str, Sequence[FacetCount]] = {
        name: found.facets.get(name, ()) for name in ("topic", "language", "source", "format")
    }
    counts["subtopic"] = (*found.facets.get("subtopic", ()), *found.facets.get("stage", ()))
    counts["has_statistic"] = [one for one in found.facets.get("has_statistic", ()) if one.value == "true"]
    counts["year"] = sorted(found.facets.get("year", ()), key=lambda one: one.value, reverse=True)
    choices = {name: _choices(name, counted, state) for name, counted in counts.items()}
    sources = choices["source"]
    called = records.titles([one.value for one in sources[:_TITLED_SOURCES]])
    return {**choices, "source": tuple(replace(one, label=called.get(one.value)) for one in sources)}


def _choices(name: str, counts: Sequence[FacetCount], state: SearchState) -> tuple[Choice, ...]:
    listed = {one.value for one in counts}
    set_here = state.chosen.get(name, ()) if name in LISTS else ()
    gone = [FacetCount(value, 0) for value in set_here if value not in listed]
    return tuple(
        Choice(one.value, one.count, state.has(name, one.value), state.toggled(name, one.value).address())
        for one in [*counts, *gone]
    )
