"""Numbers of the page and of things' names: reading times, counters, notes, laws, flights, brands, "top 100".

Each public function is one rule from a quantity in its sentence to a reason, or null.
"""

from __future__ import annotations

from itertools import pairwise

from ingest.figures.lines import Line, Quantity
from ingest.figures.nouns import MEASURED_NOUNS, METRIC_NAMES, REGION_CODES
from ingest.figures.scan import Token, lower_at, word_set
from ingest.figures.settings import Setting
from kb.statistic import Comparator, Kind

_READING = word_set("lectura read reading")
# Words of the lines under a headline that count what readers did; a line of nothing else is furniture.
_COUNTERS = word_set(
    "visitas visita comentarios comentario vistas lecturas descargas descarga compartidos compartido compartidas veces "
    "reacciones likes like comments comment views view shares share shared downloads download reads read min mins "
    "minutos minutes posted publicado hace ago horas hours días days me gusta times by reactions claps retweets "
    "on el de lectura updated actualizado"
)
_COURSES = word_set(
    "curso taller formación prueba garantía contrato programa sesión webinar jornada seminario suscripción máster "
    "periodo período permanencia"
)
_TEAMS = word_set("team equipo group grupo groups grupos teams equipos")
_THESE = word_set("those these esos esas estos estas dichos dichas aquellos aquellas")
_LAWS = word_set(
    "law laws ley decree decreto directive directiva regulation reglamento resolución resolution form formulario "
    "clause cláusula cap slide diapositiva diapositivas extension extensión ext anexo interno norm norma"
)
_RANKED = word_set("mejores principales primeras primeros mayores")
_OPENING = ("horario", "abrimos", "abiert", "abre", "lunes", "viernes", "sábado", "domingo", "open", "monday", "friday")
_MIND = (("in", "mind"), ("en", "mente"))
_AGE_LEADS = word_set("under over above below")
_AGED = word_set(
    "those people adults consumers customers shoppers users women men respondents anyone everyone employees workers "
    "americans buyers guests members millennials readers viewers children kids patients voters and or"
)
_AGED_ES = word_set("mayores menores")


