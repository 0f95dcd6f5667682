"""What can be said of a quote: seven verdicts, a judgement with its reason, and a place where it stands or may not."""

from dataclasses import dataclass
from enum import Enum

from kb.records.document import Span


class Verdict(Enum):
    """How a quote stands to the text it is attributed to.

    UNCLEAR: its words stand there, cut from a clause in a way of which nothing can be decided; never accepted.
    """

    EXACT = "exact"
    NORMALISED = "normalised"
    MISATTRIBUTED = "misattributed"
    NUMBER_CHANGED = "number_changed"
    NEGATION_CHANGED = "negation_changed"
    UNCLEAR = "unclear"
    NOT_FOUND = "not_found"

    @property
    def accepted(self) -> bool:
        """Whether the quote stands in its source: character for character, or but for typography."""
        return self in (Verdict.EXACT, Verdict.NORMALISED)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, the place it rests on, and why.

    ``span_found`` counts in the judged text, or in the other text named by ``found_in`` when the quote
    is misattributed. For a changed quote it is the nearest place; null where nothing is near. ``said_by`` are the words
    of its sentence, cut from an accepted quote, that say who claims it ("Según la dirección,").
    """

    verdict: Verdict
    span_found: Span | None
    reason: str
    found_in: str | None = None
    said_by: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why words that stand in the text may not be quoted so."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens ``first`` to ``end`` of the text are the quote, unless ``fault`` says why not."""

    first: int
    end: int
    fault: Fault | None
    said_by: str | None = None
