"""Who is said to have measured, in one sentence: names beside study nouns, "según", "found that", in brackets.

Gives attributions with the study's year where it stands beside the name. What a document as a
whole says is put together elsewhere (``provenance``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from ingest.figures.orgs import Name, expansion, find_names
from ingest.figures.scan import Token, lower_at, tokenize, word_set
from ingest.figures.speakers import employer_of, speaks
from ingest.figures.years import tells_future

STUDY_NOUNS = word_set(
    "study studies survey surveys report reports research poll polls analysis whitepaper paper index findings "
    "data figures statistics researchers analysts investigation benchmark insights barometer stats review estudio "
    "estudios encuesta encuestas informe informes reporte reportes investigación investigaciones análisis datos "
    "cifras sondeo sondeos barómetro índice estadísticas analistas investigadores estimaciones previsiones "
    "resultados publicación expertos"
)
_NAMED_AFTER = word_set("estudio informe encuesta reporte barómetro índice study survey report")
_LEADS = (
    ("según",), ("de", "acuerdo", "con"), ("de", "acuerdo", "a"), ("de", "acuerdo", "al"), ("fuente", ":"),
    ("basado", "en"), ("basada", "en"), ("basándose", "en"), ("based", "on"), ("according", "to"), ("as", "per"),
    ("source", ":"), ("per",), ("con", "base", "en"), ("conforme", "a"), ("tal", "como", "señala"), ("como", "indica"),
    ("como", "señala"), ("cited", "by"), ("citing",), ("fuentes", ":"), ("sources", ":"), ("reported", "by"),
    ("a", "juicio", "de"),
)  # fmt: skip
_REPORT_TITLES = word_set("state future voice pulse")
_LEAD_LAST = frozenset(lead[-1] for lead in _LEADS)
_BY = word_set("by from de del por of")
_MADE = word_set(
    "consultados consultadas encuestados encuestadas entrevistados surveyed interviewed polled "
    "conducted published released commissioned carried performed run done produced compiled undertaken conducida "
    "conducido realizada realizado realizados elaborada elaborado elaborados publicada publicado publicados hecha "
    "hecho encargada encargado desarrollada desarrollado llevada llevado presentada presentado dirigida dirigido "
    "recopilados recogidos"
)
_FOUND = word_set(
    "found finds reports reported reveals revealed shows showed discovered discovers states stated estimates "
    "estimated predicts predicted notes noted suggests suggested concluded concludes indicates indicated claims "
    "claimed surveyed polled interviewed forecasts projects determined uncovered analyzed analysed highlights "
    "confirmed confirms identified calculated calculates evaluated asked measured reveló revela revelan revelaron "
    "encontró encuentra descubrió descubre mostró muestra muestran señala señaló señalan indica indicó indican "
    "estima estimó calcula calculó predice prevé concluyó concluye demostró demuestra reporta reportó apunta "
    "arroja arrojó entrevistó encuestó analizó destaca destacó sostiene confirma confirmó evidencia evidenció "
    "detalla determinó constató consultó identificó pronostica estiman calculan evaluó preguntó"
)
_MAKES = word_set(
    "conducted released published launched commissioned condujo realizó publicó lanzó presentó elaboró llevó hizo "
    "presenta publica lanza realiza unveiled announced anunció dio issued completed ran surveyed encargó carried"
)
_SAYS = word_set("says said say dice dijo")
_PUTS = word_set("puts put places placed sitúa situó cifra cifró eleva")
_FIGURES = word_set("figure number share total rate percentage proportion cost cifra porcentaje dato")
_AUXILIARIES = word_set("has have also recently just ha han también recientemente que had was quien which")
_BREAKS = word_set("que that is are and y to a es con with in en whether if si when cuando como how los las") | _FOUND
_NO_YEAR_LEADS = word_set("by until hasta hacia customers")
_STOPS = frozenset(";.!?")
_REACH = 9


class Form(Enum):
    """How a sentence names its source, the surest first."""

    STUDY = "study"
    FINDING = "finding"
    BRACKET = "bracket"
    SPEAKER = "speaker"


@dataclass(frozen=True, slots=True)
class Attribution:
    """A source named in a sentence, at character ``start``; ``made`` when the sentence introduces its study."""

    source: str
    study: str | None
    year: int | None
    form: Form
    start: int
    made: bool = False

    @property
    def strong(self) -> bool:
        """Whether a study noun or "según" stands with the name."""
        return self.form is Form.STUDY


def read_attributions(
    text: str,
    ordinary: frozenset[str],
    people: dict[str, str] | None = None,
    tokens: list[Token] | None = None,
    names: list[Name] | None = None,
) -> list[Attribution]:
    """The attributions of one sentence in order of place; several names of one study are one, joined with " / ".

    ``people`` maps surnames to the organisations that the document gave them.
    """
    tokens = tokenize(text) if tokens is None else tokens
    names = find_names(tokens, text, ordinary) if names is None else names
    if not names:
        return []
    found: list[Attribution] = []
    covered, future = -1, tells_future(text)
    for place, name in enumerate(names):
        one = _attribution(tokens, name, names, people or {}, future) if name.first > covered else None
        if one is None:
            continue
        found.append(one)
        covered = max(covered, _covered(tokens, name, names[place + 1 : place + 2]))
    return _joined(found, tokens)


def _attribution(
    tokens: list[Token], name: Name, names: list[Name], people: dict[str, str], future: bool
) -> Attribution | None:
    form = _form(tokens, name)
    employer = employer_of(tokens, name, names) or people.get(name.text.split()[-1])
    if form is None and employer is not None and (speaks(tokens, name) or name.text.split()[-1] in people):
        form = Form.SPEAKER
    if form is None:
        return None
    short = expansion(tokens, name)
    source = employer or (f"{name.text} ({short})" if short else name.text)
    made = name.study or _makes_study(tokens, name)
    title = _owned_title(tokens, name, names)
    study = name.text if name.study else _study_title(tokens, name, names) or (title.text if made and title else None)
    year = name.year or _year_beside(tokens, name, future)
    if year is None and title is not None:
        year = title.year or _year_beside(tokens, title, future)
    return Attribution(source, study, year, form, tokens[name.first].start, made)


def _owned_title(tokens: list[Token], name: Name, names: list[Name]) -> Name | None:
    """The title after its owner: "Salesforce's State of the …", "Zendesk publicó su informe CX Trends"; or null."""
    if _makes_study(tokens, name):
        near = (other for other in names if 1 < other.first - name.stop <= 5)
        return next((other for other in near if lower_at(tokens, other.first - 1) in _NAMED_AFTER), None)
    if lower_at(tokens, name.stop) not in _REPORT_TITLES:
        return None
    return next((other for other in names if 0 <= other.first - name.stop <= 3), None)


def _form(tokens: list[Token], name: Name) -> Form | None:
    if _led(tokens, name) or _of_study(tokens, name) or _before_study(tokens, name) or _makes_study(tokens, name):
        return Form.STUDY
    if _verb_after(tokens, name, _FOUND) is not None:
        return Form.FINDING
    if lower_at(tokens, name.first - 1) in _FOUND and lower_at(tokens, name.first - 2) in (",", "”", "»", '"', "según"):
        return Form.FINDING  # "…, prevé Gartner"
    if _puts_figure(tokens, name) or _is_quoted(tokens, name):
        return Form.FINDING
    return Form.BRACKET if _in_brackets(tokens, name) else None


def _puts_figure(tokens: list[Token], name: Name) -> bool:
    """ "X puts the figure at", "X, for its part, places it", "X lo sitúa en", "X cifra en"."""
    place = _verb_after(tokens, name, _PUTS | {"lo", "la"})
    if place is None:
        return False
    clitic = tokens[place].lower in ("lo", "la")
    place += clitic
    if lower_at(tokens, place) not in _PUTS:
        return False
    after, beyond = lower_at(tokens, place + 1), lower_at(tokens, place + 2)
    return clitic or after in ("it", "this", "that", "en") or (after in ("the", "la", "el") and beyond in _FIGURES)


def _is_quoted(tokens: list[Token], name: Name) -> bool:
    """ "…, says McKinsey", "…, McKinsey says.": one word only, for two may be a person."""
    if " " in name.text and "&" not in name.text:
        return False
    before = [lower_at(tokens, name.first - step) for step in (1, 2)]
    if before[0] in _SAYS and before[1] in (",", "”", "»", '"'):
        return lower_at(tokens, name.stop) in ("", ".")
    return before[0] == "," and lower_at(tokens, name.stop) in _SAYS and lower_at(tokens, name.stop + 1) in ("", ".")


def _covered(tokens: list[Token], name: Name, following: list[Name]) -> int:
    """The last token of this attribution: of its apposition ("X, compañía de Y, calcula") or its study's title."""
    place = name.stop
    if lower_at(tokens, place) == "," and _verb_after(tokens, name, _FOUND | _MAKES) is not None:
        return _after_sign(tokens, place + 1, ",") - 1
    title = _owned_title(tokens, name, following)
    if title is not None:
        return title.stop - 1
    for other in following:
        if other.study and 0 <= other.first - place <= 3 and tokens[place - 1].lower.endswith(("'s", "’s")):
            return other.stop - 1
    return name.stop - 1


