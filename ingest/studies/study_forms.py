"""How a name stands beside the words of studies: after "según", beside a noun, before "released a survey".

Each function is one form, from a name in its sentence to whether it has it. Knows nothing of figures.
"""

from __future__ import annotations

from ingest.studies.orgs import Name, expansion, is_organisation
from ingest.studies.study_words import (
    AUXILIARIES,
    BREAKS,
    BY,
    CARRIES,
    COUNTED,
    FOUND,
    LEADS,
    MADE,
    MAKES,
    NAMED_AFTER,
    NO_YEAR_LEADS,
    NONE_MADE,
    REACH,
    REPORT_TITLES,
    SPANISH_STUDIES,
    SPONSORS,
    STOPS,
    STUDY_NOUNS,
    TEAMS,
)
from kb.words.tokens import Token, lower_at

_APPOSED = 12
"""How many tokens a study's maker may stand behind its name."""


def led(tokens: list[Token], name: Name) -> bool:
    """ "according to (a recent report by) X", "según (datos de) X", "(Fuente: X"."""
    place = name.first - 1
    for _ in range(REACH):
        if (
            place < 0
            or tokens[place].text in ",.;)!?"
            or lower_at(tokens, place) in FOUND
            or lower_at(tokens, place) in CARRIES
            or lower_at(tokens, place) in ("que", "that")
        ):
            return False
        if LEADS.before(tokens, place + 1) is not None:
            near = place + 1 == name.first
            return near if tokens[place].lower == "per" else tokens[place].lower == "on" or not is_subject(tokens, name)
        place -= 1
    return False


def is_subject(tokens: list[Token], name: Name) -> bool:
    """ "un estudio de Salesforce sobre el Cliente Conectado": what a study is about did not make it."""
    article = lower_at(tokens, name.first - 1) in ("the", "el", "la", "los", "las")
    return lower_at(tokens, name.first - 1 - article) in ("sobre", "about", "on", "into")


def of_study(tokens: list[Token], name: Name) -> bool:
    """ "un estudio (reciente) de (la empresa) X", "research conducted by X", "realizada por X"."""
    place, by = name.first - 1, False
    for _ in range(REACH):
        if (
            place < 0
            or tokens[place].text in ",.;:!?"
            or (tokens[place].lower in FOUND and tokens[place].lower not in STUDY_NOUNS)
        ):
            return False
        word = tokens[place].lower
        if word in ("que", "that"):
            return False
        if word in BY:
            by = True
        elif word in TEAMS and lower_at(tokens, place + 1) in ("at", "from", "of", "de", "del"):
            return is_organisation(name.text) or word not in ("team", "equipo")
        elif by and word in STUDY_NOUNS:
            return not is_subject(tokens, name)
        elif by and word in MADE and lower_at(tokens, place + 1) in ("by", "por", "out", "a"):
            return place > 0  # an article is "Published by" its publisher
        place -= 1
    return False


def before_study(tokens: list[Token], name: Name) -> bool:
    """ "Gartner study", "Salesforce's recent … report", "the Data IQ Report 2017"; "estudio OTRS Spotlight"."""
    if name.study or name.studies or lower_at(tokens, name.first - 1) in NAMED_AFTER:
        return True
    owns = tokens[name.stop - 1].lower.endswith(("'s", "’s"))
    if owns and lower_at(tokens, name.stop) in REPORT_TITLES and lower_at(tokens, name.stop + 1) == "of":
        return True  # "Gallup's State of the Global Workplace"
    for place in range(name.stop, name.stop + (9 if owns else 5)):
        word = lower_at(tokens, place)
        if word in STUDY_NOUNS and word != "reports":
            return owns or place == name.stop or word not in SPANISH_STUDIES
        if not owns and _is_clausal(tokens[place] if place < len(tokens) else None):
            return False  # "Marketing owns four surveys", "Early customers report"
        if owns and word in ("of", "and", "the", "de", "in"):
            continue  # "Salesforce's 2020 State of Service report"
        if not word or word in BREAKS or not (tokens[place].kind in "wn" or tokens[place].text in "’'-"):
            return False
        if word in ("de", "of", "for", "para"):
            return False
    return False


def _is_clausal(token: Token | None) -> bool:
    """Whether a word between a name and a study noun is a verb, a plural or a number rather than an adjective."""
    if token is None or token.kind != "w" or token.text != token.lower:
        return False
    word = token.lower
    return word in COUNTED or (word.endswith(("s", "ed")) and not word.endswith(("ss", "ous", "ics", "us", "based")))


def sponsors_study(tokens: list[Token], name: Name) -> bool:
    """ "The survey, which Oracle sponsored, …", "la encuesta que encargó Sigma"."""
    place, verb = name.first - 1, lower_at(tokens, name.stop)
    if lower_at(tokens, place) in MAKES or lower_at(tokens, place) in SPONSORS:
        place, verb = place - 1, lower_at(tokens, place)
    if lower_at(tokens, place) not in ("which", "that", "que") or not (verb in MAKES or verb in SPONSORS):
        return False
    return any(lower_at(tokens, place - step) in STUDY_NOUNS for step in (1, 2, 3))


