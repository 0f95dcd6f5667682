"""Numbers that name instead of measure: codes, years, list numbers, "Parte 3", laws, ordinals, page furniture.

Each public function is one rule from a quantity in its sentence to a reason, or null.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.refusing.settings import Setting
from kb.numbers.records import Line, Quantity
from kb.records.statistic import Kind
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import MAX_DIGITS, Token, is_yearlike, lower_at

_Tokens = Sequence[Token]
_BULLETS = frozenset("#([-•*–—●")
_LIST_SIGNS = frozenset(".)º°-–—:]/ª")
_NUMBERED_KINDS = frozenset({Kind.COUNT, Kind.DURATION, Kind.RATIO, Kind.SCORE})
_YEAR_LEADS = words_of("year_lead") | words_of("month")
_ABOUT_YEARS = frozenset(["some", "unos", "unas", "than", "surveyed", "about"])
_NUMBER_LABELS, _LAWS = words_of("number_label"), words_of("law")
_COUNTED, _NAMED = words_of("measured_noun"), words_of("name_start")
_LABELS, _RANK_LABELS = words_of("section_label") | words_of("place_label"), words_of("rank_label")
_RANK_VERBS, _ENDED, _PLACED = (
    words_of("rank_verb"),
    words_of("ended"),
    words_of("rank_placed"),
)
_RANKED, _COURSES, _READING, _COUNTERS = (
    words_of(one) for one in ("ranked_word", "course", "reading_word", "counter_word")
)
# "40 Americans", "85 Spanish companies", "12 European banks".
_OF_PEOPLE = ("s", "an", "ish", "ese", "ch")
_NUMBERED, _SECTION = re.compile(r"\d{1,2}\.\d{1,2}"), re.compile(r"\d{1,4}\.\d{1,4}")
_JOINING = frozenset(("de", "of", "/", "y", "and", "&", "-", "–", ","))
# The digits of a mark in brackets, with its decimals; the dots that lead to the number of a page.
_LONGEST_MARK, _LEADERS = 4, 4
_OPENING = lexicon().stems("opening_stem")


def code(line: Line, found: Quantity, setting: Setting) -> str | None:
    """B2B, COVID-19, ISO 9001, 3D: digits that are part of a name or a code."""
    if found.form != "digits":
        return None
    tokens = line.tokens
    first = tokens[found.first]
    before = tokens[found.first - 1] if found.first else None
    after = tokens[found.stop] if found.stop < len(tokens) else None
    if (
        len(first.text) > MAX_DIGITS
        or sum(len(one.text) for one in tokens[found.first : found.bare] if one.kind == "n") > 2 * MAX_DIGITS
    ):
        return "too_long"
    if after is not None and after.glued and after.kind in "wn" and found.stop == found.bare:
        ordinal = after.lower in ("st", "nd", "rd", "th")
        return "pronoun_or_ordinal" if ordinal else "year" if after.lower == "s" else "name_or_code"
    if found.kind is Kind.COUNT and after is not None and after.lower in ("h", "hs", "hrs"):
        return "time_of_day"  # "a las 18 h": what is no duration
    if found.kind is Kind.COUNT and first.text.endswith(".0") and len(first.text) == 3:
        return "name_or_code"  # "el mundo 2.0"
    if before is None or found.kind not in _NUMBERED_KINDS:
        return "name_or_code" if before is not None and first.glued and before.kind in "wn" else None
    joined = before.kind in "wn" or before.text in "_@=&" or _is_hyphenated(tokens, found)
    if first.glued and joined and not is_base(tokens, found):
        return "name_or_code"
    indexed = lower_at(tokens, found.first - 2) == "&" and before.text.isupper()  # "S&P 500"
    return "name_or_code" if before.lower in _NAMED or indexed else None


def is_base(tokens: _Tokens, found: Quantity) -> bool:
    """ "n = 1.024", "(n=860)": how many were asked."""
    large = found.kind is Kind.COUNT and found.value is not None and found.value >= 20
    return large and lower_at(tokens, found.first - 1) == "=" and lower_at(tokens, found.first - 2) == "n"


def _is_hyphenated(tokens: _Tokens, found: Quantity) -> bool:
    """COVID-19, GPT-4, B2B-3: a sign glued on both sides between a word and the digits."""
    sign = tokens[found.first - 1]
    glued = found.first >= 2 and sign.text in "-_/.’'" and sign.glued and tokens[found.first - 2].kind in "wn"
    return glued and tokens[found.first - 2].lower not in ("al", "del")


def year(line: Line, found: Quantity, setting: Setting) -> str | None:
    """A bare number from 1900 to 2100, unless it counts people or things right after it."""
    if found.form != "digits" or not found.plain or found.kind is not Kind.COUNT or found.bare != found.stop:
        return None
    tokens, text = line.tokens, line.tokens[found.first].text
    if not is_yearlike(text) or (found.high is not None and not is_yearlike(tokens[found.bare - 1].text)):
        return None
    before, after = lower_at(tokens, found.first - 1), lower_at(tokens, found.stop)
    titled = found.stop < len(tokens) and tokens[found.stop].text[:1].isupper() and found.first > 0
    if after not in _COUNTED or titled:
        return "year"
    if text.endswith("00") or before in _ABOUT_YEARS:
        return None
    return "year" if before in _YEAR_LEADS else None


def list_number(line: Line, found: Quantity, setting: Setting) -> str | None:
    """ "1. Offices", "#2 Freedom", "a) … 2) …": numbers that only number."""
    if found.form != "digits" or found.kind is not Kind.COUNT or not found.plain or found.high is not None:
        return None
    tokens = line.tokens
    before, after = lower_at(tokens, found.first - 1), lower_at(tokens, found.stop)
    lead = found.first - (1 if before in _BULLETS else 0)
    if found.value is None or found.value > 100:
        return None
    if _numbers_a_paragraph(tokens, found):
        return "list_number"
    if lead <= 1 and (lead == 0 or not tokens[0].text.isalnum()):
        compound = after == "-" and tokens[found.stop].glued and lower_at(tokens, found.stop + 1)[:1].isalpha()
        if (after in _LIST_SIGNS and not compound) or before == "#" or found.stop >= len(tokens):
            return "list_number"
    if after != ")":
        return None
    opened = any(token.text == "(" for token in tokens[max(0, found.first - 12) : found.first - 1])
    return "list_number" if before == "(" or not opened else None


def _numbers_a_paragraph(tokens: _Tokens, found: Quantity) -> bool:
    """ "33 The court has held …", "4 Método": a capital follows that begins a sentence and names no people."""
    if found.first or found.stop + 1 >= len(tokens):
        return False
    following, after = tokens[found.stop], tokens[found.stop + 1].text
    begins = following.kind == "w" and following.text[0].isupper() and following.text[1:].islower()
    return begins and not following.lower.endswith(_OF_PEOPLE) and after.islower() and after not in _COUNTED


def section(line: Line, found: Quantity, setting: Setting) -> str | None:
    """ "Parte 3 de 3", "Step 1", "p. 12", "núm. 4", "Law 142", "3.4 Scope", "§ 58.3", "[13]", "Scope ..... 12"."""
    if found.kind not in (Kind.COUNT, Kind.RATIO) or found.unit is not None or found.form == "vague":
        return None
    tokens = line.tokens
    if found.form == "digits" and (reason := _marked(tokens, found)) is not None:
        return reason
    before, after = lower_at(tokens, found.first - 1), lower_at(tokens, found.stop)
    label = lower_at(tokens, found.first - 2) if before in (".", "#") else before
    if label in _LABELS and not (label in _COUNTED and after in _COUNTED):
        return "part_or_section_number"
    numbered = label in _NUMBER_LABELS or (label == "no" and before == "." and tokens[found.first - 2].text[0] == "N")
    ruled = found.form == "digits" and found.plain and found.comparator is None and label in _LAWS
    ruled = ruled or (before == "." and label == "ext")
    return "part_or_section_number" if numbered or ruled or _goes_on(tokens, found) else None


def _marked(tokens: _Tokens, found: Quantity) -> str | None:
    """Why digits only mark a place, by the signs around them, or null."""
    before, after = lower_at(tokens, found.first - 1), lower_at(tokens, found.stop)
    if before == "[" and after == "]" and len(tokens[found.first].text) <= _LONGEST_MARK:
        return "note_mark"
    leads = found.plain and all(lower_at(tokens, found.first - step) == "." for step in range(1, _LEADERS + 1))
    return "part_or_section_number" if leads or _numbers_a_heading(tokens, found) else None


def _goes_on(tokens: _Tokens, found: Quantity) -> bool:
    """ "Step 3 of 5", "clauses 3.1, 3.2 and 3.4": numbers after a label and its first number."""
    place = found.first
    if found.stop != place + 1 or _SECTION.fullmatch(tokens[place].text) is None:
        after = place >= 3 and tokens[place - 2].kind == "n" and lower_at(tokens, place - 1) in _JOINING
        return after and lower_at(tokens, place - 3) in _LABELS
    while lower_at(tokens, place - 1) in _JOINING and place >= 2:
        if _SECTION.fullmatch(tokens[place - 2].text):
            place -= 2
        elif tokens[place - 2].text == ",":
            place -= 1
        else:
            break
    label = lower_at(tokens, place - 2) if lower_at(tokens, place - 1) == "." else lower_at(tokens, place - 1)
    return label in _LABELS or label in _LAWS


def _numbers_a_heading(tokens: _Tokens, found: Quantity) -> bool:
    """ "3.4 Exhaust systems", "2.1. Metodología": no sentence begins with a decimal and a name of what it counts."""
    if found.first or found.form != "digits" or _NUMBERED.fullmatch(tokens[0].text) is None:
        return False
    name = next((one for one in tokens[found.stop :] if one.text not in ".|"), None)
    return name is not None and name.text[0].isupper()


def furniture(line: Line, found: Quantity, setting: Setting) -> str | None:
    """ "Tiempo de lectura: 7 minutos", "3.456 visitas · 12 comentarios"; the mark of a note glued to a word."""
    tokens = line.tokens
    before, beyond = lower_at(tokens, found.first - 1), lower_at(tokens, found.first - 2)
    if found.kind is Kind.DURATION:
        opens = any(one.lower.startswith(_OPENING) for one in tokens[max(0, found.first - 9) : max(0, found.first - 1)])
        daily = found.unit == "hours" and found.high is not None and found.plain and found.high <= 24
        if daily and opens and before in ("de", "from"):
            return "time_of_day"  # "de lunes a viernes de 8 a 20 horas"
        if before == "de" and beyond in _COURSES:
            return None if setting.average else "time_window"
        near = {lower_at(tokens, found.first - step) for step in (1, 2, 3)} | {lower_at(tokens, found.stop)}
        return "reading_time" if _READING & near and not (setting.average or setting.reported) else None
    if found.kind is not Kind.COUNT or found.form != "digits":
        return None
    if found.plain and _is_note_mark(tokens, found.first):
        return "note_mark"
    counters = len(tokens) <= 16 and all(token.kind != "w" or token.lower in _COUNTERS for token in tokens)
    return "page_counter" if counters else None


def _is_note_mark(tokens: _Tokens, place: int) -> bool:
    """ "argues,12 emotions", "customers.3 Trust": digits glued to a sign that is glued to a word."""
    if place < 2 or not tokens[place].glued or len(tokens[place].text) > 3:
        return False
    sign, before = tokens[place - 1], tokens[place - 2]
    return sign.text in ".,;:!?”»" and sign.glued and before.kind == "w" and len(before.text) > 2


def ordinal(line: Line, found: Quantity, setting: Setting) -> str | None:
    """Ordinals that rank nothing ("en primer lugar", "the first"), and "one" and "zero" as pronouns."""
    if found.kind is Kind.RANK:
        return None if found.form != "ordinal" or _is_rank(line, found) else "pronoun_or_ordinal"
    if found.kind is not Kind.COUNT or found.form != "words" or found.high is not None:
        return None
    alone = found.bare - found.first == 1 and found.value is not None and found.value <= 1
    return "pronoun_or_ordinal" if alone else None


def _is_rank(line: Line, found: Quantity) -> bool:
    """Whether the sentence ranks something by it: "ocupa el tercer lugar", "ranked third", not "en primer lugar"."""
    tokens, stop = line.tokens, found.stop
    near = [lower_at(tokens, found.first - step) for step in range(1, 6)]
    after = lower_at(tokens, stop)
    if after in ("al", "a", "to", "y", "and") and lower_at(tokens, stop + 2) in _RANK_LABELS:
        after = lower_at(tokens, stop + 2)  # "del segundo al quinto lugar"
    if after in ("al", "a", "to") and near[0] in ("del", "from") and _is_ordinal(tokens, stop + 1):
        return True  # "from 14th to 9th"
    if near[0] in ("al", "to") and _is_ordinal(tokens, found.first - 2, found.first - 3):
        return True
    near = [word for word in near if word not in _RANK_FILLERS]
    first = tokens[found.first]
    if after in _RANK_LABELS:
        told = bool(_RANK_VERBS.intersection(near)) or lower_at(tokens, stop + 1) in (*_ENDED, *_RANK_VERBS, "among")
        placed = (found.value or 0) > 3 or first.kind == "n"
        return told or placed
    ends = after in _RANK_ENDS or stop >= len(tokens)
    if near and near[0] in _PLACED and ends:
        return True
    of = after in ("entre", "de", "of", "out", "among")
    based = any(token.kind == "n" and len(token.text) < 4 for token in tokens[stop : stop + 4])
    if near and near[0] in _ENDED and ((of and based) or after in _IN or (after in _CLOSES and found.value != 1)):
        return True
    again = bool(near) and near[0] in ("y", "and", ",") and ends
    return again and any(token.lower in _PLACED for token in tokens[: found.first])


_RANK_FILLERS = words_of("rank_filler")


def _is_ordinal(tokens: _Tokens, *places: int) -> bool:
    """Whether an ordinal in digits starts at one of these tokens: "14th", "3.º"."""
    return any(
        0 <= place < len(tokens) - 1 and tokens[place].kind == "n" and lower_at(tokens, place + 1) in _ORDINAL_ENDS
        for place in places
    )


_IN, _CLOSES = frozenset(["en", "in", "for"]), frozenset([".", ";", ""])
_ORDINAL_ENDS = words_of("ordinal_ending")
_RANK_ENDS = words_of("rank_end") | frozenset(",.;:)")