def _led(tokens: list[Token], name: Name) -> bool:
    """ "according to (a recent report by) X", "según (datos de) X", "(Fuente: X"."""
    place = name.first - 1
    for _ in range(_REACH):
        if (
            place < 0
            or tokens[place].text in ",.;)!?"
            or lower_at(tokens, place) in _FOUND
            or lower_at(tokens, place) in ("que", "that")
        ):
            return False
        if tokens[place].lower in _LEAD_LAST and _lead_ends(tokens, place):
            return tokens[place].lower != "per" or place + 1 == name.first
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
        if (
            place < 0
            or tokens[place].text in ",.;:!?"
            or (tokens[place].lower in _FOUND and tokens[place].lower not in STUDY_NOUNS)
        ):
            return False
        word = tokens[place].lower
        if word in ("que", "that"):
            return False
        if word in _BY:
            by = True
        elif by and (word in STUDY_NOUNS or word in _MADE):
            return word in STUDY_NOUNS or lower_at(tokens, place + 1) in ("by", "por", "out", "a")
        place -= 1
    return False


def _before_study(tokens: list[Token], name: Name) -> bool:
    """ "Gartner study", "Salesforce's recent … report", "the Data IQ Report 2017"; "estudio OTRS Spotlight"."""
    if name.study or lower_at(tokens, name.first - 1) in _NAMED_AFTER:
        return True
    owns = tokens[name.stop - 1].lower.endswith(("'s", "’s"))
    if owns and lower_at(tokens, name.stop) in _REPORT_TITLES and lower_at(tokens, name.stop + 1) == "of":
        return True  # "Gallup's State of the Global Workplace"
    for place in range(name.stop, name.stop + (9 if owns else 5)):
        word = lower_at(tokens, place)
        if word in STUDY_NOUNS and word != "reports":
            return True
        if owns and word in ("of", "and", "the", "de", "in"):
            continue  # "Salesforce's 2020 State of Service report"
        if not word or word in _BREAKS or not (tokens[place].kind in "wn" or tokens[place].text in "’'-"):
            return False
        if word in ("de", "of", "for", "para"):
            return False
    return False


