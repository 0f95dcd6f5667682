"""Numbers that share one unit: both ends of a change, what is compared, lists of owners with a number each, results.

A bare number takes kind, unit and scale of the quantity before it (or of the heading of its list) where its place says
so: "41 %, frente al 35", "cable, 41%; wireless, 57", "Puntaje: clínicas, 78; bancos, 66", "9 puntos y quedó en 61,4".
Nothing else is changed.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kb.numbers.hedging import moved_before
from kb.numbers.measures import Measure, measure_of
from kb.numbers.records import Line, Quantity, rounded
from kb.numbers.shares import after_from
from kb.numbers.units import POINT_UNITS
from kb.records.statistic import Kind
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import is_yearlike, lower_at

_TO, _AND = frozenset(["a", "al", "to", "hasta"]), frozenset(["y", "e", "and", "o", "u", "or"])
_ARTICLES = words_of("article") - {"a", "an", "una"} | {"una"}
_CARRIED = frozenset({Kind.PERCENT, Kind.CURRENCY, Kind.DURATION, Kind.SCORE})
_COMPARED = lexicon().phrases("comparison")
_REACH = 14
_LABELS = words_of("section_label") | words_of("name_start")
_ENDS = words_of("after_joined")
_SPANS = words_of("time_one") | {"quarter"}
_COUNTED = words_of("measured_noun")
_OF = frozenset(["of", "de", "del"])
_OWNERS = frozenset(["of", "de", "del", "at", "in", "for", "en", "para"])
_RESPECTIVE = lexicon().phrases("respective")
_RESULTS = words_of("score_link") | words_of("score_moved") | words_of("result_verb") | words_of("hedge_verb")
_TIMED = lexicon().stems("timed_stem")
_MEANS = words_of("mean_word")
_INTO = _TO | {"en", "at", "on", "into", "por"}
_CHANGES = words_of("point_change")
_MORE, _THAN = words_of("point_compared"), frozenset(["que", "than", "de"])
_LIGHT = _ARTICLES | {"+", "los", "las", "el", "plus", "más", "only", "just", "solo", "sólo", "$", "€", "£"}
_OTHERS = words_of("other_word")
_WHOLE_LEADS = frozenset(["de", "por", "for", "of", "out", "in"])
_REACHING = frozenset([",", "llegar", "alcanzar", "reach", "para", "hasta", "y", "and", "up"])
_NOT_SO = words_of("negation")
_UNSCALED = "ambiguous scale"
"""The note of a number that may or may not be in millions as the one it is joined to."""


def joined(line: Line, found: list[Quantity]) -> list[Quantity]:
    """The quantities, the bare ones among them with the kind and unit of the one they are joined to."""
    heading = _heading(line, found)
    if len(found) < 2 and heading is None:
        return found
    shared = _taken_from_next(line, found)
    for place, second in enumerate(shared):
        first = _anchor(line, shared, place)
        if not _is_bare(second) or is_yearlike(line.tokens[second.first].text):
            continue
        if first is None:
            if heading is not None and _is_item(line, 0, second):
                shared[place] = heading.given(second)
        elif first.kind is Kind.RANK:
            if _between(line, first, second) in _TO and moved_before(line.tokens, first.first):
                shared[place] = replace(second, kind=Kind.RANK, anchor=first.first)
        elif first.kind is Kind.RATIO:
            if _goes_on(line, first, second):
                share = rounded((second.value or Decimal(0)) / first.scale)
                shared[place] = replace(second, value=share, kind=Kind.RATIO, scale=first.scale, anchor=first.first)
        else:
            shared[place] = _shared(line, first, second, shared[place + 1 : place + 2])
    return shared


def _heading(line: Line, found: list[Quantity]) -> Measure | None:
    """What the words before a colon measure when numbers stand behind it only: "Reclamos por operador: Andel, 980"."""
    first = found[0].first if found else 0
    colon = next((at for at, token in enumerate(line.tokens[:first]) if token.text == ":"), None)
    return measure_of(line.tokens[:colon], line.language) if colon else None


def _anchor(line: Line, shared: list[Quantity], place: int) -> Quantity | None:
    """The last quantity before that has a measure to share, years between passed over; or null."""
    for first in reversed(shared[:place]):
        if first.kind in (*_CARRIED, Kind.RANK) or (first.kind is Kind.RATIO and first.scale > 1):
            return first
        if first.kind is not Kind.COUNT or first.form not in ("digits", "words"):
            return None
        if first.high is not None:
            continue  # "de los de 30 a 50, el 48": an age
        noun = first.unit or _noun_after(line, first)
        if noun is not None:
            return replace(first, unit=noun)
        if not is_yearlike(line.tokens[first.first].text):
            return None
    return None


def _shared(line: Line, first: Quantity, second: Quantity, last: list[Quantity]) -> Quantity:
    """``second`` with the measure of ``first`` where its place says that it has it, else as it is."""
    ends = _ends(line, second)
    own = _own_measure(line, first, second)
    if own is not None and own.kind is not first.kind:
        return own.given(second)
    if first.kind is Kind.SCORE and first.unit == "points" and last and _opens_change(line, first, second, last[0]):
        return replace(second, kind=Kind.SCORE, unit=first.unit, anchor=first.first)
    if _is_difference(line, first, second):
        points = first.kind is Kind.PERCENT
        return replace(second, kind=Kind.SCORE, anchor=first.first) if points else _taking(line, second, first)
    if ends and first.kind is Kind.DURATION and _is_timed(line, second):
        return replace(_taking(line, second, first), anchor=None)  # "la ley fija 10 días y tarda 23": its own finding
    if not _is_parallel(line, first, second):
        if not ends or not _is_sized(first, second):
            return second
        listed = _is_item(line, first.stop, second) or _is_carried_on(line, first, second)
        scored = first.kind is Kind.SCORE and _is_mark(line, first, second)
        if not (listed or scored or _is_result(line, first, second)):
            return second
    return _taking(line, second, first)


def lasting(line: Line, found: Quantity, unit: str) -> Quantity:
    """The number as a time in ``unit``, that of the sentence before, where a verb of time leads it: "The slowest took
    412"; else as it is."""
    told = _is_bare(found) and _ends(line, found) and _is_timed(line, found)
    return replace(found, kind=Kind.DURATION, unit=unit) if told else found


