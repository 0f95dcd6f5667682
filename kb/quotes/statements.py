"""What a sentence says of each of its figures: the value, its hedge and unit, when, which way, who says it, of whom.

Read with the grammar of numbers and the lexicon; nothing is guessed, what a sentence does not say is empty.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from kb.numbers.marks import MarkEvidence
from kb.numbers.quantities import may_hold_numbers, read_quantities
from kb.numbers.records import Line, Quantity
from kb.quotes.edges import governors, sentence_language
from kb.records.document import Span
from kb.records.language import Language
from kb.records.statistic import Comparator, Direction, Kind
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, is_yearlike, lower_at, tokenize

_YEAR = re.compile(r"(?<![\d.,])((?:19|20)\d\d)(?:[-–/](\d\d)(?!\d))?(?![\d%]|[.,]\d)")
# "8 % less than in 2022": a year of comparison is not the year of the figure.
_COMPARED = re.compile(r"(?:than(?: in)?|from|respecto (?:de|a)|on|desde|since) $", re.IGNORECASE)
_EARLIER = re.compile(r"\b(?:earlier|before|antes)\b", re.IGNORECASE)
_BOTH = (Language.ES, Language.EN)
_MOVES = {one: lexicon().phrases("move_stem", language=one) for one in _BOTH}
_NO_MOVES = words_of("no_move")
_CONTRASTS = {one: lexicon().phrases("contrast", language=one) for one in _BOTH}
_EVERYBODY = {one: lexicon().phrases("everybody", language=one) for one in _BOTH}
_LEADS = {one: lexicon().phrases("study_lead", language=one) for one in _BOTH}
_VERBS = {one: lexicon().phrases("attribution_verb", "study_found", "study_made", language=one) for one in _BOTH}
_SMALL = words_of("small_es") | words_of("small_en") | words_of("article")
_PLAIN = words_of("measured_noun") | words_of("respondent_noun")
_NUMBERS = words_of("number")
_BODIES = words_of("name_bodies")
_SHARES = (Kind.PERCENT, Kind.FRACTION, Kind.RATIO)
_TURNS = {"up": Direction.INCREASE, "down": Direction.DECREASE}
_AGE_LEADS = words_of("age_word") | frozenset({"over", "under"})
_YOUNGEST, _OLDEST = 10, 99
_NEAR_YEAR = 90
_REFUSED_REACH = 8
_NEAR_MOVE = 14
_SUBJECT = 12
_BY, _AGENT_REACH = frozenset({"por", "by"}), 4
_LEAST_NAME = 3
_LAST_WORDS = 4


class Pole(NamedTuple):
    """A side of a contrast ("gender", "women") and the word that says it."""

    axis: str
    side: str
    said: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure of a sentence and all that the sentence says of it.

    ``measure`` is "share", "points", "money", "time", "times" or "count"; ``unit`` the currency or unit of time;
    ``bare`` the number as written, without its scale; ``years`` are those said of this figure, ``denied`` the words
    that deny it; ``poles`` are the sides of a contrast near it ("men", "rural"), ``speaker`` the words of who says it.
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
    poles: frozenset[Pole]
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
    first, _ = one.whole
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
            if each.kind == "denial"
            and not each.touching
            and each.reach[0] <= span.start < each.reach[1]
            and ":" not in sentence[each.end : span.start]
        ),
        None,
    )
    value = one.value if one.value is not None else Decimal(0)
    measure, unit, shown = _measure(one, value)
    own = sentence[before : span.start]
    poles = _poles(own, language) or _poles(sentence[span.end : after], language) or _poles(sentence, language)
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
        _years(sentence, span, before, after, tokens[found[0].whole[0]].start),
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


def _years(sentence: str, span: Span, before: int, after: int, first: int) -> frozenset[int]:
    """The years said of a figure: right behind it, else before it in its stretch, else the only ones there are."""
    matches = [one for one in _YEAR.finditer(sentence) if not _COMPARED.search(sentence[: one.start()])]
    found = [(one.start(), _of_match(one)) for one in matches]
    behind = [years for at, years in found if span.end <= at < min(after, span.end + _NEAR_YEAR)]
    ahead = [years for at, years in found if before <= at < span.start]
    opening = [years for at, years in found if at < first]
    if _EARLIER.search(sentence[span.end : after]):
        return frozenset()
    chosen = behind[:1] or ahead[-1:] or opening[-1:]
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
        turn = _turn(tokens, at, language, at >= one.stop) if not first <= at < one.stop else None
        distance = first - at if at < first else 2 + at - stop
        if turn is not None and (best is None or distance < best[0]):
            best = distance, turn
    if best is not None:
        return best[1]
    for low, high in ((place, place + 1), (place - 1, place)):
        if low >= 0 and high < len(found) and _from_to(tokens, found[low], found[high]):
            start, end = found[low].value, found[high].value
            if start is not None and end is not None and start != end:
                return Direction.INCREASE if end > start else Direction.DECREASE
    return None


def _turn(tokens: list[Token], at: int, language: Language, behind: bool) -> Direction | None:
    word = tokens[at].lower
    row = _MOVES[language].at(tokens, at) if word not in _NO_MOVES else None
    if row is not None and row.entry.effect in ("increase", "decrease"):
        return Direction(row.entry.effect)
    pole = _CONTRASTS[language].at(tokens, at)
    if pole is None or pole.entry.value != "direction" or (_bounds(tokens, at) and not behind):
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


def _poles(text: str, language: Language) -> frozenset[Pole]:
    """The sides of contrasts in a stretch; of ages with their number ("younger 40")."""
    tokens = tokenize(text)
    poles = set()
    for _, stop, row in _CONTRASTS[language].found(tokens):
        number = tokens[stop].text if stop < len(tokens) and tokens[stop].kind == "n" else ""
        if row.value == "age" and number.isdigit() and _YOUNGEST <= int(number) <= _OLDEST:
            poles.add(Pole("age", f"{row.effect} {number}", f"{row.form} {number}"))
        elif row.value not in ("direction", "age"):
            poles.add(Pole(row.value, row.effect, row.form))
    return frozenset(poles)


def _everybody(text: str, language: Language) -> bool:
    return next(_EVERYBODY[language].found(tokenize(text)), None) is not None


def _refused_after(text: str, language: Language) -> bool:
    """Whether what is said of the figure is itself denied right behind it ("no espera", "do not expect")."""
    for token in tokenize(text)[:_REFUSED_REACH]:
        if token.lower in ("quienes", "who", "que", "whose", "for", "para", ",", "."):
            return False
        if token.lower in ("no", "not", "nunca", "never") or token.lower.endswith("n't"):
            return True
    return False


def speaker_of(sentence: str, language: Language) -> tuple[str, ...]:
    """The words that name whoever a sentence says it is said or measured by, lower-case, small words apart."""
    tokens = tokenize(sentence)
    lead = next(((first, stop) for first, stop, _ in _LEADS[language].found(tokens)), None)
    if lead is not None:
        end = next((at for at in range(lead[1], len(tokens)) if tokens[at].text in ",.;:"), len(tokens))
        names = _names(tokens[lead[1] : min(end, lead[1] + _SUBJECT)])
        if names:
            return names
    for first, stop, _ in _VERBS[language].found(tokens):
        names = _agent(tokens, stop)
        if names:
            return names
        low = max((at + 1 for at in range(first) if tokens[at].text in ".;:"), default=0)
        names = _names(tokens[max(low, first - _SUBJECT) : first])
        if names:
            return names
    return ()


def _agent(tokens: list[Token], stop: int) -> tuple[str, ...]:
    """The words that name by whom it was done: "entrevistados en 2023 por la Alianza", "conducted by Kantria"."""
    agent = next((at + 1 for at in range(stop, stop + _AGENT_REACH) if lower_at(tokens, at) in _BY), len(tokens))
    closed = next((at for at in range(agent, len(tokens)) if tokens[at].text in ",.;:()"), len(tokens))
    return _names(tokens[agent : min(closed, agent + _SUBJECT)])


def names_in(text: str) -> tuple[str, ...]:
    """Every word of a text with a capital, lower-case; a lone one that only opens its sentence is left out."""
    tokens = tokenize(text)
    starts = {0} | {at + 1 for at, token in enumerate(tokens) if token.text in ".:?!"}
    named = []
    for at, token in enumerate(tokens):
        alone = at in starts and not (at + 1 < len(tokens) and tokens[at + 1].text[:1].isupper())
        if _is_name(token) and not (alone and token.text[1:].islower()):
            named.append(_bare_name(token))
    return tuple(named)


def _names(tokens: list[Token]) -> tuple[str, ...]:
    """The capitalised words of a noun phrase; without any, its own words where these name somebody."""
    capital = tuple(_bare_name(token) for at, token in enumerate(tokens) if _is_name(token) and not _opens(tokens, at))
    if capital:
        return capital
    words = [_bare_name(token) for token in tokens[-_LAST_WORDS:] if token.kind == "w"]
    telling = [word for word in words if len(word) >= _LEAST_NAME and word not in _SMALL | _PLAIN]
    return tuple(telling) if words and words[-1] in _BODIES and len(telling) > 1 else ()


def _opens(tokens: list[Token], at: int) -> bool:
    """Whether a lone word with a capital only opens its sentence: nothing of the phrase but a name ends it."""
    if sum(token.text[0].isupper() for token in tokens) > 1 or not tokens[at].text[1:].islower():
        return False
    goes_on = at + 1 < len(tokens) and tokens[at + 1].kind == "w" and tokens[at].start == 0
    return goes_on or _is_plain(tokens[at])


def _is_plain(token: Token) -> bool:
    """Whether a lone word with a capital only opens its sentence: people or things, a number, a plural."""
    return token.lower in _PLAIN or token.lower in _NUMBERS or token.lower.endswith("s")


def _is_name(token: Token) -> bool:
    return (
        token.kind == "w"
        and token.text[0].isupper()
        and len(token.text) >= _LEAST_NAME
        and _bare_name(token) not in _SMALL
    )


def _bare_name(token: Token) -> str:
    return token.lower.removesuffix("'s").removesuffix("’s")
