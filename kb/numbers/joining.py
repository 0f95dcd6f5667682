"""Numbers that share one unit: both ends of a change ("del 12 al 15 por ciento"), what is compared ("41 %, frente al
35"), lists ("81, 79 and 76 percent") and series ("Roble (61,2), Haya (58,7)").

A bare number takes kind, unit and scale of the quantity it is joined to; nothing else is changed.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kb.numbers.hedging import moved_before
from kb.numbers.ratios import share_of
from kb.numbers.records import Line, Quantity
from kb.numbers.shares import after_from
from kb.records.statistic import Kind
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import is_yearlike, lower_at

_TO, _AND = frozenset(["a", "al", "to", "hasta"]), frozenset(["y", "e", "and", "o", "u", "or"])
_ARTICLES = words_of("article") - {"a", "an", "una"} | {"una"}
_CARRIED = frozenset({Kind.PERCENT, Kind.CURRENCY, Kind.DURATION, Kind.SCORE})
_COMPARED = lexicon().phrases("comparison")
_REACH = 12
_LABELS = words_of("section_label") | words_of("name_start")
_ENDS = words_of("after_joined")
_SPANS = words_of("time_one") | {"quarter"}
_COUNTED = words_of("measured_noun")
_OWNERS = frozenset(["of", "de", "del", "at", "in", "for", "en", "para"])
_UNITS_OF_CHANGE = frozenset({"percentage points", "basis points"})
_RESPECTIVE = words_of("respective")
_MOVED = words_of("score_moved")
_REACHED = words_of("reached")
UNSCALED = "ambiguous scale"
"""The note of a number that may or may not be in millions as the one it is joined to."""
_FACTORS = {"basis points": Decimal("0.0001"), "per mille": Decimal("0.001")}


def joined(line: Line, found: list[Quantity]) -> list[Quantity]:
    """The quantities, the bare ones among them with the kind and unit of the one they are joined to."""
    if len(found) < 2:
        return found
    shared = _taken_from_next(line, found)
    for place in range(1, len(shared)):
        first, second = shared[place - 1], shared[place]
        if first.kind is Kind.CURRENCY and second.kind is Kind.COUNT and _is_end(line, first, second):
            shared[place] = replace(second, kind=first.kind, unit=first.unit)
        if not _is_bare(second):
            continue
        if first.kind is Kind.RATIO and first.scale > 1 and _goes_on(line, first, second):
            share = share_of(second.value or Decimal(0), first.scale)
            shared[place] = replace(second, value=share, kind=Kind.RATIO, scale=first.scale)
        if first.kind not in _CARRIED:
            continue
        last = shared[place + 1] if place + 1 < len(shared) else None
        if last is not None and _opens_change(line, first, second, last):
            shared[place : place + 2] = [replace(end, kind=Kind.SCORE, unit=first.unit) for end in (second, last)]
        elif _is_parallel(line, first, second) or (_ends(line, second) and _is_carried_on(line, first, second)):
            shared[place] = _taking(line, second, first, Decimal(1))
        elif (_ends(line, second) and _is_destination(line, first, second)) or _in_series(line, first, second):
            shared[place] = replace(second, kind=Kind.SCORE, unit=first.unit)
    return shared


def _taken_from_next(line: Line, found: list[Quantity]) -> list[Quantity]:
    """The unit stands once, after the last: "from 82 to 74 percent", "el 33 y el 41 por ciento"."""
    shared = list(found)
    listed = False
    for place in range(len(shared) - 2, -1, -1):
        first, second = shared[place], shared[place + 1]
        joiner = _between(line, first, second)
        changed = joiner in _TO and after_from(line.tokens, first.first)
        together = joiner in _AND or (joiner == "," and listed)
        taken = first
        if changed and second.kind is first.kind and second.scale > 1 and first.high is None:
            value = _scaled(first, second)
            scale = second.scale if value != first.value else first.scale
            plain = first.plain and value == first.value
            taken = replace(first, value=value, plain=plain, note=_note(first, value), scale=scale)
        elif changed and _is_bare(first) and _is_bare(second) and not is_yearlike(line.tokens[first.first].text):
            taken = replace(first, unit=_noun_after(line, second))
        elif changed and _is_bare(first) and second.kind in _CARRIED:
            taken = _taking(line, first, second, second.scale)
        elif together and _is_bare(first) and _is_listable(line, first, second):
            taken = _taking(line, first, second, Decimal(1))
        listed = taken is not first and together
        shared[place] = taken
    return shared


def _noun_after(line: Line, found: Quantity) -> str | None:
    """The noun that both ends of a change count: "de 350 a 520 agentes"."""
    following = line.tokens[found.stop] if found.stop < len(line.tokens) else None
    counts = following is not None and following.kind == "w" and following.lower in _COUNTED
    return following.text if following is not None and counts else None


def _between(line: Line, first: Quantity, second: Quantity) -> str:
    """The words between two quantities, articles, currency signs and a leading comma aside; "" when they are many."""
    if second.first - first.stop > 5:
        return ""
    words = [token.lower for token in line.tokens[first.stop : second.first] if token.lower not in _ARTICLES | {"+"}]
    return " ".join(words[1:] if len(words) > 1 and words[0] == "," else words)


def _is_parallel(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "70 percent of chats and 55 of emails", "el 45 % de los hombres y el 52 de las mujeres", "desde las 24 horas de
    Pino a las 90 de Haya"."""
    tokens = line.tokens
    of, beyond, to = lower_at(tokens, first.stop), lower_at(tokens, first.stop + 1), lower_at(tokens, second.stop)
    sized = first.kind in (Kind.PERCENT, Kind.DURATION, Kind.SCORE) and first.unit not in _UNITS_OF_CHANGE
    if not sized or first.high is not None or of not in _OWNERS or second.first - first.stop > _REACH:
        return False
    before = [lower_at(tokens, second.first - step) for step in (1, 2)]
    if first.kind is Kind.SCORE:
        return to == of and (before[0] in _AND or (before[0] in _TO and before[1] in _AND))
    if first.kind is Kind.DURATION:
        joined_to = before[0] in _TO or (before[0] in _ARTICLES and before[1] in _TO | _AND)
        return to == of and joined_to
    if of not in ("of", "de", "del"):
        return False
    led = before[0] in (("and", ",") if of == "of" else ("el", "un"))
    same = to == of or (of != "of" and to in ("de", "del"))
    alike = (beyond == "the") == (lower_at(tokens, second.stop + 1) == "the")
    return led and same and alike and 0 <= (second.value or 0) <= 100


