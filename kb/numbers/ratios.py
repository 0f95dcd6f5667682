"""Ratios: "4 out of 5", "una llamada de cada cinco", "6 de los 30 bancos", "8,3 sobre 10", "de cada 10 clientes, 7".

The forms are a table; what tells shares of people from scores, odds and labels are the guards beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kb.numbers.hedging import hedge_before
from kb.numbers.marks import Counted, as_decimal
from kb.numbers.numerals import read_number
from kb.numbers.patterns import PatternPart, compiled, match
from kb.numbers.records import Line, Number, Quantity, is_whole, rounded
from kb.numbers.units import TIME, currency_after, percent_at
from kb.records.language import Language
from kb.records.statistic import Kind
from kb.records.tables import rows_of
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, is_yearlike, lower_at

_WORDS = lexicon()
_ES = Language.ES
_ROUND = frozenset(Decimal(size) for size in (3, 4, 5, 6, 7, 8, 9, 10, 20, 25, 50, 100, 1000, 10000))
_RATES = frozenset(Decimal(10) ** size for size in range(2, 7))
_SCALES = frozenset(Decimal(size) for size in (5, 7, 10, 20, 100, 1000))
_SCORE_NOUNS = words_of("score_noun")
_SCORED = words_of("scored")
_CLOSES = words_of("after_score")
_LABELS = words_of("section_label")
_PREDICATES = words_of("predicate")
_TOPS = words_of("top_word")
_ODDS = _WORDS.stems("odds_stem")
_COUNTED, _LISTED, _ASKED = words_of("measured_noun"), words_of("list_noun"), words_of("respondent_noun")
_AFTER_VERB = _CLOSES | words_of("no_noun") | {"about", "their", "it"}
_COUNTRIES = words_of("country_noun")
_NUMBERED = frozenset(["number", "no", ".", "#", "ranked", "rank", "ranks", "was", "is", "were"])
_EVERY, _POINTS, _MARKS = words_of("every"), words_of("point"), frozenset(["marks", "notas"])
_WERE = frozenset(["were", "was", "are", "had", "have", "did", "fueron", "eran", "son", "tenían", "tienen"])
_LARGEST = Decimal(100_000)
# A whole before its part: whose it is, what leads it, what may stand before that, what no part is or has around it.
_WHOSE = words_of("whole_article")
_WHOLE_LEADS, _EVERY_LEADS = frozenset(["de", "of"]), frozenset(["de", "por", "of", "for", "in"])
_BEFORE_WHOLE = frozenset(["que", "that", "y", "and", "pero", "but"])
_JOINED = frozenset(["a", "to", "-", "–", "/", "y", "and", "o", "or"])
_NO_PART = frozenset(["un", "una", "a", "an"])
_PREPOSITIONS = words_of("part_preposition")
_NO_PARTS = frozenset(["a", "al", "to", "hasta", "los", "las", "the", "$", "€", "£", "by"])
_NO_PLURALS = words_of("no_plural")
_APART = 24


@dataclass(frozen=True, slots=True)
class _Found:
    """A pattern that stands in a line: the part, the whole, their values, and what follows."""

    line: Line
    part: Number
    whole: Number
    n: Decimal
    m: Decimal
    stop: int

    @property
    def tokens(self) -> Sequence[Token]:
        return self.line.tokens

    @property
    def after(self) -> str:
        return lower_at(self.line.tokens, self.stop)


def ratio_at(line: Line, number: Number) -> Quantity | None:
    """The ratio or score that ``number`` opens or, as a whole, closes ("de cada 10 clientes, 7"); or null."""
    tokens = line.tokens
    apart = _of_whole(line, number)
    if apart is not None or lower_at(tokens, number.first - 1) in _EVERY:
        return apart
    near = {lower_at(tokens, number.stop + step) for step in range(3)}
    if not near & _JOINERS or number.plus or number.negative or number.scale != 1:
        return None
    for pattern, judge in _RULES[line.language]:
        second = pattern[1].words | pattern[2].words if pattern[1].optional else pattern[1].words
        if near & second or "NOUN" in second:
            found = _stands(line, number, pattern)
            made = judge(found) if found is not None else None
            if made is not None:
                return made
    return None


def _stands(line: Line, number: Number, pattern: tuple[PatternPart, ...]) -> _Found | None:
    matched = match(line.tokens, number.first, pattern, line.language)
    if matched is None:
        return None
    stop, (part, whole) = matched
    if whole.plus or whole.negative or (whole.digits or "1").count(",") > 1:
        return None
    m = whole.words if whole.words is not None else _plain(whole.digits or "")
    m = m * whole.scale if m is not None else None  # "por cada 100 mil usuarios"
    n = part.value(line.language, Counted.SHARES, line.evidence)
    if part.digits is not None and m is not None and (n is None or n > m):
        n = as_decimal(part.digits) or n  # "4.125 sobre 5"
    if m is None or n is None or m < 1 or n < 0:
        return None
    return _Found(line, part, whole, n, m, stop)


def _plain(digits: str) -> Decimal | None:
    plain = digits.replace(".", "").replace(",", "") if len(digits) > 4 else digits
    return Decimal(plain) if plain.isdigit() else None


def _made(found: _Found, value: Decimal, kind: Kind, unit: str | None = None) -> Quantity:
    return Quantity(found.part.first, found.stop, found.part.stop, value, kind, found.part.form, unit=unit)


def _share(found: _Found) -> Quantity | None:
    """ "9 de cada 10": nothing else can be meant."""
    if found.n > found.m or found.m <= 1:
        return None
    return replace(_made(found, rounded(found.n / found.m), Kind.RATIO), scale=found.m)


def _score(found: _Found) -> Quantity | None:
    """ "8.3 out of 10", "5/5", "84 (out of 100)"."""
    if found.n > found.m or not _is_score(found):
        return None
    return _made(found, found.n, Kind.SCORE, f"out of {found.m.normalize():f}")


def _is_score(found: _Found) -> bool:
    tokens, part = found.tokens, found.part
    decimals = part.digits is not None and not part.digits.isdigit()
    before = {lower_at(tokens, place) for place in range(part.first - 6, part.first)}
    if found.m not in _SCALES:
        return bool(before & _SCORED) and found.after not in _COUNTED
    if found.after in _COUNTED and not decimals:
        return False
    joiner = lower_at(tokens, part.stop)
    closes = found.stop >= len(tokens) or tokens[found.stop].kind != "w" or found.after in _CLOSES
    if closes and (joiner == "sobre" or (joiner == "/" and found.m != 7 and part.digits is not None)):
        return True
    full = part.digits is not None and found.whole.digits == part.digits and found.m <= 10
    return decimals or bool((before | {found.after, joiner}) & _SCORE_NOUNS) or (full and closes)


def _score_or_share(found: _Found) -> Quantity | None:
    return _score(found) or _share(found)


def _slashed(found: _Found) -> Quantity | None:
    """ "7/10 customers" is a share, "7/10" alone a score; "12/48" neither."""
    scored = _score(found)
    counted = found.after in _COUNTED and found.m in _SCALES and found.tokens[found.part.stop].glued
    return scored or (_share(found) if counted else None)


def _likely(found: _Found) -> Quantity | None:
    """ "one in five", "8 de 10 clientes", "18 of 60 shops", and not "2 in 2020", "5 de 10 de mayo"."""
    tokens, before = found.tokens, lower_at(found.tokens, found.part.first - 1)
    joiner = lower_at(tokens, found.part.stop)
    if joiner == "in" and found.m in _ROUND and (not found.after or tokens[found.stop].kind == "p"):
        return _share(found)
    said = found.part.digits is None and found.whole.digits is None and found.n == 1 and found.m <= 100
    if (
        joiner == "in"
        and said
        and found.after not in _LISTED | _COUNTED
        and found.after not in TIME[found.line.language]
    ):
        return _share(found)  # "one in twelve"
    whole = found.m >= 10 and found.n < found.m and found.part.digits is not None and joiner in ("of", "de")
    if whole and found.after in _WERE:
        return _share(found)  # "18 of 60 were greeted"
    noun = found.stop < len(tokens) and tokens[found.stop].kind == "w" and found.after not in TIME[found.line.language]
    if (
        not noun
        or before in _LABELS
        or before in ("number", "#", "puesto", "número", "nº")
        or not _alike(found, joiner)
    ):
        return None
    if joiner == "de" and found.after in ("de", "del", "a"):
        return None
    if found.m in _ROUND or (joiner == "in" and _counts_people(found)):
        return _share(found)
    digits = found.part.digits is not None and found.whole.digits is not None
    plural = found.after in _COUNTED or (found.after.endswith("s") and found.after not in _LISTED)
    dated = found.whole.plain and is_yearlike(found.whole.digits or "")
    return _share(found) if joiner in ("of", "de") and digits and plural and not dated and found.n >= 2 else None


def _alike(found: _Found, joiner: str) -> bool:
    """Whether both are words or both digits, or as the press writes them: "four in 10", not "one of 10"."""
    part, whole = found.part, found.whole
    if (part.digits is None) == (whole.digits is None):
        return True
    return part.digits is None and part.words is not None and (joiner == "in" or part.words > 1)


def _counts_people(found: _Found) -> bool:
    """ "1 in 26 unhappy customers": one of that many people."""
    near = {lower_at(found.tokens, found.stop + step) for step in range(3)}
    counted = found.after in _COUNTED and found.after not in _COUNTRIES
    named = lower_at(found.tokens, found.part.first - 1) in _NUMBERED
    return found.n == 1 and found.m <= 100 and bool(near & _ASKED or (counted and not named))


def _of_named(found: _Found) -> Quantity | None:
    """ "two of the ten banks surveyed", "6 de los 30 comercios"; not "3 of the 5 steps"."""
    tokens = found.tokens
    noun = found.after if found.after not in _TOPS else lower_at(tokens, found.stop + 1)
    near = {lower_at(tokens, found.stop + step) for step in range(3)}
    counted = near & _COUNTED or near & _TOPS or lower_at(tokens, found.whole.first - 1) in _TOPS or noun[-1:] == "s"
    named = found.whole.plain and is_yearlike(found.whole.digits or "")
    if not counted or near & (_LISTED - _COUNTED) or noun in TIME[found.line.language] or named:
        return None
    return _share(found) if 2 <= found.n < found.m <= _LARGEST and is_whole(found.n) else None


def _with_noun(found: _Found) -> Quantity | None:
    """ "one call in five is", "una llamada de cada cinco", "4 times out of 10"; not "one store in five cities"."""
    noun = lower_at(found.tokens, found.part.stop)
    if noun in _POINTS or noun in _MARKS:  # "4.7 stars out of 5"
        return _made(found, found.n, Kind.SCORE, f"out of {found.m.normalize():f}") if found.n <= found.m else None
    loose = lower_at(found.tokens, found.whole.first - 1) == "in"
    if found.m not in _ROUND or not 1 <= found.n < found.m:
        return None
    return _share(found) if not loose or _is_predicated(found) else None


def _per(found: _Found) -> Quantity | None:
    """ "6.4 per 1,000 passengers", "57 complaints per 10,000 services", "5,1 por mil pasajeros"; not "per 100 km",
    "20 entradas por 100 euros", "el 0,8 por mil de los envíos"."""
    following = found.tokens[found.stop] if found.stop < len(found.tokens) else None
    counted = following is not None and following.kind == "w" and len(following.text) > 2
    priced = currency_after(found.tokens, found.stop) or found.after in TIME[found.line.language]
    ended = (following is None or following.kind == "p") and found.line.language is not _ES
    if priced or not (counted or ended):
        return None
    return _made(found, rounded(found.n / found.m), Kind.RATIO) if found.m in _RATES and found.n < found.m else None


def _some_of(found: _Found) -> Quantity | None:
    """ "4 stores out of 31", "17 depots of the 22 they visited", "3 oficinas de las 26 tenían rampa"; not "3 stores of
    the 12 towns"."""
    other = found.after.endswith("s") and found.after not in _WERE and found.after not in _NO_PLURALS
    things = found.after in _COUNTED | _LISTED or found.after in TIME[found.line.language] or other
    named = found.whole.plain and is_yearlike(found.whole.digits or "")
    return _share(found) if not things and not named and 2 <= found.n < found.m and is_whole(found.n) else None


