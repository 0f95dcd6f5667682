"""Scores and ranks: a bare number that a word before or after it makes one ("NPS of 42", "tercer puesto").

Looks only at the words of the same sentence. Numbers it does not know stay counts.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.figures.labels import is_yearlike
from ingest.figures.lines import Line, Quantity
from ingest.figures.marks import AMBIGUOUS, as_decimal
from ingest.figures.nouns import LIST_NOUNS, MEASURED_NOUNS, RANK_LABELS
from ingest.figures.ranges import after_from
from ingest.figures.scan import Token, lower_at, word_set
from kb.statistic import Kind

_INDEXES = word_set("nps csat enps acsi tnps rnps csi qxscore")
_NAMES = _INDEXES | word_set(
    "ces fcr score scores rating ratings index puntuación puntuaciones puntaje puntajes nota calificación "
    "calificaciones valoración valoraciones índice scored scoring puntuó obtuvo"
)
# Verbs that lead from the name of a score to its value.
_LINKS = word_set(
    "is was are were es fue era son eran sits stands stood sat hit averages averaged averaging reached reaches scored "
    "sitúa situó situaba ubica ubicó alcanza alcanzó promedia promedió marcó marca registró registra obtuvo logró "
    "oscila oscilan oscilaba ranges ranged varía"
)
MOVED = word_set(
    "cayó descendió creció fell climbed dropped rose subió bajó improved increased decreased declined jumped slipped "
    "went moved rebounded grew passed mejoró empeoró pasó aumentó disminuyó retrocedió escaló repuntó llegó avanzó "
    "improving rising falling climbing dropping jumping pasando subiendo bajando mejorando "
    "slid shrank plunged surged soared tumbled plummeted advanced edged cerró closed ended finished"
)
"""Verbs after which a score has another value."""
_FILLERS = (
    _LINKS
    | MOVED
    | word_set(
        "from desde of de del un una a at average score scores media promedio medio neto neta global general the el la "
        "al : = to hasta an overall mean total net ) ( nps csat ces medios puntos con that which por ha sido has been "
        "around about se en + aproximadamente roughly nearly casi its current only solo sólo relacional transaccional "
        "entre between superior inferior above below over under least just mejorado subido bajado caído crecido "
        "ejercicio"
    )
)
_OF = word_set("for of among in across at from with de del en entre para por")
_BOUNDS = word_set("above below over under a least")
_COPULAS = word_set("is are es son se")
_COUNTED = MEASURED_NOUNS | LIST_NOUNS
_RANKINGS = word_set("ranking rankings league list standings lista clasificación tabla")
_UNITS = word_set("points point puntos punto stars star estrellas estrella pts")
_MAY_FOLLOW = word_set(
    "en in for para y and points puntos o or among entre this este compared frente versus vs mientras while out sobre "
    "which lo por with con at as after tras since desde during durante before antes when cuando last on across up "
    "down against contra but pero aunque though last that es is was were fue are son has ha from según"
)
_TO = word_set("a al to hasta")
_STARS = word_set("star stars estrellas")
_MINUS = word_set("menos minus negative")
_REACH = 8


def named_score(line: Line, found: Quantity) -> Quantity:
    """The quantity as a score or a rank where its neighbours say so, else unchanged."""
    if found.kind is not Kind.COUNT or found.unit is not None or found.form not in ("digits", "words"):
        return found
    tokens = line.tokens
    before = lower_at(tokens, found.first - 1)
    label = lower_at(tokens, found.first - 2) if before in ("número", "number", "no", ".", "#", "nº") else before
    if label in RANK_LABELS and found.value is not None and found.value == found.value.to_integral_value():
        if not found.plain and found.form == "digits":
            return found
        return replace(found, kind=Kind.RANK)
    if label != before and found.plain and _in_ranking(tokens, found.stop):
        return replace(found, kind=Kind.RANK)
    if _has_points(tokens, found.stop):
        return replace(found, kind=Kind.SCORE, stop=found.stop + 1, unit="points")
    if _is_starred(tokens, found):
        return replace(found, kind=Kind.SCORE, stop=found.stop + 2, unit="points")
    if not (_before_index(tokens, found.stop) or _after_name(tokens, found)):
        return found
    if before in _MINUS and found.value is not None:
        return replace(found, kind=Kind.SCORE, first=found.first - 1, value=-abs(found.value))
    return _with_decimals(line, found)


def _in_ranking(tokens: list[Token], place: int) -> bool:
    """ "number 7 in the ranking", "número 3 de la clasificación"."""
    if lower_at(tokens, place) not in _OF:
        return False
    return any(lower_at(tokens, place + step) in _RANKINGS for step in (1, 2, 3))


def _has_points(tokens: list[Token], place: int) -> bool:
    """ "points", "4 estrellas", "31 puntos de NPS"; not "5 puntos de contacto"."""
    if lower_at(tokens, place) not in _UNITS:
        return False
    beyond = lower_at(tokens, place + 2)
    return lower_at(tokens, place + 1) not in ("de", "of") or beyond in _INDEXES or is_yearlike(beyond)


def _is_starred(tokens: list[Token], found: Quantity) -> bool:
    """ "a 4.6-star average"; "a five-star hotel" says nothing."""
    place = found.stop
    return (
        not found.plain
        and found.form == "digits"
        and lower_at(tokens, place) == "-"
        and tokens[place].glued
        and lower_at(tokens, place + 1) in _STARS
    )


def _before_index(tokens: list[Token], place: int) -> bool:
    """ "a 92 CSAT last quarter", "45 de NPS"; not "5 NPS questions"."""
    place += lower_at(tokens, place) == "de"
    if lower_at(tokens, place) not in _INDEXES:
        return False
    place += 1 + (lower_at(tokens, place + 1) in ("score", "scores", "rating"))
    return place >= len(tokens) or tokens[place].kind == "p" or tokens[place].lower in _MAY_FOLLOW


def _with_decimals(line: Line, found: Quantity) -> Quantity:
    """The quantity as a score: "una nota media de 8.125" has decimals, whatever whole things would have."""
    score = replace(found, kind=Kind.SCORE)
    digits = line.tokens[found.bare - 1].text
    decimal = as_decimal(digits) if found.form == "digits" and found.high is None else None
    if decimal is None or (found.value is not None and found.value < 1000):
        return score
    if decimal >= 10 or digits.strip("0123456789") in line.evidence.thousands:
        return replace(score, value=None, note=AMBIGUOUS)
    return replace(score, value=decimal, note=None)


def _after_name(tokens: list[Token], found: Quantity) -> bool:
    """Whether the name of a score leads to the number, with nothing between that another number could belong to."""
    if is_yearlike(tokens[found.first].text):
        return False
    if tokens[found.first - 1].lower in _BOUNDS and lower_at(tokens, found.stop) in _COPULAS:
        return False  # "an NPS above 0 is good" says what a good one is
    names = _NAMES if _may_end(tokens, found) else _INDEXES if _may_go_on(tokens, found) else frozenset()
    if not names:
        return False
    start, linked = found.first - 1, False
    if lower_at(tokens, start) in _MINUS:
        start -= 1
    for place in range(start, max(-1, start - _REACH), -1):
        word = tokens[place].lower
        if word in names:
            return not tokens[place + 1].glued or tokens[place + 1].text in ":=)"
        linked = linked or word in _LINKS or word in MOVED
        if word not in _FILLERS and not is_yearlike(word):
            return linked and names is _NAMES and _owned_name(tokens, place)
    return False


def _owned_name(tokens: list[Token], place: int) -> bool:
    """Whether the words that end at ``place`` say whose score it is: "the NPS of leading insurers"."""
    for start in range(place, max(0, place - 6), -1):
        if tokens[start].kind != "w" or tokens[start].lower in _LINKS:
            return False
        if tokens[start].lower in _OF and tokens[start - 1].lower in _NAMES:
            return True
    return False


def _may_end(tokens: list[Token], found: Quantity) -> bool:
    """Whether what follows the number leaves it a score: not "un índice de 12 preguntas"."""
    following = tokens[found.stop] if found.stop < len(tokens) else None
    if following is None or following.kind != "w" or following.lower in _MAY_FOLLOW:
        return True
    return following.lower in _TO and after_from(tokens, found.first)


def _may_go_on(tokens: list[Token], found: Quantity) -> bool:
    """Whether a word follows that no score counts: "un CSAT superior a 80 crece", not "NPS 5 preguntas"."""
    following = tokens[found.stop].lower
    return tokens[found.stop - 1].end < tokens[found.stop].start and following not in _COUNTED
