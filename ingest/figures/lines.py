"""The records the reading works on: a sentence as tokens, a number as written, and a quantity found in it.

Knows nothing of how numbers and quantities are found or judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ingest.figures.marks import Counted, MarkEvidence, read_marked
from ingest.figures.scan import Token
from kb.language import Language
from kb.statistic import Comparator, Kind


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as tokens, with the language and the document's use of marks that read it.

    ``masks`` are its stretches without figures (start, end, reason): addresses, phones, dates.
    """

    text: str
    tokens: list[Token]
    language: Language
    evidence: MarkEvidence
    masks: list[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens ``first`` to ``stop``: digits as written or a value in words, times a scale, plus a rest."""

    first: int
    stop: int
    digits: str | None
    words: Decimal | None
    scale: Decimal = Decimal(1)
    plus: Decimal = Decimal(0)
    negative: bool = False
    vague: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is nothing but digits without marks or scale ("2020", "12")."""
        return self.digits is not None and self.digits.isdigit() and self.scale == 1 and not self.plus

    def value(self, language: Language, counted: Counted, evidence: MarkEvidence) -> Decimal | None:
        """The value, or null when its marks stay ambiguous."""
        if self.words is not None:
            base: Decimal | None = self.words
        else:
            # A scale word settles it: "1,245 millones" has decimals or groups by the language's own habit.
            base = read_marked(self.digits or "0", language, Counted.SCALED if self.scale > 1 else counted, evidence)
        if base is None:
            return None
        total = base * self.scale + self.plus
        return -total if self.negative else total


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity at tokens ``first`` to ``stop``; its number alone ends before ``bare``.

    ``form`` is "digits", "words", "vague", "named" or "ordinal"; ``plain`` when it is nothing but
    digits without marks or scale. ``note`` says why a value is null; ``scale`` is what a scale word multiplied it by.
    """

    first: int
    stop: int
    bare: int
    value: Decimal | None
    kind: Kind
    form: str
    high: Decimal | None = None
    unit: str | None = None
    comparator: Comparator | None = None
    plain: bool = False
    note: str | None = None
    scale: Decimal = Decimal(1)
