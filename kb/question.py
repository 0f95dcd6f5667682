"""What a question asks for, read from its words alone: the kind of answer, and what must not be missing.

Owns the patterns of both languages. Knows no passages and no scores.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum


class Wanted(Enum):
    """The kind of answer a question asks for."""

    SHARE = "share"
    FACTOR = "factor"
    NUMBER = "number"
    LIST = "list"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """What a question asks for.

    ``names`` are proper names and acronyms as written, ``years`` four-digit years, ``numbers`` any other
    digits; an answer that lacks them answers something else.
    """

    wanted: Wanted
    names: tuple[str, ...]
    years: tuple[int, ...]
    count: int | None


_SHARE = re.compile(
    r"\b(?:what|which) (?:share|percentage|percent|proportion|fraction|part|rate)\b"
    r"|\b(?:what|which) (?:was|is|were|are) the [\w\s-]{0,40}?\b(?:rate|share|percentage|proportion)\b"
    r"|\bhow (?:widely|many (?:percent|out of))\b|\b(?:percentage|share|proportion|rate) of\b"
    r"|\bqu[eé] (?:porcentaje|proporci[oó]n|parte|tanto por ciento|fracci[oó]n|cuota)\b"
    r"|\bcu[aá]l (?:es|fue|era|ser[aá]) (?:el porcentaje|la proporci[oó]n|la tasa|el [ií]ndice|la cuota)\b"
    r"|\b(?:porcentaje|proporci[oó]n|tasa) de\b",
    re.IGNORECASE,
)
_FACTOR = re.compile(
    r"\bhow (?:much|many times) (?:more|less|higher|lower|likelier|greater|larger|faster)\b"
    r"|\bcu[aá]nto m[aá]s\b|\bcu[aá]ntas veces\b|\bcu[aá]nt[oa]s? (?:m[aá]s )?(?:probable|propens)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\bhow (?:many|much|long|often|far|fast|tall|old|big|large|high)\b|\bwhat (?:number|amount|sum|score|size)\b"
    r"|\bcu[aá]nt[oa]s?\b|\bqu[eé] (?:n[uú]mero|cantidad|puntuaci[oó]n|nota)\b",
    re.IGNORECASE,
)
_PLURAL = (
    r"(?:phases|stages|metrics|steps|variables|levels|ways|types|kinds|pillars|principles|trends|channels|factors|"
    r"reasons|benefits|dimensions|practices|skills|questions|elements|components|approaches|tips|indicators|barriers|"
    r"challenges|recommendations|roles|tools)"
)
_PLURAL_ES = (
    r"(?:fases|etapas|m[eé]tricas|pasos|variables|niveles|formas|maneras|tipos|pilares|principios|tendencias|canales|"
    r"factores|razones|motivos|beneficios|ventajas|dimensiones|pr[aá]cticas|habilidades|preguntas|elementos|"
    r"componentes|enfoques|consejos|indicadores|barreras|retos|recomendaciones|roles|herramientas|claves)"
)
_LIST = re.compile(
    rf"\b(?:what|which)(?: are)?(?: the)?(?: \w+){{0,2}} {_PLURAL}\b"
    rf"|\b(?:qu[eé]|cu[aá]les son)(?: l[oa]s)?(?: \w+){{0,2}} {_PLURAL_ES}\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
# A capital inside a sentence, a word with two capitals, or one with a digit: names, acronyms, products.
_NAME = re.compile(r"[A-ZÁÉÍÓÚÜÑ][\w&.'’-]{0,40}[\w]|[a-z]{1,3}[A-Z]\w{1,40}")
_OPENERS = re.compile(
    r"^\W*(?:what|which|how|who|when|where|why|in|of|for|is|are|do|does|did|can|name|list|according|the|a|on|by|at|"
    r"qu[eé]|cu[aá]l|cu[aá]les|c[oó]mo|qui[eé]n|qui[eé]nes|cu[aá]ndo|d[oó]nde|por|para|en|seg[uú]n|de|el|la|los|las|"
    r"cu[aá]nto|cu[aá]nta|cu[aá]ntos|cu[aá]ntas|con|a|es|son|existe|hay)\b",
    re.IGNORECASE,
)
_COUNTS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
}  # fmt: skip


def read_question(text: str) -> QuestionReading:
    """What the question asks for.

    >>> read_question("¿Qué porcentaje de empresas usa WhatsApp en 2022?")
    QuestionReading(wanted=<Wanted.SHARE: 'share'>, names=('WhatsApp',), years=(2022,), count=None)
    """
    text = unicodedata.normalize("NFC", text)
    wanted = _wanted(text)
    counts = [_COUNTS[word] for word in re.findall(r"\w+", text.casefold()) if word in _COUNTS]
    return QuestionReading(
        wanted,
        _names(text),
        tuple(dict.fromkeys(int(year) for year in _YEAR.findall(text))),
        counts[0] if wanted is Wanted.LIST and counts else None,
    )


def _wanted(text: str) -> Wanted:
    for pattern, wanted in (
        (_FACTOR, Wanted.FACTOR),
        (_SHARE, Wanted.SHARE),
        (_NUMBER, Wanted.NUMBER),
        (_LIST, Wanted.LIST),
    ):
        if pattern.search(text):
            return wanted
    return Wanted.TEXT


def _names(text: str) -> tuple[str, ...]:
    opener = _OPENERS.match(text)
    rest = " " * opener.end() + text[opener.end() :] if opener else text
    return tuple(dict.fromkeys(match[0].rstrip(".'’-") for match in _NAME.finditer(rest)))
