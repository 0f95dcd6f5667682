"""Stretches of a line whose digits are never figures: addresses, phones, dates, times, codes.

Each pattern is bounded and anchored on a fixed shape, so a line of any length is read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MONTH_ES = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|"
    r"ene|feb|abr|ago|dic)"
)
_MONTH_EN = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)"
)
_STREET_EN = r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Lane|Suite|Floor|Parkway|Pkwy|Highway|Court|Square)"
_STREET_ES = (
    r"(?:[Cc]alle|C/|[Aa]venida|Avda?\.?|[Pp]aseo|[Pp]laza(?= [A-ZÁÉÍÓÚ]| de [A-ZÁÉÍÓÚl])|[Cc]arrera(?= [\dA-Z])|"
    r"Cra\.?|[Cc]arretera|Blvd\.?)"
)
Mask = tuple[int, int, str]
"""Start, end and reason of a stretch without figures."""
_S = r"[ \u00a0]"

BASE_YEAR = re.compile(
    r"\b(?:base )?100\s?=\s?(?:[a-zé]{3,10} (?:de |of )?)?(?:19|20)\d\d\b|\b(?:19|20)\d\d\s?=\s?100\b"
)
"""The base of an index: "base 100 = 2018", "2015 = 100"."""

# The reason, the signs of which one must stand in the line (blank-separated; none: always tried), the pattern.
_ROWS: tuple[tuple[str, str, str], ...] = (
    ("year", "=", BASE_YEAR.pattern),
    ("address", "http www.", r"(?:https?://|www\.)[^\s<>\"”»]{1,2000}"),
    ("address", "/", r"(?<![\d.])10\.\d{4,9}/[^\s<>\"”»]{1,200}"),
    ("address", "@", r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,255}"),
    ("address", "/", r"(?<!\w)\w{1,40}\.(?:com|org|net|es|mx)/\S{1,300}"),
    ("date", "/ -", r"(?<![\d/.-])\d{1,4}([/-])\d{1,2}\1\d{1,4}(?![\d/-])"),
    ("date", ".", r"(?<![\d.])\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?!\.?\d)"),
    ("date", "", rf"\b{_MONTH_EN}\.?{_S}\d{{1,2}}(?:st|nd|rd|th)?(?:{_S}?[-–]{_S}?\d{{1,2}})?\b(?![.,]\d)"),
    ("date", "", rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?{_S}(?:of{_S})?{_MONTH_EN}\b"),
    ("date", "", rf"(?<!\d)\d{{1,2}}(?:{_S}(?:y|al|a){_S}(?:el{_S})?\d{{1,2}})?{_S}(?:de{_S})?(?i:{_MONTH_ES})\b"),
    ("time_of_day", ":", r"(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])(?! ?(?:minut|hour|hora|min\b|hrs?\b))"),
    ("time_of_day", "", rf"(?<!\d)\d{{1,2}}{_S}?(?:[ap]\.m\.|[AaPp][Mm]\b)"),
    ("phone", "+", r"\+\d{1,3}[ .-]?\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){2,5}(?!\d)"),
    ("phone", "1-", r"(?<!\d)1-\d{3}-[A-Z0-9]{2,10}(?:-[A-Z0-9]{2,10}){0,3}"),
    ("phone", ". -", r"(?<![\d.,])\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?!\d)"),
    ("phone", "0", rf"(?<![\d.,+-])0\d{{1,4}}{_S}\d{{3,4}}{_S}\d{{3,4}}(?![\d%]|[.,]\d)"),
    (
        "phone",
        "",
        r"\b(?:Call(?: free)?(?: on| at)?|[Cc]all us(?: free)?(?: on| at)?|[Dd]ial|[Rr]ing us(?: on| at)?|"
        r"[Tt]ext us (?:on|at)|[Ll]l[aá]m(?:a|e|ad|anos|enos|adnos|ando)(?: gratis)? al?(?: número)?) "
        r"\d{3} \d{3} \d{3,4}(?![\d%])",
    ),
    ("phone", "", r"(?<![\d.,])\d{2,3}(?:[ .-]\d{2}){3,4}(?![\d%])"),
    (
        "phone",
        "el ono hone pp",
        r"\b(?:[Tt]el|[Tt]lf|[Tt]eléfono|[Tt]elephone|[Pp]hone|[Ww]hats[Aa]pp)\.?:? ?\d[\d ()-]{5,18}\d",
    ),
    ("address", "", r"(?<!\d)\d{1,4},? ?(?:\d{1,2}[ºª°],? ?)?\d{5}(?= [A-ZÁÉÍÓÚ]|\W{0,3}$)"),
    ("address", "", rf"\b{_STREET_ES} [^,.;\n]{{1,40}}?,? (?:n[ºo°.]{{0,2}} ?)?\d{{1,5}}\b"),
    ("address", "", rf"(?<!\d)\d{{1,5}} (?:[A-Z]\w{{1,20}} ){{1,3}}{_STREET_EN}\b"),
    ("address", "", r"\b(?:C\.?P\.?|ZIP) ?\d{5}\b|, ?0\d{4}\b|, \d{5} (?=[A-ZÁÉÍÓÚ])"),
    ("idiom", "24 50 80 1:1", r"\b24 ?[/x×] ?7(?:[/x]365)?\b|\b50[/-]50\b|\b1:1\b|\b80[/-]20\b"),
    ("idiom", "360", r"\b360 ?(?:°|º|-degree|degrees?\b|grados\b)"),
    ("year", "- – /", r"(?<![\d.,])(?:19|20)\d\d ?[-–/] ?(?:(?:19|20)\d\d|\d\d)(?![\d.,%])(?= |\W{0,3}$|[),;:])"),
    (
        "year",
        "ños écad",
        r"\b(?:[Ll]os )?(?:años|década de los|décadas de los)(?: años)? [2-9]0"
        r"(?:(?:,| y| o| a los) (?:los )?[2-9]0){0,3}\b(?! ?%)",
    ),
    ("idiom", "365", r"\b365 (?:días|days)(?= (?:del|al|a|of the|per) (?:año|a|year))"),
    ("year", "0s 0's 0’s", r"\b(?:19|20)\d0['’]?s\b"),
    ("name_or_code", "/ #", r"(?<![\w/])\d{1,4}/(?:19|20)\d\d\b|(?<!\w)#[^\W\d]\w{0,80}"),
    ("name_or_code", "", r"\b[vV]\d{1,3}(?:\.\d{1,3}){0,3}\b|(?<!\d)\d{1,4}[x×]\d{1,4}\b|\bQ[1-4]\b"),
    (
        "name_or_code",
        "RUT NIT CUIT CUIL NIF CIF RFC DNI RUC CURP VAT",
        r"\b(?:RUT|NIT|CUIT|CUIL|NIF|CIF|RFC|DNI|RUC|CURP|VAT):? ?"
        r"(?:[Nn][º°o.]{1,2} ?)?[A-Z]{0,4}-?\d[\d.-]{4,16}(?:-?[\dkKA-Z])?",
    ),
    ("name_or_code", "GB MB TB GHz MHz KB", r"(?<![\d.,])\d{1,5}(?:[.,]\d{1,3})? ?(?:GB|MB|TB|KB|GHz|MHz|Gbps|Mbps)\b"),
    (
        "name_or_code",
        "inch pulgad px pix píx dpi",
        r"(?<![\d.,])\d{1,4}(?:[.,]\d{1,2})? ?(?:inch(?:es)?|pulgadas|px|pixels|píxeles|dpi)\b",
    ),
    ("address", "Rue Via Rua", r"(?<!\d)\d{1,4},? (?:Rue|Via|Rua) (?:[Dd]\w{1,3} |[A-ZÉ])"),
    ("name_or_code", "star estrella", r"\b(?:five|5|cinco)[ -](?:star|estrellas)[ -](?:service|hotel|experience)"),
    (
        "name_or_code",
        ".",
        r"\b(?:[Vv]ersi[oó]n|[Ww]eb|[Ii]ndustr(?:y|ia)|[Rr]evoluci[oó]n|[Mm]undo|[Ss]ociedad|CX|[Ss]ocial) \d\.\d\b",
    ),
    ("name_or_code", ".", r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){2,4}\b(?!,?\d)"),
)
_MASKS = tuple((reason, tuple(needs.split()), re.compile(pattern)) for reason, needs, pattern in _ROWS)
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3}){1,5}")


def masked_stretches(text: str) -> list[Mask]:
    """The stretches of ``text`` without figures as (start, end, reason), in order, without overlap."""
    found: list[Mask] = []
    for start, end, reason in sorted(_stretches(text), key=lambda stretch: (stretch[0], -stretch[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end, reason))
    return found


def _stretches(text: str) -> Iterator[Mask]:
    for reason, needs, pattern in _MASKS:
        if needs and not any(sign in text for sign in needs):
            continue
        for match in pattern.finditer(text):
            # "1.234.567" is a number with groups, not a version.
            if not _GROUPED.fullmatch(match.group()):
                yield match.start(), match.end(), reason
