"""Names as they stand in a sentence: runs of capitalised words, cleaned of articles, years and ordinary words.

Knows which capitalised words are no names. Knows nothing of figures or studies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.figures.nouns import MONTHS
from ingest.figures.scan import Token, lower_at, word_set

# Never begin or end a name.
_FUNCTION = word_set(
    "the a an this that these those our their its his her in on at as for with from by to of and or but if when "
    "while more most many some all only nearly almost about around over half according also however meanwhile it "
    "he she we they you i what how why another other each every both such there here now then yet despite since "
    "because el la los las un una unos unas este esta estos estas ese esa su sus nuestro nuestra según de del en "
    "con por para y o pero si cuando mientras más menos todos todas sólo solo casi cerca además asimismo también "
    "así aunque hoy entre durante desde hasta tras ante esto eso lo al se no ya es son fue han ha hay cada otro "
    "otra otros otras dicho firm analyst latest recent new annual firma consultora empresa compañía sin sobre "
    "como nuestros nuestras additionally furthermore finally indeed overall moreover importantly similarly "
    "likewise source fuente ver see respecto actualmente gracias basado basada roughly approximately although "
    "though"
)
# May stand in a name, but are none by themselves.
_GENERIC = word_set(
    "customers consumers companies people brands organizations organisations businesses employees marketers "
    "leaders retailers shoppers users respondents participants study studies survey surveys report reports "
    "research data results findings analysts experts researchers today customer experience digital global state "
    "years year same one two three four five six seven eight nine ten first second third cx nps csat ces ai roi "
    "kpi kpis buyers millennials americans american agents executives managers in-depth clientes consumidores "
    "empresas personas marcas organizaciones compañías empleados usuarios estudio estudios encuesta encuestas "
    "informe informes investigación datos resultados analistas expertos experiencia cliente internet covid b2b "
    "b2c ceo cmo cio cfo crm saas usa eua ee eeuu uu us uk latam américa latina europa estados unidos españa "
    "méxico chile colombia argentina brasil perú ecuador uruguay venezuela united states europe america spain "
    "mexico monday tuesday thursday friday lunes martes jueves viernes figure tabla gráfico note nota photo foto "
    "image part parte instagram facebook twitter whatsapp tiktok youtube seo it ti rrss pyme pymes me net "
    "promoter score effort satisfaction voz voice total online reporte análisis analysis conclusion conclusión "
    "mis mi tu tus donde dónde qué quién cómo sí service servicio ia ml ux ex api pr germany france italy china "
    "india japan singapore canada australia england ireland brazil alemania francia italia portugal japón "
    "singapur canadá reino unido bolivia guatemala panamá paraguay cuba norteamérica latinoamérica "
    "latinoamericano hispanoamérica asia áfrica africa north south norte sur consultoría argentino spain's black "
    "index índice rating ratings annual anual "
    "navidad christmas english spanish español inglés internet web expertos avanzados principiantes"
)
_CODE = re.compile(r"[BC]2[BCGE]|I[AT]|TI|U\.?S\.?A?\.?|U\.?K\.?|EE")
_LINKS = word_set("& of de del y and e for + the la los las el")
_WIDE_LINKS = _LINKS | {"en", "con", "para", "in", "on", "a", "al"}
# Words that only the names of organisations hold.
_BODIES = word_set(
    "association institute university council federation bank commission agency office ministry department bureau "
    "society foundation center centre chamber union observatory authority school college committee research group "
    "consulting consultants partners analytics insights labs technologies software systems solutions media company "
    "corporation corp inc ltd llc digital marketing services network forum alliance board consultores asociación "
    "instituto universidad consejo federación banco comisión agencia oficina ministerio departamento sociedad "
    "fundación centro cámara unión observatorio autoridad escuela colegio comité grupo confederación organización "
    "organization organisation red superintendencia secretaría servicio dirección tribunal patronato"
)
_STUDY_WORDS = word_set(
    "survey study report research index poll encuesta estudio informe reporte barómetro barometer review análisis"
)
_WORDS = re.compile(r"\w+")
_NO_NAMES = frozenset(["the", "and", "del", "los", "las", "for", "group", "inc"])
_OPENING_SIGNS = "“\"«(¿¡‘–—-•*:'[●"


@dataclass(frozen=True, slots=True)
class Name:
    """A name at tokens ``first`` to ``stop``; ``study`` when it ends like a study ("… Report 2017")."""

    first: int
    stop: int
    text: str
    study: bool = False
    year: int | None = None


def is_organisation(name: str) -> bool:
    """Whether a word of the name is one that only organisations bear ("Bank of Spain", "Adobe Analytics")."""
    return "&" in name or not _BODIES.isdisjoint(name.lower().split())


def find_names(tokens: list[Token], text: str, ordinary: frozenset[str]) -> list[Name]:
    """The names of a sentence in order; ``ordinary`` are words the document also writes in lower case."""
    names: list[Name] = []
    index = 0
    while index < len(tokens):
        if not _capital(tokens[index]) and not _digit_led(tokens, index):
            index += 1
            continue
        stop = _to_abbreviation(tokens, index, _run_end(tokens, index))
        name = _clean(tokens, index, stop, text, ordinary)
        if name is not None:
            names.append(name)
        index = stop
    return names


def _digit_led(tokens: list[Token], index: int) -> bool:
    """3Cinteractive, 3M, 451 Research: digits that open a name."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return tokens[index].kind == "n" and following is not None and following.glued and _capital(following)


