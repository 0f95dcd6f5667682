"""Numbers, shares and dates as each language writes them: "1.234,5", "87 %" with a no-break space, "30 de mayo".

Owns notation only; which words stand beside a number is the table of strings', and figures are those of ``kb.numbers``.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from kb.records.errors import KnowledgeBaseError
from kb.records.language import Language
from kb.records.messages import Message, code_of, said, say
from kb.records.operation import Job, JobFile
from kb.records.statistic import Granularity, Period, Statistic

_NO_BREAK = "\u00a0"
_MONTHS = {
    Language.ES: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    Language.EN: "January February March April May June July August September October November December",
}
_ORDINALS = {
    Language.ES: "primer segundo tercer cuarto",
    Language.EN: "first second third fourth",
}
_PARTS = {
    Granularity.QUARTER: (3, "trimestre", "quarter"),
    Granularity.HALF: (6, "semestre", "half"),
}
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def number(value: Decimal | int, language: Language) -> str:
    """A number with the marks of the language, without zeros at its end: 4760000 as "4.760.000" or "4,760,000"."""
    facts = language.facts
    whole, _, decimals = f"{value:,f}".partition(".")
    decimals = decimals.rstrip("0")
    grouped = whole.replace(",", facts.thousands_mark)
    return grouped + (facts.decimal_mark + decimals if decimals else "")


def percent(share: Decimal, language: Language) -> str:
    """A share as a percentage: 0.875 as "87,5 %" (no-break space) or "87.5%"."""
    mark = f"{_NO_BREAK}%" if language is Language.ES else "%"
    return number(share * 100, language) + mark


def day(published: str | None, language: Language) -> str | None:
    """A date of any precision in words: "30 de septiembre de 2022", "September 2022", "2022"; null if not a date."""
    match = _DATE.match(published or "")
    if not match:
        return None
    year, month, date = match.groups()
    names = _MONTHS.get(language, _MONTHS[Language.EN]).split()
    if month is None or not 1 <= int(month) <= 12:
        return year
    name = names[int(month) - 1]
    if language is Language.ES:
        return f"{int(date)} de {name} de {year}" if date else f"{name} de {year}"
    return f"{int(date)} {name} {year}" if date else f"{name} {year}"


def measured_when(statistic: Statistic, language: Language) -> str | None:
    """The period of a figure in words; of a record that was read before periods were, the year; null where neither is
    known."""
    if statistic.period is not None:
        return period(statistic.period, language)
    return None if statistic.year is None else str(statistic.year)


def period(when: Period, language: Language) -> str:
    """A period in words: "del 6 de mayo al 28 de junio de 2019", "March to June 2022", "primer trimestre de 2020"; of
    a forecast with "previsión para" before it."""
    said = _part_of_year(when, language) or _stretch(when, language)
    if not when.target:
        return said
    return f"previsión para {said}" if language is Language.ES else f"forecast for {said}"


def _part_of_year(when: Period, language: Language) -> str | None:
    if when.granularity not in _PARTS or when.start[:4] != when.end[:4]:
        return None
    months, es, en = _PARTS[when.granularity]
    first, last = int(when.start[5:7]), int(when.end[5:7])
    if last - first != months - 1 or last % months:
        return None
    ordinal = _ORDINALS.get(language, _ORDINALS[Language.EN]).split()[last // months - 1]
    return f"{ordinal} {es} de {when.end[:4]}" if language is Language.ES else f"{ordinal} {en} of {when.end[:4]}"


def _stretch(when: Period, language: Language) -> str:
    start, end = day(when.start, language) or when.start, day(when.end, language) or when.end
    if start == end:
        return end
    if len(when.start) == len(when.end) == 4:
        return f"{start}–{end}"
    spanish = language is Language.ES
    if when.start[:4] == when.end[:4]:
        start = start.removesuffix(f" de {when.start[:4]}" if spanish else f" {when.start[:4]}")
        if len(when.start) == len(when.end) == 10 and when.start[:7] == when.end[:7]:
            start = start.split()[0]
    if not spanish:
        return f"{start} to {end}"
    return f"del {start} al {end}" if len(when.start) == len(when.end) == 10 else f"de {start} a {end}"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and the language that it is in."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class ReportWords:
    """What is wrong with a file, what to do about it, and what of it was left unread; null where nothing is said."""

    reason: Said | None
    hint: Said | None
    note: Said | None = None


def report_words(told: JobFile | KnowledgeBaseError, language: Language) -> ReportWords:
    """The words of a line of a report, or of an error, in this language where they are known in it."""
    if isinstance(told, JobFile):
        return ReportWords(*(said_in(text, language) for text in (told.reason, told.hint, told.note)))
    joined = told.thing and code_of(told.reason)
    whole = say("thing_reason", first=told.thing, then=told.reason) if joined else told.reason
    return ReportWords(said_in(whole, language), said_in(told.hint, language))


def said_in(text: str | None, language: Language) -> Said | None:
    """The text in this language, or in English where it was kept in that alone; null for none."""
    if not text:
        return None
    known = isinstance(text, Message) and not text.in_english_only()
    return Said(said(text, language), language if known else Language.EN)


def job_in(job: Job, language: Language) -> Job:
    """The job with what it says of its files, and of itself, in this language."""
    files = tuple(
        replace(file, reason=_in(file.reason, language), hint=_in(file.hint, language), note=_in(file.note, language))
        for file in job.files
    )
    return replace(job, files=files, error=_in(job.error, language), waiting=_in(job.waiting, language))


def _in(text: str | None, language: Language) -> str | None:
    return None if text is None else said(text, language)
