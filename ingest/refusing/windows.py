"""Durations that only place something in time: "the last three years", "hace diez años", "a 30-day trial"."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.refusing.settings import Setting
from kb.numbers.hedging import moved_before
from kb.numbers.records import Line, Quantity
from kb.numbers.shares import after_from
from kb.records.language import Language
from kb.records.statistic import Comparator, Kind
from kb.words.lexicon import words_of
from kb.words.tokens import Token, lower_at

_WINDOW_BEFORE, _WINDOW_AFTER = words_of("window_before"), words_of("window_after")
_LONG = words_of("long_time")
_SPANS = frozenset(["in", "en", "over", "durante", "during"])
_HISTORY = words_of("history_word")
_BEFORE_LAST = words_of("before_last")
_TO = frozenset(["a", "al", "to", "hasta"])
_ONE_TIME = words_of("time_one")


def window(line: Line, found: Quantity, setting: Setting) -> str | None:
    """ "the last three years", "a 30-day trial", "hace diez años", "20 years of experience", "24 horas al día"."""
    if found.kind is not Kind.DURATION:
        return None
    tokens = line.tokens
    if found.first == 0 and "\n" in line.text[tokens[found.stop - 1].end :][:1] + "\n" * (found.stop == len(tokens)):
        return None  # a line of its own, as on a picture: "24 h"
    if found.comparator is Comparator.AT_MOST and setting.shares and setting.shares[0] < found.first:
        return "time_window"  # "4 in 5 answer within a month"
    before = {lower_at(tokens, found.first - step) for step in (1, 2, 3)}
    if "last" in before and _lasts(tokens, found):
        before.remove("last")
    after, beyond = lower_at(tokens, found.stop), lower_at(tokens, found.stop + 1)
    if _WINDOW_BEFORE & before or after in _WINDOW_AFTER or (after == "-" and beyond == "long"):
        return "time_window"
    near = {lower_at(tokens, found.stop + step) for step in range(4)}
    if after in ("of", "de", "in", "'", "’", "en") and _HISTORY & near:
        return "company_history"
    if found.form == "digits" and not found.plain:
        return None
    all_day = found.value == 24 and found.unit == "hours" and found.comparator is None and not setting.average
    around = found.value == 24 and after in ("al", "del", "a", "los", "de", "/", ",")
    if (all_day and not _changed(line, found)) or (around and not _changed(line, found)):
        return "time_window"
    named = tokens[found.stop - 1].lower in _ONE_TIME and found.value != 1 and not setting.timed
    long = found.unit in _LONG and lower_at(tokens, found.first - 1) in _SPANS
    if (named and line.language is not Language.ES) or (long and found.bounds in _LOOSE):
        return "time_window"  # "over three years", "en seis meses"
    if found.value == 1 and after in ("a", "to"):
        return "time_window"  # "de un año a otro"
    if setting.addressed and not setting.finding:
        return "hypothetical"
    hedged = found.comparator is not None or found.value is None or found.value > 100
    measured = hedged or setting.average or setting.timed or _changed(line, found)
    return None if measured else "time_window"


_LOOSE = frozenset({Comparator.EXACT, Comparator.MORE_THAN})


def _changed(line: Line, found: Quantity) -> bool:
    """Whether it is an end of a change or a spread: "se acortó de cinco a tres días", "desde las 24 horas de Pino"."""
    tokens = line.tokens
    if any(token.lower == "desde" for token in tokens[max(0, found.first - 10) : found.first]):
        return True
    before = found.first - 1 - (lower_at(tokens, found.first - 1) == "+")
    if not moved_before(tokens, found.first):
        return False
    if lower_at(tokens, before) in ("en", "by") and moved_before(tokens, found.first, 3):
        return True  # "se redujo en 3 días"
    if after_from(tokens, found.first):
        return lower_at(tokens, found.stop) in _TO
    ended = lower_at(tokens, before) in _TO
    return ended and any(after_from(tokens, place) for place in range(before - 3, before))


def _lasts(tokens: Sequence[Token], found: Quantity) -> bool:
    """Whether "last" is a verb: "calls last 6 minutes", not "in the last 6 months"."""
    before = tokens[found.first - 2] if found.first > 1 else None
    if before is None or lower_at(tokens, found.first - 1) != "last":
        return False
    return before.kind == "w" and before.lower not in _BEFORE_LAST and before.lower.endswith("s")