def _capital(token: Token) -> bool:
    return token.kind == "w" and token.text != token.lower


def _run_end(tokens: list[Token], index: int) -> int:
    """The token after the run of capitalised words that starts here (at most 14 tokens)."""
    stop = index + 1
    while stop < len(tokens) and stop - index < 14:
        step = _step(tokens, stop)
        owned = _yearlike(tokens[stop - 1].text) and tokens[stop].lower in ("de", "del", "by")
        if not step or owned or tokens[stop - 1].lower.endswith(("'s", "’s")):  # "Salesforce's 2020 State of Service"
            break
        stop += step
    return stop


def _to_abbreviation(tokens: list[Token], first: int, stop: int) -> int:
    """The end of a body's name whose abbreviation follows in brackets: "… de Expertos en la Relación con Clientes (…)".

    Between them stand capitalised words and what links them; else ``stop``.
    """
    if lower_at(tokens, stop) not in _WIDE_LINKS or not any(token.lower in _BODIES for token in tokens[first:stop]):
        return stop
    place = stop
    while place < min(len(tokens), first + 18) and (_capital(tokens[place]) or tokens[place].lower in _WIDE_LINKS):
        place += 1
    return place if lower_at(tokens, place) == "(" and _is_short(tokens, place + 1) else stop


def _is_short(tokens: list[Token], place: int) -> bool:
    """Whether an abbreviation in brackets stands here."""
    if lower_at(tokens, place + 1) != ")":
        return False
    return tokens[place].text[:1].isupper() and 2 <= len(tokens[place].text) <= 10


def _step(tokens: list[Token], stop: int) -> int:
    """How many tokens continue the name here: a capitalised word, glued signs, or links before one."""
    token = tokens[stop]
    if _capital(token) or (token.kind == "n" and (token.glued or _yearlike(token.text))):
        return 1
    following = tokens[stop + 1] if stop + 1 < len(tokens) else None
    if token.kind == "p":
        joined = token.glued and following is not None and following.glued and following.kind in "wn"
        amp = token.text == "&" and following is not None and _capital(following)
        return 1 if (joined and token.text in "-.&+’'/") or amp or _after_initials(tokens, stop) else 0
    if token.glued and token.kind == "w" and token.lower in ("s", "com", "net", "org"):
        return 1
    if token.lower not in _LINKS or following is None:
        return 0
    if _capital(following):
        return 1
    beyond = tokens[stop + 2] if stop + 2 < len(tokens) else None
    return 2 if following.lower in _LINKS and beyond is not None and _capital(beyond) else 0


