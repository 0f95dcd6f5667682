"""A part of time at a place of a line: a day, months, a quarter, a half, a season, a year, or from one to another.

One grammar over one table of words, the same for both languages. Knows nothing of documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.records.statistic import Granularity
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, is_yearlike, lower_at

_MONTHS = {form: int(value) for form, value in lexicon().numbers("month").items()}
_PARTS = {form: int(value) for form, value in lexicon().numbers("period_part").items()}
_CODES = {form: int(value) for form, value in lexicon().numbers("period_code").items()}
_ORDINALS = {form: int(value) for form, value in lexicon().numbers("ordinal").items()}
_COUNTS = {form: int(value) for form, value in lexicon().numbers("number").items() if value % 1 == 0}
_SEVERAL = {form: int(value) for form, value in lexicon().numbers("period_several").items()}
_MONTH_UNITS = words_of("month_unit")
_SEASONS = words_of("season")
OPENERS = words_of("period_opener")
"""What opens a stretch from one time to another."""
INNER = words_of("period_inner")
"""What stands between a part of a year and its year."""
_JOINERS = words_of("period_joiner")
_YEAR_WORDS = words_of("year_word")
_LEADS = INNER | OPENERS | _JOINERS | words_of("before_year") | words_of("window_before") | _YEAR_WORDS
_ARTICLES = frozenset(["el", "la", "los", "las", "the"])
STARTS = (
    frozenset([*_MONTHS, *_PARTS, *_CODES, *_ORDINALS, *_COUNTS, *_SEVERAL])
    | _SEASONS
    | _YEAR_WORDS
    | OPENERS
    | _ARTICLES
)
"""The words that a part of time may begin with; else it begins with a number."""
_SIZES = {3: Granularity.QUARTER, 6: Granularity.HALF}
_MOST_INNER = 4
_FIRST_YEAR, _LAST_YEAR = 1980, 2060
_YEAR_MONTHS, _LAST_DAY = 12, 31
_Day = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Part:
    """A day, month, part of a year or year up to token ``stop``: its first and last day as far as they are told."""

    stop: int
    start: _Day
    end: _Day
    granularity: Granularity

    def of_year(self, year: int | None, ends: int | None = None) -> Part:
        """The same in this year, or from it to the year that it ends in."""
        start, end = (year, *self.start[1:]), (year if ends is None else ends, *self.end[1:])
        return replace(self, start=start, end=end)


def part_at(tokens: Sequence[Token], place: int) -> tuple[int, Part] | None:
    """The part of time at a token, or from one to another ("entre marzo y junio de 2022"), and where it starts."""
    opened = lower_at(tokens, place) in OPENERS
    first = _past_article(tokens, place + 1) if opened else place
    single = _part_at(tokens, first)
    part = _ranged(tokens, _bare_day(tokens, first) or single, opened) or single
    if part is None:
        return None
    return (place if opened and part.start != part.end else first), part


def _ranged(tokens: Sequence[Token], left: Part | None, opened: bool) -> Part | None:
    """From a part of time to another: "marzo y junio de 2022", "6–13 October 2023", "2019-2021"."""
    if left is None or lower_at(tokens, left.stop) not in _JOINERS:
        return None
    joiner = lower_at(tokens, left.stop)
    right = _part_at(tokens, _past_article(tokens, left.stop + 1))
    if right is None or not _joins(left, right, joiner, opened):
        return None
    ends = right.end[0]
    year = left.start[0] if left.start[0] is not None else ends
    month = left.start[1] if left.start[1] is not None or left.granularity is Granularity.YEAR else right.start[1]
    if year is not None and ends is not None and left.start[0] is None and (month or 0) > (right.end[1] or 12):
        year -= 1
    if left.start[0] is not None and ends is None:
        ends = left.start[0]
    part = Part(right.stop, (year, month, left.start[2]), (ends, *right.end[1:]), right.granularity)
    return part if _in_order(part) else None


def _joins(left: Part, right: Part, joiner: str, opened: bool) -> bool:
    """Whether two parts are the ends of one stretch: "2019 and 2021" are two years, "between" them is one."""
    if left.granularity is not right.granularity:
        return False
    listing = joiner in ("y", "e", "and")
    if joiner == "/":
        return False
    if left.granularity is Granularity.YEAR:
        return opened or not listing
    follows = left.end[1] is not None and right.start[1] is not None and right.start[1] - left.end[1] == 1
    return opened or not listing or follows or left.start[1] is None


def _in_order(part: Part) -> bool:
    if part.start[0] is None:
        return part.start[1] != part.end[1] or (part.start[2] or 0) < (part.end[2] or 32)
    return tuple(one or 0 for one in part.start) < tuple(one or 99 for one in part.end)


def _bare_day(tokens: Sequence[Token], place: int) -> Part | None:
    """ "8 | al 29 de abril": a day whose month comes with the other."""
    day = _day_at(tokens, place)
    if day is None or lower_at(tokens, day[1]) not in _JOINERS:
        return None
    other = _day_at(tokens, _past_article(tokens, day[1] + 1))
    if other is None or (_month_at(tokens, other[1]) or _month_at(tokens, other[1] + 1)) is None:
        return None
    return Part(day[1], (None, None, day[0]), (None, None, day[0]), Granularity.DAY)


def _part_at(tokens: Sequence[Token], place: int) -> Part | None:
    for read in (_numeric, _months_of_a_year, _part_of_a_year, _month_or_day, _season, _year):
        part = read(tokens, place)
        if part is not None:
            return part
    return None


def _numeric(tokens: Sequence[Token], place: int) -> Part | None:
    """ "31/5/2021", the day first, or the month where the other is none."""
    if lower_at(tokens, place + 1) != "/" or lower_at(tokens, place + 3) != "/":
        return None
    day, month, year = (_number(tokens, place + step) for step in (0, 2, 4))
    if day is None or month is None or year is None or not _FIRST_YEAR <= year < _LAST_YEAR:
        return None
    if month > _YEAR_MONTHS:
        day, month = month, day
    told = year, month, day
    fits = 1 <= month <= _YEAR_MONTHS and 1 <= day <= _LAST_DAY
    return Part(place + 5, told, told, Granularity.DAY) if fits else None


def _months_of_a_year(tokens: Sequence[Token], place: int) -> Part | None:
    """ "los seis primeros meses de 2019", "the first six months of the year", "the six months to September 2017"."""
    at, count, side = _past_article(tokens, place), None, None
    for _ in range(2):
        if lower_at(tokens, at) in _SEVERAL and side is None:
            side, at = _SEVERAL[lower_at(tokens, at)], at + 1
        elif (number := _number(tokens, at) or _COUNTS.get(lower_at(tokens, at))) is not None:
            count, at = number, at + 1
    whole = lower_at(tokens, at) == "year" and side is None and count is None
    if not whole and (lower_at(tokens, at) not in _MONTH_UNITS or count is None or not 1 <= count <= _YEAR_MONTHS):
        return None
    count = _YEAR_MONTHS if whole or count is None else count
    if side is None:
        last = _month_or_day(tokens, at + 2) if lower_at(tokens, at + 1) in ("to", "hasta") else None
        return None if last is None else _back_from(last, count)
    year = _year_after(tokens, at + 1)
    if year is None and lower_at(tokens, at + 1) not in ("de", "del", "of"):
        return None  # "the last six months" are no months of a year
    first = 1 if side > 0 else _YEAR_MONTHS + 1 - count
    return _months(year[1] if year else at + 1, year[0] if year else None, first, count)


def _back_from(last: Part, count: int) -> Part:
    """The months that end with this one."""
    year, month = last.end[0], last.end[1] or _YEAR_MONTHS
    before = month - count + 1
    start = (year if before >= 1 or year is None else year - 1), before if before >= 1 else before + _YEAR_MONTHS, None
    return Part(last.stop, start, (year, month, None), Granularity.MONTH)


def _months(stop: int, year: int | None, first: int, count: int) -> Part:
    granularity = _SIZES.get(count, Granularity.MONTH)
    return Part(stop, (year, first, None), (year, first + count - 1, None), granularity)


def _part_of_a_year(tokens: Sequence[Token], place: int) -> Part | None:
    """ "primer trimestre de 2020", "Q3 2021", "3T 2022", "the second half of the year", "Quarter 3"."""
    at = _past_article(tokens, place)
    word, following = lower_at(tokens, at), lower_at(tokens, at + 1)
    number, size = _ORDINALS.get(word), _PARTS.get(following)
    code = False
    if number is None and word in _PARTS:
        number, size = _number(tokens, at + 1), _PARTS[word]
    elif size is None and at + 1 < len(tokens) and tokens[at + 1].glued:
        code = True
        number, size = _number(tokens, at + 1), _CODES.get(word)
        if size is None:
            number, size = _number(tokens, at), _CODES.get(following)
    if number is None or size is None or not 1 <= number <= _YEAR_MONTHS // size:
        return None
    year = _year_after(tokens, at + 2)
    if code and year is None and size == 6:
        return None  # "S1", "H2" are names of other things
    return _months(year[1] if year else at + 2, year[0] if year else None, (number - 1) * size + 1, size)


def _month_or_day(tokens: Sequence[Token], place: int) -> Part | None:
    """ "6 de mayo de 2019", "March 2 to 28, 2010", "April 2022", "abril"."""
    day = _day_at(tokens, place)
    at = day[1] if day else place
    at += day is not None and lower_at(tokens, at) in ("de", "of")
    month = _month_at(tokens, at)
    if month is None:
        return None
    at += 1
    at += lower_at(tokens, at) == "." and lower_at(tokens, at + 1).isdecimal()  # "Sept. 2019"
    last, after = day, _day_at(tokens, at)
    if day is None and after is not None:
        day, last, at = after, after, after[1]
        if lower_at(tokens, at) in _JOINERS and (other := _day_at(tokens, at + 1)) is not None:
            follows = _month_at(tokens, other[1]) or _month_at(tokens, other[1] + 1)
            last, at = (other, other[1]) if follows is None and other[0] > day[0] else (last, at)
    year = _year_after(tokens, at)
    if day is None and year is None and not _is_month(tokens, place):
        return None
    told = year[0] if year else None
    start, end = (told, month, day[0] if day else None), (told, month, last[0] if last else None)
    return Part(year[1] if year else at, start, end, Granularity.DAY if day else Granularity.MONTH)


def _is_month(tokens: Sequence[Token], place: int) -> bool:
    """Whether a month's word alone is one: "in May", "de marzo a junio", not "may be", "Julio dijo"."""
    before, after = lower_at(tokens, place - 1), lower_at(tokens, place + 1)
    joined = after in _JOINERS and _MONTHS.keys() & {lower_at(tokens, place + 2), lower_at(tokens, place + 3)}
    upper = tokens[place].text[0].isupper()
    if len(tokens[place].text) <= 3 and not upper:
        return False
    return bool(joined) or before in _LEADS


