"""A text as folded words with their places and sentences, as the lexicon compares them.

Folding never changes the length of a text, so offsets always lead back to what was written.
Knows no cues and no topics.
"""

import re
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"\n|[.!?…;][^\n]{0,8} ")
# Letters with an accent to the bare letter, one code point to one, so that offsets stay those of the text.
_BARE = str.maketrans("áàâäãéèêëíìîïóòôöõúùûüñç", "aaaaaeeeeiiiiooooouuuunc")


class Word(NamedTuple):
    """A word of a text: folded and as written, its place, and the number of its sentence (from 0).

    A tuple, because one is made for each word of a base: a frozen dataclass takes four times as long.
    """

    folded: str
    raw: str
    start: int
    end: int
    sentence: int


def fold(text: str) -> str:
    """The text in lower case without accents, code point for code point (same length)."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return lowered.translate(_BARE)


def split_words(text: str) -> list[Word]:
    """The words of a text with their places; a sentence ends at a mark before white space, or at a line end."""
    folded = fold(text)
    words: list[Word] = []
    sentence, last = 0, 0
    for found in _WORD.finditer(text):
        start, end = found.span()
        between = text[last:start]
        if between != " " and words and _SENTENCE_END.search(between):
            sentence += 1
        words.append(Word(folded[start:end], text[start:end], start, end, sentence))
        last = end
    return words
