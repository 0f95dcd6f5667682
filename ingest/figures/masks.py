"""Stretches of a line whose digits are never figures: addresses, phones, dates, times, codes.

Each pattern is bounded and anchored on a fixed shape, so a line of any length is read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MONTH_ES = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|ene|feb|abr|ago|dic)"
)
_MONTH_EN = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)"
)
_STREET_EN = r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Lane|Suite|Floor)"
_STREET_ES = r"(?:[Cc]alle|C/|[Aa]venida|Avda?\.?|[Pp]aseo|[Pp]laza|[Cc]arrera|Cra\.?|[Cc]arretera|Blvd\.?)"

_MASKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("address", re.compile(r"(?:https?://|www\.)[^\s<>\"”»]{1,2000}|[\w.+-]{1,64}@[\w.-]{1,255}|\b\w{1,40}\.(?:com|org|net|es|mx)/\S{1,300}")),
    ("date", re.compile(r"(?<![\d/.-])\d{1,4}([/-])\d{1,2}\1\d{1,4}(?![\d/-])|(?<![\d.])\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?![\d.])")),
    ("date", re.compile(rf"\b(?:{_MONTH_EN}\.?[ \u00a0]\d{{1,2}}(?:st|nd|rd|th)?(?:[ \u00a0]?[-–][ \u00a0]?\d{{1,2}})?|"
                        rf"\d{{1,2}}(?:st|nd|rd|th)?[ \u00a0](?:of[ \u00a0])?{_MONTH_EN})\b(?![.,]\d)")),
    ("date", re.compile(rf"\b\d{{1,2}}(?:[ \u00a0](?:y|al|a)[ \u00a0](?:el[ \u00a0])?\d{{1,2}})?[ \u00a0](?:de[ \u00a0])?{_MONTH_ES}\b", re.I)),
    ("time_of_day", re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])|\b\d{1,2}[ \u00a0]?(?:[ap]\.m\.|[AaPp][Mm]\b)")),
    ("phone", re.compile(r"\+\d{1,3}[ .-]?\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){2,5}(?!\d)|(?<!\d)1-\d{3}-[A-Z0-9]{2,10}(?:-[A-Z0-9]{2,10}){0,3}|"
                         r"(?<![\d.,])\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?!\d)|(?<![\d.,])\d{2,3}(?:[ .-]\d{2}){3,4}(?![\d%])|"
                         r"(?:[Tt]el|[Tt]lf|[Tt]eléfono|[Tt]elephone|[Pp]hone|[Ww]hats[Aa]pp)\.?:? ?\d[\d ()-]{5,18}\d")),
    ("address", re.compile(rf"\b\d{{1,4}},? ?(?:\d{{1,2}}[ºª°],? ?)?\d{{5}}(?= [A-ZÁÉÍÓÚ]|\W*$)|{_STREET_ES} [^,.;\n]{{1,40}}?,? (?:n[ºo°.]{{0,2}} ?)?\d{{1,5}}\b|"
                           rf"\b\d{{1,5}} (?:[A-Z]\w{{1,20}} ){{1,3}}{_STREET_EN}\b|\b(?:C\.?P\.?|ZIP) ?\d{{5}}\b|, ?0\d{{4}}\b|, \d{{5}} (?=[A-ZÁÉÍÓÚ])")),
    ("idiom", re.compile(r"\b24 ?[/x×] ?7(?:[/x]365)?\b|\b50[/-]50\b|\b360 ?(?:°|º|-degree|degrees?\b|grados\b)|\b1:1\b|\b80[/-]20\b")),
    ("year", re.compile(r"(?<![\d.,])(?:19|20)\d\d ?[-–/] ?(?:(?:19|20)\d\d|\d\d)(?![\d.,%])(?= |\W*$|[),;:])|\b(?:19|20)\d0['’]?s\b")),
    ("name_or_code", re.compile(r"(?<![\w/])\d{1,4}/(?:19|20)\d\d\b|(?<!\w)#[^\W\d]\w{0,80}|\b[vV]\d{1,3}(?:\.\d{1,3}){0,3}\b|\d{1,4}[x×]\d{1,4}\b|"
                                r"\bQ[1-4]\b|\b(?:five|5|cinco)[ -](?:star|estrellas)[ -](?:service|hotel|experience)|"
                                r"\b(?:[Vv]ersi[oó]n|[Ww]eb|[Ii]ndustr(?:y|ia)|[Rr]evoluci[oó]n|[Mm]undo|[Ss]ociedad|CX|[Ss]ocial) \d\.\d\b|\b\d{1,3}(?:\.\d{1,3}){2,4}\b(?!,)")),
)  # fmt: skip


def masked_stretches(text: str) -> list[tuple[int, int, str]]:
    """The stretches of ``text`` without figures as (start, end, reason), in no order."""
    return list(_stretches(text))


def _stretches(text: str) -> Iterator[tuple[int, int, str]]:
    for reason, pattern in _MASKS:
        for match in pattern.finditer(text):
            if not _is_grouped_number(match.group()):
                yield match.start(), match.end(), reason


def _is_grouped_number(raw: str) -> bool:
    """ "1.234.567" is a number with groups, not a version."""
    return bool(re.fullmatch(r"\d{1,3}(?:\.\d{3}){1,5}", raw))
