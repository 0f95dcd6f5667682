"""Counts, frequencies and durations that are findings, and those that only announce or place in time.

Each public function is one rule from a quantity in its sentence to a reason, or null. A small
count needs a sign that something was measured: a hedge, an average, a study, what is counted.
"""

from __future__ import annotations

from ingest.figures.labels import is_base
from ingest.figures.lines import Line, Quantity
from ingest.figures.nouns import COUNTRY_NOUNS, LIST_NOUNS, MEASURED_NOUNS
from ingest.figures.ranges import after_from, moved_before
from ingest.figures.scan import lower_at, word_set
from ingest.figures.settings import Setting
from ingest.figures.units import SINGULAR_TIME
from kb.language import Language
from kb.statistic import Comparator, Kind

_WINDOW_BEFORE = word_set(
    "últimos últimas ultimos ultimas pasados pasadas próximos próximas proximos siguientes primeros primeras last "
    "past next previous coming recent first following every each cada hace tras posteriores anteriores final "
    "another posterior último"
)
_WINDOW_AFTER = word_set(
    "ago atrás later earlier timeframe period window trial plan warranty strategy before old span después antes "
    "history horizon roadmap study program programme course project survey session sessions anniversary forecast "
    "event webinar workshop tour guarantee contract subscription"
)
_LONG = word_set("weeks months quarters years decades")
_SPANS = word_set("in en over durante during")
_LOOSE = frozenset({Comparator.EXACT, Comparator.MORE_THAN})
_HISTORY = word_set("experience experiencia trayectoria historia business history mercado")
_PERIODS = word_set("semana día mes año hora week day past last course next minute minuto month year")
_FACTOR_AFTER = word_set(
    "más mas mayor mayores menos menor menores superior superiores mejor mejores peor tanto tan el la lo los las "
    "su sus inferior que probables more less higher greater larger bigger better worse faster the as likelier "
    "lower fewer its their his her longer cheaper slower over what that likely"
)
# Of a point, which the sentence need not say: "tres décimas más".
_TENTHS = word_set("décima décimas centésima centésimas")
_TO = word_set("a al to hasta")
_BEFORE_LAST = word_set("this its his across plus versus")
_OPENERS = word_set("de of los las the")
NO_UNITS = word_set(
    "of y o and or que that who which en in para for to a con with por by is are was were es son fue have has had "
    "tienen will can se from at on their como the los las el la"
)
"""Words that no counted thing begins with."""


