"""Who is said to have measured, in one sentence: names beside study nouns, "según", "found that".

Gives attributions with the study's year where it stands beside the name. What a document as a
whole says is put together elsewhere (``provenance``).
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.figures.orgs import Name, find_names
from ingest.figures.scan import Token, lower_at, tokenize, word_set

STUDY_NOUNS = word_set(
    "study studies survey surveys report reports research poll polls analysis whitepaper paper index findings data figures "
    "statistics researchers analysts investigation benchmark insights barometer stats review "
    "estudio estudios encuesta encuestas informe informes reporte reportes investigación investigaciones análisis datos "
    "cifras sondeo sondeos barómetro índice estadísticas analistas investigadores estimaciones previsiones resultados "
    "publicación expertos"
)
_LEADS = (
    ("según",),
    ("de", "acuerdo", "con"),
    ("de", "acuerdo", "a"),
    ("de", "acuerdo", "al"),
    ("fuente", ":"),
    ("basado", "en"),
    ("basada", "en"),
    ("based", "on"),
    ("according", "to"),
    ("as", "per"),
    ("source", ":"),
    ("per",),
    ("fuente",),
    ("con", "base", "en"),
    ("conforme", "a"),
    ("tal", "como", "señala"),
    ("como", "indica"),
    ("cited", "by"),
    ("citing",),
)
_LEAD_LAST = frozenset(lead[-1] for lead in _LEADS)
_BY = word_set("by from de del por of")
_MADE = word_set(
    "conducted published released commissioned carried performed run done produced compiled undertaken "
    "conducida conducido realizada realizado elaborada elaborado publicada publicado hecha hecho encargada encargado "
    "desarrollada desarrollado llevada llevado presentada presentado dirigida dirigido"
)
_FOUND = word_set(
    "found finds reports reported reveals revealed shows showed discovered discovers states stated estimates estimated predicts "
    "predicted notes noted suggests suggested concluded concludes indicates indicated claims claimed surveyed polled "
    "interviewed forecasts projects determined uncovered analyzed analysed highlights confirmed confirms identified "
    "calculated calculates reveló revela revelan revelaron encontró encuentra descubrió descubre mostró muestra muestran "
    "señala señaló señalan indica indicó indican estima estimó calcula calculó predice prevé concluyó concluye demostró "
    "demuestra reporta reportó apunta arroja arrojó entrevistó encuestó analizó destaca destacó sostiene confirma "
    "confirmó evidencia evidenció detalla determinó constató consultó identificó pronostica estiman calculan "
    "evaluated evaluó"
)
_MAKES = word_set(
    "conducted released published launched commissioned condujo realizó publicó lanzó presentó elaboró llevó hizo "
    "presenta publica lanza realiza unveiled announced anunció dio issued completed ran surveyed encargó"
)
_AUXILIARIES = word_set("has have also recently just ha han también recientemente que had was it's")
_ROLES = word_set(
    "director directora ceo gerente responsable presidente presidenta vicepresidente vp head chief manager analyst "
    "fundador fundadora founder strategist specialist líder coordinator coordinador coordinadora vice officer "
    "consultant consultor consultora analista lead president partner socio cofundador co-founder profesor professor author"
)
_SPEECH_STOPS = frozenset(";.!?")
_REACH = 8


@dataclass(frozen=True, slots=True)
class Attribution:
    """A source named in a sentence; ``strong`` when a study noun or "según" stands with it."""

    source: str
    study: str | None
    year: int | None
    strong: bool
    start: int


def read_attributions(text: str, ordinary: frozenset[str], tokens: list[Token] | None = None) -> list[Attribution]:
    """The attributions of one sentence in order of place; several names of one study are one, joined with " / "."""
    tokens = tokenize(text) if tokens is None else tokens
    found: list[Attribution] = []
    names = find_names(tokens, text, ordinary)
    for name in names:
        strong = (
            _led(tokens, name) or _of_study(tokens, name) or _before_study(tokens, name) or _makes_study(tokens, name)
        )
        if not strong and not _followed_by_finding(tokens, name):
            continue
        found.append(_attribute(tokens, name, names, strong))
    return _joined(found, tokens)


def _attribute(tokens: list[Token], name: Name, names: list[Name], strong: bool) -> Attribution:
    employer = _employer(tokens, name, names)
    study = name.text if name.study else _study_title(tokens, name, names)
    return Attribution(
        employer or name.text, study, name.year or _year_beside(tokens, name), strong, tokens[name.first].start
    )


def _led(tokens: list[Token], name: Name) -> bool:
    """ "according to (a recent report by) X", "según (datos de) X", "(Fuente: X"."""
    place = name.first - 1
    for _ in range(_REACH):
        if place < 0 or tokens[place].text in ",.;)!?":
            return False
        if tokens[place].lower in _LEAD_LAST and _lead_ends(tokens, place):
            return not (tokens[place].lower == "per" and place + 1 != name.first)
        place -= 1
    return False


def _lead_ends(tokens: list[Token], place: int) -> bool:
    return any(
        place - len(lead) + 1 >= 0
        and all(lower_at(tokens, place - len(lead) + 1 + step) == word for step, word in enumerate(lead))
        for lead in _LEADS
    )


def _of_study(tokens: list[Token], name: Name) -> bool:
    """ "un estudio (reciente) de (la empresa) X", "research conducted by X", "realizada por X"."""
    place, by = name.first - 1, False
    for _ in range(_REACH):
        if place < 0 or tokens[place].text in ",.;:!?":
            return False
        word = tokens[place].lower
        if word in _BY:
            by = True
        elif by and (word in STUDY_NOUNS or word in _MADE):
            return word in STUDY_NOUNS or lower_at(tokens, place + 1) in ("by", "por", "out", "a")
        place -= 1
    return False


def _before_study(tokens: list[Token], name: Name) -> bool:
    """ "Gartner study", "Salesforce's recent … report", "the Data IQ Report 2017"; "estudio OTRS Spotlight"."""
    if name.study or lower_at(tokens, name.first - 1) in ("estudio", "informe", "encuesta", "reporte", "barómetro"):
        return True
    place = name.stop
    for _ in range(5):
        word = lower_at(tokens, place)
        if word in STUDY_NOUNS:
            return True
        if not word or not (tokens[place].kind in "wn" or tokens[place].text in "’'-"):
            return False
        if word in _FOUND or word in (
            "that",
            "que",
            "is",
            "are",
            "and",
            "y",
            "de",
            "of",
            "to",
            "a",
            "es",
            "con",
            "with",
            "in",
            "en",
        ):
            return False
        place += 1
    return False


def _makes_study(tokens: list[Token], name: Name) -> bool:
    """ "Zendesk (NYSE: ZEN), empresa …, lanzó un estudio", "X conducted a survey"."""
    place = _verb_after(tokens, name, _MAKES)
    if place is None:
        return False
    return any(lower_at(tokens, place + step) in STUDY_NOUNS for step in range(1, 7))


def _followed_by_finding(tokens: list[Token], name: Name) -> bool:
    return _verb_after(tokens, name, _FOUND) is not None


def _verb_after(tokens: list[Token], name: Name, verbs: frozenset[str]) -> int | None:
    """The token of a verb right after the name, past a parenthesis, an apposition or an auxiliary; or null."""
    place = name.stop
    if lower_at(tokens, place) == "(":
        place = _after_sign(tokens, place, ")")
    if lower_at(tokens, place) == ",":
        if lower_at(tokens, place + 1) in verbs:
            return place + 1
        place = _after_sign(tokens, place + 1, ",")
    while lower_at(tokens, place) in _AUXILIARIES:
        place += 1
    return place if lower_at(tokens, place) in verbs else None


def _after_sign(tokens: list[Token], place: int, sign: str) -> int:
    for step in range(1, 24):
        if lower_at(tokens, place + step) == sign:
            return place + step + 1
        if lower_at(tokens, place + step) in _SPEECH_STOPS:
            break
    return place


def _employer(tokens: list[Token], name: Name, names: list[Name]) -> str | None:
    """The organisation of a person: "según Ana Ruiz, directora de Acme" gives Acme; null when no role follows."""
    if lower_at(tokens, name.stop) not in (",", "("):
        return None
    window = range(name.stop + 1, min(name.stop + 16, len(tokens)))
    if not any(tokens[place].lower in _ROLES for place in list(window)[:8]):
        return None
    for other in names:
        if other.first in window and lower_at(tokens, other.first - 1) in (
            "of",
            "at",
            "for",
            "de",
            "en",
            "del",
            "from",
        ):
            return other.text
    return None


def _study_title(tokens: list[Token], name: Name, names: list[Name]) -> str | None:
    """The title of the study beside its organisation ("Salesforce's State of Service report"), or null."""
    for other in names:
        near = 0 <= other.first - name.stop <= 3
        if near and (other.study or lower_at(tokens, other.stop) in STUDY_NOUNS):
            return other.text
    return None


def _year_beside(tokens: list[Token], name: Name) -> int | None:
    """The year within four tokens of the name, in "a 2017 X report", "X (2021)", "X's 2020 survey"."""
    for place in [*range(name.stop, name.stop + 4), *range(name.first - 1, name.first - 9, -1)]:
        if not 0 <= place < len(tokens) or tokens[place].text in ";.!?":
            continue
        text = tokens[place].text
        if len(text) == 4 and text.isdigit() and "1990" <= text <= "2049":
            following, before = lower_at(tokens, place + 1), lower_at(tokens, place - 1)
            if (
                following in STUDY_NOUNS
                or before in ("in", "en", "of", "de", "(", "a", "an", "del", "the", "’", "'", "s")
                or (following == ")" or place >= name.stop)
            ):
                return int(text)
    return None


def _joined(found: list[Attribution], tokens: list[Token]) -> list[Attribution]:
    """Two organisations of one study ("conducida por Acquia y realizada por Regina Corso") become one attribution."""
    if len(found) != 2 or not (found[0].strong and found[1].strong) or found[0].source == found[1].source:
        return found
    first, second = found
    between = [token.lower for token in tokens if first.start < token.start < second.start]
    if len(between) <= 12 and _MADE.intersection(between) and {"y", "and"}.intersection(between):
        source = f"{first.source} / {second.source}"
        return [Attribution(source, first.study or second.study, first.year or second.year, True, first.start)]
    return found
