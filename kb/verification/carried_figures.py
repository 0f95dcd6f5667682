"""Whether the figures of a rewritten sentence are those of its quotes: value, measure, hedge, what they are said of.

Owns the rules for figures, in digits and in words; knows nothing of the rest of a claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from kb.language import Language
from kb.verification import binding, claims, wording
from kb.verification.carrying import Pair, Side, root_of
from kb.verification.rewriting_fault import FaultKind, RewritingFault
from kb.verification.surroundings import hedge_ending_at
from kb.verification.tokens import TokenText

# Languages write a decimal comma or point, so figures are compared with either; group marks too.
_MARKS = str.maketrans({",": ".", " ": ""})
_HEDGE_REACH = 4
_SUBJECT_REACH = 5
_MODAL = "modal"
_BETWEEN = wording.DETERMINERS | wording.HEDGE_WORDS | frozenset("$€£")
_CLOSES = frozenset(".,;:!?()[]")
_NO_SUBJECT = claims.FUNCTION_WORDS | claims.ATTRIBUTIONS | claims.MEASURES.keys() | {"ciento", "percent"}
_AFTER = tuple(phrase for phrase in wording.JOINERS_AFTER if " ".join(phrase) in claims.BOUNDS)
_TENS = frozenset(("20", "30", "40", "50", "60", "70", "80", "90"))
_SCALES = {
    "mil": "e3", "thousand": "e3", "k": "e3", "millon": "e6", "millones": "e6", "million": "e6", "millions": "e6",
    "m": "e6", "billion": "e9", "billions": "e9", "bn": "e9", "billon": "e12", "billones": "e12", "trillion": "e12",
    "trillions": "e12",
}  # fmt: skip


_UP_AND_DOWN = tuple(frozenset(root_of(word) for word in words) for words in claims.DIRECTIONS[0])


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure as compared ("30%"), its place, its hedges as classes, and the roots of the words around it."""

    said: str
    place: int
    hedges: frozenset[str]
    around: frozenset[str]
    bound: str = ""
    way: str = ""

    @property
    def kind(self) -> str:
        """Its measure; a fraction in words and the number before it are of different kinds."""
        return "fraction" if "/" in self.said else self.said.lstrip("0123456789.")


def figure_fault(pair: Pair) -> RewritingFault | None:
    """The first figure that the quotes do not carry as it is written, or null."""
    written = _figures(pair.written)
    quoted = [figure for quote in pair.quotes for figure in _figures(quote)]
    known = {figure.said for figure in quoted}
    for figure in written:
        if figure.said not in known:
            return RewritingFault(FaultKind.FIGURE, figure.said)
    for figure in written:
        fault = _hedge_fault(figure, [one for one in quoted if one.said == figure.said])
        if fault:
            return fault
    return (
        _measure_fault(pair)
        or _turned_fault(written, quoted)
        or (_moved_fault(written, quoted) if pair.same_language else None)
    )


def _figures(side: Side) -> list[_Figure]:
    places = [index for index in range(len(side.folded)) if _value(side, index)]
    return [
        _Figure(
            _value(side, place) + _measure(side.folded, place),
            place,
            _hedges(side.tokens, place),
            _around(side, place, places),
            _binding(side, place),
            _compared(side.folded, place),
        )
        for place in places
    ]


def _value(side: Side, index: int) -> str:
    """The number in digits or in words at this place, else nothing; a scale after a number belongs to it."""
    key = side.folded[index]
    if key[-1:].isdigit() and not key[:1].isalpha():
        return key.translate(_MARKS)
    value = claims.NUMBER_VALUES.get(key, "11" if key == "once" and side.language is Language.ES else "")
    before = side.folded[index - 1] if index else ""
    if key == "quarter" and before in binding.TIMES_OF:
        return ""
    if key in _SCALES and before[-1:].isdigit():
        return ""
    return _compound(side.folded, index, value) if value else ""


def _compound(words: Sequence[str], index: int, value: str) -> str:
    """The number that this word makes with its neighbours: "two thirds", "twenty-five", "treinta y cinco"."""
    if value.startswith("1/"):
        parts = claims.NUMBER_VALUES.get(words[index - 1], "") if index else ""
        return f"{parts}{value[1:]}" if parts.isdigit() and len(parts) == 1 else value
    if value in _TENS:
        after = index + 1 + (words[index + 1 : index + 2] in (("-",), ("y",)))
        return "" if after < len(words) and _digit(words[after]) else value
    joined = index - 1 - (index > 1 and words[index - 1] in ("-", "y"))
    tens = claims.NUMBER_VALUES.get(words[joined], "") if joined >= 0 else ""
    return str(int(tens) + int(value)) if tens in _TENS and _digit(words[index]) else value


def _digit(word: str) -> str:
    """The value of a number word from two to nine, else nothing."""
    value = claims.NUMBER_VALUES.get(word, "")
    return value if len(value) == 1 else ""


def _measure(words: Sequence[str], place: int) -> str:
    """What both languages share of a measure: percent, points, times, or the power of ten of a scale word."""
    following, after = (*words[place + 1 : place + 3], "", "")[:2]
    if following in ("%", "percent") or (following, after) in (("por", "ciento"), ("por", "cien"), ("per", "cent")):
        return " points" if after in ("points", "puntos") else "%"
    if following in ("points", "puntos", "percentage", "pp", "point", "punto"):
        return " points"
    if following in ("x", "times", "veces", "vez", "fold"):
        return " times"
    return _SCALES.get(following, "")


