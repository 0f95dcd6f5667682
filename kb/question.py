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
    MONEY = "money"
    TIME = "time"
    LIST = "list"
    TEXT = "text"


class Purpose(Enum):
    """What a question for text is after; most are after nothing that its words alone tell."""

    PLAIN = "plain"
    DEFINITION = "definition"
    REASON = "reason"
    PERSON = "person"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """What a question asks for.

    ``names`` are proper names and acronyms as written and ``years`` four-digit years: an answer that lacks
    them answers something else. ``count`` is how many things a list should have, ``things`` what they may be
    called in both languages, ``beyond`` the names that the question sets aside ("besides Gallup"), and
    ``measure`` the word that says which rate is asked for ("response rate", "tasa de respuesta"). ``figures`` are the
    figures that it states itself ("Who says that 87 % …?") as ``plain_number`` writes them: no other one answers it.
    ``counted`` is the word for what a question for a number counts ("How many branches …?").
    """

    wanted: Wanted
    names: tuple[str, ...]
    years: tuple[int, ...]
    count: int | None
    purpose: Purpose = Purpose.PLAIN
    things: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    measure: str | None = None
    figures: tuple[str, ...] = ()
    counted: str | None = None


_SHARE = re.compile(
    r"\b(?:what|which) (?:share|percentage|percent|proportion|fraction|part|rate)\b"
    r"|\b(?:what|which) (?:was|is|were|are) the [\w\s-]{0,40}?\b(?:rate|share|percentage|proportion)\b"
    r"|\bhow (?:widely|many (?:percent|out of))\b"
    r"|\bqu[eé] (?:porcentaje|proporci[oó]n|parte|tanto por ciento|fracci[oó]n|cuota|tasa)\b"
    r"|\bcu[aá]l (?:es|fue|era|ser[aá]) (?:el porcentaje|la proporci[oó]n|la tasa|el [ií]ndice|la cuota)\b",
    re.IGNORECASE,
)
_MEASURE = re.compile(r"\b(?P<en>[a-z]+(?:-[a-z]+)?) rate\b|\b(?:tasa|índice|indice) de (?P<es>\w+)", re.IGNORECASE)
_FACTOR = re.compile(
    r"\bhow (?:much|many times) (?:more|less|higher|lower|likelier|greater|larger|faster)\b"
    r"|\bcu[aá]nto m[aá]s\b|\bcu[aá]ntas veces\b|\bcu[aá]nt[oa]s? (?:m[aá]s )?(?:probable|propens)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\bhow (?:many|much|long|often|far|fast|tall|old|big|large|high)\b|\bwhat (?:number|amount|sum|score|size)\b"
    r"|\bwhat (?:is|was|are|were) the (?:average|median|mean|typical|total)\b"
    r"|\bcu[aá]nt[oa]s?\b|\bqu[eé] (?:n[uú]mero|cantidad|puntuaci[oó]n|nota)\b"
    r"|\bcu[aá]l (?:es|fue|era) (?:el|la)(?: [^\W\d_]{1,30}){0,3} (?:medi[oa]|promedio|total)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\bhow much\b[^?]{0,60}\b(?:costs?|spen[dt]|pa(?:y|id)|invest(?:ed|s)?|earn(?:ed|s)?|charged?)\b"
    r"|\bwhat (?:is|was) the (?:price|cost|budget)\b"
    r"|\bcu[aá]nto\b[^?]{0,30}\b(?:cuestan?|cost[oó]|gast(?:a|an|[oó]|aron)|pag(?:a|an|[oó]|aron)|inv(?:ierte|ierten|irti[oó]|irtieron))\b"
    r"|\bcu[aá]nto dinero\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\bhow long\b|\bhow much time\b|\bcu[aá]nto tiempo\b|\bcu[aá]nto (?:dura|tarda)n?\b", re.IGNORECASE)
