"""The year a text gives its figures, and the year a document came out. Futures and targets are none."""

from __future__ import annotations

import re

from kb.document import Document

_IN_YEAR = re.compile(
    r"\b(?:in|during|en|durante|since|year|año|for|of|de|del|el|fiscal)\s(?:el\s|late\s|early\s|a\s|enero\sde\s)?"
    r"((?:19[89]|20[0-4])\d)\b(?![-/.,]\d)",
    re.I,
)
_DATED_URL = re.compile(r"https?://[^\s:]{0,300}?/((?:19[89]|20[0-4])\d)[-/](?:0[1-9]|1[0-2])")
_YEAR = re.compile(r"\b((?:19[89]|20[0-4])\d)\b")
_WILL = re.compile(
    r"\b(?:will|would|expected|forecast|projected|prevé|prevén|espera|estima que para|\w{2,20}rán?|"
    r"(?:superar|alcanzar|llegar|crecer|ser|habr|representar|rondar|sumar)ían?)\b",
    re.I,
)


_BORN = re.compile(r"\b(?:fundad[oa]|founded|established|since|desde|nació|creada|launched in)\b", re.I)


_STUDY_OF = re.compile(
    r"^\W{0,3}(?:in |en |según )?(?:an?|the|this|one|una?|el|la|otr[oa]|another) (?:[a-z-]{3,20} )?(?:"
    r"((?:19[89]|20[0-4])\d) (?:[a-z-]{3,20} ){0,2}(?:study|survey|report|poll|research|paper)\b|"
    r"(?:estudio|encuesta|informe|sondeo|investigación|reporte|study|survey|report|poll) "
    r"(?:de|del|from|of|publicad[oa] en|realizad[oa] en|conducted in|published in) ((?:19[89]|20[0-4])\d)\b)",
    re.IGNORECASE,
)


def tells_future(text: str) -> bool:
    """Whether the sentence expects something: the year it names is then when, not of the study."""
    return _WILL.search(text) is not None


def stated_year(text: str) -> int | None:
    """The year the sentence gives its figures ("In 2014, …", "en 2021", "For 2015, they"), or null."""
    if (study := _STUDY_OF.search(text)) is not None:
        return int(study.group(1) or study.group(2))
    for match in _IN_YEAR.finditer(text):
        lead = match.group().lower()
        opens = not text[: match.start()].strip('“"«( ')
        if _BORN.search(text[max(0, match.start() - 40) : match.start()]):
            continue
        if lead.startswith(("in ", "during", "en ", "durante")):
            if not tells_future(text):
                return int(match.group(1))
        elif opens and lead.startswith("for"):
            return int(match.group(1))
    return None


def published_year(document: Document) -> tuple[int | None, str]:
    """The year in the document's headline, its date of publication or its address, and which of them gave it."""
    if document.title and (match := _YEAR.search(document.title)):
        return int(match.group(1)), "document: headline"
    if document.year is not None:
        return document.year, "document: published"
    match = _DATED_URL.search(document.url or "") or _DATED_URL.search(document.text[:600])
    return (int(match.group(1)), "document: address") if match else (None, "")
