"""Scores and ranks: a bare number that a word before or after it makes one ("NPS of 42", "tercer puesto").

Looks only at the words of the same sentence. Numbers it does not know stay counts.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.figures.lines import Line, Quantity
from ingest.figures.marks import AMBIGUOUS, as_decimal
from ingest.figures.nouns import RANK_LABELS
from ingest.figures.scan import Token, lower_at, word_set
from kb.statistic import Kind

_SCORE_NAMES = word_set(
    "nps csat ces fcr enps acsi score scores rating ratings index puntuación puntuaciones puntaje puntajes nota "
    "calificación valoración índice scored scoring puntuó obtuvo csi tnps qxscore"
)
_SCORE_FILLERS = word_set(
    "from desde of de del un una was is es fue a at average score scores media promedio medio neto neta global "
    "general the "
    "el la : = cayó descendió creció fell climbed dropped rose fell to hasta subió bajó reached alcanzó alcanza "
    "an overall mean total net ) ( nps csat ces medios puntos con that which por ha sido has been stands stood "
    "around about"
)
_SCORE_UNITS = word_set("points point puntos punto stars star estrellas estrella pts")


def named_score(line: Line, found: Quantity) -> Quantity:
    """The quantity as a score or a rank where its neighbours say so, else unchanged."""
    if found.kind is not Kind.COUNT or found.unit is not None or found.form not in ("digits", "words"):
        return found
    before = lower_at(line.tokens, found.first - 1)
    label = lower_at(line.tokens, found.first - 2) if before in ("número", "number", "no", ".", "#", "nº") else before
    if label in RANK_LABELS and found.value is not None and found.value == found.value.to_integral_value():
        if not found.plain and found.form == "digits":
            return found
        return replace(found, kind=Kind.RANK)
    if lower_at(line.tokens, found.stop) in _SCORE_UNITS and lower_at(line.tokens, found.stop + 1) != "de":
        return replace(found, kind=Kind.SCORE, stop=found.stop + 1, unit="points")
    return _with_decimals(line, found) if _after_score_name(line.tokens, found) else found


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


def _after_score_name(tokens: list[Token], found: Quantity) -> bool:
    following = tokens[found.stop] if found.stop < len(tokens) else None
    if (
        following is not None
        and following.kind == "w"
        and following.lower
        not in (
            "en",
            "in",
            "for",
            "para",
            "y",
            "and",
            "points",
            "puntos",
            "for",
            "para",
            "o",
            "or",
            "among",
            "entre",
            "this",
            "este",
            "compared",
            "frente",
            "versus",
            "vs",
            "mientras",
            "while",
            "out",
            "sobre",
            "which",
            "lo",
            "por",
            "with",
        )
    ):
        return False
    place = found.first - 1
    for _ in range(6):
        word = lower_at(tokens, place)
        if word in _SCORE_NAMES:
            return not tokens[place + 1].glued or tokens[place + 1].text in ":=)"
        if word not in _SCORE_FILLERS:
            return False
        place -= 1
    return False