# Things that texts list, in the plural, English then Spanish; what stands in one row may be said for another.
_THINGS = (
    ("phases stages levels steps", "fases etapas niveles pasos estadios"),
    ("metrics indicators measures kpis", "métricas indicadores medidas kpi"),
    ("variables factors levers dimensions drivers", "variables factores palancas dimensiones"),
    ("ways approaches methods strategies", "formas maneras enfoques métodos estrategias vías"),
    ("types kinds categories families groups", "tipos clases categorías familias grupos"),
    ("pillars principles rules foundations", "pilares principios reglas bases"),
    ("trends", "tendencias"),
    ("channels", "canales"),
    ("reasons causes", "razones motivos causas"),
    ("benefits advantages", "beneficios ventajas"),
    ("practices habits tips recommendations keys", "prácticas hábitos consejos recomendaciones claves"),
    ("skills competencies disciplines capabilities", "habilidades competencias disciplinas capacidades"),
    ("questions", "preguntas"),
    ("elements components parts aspects areas", "elementos componentes partes aspectos áreas"),
    ("barriers challenges obstacles problems mistakes errors", "barreras retos obstáculos desafíos problemas errores"),
    ("roles functions people", "roles papeles funciones"),
    ("tools technologies", "herramientas tecnologías"),
    ("properties traits characteristics", "propiedades rasgos características"),
    ("signs signals", "señales signos"),
    ("conditions requirements", "condiciones requisitos"),
    ("verbs actions activities", "verbos acciones actividades"),
    ("examples cases", "ejemplos casos"),
    ("goals objectives", "metas objetivos"),
)
_THING = "|".join(sorted({word for row in _THINGS for words in row for word in words.split()}, key=len, reverse=True))
_LIST = re.compile(
    rf"\b(?:what|which)(?: are)?(?: the)?(?: [\w-]+){{0,3}} (?P<en>{_THING})\b"
    rf"|\b(?:qu[eé]|cu[aá]les son)(?: l[oa]s)?(?: \w+){{0,2}} (?P<es>{_THING})\b",
    re.IGNORECASE,
)
_PURPOSES = (
    (
        Purpose.REASON,
        re.compile(r"\bwhy\b|\bpor qu[eé]\b|\bwhat (?:makes|causes)\b|\bfor what reason\b", re.IGNORECASE),
    ),
    (
        Purpose.DEFINITION,
        re.compile(
            r"^\W*what (?:is|are) (?:meant by\b|an? |the \w+(?: \w+)?\?|\w+(?: \w+)?\?)"
            r"|\bwhat does [\w\s’'-]{1,80} (?:mean|measure|stand for)\b|\bwhat does it (?:really )?mean\b"
            r"|\bqu[eé] (?:es|son|significan?|se entiende por|quiere decir|mide)\b|\ben qu[eé] consisten?\b"
            r"|\bdefin(?:e|ition|ici[oó]n)\b|\bcharacteri[sz]es?\b|\bcaracteriza\b",
            re.IGNORECASE,
        ),
    ),
    (Purpose.YEAR, re.compile(r"\b(?:in )?(?:what|which) year\b|\b(?:en )?qu[eé] año\b", re.IGNORECASE)),
    (Purpose.PERSON, re.compile(r"^\W*(?:who(?:se|m)?|(?:a |de |por )?qui[eé]n(?:es)?)\b", re.IGNORECASE)),
)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
# A capital inside a sentence, a word with two capitals, or one with a digit: names, acronyms, products.
_PART = r"(?:[A-ZÁÉÍÓÚÜÑ][\w&.'’-]{0,40}[\w]|[a-z]{1,3}[A-Z]\w{1,40})"
_NAME = re.compile(rf"{_PART}(?: {_PART}){{0,5}}")
_POSSESSIVE = re.compile(r"['’]s\b")
_BEYOND = re.compile(
    r"\b(?i:besides|apart from|other than|in addition to|adem[aá]s del?|aparte del?|fuera del?|distint[oa]s? del?)"
    rf"\s+(?P<names>{_NAME.pattern}(?:(?:,| and| y| o| or){{1,2}} {_NAME.pattern}){{0,5}})"
)
_OPENERS = re.compile(
    r"^\W*(?:what|which|how|who|when|where|why|in|of|for|is|are|do|does|did|can|name|list|according|the|a|on|by|at|"
    r"qu[eé]|cu[aá]l|cu[aá]les|c[oó]mo|qui[eé]n|qui[eé]nes|cu[aá]ndo|d[oó]nde|por|para|en|seg[uú]n|de|el|la|los|las|"
    r"cu[aá]nto|cu[aá]nta|cu[aá]ntos|cu[aá]ntas|con|a|es|son|existe|hay)\b",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(r"\b(?:how many|cu[aá]nt[oa]s)\s+(?P<word>[^\W\d_]{3,40})\b(?!\s+(?:of|de)\b)", re.IGNORECASE)
# Each of these has synonyms in its own language, so that its absence says nothing.
_SAID_ANYHOW = (
    "people persons respondents participants customers clients consumers shoppers buyers users companies firms "
    "businesses brands organisations organizations employees workers agents staff times more different new other "
    "personas encuestados participantes clientes consumidores compradores usuarios empresas compañías marcas "
    "organizaciones empleados trabajadores agentes veces más diferentes nuevos nuevas otros otras"
)
_COUNTED_ANYHOW = frozenset(_SAID_ANYHOW.split())
_DIGITS = re.compile(r"(?<![\w.,])\d{1,12}(?:[.,\u00a0\u2009\u202f]\d{1,12}){0,6}(?![\w])")
_STATED = re.compile(
    rf"(?P<number>{_DIGITS.pattern})\s?(?:%|percent\b|per cent\b|por ciento\b|percentage points?\b|puntos\b|points\b"
    r"|times\b|veces\b|million\b|millones\b|billion\b|billones\b)",
    re.IGNORECASE,
)
_COUNTS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
}  # fmt: skip


