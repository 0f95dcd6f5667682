"""What a sentence says of each of its figures: the value, its hedge and unit, when, which way, who says it, of whom.

Read with the grammar of numbers and the lexicon; nothing is guessed, what a sentence does not say is empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from kb.document import Span
from kb.language import Language
from kb.numbers.marks import MarkEvidence
from kb.numbers.quantities import may_hold_numbers, read_quantities
from kb.numbers.records import Line, Quantity
from kb.statistic import Comparator, Direction, Kind
from kb.verification.governing import governors, sentence_language
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, is_yearlike, tokenize

_YEAR = re.compile(r"(?<![\d.,])((?:19|20)\d\d)(?:[-–/](\d\d)(?!\d))?(?![\d%]|[.,]\d)")
_BOTH = (Language.ES, Language.EN)
_MOVES = {one: lexicon().phrases("move_stem", language=one) for one in _BOTH}
_NO_MOVES = words_of("no_move")
_CONTRASTS = {one: lexicon().phrases("contrast", language=one) for one in _BOTH}
_EVERYBODY = {one: lexicon().phrases("everybody", language=one) for one in _BOTH}
_LEADS = {one: lexicon().phrases("study_lead", language=one) for one in _BOTH}
_VERBS = {one: lexicon().phrases("attribution_verb", "study_found", "study_made", language=one) for one in _BOTH}
_SMALL = words_of("small_es") | words_of("small_en") | words_of("article")
_SHARES = (Kind.PERCENT, Kind.FRACTION, Kind.RATIO)
_TURNS = {"up": Direction.INCREASE, "down": Direction.DECREASE}
_AGE_LEADS = words_of("age_word") | frozenset({"over", "under"})
_YOUNGEST, _OLDEST = 10, 99
_NEAR_YEAR = 45
_NEAR_MOVE = 14
_SUBJECT = 12
_LEAST_NAME = 3


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure of a sentence and all that the sentence says of it.

    ``measure`` is "share", "points", "money", "time", "times" or "count"; ``unit`` the currency or unit of time;
    ``bare`` the number as written, without its scale. ``years`` are those said of this figure, ``denied`` the words that
    deny it. ``poles`` are the sides of a contrast near it ("men", "rural"), ``speaker`` the words of who says it.
    """

    span: Span
    raw: str
    value: Decimal
    high: Decimal | None
    bare: Decimal
    measure: str
    unit: str | None
    comparator: Comparator
    direction: Direction | None
    years: frozenset[int]
    denied: str | None
    poles: frozenset[tuple[str, str]]
    everybody: bool
    speaker: tuple[str, ...]
    refused_after: bool


def read_statements(sentence: str, evidence: MarkEvidence, text: str = "") -> list[Stated]:
    """The figures of a sentence in order, years and unreadable numbers apart."""
    if not may_hold_numbers(sentence):
        return []
    language = sentence_language(sentence, text)
    tokens = tokenize(sentence)
    found = [
        one
        for one in read_quantities(Line(sentence, tokens, language, evidence))
        if one.value is not None and one.form != "ordinal" and not _is_year(one, tokens)
    ]
    speaker = speaker_of(sentence, language)
    ages = [one for one in found if _is_age(one, tokens)]
    found = [one for one in found if one not in ages]
    return [_stated(sentence, tokens, language, found, place, speaker) for place in range(len(found))]


def _is_year(one: Quantity, tokens: list[Token]) -> bool:
    return one.form == "digits" and one.plain and one.stop - one.first <= 2 and is_yearlike(tokens[one.first].text)


def _is_age(one: Quantity, tokens: list[Token]) -> bool:
    """Whether it bounds the age of people ("menores de 40 años", "over 65", "aged 16 to 24"): whom a figure is of."""
    if one.value is None or not _YOUNGEST <= one.value <= _OLDEST or one.kind not in (Kind.COUNT, Kind.DURATION):
        return False
    first, stop = one.whole
    lead = {token.lower for token in tokens[max(0, first - 1) : one.first]}
    return bool(lead & _AGE_LEADS) and (one.unit in (None, "years") or one.kind is Kind.COUNT)


