"""The filters beside a list: each value with its count, the address that sets or unsets it, and which of those that are
set leaves an empty list empty.

Counts nothing itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from api.page.addresses import LISTS, Chosen, SearchState
from api.service.parts import Records
from api.service.schemas import FacetCount, SearchResponse

# So many sources, the commonest, are called by their titles; the others by their names in the base.
_TITLED_SOURCES = 20
# Bounds that are one condition to a reader.
_PAIRS = {"year_from": "year", "year_to": "year", "min": "value", "max": "value"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: its count, whether it is set, the address that sets or unsets it, and what to call it
    (null: by its value)."""

    value: str
    count: int
    chosen: bool
    address: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class SetFilter:
    """A filter that is set: its values (a lower and an upper bound of years or values, either may be ""), how many
    records the list has without it, and the address of that list."""

    name: str
    values: tuple[str, ...]
    without: int
    address: str


def set_filters(
    chosen: Chosen, count: Callable[[Chosen], int], address: Callable[[Chosen], str]
) -> tuple[SetFilter, ...]:
    """The filters that are set, those without which the list is longest first."""
    names = dict.fromkeys(_PAIRS.get(name, name) for name, value in chosen.items() if value)
    found = []
    for name in names:
        own = [one for one in chosen if _PAIRS.get(one, one) == name]
        values = [chosen[one] for one in own]
        rest = {one: value for one, value in chosen.items() if one not in own}
        shown = values[0] if isinstance(values[0], tuple) else tuple(str(value) for value in values)
        found.append(SetFilter(name, shown, count(rest), address(rest)))
    return tuple(sorted(found, key=lambda one: -one.without))


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
