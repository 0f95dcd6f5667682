"""Numbers that share one unit: both ends of a change ("del 12 al 15 por ciento"), what is compared ("41 %, frente al
35") and lists ("81, 79 and 76 percent").

A bare number takes kind, unit and scale of the quantity it is joined to; nothing else is changed.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ingest.figures.labels import is_yearlike
from ingest.figures.lines import Line, Quantity
from ingest.figures.nouns import MEASURED_NOUNS
from ingest.figures.ranges import after_from, moved_before
from ingest.figures.scan import lower_at, word_set, words_at
from ingest.figures.scores import MOVED
from kb.statistic import Kind

_TO = word_set("a al to hasta")
_AND = word_set("y e and o u or")
_ARTICLES = word_set("el los las la un una the")
_CARRIED = frozenset({Kind.PERCENT, Kind.CURRENCY, Kind.DURATION, Kind.SCORE})
_COMPARED = (
    *(("frente", "a"), ("frente", "al"), ("versus",), ("vs",), ("vs", "."), ("compared", "with"), ("compared", "to")),
    ("against",),
    *(("up", "from"), ("down", "from"), ("comparado", "con"), ("comparación", "con"), ("as", "against"), ("contra",)),
)
_REACH = 12
# What may lead a list of percentages: not a name or a label ("Windows 10 y 20 %").
_LEADS = word_set("el un los del al de was were are is of from with by the desde son fue fueron registraron , : (") | {
    ""
}
_ENDS = word_set(
    "in en after over during since tras durante desde por for among entre within y and con with at as when cuando "
    "respectively respectivamente last this el gracias thanks after before antes on sobre"
)
_SPANS = word_set("año año years year month months quarter semana mes meses trimestre")
_UNITS_OF_CHANGE = frozenset({"percentage points", "basis points"})
_RESPECTIVE = word_set("respectively respectivamente")
UNSCALED = "ambiguous scale"
"""The note of a number that may or may not be in millions as the one it is joined to."""
_FACTORS = {"basis points": Decimal("0.0001"), "per mille": Decimal("0.001")}


def shared_units(line: Line, found: list[Quantity]) -> list[Quantity]:
    """The quantities, the bare ones among them with the kind and unit of the one they are joined to."""
    if len(found) < 2:
        return found
    shared = _taken_from_next(line, found)
    for place in range(1, len(shared)):
        first, second = shared[place - 1], shared[place]
        if first.kind not in _CARRIED or not _is_bare(second):
            continue
        last = shared[place + 1] if place + 1 < len(shared) else None
        if last is not None and _opens_change(line, first, second, last):
            shared[place : place + 2] = [replace(end, kind=Kind.SCORE, unit=first.unit) for end in (second, last)]
            continue
        if _is_parallel(line, first, second):
            shared[place] = _taking(line, second, first, Decimal(1))
        elif not _ends(line, second):
            continue
        elif _is_destination(line, first, second):
            shared[place] = replace(second, kind=Kind.SCORE, unit=first.unit)
        elif _is_carried_on(line, first, second):
            shared[place] = _taking(line, second, first, Decimal(1))
    return shared


def _taken_from_next(line: Line, found: list[Quantity]) -> list[Quantity]:
    """The unit stands once, after the last: "from 82 to 74 percent", "el 33 y el 41 por ciento"."""
    shared = list(found)
    listed = False
    for place in range(len(shared) - 2, -1, -1):
        first, second = shared[place], shared[place + 1]
        joiner = _between(line, first, second)
        changed = _is_change(line, first, joiner)
        joined = joiner in _AND or (joiner == "," and listed)
        taken = first
        if changed and second.kind is first.kind and second.scale > 1 and first.high is None:
            value = _scaled(first, second)
            scaled = value != first.value
            taken = replace(first, value=value, plain=first.plain and not scaled, note=_note(first, value))
            taken = replace(taken, scale=second.scale) if scaled else taken
        elif changed and _is_bare(first) and _is_bare(second) and not is_yearlike(line.tokens[first.first].text):
            taken = replace(first, unit=_noun_after(line, second))
        elif changed and _is_bare(first) and second.kind in _CARRIED:
            taken = _taking(line, first, second, second.scale)
        elif joined and _is_bare(first) and _is_listable(line, first, second, joiner):
            taken = _taking(line, first, second, Decimal(1))
        listed = taken is not first and joined
        shared[place] = taken
    return shared


def _noun_after(line: Line, found: Quantity) -> str | None:
    """The noun that both ends of a change count: "de 350 a 520 agentes"."""
    following = line.tokens[found.stop] if found.stop < len(line.tokens) else None
    counts = following is not None and following.kind == "w" and following.lower in MEASURED_NOUNS
    return following.text if following is not None and counts else None


def _between(line: Line, first: Quantity, second: Quantity) -> str:
    """The words between two quantities, articles, currency signs and a leading comma aside; "" when they are many."""
    if second.first - first.stop > 5:
        return ""
    words = [token.lower for token in line.tokens[first.stop : second.first] if token.lower not in _ARTICLES]
    if len(words) > 1 and words[0] == ",":
        words = words[1:]
    return " ".join(words)


def _is_change(line: Line, first: Quantity, joiner: str) -> bool:
    return joiner in _TO and after_from(line.tokens, first.first)


def _is_parallel(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "70 percent of chats and 55 of emails", "el 45 % de los hombres y el 52 de las mujeres"."""
    tokens = line.tokens
    of, beyond = lower_at(tokens, first.stop), lower_at(tokens, first.stop + 1)
    if (
        first.kind is not Kind.PERCENT
        or first.unit is not None
        or of not in ("of", "de", "del")
        or first.high is not None
    ):
        return False
    led = lower_at(tokens, second.first - 1) in (("and", ",") if of == "of" else ("el", "un"))
    alike = (beyond == "the") == (lower_at(tokens, second.stop + 1) == "the")
    same = lower_at(tokens, second.stop) == of or (of != "of" and lower_at(tokens, second.stop) in ("de", "del"))
    return led and same and alike and second.first - first.stop <= _REACH and 0 <= (second.value or 0) <= 100


