"""Numbers that name instead of measure: codes, years, list numbers, "Parte 3", "Step 1", ordinals.

Each function is one rule from a quantity in its sentence to a reason, or null.
"""

from __future__ import annotations

from bisect import bisect_right

from ingest.figures.lines import Line, Quantity
from ingest.figures.nouns import MEASURED_NOUNS, MONTHS, NAME_STARTS, SECTION_LABELS
from ingest.figures.ordinals import is_rank
from ingest.figures.scan import MAX_DIGITS, Token, lower_at, word_set
from ingest.figures.settings import Setting
from kb.statistic import Comparator, Kind

_BULLETS = word_set("# ( [ - • * – — ●")
_LIST_SIGNS = word_set(". ) º ° - – — : ] / ª")
_YEAR_LEADS = (
    word_set(
        "in en since desde para for by until hasta de del of from año year during durante fiscal el la late early "
        "circa report informe and y to a al mid © this este"
    )
    | MONTHS
)
_NUMBER_LABELS = word_set("n nº núm num número number # #: nro nros")
_PLURAL_COUNTABLE = word_set("grupos casos opciones groups cases options")


def masked(line: Line, found: Quantity) -> str | None:
    """An address, phone number, date, time of day or code that a mask of the line covers."""
    start, end = line.tokens[found.first].start, line.tokens[found.bare - 1].end
    place = bisect_right(line.masks, end - 1, key=lambda mask: mask[0]) - 1
    if place < 0 or line.masks[place][1] <= start:
        return None
    reason = line.masks[place][2]
    return reason if found.kind is not Kind.PERCENT or reason == "address" else None


def code(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """B2B, COVID-19, ISO 9001, 3D: digits that are part of a name or a code."""
    if found.form != "digits":
        return None
    tokens = line.tokens
    first, last = tokens[found.first], tokens[found.bare - 1]
    before = tokens[found.first - 1] if found.first else None
    after = tokens[found.stop] if found.stop < len(tokens) else None
    if len(first.text) > MAX_DIGITS:
        return "too_long"
    if after is not None and after.glued and after.kind in "wn" and found.stop == found.bare:
        ordinal = after.lower in ("st", "nd", "rd", "th")
        return "pronoun_or_ordinal" if ordinal else "year" if after.lower == "s" else "name_or_code"
    if found.kind is Kind.COUNT and after is not None and after.lower in ("h", "hs", "hrs"):
        return "time_of_day"  # "a las 18 h": what is no duration
    if found.kind is Kind.COUNT and first.text.endswith(".0") and len(first.text) == 3:
        return "name_or_code"  # "el mundo 2.0"
    if before is None or not _counts(found):
        return "name_or_code" if before is not None and first.glued and before.kind in "wn" else None
    if (
        first.glued
        and not is_base(tokens, found)
        and (before.kind in "wn" or before.text in "_@=&" or _is_hyphenated(tokens, found))
    ):
        return "name_or_code"
    if before.lower in NAME_STARTS or (lower_at(tokens, found.first - 2) == "&" and before.text.isupper()):
        return "name_or_code"  # "S&P 500"
    return "too_long" if len(last.text) > MAX_DIGITS else None


def is_base(tokens: list[Token], found: Quantity) -> bool:
    """ "n = 1.024", "(n=860)": how many were asked."""
    large = found.kind is Kind.COUNT and found.value is not None and found.value >= 20
    return large and lower_at(tokens, found.first - 1) == "=" and lower_at(tokens, found.first - 2) == "n"


def _counts(found: Quantity) -> bool:
    return found.kind in (Kind.COUNT, Kind.DURATION, Kind.RATIO, Kind.SCORE)


def _is_hyphenated(tokens: list[Token], found: Quantity) -> bool:
    """COVID-19, GPT-4, B2B-3: a sign glued on both sides between a word and the digits."""
    sign = tokens[found.first - 1]
    return (
        found.first >= 2 and sign.text in "-_/.’'" and sign.glued and tokens[found.first - 2].kind in "wn"
    ) and tokens[found.first - 2].lower not in ("al", "del")


def year(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """A bare number from 1900 to 2100, unless it counts people or things right after it."""
    if found.form != "digits" or not found.plain or found.kind is not Kind.COUNT or found.bare != found.stop:
        return None
    text = line.tokens[found.first].text
    if not is_yearlike(text) or (found.high is not None and not is_yearlike(line.tokens[found.bare - 1].text)):
        return None
    before, after = lower_at(line.tokens, found.first - 1), lower_at(line.tokens, found.stop)
    if after not in MEASURED_NOUNS:
        return "year"
    if text.endswith("00") or before in ("some", "unos", "unas", "than", "surveyed", "about"):
        return None
    return "year" if before in _YEAR_LEADS else None


def is_yearlike(text: str) -> bool:
    """Whether these are four digits from 1900 to 2100."""
    return len(text) == 4 and text.isdigit() and 1900 <= int(text) <= 2100


def list_number(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "1. Offices", "#2 Freedom", "a) … 2) …": numbers that only number."""
    if found.form != "digits" or found.kind is not Kind.COUNT or not found.plain or found.high is not None:
        return None
    tokens = line.tokens
    before, after = lower_at(tokens, found.first - 1), lower_at(tokens, found.stop)
    lead = found.first - (1 if before in _BULLETS else 0)
    small = found.value is not None and found.value <= 100
    if lead <= 1 and (lead == 0 or not tokens[0].text.isalnum()) and small:
        if after in _LIST_SIGNS and not (
            after == "-" and tokens[found.stop].glued and lower_at(tokens, found.stop + 1)[:1].isalpha()
        ):
            return "list_number"
        if before == "#" or found.stop >= len(tokens):
            return "list_number"
    if (
        after == ")"
        and small
        and "(" not in [token.text for token in tokens[max(0, found.first - 12) : found.first - 1]]
    ):
        return "list_number"
    return "list_number" if before == "(" and after == ")" and small else None


def section(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "Parte 3 de 3", "Step 1", "p. 12", "núm. 4", "version 2.0"."""
    if found.kind not in (Kind.COUNT, Kind.RATIO) or found.unit is not None or found.form == "vague":
        return None
    tokens = line.tokens
    before, after = lower_at(tokens, found.first - 1), lower_at(tokens, found.stop)
    label = lower_at(tokens, found.first - 2) if before in (".", "#") else before
    if label in SECTION_LABELS and not (label in MEASURED_NOUNS and after in MEASURED_NOUNS):
        return "part_or_section_number"
    if before in ("de", "of", "/", "y", "and") and _labelled_before(tokens, found.first):
        return "part_or_section_number"
    numbered = label in _NUMBER_LABELS or (
        label == "no" and before == "." and tokens[found.first - 2].text[0].isupper()
    )
    return "part_or_section_number" if numbered else None


def _labelled_before(tokens: list[Token], first: int) -> bool:
    """Whether "Parte 3" stands right before this "de 3"."""
    return first >= 3 and tokens[first - 2].kind == "n" and lower_at(tokens, first - 3) in SECTION_LABELS


def ordinal(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """Ordinals that rank nothing ("en primer lugar", "the first"), and "one" and "zero" as pronouns."""
    if found.kind is Kind.RANK:
        return None if found.form != "ordinal" or is_rank(line, found) else "pronoun_or_ordinal"
    if found.kind is not Kind.COUNT or found.form != "words" or found.high is not None:
        return None
    alone = found.bare - found.first == 1 and found.value is not None and found.value <= 1
    return "pronoun_or_ordinal" if alone else None
