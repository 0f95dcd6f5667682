"""Words of both languages: one table of what they mean for numbers and studies, its one reader, and tokens.

Knows nothing of what a figure is for.
"""

from kb.words.lexicon import Lexicon, LexiconRow, read_lexicon
from kb.words.tokens import Token, tokenize

__all__ = ["Lexicon", "LexiconRow", "Token", "read_lexicon", "tokenize"]
