"""The words of a sentence that govern others: denials, suppositions, targets, doubts, who alone says so, hedges.

Every such word is a row of the lexicon's class "governor": what it does, on which side it stands and how far it
reaches. Reads one sentence; judges no quote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.records.language import Language
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, tokenize

_GOVERNORS = {
    one: lexicon().phrases(
        "governor", "cue_denied", "cue_supposed", "cue_target", "cue_obligation", "hedge", language=one
    )
    for one in (Language.ES, Language.EN)
}
_KINDS = {
    "cue_denied": ("denial", "sentence", "before"),
    "cue_supposed": ("supposition", "sentence", "before"),
    "cue_target": ("target", "frame", "before"),
    "cue_obligation": ("target", "frame", "before"),
}
_COORDINATORS = {one: words_of("coordinator", one) for one in (Language.ES, Language.EN)}
_SMALL = {Language.ES: words_of("small_es"), Language.EN: words_of("small_en")}
_SURE = 2
_READ_FOR_LANGUAGE = 20_000
_SPANISH_LETTERS = re.compile("[áéíóúñ¿¡]", re.IGNORECASE)
_STOPS = frozenset(";.!?")
_CLAUSE_STOPS = _STOPS | frozenset(",:—–()[]…")


@dataclass(frozen=True, slots=True)
class Governor:
    """A governing word or phrase at characters ``start`` to ``end`` of its sentence.

    ``kind`` is "denial", "supposition", "target", "doubt", "some", "share", "direction" or "hedge"; "nothing" only
    looks like a denial ("not only") and governs what is cut out of the middle of it. It governs the characters from
    ``reach[0]`` to ``reach[1]``; of reach "next" it governs only words that touch it (``touching``).
    """

    kind: str
    start: int
    end: int
    said: str
    reach: tuple[int, int]
    touching: bool
    before: bool


def sentence_language(sentence: str, text: str = "") -> Language:
    """Spanish or English, by the small words of each; where a sentence hardly tells, by those of its text."""
    own = _lean(sentence)
    if abs(own) < _SURE and text:
        own = _text_lean(text) or own
    return Language.ES if own > 0 or (own == 0 and _SPANISH_LETTERS.search(sentence)) else Language.EN


def _lean(text: str) -> int:
    """By how many small words a text is rather Spanish; below 0 for English."""
    words = [token.lower for token in tokenize(text)]
    return sum((word in _SMALL[Language.ES]) - (word in _SMALL[Language.EN]) for word in words)


@lru_cache(maxsize=64)
def _text_lean(text: str) -> int:
    return _lean(text[:_READ_FOR_LANGUAGE])


@lru_cache(maxsize=4096)
def governors(text: str, language: Language) -> tuple[Governor, ...]:
    """The governing words of a sentence in order; a phrase hides the shorter ones inside it."""
    tokens = tokenize(text)
    found = sorted(_GOVERNORS[language].found(tokens), key=lambda one: (one[0], -one[1]))
    kept: list[Governor] = []
    hidden: dict[str, int] = {"before": -1, "after": -1}
    for first, stop, entry in found:
        kind, reach, place = _KINDS.get(entry.cls, (entry.effect, entry.value, entry.place))
        if entry.cls == "hedge":
            if place == "before":
                continue  # the grammar of numbers reads it with its figure
            kind, reach, place = "hedge", "next", "after"
        if stop <= hidden[place]:
            continue
        if reach == "last" and stop < len(tokens) and tokens[stop].text not in _CLAUSE_STOPS:
            continue
        hidden[place] = stop
        if kind == "nothing":
            hidden["after"] = max(hidden["after"], stop)
            reach = "whole"
        kept.append(_made(tokens, first, stop, kind, reach, place, language))
    for index, token in enumerate(tokens):
        if token.lower.endswith("n't"):
            kept.append(_made(tokens, index, index + 1, "denial", "clause", "before", language))
    return tuple(sorted(kept, key=lambda one: one.start))


def _made(
    tokens: Sequence[Token], first: int, stop: int, kind: str, reach: str, place: str, language: Language
) -> Governor:
    before = place == "before"
    start, end = tokens[first].start, tokens[stop - 1].end
    if before:
        last = _reach_end(tokens, stop, reach, language)
        span = (end, tokens[last - 1].end if last > stop else end)
    else:
        span = (0, start)
    said = " ".join(token.text for token in tokens[first:stop])
    return Governor(kind, start, end, said, span, reach in ("next", "last"), before)


def _reach_end(tokens: Sequence[Token], stop: int, reach: str, language: Language) -> int:
    """The token at which the reach of a governor ends: its clause, its frame (over commas and "that"), its sentence."""
    stops = _CLAUSE_STOPS if reach == "clause" else _STOPS if reach == "frame" else frozenset(";")
    joined = _COORDINATORS[language] if reach in ("clause", "frame") else frozenset()
    for place in range(stop, len(tokens)):
        token = tokens[place]
        if token.text in stops and not _inside_number(tokens, place):
            return place
        if place > stop and token.lower in joined and (reach == "clause" or tokens[place - 1].text == ","):
            return place
    return len(tokens)


def _inside_number(tokens: Sequence[Token], place: int) -> bool:
    return 0 < place < len(tokens) - 1 and tokens[place - 1].kind == "n" and tokens[place + 1].kind == "n"