def _rated(found: _Found) -> Quantity | None:
    """ "4,7 estrellas sobre 5"."""
    return _with_noun(found) if lower_at(found.tokens, found.part.stop) in _POINTS else None


def _is_predicated(found: _Found) -> bool:
    """Whether "one customer in five" is what the sentence speaks of: a verb of the singular follows."""
    if found.after in _PREDICATES or (found.after in (",", ".", "", ";", ")") and found.whole.digits is None):
        return True
    verb = found.after.endswith("s") and found.after not in _COUNTED | _LISTED and found.n == 1
    following = found.tokens[found.stop + 1] if found.stop + 1 < len(found.tokens) else None
    closed = following is None or following.kind != "w" or following.lower in _AFTER_VERB
    return verb and closed and found.whole.digits is None


def _odds(found: _Found) -> Quantity | None:
    """ "a ratio of 3:1", "outnumber them 10 to 1", "una proporción de 3 a 1": how many to one."""
    near = [lower_at(found.tokens, place) for place in range(max(0, found.part.first - 8), found.part.first)]
    said = any(word.startswith(_ODDS) for word in [*near, found.after])
    whole = 1 <= found.m < found.n and found.whole.scale == 1 and is_whole(found.n)
    return _made(found, rounded(found.n / found.m), Kind.RATIO) if said and whole else None


