"""The records that reading numbers works on: a line of tokens, a number as written, a quantity with all it says.

Knows nothing of how numbers and quantities are found or judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kb.numbers.marks import Counted, MarkEvidence, read_marked
from kb.records.language import Language
from kb.records.statistic import Comparator, Direction, Kind
from kb.words.tokens import Token


def is_whole(value: Decimal) -> bool:
    """Whether a value has no decimals, however large it is."""
    return value == value.to_integral_value()


def rounded(share: Decimal) -> Decimal:
    """A share as it is, or with ten decimals when it has no end (2/3 is 0.6666666667)."""
    exponent = share.normalize().as_tuple().exponent
    return share if isinstance(exponent, int) and exponent >= -10 else share.quantize(Decimal("1e-10"))


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as tokens, with the language and the document's use of marks that read it."""

    text: str
    tokens: Sequence[Token]
    language: Language
    evidence: MarkEvidence


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

    @property
    def form(self) -> str:
        """How it is written: "digits", "words" or "vague"."""
        return "vague" if self.vague else "words" if self.digits is None else "digits"

    def value(self, language: Language, counted: Counted, evidence: MarkEvidence) -> Decimal | None:
        """The value, or null when its marks stay ambiguous or its digits are broken."""
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

    ``value`` is a share or percentage as a fraction, a factor, a sum, a count; null when it cannot be read surely, and
    then ``note`` says why. ``high`` is the upper end of a range. ``form`` is "digits", "words", "vague", "named" or
    "ordinal"; ``plain`` when it is nothing but digits without marks or scale; ``scale`` what a scale word multiplied it
    by. ``comparator`` is its hedge, null for none, and ``before`` and ``after`` are the tokens of the hedge.
    ``anchor`` is where the quantity starts whose measure it shares (-1: its heading), null when the measure is its own.
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
    direction: Direction | None = None
    before: tuple[int, int] | None = None
    after: tuple[int, int] | None = None
    anchor: int | None = None

    @property
    def whole(self) -> tuple[int, int]:
        """The tokens of the raw form, hedges included: from the first to the one after the last."""
        start = self.before[0] if self.before else self.first
        return start, max(self.stop, self.after[1]) if self.after else self.stop

    @property
    def bounds(self) -> Comparator:
        """The hedge, EXACT for none."""
        return self.comparator or Comparator.EXACT