def _after_initials(tokens: list[Token], place: int) -> bool:
    """Whether this full stop ends initials before a name: "J.D. Power", not "U.S. Companies"."""
    if tokens[place].text != "." or place < 3 or place + 1 >= len(tokens) or not _capital(tokens[place + 1]):
        return False
    first, dot, second = tokens[place - 3 : place]
    initials = dot.text == "." and dot.glued and second.glued and len(first.text) == len(second.text) == 1
    return initials and first.text + second.text not in ("US", "UK", "EE", "UU", "UE", "PM", "AM", "SA", "CV")


def _yearlike(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and "1990" <= text <= "2049"


def _clean(tokens: list[Token], first: int, stop: int, text: str, ordinary: frozenset[str]) -> Name | None:
    """The name without what only stands before or after it; null when only ordinary words are left."""
    year = next((int(token.text) for token in tokens[first:stop] if _yearlike(token.text)), None)
    while first < stop and (
        (tokens[first].kind != "w" and not _digit_led(tokens, first)) or _is_plain(tokens, first, stop, ordinary)
    ):
        first += 1
    while stop > first and (
        tokens[stop - 1].kind == "p" or _yearlike(tokens[stop - 1].text) or tokens[stop - 1].lower in _LINKS
    ):
        stop -= 1
    left = [token for token in tokens[first:stop] if token.kind == "w"]
    if all(token.lower in _GENERIC or token.lower in _FUNCTION or token.lower in MONTHS for token in left):
        return None
    raw = text[tokens[first].start : tokens[stop - 1].end] if first < stop else ""
    name = re.sub(r"['’][sS]$", "", raw).strip()
    if len(name) < 2 or all(_CODE.fullmatch(word) for word in name.split() if word not in ("y", "and", "e")):
        return None
    return Name(first, stop, name, tokens[stop - 1].lower in _STUDY_WORDS, year)


def _is_plain(tokens: list[Token], index: int, stop: int, ordinary: frozenset[str]) -> bool:
    """Whether the first word of a run is only capitalised because it opens the sentence, or is an ordinary word."""
    token = tokens[index]
    if token.kind == "n":
        return False
    if len(token.text) == 1 and stop - index > 3 and tokens[index + 1].text == "." and tokens[index + 2].glued:
        return False  # "A.T. Kearney"
    if token.lower in _FUNCTION or token.lower in MONTHS:
        return True
    opens = index == 0 or tokens[index - 1].text in _OPENING_SIGNS
    last = index + 1 >= stop or not _capital(tokens[index + 1])
    if token.lower in _GENERIC:
        return last or opens
    if token.text.isupper() and len(token.text) > 1:
        return False
    # "Marketing Tech News": a capital after it makes an ordinary opening word part of the name.
    return opens and last and token.lower in ordinary


def expansion(tokens: list[Token], name: Name) -> str | None:
    """The abbreviation that stands in brackets after the name: "Enterprise Strategy Group (ESG)"; or null."""
    if lower_at(tokens, name.stop) != "(" or lower_at(tokens, name.stop + 2) != ")":
        return None
    short = tokens[name.stop + 1].text
    return short if short.isupper() and 2 <= len(short) <= 8 else None


def same_name(first: str, second: str) -> bool:
    """Whether two source names share a whole telling word ("Zendesk y ESG", "Enterprise Strategy Group (ESG)")."""
    mine = {word for word in _WORDS.findall(first.lower()) if len(word) > 2} - _NO_NAMES
    return bool(mine & ({word for word in _WORDS.findall(second.lower()) if len(word) > 2} - _NO_NAMES))
