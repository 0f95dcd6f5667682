"""The language a line is read in: its passage's, unless its own small words clearly say the other.

A guard for passages that mix languages sentence by sentence; detection itself is ``ingest.detect``'s.
"""

from __future__ import annotations

from ingest.figures.scan import Token, word_set
from kb.language import Language

_ES = word_set(
    "el la los las de del que y en un una por con para se su sus es son al lo como más pero según cada fue ha han "
    "este esta"
)
_EN = word_set(
    "the of and to in that is are for with on by their its as from this have has it was were than at be an or"
)
_MARGIN = 3
"""How many more small words of the other language it takes; below it the passage's language holds."""


def line_language(tokens: list[Token], language: Language) -> Language:
    """The language to read these tokens in."""
    spanish = sum(1 for token in tokens if token.lower in _ES)
    english = sum(1 for token in tokens if token.lower in _EN)
    if language is not Language.ES and spanish >= english + _MARGIN and spanish >= 2 * english:
        return Language.ES
    if language is not Language.EN and english >= spanish + _MARGIN and english >= 2 * spanish:
        return Language.EN
    return language
