"""Patterns of tokens as short rules: "N out of every|each? N" with numbers, words, choices and what may be left out.

A pattern is blank-separated: ``N`` is a number, ``NOUN`` one word that may name a thing, ``a|b`` one of some words,
and a question mark behind a choice lets it be absent. Matching is linear: no part repeats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.numbers.numerals import read_number
from kb.numbers.records import Number
from kb.numbers.units import TIME
from kb.records.language import Language
from kb.words.lexicon import words_of
from kb.words.tokens import Token, lower_at

_NO_NOUNS = words_of("no_noun")


@dataclass(frozen=True, slots=True)
class PatternPart:
    """One place of a pattern: a number, a noun, or one of ``words``."""

    words: frozenset[str]
    optional: bool


def compiled(pattern: str) -> tuple[PatternPart, ...]:
    """The parts of a pattern as written."""
    return tuple(
        PatternPart(frozenset(part.removesuffix("?").split("|")), part.endswith("?") and part != "?")
        for part in pattern.split()
    )


_NUMBER, _NOUN = frozenset(["N"]), frozenset(["NOUN"])


def match(
    tokens: Sequence[Token], start: int, parts: tuple[PatternPart, ...], language: Language
) -> tuple[int, list[Number]] | None:
    """The token after the pattern that begins at ``start`` and the numbers in it, or null."""
    place, numbers = start, []
    for part in parts:
        if place >= len(tokens):
            if part.optional:
                continue
            return None
        if part.words == _NUMBER:
            number = read_number(tokens, place, language)
            if number is None or number.stop <= place:
                return None
            numbers.append(number)
            place = number.stop
        elif part.words == _NOUN:
            noun = tokens[place]
            counted = noun.kind == "w" and noun.lower not in TIME[language]
            if counted and (noun.lower not in _NO_NOUNS or noun.lower in ("times", "veces")):
                place += 1
            elif not part.optional:
                return None
        elif lower_at(tokens, place) in part.words:
            place += 1
        elif not part.optional:
            return None
    return place, numbers
