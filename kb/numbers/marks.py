"""Decimal and thousands marks: decided by shape, then by what is counted, then by the document.

Never flips a document wholesale: a mark is judged number by number, and what stays
ambiguous has no value. Knows nothing of words or units beyond three classes of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from kb.records.language import Language

# The look-behind keeps a long run of digits from being tried again at each of its digits.
_MARKED = re.compile(r"(?<![0-9])[0-9]{1,15}(?:[.,][0-9]{1,15}){1,8}")
_READABLE = re.compile(r"[0-9.,'’]+")
AMBIGUOUS = "ambiguous decimal or thousands mark"
"""The note of a number whose mark nothing decides."""
# The second form is the Indian one: lakhs and crores in pairs ("12,45,600").
_GROUPS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]{1,2}(?:,[0-9]{2}){1,6},[0-9]{3}")


class Counted(Enum):
    """What the number counts: whole things, shares and factors, money, thousands or millions; or nothing tells."""

    THINGS = "things"
    SHARES = "shares"
    MONEY = "money"
    SCALED = "scaled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MarkEvidence:
    """Which marks a document certainly uses for decimals and for thousands."""

    decimal: frozenset[str] = frozenset()
    thousands: frozenset[str] = frozenset()

    @classmethod
    def gather(cls, texts: Iterable[str]) -> MarkEvidence:
        """The evidence of the unambiguous numbers in ``texts``."""
        decimal: set[str] = set()
        thousands: set[str] = set()
        for text in texts:
            for match in _MARKED.finditer(text):
                role, mark = _certain_role(match.group())
                if role == "decimal":
                    decimal.add(mark)
                elif role == "thousands":
                    thousands.add(mark)
        return cls(frozenset(decimal), frozenset(thousands))


def _certain_role(raw: str) -> tuple[str, str]:
    """What the one mark of ``raw`` certainly is ("decimal", "thousands" or "")."""
    marks = [character for character in raw if character in ".,"]
    if len(marks) != 1:
        return ("thousands", marks[0]) if len(set(marks)) == 1 and _GROUPS.fullmatch(raw) else ("", "")
    head, tail = raw.split(marks[0])
    if len(tail) == 3 and 1 <= len(head) <= 3 and not head.startswith("0"):
        return ("thousands", marks[0]) if tail == "000" else ("", "")
    return ("decimal", marks[0]) if len(tail) <= 2 else ("", "")


def read_marked(raw: str, language: Language, counted: Counted, evidence: MarkEvidence) -> Decimal | None:
    """The value of a digit group with marks ("5.500", "1,73", "1.234,56", "1'250"); null when it stays ambiguous."""
    if not _READABLE.fullmatch(raw):
        return None
    if "'" in raw or "’" in raw:
        return _read_apostrophes(raw.replace("’", "'"))
    marks = [character for character in raw if character in ".,"]
    if not marks:
        return Decimal(raw)
    if len(marks) > 1:
        return _read_several(raw, marks)
    mark = marks[0]
    head, tail = raw.split(mark)
    if len(tail) != 3 or len(head) > 3 or head.startswith("0"):
        return Decimal(f"{head}.{tail}")
    role = _role_of_triple(mark, tail, language, counted, evidence)
    if role is None:
        return None
    return Decimal(f"{head}{tail}") if role == "thousands" else Decimal(f"{head}.{tail}")


def _read_apostrophes(raw: str) -> Decimal | None:
    """ "1'250", "4'310.500", "12'500,75": groups of three after the apostrophe, a last part of one or two decimals."""
    head, *groups = re.split("[.,']", raw)
    decimals = groups.pop() if len(groups[-1]) < 3 else ""
    if len(head) > 3 or not groups or any(len(group) != 3 for group in groups):
        return None
    return Decimal(f"{head}{''.join(groups)}.{decimals or 0}")


def as_decimal(raw: str) -> Decimal | None:
    """``raw`` with its one mark as the decimal one ("8.125", "8,125"); null when it has none or several."""
    head, mark, tail = raw.replace(",", ".").partition(".")
    return Decimal(f"{head}.{tail}") if mark and head.isdecimal() and tail.isdecimal() else None


def _read_several(raw: str, marks: list[str]) -> Decimal | None:
    if len(set(marks)) == 1:
        return Decimal(raw.replace(marks[0], "")) if _GROUPS.fullmatch(raw) else None
    head, tail = raw.rsplit(marks[-1], 1)
    if marks[-1] in head or not _GROUPS.fullmatch(head):
        return None
    return Decimal(f"{head.replace(marks[0], '')}.{tail}")


def _role_of_triple(mark: str, tail: str, language: Language, counted: Counted, evidence: MarkEvidence) -> str | None:
    """Thousands or decimal for one mark before three digits ("5.500", "1,297"); null when nothing decides."""
    # Nobody counts people to three decimals, and nobody writes three decimal zeros.
    # Nor are there prices with three decimals, whatever decimal mark the document's percentages use.
    if counted in (Counted.THINGS, Counted.MONEY) or tail == "000":
        return "thousands"
    if language is Language.ES and counted is Counted.SCALED and tail.endswith("0"):
        return "thousands"  # a decimal would not end in a zero: "$51.230 millones", whatever "12.4 millones" elsewhere
    if (mark in evidence.decimal) != (mark in evidence.thousands):
        return "decimal" if mark in evidence.decimal else "thousands"
    other = "," if mark == "." else "."
    if other in evidence.decimal and other not in evidence.thousands:
        return "thousands"
    if language is Language.ES:
        if counted is Counted.SHARES:
            return "decimal" if mark == "," else None
        if counted is Counted.SCALED:
            return "thousands"  # "12,345 millones de pesos"
        return "thousands" if mark == "." else None
    return "thousands" if mark == "," else "decimal"