def _goes_on(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "por cada 100, 64 vuelven, 20 dudan y 16 se van": the next part of the same whole."""
    before = lower_at(line.tokens, second.first - 1)
    near = second.first - first.stop <= 6 and (before == "," or before in _AND)
    return near and second.value is not None and second.value < first.scale and second.plain


def _is_carried_on(line: Line, first: Quantity, second: Quantity) -> bool:
    """Whether the number after a whole quantity is measured as it is: "from 64 percent to 59", "45 %, up from 38"."""
    joiner = _between(line, first, second)
    if joiner in ("from", "desde") or (joiner in _TO and after_from(line.tokens, first.first)):
        return True
    place = second.first - (lower_at(line.tokens, second.first - 1) in _ARTICLES | {"+"})
    phrase = _COMPARED.before(line.tokens, place) if place - first.stop <= _REACH else None
    if phrase is not None and place - len(phrase.words) >= first.stop:
        return True
    if first.kind is not Kind.SCORE or second.value is None or first.value is None:
        return False
    before = [lower_at(line.tokens, second.first - step) for step in (1, 2)]
    if second.first - first.stop <= _REACH and before[0] in _TO and before[1] in _MOVED:
        return True  # "NPS was 52; in January it fell to 44"
    return joiner in _AND and abs(second.value) <= max(abs(first.value) * 4, Decimal(10))


def _is_destination(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "rose 4 points to 77.1", "cayó 3 puntos, hasta 41": where the score ended."""
    joiner = _between(line, first, second).split(" ")
    moved = moved_before(line.tokens, first.first) and not after_from(line.tokens, first.first)
    arrives = joiner[0] in _TO and set(joiner[1:]) <= _REACHED
    pointed = first.kind is Kind.SCORE and first.unit in ("points", None) and second.value is not None
    return pointed and arrives and moved and not is_yearlike(line.tokens[second.first].text)


def _opens_change(line: Line, first: Quantity, second: Quantity, last: Quantity) -> bool:
    """ "climbed 14 points, from 28 to 42": the two ends of a score's change that stand after its size."""
    ends = _is_bare(last) and _ends(line, last) and not is_yearlike(line.tokens[second.first].text)
    led = first.unit == "points" and _between(line, first, second) in ("from", "de", "desde")
    changed = _between(line, second, last) in _TO and after_from(line.tokens, second.first)
    return first.kind is Kind.SCORE and led and ends and changed


def _in_series(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "Gana Pino con 68,4 puntos; siguen Roble (61,2)": in brackets after a name, of the size of the score before."""
    tokens = line.tokens
    named = lower_at(tokens, second.first - 1) == "(" and lower_at(tokens, second.stop) == ")"
    if first.kind is not Kind.SCORE or not named or second.first < 2 or second.value is None or first.value is None:
        return False
    owner, alike = tokens[second.first - 2], first.plain == second.plain
    sized = abs(first.value) / 10 <= abs(second.value) <= abs(first.value) * 10
    return owner.text[:1].isupper() and alike and sized and not is_yearlike(tokens[second.first].text)


def _is_end(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "desde 1.2 mil millones de pesos en 2017 hasta 4.8 mil millones": the other end of a sum's change."""
    tokens = line.tokens
    started = lower_at(tokens, first.first - 1) in ("desde", "from", "de")
    ended = lower_at(tokens, second.first - 1) in _TO and _ends(line, second)
    return second.scale > 1 and started and ended and second.first - first.stop <= _REACH


def _is_bare(found: Quantity) -> bool:
    return (
        found.kind is Kind.COUNT
        and found.form in ("digits", "words")
        and (found.unit, found.high, found.note) == (None, None, None)
        and found.value is not None
        and found.bare == found.stop
    )


def _ends(line: Line, found: Quantity) -> bool:
    """Whether nothing that is counted follows."""
    tokens, place = line.tokens, found.stop
    following = lower_at(tokens, place)
    if place >= len(tokens) or following in _ENDS or (tokens[place].kind == "p" and following not in "-/%"):
        return True
    beyond = lower_at(tokens, place + 1)
    if following in ("a", "one", "un", "una"):
        return beyond in _SPANS
    return following == "del" or (following == "de" and (beyond in ("la", "hace") or is_yearlike(beyond)))


def _taking(line: Line, bare: Quantity, whole: Quantity, scale: Decimal) -> Quantity:
    """``bare`` as what ``whole`` is, or unchanged when that is not sure."""
    value = bare.value
    if value is None or (bare.plain and is_yearlike(line.tokens[bare.first].text) and whole.kind is not Kind.CURRENCY):
        return bare
    if whole.kind is Kind.PERCENT:
        value *= _FACTORS.get(whole.unit or "", Decimal("0.01"))
        return replace(bare, value=value, kind=whole.kind, unit=whole.unit)
    if (whole.unit or "").startswith("out of") and value > Decimal((whole.unit or "")[7:]):
        return bare
    if whole.kind is Kind.CURRENCY and scale > 1:
        scaled = _scaled(bare, whole)
        return replace(bare, value=scaled, kind=whole.kind, unit=whole.unit, note=_note(bare, scaled))
    return replace(bare, kind=whole.kind, unit=whole.unit)


def _note(found: Quantity, value: Decimal | None) -> str | None:
    return UNSCALED if value is None and found.value is not None else found.note


def _is_listable(line: Line, bare: Quantity, whole: Quantity) -> bool:
    """Whether a number of a list is what the last one is: a percentage or a score, or anything where each has its own
    owner; no name or label leads it ("Windows 10 y 20 %")."""
    tokens, before = line.tokens, line.tokens[bare.first - 1] if bare.first else None
    named = before is not None and bare.first > 1 and before.kind == "w" and before.text[0].isupper()
    if named or (before is not None and before.lower in _LABELS) or bare.value is None or whole.high is not None:
        return False
    if whole.kind is Kind.PERCENT and whole.unit not in _UNITS_OF_CHANGE:
        return 0 <= bare.value <= 100
    if whole.kind is Kind.SCORE and bare.plain == whole.plain and not bare.plain:
        return True
    return whole.kind in _CARRIED and any(token.lower in _RESPECTIVE for token in tokens[bare.first : bare.first + 40])


def _scaled(bare: Quantity, whole: Quantity) -> Decimal | None:
    """ "de 3 a 5 millones de euros": the bare end in millions too where the digits are of one size, as it stands where
    they are of quite another ("de 900 a 1,2 millones"), null between."""
    if not bare.value or not whole.value or bare.scale > 1 or abs(bare.value) >= 1000:
        return bare.value
    times = abs(bare.value / whole.value * whole.scale)
    if Decimal("0.05") <= times <= 20:
        return bare.value * whole.scale
    return bare.value if times > 500 else None
