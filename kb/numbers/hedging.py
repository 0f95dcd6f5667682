"""How a text hedges a number: words before it, after it, or in an aside behind it, and verbs that lead to it.

A hedge is never lost: its tokens are kept beside the comparator. Knows nothing of what is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kb.numbers.records import Line, Quantity
from kb.records.language import Language
from kb.records.statistic import Comparator, Kind
from kb.words.lexicon import Phrases, lexicon, words_of
from kb.words.tokens import Token, lower_at, words_at

_Tokens = Sequence[Token]
_Hedge = tuple[int, Comparator]
"""Where a hedge starts (before a number) or the token after it (behind one), and what it says."""
_WORDS = lexicon()


def _placed(language: Language, place: str) -> Phrases:
    return Phrases([row for row in _WORDS.of("hedge", language) if row.place in (place, "both")])


_BEFORE = {one: _placed(one, "before") for one in Language}
_AFTER = {one: _placed(one, "after") for one in Language}
_EMPHASIS = {one: _WORDS.phrases("emphasis", language=one) for one in Language}
_VERBS = {one: {row.form: row.effect for row in _WORDS.of("hedge_verb", one)} for one in Language}
_WEAK = {one: {row.form: row.effect for row in _WORDS.of("weak_hedge", one)} for one in Language}
"""Prepositions that hedge at the head of a clause or behind a verb: "sobre 30 mil personas", "tardó como 20 horas"."""
_BEFORE_WEAK = words_of("before_weak_hedge")
_ARRIVALS = words_of("arrival", Language.ES)
_NOT = {one: words_of("negation", one) for one in Language}
_BETWEEN_NOT = {one: words_of("between_negation", one) for one in Language}
_TRANSPARENT = {one: words_of("transparent", one) for one in Language}
_AMOUNT_MOVES = _WORDS.stems("amount_move")
_MOVES = _WORDS.stems("move_stem")
"""The beginnings of verbs and nouns of movement ("subió", "drop")."""
_NO_MOVES = words_of("no_move")
_AMOUNTS = words_of("amount_word")
_DESTINED = words_of("destined")
_AUXILIARIES = words_of("reflexive")
_CONTRACTED = {"del": "de", "al": "a"}
_ASIDES = frozenset({Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.ABOUT})
_ENDS = frozenset(";:.!?")


def is_move(word: str) -> bool:
    """Whether a lower-case word tells that something moved."""
    return (word.startswith(_MOVES) and word not in _NO_MOVES) or word in ("up", "down")


def moved_before(tokens: _Tokens, first: int, reach: int = 8) -> bool:
    """Whether a verb or noun of movement leads, within the clause: "rose from 31 to 44", "pasó de 120 a 230"."""
    for place in range(first - 1, max(-1, first - 1 - reach), -1):
        if is_move(tokens[place].lower):
            return True
        if tokens[place].text in _ENDS:
            return False
    return False


def hedged(line: Line, found: Quantity) -> Quantity:
    """The quantity with its hedge; a range keeps its own unless "up to" leads it."""
    tokens, language = line.tokens, line.language
    before = _before_quantity(line, found)
    after = hedge_after(tokens, found.stop, language)
    if after is None and found.bare != found.stop:
        after = hedge_after(tokens, found.bare, language)
    if after is None and found.kind is Kind.COUNT and lower_at(tokens, found.stop + 1) in ("o", "or"):
        after = hedge_after(tokens, found.stop + 1, language)  # "three channels or more"
    if after is None and before is None:
        aside = _aside(tokens, found.stop, language)
        return replace(found, comparator=found.comparator or aside) if aside else found
    ranged = found.comparator is Comparator.RANGE
    if before is not None and (not ranged or before[1] is Comparator.UP_TO):
        found = replace(found, before=(before[0], found.first), comparator=found.comparator or before[1])
    if after is not None:
        found = replace(found, after=(found.stop, after[0]), comparator=found.comparator or after[1])
    return found


def _before_quantity(line: Line, found: Quantity) -> _Hedge | None:
    tokens, language, first = line.tokens, line.language, found.first
    if found.kind is Kind.MULTIPLIER and found.form == "named":
        while lower_at(tokens, first - 1) in _AUXILIARIES:  # "casi se ha duplicado"
            first -= 1
    before = hedge_before(tokens, first, language)
    if before is None and found.kind is Kind.MULTIPLIER and lower_at(tokens, first - 1) == "hasta":
        return first - 1, Comparator.UP_TO  # "crece hasta 10 veces más rápido"
    if before is None and found.kind is Kind.MULTIPLIER and lower_at(tokens, found.first - 1) in ("por", "by"):
        before = hedge_before(tokens, found.first - 1, language)  # "casi por cuatro"
    within = lower_at(tokens, found.first - 1) in ("within", "inside")
    if before is None and found.kind is Kind.DURATION and within:
        return found.first - 1, Comparator.AT_MOST
    if found.form == "digits" and lower_at(tokens, found.first - 1) == "+" and tokens[found.first].glued:
        ends = lower_at(tokens, found.first - 2) in ("a", "al", "to", "de", "from", "desde", "hasta")  # "de -5 a +12"
        signed = found.kind is Kind.COUNT and not tokens[found.first - 1].glued and not ends
        return (found.first - 1, Comparator.MORE_THAN) if signed else before
    return before


def hedge_before(tokens: _Tokens, first: int, language: Language) -> _Hedge | None:
    """The first token of the hedge that ends right before token ``first``, and its comparator; or null."""
    end = first
    for _ in range(5):
        if _EMPHASIS[language].before(tokens, end) is not None:
            return None  # "nada menos que el 71 %" bounds nothing
        found = _match_before(tokens, end, language)
        if found is not None:
            return found
        if lower_at(tokens, end - 1) == ",":  # "por lo menos, dos años", "como máximo, un 10 %"
            aside = _match_before(tokens, end - 1, language)
            return aside if aside is not None and aside[1] in _ASIDES else None
        skipped = 2 if words_at(tokens, end - 2, ("con", "creces")) else 1
        if skipped == 1 and lower_at(tokens, end - 1) not in _TRANSPARENT[language]:
            return None
        end -= skipped
    return None


def _match_before(tokens: _Tokens, end: int, language: Language) -> _Hedge | None:
    verb = _verb_before(tokens, end, language)
    if verb is not None:
        return verb
    last = lower_at(tokens, end - 1)
    weak = _WEAK[language].get(last)
    if weak is not None and (end == 1 or tokens[end - 2].kind == "p" or lower_at(tokens, end - 2) in _BEFORE_WEAK):
        return end - 1, Comparator(weak)
    phrase = _BEFORE[language].before(tokens, end, _CONTRACTED.get(last, last))
    if phrase is None:
        return None
    start, comparator = end - len(phrase.words), Comparator(phrase.entry.effect)
    if comparator is Comparator.UP_TO and _is_destination(tokens, start, end):
        return None
    flipped = _FLIPPED.get(comparator)
    if flipped is not None and _denied_before(tokens, start, language):
        return start, flipped
    if lower_at(tokens, start - 1) == "to" and phrase.words[0] == "as" and moved_before(tokens, start, 4):
        return None  # "fell to as low as 9%"
    return start, comparator


def _denied_before(tokens: _Tokens, start: int, language: Language) -> bool:
    """ "never fell below 400", "no vinieron más de 40": a denied verb right before a bound turns it round."""
    return any(
        lower_at(tokens, place) in _NOT[language] or lower_at(tokens, place).endswith("n't")
        for place in (start - 2, start - 3)
        if place >= 0 and all(token.kind == "w" for token in tokens[place:start])
    )


_FLIPPED = {Comparator.LESS_THAN: Comparator.AT_LEAST, Comparator.MORE_THAN: Comparator.AT_MOST}


def _verb_before(tokens: _Tokens, end: int, language: Language) -> _Hedge | None:
    """The hedging verb that ends before ``end``, its negation included: "superó el", "did not even reach"."""
    place = end - 1
    effect = _VERBS[language].get(lower_at(tokens, place))
    if language is Language.ES and lower_at(tokens, place) in ("a", "al") and lower_at(tokens, place - 1) in _ARRIVALS:
        place, effect = place - 1, "/less_than"
    if effect is None:
        return None
    plain, _, negated = effect.partition("/")
    negation = _negation_before(tokens, place, language)
    if negation is not None:
        return negation, Comparator(negated)
    return (place, Comparator(plain)) if plain else None


def _negation_before(tokens: _Tokens, place: int, language: Language) -> int | None:
    """The token that negates the verb at ``place`` ("no ha superado", "did not even reach"), or null."""
    for start in range(place - 1, max(-1, place - 4), -1):
        word = lower_at(tokens, start)
        if word in _NOT[language] or word.endswith(("n't", "n’t")):
            return start
        if word not in _BETWEEN_NOT[language]:
            return None
    return None


def _is_destination(tokens: _Tokens, start: int, end: int) -> bool:
    """Whether "hasta" or "up to" says where a movement ended: "subió hasta 45", not "subió hasta un 45 %"."""
    if lower_at(tokens, start) == "up":
        return lower_at(tokens, start - 1) in _DESTINED
    if lower_at(tokens, start) != "hasta" or lower_at(tokens, start + 1) in _AMOUNTS:
        return False
    for place in range(start - 1, max(-1, start - 14), -1):
        if tokens[place].text in _ENDS:
            return False
        word = tokens[place].lower
        amount = place > start - 3 and word.startswith(_AMOUNT_MOVES)  # "perderán hasta 5 millones"
        if word == "desde" or (is_move(word) and not amount and place >= start - 7):
            return True
    return False


def hedge_after(tokens: _Tokens, stop: int, language: Language) -> _Hedge | None:
    """The token after the hedge that starts at ``stop``, and its comparator; or null."""
    if lower_at(tokens, stop) == "+" and tokens[stop].glued:
        # "12+ people" sets a threshold, "400+ stores" rounds down.
        round_number = tokens[stop - 1].text.endswith("00")
        return stop + 1, Comparator.MORE_THAN if round_number else Comparator.AT_LEAST
    phrase = _AFTER[language].at(tokens, stop)
    if phrase is not None and phrase.words[0] == "por" and lower_at(tokens, stop + len(phrase.words)) in ("de", "del"):
        return None  # "diez puntos por encima de la media", "un 9 % por arriba de 2023": a difference
    return (stop + len(phrase.words), Comparator(phrase.entry.effect)) if phrase is not None else None


def _aside(tokens: _Tokens, stop: int, language: Language) -> Comparator | None:
    """ "el 36 % de los socios, aproximadamente,": a hedge between commas behind the noun phrase of the quantity."""
    place = stop
    while place < min(len(tokens), stop + 5) and tokens[place].kind == "w":
        place += 1
    if lower_at(tokens, place) not in (",", "("):
        return None
    found = hedge_after(tokens, place + 1, language)
    closed = found is not None and lower_at(tokens, found[0]) in (",", ")", ".", "")
    return found[1] if found is not None and closed else None