def _moves_on(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "NPS was 52; in January it fell to 44": a score that moves on to its next value."""
    tokens, place = line.tokens, second.first - 1
    if first.kind is not Kind.SCORE or second.first - first.stop > _REACH or lower_at(tokens, place) not in _TO:
        return False
    return lower_at(tokens, place - 1) in MOVED


def _is_compared(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "45 percent use chat, up from 38": within the clause after the first quantity."""
    place = second.first - (lower_at(line.tokens, second.first - 1) in _ARTICLES | {"+"})
    if place - first.stop > _REACH:
        return False
    return any(
        place - len(words) >= first.stop and words_at(line.tokens, place - len(words), words) for words in _COMPARED
    )


def _is_carried_on(line: Line, first: Quantity, second: Quantity) -> bool:
    """Whether the number after a whole quantity is measured as it is: "from 64 percent to 59"."""
    joiner = _between(line, first, second)
    if _is_change(line, first, joiner) or _is_compared(line, first, second) or joiner in ("from", "desde"):
        return True
    if _moves_on(line, first, second):
        return True
    return first.kind is Kind.SCORE and joiner in _AND and _is_listed_score(first, second)


def _is_destination(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "rose 4 points to 77.1", "cayó 3 puntos, hasta 41": where the score ended."""
    joiner = _between(line, first, second)
    return (
        first.kind is Kind.SCORE
        and first.unit == "points"
        and joiner in ("to", "hasta", "to reach", "a", "hasta llegar a", "hasta alcanzar")
        and moved_before(line.tokens, first.first)
        and not after_from(line.tokens, first.first)
        and second.value is not None
        and not is_yearlike(line.tokens[second.first].text)
    )


def _opens_change(line: Line, first: Quantity, second: Quantity, last: Quantity) -> bool:
    """ "climbed 14 points, from 28 to 42": the two ends of a score's change that stand after its size."""
    ends = _is_bare(last) and _ends(line, last) and not is_yearlike(line.tokens[second.first].text)
    led = first.unit == "points" and _between(line, first, second) in ("from", "de", "desde")
    return first.kind is Kind.SCORE and led and ends and _is_change(line, second, _between(line, second, last))


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
    if following in ("a", "one", "un", "una"):
        return lower_at(tokens, place + 1) in _SPANS
    beyond = lower_at(tokens, place + 1)
    return following == "del" or (following == "de" and (beyond in ("la", "hace") or is_yearlike(beyond)))


def _taking(line: Line, bare: Quantity, whole: Quantity, scale: Decimal) -> Quantity:
    """``bare`` as what ``whole`` is, or unchanged when that is not sure."""
    value = bare.value
    if value is None or (bare.plain and is_yearlike(line.tokens[bare.first].text) and whole.kind is not Kind.CURRENCY):
        return bare
    if whole.kind is Kind.PERCENT:
        return replace(
            bare, value=value * _FACTORS.get(whole.unit or "", Decimal("0.01")), kind=whole.kind, unit=whole.unit
        )
    if whole.kind is Kind.SCORE and (whole.unit or "").startswith("out of") and value > Decimal((whole.unit or "")[7:]):
        return bare
    if whole.kind is Kind.CURRENCY and scale > 1:
        value = _scaled(bare, whole)
    return replace(bare, value=value, kind=whole.kind, unit=whole.unit, note=_note(bare, value))


def _note(found: Quantity, value: Decimal | None) -> str | None:
    return UNSCALED if value is None and found.value is not None else found.note


def _is_listable(line: Line, bare: Quantity, whole: Quantity, joiner: str) -> bool:
    """Whether a number of a list is what the last one is: a percentage, or anything where each has its own owner."""
    if whole.kind is not Kind.PERCENT or whole.unit in _UNITS_OF_CHANGE:
        respective = any(token.lower in _RESPECTIVE for token in line.tokens)
        return respective and whole.kind in _CARRIED and lower_at(line.tokens, bare.first - 1) in _LEADS | _ARTICLES
    led = lower_at(line.tokens, bare.first - 1) in _LEADS
    return led and bare.value is not None and 0 <= bare.value <= 100 and whole.high is None


def _is_listed_score(first: Quantity, second: Quantity) -> bool:
    """ "an NPS of 34 and 52": the second where it is of the first one's size."""
    if second.value is None or first.value is None:
        return False
    return abs(second.value) <= max(abs(first.value) * 4, Decimal(10))


def _scaled(bare: Quantity, whole: Quantity) -> Decimal | None:
    """ "de 3 a 5 millones de euros": the bare end in millions too where the digits are of one size, as it stands where
    they are of quite another ("de 900 a 1,2 millones"), null between."""
    if not bare.value or not whole.value or bare.scale > 1 or abs(bare.value) >= 1000:
        return bare.value
    times = abs(bare.value / whole.value * whole.scale)
    if Decimal("0.05") <= times <= 20:
        return bare.value * whole.scale
    return bare.value if times > 500 else None