def page_furniture(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "Tiempo de lectura: 7 minutos", "3.456 visitas · 12 comentarios"; the mark of a note glued to a word."""
    tokens = line.tokens
    if _is_opening_time(tokens, found):
        return "time_of_day"
    if found.kind is Kind.DURATION:
        near = {lower_at(tokens, found.first - step) for step in (1, 2, 3)} | {lower_at(tokens, found.stop)}
        if lower_at(tokens, found.first - 1) == "de" and lower_at(tokens, found.first - 2) in _COURSES:
            return None if setting.average else "time_window"
        return "reading_time" if _READING & near and not (setting.average or setting.reported) else None
    if found.kind is not Kind.COUNT or found.form != "digits":
        return None
    if found.plain and _is_note_mark(tokens, found.first):
        return "note_mark"
    return "page_counter" if len(tokens) <= 16 and _all_counters(tokens) else None


def _is_opening_time(tokens: list[Token], found: Quantity) -> bool:
    """ "de lunes a viernes de 8 a 20 horas": when a place is open."""
    if found.kind is not Kind.DURATION or found.unit != "hours" or found.high is None or not found.plain:
        return False
    if found.high > 24 or lower_at(tokens, found.first - 1) not in ("de", "from"):
        return False
    near = tokens[max(0, found.first - 9) : found.first - 1]
    return any(token.lower.startswith(_OPENING) for token in near)


def _is_note_mark(tokens: list[Token], place: int) -> bool:
    """ "argues,12 emotions", "customers.3 Trust": digits glued to a sign that is glued to a word."""
    if place < 2 or not tokens[place].glued or len(tokens[place].text) > 3:
        return False
    sign, before = tokens[place - 1], tokens[place - 2]
    return sign.text in ".,;:!?”»" and sign.glued and before.kind == "w" and len(before.text) > 2


def _all_counters(tokens: list[Token]) -> bool:
    return all(token.kind != "w" or token.lower in _COUNTERS for token in tokens)


def pointed_at(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "between those two points", "with twelve people in mind": a number that only points at what was named."""
    if comparator is not Comparator.EXACT:
        return None
    if _is_crew(line, found) and not (setting.reported or setting.average):
        return "small_count"
    if found.form != "words":
        return None
    if found.value == 1_000_000 and _is_proverbial(line, found):
        return "idiom"
    if found.kind not in (Kind.COUNT, Kind.SCORE):
        return None
    if lower_at(line.tokens, found.first - 1) in _THESE:
        return "small_count"
    after = [lower_at(line.tokens, found.stop + step) for step in range(5)]
    return "idiom" if any(pair in _MIND for pair in pairwise(after)) else None


def _is_crew(line: Line, found: Quantity) -> bool:
    """ "the team of 25", "en grupos de 15": how many work together."""
    of, crew = lower_at(line.tokens, found.first - 1), lower_at(line.tokens, found.first - 2)
    small = found.kind is Kind.COUNT and found.value is not None and found.value <= 100
    return small and of in ("of", "de") and crew in _TEAMS


def _is_proverbial(line: Line, found: Quantity) -> bool:
    """ "a million-dollar question", "la pregunta del millón de dólares"."""
    tokens = line.tokens
    spoken = [lower_at(tokens, found.first - step) for step in (1, 2)]
    return lower_at(tokens, found.stop) == "-" or "pregunta" in spoken


def named_number(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "Law 142", "flight IB 6845", "3M", "the top 100 brands", "las 100 mejores empresas"."""
    if found.kind is not Kind.COUNT or found.form != "digits":
        return None
    tokens = line.tokens
    before, after = lower_at(tokens, found.first - 1), lower_at(tokens, found.stop)
    if _is_brand(tokens, found, after):
        return "name_or_code"
    if not found.plain or comparator is not Comparator.EXACT:
        return None
    if before in _LAWS or (before == "." and lower_at(tokens, found.first - 2) == "ext"):
        return "part_or_section_number"
    if before == "el" and found.high is None and after not in ("de", "del"):
        return "name_or_code"  # "el 112 recibió"
    if (before == "top" and (found.value or 0) > 10) or (after in _RANKED and before in ("las", "los")):
        return "list_count"
    if (
        before in ("a", "an", "un")
        and after != "-"
        and len(tokens[found.first].text) >= 3
        and after not in MEASURED_NOUNS
    ):
        return "name_or_code"  # "passengers on a 737"
    if found.first and after not in MEASURED_NOUNS and _is_code(tokens[found.first - 1]):
        return "name_or_code"
    return None


def _is_brand(tokens: list[Token], found: Quantity, after: str) -> bool:
    """3M, and 15M where it counts nothing."""
    letter = tokens[found.bare - 1]
    short = letter.text == "M" and letter.glued and tokens[found.first].text.isdigit() and found.unit is None
    return short and found.value in (3_000_000, 11_000_000, 15_000_000) and after not in MEASURED_NOUNS


def _is_code(token: Token) -> bool:
    """ "IB", "DL", "SAP": capitals that are neither a country nor a metric."""
    text = token.text
    return (
        token.kind == "w"
        and 2 <= len(text) <= 5
        and text.isupper()
        and token.lower not in METRIC_NAMES
        and text not in REGION_CODES
    )


def age_limit(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "those under 35", "los mayores de 65": an age without its years."""
    if found.kind is not Kind.COUNT or not found.plain or found.value is None or not 12 <= found.value <= 95:
        return None
    tokens = line.tokens
    after = lower_at(tokens, found.stop)
    if after in MEASURED_NOUNS:
        return None
    near = [lower_at(tokens, found.first - step) for step in (1, 2, 3)]
    if near[0] in _AGE_LEADS and near[1] in _AGED:
        return "segment_definition"
    if near[0] == "de" and near[1] in _AGED_ES and near[2] in ("los", "las", "entre", "para", "clientes", "personas"):
        return "segment_definition"
    return None
