"""Scores and ranks: a bare number that a word before or after it makes one ("NPS of 42", "8-point gap", "top 10").

Looks only at the words of the same sentence. Numbers it does not know stay counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from kb.numbers.hedging import is_move, moved_before
from kb.numbers.marks import AMBIGUOUS, Counted, as_decimal
from kb.numbers.numerals import read_number
from kb.numbers.records import Line, Quantity, is_whole
from kb.numbers.shares import after_from
from kb.records.statistic import Kind
from kb.words.lexicon import words_of
from kb.words.tokens import Token, is_yearlike, lower_at

_Tokens = Sequence[Token]
INDEXES = words_of("index_name")
"""Names of indexes, after which a number is a score."""
_NAMES = INDEXES | words_of("score_name")
_LINKS = words_of("score_link") | words_of("score_moved")
_FILLERS = _LINKS | words_of("score_filler")
_OF = words_of("owner_link")
_BOUNDS, _COPULAS = words_of("bound_word"), words_of("copula")
_COUNTED = words_of("measured_noun") | words_of("list_noun")
_RANK_LABELS, _RANKINGS = words_of("rank_label"), words_of("ranking_word")
_RANK_VERBS = words_of("rank_verb")
_POINTS, _STARS = words_of("point"), words_of("star")
_CHANGES = words_of("point_change")
_COMPARES = words_of("point_compared")
_MAY_FOLLOW = words_of("after_score")
_NOTHING_COUNTED = _MAY_FOLLOW | words_of("scale") | words_of("no_noun") | {"a", "to"}
_SCALE = words_of("scale_word")
_TO = frozenset(["a", "al", "to", "hasta"])
_OPENS = frozenset([":", "=", ")", "(", ","])
_PLACED = frozenset(["en", "in", "into", "al", "within", "dentro"])
_COUNTING = words_of("counting_word")
_REACH = 16
_ASIDES = frozenset(["que", "which", "cuyo", "cuya", "whose", "con", "with", "based"])
_NUMERALS = frozenset(["número", "number", "no", ".", "#", "nº", "n", "º", "°", "núm"])


def named_score(line: Line, found: Quantity) -> Quantity:
    """The quantity as a score or a rank where its neighbours say so, else unchanged."""
    if found.kind is not Kind.COUNT or found.unit is not None or found.form not in ("digits", "words"):
        return found
    tokens = line.tokens
    if _is_rank(tokens, found):
        return replace(found, kind=Kind.RANK)
    if found.value is not None and found.value < 0 and found.plain and _may_end(tokens, found):
        return replace(found, kind=Kind.SCORE)  # nothing that is counted falls below zero
    stop = _after_points(tokens, found)
    if stop is not None:
        return replace(found, kind=Kind.SCORE, stop=stop, unit="points")
    whole = _scale_after(line, found.stop)
    if whole is not None and found.value is not None and abs(found.value) <= whole:
        return replace(found, kind=Kind.SCORE, unit=f"out of {whole.normalize():f}")
    if _listed_with_index(tokens, found) or _before_index(tokens, found.stop) or _after_name(tokens, found):
        return _with_decimals(line, found)
    return found


def is_mark(line: Line, found: Quantity) -> bool:
    """Whether it is a score for its decimals and for nothing saying what it counts: "sacaron 3,6; los privados, 4,1",
    "average 4.6", "encabeza la tabla (8,1)"; not "calls per customer: 0.7". Of 124 such 121 were judged scores."""
    bare = found.kind is Kind.COUNT and found.form == "digits" and (found.unit, found.note) == (None, None)
    if not bare or found.plain or found.value is None or is_whole(found.value) or not 0 < found.value < 100:
        return False
    if found.bare != found.stop or not _may_end(line.tokens, found) or lower_at(line.tokens, found.stop) in _POINTS:
        return False
    before = range(max(0, found.first - _REACH), found.first)
    return not any(line.tokens[at].lower in _COUNTING or _counts_parts(line.tokens, at) for at in before)


def _counts_parts(tokens: _Tokens, place: int) -> bool:
    """Whether a number with decimals counts things there: "las pequeñas ofrecen 3,6 canales, las grandes, 3,8"."""
    if tokens[place].kind != "n" or tokens[place].text.isdigit() or tokens[place + 1].kind != "w":
        return False
    return tokens[place + 1].lower not in _NOTHING_COUNTED


def _is_rank(tokens: _Tokens, found: Quantity) -> bool:
    """ "puesto 15", "number 7 in the ranking", "came #3 for service", "en el top 10 mundial"."""
    before, beyond = lower_at(tokens, found.first - 1), lower_at(tokens, found.first - 2)
    whole = found.value is not None and is_whole(found.value) and (found.plain or found.form == "words")
    place = found.first - 1
    while lower_at(tokens, place) in _NUMERALS and place > found.first - 4:
        place -= 1
    label = lower_at(tokens, place)
    numbered = place < found.first - 1 and not (before == "." and beyond not in _NUMERALS)
    if whole and (label in _RANK_LABELS or (numbered and label in _RANK_VERBS)):
        return True
    if not whole:
        return False
    if before == "top":
        led = lower_at(tokens, found.first - 3) in _PLACED or beyond in _PLACED
        return led and lower_at(tokens, found.stop) not in _COUNTED
    ranked = any(lower_at(tokens, found.stop + step) in _RANKINGS for step in (1, 2, 3, 4))
    return numbered and lower_at(tokens, found.stop) in _OF and ranked


def _after_points(tokens: _Tokens, found: Quantity) -> int | None:
    """The token after "points", "4 estrellas", "31 puntos de NPS", "an 8-point gap"; not "5 puntos de contacto"."""
    place, word = found.stop, lower_at(tokens, found.stop)
    if word == "-" and tokens[place].glued:
        word, after = lower_at(tokens, place + 1), lower_at(tokens, place + 2)
        starred = word in _STARS and not found.plain and found.form == "digits"
        return place + 2 if starred or (word in _POINTS and (after in _CHANGES or after == "nps")) else None
    if word not in _POINTS:
        return None
    if lower_at(tokens, place + 1) not in ("de", "of"):
        return None if lower_at(tokens, place + 1) in _SCALE else place + 1
    beyond = lower_at(tokens, place + 2)
    told = beyond in INDEXES or is_yearlike(beyond) or beyond in _CHANGES or moved_before(tokens, found.first, 4)
    return place + 1 if told else None


def is_point_change(tokens: _Tokens, found: Quantity) -> bool:
    """Whether points are those of a change or a gap: "subió 5 puntos", "7 puntos más", "8 puntos de diferencia"."""
    after = [lower_at(tokens, found.stop + step) for step in range(3)]
    near = {lower_at(tokens, found.first - step) for step in (1, 2, 3)}
    led = near & _CHANGES or moved_before(tokens, found.first, 6)
    beside = after[0] == "por" and after[1] in ("debajo", "encima", "detrás", "delante", "arriba")
    return bool(
        led or beside or after[0] in _CHANGES | _COMPARES or (after[0] in ("de", "of") and after[1] in _CHANGES)
    )


def _scale_after(line: Line, place: int) -> Decimal | None:
    """M of "(en una escala de M puntos)", "on a M-point scale" right after a number; or null."""
    tokens = line.tokens
    bracket = lower_at(tokens, place) == "("
    place += bracket
    step = (lower_at(tokens, place) in ("en", "on", "sobre")) + (
        lower_at(tokens, place + 1) in ("una", "a", "la", "the")
    )
    if step < 2 and not (bracket and lower_at(tokens, place + step) in _SCALE):
        return None
    place += step
    if lower_at(tokens, place) in _SCALE:
        place += 1
        if lower_at(tokens, place) in ("de", "of", "from", "del"):
            place += 1
            opens = lower_at(tokens, place) in ("0", "1", "cero", "uno", "zero", "one")
            place += 2 if opens and lower_at(tokens, place + 1) in _TO else 0
    number = read_number(tokens, place, line.language) if place < len(tokens) else None
    value = number.value(line.language, Counted.THINGS, line.evidence) if number is not None else None
    if number is None or value is None or value <= 1:
        return None
    before, after = lower_at(tokens, place - 1), lower_at(tokens, number.stop)
    return value if before in ("de", "of", "a", "al", "to") or after in ("-", "point") else None


def _listed_with_index(tokens: _Tokens, found: Quantity) -> bool:
    """ "Pino (34) y Haya (28) lideran el NPS": in brackets behind a name, in a sentence that names the index."""
    if lower_at(tokens, found.first - 1) != "(" or lower_at(tokens, found.stop) != ")" or found.first < 2:
        return False
    named = tokens[found.first - 2].text[:1].isupper() and not is_yearlike(tokens[found.first].text)
    return named and any(token.lower in INDEXES for token in tokens[max(0, found.first - 30) : found.stop + 30])


def _before_index(tokens: _Tokens, place: int) -> bool:
    """ "a 92 CSAT last quarter", "45 de NPS"; not "5 NPS questions"."""
    place += lower_at(tokens, place) == "de"
    if lower_at(tokens, place) not in INDEXES:
        return False
    place += 1 + (lower_at(tokens, place + 1) in ("score", "scores", "rating"))
    return place >= len(tokens) or tokens[place].kind == "p" or tokens[place].lower in _MAY_FOLLOW


def _with_decimals(line: Line, found: Quantity) -> Quantity:
    """The quantity as a score: "una nota media de 8.125" has decimals, whatever whole things would have."""
    score = replace(found, kind=Kind.SCORE)
    digits = line.tokens[found.bare - 1].text
    decimal = as_decimal(digits) if found.form == "digits" and found.high is None else None
    if decimal is None or (found.value is not None and found.value < 1000):
        return score
    if decimal >= 10 or digits.strip("0123456789") in line.evidence.thousands:
        return replace(score, value=None, note=AMBIGUOUS)
    return replace(score, value=decimal, note=None)


def _after_name(tokens: _Tokens, found: Quantity) -> bool:
    """Whether the name of a score leads to the number, with nothing between that another number could belong to.

    Between a name and its number stand fillers, or the words that say whose it is and then a verb: "the NPS of leading
    insurers is".
    """
    if is_yearlike(tokens[found.first].text):
        return False
    if lower_at(tokens, found.first - 1) in _BOUNDS and lower_at(tokens, found.stop) in _COPULAS:
        return False  # "an NPS above 0 is good" says what a good one is
    names = _NAMES if _may_end(tokens, found) else INDEXES if _may_go_on(tokens, found) else frozenset()
    linked = filled = inside = False
    for place in range(found.first - 1, max(-1, found.first - 1 - _REACH), -1):
        word = tokens[place].lower
        if inside:
            inside = word != "(" and not (word == "," and lower_at(tokens, place + 1) in _ASIDES)
            continue
        if place < found.first - 1 and (word == ")" or (word == "," and linked and _has_aside(tokens, place))):
            inside = True  # "El índice (base 100 = 2018) subió a", "El indicador, que va de 0 a 100, marcó"
            continue
        if word in names:
            own = not tokens[place + 1].glued or tokens[place + 1].text in _OPENS
            return own and (not filled or _owns(tokens, place))
        if (
            (word == "," and place == found.first - 1 and _closes(tokens, found.stop))
            or word in _LINKS
            or is_move(word)
        ):
            linked = True
        elif word not in _FILLERS and not is_yearlike(word):
            if not linked or (tokens[place].kind != "w" and word != ","):
                return False
            filled = True
    return False


def _has_aside(tokens: _Tokens, place: int) -> bool:
    """Whether a relative clause between commas ends at this comma."""
    starts = range(place - 1, max(0, place - 12), -1)
    opened = next((at for at in starts if tokens[at].text == ","), None)
    return opened is not None and lower_at(tokens, opened + 1) in _ASIDES


def _owns(tokens: _Tokens, name: int) -> bool:
    """Whether whose score it is follows its name: "the NPS of leading insurers", "El NPS medio de los hoteles"."""
    return any(lower_at(tokens, name + step) in _OF for step in (1, 2))


def _closes(tokens: _Tokens, place: int) -> bool:
    return place >= len(tokens) or tokens[place].text in ".;)"


def _may_end(tokens: _Tokens, found: Quantity) -> bool:
    """Whether what follows the number leaves it a score: not "un índice de 12 preguntas"."""
    following = tokens[found.stop] if found.stop < len(tokens) else None
    if following is None or following.kind != "w" or following.lower in _MAY_FOLLOW:
        return True
    return following.lower in _TO and after_from(tokens, found.first)


def _may_go_on(tokens: _Tokens, found: Quantity) -> bool:
    """Whether a word follows that no score counts: "un CSAT superior a 80 crece", not "NPS 5 preguntas"."""
    following = tokens[found.stop].lower
    return tokens[found.stop - 1].end < tokens[found.stop].start and following not in _COUNTED
