"""The things a question asks for: which list, what is counted, which rate, which kind of thing ("Which software …?").

Owns the words of both languages for them. Knows no names, no passages.
"""

from __future__ import annotations

import re

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
_MEASURE = re.compile(r"\b(?P<en>[a-z]+(?:-[a-z]+)?) rate\b|\b(?:tasa|índice|indice) de (?P<es>\w+)", re.IGNORECASE)
_HOW_MANY = re.compile(r"\b(?:how many|cu[aá]nt[oa]s)\s+(?P<word>[^\W\d_]{3,40})\b(?!\s+(?:of|de)\b)", re.IGNORECASE)
# "Which software did …", "which chatbot platform is …", "qué universidad ofrece …": the noun after the question
# word. An article after it would make it a verb ("What marks the …", "¿Qué opinan los …?"), and so would "of" or "to"
# after "what" ("What came of …"), in Spanish a name too.
_ASKED = re.compile(
    r"\b(?i:which|what(?! [^\W\d_]{3,40} (?:of|to|with|when|after|if)\b)) (?P<a>[^\W\d_]{3,40})\b"
    r"(?! (?:the|an?|this|these|that|my|your|our)\b)"
    r"(?: (?P<b>[^\W\d_]{3,40}))?\b"
    r"|(?:^\W{0,3}[Qq]u[eé]|(?<!\b[Pp]or )\b[Qq]ué) (?P<c>[^\W\d_]{3,40})\b(?= [^\W\d_]{2,40})"
    r"(?! (?:el|la|los|las|lo|un|una|unos|unas|se|de|del|al?|en|con|para|por|que|[A-ZÁÉÍÓÚÑ]))",
)
# "What is the population of …", "who is the chief executive of …", "cuál es el salario medio de …".
_ATTRIBUTE = re.compile(
    r"\b(?:what|who) (?:is|was|are|were) the (?P<a>[^\W\d_]{3,40})(?: (?P<b>[^\W\d_]{3,40}))? (?:of|for)\b"
    r"|\b(?:cu[aá]l|qui[eé]n) (?:es|fue|era) (?:el|la) (?P<c>[^\W\d_]{3,40})(?: (?P<d>[^\W\d_]{3,40}))? del?\b",
    re.IGNORECASE,
)
# Each of these has synonyms in its own language, so that its absence says nothing.
_SAID_ANYHOW = (
    "people persons respondents participants customers clients consumers shoppers buyers users companies firms "
    "businesses brands organisations organizations employees workers agents staff times more different new other "
    "personas encuestados participantes clientes consumidores compradores usuarios empresas compañías marcas "
    "organizaciones empleados trabajadores agentes veces más diferentes nuevos nuevas otros otras"
)
_COUNTED_ANYHOW = frozenset(_SAID_ANYHOW.split())
# Nouns that say what kind of answer is wanted, and verbs that stand where such a noun would.
_KINDS_OF_ANSWER = (
    "order medium media medio único orden does did are was were has have had can could should would will may must "
    "the this that these those share percentage percent proportion fraction part rate number amount score size "
    "average year month day date time kind sort type way thing things reason effect effects impact link relation "
    "relationship difference differences role point purpose meaning advice lesson lessons result results conclusion "
    "finding findings evidence example problem main most best happens makes causes helps works counts matters comes "
    "goes stands explains other else exactly actions porcentaje proporcion proporción parte tanto fraccion fracción "
    "cuota tasa numero número cantidad puntuacion puntuación nota año mes dia día fecha hora tiempo tipo manera "
    "forma modo cosa cosas razon razón motivo efecto efectos impacto relacion relación vinculo vínculo diferencia "
    "diferencias papel sentido finalidad consejo leccion lección resultado conclusión evidencia ejemplo problema "
    "otra otro otras otros tan mas más hace hacen hacer hay tiene tienen debe deben puede pueden pasa ocurre sucede "
    "significa significan mide miden dice dicen opina opinan piensan aporta ofrece gana cuesta cambia falta sirve "
    "necesita necesitan quiere quieren son fue era"
)
_NOT_ASKED = frozenset(_KINDS_OF_ANSWER.split()) | {word for row in _THINGS for words in row for word in words.split()}
_COUNTS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
}  # fmt: skip
# "rungs of the ladder", "nine phases of maturity": several of something, in keywords.
_KEYWORD_LIST = re.compile(
    rf"^\W*(?:the |los |las )?(?:(?:{'|'.join(_COUNTS)}|\d{{1,2}}) )?"
    r"(?P<thing>[^\W\d_]{3,40}s) (?:of|for|to|de|del|para)\b",
    re.IGNORECASE,
)
# "the 9 phases": a number in digits before what is listed.
_IN_DIGITS = re.compile(rf"(?<![\w.,%])(\d{{1,2}}) (?:[\w-]+ )?(?:{_THING})\b", re.IGNORECASE)


def asks_for_list(text: str) -> bool:
    """Whether the question asks for several of something that texts list."""
    return _LIST.search(text) is not None or _KEYWORD_LIST.match(text) is not None


def things_of(text: str) -> tuple[str, ...]:
    """What the listed things may be called: the words of the first row that has the question's word."""
    match, keyword = _LIST.search(text), _KEYWORD_LIST.match(text)
    said = ((match["en"] or match["es"]) if match else keyword["thing"] if keyword else "").casefold()
    for row in _THINGS:
        words = tuple(" ".join(row).split())
        if said in words:
            return words
    return (said,) if said else ()


def measure_of(text: str) -> str | None:
    """The word beside a rate: "response" of "response rate", "respuesta" of "tasa de respuesta"."""
    match = _MEASURE.search(text)
    said = (match["en"] or match["es"]).casefold() if match else None
    return None if said in ("the", "what", "which", "a") else said


def counted_of(text: str) -> str | None:
    """The word after "how many", unless it is said in too many ways to be looked for."""
    match = _HOW_MANY.search(text)
    said = match["word"].casefold() if match else None
    return None if said in _COUNTED_ANYHOW else said


def asked_of(text: str) -> tuple[str, ...]:
    """The words for the thing that is asked for ("population", "chatbot platform"), in small letters; empty where the
    question asks for text, or for what texts call in many ways."""
    match = _ATTRIBUTE.search(text) or _ASKED.search(text)
    words = [word.casefold() for word in match.groups() if word] if match else []
    said = [word for word in words if word not in _NOT_ASKED and word not in _COUNTS]
    return tuple(said) if said and words[0] == said[0] else ()


def count_of(text: str) -> int | None:
    """How many things a list should have: the first number in words that stands in the question, or one in digits
    before what is listed."""
    digits = _IN_DIGITS.search(text)
    in_words = (_COUNTS[word] for word in re.findall(r"\w+", text.casefold()) if word in _COUNTS)
    return int(digits[1]) if digits else next(in_words, None)
