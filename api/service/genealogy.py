"""Where a figure comes from and what became of it: the places that state it, the first one first, what each changed,
and the figures that measure the same and differ.

Owns what counts as a change. Which figures are the same is decided in ``index.search.same_figure``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from api.service.copy_ready import is_author
from api.service.hits import cite_span
from index.search.figure_finding import FigureClaim
from kb.records.search import Citation
from kb.records.statistic import Comparator, Statistic
from kb.store import Store
from kb.words.tokens import tokenize


class FigureChange(Enum):
    """What a place tells otherwise than the first one."""

    YEAR_LOST = "year_lost"
    YEAR_CHANGED = "year_changed"
    HEDGE_LOST = "hedge_lost"
    HEDGE_CHANGED = "hedge_changed"
    SOURCE_LOST = "source_lost"
    SOURCE_CHANGED = "source_changed"
    POPULATION_LOST = "population_lost"
    POPULATION_WIDENED = "population_widened"
    POPULATION_CHANGED = "population_changed"
    SAMPLE_LOST = "sample_lost"
    SAMPLE_CHANGED = "sample_changed"
    VALUE_CHANGED = "value_changed"


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """A place that states a figure, with its citation and what it tells otherwise than the first place."""

    statistic: Statistic
    citation: Citation
    changes: tuple[FigureChange, ...]


@dataclass(frozen=True, slots=True)
class FigureHistory:
    """A figure through the base. ``places`` are all that state it, the measurer's own document first, else the one
    published first; ``differing`` are figures of another value that measure the same, with what differs."""

    statistic_id: str
    places: tuple[ClaimPlace, ...]
    differing: tuple[ClaimPlace, ...]


def history_of(store: Store, statistic_id: str, claim: FigureClaim) -> FigureHistory:
    """The history of a figure from its claim."""
    cited = [(one, _citation(store, one)) for one in claim.places]
    cited.sort(key=lambda pair: _age(*pair))
    first = cited[0][0]
    others = [(one, _citation(store, one)) for one in claim.differing]
    return FigureHistory(statistic_id, _places(first, cited), _places(first, others))


def _places(first: Statistic, cited: Sequence[tuple[Statistic, Citation]]) -> tuple[ClaimPlace, ...]:
    return tuple(ClaimPlace(one, citation, changes(first, one)) for one, citation in cited)


def _citation(store: Store, statistic: Statistic) -> Citation:
    passage = store.passage(statistic.passage_id)
    return cite_span(store.document(passage.document_id), passage, statistic.quote_span)


def _age(statistic: Statistic, citation: Citation) -> tuple[bool, str, str]:
    """The measurer's own document before others, the earlier before the later, those without a date last."""
    document = citation.document
    own = statistic.source is not None and is_author(statistic.source, document)
    return not own, document.published or "9999", document.id


def changes(first: Statistic, other: Statistic) -> tuple[FigureChange, ...]:
    """What another place tells otherwise than the first: lost, or changed. What only the other tells is no change."""
    if first.id == other.id:
        return ()
    found = [
        FigureChange.VALUE_CHANGED if (first.value, first.high) != (other.value, other.high) else None,
        _change(first.year, other.year, FigureChange.YEAR_LOST, FigureChange.YEAR_CHANGED),
        _hedge(first.comparator, other.comparator),
        _change(_folded(first.source), _folded(other.source), FigureChange.SOURCE_LOST, FigureChange.SOURCE_CHANGED),
        _population(first, other),
        _change(first.sample_size, other.sample_size, FigureChange.SAMPLE_LOST, FigureChange.SAMPLE_CHANGED),
    ]
    return tuple(one for one in found if one is not None)


def _change(
    first: str | int | None, other: str | int | None, lost: FigureChange, changed: FigureChange
) -> FigureChange | None:
    if first is None or first == other:
        return None
    return lost if other is None else changed


def _folded(name: str | None) -> str | None:
    return None if name is None else name.casefold()


def _hedge(first: Comparator, other: Comparator) -> FigureChange | None:
    if first is other:
        return None
    return FigureChange.HEDGE_LOST if other is Comparator.EXACT else FigureChange.HEDGE_CHANGED


def _population(first: Statistic, other: Statistic) -> FigureChange | None:
    """Lost, widened (fewer words of the same restriction) or another; across languages only lost can be told."""
    if first.population is None or other.population is None:
        return None if first.population is None else FigureChange.POPULATION_LOST
    if first.language is not other.language:
        return None
    mine, theirs = ({token.lower for token in tokenize(one.population or "")} for one in (first, other))
    if theirs < mine:
        return FigureChange.POPULATION_WIDENED
    return None if mine <= theirs else FigureChange.POPULATION_CHANGED