_Judge = Callable[[_Found], Quantity | None]
_JUDGES: dict[str, _Judge] = {
    one.__name__: one
    for one in (
        _share,
        _score_or_share,
        _score,
        _likely,
        _slashed,
        _with_noun,
        _rated,
        _of_named,
        _odds,
        _per,
        _some_of,
    )
}
_TOP_CHOICE = "|".join(sorted(_TOPS))
_TABLE = [*rows_of("kb", "ratio_patterns.tsv", "language", "judge", "pattern")]
_RULES = {
    language: tuple(
        (compiled(pattern.replace("TOP", _TOP_CHOICE)), _JUDGES[f"_{judge}"])
        for code, judge, pattern in _TABLE
        if code == language.value
    )
    for language in (Language.ES, Language.EN)
}
_RULES[Language.OTHER] = _RULES[Language.EN]
_JOINERS = frozenset(
    ["de", "por", "en", "entre", "sobre", "(", "/", "a", ":", "-", "out", "of", "in", "to", "per", "for"]
)


def _of_whole(line: Line, number: Number) -> Quantity | None:
    """ "De los 41, nueve …", "Of the 60 surveyed, 18 …", "for every 10 customers, 7 return": from the whole to its
    part in one clause."""
    tokens, first = line.tokens, number.first - 1
    every = lower_at(tokens, first) in _EVERY
    while lower_at(tokens, first) in _WHOSE:
        first -= 1
    first -= every
    if lower_at(tokens, first) not in (_EVERY_LEADS if every else _WHOLE_LEADS):
        return None
    first -= lower_at(tokens, first - 1) == "out"
    opens = first == 0 or tokens[first - 1].kind == "p" or tokens[first - 1].lower in _BEFORE_WHOLE
    whole = number.value(line.language, Counted.THINGS, line.evidence)
    if whole is None or not is_whole(whole) or not (whole in _ROUND if every else opens and whole > 1):
        return None
    if lower_at(tokens, number.stop) in _JOINED or percent_at(tokens, number.stop) or _is_dated(number):
        return None
    for place in range(number.stop, min(number.stop + _APART, len(tokens))):
        if tokens[place].text in ";:.()–—":
            return None
        part = read_number(tokens, place, line.language) if tokens[place].kind in "nw" else None
        alone = part is not None and part.stop == place + 1 and tokens[place].lower in _NO_PART
        if part is not None and not alone and not _is_aside(line, part):
            return _part_of_whole(line, first, whole, part, every=every)
    return None


