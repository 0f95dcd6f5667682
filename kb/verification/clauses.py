"""A sentence cut into clauses, with the words of each that say something.

Owns where a clause ends and which words count; judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.verification import binding, claims, wording
from kb.verification.carrying import Side

_MARKS = frozenset(".,;:!?()[]…¿¡-—")
_OPENERS = wording.CLAUSE_WORDS | {"si", "if", "unless", "whether", "when", "cuando", "after", "before", "tras"}
_OPENERS |= {"despues", "antes", "frente", "against", "than", "among", "entre"}
# What follows "that" after one of these is a clause of its own ("dice que …").
_TELLING = claims.REPORTS | claims.ATTRIBUTIONS | claims.MODALS
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Said:
    """A word that says something: its place in the sentence, folded; a figure in digits is one too."""

    place: int
    word: str
    clause: int

    @property
    def is_figure(self) -> bool:
        """Whether it is written in digits."""
        return self.word[:1].isdigit()


def words_said(side: Side) -> tuple[Said, ...]:
    """The words of a sentence that say something, in order, each with the number of its clause."""
    return tuple(_said(side))


def clauses_of(said: tuple[Said, ...]) -> list[tuple[Said, ...]]:
    """The words by clause, without clauses that say nothing."""
    found: dict[int, list[Said]] = {}
    for one in said:
        found.setdefault(one.clause, []).append(one)
    return [tuple(clause) for clause in found.values()]


def _said(side: Side) -> Iterator[Said]:
    clause = 0
    partitive = False
    for place, word in enumerate(side.folded):
        opens = place == 0 or side.folded[place - 1] in ".!?;:"
        if opens:
            partitive = word in wording.PARTITIVES
        told = word in ("que", "that") and place > 0 and side.folded[place - 1] in _TELLING
        if told or (word in _OPENERS and not (opens and word == "entre")):
            clause += 1
        elif word in _MARKS:
            # "Of the 412 managers surveyed, 38 % …": the comma parts nothing.
            clause += 0 if word == "," and partitive else 1
            partitive = False
        if _says(word):
            yield Said(place, word, clause)


def _says(word: str) -> bool:
    if word[:1].isdigit():
        return True
    return (
        len(word) >= _SHORTEST
        and word[0].isalpha()
        and word not in claims.FUNCTION_WORDS
        and word not in binding.GRAMMAR
    )
