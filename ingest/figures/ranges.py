"""The upper end of a range: "3 a 5", "entre 3 y 4", "2-3", "seis o siete", "between 20 and 30".

"From 20% to 30%" is a change, not a range: two figures. Knows nothing of units but percent.
"""

from __future__ import annotations

from decimal import Decimal

from ingest.figures.lines import Line, Number
from ingest.figures.marks import Counted
from ingest.figures.numerals import read_number
from ingest.figures.scan import Token, lower_at, word_set
from ingest.figures.units import percent_at
from kb.language import Language

_RANGE_SIGNS = frozenset("-–—")
_RANGE_WORDS = {
    Language.ES: {"a": "to", "al": "to", "y": "and", "o": "or", "u": "or", "hasta": "to", "e": "and"},
    Language.EN: {"to": "to", "and": "and", "or": "or"},
}
_RANGE_WORDS[Language.OTHER] = _RANGE_WORDS[Language.EN]
_MOVES = (
    *("rose", "rise", "rising", "went", "going", "grew", "grow", "fell", "fall", "drop", "increas", "decreas", "cut"),
    *("jump", "climb", "improv", "down", "pas", "subi", "sube", "aument", "baj", "cay", "creci", "crec", "duplic"),
    *("triplic", "redu", "dismin", "mejor", "expand", "amplia", "doubl", "tripl", "quadrupl", "cuadruplic", "halv"),
    *("shrank", "shrink", "slip", "slid", "plung", "plummet", "soar", "surg", "gain", "lift", "brought", "moved"),
    *(
        "acort",
        "recort",
        "increment",
        "descend",
        "disparó",
        "escaló",
        "repunt",
        "retroced",
        "eleva",
        "elevó",
        "evolucion",
    ),
    *("empeor", "worsen", "declin", "lower", "shorten", "saltó", "salto", "movió", "ascend", "decrec", "ganó", "perd"),
)
_SPREADS = ("rang", "oscil", "varied", "varies", "vary", "varía", "variar", "variaron", "span", "anywhere")
_FROM = word_set("from de del desde")
_BETWEEN = frozenset({"entre", "between"})
_ARTICLES = word_set("el los las la un una the a an")


def second_of_range(
    line: Line, number: Number, skip: frozenset[str] = frozenset(), unit_between: bool = False, lead: int | None = None
) -> Number | None:
    """The upper end of a range that ``number`` opens ("3 a 5", "entre 3 y 4", "2-3", "seis o siete"), or null."""
    tokens, stop = line.tokens, number.stop
    joiner = lower_at(tokens, stop)
    word = _RANGE_WORDS[line.language].get(joiner)
    if joiner not in _RANGE_SIGNS and word is None:
        return None
    first = number.first if lead is None else lead
    if word == "and" and not after_between(tokens, first):
        return None
    changed = (unit_between or moved_before(tokens, first)) and not _spans_before(tokens, first)
    if changed and word == "to" and after_from(tokens, first):
        return None  # "del 20 % al 30 %", "from 20% to 30%": a change, two figures
    start = stop + 1
    while lower_at(tokens, start) in skip or (word and lower_at(tokens, start) in _ARTICLES and start < stop + 2):
        start += 1
    second = read_number(tokens, start, line.language) if start < len(tokens) else None
    if second is None or second.negative or (second.first == second.stop):
        return None
    return second if _is_range(line, number, second, word or joiner) else None


def moved_before(tokens: list[Token], first: int) -> bool:
    """Whether a verb or noun of change leads: "rose from 31 to 44", "pasó de 120 a 230"."""
    return any(
        tokens[place].lower.startswith(_MOVES) or tokens[place].lower == "up"
        for place in range(max(0, first - 8), first)
    )


def _spans_before(tokens: list[Token], first: int) -> bool:
    """Whether what leads says that values spread, not that one moved: "ranged from 8% to 31%", "va del 5 % al 9 %"."""
    return any(
        tokens[place].lower.startswith(_SPREADS) or tokens[place].lower in ("va", "van")
        for place in range(max(0, first - 4), first)
    )


def after_from(tokens: list[Token], first: int) -> bool:
    """Whether "from" or "del" stands right before this token, articles aside."""
    before = lower_at(tokens, first - 1)
    return before in _FROM or (before in _ARTICLES and lower_at(tokens, first - 2) in _FROM)


def after_between(tokens: list[Token], first: int) -> bool:
    """Whether "between" or "entre" stands right before this token, articles aside."""
    before = lower_at(tokens, first - 1)
    return before in _BETWEEN or (before in _ARTICLES and lower_at(tokens, first - 2) in _BETWEEN)


def _is_range(line: Line, low: Number, high: Number, joiner: str) -> bool:
    low_value = low.value(line.language, Counted.SHARES, line.evidence)
    high_value = high.value(line.language, Counted.SHARES, line.evidence)
    if low_value is None or high_value is None:
        low_value = low.value(line.language, Counted.THINGS, line.evidence)
        high_value = high.value(line.language, Counted.THINGS, line.evidence)
    if low_value is None or high_value is None or low_value >= high_value * max(Decimal(1), high.scale):
        return False
    if low_value >= high_value and low.scale == 1:
        return high.scale > 1
    if joiner == "or":
        if low.scale == 1 and high.scale > 1:  # "2 o 3 millones"
            high_value /= high.scale
        return high_value - low_value <= max(Decimal(2), low_value) and percent_at(line.tokens, low.stop) is None
    return True