def _is_dated(number: Number) -> bool:
    return number.plain and is_yearlike(number.digits or "")


def _is_aside(line: Line, part: Number) -> bool:
    """Whether a number only belongs to what stands between: "approved in 2021", "in 58 shops"."""
    if _is_dated(part):
        return True
    hedge = hedge_before(line.tokens, part.first, line.language)
    before = (part.first if hedge is None else hedge[0]) - 1
    if lower_at(line.tokens, before) not in _PREPOSITIONS:
        return False
    return lower_at(line.tokens, before - 1) != ","


def _part_of_whole(line: Line, first: int, whole: Decimal, part: Number, *, every: bool) -> Quantity | None:
    """The share, unless the part may count other things: what follows it is no plural noun and no unit."""
    value = part.value(line.language, Counted.THINGS, line.evidence)
    following, before = lower_at(line.tokens, part.stop), lower_at(line.tokens, part.first - 1)
    plural = following.endswith("s") and following not in _NO_PLURALS and not following.endswith("mos")
    unit = following in TIME[line.language] or following in _COUNTED | _LISTED or following in _JOINERS - {"("}
    if (plural and not every) or unit or percent_at(line.tokens, part.stop) or currency_after(line.tokens, part.stop):
        return None
    if before in _NO_PARTS or value is None or not 0 <= value <= whole or not (every or is_whole(value)):
        return None
    hedge = hedge_before(line.tokens, part.first, line.language)
    comparator = hedge[1] if hedge is not None else None
    return Quantity(
        first, part.stop, part.stop, rounded(value / whole), Kind.RATIO, "digits", comparator=comparator, scale=whole
    )
