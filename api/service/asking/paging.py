"""Opaque cursors: where the next page of one particular list begins."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from kb.records.errors import InputError
from kb.records.messages import say
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


def fingerprint(*parts: object) -> str:
    """A short hash of what was asked, so that a cursor serves only the list it came from.

    The same in every process: sets, whose order differs between processes, are sorted.
    """
    asked = _adapter().dump_python(parts, mode="json", fallback=str)
    text = json.dumps(_sorted(asked), sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:12]


@cache
def _adapter() -> TypeAdapter[tuple[object, ...]]:
    return TypeAdapter(tuple[object, ...])


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted(part) for key, part in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(part) for part in value), key=repr)
    return value


def encode_cursor(offset: int, asked: str) -> str:
    """The cursor of the page that starts at ``offset``."""
    return base64.urlsafe_b64encode(json.dumps([offset, asked]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, asked: str) -> int:
    """The offset in a cursor, 0 without one; InputError when it is not ours or belongs to another list."""
    if cursor is None:
        return 0
    try:
        offset, found = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        valid = isinstance(offset, int) and offset >= 0 and found == asked
    except (ValueError, TypeError):
        valid = False
    if not valid:
        raise InputError(say("cursor"), say("does_not_belong_to_this_list"), say("ask_again_without_a_cursor"))
    return int(offset)
