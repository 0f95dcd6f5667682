"""When something was measured: a stretch of time as a text gives it, with how finely it is known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kb.records.document import Span


class Granularity(Enum):
    """How finely a period's ends are known."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    SEASON = "season"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """When a figure was measured, or is expected.

    ``start`` and ``end`` are the first and last day, month or year, both of them inside, as ISO 8601 writes them
    ("2022-03", "2022"): a quarter or half by its months, a season by its year alone. ``quote`` are its words and
    ``span`` where they stand in the document's text; both are null where only the document's data say when, and the
    span where the words are the title's. ``target`` says that the figure is a forecast for then.
    """

    start: str
    end: str
    granularity: Granularity
    quote: str | None = None
    span: Span | None = None
    target: bool = False

    @property
    def year(self) -> int | None:
        """The year it lies in; null of a forecast, and where it reaches from one year into another."""
        return int(self.start[:4]) if self.start[:4] == self.end[:4] and not self.target else None
