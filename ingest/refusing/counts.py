"""Counts, frequencies and durations that are findings, and those that only announce or place in time.

Each public function is one rule from a quantity in its sentence to a reason, or null. A small
count needs a sign that something was measured: a hedge, an average, a study, what is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from ingest.refusing.labels import is_base
from ingest.refusing.settings import Setting
from kb.numbers.hedging import moved_before
from kb.numbers.records import Line, Quantity
from kb.numbers.shares import after_from
from kb.records.language import Language
from kb.records.statistic import Comparator, Kind
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, lower_at

_WINDOW_BEFORE, _WINDOW_AFTER = words_of("window_before"), words_of("window_after")
_LONG = words_of("long_time")
_SPANS = frozenset(["in", "en", "over", "durante", "during"])
_HISTORY, _PERIODS, _FACTOR_AFTER = words_of("history_word"), words_of("period"), words_of("after_factor")
_TENTHS, _BEFORE_LAST = words_of("tenth_noun"), words_of("before_last")
_TO = frozenset(["a", "al", "to", "hasta"])
NO_UNITS = words_of("no_unit")
"""Words that no counted thing begins with."""
_OPENERS = frozenset(["de", "of", "los", "las", "the"])
_COUNTED, _LISTED, _COUNTRIES = words_of("measured_noun"), words_of("list_noun"), words_of("country_noun")
_WAITS = lexicon().stems("wait_stem")
_CREWS, _THESE = words_of("crew"), words_of("these")
_MIND = (("in", "mind"), ("en", "mente"))
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
    placed = after in _WINDOW_AFTER and not (after in ("before", "antes") and _waited(tokens, found))
    if _WINDOW_BEFORE & before or placed or (after == "-" and beyond == "long"):
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


_INNER = frozenset(["y", "and", "-", "+", "o", "or", "odd", "something"])
_LOOSE = frozenset({Comparator.EXACT, Comparator.MORE_THAN})


def _waited(tokens: Sequence[Token], found: Quantity) -> bool:
    """ "callers wait three minutes before hanging up", not "30 days before the expiry date"."""
    return any(token.lower.startswith(_WAITS) for token in tokens[max(0, found.first - 7) : found.first])


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


def frequency(line: Line, found: Quantity, setting: Setting) -> str | None:
    """ "three times a week", "una vez": how often, not how many times as much."""
    if found.kind is not Kind.MULTIPLIER or found.unit != "times":
        return None
    if found.value == 1:
        return "idiom"
    if (found.form == "digits" and not found.plain) or moved_before(line.tokens, found.first, 3):
        return None
    after, beyond = lower_at(line.tokens, found.stop), lower_at(line.tokens, found.stop + 1)
    if beyond in _PERIODS:
        return "frequency"
    comparative = line.language is not Language.ES and after.endswith("er") and len(after) > 4
    above = (after, beyond) == ("por", "encima")
    return None if after in _FACTOR_AFTER or comparative or above else "frequency"


def pointed_at(line: Line, found: Quantity, setting: Setting) -> str | None:
    """ "between those two points", "with twelve people in mind", "the team of 25", "a million-dollar question"."""
    tokens = line.tokens
    if found.comparator is not None:
        return None
    before, beyond = lower_at(tokens, found.first - 1), lower_at(tokens, found.first - 2)
    small = found.kind is Kind.COUNT and found.value is not None and found.value <= 100
    if small and before in ("of", "de") and beyond in _CREWS and not (setting.reported or setting.average):
        return "small_count"
    if found.form != "words":
        return None
    if found.value == 1_000_000 and (lower_at(tokens, found.stop) == "-" or "pregunta" in (before, beyond)):
        return "idiom"
    if found.kind not in (Kind.COUNT, Kind.SCORE):
        return None
    if before in _THESE:
        return "small_count"
    after = [lower_at(tokens, found.stop + step) for step in range(5)]
    return "idiom" if any(pair in _MIND for pair in pairwise(after)) else None


def announced(line: Line, found: Quantity, setting: Setting) -> str | None:
    """ "five trends", "tres niveles", and other small counts without a sign that something was measured."""
    if found.kind is not Kind.COUNT or is_base(line.tokens, found):
        return None
    if found.form == "vague":
        return None if setting.finding or setting.average else "vague"
    phrase = _noun_phrase(line, found)
    nouns, hedged = set(phrase), found.comparator is not None
    small = found.value is None or found.value <= 101
    if small and (found.plain or found.form == "words") and _is_compound(line.tokens, found):
        return "list_count"
    if small and _head(phrase, line.language) == "list":
        measured = (hedged and setting.finding) or (found.form == "digits" and not found.plain)
        return None if measured else "list_count"
    if not nouns:
        return _bare(line, found, hedged, setting)
    if nouns & _TENTHS:
        return "small_count"
    if found.form == "digits" and not found.plain:
        return None
    if found.value is None or found.value > 10:
        return _in_name(line, found, set(phrase[:2]))
    return None if _measured(found, nouns, hedged, setting) else "small_count"


def _is_compound(tokens: Sequence[Token], found: Quantity) -> bool:
    """ "two-way", "five-star": a number glued to a noun by a hyphen is an adjective."""
    place = found.stop
    if found.high is not None or found.after or lower_at(tokens, place) != "-" or place + 1 >= len(tokens):
        return False
    return tokens[place].glued and tokens[place + 1].glued and tokens[place + 1].kind == "w"


def _head(phrase: list[str], language: Language) -> str | None:
    """Whether the head of a noun phrase is a thing an author lists or one a study counts; null for any other.

    Spanish heads come first ("tres tendencias de clientes"), English ones last ("three customer trends").
    """
    for word in phrase if language is Language.ES else reversed(phrase):
        if word in _LISTED:
            return "measured" if word in _COUNTED else "list"
        if word in _COUNTED:
            return "measured"
    return None


def _noun_phrase(line: Line, found: Quantity) -> list[str]:
    """The lower-case words of the noun phrase after the number: up to five, not past a sign or a function word."""
    if found.unit is not None:
        return [found.unit.lower()]
    words: list[str] = []
    stop = found.whole[1] if lower_at(line.tokens, found.stop) in _INNER else found.stop
    for token in line.tokens[stop : stop + 6]:
        if token.kind != "w":
            if token.text in "-–’'+":
                continue
            break
        if token.lower in NO_UNITS and (words or token.lower not in _OPENERS):
            break
        words.append(token.lower)
    return [word for word in words if word not in _OPENERS]


def _measured(found: Quantity, nouns: set[str], hedged: bool, setting: Setting) -> bool:
    if setting.average:
        return True
    counted = bool(nouns & _COUNTED)
    if found.high is not None and not counted and found.high <= 10:
        return False  # "rated it 9 or 10"
    if hedged and (setting.finding or counted):
        return True
    if setting.finding and nouns & _COUNTRIES:
        return True
    return setting.finding and counted and found.form == "digits"


def _in_name(line: Line, found: Quantity, nouns: set[str]) -> str | None:
    """ "Windows 10 users", "Fortune 500 firms": a capitalised word before makes it a name."""
    before = line.tokens[found.first - 1] if found.first else None
    if before is None or before.kind != "w" or not found.plain or nouns & _COUNTED:
        return None
    return "name_or_code" if before.text[0].isupper() and found.first > 1 and not before.text.isupper() else None


def _bare(line: Line, found: Quantity, hedged: bool, setting: Setting) -> str | None:
    """A number with no noun: kept when decimals, an average or a hedge say that something was measured."""
    if found.high is not None and found.form == "words":
        return "bare_number"  # "after two or three"
    taken = lower_at(line.tokens, found.first - 1) in ("takes", "falta", "necesitan")
    if found.form == "words" and taken and lower_at(line.tokens, found.stop) in ("to", "para"):
        return "bare_number"  # "it takes two to talk"
    value, scaled = found.value or Decimal(0), (found.value or Decimal(0)) > found.scale > 1
    if (found.form == "digits" or scaled) and not found.plain and value >= 1000:
        return None  # "eran 1.800 millones", "de tres a cinco millones"
    if found.form == "digits" and found.high is None and _changed(line, found):
        return None  # "los casos pasaron de 20 a 45"
    measured = setting.finding or setting.average
    if found.form == "digits" and not found.plain:
        return None if measured or hedged else "bare_number"
    if value > 1 and (setting.average or (hedged and (setting.finding or (value >= 10 and found.high is None)))):
        return None
    return "bare_number"
