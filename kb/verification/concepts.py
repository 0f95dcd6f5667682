"""Which words of Spanish and English mean the same, as far as a short list knows (``kb/data/concepts.json``).

Each row of the list is one meaning: folded words and beginnings of words ("reduc*") of both languages. A word may
have several meanings, or none that is known. Knows no sentences.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files

from kb.verification.cognates import SHORTEST_ALIKE, alike

_SHORTEST_START = 4


@lru_cache(maxsize=20_000)
def concepts_of(word: str) -> frozenset[int]:
    """The meanings of a folded word, as numbers of rows; empty where the list does not know it.

    >>> bool(concepts_of("redujo") & concepts_of("reduced")), concepts_of("zzz")
    (True, frozenset())
    """
    listed = _listed()
    begun = (listed.get(f"{word[:length]}*", frozenset()) for length in range(_SHORTEST_START, len(word) + 1))
    return listed.get(word, frozenset()).union(*begun)


def same_meaning(one: str, other: str) -> bool:
    """Whether two folded words, of one language or of two, are known to mean the same, or are spelt alike.

    >>> same_meaning("hospitales", "hospitals"), same_meaning("bancos", "hospitals")
    (True, False)
    """
    if one == other or concepts_of(one) & concepts_of(other):
        return True
    return min(len(one), len(other)) >= SHORTEST_ALIKE and alike(one, other)


@lru_cache(maxsize=1)
def _listed() -> dict[str, frozenset[int]]:
    rows = json.loads((files("kb") / "data" / "concepts.json").read_text(encoding="utf-8"))
    listed: dict[str, set[int]] = {}
    for number, row in enumerate(rows):
        for word in row.split():
            listed.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in listed.items()}
