"""The things a question asks for: which list, what is counted, which rate, which kind of thing ("Which software …?").

Owns the words of both languages for them. Knows no names, no passages.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from index.search.lexical import content_words, folded, words_of

# A capital inside a sentence, a word with two capitals, or one with a digit: names, acronyms, products.
_HOST = r"(?<![\w-])[\w-]{2,40}\.(?:com|org|net|gov|es|mx|cl|co|ar|pe|uk)\b"
_PART = rf"(?:{_HOST}|[A-ZÁÉÍÓÚÜÑ][\w&.'’-]{{0,40}}[\w]|[a-z]{{1,3}}[A-Z]\w{{1,40}})"
_NAME = re.compile(rf"{_PART}(?: {_PART}){{0,5}}")
# A capital after a word in small letters: neither a sentence nor a title in capitals begins there.
_LARGE = re.compile(r"(?<=[a-záéíóúüñ,] )[A-ZÁÉÍÓÚÜÑ][\w&]{1,40}")
# One capital may be that of a title ("a report by Customer Think"); two, or one inside the word, are a name's.
_SURE = 2
_SMALL = re.compile(r"\b[a-záéíóúüñ]{2,40}\b")
_POSSESSIVE = re.compile(r"['’]s\b")
_BEYOND = re.compile(
    r"\b(?:besides|apart from|other than|in addition to|ademas del?|aparte del?|fuera del?|distint[oa]s? del?)"
    r"\s+(?P<rest>.+)"
)
_AND = re.compile(r"(?:,| and| y| o| or)+ ")
# What questions and requests open with; its capital makes it no name.
_OPENERS = re.compile(
    r"^\W*+(?:what|which|how|who|whose|whom|when|where|why|in|of|for|from|to|with|is|are|was|were|do|does|did|has|have|"
    r"had|can|could|should|would|will|may|must|name|list|tell|give|show|explain|describe|define|summari[sz]e|compare|"
    r"according|the|a|an|on|by|at|i|we|my|our|if|so|and|"
    r"qu[eé]|cu[aá]l|cu[aá]les|c[oó]mo|qui[eé]n|qui[eé]nes|cu[aá]ndo|d[oó]nde|por|para|en|seg[uú]n|de|del|el|la|los|las|"
    r"cu[aá]nto|cu[aá]nta|cu[aá]ntos|cu[aá]ntas|cada|con|a|al|es|son|fue|era|est[aá]|est[aá]n|existen?|hay|tienen?|"
    r"pueden?|deben?|debo|puedo|sirven?|conviene|merece|vale|hace|hacen|funcionan?|y|o|si|se|un|una|lo|"
    r"expl[ií]ca(?:me|nos)?|dime|dame|cu[eé]ntame|h[aá]blame|describe|enumera|define|resume|compara|lista)\b",
    re.IGNORECASE,
)


def names_of(text: str) -> tuple[str, ...]:
    """Names as written; capitals that follow one another are one name."""
    opener = _OPENERS.match(text)
    rest = " " * opener.end() + text[opener.end() :] if opener else text
    return tuple(dict.fromkeys(_POSSESSIVE.sub("", match[0]).rstrip(".'’-") for match in _NAME.finditer(rest)))


def set_aside(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of the names that the question does not want to hear of."""
    beyond = _BEYOND.search(folded(text))
    rest, found = beyond["rest"] if beyond else "", []
    while name := next((name for name in names if rest.startswith(folded(name))), None):
        found.append(name)
        rest = _AND.sub("", rest[len(name) :], count=1)
    return tuple(found)


def names_written(question: str, names: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """The names of a question as the texts found for it tell them: without those that these write in small letters as
    often as not, and with the words that they write with a capital alone, as they are written there.

    >>> names_written("share of Banks on whatsapp", ("Banks",), ["Most banks use WhatsApp.", "Two banks."])
    ('WhatsApp',)
    """
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for text in texts:
        for word, count in _small(text).items():
            small[word] += count
        for word in _large(text):
            large[folded(word)] += 1
            spelt.setdefault(folded(word), word)
    kept = [name for name in names if not all(small[word] >= max(large[word], 1) for word in words_of(name))]
    taken = {word for name in names for word in words_of(name)}
    surely = {word for word, spelling in spelt.items() if large[word] >= _SURE or not spelling[1:].islower()}
    telling = {word for word in content_words(question) if word in surely and word not in taken and not small[word]}
    words = words_of(question)
    told = [list(run) for is_name, run in groupby(words, telling.__contains__) if is_name]
    return tuple(dict.fromkeys([*kept, *(" ".join(spelt[word] for word in run) for run in told)]))


# The same passages are found for question after question.
@lru_cache(maxsize=4096)
def _small(text: str) -> Counter[str]:
    return Counter(folded(word) for word in _SMALL.findall(text))


@lru_cache(maxsize=4096)
def _large(text: str) -> tuple[str, ...]:
    return tuple(_LARGE.findall(text))


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