def _stated(
    sentence: str,
    tokens: list[Token],
    language: Language,
    found: list[Quantity],
    place: int,
    speaker: tuple[str, ...],
) -> Stated:
    one = found[place]
    first, stop = one.whole
    span = Span(tokens[first].start, tokens[stop - 1].end)
    before = tokens[found[place - 1].whole[1] - 1].end if place else 0
    after = tokens[found[place + 1].whole[0]].start if place + 1 < len(found) else len(sentence)
    denial = next(
        (
            each
            for each in governors(sentence, language)
            if each.kind == "denial" and each.reach[0] <= span.start < each.reach[1] and not each.touching
        ),
        None,
    )
    value = one.value if one.value is not None else Decimal(0)
    measure, unit, shown = _measure(one, value)
    own = sentence[before : span.start]
    poles = _poles(own, language) or _poles(sentence[span.end : after], language)
    return Stated(
        span,
        span.cut(sentence),
        shown,
        one.high,
        _bare(one, shown, measure),
        measure,
        unit,
        one.bounds,
        _direction(tokens, found, place, language),
        _years(sentence, span, before, after),
        denial.said if denial else None,
        poles,
        _everybody(sentence[before:after], language),
        speaker,
        _refused_after(sentence[span.end : after], language),
    )


def _measure(one: Quantity, value: Decimal) -> tuple[str, str | None, Decimal]:
    """What it measures, in which unit, and the value in it (points as points)."""
    if one.unit in ("percentage points", "basis points", "per mille") or (one.unit == "points"):
        return "points", None, value * 100 if one.unit == "percentage points" else value
    if one.kind in _SHARES and value <= 1:
        return "share", None, value
    if one.kind is Kind.CURRENCY:
        return "money", one.unit, value
    if one.kind is Kind.DURATION:
        return "time", one.unit, value
    if one.kind is Kind.MULTIPLIER:
        return ("share", None, value) if value < 1 else ("times", None, value)
    return ("share" if one.kind is Kind.PERCENT else "count"), None, value


def _bare(one: Quantity, value: Decimal, measure: str) -> Decimal:
    if measure == "share":
        return value * 100
    return value / one.scale if one.scale else value


def _years(sentence: str, span: Span, before: int, after: int) -> frozenset[int]:
    """The years said of a figure: right behind it, else before it in its stretch, else the only ones there are."""
    found = [(match.start(), _of_match(match)) for match in _YEAR.finditer(sentence)]
    behind = [years for at, years in found if span.end <= at < min(after, span.end + _NEAR_YEAR)]
    ahead = [years for at, years in found if before <= at < span.start]
    opening = [years for at, years in found if at < _NEAR_YEAR and at < span.start]
    chosen = behind[:1] or ahead[-1:] or (opening[:1] if len(found) == 1 or opening else [])
    return frozenset(chosen[0]) if chosen else frozenset()