def _hedges(tokens: TokenText, place: int) -> frozenset[str]:
    found: set[str] = set()
    if wording.is_year(tokens.keys[place]):
        return frozenset()
    for end in range(max(0, place - _HEDGE_REACH) + 1, place + 1):
        hedge = None if tokens.forms[end - 1] == "May" else hedge_ending_at(tokens.keys, end)
        bound = claims.BOUNDS.get(" ".join(hedge), _MODAL) if hedge else None
        # A bound belongs to the figure that it stands before; a modal may have its verb between.
        if bound == _MODAL or (bound and all(key in _BETWEEN for key in tokens.keys[end:place])):
            found.add(bound)
    for start in range(place + 1, min(place + 1 + _HEDGE_REACH, len(tokens))):
        found |= {claims.BOUNDS[" ".join(row)] for row in _AFTER if tokens.keys[start : start + len(row)] == row}
    return frozenset(found)


def _hedge_fault(figure: _Figure, quoted: Sequence[_Figure]) -> RewritingFault | None:
    if not figure.hedges and all(one.hedges for one in quoted):
        return RewritingFault(FaultKind.HEDGE, figure.said)
    known = {hedge for one in quoted for hedge in one.hedges}
    if figure.hedges - {_MODAL} - known:
        return RewritingFault(FaultKind.BOUND, figure.said)
    bounds = [one.hedges - {_MODAL} for one in quoted]
    if all(bounds) and not figure.hedges & frozenset.union(*bounds):
        return RewritingFault(FaultKind.HEDGE, figure.said)
    return None


def _measure_fault(pair: Pair) -> RewritingFault | None:
    known = {claims.MEASURES[word] for word in pair.words if word in claims.MEASURES}
    numbers = [index for index in range(len(pair.written.folded)) if _value(pair.written, index)]
    for place in numbers:
        for word in pair.written.folded[max(0, place - 1) : place + 4]:
            if word in claims.MEASURES and claims.MEASURES[word] not in known:
                return RewritingFault(FaultKind.MEASURE, word)
    return None


def _around(side: Side, place: int, figures: Sequence[int]) -> frozenset[str]:
    """The roots of the content words and names between a figure and its neighbours, within a few words."""
    low = max([other for other in figures if other < place], default=-1)
    high = min([other for other in figures if other > place], default=len(side.folded))
    before = side.folded[max(low + 1, place - _SUBJECT_REACH) : place]
    after = side.folded[place + 1 : min(high, place + 1 + _SUBJECT_REACH)]
    after = tuple(takewhile(lambda word: word not in _CLOSES, after))
    before = tuple(takewhile(lambda word: word not in _CLOSES, reversed(before)))
    words = (*before, *after)
    return frozenset(
        root_of(word)
        for word in words
        if len(word) >= 3 and word[0].isalpha() and word not in _NO_SUBJECT
    )  # fmt: skip


def _turned_fault(written: Sequence[_Figure], quoted: Sequence[_Figure]) -> RewritingFault | None:
    """The fault of a figure that goes the other way than in every quote; in either language."""
    for figure in written:
        alike = [one for one in quoted if one.said == figure.said]
        if _conflicts(figure.bound, [one.bound for one in alike]):
            return RewritingFault(FaultKind.MOVED, figure.said)
        if _conflicts(figure.way, [one.way for one in alike]):
            return RewritingFault(FaultKind.TURNED, figure.said)
        ways = [_ways(one) for one in alike]
        mine = _ways(figure)
        if len(mine) == 1 and ways and all(len(way) == 1 and not way & mine for way in ways):
            return RewritingFault(FaultKind.TURNED, figure.said)
    return None


def _conflicts(mine: str, theirs: Sequence[str]) -> bool:
    return bool(mine) and bool(theirs) and all(theirs) and mine not in theirs


def _binding(side: Side, place: int) -> str:
    """Whether a figure is what something came from, to, or by ("fell from 18 % to 11 %", "un 5 %": nothing)."""
    spanish = side.language is Language.ES
    between = (binding.ARTICLES_ES if spanish else binding.ARTICLES_EN) | binding.HEDGING
    before, further = (*(word for word in reversed(side.folded[:place]) if word not in between), "", "")[:2]
    if before in ("de", "a") and further in binding.ENDS_BEFORE:
        return binding.ENDS_BEFORE[further]
    return (binding.ENDS_ES if spanish else binding.ENDS_EN).get(before, "")


def _compared(words: Sequence[str], place: int) -> str:
    """Whether a figure is said to be more or less ("20 % más"), in the words right after it."""
    for word in takewhile(lambda word: word not in _CLOSES, words[place + 1 : place + 4]):
        if word in ("or", "o"):
            return ""  # a bound: "or more"
        for way, listed in binding.COMPARED.items():
            if word in listed:
                return way
    return ""


def _ways(figure: _Figure) -> frozenset[int]:
    """Up (0), down (1) or neither, by the words around a figure."""
    return frozenset(way for way, words in enumerate(_UP_AND_DOWN) if figure.around & words)


def _moved_fault(written: Sequence[_Figure], quoted: Sequence[_Figure]) -> RewritingFault | None:
    """The fault of a figure that stands with the words of another figure of the quotes."""
    for figure in written:
        if wording.is_year(figure.said):
            continue
        alike = [one for one in quoted if one.kind == figure.kind and not wording.is_year(one.said)]
        own = max((len(figure.around & one.around) for one in alike if one.said == figure.said), default=0)
        others = max((len(figure.around & one.around) for one in alike if one.said != figure.said), default=0)
        if others > own and (own == 0 or others - own > 1):
            return RewritingFault(FaultKind.MOVED, figure.said)
    return None