def window(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "the last three years", "a 30-day trial", "hace diez años", "20 years of experience", "24 horas al día"."""
    if found.kind is not Kind.DURATION:
        return None
    tokens = line.tokens
    before = {lower_at(tokens, found.first - step) for step in (1, 2, 3)}
    if "last" in before and _lasts(line, found):
        before.remove("last")
    after = lower_at(tokens, found.stop)
    if (
        _WINDOW_BEFORE & before
        or (after in _WINDOW_AFTER and not (after in ("before", "antes") and _waited(line, found)))
        or (after == "-" and lower_at(tokens, found.stop + 1) == "long")
    ):
        return "time_window"
    if after in ("of", "de", "in", "'", "’", "en") and _HISTORY & {
        lower_at(tokens, found.stop + step) for step in range(4)
    }:
        return "company_history"
    if found.form == "digits" and not found.plain:
        return None
    if found.value == 24 and found.unit == "hours" and comparator is Comparator.EXACT and not setting.average:
        return "time_window"
    if found.value is not None and found.value in (24, 7) and after in ("al", "del", "a", "los", "de", "/", ","):
        return "time_window"
    if tokens[found.stop - 1].lower in SINGULAR_TIME and found.value != 1 and not setting.timed:
        return "time_window"
    if found.unit in _LONG and lower_at(tokens, found.first - 1) in _SPANS and comparator in _LOOSE:
        return "time_window"  # "over three years", "en seis meses"
    if found.value == 1 and lower_at(tokens, found.stop) in ("a", "to"):
        return "time_window"  # "de un año a otro"
    if setting.addressed and not setting.finding:
        return "hypothetical"
    measured = comparator is not Comparator.EXACT or setting.average or found.value is None or found.value > 100
    measured = measured or _changed(line, found)
    return None if measured or setting.timed else "time_window"


def _waited(line: Line, found: Quantity) -> bool:
    """ "callers wait three minutes before hanging up", not "30 days before the expiry date"."""
    near = line.tokens[max(0, found.first - 7) : found.first]
    return any(token.lower.startswith(("wait", "hold", "esper", "aguard")) for token in near)


def _changed(line: Line, found: Quantity) -> bool:
    """Whether it is an end of a change: "se acortó de cinco a tres días"."""
    tokens = line.tokens
    if not moved_before(tokens, found.first):
        return False
    if after_from(tokens, found.first):
        return lower_at(tokens, found.stop) in _TO
    ended = lower_at(tokens, found.first - 1) in _TO
    return ended and any(after_from(tokens, place) for place in range(found.first - 3, found.first - 1))


def _lasts(line: Line, found: Quantity) -> bool:
    """Whether "last" is a verb: "calls last 6 minutes", not "in the last 6 months"."""
    before = line.tokens[found.first - 2] if found.first > 1 else None
    if before is None or lower_at(line.tokens, found.first - 1) != "last":
        return False
    return before.kind == "w" and before.lower not in _BEFORE_LAST and before.lower.endswith("s")


def frequency(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "three times a week", "una vez": how often, not how many times as much."""
    if found.kind is not Kind.MULTIPLIER or found.unit != "times":
        return None
    if found.value == 1:
        return "idiom"
    if found.form == "digits" and not found.plain:
        return None
    after, beyond = lower_at(line.tokens, found.stop), lower_at(line.tokens, found.stop + 1)
    if beyond in _PERIODS:
        return "frequency"
    comparative = line.language is not Language.ES and after.endswith("er") and len(after) > 4
    above = (after, beyond) == ("por", "encima")
    return None if after in _FACTOR_AFTER or comparative or above else "frequency"


def advice(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "Start small with 2-3 channels", "keep abandonment below 5%": what the author tells the reader to do."""
    if found.kind is not Kind.CURRENCY and setting.targeted(line.tokens[found.first].start):
        return "recommendation"
    if found.kind not in (Kind.COUNT, Kind.DURATION) or not setting.instruction or setting.finding:
        return None
    return "recommendation" if found.value is None or found.value <= 100 else None


def announced(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "five trends", "tres niveles", and other small counts without a sign that something was measured."""
    if found.kind is not Kind.COUNT or is_base(line.tokens, found):
        return None
    if found.form == "vague":
        return None if setting.finding or setting.average else "vague"
    phrase = noun_phrase(line, found)
    nouns = set(phrase)
    hedged = comparator is not Comparator.EXACT
    small = found.value is None or found.value <= 101
    if small and (found.plain or found.form == "words") and _is_compound(line, found):
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
        return _in_name(line, found, nouns)
    return None if _measured(found, nouns, hedged, setting) else "small_count"


def _is_compound(line: Line, found: Quantity) -> bool:
    """ "two-way", "five-star": a number glued to a noun by a hyphen is an adjective."""
    tokens, place = line.tokens, found.stop
    return (
        found.high is None
        and lower_at(tokens, place) == "-"
        and tokens[place].glued
        and place + 1 < len(tokens)
        and tokens[place + 1].glued
        and tokens[place + 1].kind == "w"
    )


def _head(phrase: list[str], language: Language) -> str | None:
    """Whether the head of a noun phrase is a thing an author lists or one a study counts; null for any other.

    Spanish heads come first ("tres tendencias de clientes"), English ones last ("three customer trends").
    """
    for word in phrase if language is Language.ES else reversed(phrase):
        if word in LIST_NOUNS:
            return "measured" if word in MEASURED_NOUNS else "list"
        if word in MEASURED_NOUNS:
            return "measured"
    return None


def noun_phrase(line: Line, found: Quantity) -> list[str]:
    """The lower-case words of the noun phrase after the number: up to five, not past a sign or a function word."""
    if found.unit is not None:
        return [found.unit.lower()]
    found_words: list[str] = []
    for token in line.tokens[found.stop : found.stop + 6]:
        if token.kind != "w":
            if token.text in "-–’'":
                continue
            break
        if token.lower in NO_UNITS and (found_words or token.lower not in _OPENERS):
            break
        found_words.append(token.lower)
    return [word for word in found_words if word not in ("de", "of", "the", "los", "las")]


def _measured(found: Quantity, nouns: set[str], hedged: bool, setting: Setting) -> bool:
    if setting.average:
        return True
    counted = bool(nouns & MEASURED_NOUNS)
    if found.high is not None and not counted and found.high <= 10:
        return False  # "rated it 9 or 10"
    if hedged and (setting.finding or counted):
        return True
    if setting.finding and nouns & COUNTRY_NOUNS:
        return True
    return setting.finding and counted and found.form == "digits"


def _in_name(line: Line, found: Quantity, nouns: set[str]) -> str | None:
    """ "Windows 10 users", "Fortune 500 firms": a capitalised word before makes it a name."""
    before = line.tokens[found.first - 1] if found.first else None
    if before is None or before.kind != "w" or not found.plain or nouns & MEASURED_NOUNS:
        return None
    return "name_or_code" if before.text[0].isupper() and found.first > 1 and not before.text.isupper() else None


def _bare(line: Line, found: Quantity, hedged: bool, setting: Setting) -> str | None:
    """A number with no noun: kept when decimals, an average or a hedge say that something was measured."""
    if found.high is not None and found.form == "words":
        return "bare_number"  # "after two or three"
    taken = lower_at(line.tokens, found.first - 1) in ("takes", "falta", "necesitan")
    if found.form == "words" and taken and lower_at(line.tokens, found.stop) in ("to", "para"):
        return "bare_number"  # "it takes two to talk"
    if (
        (found.form == "digits" or (found.value or 0) > found.scale > 1)
        and not found.plain
        and (found.value or 0) >= 1000
    ):
        return None  # "eran 1.800 millones", "de tres a cinco millones"
    measured = setting.finding or setting.average
    if found.form == "digits" and not found.plain:
        return None if measured or hedged else "bare_number"
    if found.value is not None and found.value > 1 and (setting.average or (hedged and setting.finding)):
        return None
    return "bare_number"
