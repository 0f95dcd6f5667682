"""The records the reading works on: a sentence as tokens, and a quantity found in it.

Knows nothing of how quantities are found or judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ingest.figures.marks import MarkEvidence
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
class Quantity:
    """A quantity at tokens ``first`` to ``stop``; its number alone ends before ``bare``.

    ``form`` is "digits", "words", "vague", "named" or "ordinal"; ``plain`` when it is nothing but
    digits without marks or scale. ``note`` says why a value is null.
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