def makes_study(tokens: list[Token], name: Name) -> bool:
    """ "Zendesk (NYSE: ZEN), empresa …, lanzó un estudio", "X conducted a survey"."""
    place = verb_after(tokens, name, MAKES)
    if place is None:
        partner = [lower_at(tokens, name.stop + step) for step in range(3)]
        if partner not in (["en", "asociación", "con"], ["in", "partnership", "with"], ["in", "collaboration", "with"]):
            return False
        window = range(name.stop, min(name.stop + 18, len(tokens)))
        place = next((spot for spot in window if tokens[spot].lower in MAKES), None)
    if place is None:
        return False
    made = [lower_at(tokens, place + step) for step in range(1, 7)]
    return not STUDY_NOUNS.isdisjoint(made) and not NONE_MADE.intersection(made)


def maker_of(tokens: list[Token], name: Name, names: list[Name]) -> Name | None:
    """The body after the name of its study ("the Patience Index, published by Hollis & Wray", "la Encuesta de …, que
    elabora el Centro …"); or null."""
    if is_organisation(name.text) or lower_at(tokens, name.stop) not in (",", "(", "que", "that", "which"):
        return None
    other = next((one for one in names if name.stop < one.first <= name.stop + _APPOSED), None)
    if other is None:
        return None
    between = [token.lower for token in tokens[name.stop : other.first]]
    relative = not {"que", "that", "which"}.isdisjoint(between) and not MAKES.isdisjoint(between)
    made = not MADE.isdisjoint(between) and not {"by", "por"}.isdisjoint(between)
    return other if (relative or made) and STOPS.isdisjoint(between) else None


def verb_after(tokens: list[Token], name: Name, verbs: frozenset[str]) -> int | None:
    """The token of a verb right after the name, past a bracket, an apposition or an auxiliary; or null."""
    place = name.stop
    if lower_at(tokens, place) == "(":
        place = after_sign(tokens, place, ")")
    if lower_at(tokens, place) == ",":
        if lower_at(tokens, place + 1) in verbs:
            return place + 1
        place = after_sign(tokens, place + 1, ",")
    while lower_at(tokens, place) in AUXILIARIES:
        place += 1
    return place if lower_at(tokens, place) in verbs else None


def after_sign(tokens: list[Token], place: int, sign: str) -> int:
    """The token after the next such sign of the sentence; ``place`` itself where none follows soon."""
    for step in range(1, 24):
        if lower_at(tokens, place + step) == sign:
            return place + step + 1
        if lower_at(tokens, place + step) in STOPS:
            break
    return place


def owned_title(tokens: list[Token], name: Name, names: list[Name]) -> Name | None:
    """The title after its owner: "Salesforce's State of the …", "Zendesk publicó su informe CX Trends"; or null."""
    if makes_study(tokens, name):
        near = (other for other in names if 1 < other.first - name.stop <= 5)
        return next((other for other in near if lower_at(tokens, other.first - 1) in NAMED_AFTER), None)
    if lower_at(tokens, name.stop) not in REPORT_TITLES:
        return None
    return next((other for other in names if 0 <= other.first - name.stop <= 3), None)


def study_title(tokens: list[Token], name: Name, names: list[Name]) -> str | None:
    """The title of the study beside its organisation ("Salesforce's State of Service report"), or null."""
    for other in names:
        near = 0 <= other.first - name.stop <= 3
        if near and (other.study or lower_at(tokens, other.stop) in STUDY_NOUNS):
            return other.text
    return None


def year_beside(tokens: list[Token], name: Name, future: bool) -> int | None:
    """The year near the name, in "a 2017 X report", "X (2021)", "X's 2020 survey"; in a forecast none after "in"."""
    not_leads = NO_YEAR_LEADS | {"in", "en", "para", "for"} if future else NO_YEAR_LEADS
    stop = name.stop + 3 if expansion(tokens, name) else name.stop
    end = stop + 5
    if len({token.text for token in tokens if _is_year(token)}) > 1:
        end = next((spot for spot in range(stop, end) if _is_figure(tokens, spot)), end)
    after = range(stop, end)
    for place in [*after, *range(name.first - 1, name.first - 9, -1)]:
        if not 0 <= place < len(tokens) or tokens[place].text in ";.!?":
            continue
        text = tokens[place].text
        if _is_year(tokens[place]):
            leads = NO_YEAR_LEADS if _is_told(lower_at(tokens, place - 2)) else not_leads
            return int(text) if lower_at(tokens, place - 1) not in leads else None
    return None


def _is_year(token: Token) -> bool:
    return len(token.text) == 4 and token.text.isdecimal() and "1990" <= token.text <= "2049"


def _is_figure(tokens: list[Token], place: int) -> bool:
    """Whether a number other than a year stands here: a year after it is that figure's."""
    return place < len(tokens) and tokens[place].kind == "n" and len(tokens[place].text) != 4


def _is_told(verb: str) -> bool:
    """Whether a verb tells that somebody found: the year after it is the study's, "calculó en 2019 que … volverá"."""
    return verb == "said" or (verb in FOUND and verb.endswith(("ó", "aron", "ieron", "ed", "found")))
