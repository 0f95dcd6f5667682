"""The periods that a line names, and which of them is a figure's of that line.

A period without a year has that of the document's publication, or the last before it. What a study's own is, is
decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ingest.studies.study_words import STUDY_NOUNS
from ingest.studies.when.period_parts import INNER, STARTS, Part, iso, part_at
from kb.records.document import Document, Span
from kb.records.statistic import Granularity, Period
from kb.words.lexicon import Phrases, lexicon, words_of
from kb.words.tokens import Token, lower_at

_YEARS_AGO = lexicon().phrases("relative_year")
_NOW = lexicon().phrases("relative_now")
_BEGINNINGS = STARTS | {row.form.split()[0] for cls in ("relative_year", "relative_now") for row in lexicon().of(cls)}
_COMPARED = lexicon().phrases("period_compared")
_BEGUN = lexicon().phrases("period_begun")
_TARGET = lexicon().phrases("period_target", "period_target_in")
# "In 2022, 59% would pay more" tells of 2022, "by 2031, 44% would" of what is to come.
_WISHED = lexicon().phrases("period_target")
_OUT = words_of("period_out")
_OUT_WITHIN = 8
_WILL = re.compile(
    r"\b(?:will|expected|forecast|projected|prevé|prevén|espera|estima que para|\w{2,20}rán?|"
    r"(?:superar|alcanzar|llegar|crecer|ser|habr|representar|rondar|sumar)ían?)\b",
    re.I,
)
_WOULD = re.compile(r"\bwould\b", re.I)
_NUMBER = re.compile(r"(?<![\d.,])\d")
_OWNER = re.compile(r"(?<![\d.,])\d[\d.,]{0,12}\s?(?:%|per ?cent|por ciento)?\s(?:in|en|de|el)\s$")
_APART = re.compile(r"[,;:]\s|\b(?:to|a|y|and|hasta)\b")
_PLACING = lexicon().phrases("period_placing")
_CLAUSE_ENDS = frozenset(";.:(")
_BESIDE = 24
_EARLY = 8


class PeriodRole(Enum):
    """What a line says of a period beside naming it."""

    STATED = "stated"
    RELATIVE = "relative"
    BEGUN = "begun"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period of a line, at characters ``at`` to ``stop`` of it.

    ``placed`` when its words set what is told in it ("in 2014", "a 2014 survey", any month), ``turn`` the character of
    the comparison that it stands in ("frente al 40 % en 2015").
    """

    period: Period
    at: int
    stop: int
    role: PeriodRole
    placed: bool
    turn: int | None


def named_periods(text: str, tokens: Sequence[Token], published: tuple[int, int] | None) -> list[NamedPeriod]:
    """The periods of a line in order, none inside another; ``published`` is the year and month (0: unknown) of the
    document, without which a period that names no year is left out."""
    found: list[NamedPeriod] = []
    turns = [first for first, _, _ in _COMPARED.found(tokens)]
    leads = _TARGET if _WILL.search(text) else _WISHED if _WOULD.search(text) else None
    place = 0
    while place < len(tokens):
        if tokens[place].kind != "n" and tokens[place].lower not in _BEGINNINGS:
            place += 1
            continue
        read = _period_at(tokens, place, published)
        if read is None:
            place += 1
            continue
        first, part, relative = read
        at, stop = tokens[first].start, tokens[part.stop - 1].end
        turn = _turn(tokens, first, turns)
        role = _role(tokens, first, part, published, leads, relative)
        words = Span(at, stop)
        period = Period(
            iso(part.start), iso(part.end), part.granularity, text[at:stop], words, role is PeriodRole.TARGET
        )
        placed = role in (PeriodRole.RELATIVE, PeriodRole.TARGET) or _is_placed(tokens, first, part)
        found.append(NamedPeriod(period, at, stop, role, placed, None if turn is None else tokens[turn].start))
        place = part.stop
    return found


def tells_future(text: str) -> bool:
    """Whether the sentence expects something: the year it names is then when, not of the study."""
    return _WILL.search(text) is not None or _WOULD.search(text) is not None


def period_of_figure(text: str, periods: Sequence[NamedPeriod], inside: int | None = None) -> NamedPeriod | None:
    """The period that a sentence sets its figure at ``inside`` in ("In 2014, …", "en 2021"), or null.

    Of several the figure has the one of its own part: the one before it where the periods come first ("in 2014 40%, in
    2016 50%"), else the one after it; null without a place. The period of a comparison is that of the figure compared
    ("frente al 40 % en 2015"), and of no other.
    """
    given = [one for one in periods if one.placed and one.role is not PeriodRole.BEGUN]
    if inside is not None:
        end = text.find(";", inside)
        end = len(text) if end < 0 else end
        given = [one for one in given if one.at < end and not _is_of_another(text, one.at, inside)]
    turn = min((one.turn for one in given if one.turn is not None), default=None)
    if turn is not None and inside is not None:
        given = [one for one in given if (one.at > turn) == (inside > turn)]
    if len({(one.period.start, one.period.end) for one in given}) <= 1:
        return given[0] if given else None
    if inside is None:
        return None
    beside = next((one for one in given if 0 < one.at - inside <= _BESIDE), None)
    if beside is not None and _APART.search(text, inside, beside.at) is None:
        return beside  # "cayó al 8 % en 2022"
    start = text.rfind(";", 0, inside) + 1
    mine = [one for one in given if start <= one.at]
    number = next((match for match in _NUMBER.finditer(text, start) if not _is_in(periods, match.start())), None)
    if not mine or number is None:
        return None
    if mine[0].at <= number.start():
        return next((one for one in reversed(mine) if one.at < inside), None)
    return next((one for one in mine if one.at > inside), None)


