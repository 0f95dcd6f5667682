"""Words that look alike in Spanish and English ("initial" and "inicial", "strategic" and "estratégica").

Owns the likeness of two words; knows no meaning.
"""

from __future__ import annotations

import re
from functools import lru_cache

# What one language writes for the other: "phase/fase", "technology/tecnología", "initial/inicial".
_RESPELT = (
    ("ph", "f"), ("th", "t"), ("qu", "c"), ("ch", "c"), ("gn", "ñ"), ("y", "i"), ("k", "c"), ("w", "u"), ("x", "s"),
)  # fmt: skip
_TI = re.compile(r"t(?=i[aeo])")
_DOUBLED = re.compile(r"(.)\1+")
# The shortest likeness that counts, and the share of the longer word's letters that must be alike.
SHORTEST_ALIKE = 5
_SHARE = 0.6


@lru_cache(maxsize=50_000)
def cognate_key(word: str) -> str:
    """A folded word as both languages would spell it.

    >>> cognate_key("strategic"), cognate_key("estrategica")
    ('strategic', 'strategica')
    """
    for said, spelt in _RESPELT:
        word = word.replace(said, spelt)
    word = _DOUBLED.sub(r"\1", _TI.sub("c", word))
    return word[1:] if word.startswith(("esc", "esp", "est")) else word


def same_start(first: str, second: str) -> bool:
    """Whether two cognate keys begin alike, as far as cognates do.

    >>> same_start(cognate_key("definido"), cognate_key("defined"))
    True
    >>> same_start(cognate_key("contract"), cognate_key("contento"))
    False
    """
    length = 0
    for left, right in zip(first, second, strict=False):
        if left != right:
            break
        length += 1
    return length >= SHORTEST_ALIKE and length >= _SHARE * max(len(first), len(second))
