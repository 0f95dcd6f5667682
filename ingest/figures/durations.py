"""Units of time after a number, and durations of several parts: "45m", "6m 30s", "1 h 15 min", "dos semanas y media".

A duration of two units is given in the smaller one. Knows nothing of which durations are findings.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ingest.figures.lines import Line, Number, Quantity
from ingest.figures.marks import Counted
from ingest.figures.numerals import read_number
from ingest.figures.scan import lower_at, word_set, words_at
from ingest.figures.units import TIME

_HOURS = word_set("h hs hr hrs")
_MINUTES = word_set("m min mins")
_SECONDS = word_set("s sec secs seg segs")
_SHORT = {
    **dict.fromkeys(_HOURS, "hours"),
    **dict.fromkeys(_MINUTES, "minutes"),
    **dict.fromkeys(_SECONDS, "seconds"),
}
_SMALLER = {"hours": "minutes", "minutes": "seconds"}
_LED = word_set("business working full calendar consecutive straight")
_CLOCK = word_set("las la at from until")
# "45m" is minutes, and not metres or millions, where something takes time.
_TIMED = (
    *("hold", "wait", "handl", "respon", "repl", "resol", "durat", "duraci", "duran", "durar", "tiemp", "esper", "aht"),
    *("asa", "tard", "takes", "took", "taking", "lasts", "lasted", "answer", "atenci", "atend", "time", "queue"),
)
_TO = word_set("a to - – y and")
_HALVES = (("y", "media"), ("y", "medio"), ("and", "a", "half"))
_JOINERS = word_set("y and , con")


def time_at(line: Line, index: int) -> tuple[int, str] | None:
    """The token after the unit of time that stands at ``index``, right after its number, and the unit; or null."""
    tokens = line.tokens
    if index >= len(tokens):
        return None
    step = 1 if tokens[index].text == "-" and tokens[index].glued else 0
    if lower_at(tokens, index + step) in _LED:
        step += 1
    word = lower_at(tokens, index + step)
    unit = TIME[line.language].get(word)
    if unit is not None:
        return index + step + 1, unit
    if word in _SHORT and not step and _is_short_unit(line, index):
        return index + 1, _SHORT[word]
    return None


def _is_short_unit(line: Line, index: int) -> bool:
    """Whether "h", "m" or "s" after a number is of time: "48h", "45m" of a wait; not "a las 18 h", "the 90s", "5m"."""
    tokens, word = line.tokens, line.tokens[index].lower
    if index + 1 < len(tokens) and tokens[index + 1].glued and tokens[index + 1].text in "/'’":
        return False
    if lower_at(tokens, index - 2) in _CLOCK or tokens[index - 1].kind != "n":
        return False
    near = range(max(0, index - 9), index - 1)
    timed = any(tokens[place].lower.startswith(_TIMED) for place in near)
    if word in _HOURS:
        return timed or lower_at(tokens, index - 2) not in _TO  # "de 9 a 18 h"
    if word in _MINUTES and lower_at(tokens, index + 2) in _SECONDS:
        return True
    if lower_at(tokens, index - 2) in ("the", "los"):
        return False
    return timed


def whole_duration(line: Line, found: Quantity) -> Quantity:
    """The duration with what follows it: half a unit more, or the smaller units of the same time."""
    for words in _HALVES:
        if found.value is not None and found.high is None and words_at(line.tokens, found.stop, words):
            return replace(found, stop=found.stop + len(words), value=found.value + Decimal("0.5"))
    longer = _with_smaller(line, found)
    return longer if longer is found else whole_duration(line, longer)


def _with_smaller(line: Line, found: Quantity) -> Quantity:
    """ "3 horas y 46 minutos", "1h 20m", "1h15": one duration in the smaller unit."""
    tokens, place = line.tokens, found.stop
    smaller = _SMALLER.get(found.unit or "")
    if smaller is None or found.value is None or found.high is not None or place >= len(tokens):
        return found
    place += lower_at(tokens, place) in _JOINERS
    number = read_number(tokens, place, line.language) if place < len(tokens) else None
    value = number.value(line.language, Counted.THINGS, line.evidence) if number is not None else None
    if number is None or value is None or not 0 <= value < 60:
        return found
    stop = _after_unit(line, number, smaller)
    if stop is None:
        return found
    return replace(found, stop=stop, bare=number.stop, value=found.value * 60 + value, unit=smaller, plain=False)


def _after_unit(line: Line, number: Number, unit: str) -> int | None:
    """The token after the unit of the second part; of "1h15" the one after its digits."""
    tokens, stop = line.tokens, number.stop
    word = lower_at(tokens, stop)
    if (TIME[line.language].get(word) or _SHORT.get(word)) == unit:
        return stop + 1
    glued = tokens[number.first].glued and tokens[number.first - 1].lower == "h" and tokens[number.first - 1].glued
    return stop if glued and len(number.digits or "") == 2 and unit == "minutes" else None