def _is_timed(line: Line, found: Quantity) -> bool:
    """ "la superintendencia tarda 23", "but the median only eight": a verb of time, or a mean of what was told."""
    lead = lower_at(line.tokens, _lead(line, found))
    return lead.startswith(_TIMED) or lead in _MEANS


def _own_measure(line: Line, first: Quantity, second: Quantity) -> Measure | None:
    """The measure that the label of an item names: "branch visits: −11.5%; NPS: −2"."""
    lead = _lead(line, second)
    if lower_at(line.tokens, lead) not in (",", ":", "(") or not _ends(line, second):
        return None
    start = next((at for at in range(lead - 1, first.stop - 1, -1) if line.tokens[at].text in ";,|("), first.stop)
    named = measure_of(line.tokens[start:lead], line.language)
    return named if named is not None and named.kind in (Kind.SCORE, Kind.PERCENT) else None


def _lead(line: Line, second: Quantity) -> int:
    """The last token before a number, its sign and its articles."""
    place = second.first - 1
    while lower_at(line.tokens, place) in _LIGHT:
        place -= 1
    return place


def _is_item(line: Line, start: int, second: Quantity) -> bool:
    """ "cable, 41%; wireless, 57", "siguen Roble (61,2)", "(previous meeting: 410)": an owner and a number."""
    tokens, lead = line.tokens, _lead(line, second)
    lead -= lower_at(tokens, lead) in ("en", "at", "a", "to") and lower_at(tokens, lead - 1) == ","
    sign, after = lower_at(tokens, lead), lower_at(tokens, second.stop)
    if sign == "(":
        own = tokens[lead - 1].text[:1].isupper() if lead else False
        return own and after == ")" and lead > start
    if sign not in (",", ":") or not (after in ";,.)|(" or after in _AND):
        return False
    between = tokens[start:lead]
    words = [token for token in between if token.kind == "w"]
    parted = any(token.text in ";:(" or token.lower in _AND for token in between) or sign == ":"
    return parted and bool(words) and (start == 0 or len(words) <= 10)