def _season(tokens: Sequence[Token], place: int) -> Part | None:
    at = _past_article(tokens, place)
    if lower_at(tokens, at) not in _SEASONS or (lower_at(tokens, at) == "fall" and at == place):
        return None
    year = _year_after(tokens, at + 1)
    if year is None and lower_at(tokens, place - 1) not in _LEADS | {"last"} and at == place:
        return None
    told = (year[0] if year else None), None, None
    return Part(year[1] if year else at + 1, told, told, Granularity.SEASON)


def _year(tokens: Sequence[Token], place: int) -> Part | None:
    at = place
    while lower_at(tokens, at) in _YEAR_WORDS and at - place < 2:
        at += 1
    year = _year_token(tokens, at)
    if year is None and at > place and lower_at(tokens, at - 1) == "fy" and at < len(tokens) and tokens[at].glued:
        short = _number(tokens, at)
        year = 2000 + short if short is not None and short < 100 else None
    if year is None:
        return None
    ends, stop = year, at + 1
    if lower_at(tokens, stop) in ("/", "-", "–") and lower_at(tokens, stop + 1) == f"{(year + 1) % 100:02d}":
        ends, stop = year + 1, stop + 2
    return Part(stop, (year, None, None), (ends, None, None), Granularity.YEAR)


def _year_after(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """The year that goes with what ends at a token, past "de", "del año", "of the year", and where it ends."""
    for step in range(_MOST_INNER):
        year = _year_token(tokens, at + step)
        if year is not None:
            return year, at + step + 1
        if lower_at(tokens, at + step) not in INNER and lower_at(tokens, at + step) != ",":
            return None
    return None


def _year_token(tokens: Sequence[Token], at: int) -> int | None:
    if not 0 <= at < len(tokens) or tokens[at].kind != "n" or not is_yearlike(tokens[at].text):
        return None
    if lower_at(tokens, at + 1) in ("%", "€", "$", "°") or (at and tokens[at - 1].text in ("$", "€", "£")):
        return None
    year = int(tokens[at].text)
    return year if _FIRST_YEAR <= year < _LAST_YEAR else None


def _month_at(tokens: Sequence[Token], at: int) -> int | None:
    return _MONTHS.get(lower_at(tokens, at))


def _day_at(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """A day of a month and the token after it, past "1.º" and "2nd"."""
    day = _number(tokens, at)
    if day is None or not 1 <= day <= _LAST_DAY:
        return None
    stop = at + 1
    stop += lower_at(tokens, stop) == "." and lower_at(tokens, stop + 1) in ("º", "°")
    return day, stop + (lower_at(tokens, stop) in ("º", "°", "st", "nd", "rd", "th") and tokens[stop].glued)


def _number(tokens: Sequence[Token], at: int) -> int | None:
    return int(tokens[at].text) if 0 <= at < len(tokens) and tokens[at].text.isdecimal() else None


def _past_article(tokens: Sequence[Token], at: int) -> int:
    return at + (lower_at(tokens, at) in _ARTICLES)


def iso(day: _Day) -> str:
    """A day, month or year as ISO 8601 writes it."""
    year, month, date = day
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{date:02d}" if month and date else "")