def _of_match(match: re.Match[str]) -> set[int]:
    year = int(match.group(1))
    return {year, year // 100 * 100 + int(match.group(2))} if match.group(2) else {year}


def years_in(text: str) -> frozenset[int]:
    """Every year of a text."""
    return frozenset(year for match in _YEAR.finditer(text) for year in _of_match(match))


def _direction(tokens: list[Token], found: list[Quantity], place: int, language: Language) -> Direction | None:
    """Which way it went: from the nearest word of movement, else from "from … to …"."""
    one = found[place]
    first, stop = one.whole
    best: tuple[int, Direction] | None = None
    for at in range(max(0, first - _NEAR_MOVE), min(len(tokens), stop + _NEAR_MOVE)):
        turn = _turn(tokens, at, language) if not first <= at < one.stop else None
        distance = first - at if at < first else 2 + at - stop
        if turn is not None and (best is None or distance < best[0]):
            best = distance, turn
    if best is not None:
        return best[1]
    for low, high in ((place, place + 1), (place - 1, place)):
        if 0 <= low and high < len(found) and _from_to(tokens, found[low], found[high]):
            start, end = found[low].value, found[high].value
            if start is not None and end is not None and start != end:
                return Direction.INCREASE if end > start else Direction.DECREASE
    return None


def _turn(tokens: list[Token], at: int, language: Language) -> Direction | None:
    word = tokens[at].lower
    row = _MOVES[language].at(tokens, at) if word not in _NO_MOVES else None
    if row is not None and row.entry.effect in ("increase", "decrease"):
        return Direction(row.entry.effect)
    pole = _CONTRASTS[language].at(tokens, at)
    if pole is None or pole.entry.value != "direction" or _bounds(tokens, at):
        return None
    return _TURNS[pole.entry.effect]


def _bounds(tokens: list[Token], at: int) -> bool:
    """Whether "more" or "menos" is of a hedge ("more than", "más de", "o más")."""
    after = tokens[at + 1].lower if at + 1 < len(tokens) else ""
    before = tokens[at - 1].lower if at else ""
    return after in ("than", "de", "del", "que") or before in ("or", "o", "no")


def _from_to(tokens: list[Token], low: Quantity, high: Quantity) -> bool:
    between = [token.lower for token in tokens[low.whole[1] : high.whole[0]] if token.kind in "wp"]
    lead = {token.lower for token in tokens[max(0, low.whole[0] - 2) : low.whole[0]]}
    return bool({"to", "a", "al"} & set(between[-2:])) and bool(lead & {"from", "de", "del", "desde"})


def _poles(text: str, language: Language) -> frozenset[tuple[str, str]]:
    """The sides of contrasts in a stretch; of ages with their number ("younger 40")."""
    tokens = tokenize(text)
    poles = set()
    for _, stop, row in _CONTRASTS[language].found(tokens):
        number = tokens[stop].text if stop < len(tokens) and tokens[stop].kind == "n" else ""
        if row.value == "age" and number.isdigit() and _YOUNGEST <= int(number) <= _OLDEST:
            poles.add(("age", f"{row.effect} {number}"))
        elif row.value not in ("direction", "age"):
            poles.add((row.value, row.effect))
    return frozenset(poles)


def _everybody(text: str, language: Language) -> bool:
    return next(_EVERYBODY[language].found(tokenize(text)), None) is not None


def _refused_after(text: str, language: Language) -> bool:
    """Whether what is said of the figure is itself denied right behind it ("no espera", "do not expect")."""
    words = [token.lower for token in tokenize(text)][:8]
    return any(word in ("no", "not", "nunca", "never") or word.endswith("n't") for word in words)


def speaker_of(sentence: str, language: Language) -> tuple[str, ...]:
    """The names of whoever a sentence says it is said or measured by: words with a capital, small words apart."""
    tokens = tokenize(sentence)
    lead = next(((first, stop) for first, stop, _ in _LEADS[language].found(tokens)), None)
    if lead is not None:
        names = _names(tokens[lead[1] : lead[1] + _SUBJECT], stop_at=",.;:")
        if names:
            return names
    for first, _, _ in _VERBS[language].found(tokens):
        low = max((at + 1 for at in range(first) if tokens[at].text in ".;:"), default=0)
        names = _names(tokens[max(low, first - _SUBJECT) : first], stop_at="")
        if names:
            return names
    return ()


def _names(tokens: list[Token], stop_at: str) -> tuple[str, ...]:
    names = []
    for token in tokens:
        if stop_at and token.text in stop_at:
            break
        if token.kind == "w" and token.text[0].isupper() and len(token.text) >= _LEAST_NAME:
            word = token.lower.removesuffix("'s").removesuffix("’s")
            if word not in _SMALL:
                names.append(word)
    return tuple(names)
