"""The language a line is read in: its passage's, unless its own small words clearly say the other.

A guard for passages that mix languages sentence by sentence; detection itself is ``ingest.text.detect``'s.
"""

from __future__ import annotations

from kb.records.language import Language
from kb.words.lexicon import words_of
from kb.words.tokens import Token

_ES = words_of("small_es")
_EN = words_of("small_en")
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