def _makes_study(tokens: list[Token], name: Name) -> bool:
    """ "Zendesk (NYSE: ZEN), empresa …, lanzó un estudio", "X conducted a survey"."""
    place = _verb_after(tokens, name, _MAKES)
    if place is None:
        partner = [lower_at(tokens, name.stop + step) for step in range(3)]
        if partner not in (["en", "asociación", "con"], ["in", "partnership", "with"], ["in", "collaboration", "with"]):
            return False
        window = range(name.stop, min(name.stop + 18, len(tokens)))
        place = next((spot for spot in window if tokens[spot].lower in _MAKES), None)
    return place is not None and any(lower_at(tokens, place + step) in STUDY_NOUNS for step in range(1, 7))


def _in_brackets(tokens: list[Token], name: Name) -> bool:
    """ "… a bad experience. (Zendesk)", "(Gartner, 2019)": only the name, its year and a title in the brackets."""
    place = name.first - 1
    if lower_at(tokens, place) in ("the", "via", "vía"):
        place -= 1
    if lower_at(tokens, place) not in ("(", "["):
        return False
    before = tokens[place - 1] if place else None
    if before is not None and before.kind == "w" and before.text[0].isupper() and name.text.isupper():
        return False  # "Customer Satisfaction (CSAT)"
    if name.text.isupper() and len(name.text) <= 5 and before is not None and before.kind == "w":
        return False
    return all(
        token.kind != "w" or token.text[0].isupper() or token.glued for token in _until_bracket(tokens, name.stop)
    )


def _until_bracket(tokens: list[Token], place: int) -> list[Token]:
    inside: list[Token] = []
    while place < len(tokens) and tokens[place].text not in ")]" and len(inside) < 12:
        inside.append(tokens[place])
        place += 1
    return inside


def _verb_after(tokens: list[Token], name: Name, verbs: frozenset[str]) -> int | None:
    """The token of a verb right after the name, past a bracket, an apposition or an auxiliary; or null."""
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
        if lower_at(tokens, place + step) in _STOPS:
            break
    return place


def _study_title(tokens: list[Token], name: Name, names: list[Name]) -> str | None:
    """The title of the study beside its organisation ("Salesforce's State of Service report"), or null."""
    for other in names:
        near = 0 <= other.first - name.stop <= 3
        if near and (other.study or lower_at(tokens, other.stop) in STUDY_NOUNS):
            return other.text
    return None


def _year_beside(tokens: list[Token], name: Name, future: bool) -> int | None:
    """The year near the name, in "a 2017 X report", "X (2021)", "X's 2020 survey"; in a forecast none after "in"."""
    not_leads = _NO_YEAR_LEADS | {"in", "en", "para", "for"} if future else _NO_YEAR_LEADS
    for place in [*range(name.stop, name.stop + 5), *range(name.first - 1, name.first - 9, -1)]:
        if not 0 <= place < len(tokens) or tokens[place].text in ";.!?":
            continue
        text = tokens[place].text
        if len(text) == 4 and text.isdigit() and "1990" <= text <= "2049":
            return int(text) if lower_at(tokens, place - 1) not in not_leads else None
    return None


def _joined(found: list[Attribution], tokens: list[Token]) -> list[Attribution]:
    """Two organisations of one study ("conducida por Acquia y realizada por Regina Corso") become one attribution."""
    if len(found) != 2 or not (found[0].strong and found[1].strong) or found[0].source == found[1].source:
        return found
    first, second = found
    between = [token.lower for token in tokens if first.start < token.start < second.start]
    if len(between) <= 12 and _MADE.intersection(between) and {"y", "and"}.intersection(between):
        source = f"{first.source} / {second.source}"
        return [replace(first, source=source, study=first.study or second.study, year=first.year or second.year)]
    return found
