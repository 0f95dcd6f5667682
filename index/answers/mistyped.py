"""Slips of typing in a question, mended by the words of the passages found for it.

A word that no passage has and that is one of theirs but for two neighbours exchanged, or a letter doubled or not, is
read as that one. Other slips are left: one letter more or less makes another word too often ("contact", "contract").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.answers.asked_words import wording_of
from index.search.lexical import folded
from kb.records.language import Language

_WORD = re.compile(r"[^\W\d_]{2,40}")
# In shorter words an exchange makes another word ("causal", "casual" are the shortest met).
_SHORTEST = 7


def mended(question: str, texts: Sequence[tuple[str, Language]]) -> tuple[str, tuple[str, ...]]:
    """The question with its slips mended, and the words as they are read now; the same question and none without slips.

    >>> mended("How is satisfcation measured?", [("Satisfaction is measured.", Language.EN)])
    ('How is satisfaction measured?', ('satisfaction',))
    """
    wordings = [wording_of(text, language) for text, language in texts]
    strange = [
        word
        for word in dict.fromkeys(_WORD.findall(question))
        if len(word) >= _SHORTEST and not any(folded(word) in wording.words for wording in wordings)
    ]
    if not strange:
        return question, ()
    spelt = {folded(word): word.lower() for text, _ in texts for word in _WORD.findall(text)}
    read: list[str] = []
    for word in strange:
        meant = sorted({spelt[one] for one in _slips(folded(word)) if one in spelt})
        if len(meant) == 1:
            question = re.sub(rf"\b{re.escape(word)}\b", meant[0], question)
            read += meant
    return question, tuple(read)


def _slips(word: str) -> Iterator[str]:
    """The word with each pair of neighbours exchanged, each letter doubled, and each double letter single."""
    for at in range(len(word) - 1):
        if word[at] == word[at + 1]:
            yield word[:at] + word[at + 1 :]
        else:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(len(word)):
        yield word[: at + 1] + word[at:]
