"""What a figure says beside its value: whether it is a rise or a fall, and the size of a sample it states.

Reads the words around the figure only; null when unclear.
"""

from __future__ import annotations

from ingest.figures.lines import Line, Quantity
from ingest.figures.nouns import RESPONDENT_NOUNS
from ingest.figures.scan import lower_at, word_set
from kb.statistic import Direction, Kind

# Stems; "up" alone begins other words.
_RISE = (
    "aument", "increment", "crec", "mejor", "elev", "increas", "grew", "grow", "rose", "rise", "rising", "gain",
    "boost", "improv", "jump", "climb", "higher", "uplift", "surge", "dispar", "expan", "subi", "sube",
)  # fmt: skip
_RISE_WORDS = word_set("up")
_FALL = (
    "redu", "dismin", "baj", "cay", "caí", "caer", "descend", "descen", "declin", "decreas", "drop", "fell", "fall",
    "lower", "cut", "less", "loss", "lost", "perd", "pérd", "shrink", "shrank", "down", "recort", "menor",
)  # fmt: skip
_NO_RISE = word_set("sobre subject mejores upon subscribers")


def direction_of(line: Line, found: Quantity) -> Direction | None:
    """Whether the figure itself is said to be a rise or a fall, from the words around it; or null."""
    if found.kind not in (Kind.PERCENT, Kind.MULTIPLIER, Kind.FRACTION, Kind.CURRENCY, Kind.SCORE, Kind.COUNT):
        return None
    near = [lower_at(line.tokens, found.first - step) for step in range(1, 5)]
    near += [lower_at(line.tokens, found.stop + step) for step in range(2)]
    for word in near:
        if word in _NO_RISE or not word:
            continue
        if word.startswith(_FALL):
            return Direction.DECREASE
        if word.startswith(_RISE) or word in _RISE_WORDS:
            return Direction.INCREASE
    return None


def sample_of(line: Line, found: Quantity) -> int | None:
    """The sample size this count states ("una muestra de 5.500 consumidores", "surveyed 1,000 adults"), or null."""
    if found.kind is not Kind.COUNT or found.value is None or found.value < 20 or found.high is not None:
        return None
    if found.value != found.value.to_integral_value():
        return None
    if lower_at(line.tokens, found.stop) in _ASKED_ABOUT:
        return None
    around = {lower_at(line.tokens, found.first - step) for step in range(1, 9)}
    after = {lower_at(line.tokens, found.stop + step) for step in range(4)}
    asked = around & _ASKED or after & _RESPONDED
    if asked and (after & RESPONDENT_NOUNS or around & {"muestra", "sample"} or after & _RESPONDED):
        return int(found.value.to_integral_value(rounding="ROUND_DOWN"))
    return None


_ASKED_ABOUT = word_set("questions question items pages minutes preguntas pregunta ítems páginas minutos variables")
_ASKED = word_set(
    "muestra sample surveyed surveying survey encuesta encuestó encuestaron entrevistó entrevistaron encuestados "
    "interviewed interviews polled polling entrevistas participaron encuestas encuestar entre among consultó"
)
_RESPONDED = word_set(
    "respondents encuestados entrevistados participantes encuestas respondent participants encuestadas"
)