def _is_result(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "9 puntos y quedó en 61,4", "and we got to 79", "the worst got 4.9", "a drop of 1.4", "rose 4 points to 77"."""
    tokens, lead = line.tokens, _lead(line, second)
    changed = first.kind is Kind.SCORE and first.unit in ("points", None, *POINT_UNITS)
    moved = moved_before(tokens, first.first) and not after_from(tokens, first.first)
    word = lower_at(tokens, lead)
    if first.kind is Kind.SCORE and (
        word in ("up", "down") or (word in ("of", "de") and lower_at(tokens, lead - 1) in _CHANGES)
    ):
        return True
    if word in _RESULTS:
        return second.first - first.stop <= _REACH and not (moved and first.kind is Kind.PERCENT)
    if word not in _INTO or second.first - first.stop > _REACH:
        return False
    between = [token.lower for token in tokens[first.stop : lead]]
    if changed and moved and {*between} <= _REACHING:
        return True
    arrived = bool(between) and between[-1] in _RESULTS and _NOT_SO.isdisjoint(between)
    return arrived and (changed or not moved or first.kind in (Kind.SCORE, Kind.DURATION, Kind.COUNT))


def _is_mark(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "Con 8,9 puntos superan a las panaderías (8,4)", "81 out of 100, ahead of email at 67": another score in the
    form of the first, with nothing behind it that it could count."""
    return second.form == first.form == "digits" and second.plain == first.plain


def _is_difference(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "36 horas, cinco menos que en mayo", "9 days, two fewer than last year"."""
    after, beyond = lower_at(line.tokens, second.stop), lower_at(line.tokens, second.stop + 1)
    reach = _REACH if lower_at(line.tokens, _lead(line, second)) == "," else 6
    near = second.first - first.stop <= reach and first.kind is not Kind.CURRENCY and first.kind is not Kind.COUNT
    return near and after in _MORE and beyond in _THAN


def _is_sized(first: Quantity, second: Quantity) -> bool:
    """Whether a value can be of the measure of another: no share above all, no mark of quite another size."""
    value, other = abs(second.value or Decimal(0)), abs(first.value or Decimal(0))
    if first.kind is Kind.PERCENT:
        return value <= 100
    if first.kind is Kind.SCORE and (first.unit or "").startswith("out of"):
        return value <= Decimal((first.unit or "")[7:])
    if first.kind is Kind.SCORE and first.unit not in ("points", *POINT_UNITS):
        return value <= max(other * 20, Decimal(100))
    return True


def _taken_from_next(line: Line, found: list[Quantity]) -> list[Quantity]:
    """The unit stands once, after the last: "from 82 to 74 percent", "el 33 y el 41 por ciento"."""
    shared = list(found)
    listed = False
    for place in range(len(shared) - 2, -1, -1):
        first, second = shared[place], shared[place + 1]
        joiner = _between(line, first, second)
        changed = joiner in _TO and after_from(
            line.tokens, first.first - (lower_at(line.tokens, first.first - 1) == "+")
        )
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
            taken = _taking(line, first, second)
        listed = taken is not first and together
        shared[place] = taken
    return shared


def _noun_after(line: Line, found: Quantity) -> str | None:
    """What a count counts, of the things that are counted in findings: "342 open tickets", "de 350 a 520 agentes"."""
    for token in line.tokens[found.stop : found.stop + 4]:
        if token.kind != "w" or token.lower in _OWNERS:
            return None
        if token.lower in _COUNTED:
            return token.text
    return None


def _between(line: Line, first: Quantity, second: Quantity) -> str:
    """The words between two quantities, articles, currency signs and a leading comma aside; "" when they are many."""
    between = line.tokens[first.stop : second.first]
    dated = len(between) > 1 and between[0].lower in ("en", "in") and is_yearlike(between[1].text)
    between = between[2:] if dated else between  # "6,9 en 2019 a 7,4"
    if len(between) > 5:
        return ""
    words = [token.lower for token in between if token.lower not in _LIGHT]
    return " ".join(words[1:] if len(words) > 1 and words[0] == "," else words)


def _is_parallel(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "70 percent of chats and 55 of emails", "el 45 % de los hombres y el 52 de las mujeres", "desde las 24 horas de
    Pino a las 90 de Haya", "93 días en Soria, 71 en Lugo y 40 en León", "61 percent got none and just 8 got some"."""
    tokens = line.tokens
    of, to = lower_at(tokens, first.stop), lower_at(tokens, second.stop)
    sized = first.kind in (Kind.PERCENT, Kind.DURATION, Kind.SCORE) and first.unit not in POINT_UNITS
    if not sized or first.high is not None or second.first - first.stop > _REACH:
        return False
    again = to == of and of.isalpha() and of not in _COUNTED and not (first.kind is Kind.PERCENT and of in _OF)
    if again and _is_sized(first, second):
        listed = lower_at(tokens, _lead(line, second))
        if listed in _AND or listed in (",", ";"):
            return True
    if of not in _OWNERS:
        return False
    before = [lower_at(tokens, second.first - step) for step in (1, 2)]
    if first.kind is Kind.SCORE:
        return to == of and (before[0] in _AND or (before[0] in _TO and before[1] in _AND))
    if first.kind is Kind.DURATION:
        joined_to = before[0] in _TO or (before[0] in _ARTICLES and before[1] in _TO | _AND)
        return to == of and joined_to
    if of not in _OF:
        return False
    led = before[0] in (("and", ",") if of == "of" else ("el", "un"))
    same = to == of or (of != "of" and to in ("de", "del"))
    beyond = lower_at(tokens, first.stop + 1)
    alike = (beyond == "the") == (lower_at(tokens, second.stop + 1) == "the")
    return led and same and alike and 0 <= (second.value or 0) <= 100


def _goes_on(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "por cada 100, 64 vuelven, 20 dudan y 16 se van", "tres de cada diez …, otros dos": a part of the same whole."""
    before = lower_at(line.tokens, second.first - 1)
    from_whole = first.anchor is not None or lower_at(line.tokens, first.first) in _WHOLE_LEADS
    listed = from_whole and second.first - first.stop <= 10 and (before == "," or before in _AND)
    smaller = second.value is not None and second.value < first.scale
    return smaller and (before in _OTHERS or (listed and second.plain))


def _is_carried_on(line: Line, first: Quantity, second: Quantity) -> bool:
    """ "from 64 percent to 59", "45 %, up from 38", "9.5 days from 8", "7,8; 7,4 y 6,9": compared or in one list."""
    joiner = _between(line, first, second)
    if joiner in ("from", "desde") or (joiner in _TO and after_from(line.tokens, first.first)):
        return True
    lead = _lead(line, second)
    phrase = _COMPARED.before(line.tokens, lead + 1) if lead + 1 - first.stop <= _REACH else None
    if phrase is not None and lead + 1 - len(phrase.words) >= first.stop:
        return True
    if line.tokens[first.stop : second.first] and lower_at(line.tokens, lead) in ("of", "de"):
        phrase = _COMPARED.before(line.tokens, lead - 2)
        if phrase is not None:
            return True  # "against an average of 7.1"
    listed = joiner in _AND or joiner == ","
    return listed and first.kind is Kind.SCORE and first.unit != "points"


def _opens_change(line: Line, first: Quantity, second: Quantity, last: Quantity) -> bool:
    """ "climbed 14 points, from 28 to 42": the first of the two ends of a change that stand after its size."""
    led = _between(line, first, second) in ("from", "de", "desde")
    return led and _between(line, second, last) in _TO and after_from(line.tokens, second.first) and _ends(line, last)


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
    if following == "the":
        return beyond in _SPANS or lower_at(tokens, place + 2) in _SPANS  # "from 3 the year before"
    return following == "del" or (following == "de" and (beyond in ("la", "hace") or is_yearlike(beyond)))


def _taking(line: Line, bare: Quantity, whole: Quantity, scale: Decimal = Decimal(1)) -> Quantity:
    """``bare`` as what ``whole`` is, or unchanged when that is not sure."""
    value = bare.value
    if value is None or (bare.plain and is_yearlike(line.tokens[bare.first].text) and whole.kind is not Kind.CURRENCY):
        return bare
    taken = replace(bare, kind=whole.kind, unit=whole.unit, anchor=whole.first)
    if whole.kind is Kind.PERCENT:
        return replace(taken, value=value * (Decimal("0.001") if whole.unit == "per mille" else Decimal("0.01")))
    if (whole.unit or "").startswith("out of") and value > Decimal((whole.unit or "")[7:]):
        return bare
    if whole.kind is Kind.SCORE and whole.unit in POINT_UNITS:
        return replace(taken, unit=None)
    if whole.kind is Kind.CURRENCY and scale > 1:
        scaled = _scaled(bare, whole)
        return replace(taken, value=scaled, note=_note(bare, scaled))
    return taken


def _note(found: Quantity, value: Decimal | None) -> str | None:
    return _UNSCALED if value is None and found.value is not None else found.note


def _is_listable(line: Line, bare: Quantity, whole: Quantity) -> bool:
    """Whether a number of a list is what the last one is: a percentage or a score, or anything where each has its own
    owner; no name or label leads it ("Windows 10 y 20 %")."""
    tokens, before = line.tokens, line.tokens[bare.first - 1] if bare.first else None
    named = before is not None and bare.first > 1 and before.kind == "w" and before.text[0].isupper()
    if named or (before is not None and before.lower in _LABELS) or bare.value is None or whole.high is not None:
        return False
    if whole.kind is Kind.PERCENT:
        return 0 <= bare.value <= 100
    if whole.kind is Kind.SCORE and bare.plain == whole.plain and not bare.plain:
        return True
    return whole.kind in _CARRIED and any(True for _ in _RESPECTIVE.found(tokens[bare.first : bare.first + 40]))


def _scaled(bare: Quantity, whole: Quantity) -> Decimal | None:
    """ "de 3 a 5 millones de euros": the bare end in millions too where the digits are of one size, as it stands where
    they are of quite another ("de 900 a 1,2 millones"), null between."""
    if not bare.value or not whole.value or bare.scale > 1 or abs(bare.value) >= 1000:
        return bare.value
    times = abs(bare.value / whole.value * whole.scale)
    if Decimal("0.05") <= times <= 20:
        return bare.value * whole.scale
    return bare.value if times > 500 else None