def _is_of_another(text: str, at: int, inside: int) -> bool:
    """Whether a period stands right after another number than the figure's: "from | 40% in 2014 | to 44%"."""
    owner = _OWNER.search(text, max(0, at - _BESIDE), at)
    return owner is not None and (owner.start() < inside or _NUMBER.search(text, inside, owner.start()) is not None)


def _is_in(periods: Sequence[NamedPeriod], place: int) -> bool:
    return any(one.at <= place < one.stop for one in periods)


def _turn(tokens: Sequence[Token], first: int, turns: Sequence[int]) -> int | None:
    """The comparison before a token, in its clause."""
    turn = max((at for at in turns if at <= first), default=None)
    return None if turn is None or any(token.text in _CLAUSE_ENDS for token in tokens[turn:first]) else turn


def _role(
    tokens: Sequence[Token],
    first: int,
    part: Part,
    published: tuple[int, int] | None,
    leads: Phrases | None,
    relative: bool,
) -> PeriodRole:
    """The role of a period; ``leads`` are the words before a year that this sentence expects something of, if any."""
    lead = first
    while lower_at(tokens, lead - 1) in INNER:
        lead -= 1
    coming = published is not None and (part.start[0] or 0) > published[0]
    gone = published is not None and (part.end[0] or published[0]) < published[0]
    if coming or (leads and not gone and any(leads.before(tokens, end) for end in (first, lead))):
        return PeriodRole.TARGET
    begun = part.start == part.end and any(_BEGUN.before(tokens, end) for end in (first, lead, lead + 1))
    if begun or (relative and _is_out(tokens, first)):
        return PeriodRole.BEGUN
    return PeriodRole.RELATIVE if relative else PeriodRole.STATED


def _is_out(tokens: Sequence[Token], first: int) -> bool:
    """Whether a study came out then, which is not when it asked: "publicó en abril", "a survey out this month"."""
    for place in range(first - 1, max(-1, first - _OUT_WITHIN), -1):
        if tokens[place].lower in _OUT:
            return True
        if tokens[place].kind != "w":
            return False
    return False


def _is_placed(tokens: Sequence[Token], first: int, part: Part) -> bool:
    """Whether a period's words set what is told in it: any but a bare year, and one after "in" or beside a study."""
    if part.granularity is not Granularity.YEAR or part.start != part.end:
        return True
    before = lower_at(tokens, first - 1)
    if _PLACING.before(tokens, first) or _PLACING.at(tokens, first) or (first == 1 and before == "for"):
        return True
    if before in ("de", "del", "of", "for") and lower_at(tokens, first - 2) in ("%", "ciento"):
        return True
    beside = [lower_at(tokens, place) for place in (*range(first - 3, first), *range(part.stop, part.stop + 3))]
    return not STUDY_NOUNS.isdisjoint(beside) and first <= _EARLY


def _period_at(tokens: Sequence[Token], place: int, published: tuple[int, int] | None) -> tuple[int, Part, bool] | None:
    """The period that starts at a token: where, its part of time with its year, and whether it is told from the day of
    writing."""
    if published is not None:
        for phrases in (_YEARS_AGO, _NOW):
            told = phrases.at(tokens, place)
            if told is not None:
                year = published[0] + int(told.entry.value or 0)
                stop = place + len(told.words)
                return place, Part(stop, (year, None, None), (year, None, None), Granularity.YEAR), True
    read = part_at(tokens, place)
    if read is None or read[1].end[0] is not None:
        return None if read is None else (*read, False)
    start, part = read
    if published is None or published[1] == 0 or part.end[1] is None:
        return None  # a month of no year, or a summer: of this year, or of the one before
    return start, _dated(part, published), True


def _dated(part: Part, published: tuple[int, int]) -> Part:
    """A part of a year without its year: in the year of publication, or before it where its month is still to come."""
    year, month = published
    last = part.end[1] or month
    year -= last > month
    return part.of_year(year - ((part.start[1] or 0) > last), year)


def publication_of(document: Document) -> tuple[int, int] | None:
    """The year and month (0: not known) in which a document was published; null where nothing says so."""
    month = (document.published or "")[5:7]
    return None if document.year is None else (document.year, int(month) if month.isdecimal() else 0)


def whole_year(year: int) -> Period:
    """A year that no words of the text name."""
    return Period(str(year), str(year), Granularity.YEAR)


def placed_at(period: Period, start: int) -> Period:
    """A period of a line with its span in the document, where the line starts at this character (negative: title)."""
    if period.span is None:
        return period
    return replace(period, span=period.span.shifted(start) if start >= 0 else None)


_YEAR = re.compile(r"\b((?:19[89]|20[0-4])\d)\b")
_DATED_URL = re.compile(r"https?://[^\s:]{0,300}?/((?:19[89]|20[0-4])\d)[-/](?:0[1-9]|1[0-2])")


def published_year(document: Document) -> tuple[int | None, str]:
    """The year in the document's headline, its date of publication or its address, and which of them gave it."""
    if document.title and (match := _YEAR.search(document.title)):
        return int(match.group(1)), "document: headline"
    if document.year is not None:
        return document.year, "document: published"
    match = _DATED_URL.search(document.url or "") or _DATED_URL.search(document.text[:600])
    return (int(match.group(1)), "document: address") if match else (None, "")
