"""The year a text gives its figures, and the year a document came out. Futures and targets are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kb.records.document import Document

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|enero|febrero|marzo|"
    r"abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_PART = (
    r"(?:q[1-4]|t[1-4]|[1-4]t|(?:first|second|third|fourth|last) (?:quarter|half)|"
    r"(?:primer|segundo|tercer|cuarto|último) (?:trimestre|semestre|cuatrimestre))"
)
# A part of a year before it sets what is told in that year, whatever leads: "a cierre de 2023", "the end of 2023".
_PERIOD = (
    rf"(?:{_MONTH}|{_PART}|(?:first|last|primeros|últimos) (?:\w{{3,6}} )?(?:months|weeks|meses|semanas)|"
    r"cierre|principios?|finales|final|mediados|comienzos|inicios?|fines|ejercicio|campaña|temporada|verano|invierno|"
    r"otoño|primavera|the end|the start|the beginning|the close|the middle|year-end|spring|summer|autumn|winter)"
)
# A word and a space come first in all of it: looked at once, before the many words that it may be.
_IN_YEAR = re.compile(
    rf"\b(?=[\w-]{{1,16}}\s)(?:{_PERIOD}\s(?:de\s|of\s|del\s|in\s)?(?:el\s)?((?:19[89]|20[0-4])\d)\b(?![-/.,]\d)|"
    r"(?:in|during|en|durante|since|year|año|for|of|de|del|el|fiscal)\s(?:el\s|the\s|late\s|early\s|mid-?\s?|a\s)?"
    r"((?:19[89]|20[0-4])\d)\b(?![-/.,]\d))",
    re.I,
)
# From here to the end of its clause another time is spoken of: what stands before it is not of that year.
_COMPARED = re.compile(
    r"\b(?:frente al?|compared (?:with|to)|comparado con|en comparación con|respecto (?:al?|del?)|up from|down from|"
    r"(?:drop|rise|fall|increase|decrease|decline) from|versus|vs|than|que en|against|as against)\b",
    re.I,
)
_DATED_URL = re.compile(r"https?://[^\s:]{0,300}?/((?:19[89]|20[0-4])\d)[-/](?:0[1-9]|1[0-2])")
_NUMBER = re.compile(r"(?<![\d.,])(?!(?:19[89]|20[0-4])\d\b)\d")
_APART = re.compile(r"[,;:]\s|\b(?:to|a|y|and|hasta)\b")
_YEAR = re.compile(r"\b((?:19[89]|20[0-4])\d)\b")
_WILL = re.compile(
    r"\b(?:will|would|expected|forecast|projected|prevé|prevén|espera|estima que para|\w{2,20}rán?|"
    r"(?:superar|alcanzar|llegar|crecer|ser|habr|representar|rondar|sumar)ían?)\b",
    re.I,
)


_BORN = re.compile(r"\b(?:fundad[oa]|founded|established|nació|creada|launched in)\b|\b(?:since|desde)\W{0,3}$", re.I)


_STUDY_OF = re.compile(
    r"^\W{0,3}(?:in |en |según )?(?:an?|the|this|one|our|their|its|una?|el|la|otr[oa]|another|"
    r"nuestr[oa]|su) (?:[a-z-]{3,20} )?(?:"
    r"((?:19[89]|20[0-4])\d) (?:[a-z-]{3,20} ){0,2}(?:study|survey|report|poll|research|paper)\b|"
    r"(?:estudio|encuesta|informe|sondeo|investigación|reporte|study|survey|report|poll) "
    r"(?:de|del|from|of|publicad[oa] en|realizad[oa] en|conducted in|published in) ((?:19[89]|20[0-4])\d)\b)",
    re.IGNORECASE,
)


def tells_future(text: str) -> bool:
    """Whether the sentence expects something: the year it names is then when, not of the study."""
    return _WILL.search(text) is not None


def stated_year(text: str, inside: int | None = None) -> int | None:
    """The year the sentence gives its figure at ``inside`` ("In 2014, …", "en 2021", "For 2015, they"), or null.

    Of several years the figure has the one of its own part: the one before it where the years come first ("in 2014
    40%, in 2016 50%"), else the one after it; null without a place. The year of a comparison is that of the figure
    compared ("frente al 40 % en 2015"), and of no other.
    """
    study, years, turn = _told(text)
    if study is not None or not years:
        return study
    if turn is not None and inside is not None:
        years = tuple(pair for pair in years if (pair[0] > turn) == (inside > turn))
    if len({year for _, year in years}) <= 1:
        return years[0][1] if years else None
    if inside is None:
        return None
    beside = next((year for place, year in years if 0 < place - inside <= 24), None)
    if beside is not None and _APART.search(text, inside, inside + 24) is None:
        return beside  # "cayó al 8 % en 2022"
    start, end = text.rfind(";", 0, inside) + 1, text.find(";", inside)
    mine = [(place, year) for place, year in years if start <= place < (end if end >= 0 else len(text))]
    number = _NUMBER.search(text, start)
    if not mine or number is None:
        return None
    if mine[0][0] <= number.start():
        return next((year for place, year in reversed(mine) if place < inside), None)
    return next((year for place, year in mine if place > inside), None)


@lru_cache(maxsize=4)
def _told(text: str) -> tuple[int | None, tuple[tuple[int, int], ...], int | None]:
    """The year of a study that opens the sentence, every year given with its place, and where a comparison starts.

    Asked for every figure of a sentence, and read once.
    """
    if _YEAR.search(text) is None:
        return None, (), None
    study = _STUDY_OF.search(text)
    compared = _COMPARED.search(text)
    said = int(study.group(1) or study.group(2)) if study is not None else None
    return said, tuple(_given_years(text)), compared.start() if compared is not None else None


def _given_years(text: str) -> Iterator[tuple[int, int]]:
    """The years that the sentence sets its figures in, each with its place."""
    for match in _IN_YEAR.finditer(text):
        lead = match.group().lower()
        opens = not text[: match.start()].strip('“"«( ')
        if _BORN.search(text[max(0, match.start() - 40) : match.start()]):
            continue
        placed = match.group(1) is not None or lead.startswith(("in ", "during", "en ", "durante"))
        shared = lead.startswith("de ") and text[: match.start()].rstrip().endswith(("%", "ciento"))
        placed = placed or shared
        if (placed and not tells_future(text)) or (opens and lead.startswith("for")):
            yield match.start(), int(match.group(1) or match.group(2))


def published_year(document: Document) -> tuple[int | None, str]:
    """The year in the document's headline, its date of publication or its address, and which of them gave it."""
    if document.title and (match := _YEAR.search(document.title)):
        return int(match.group(1)), "document: headline"
    if document.year is not None:
        return document.year, "document: published"
    match = _DATED_URL.search(document.url or "") or _DATED_URL.search(document.text[:600])
    return (int(match.group(1)), "document: address") if match else (None, "")
