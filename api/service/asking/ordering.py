"""The orders a list of statistics can have; what is null stands last, whichever way the order runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from kb.records.statistic import Statistic
from kb.store.figures import FigureFacts

if TYPE_CHECKING:
    from index.search.same_figure import Figure

Key = Decimal | int | str


class SortColumn(Enum):
    """What statistics can be ordered by."""

    VALUE = "value"
    KIND = "kind"
    POPULATION = "population"
    SAMPLE_SIZE = "sample_size"
    SOURCE = "source"
    YEAR = "year"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Order:
    """A column and its direction."""

    column: SortColumn
    descending: bool = False


_KEYS: dict[SortColumn, Callable[[Statistic | FigureFacts], Key | None]] = {
    SortColumn.VALUE: lambda statistic: statistic.value,
    SortColumn.KIND: lambda statistic: statistic.kind.value,
    SortColumn.POPULATION: lambda statistic: _folded(statistic.population),
    SortColumn.SAMPLE_SIZE: lambda statistic: statistic.sample_size,
    SortColumn.SOURCE: lambda statistic: _folded(statistic.source),
    SortColumn.YEAR: lambda statistic: statistic.year,
    SortColumn.LANGUAGE: lambda statistic: statistic.language.value,
}


def ordered(statistics: Sequence[Figure], order: Order) -> list[Figure]:
    """The statistics in this order; equal ones keep the order they came in."""
    key = _KEYS[order.column]
    known = [(value, statistic) for statistic in statistics if (value := key(statistic)) is not None]
    unknown = [statistic for statistic in statistics if key(statistic) is None]
    return [one for _, one in sorted(known, key=_value, reverse=order.descending)] + unknown


def _value(pair: tuple[Key, Statistic | FigureFacts]) -> Key:
    return pair[0]


def _folded(text: str | None) -> str | None:
    return None if text is None else text.casefold()
