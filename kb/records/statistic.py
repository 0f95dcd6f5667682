"""What a statistic is: a figure that can be printed, with all that its text says of it.

Knows nothing of how numbers are read. What the text does not say is null.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from kb.records.document import FieldOrigin, Span
from kb.records.language import Language
from kb.records.topics import Topic, TopicAssignment


class Kind(Enum):
    """What sort of figure it is."""

    PERCENT = "percent"
    FRACTION = "fraction"
    RATIO = "ratio"
    MULTIPLIER = "multiplier"
    COUNT = "count"
    CURRENCY = "currency"
    SCORE = "score"
    RANK = "rank"
    DURATION = "duration"


class Comparator(Enum):
    """How the text hedges the value; a hedge is never lost."""

    EXACT = "exact"
    ABOUT = "about"
    ALMOST = "almost"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    UP_TO = "up_to"
    RANGE = "range"


class Direction(Enum):
    """Whether the figure is said to be a rise or a fall."""

    INCREASE = "increase"
    DECREASE = "decrease"


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


@dataclass(frozen=True, slots=True)
class Statistic:
    """One figure of one passage.

    ``span`` covers ``raw`` in the document's text, and ``quote_span`` covers ``quote`` (the sentence).
    ``value`` is a percentage or share as a fraction (87 % is 0.87), a multiplier as a factor, a plain
    number otherwise; null when the marks are ambiguous, and then ``note`` says why (it also says
    where a text was too long to be read to its end). ``high`` is the
    upper end of a range. ``source`` is the organisation that measured, ``period`` when, and
    ``year`` the year that it lies in. ``origins`` says where each of subject, population, sample_size, source,
    study, period and year was found ("sentence", "document: headline", "document: previous paragraph").
    """

    id: str
    passage_id: str
    span: Span
    raw: str
    value: Decimal | None
    high: Decimal | None
    kind: Kind
    unit: str | None
    comparator: Comparator
    direction: Direction | None
    subject: str | None
    population: str | None
    sample_size: int | None
    source: str | None
    study: str | None
    year: int | None
    quote: str
    quote_span: Span
    language: Language
    topics: tuple[Topic, ...] = ()
    origins: tuple[FieldOrigin, ...] = ()
    note: str | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class RejectedNumber:
    """A number in a text that is not a figure, and why ("year", "list_number", "idiom" …)."""

    span: Span
    raw: str
    reason: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """Topics, statistics and sentences of a text, whether or not it is in a base; all spans count code points of
    ``text`` as it was given.

    ``note`` says what could not be done in full (topics from words alone, say), else null.
    """

    id: str
    language: Language
    topics: tuple[TopicAssignment, ...]
    statistics: tuple[Statistic, ...]
    sentences: tuple[Span, ...]
    rejected: tuple[RejectedNumber, ...] = ()
    note: str | None = None
