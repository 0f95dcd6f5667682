"""What a row is: a promise, how often it is tried, and what came of each piece of it. Knows no row by name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


class NotHereError(Exception):
    """This machine cannot run the row; the words say what it lacks."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a piece of a row: how often the promise was tried, and a line for each time that it did not hold.

    ``counted`` are further numbers to be added up, ``measured`` are values of which a row has a limit.
    """

    tried: int
    lost: Sequence[str] = ()
    counted: Mapping[str, int] = field(default_factory=dict)
    measured: Mapping[str, Sequence[float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that this share of the measured values may be: 0.95 for a p95, 1 for the largest."""

    of: str
    share: float
    most: float

    def value(self, values: Sequence[float]) -> float:
        """The value that this share of them does not exceed; not a number when there are none."""
        ordered = sorted(values)
        return ordered[max(0, math.ceil(self.share * len(ordered)) - 1)] if ordered else math.nan

    def tells(self, values: Sequence[float]) -> bool:
        """Whether there are enough to judge: a p99 of fewer than a hundred is their largest. None at all break it."""
        return not values or self.share == 1 or len(values) * (1 - self.share) >= 1 - 1e-9


# From where, how many, and a new folder to work in: what is left in it shows what went wrong.
Run = Callable[[int, int, Path], Tally]


@dataclass(frozen=True, slots=True)
class Row:
    """A promise with its number. ``full`` tries in pieces of ``piece``; ``quick`` of them with the slow tests.

    ``passes_at`` is what is promised, ``counted_as`` what one try is here. Tries are numbered: the same number is the
    same try in every run.
    """

    id: str
    says: str
    passes_at: str
    counted_as: str
    full: int
    quick: int
    piece: int
    run: Run
    limits: tuple[Limit, ...] = ()

    def pieces(self, *, quick: bool) -> list[tuple[int, int]]:
        """Where each piece begins, and how many tries it has."""
        count = self.quick if quick else self.full
        return [(start, min(self.piece, count - start)) for start in range(0, count, self.piece)]
