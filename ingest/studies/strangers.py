"""Sentences that turn to somebody other than the source before them: another organisation, or the author's own firm.

A source is not carried into such a sentence, nor past it. Knows nothing of studies.
"""

from __future__ import annotations

import re

from ingest.studies.orgs import Name
from kb.words.lexicon import words_of
from kb.words.tokens import Token, lower_at

OWN = "own voice"
"""The stranger of a sentence about the author's own firm."""

_OWN = re.compile(
    r"^.{0,24}\b(?:(?:our|my)(?: own)? (?:company|firm|business|clients?|customers?|teams?|agents?|staff)|"
    r"(?:nuestr[oa]s?|mis?)(?: propi[oa]s?)? (?:empresa|compañía|clientes?|equipos?|agentes|centro|negocio))\b",
    re.IGNORECASE,
)
# What an organisation does; what a brand scores in somebody's study ("USAA scored 81 %") is not here.
_DOES = words_of("stranger_does")
_BEFORE = words_of("stranger_before")
_SEGMENTS = words_of("stranger_segments")
_PARTS = (("for", "its"), ("on", "the"), ("por", "su"), ("en", "cambio"), ("in", "turn"), ("meanwhile",), ("however",))
_NETWORKS = words_of("stranger_networks")


def stranger_of(text: str, tokens: list[Token], names: list[Name]) -> str | None:
    """The organisation that the sentence is about, ``OWN`` for the author's own, or null when it names none."""
    if _OWN.search(text[:120]):
        return OWN
    if tokens and tokens[0].lower in _NETWORKS and lower_at(tokens, 1) in _DOES:
        return tokens[0].text
    first = names[0] if names else None
    if first is None or first.first > 7 or _SEGMENTS.intersection(first.text.lower().split()):
        return None
    before = [token.lower for token in tokens[: first.first]]
    if before == ["at"]:
        return first.text
    return first.text if set(before) <= _BEFORE and _acts(tokens, first.stop) else None


def _acts(tokens: list[Token], place: int) -> bool:
    """Whether the name's own verb follows, past "for its part," and "lo"."""
    if lower_at(tokens, place) == ",":
        after = (lower_at(tokens, place + 1), lower_at(tokens, place + 2))
        return any(after[: len(part)] == part for part in _PARTS)
    if lower_at(tokens, place) in ("lo", "la", "also", "también", "ya", "now"):
        place += 1
    return lower_at(tokens, place) in _DOES
