"""The filters beside a list: each value with its count, and the address that sets or unsets it.

Owns what a value is called; counts nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from api.page.addresses import LISTS, SearchState
from api.service.schemas import FacetCount, SearchResponse
from kb.store import Store
from kb.store.remembering import Remembered

# So many sources, the commonest, are called by their titles; the others by their names in the base.
TITLED_SOURCES = 20
_TITLES_KEPT = 4_096


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: its count, whether it is set, the address that sets or unsets it, and what to call it
    (null: by its value)."""

    value: str
    count: int
    chosen: bool
    address: str
    label: str | None = None


class SourceTitles:
    """What sources are called, kept while documents are only added: reading twenty documents for their titles was a
    fifth of a list."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._titles: Remembered[str, str] = Remembered(store.rewritten, _TITLES_KEPT)

    def of(self, source_ids: Sequence[str]) -> dict[str, str]:
        """The titles of these sources; one without a title is called by its name."""
        return self._titles.get(source_ids, self._read)

    def _read(self, source_ids: list[str]) -> dict[str, str]:
        return {source_id: self._title(source_id) or source_id for source_id in source_ids}

    def _title(self, source_id: str) -> str | None:
        known = self._store.known(source_id)
        document = self._store.current_with_bytes(known[0]) if known else None
        return document.title if document else None


def facets(found: SearchResponse, state: SearchState, titles: SourceTitles) -> Mapping[str, tuple[Choice, ...]]:
    """The choices of every facet of a list, by its name."""
    counts: dict[str, Sequence[FacetCount]] = {
        name: found.facets.get(name, ()) for name in ("topic", "language", "source", "format")
    }
    counts["subtopic"] = (*found.facets.get("subtopic", ()), *found.facets.get("stage", ()))
    counts["has_statistic"] = [one for one in found.facets.get("has_statistic", ()) if one.value == "true"]
    counts["year"] = sorted(found.facets.get("year", ()), key=lambda one: one.value, reverse=True)
    choices = {name: _choices(name, counted, state) for name, counted in counts.items()}
    sources = choices["source"]
    called = titles.of([one.value for one in sources[:TITLED_SOURCES]])
    return {**choices, "source": tuple(replace(one, label=called.get(one.value)) for one in sources)}


def _choices(name: str, counts: Sequence[FacetCount], state: SearchState) -> tuple[Choice, ...]:
    listed = {one.value for one in counts}
    set_here = state.chosen.get(name, ()) if name in LISTS else ()
    gone = [FacetCount(value, 0) for value in set_here if value not in listed]
    return tuple(
        Choice(one.value, one.count, state.has(name, one.value), state.toggled(name, one.value).address())
        for one in [*counts, *gone]
    )