def read_question(text: str) -> QuestionReading:
    """What the question asks for.

    >>> read_question("¿Qué porcentaje de empresas usa WhatsApp en 2022?").names
    ('WhatsApp',)
    >>> read_question("Which three phases are there?").things[:2]
    ('phases', 'stages')
    """
    text = unicodedata.normalize("NFC", text)
    purpose = next((purpose for purpose, pattern in _PURPOSES if pattern.search(text)), Purpose.PLAIN)
    # "Who … and how many?", "why … a rate?": words answer these, with figures or without.
    wanted = _wanted(text) if purpose in (Purpose.PLAIN, Purpose.YEAR) else Wanted.TEXT
    counts = [_COUNTS[word] for word in re.findall(r"\w+", text.casefold()) if word in _COUNTS]
    names = _names(text)
    beyond = _BEYOND.search(text)
    return QuestionReading(
        wanted,
        names,
        tuple(dict.fromkeys(int(year) for year in _YEAR.findall(text))),
        counts[0] if wanted is Wanted.LIST and counts else None,
        purpose,
        _things(text) if wanted is Wanted.LIST else (),
        tuple(name for name in names if beyond and name in beyond["names"]),
        _measure(text) if wanted is Wanted.SHARE else None,
        tuple(dict.fromkeys(plain_number(match["number"]) for match in _STATED.finditer(text))),
        _counted(text) if wanted is Wanted.NUMBER else None,
    )


def numbers_in(text: str) -> frozenset[str]:
    """The numbers in digits of a text, as ``plain_number`` writes them."""
    return frozenset(plain_number(number) for number in _DIGITS.findall(text))


def plain_number(written: str) -> str:
    """A number in digits without group marks and with a decimal point, however it is written.

    >>> plain_number("1.234.567"), plain_number("4,5"), plain_number("5 500")
    ('1234567', '4.5', '5500')
    """
    number = re.sub(r"\s", "", written)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3}){1,6}", number):
        return re.sub(r"[.,]", "", number)
    return number.replace(",", ".")


def _wanted(text: str) -> Wanted:
    for pattern, wanted in (
        (_FACTOR, Wanted.FACTOR),
        (_SHARE, Wanted.SHARE),
        (_MONEY, Wanted.MONEY),
        (_TIME, Wanted.TIME),
        (_NUMBER, Wanted.NUMBER),
        (_LIST, Wanted.LIST),
    ):
        if pattern.search(text):
            return wanted
    return Wanted.TEXT


def _measure(text: str) -> str | None:
    match = _MEASURE.search(text)
    said = (match["en"] or match["es"]).casefold() if match else None
    return None if said in ("the", "what", "which", "a") else said


def _counted(text: str) -> str | None:
    """The word after "how many", unless it is said in too many ways to be looked for."""
    match = _HOW_MANY.search(text)
    said = match["word"].casefold() if match else None
    return None if said in _COUNTED_ANYHOW else said


def _things(text: str) -> tuple[str, ...]:
    """What the listed things may be called: the words of the first row that has the question's word."""
    match = _LIST.search(text)
    said = (match["en"] or match["es"]).casefold() if match else ""
    for row in _THINGS:
        words = tuple(" ".join(row).split())
        if said in words:
            return words
    return ()


def _names(text: str) -> tuple[str, ...]:
    """Names as written; capitals that follow one another are one name."""
    opener = _OPENERS.match(text)
    rest = " " * opener.end() + text[opener.end() :] if opener else text
    return tuple(dict.fromkeys(_POSSESSIVE.sub("", match[0]).rstrip(".'’-") for match in _NAME.finditer(rest)))
