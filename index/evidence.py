"""The sentence in a passage that answers, and the words that were met.

Owns the choice of the sentence and the wording of the reasons. Knows vectors that are already
centred, and no ranking.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.glossary import Equivalent
from index.lexical import folded, stem_of
from kb.document import Passage, Span
from kb.language import Language
from kb.ports import FloatArray
from kb.search import Why

_WORD = re.compile(r"[^\W_]{1,60}(?:&[^\W_]{1,60}){0,3}")
MAX_WORDS = 12
ENOUGH_STRENGTH = 0.4


@dataclass(frozen=True, slots=True)
class BestSentence:
    """The position of the sentence nearest to the question, and its cosine."""

    position: int
    cosine: float


def best_sentence(question: FloatArray, sentences: FloatArray) -> BestSentence | None:
    """The nearest of the centred sentence vectors, float32 (sentences, dimension); null without any."""
    if not len(sentences):
        return None
    cosines = sentences @ question
    position = int(np.argmax(cosines))
    return BestSentence(position, float(cosines[position]))


def sentence_span(passage: Passage, best: BestSentence | None) -> Span:
    """The span of that sentence in the document's text; the whole passage when it has no sentences."""
    if best is None or best.position >= len(passage.sentences):
        return passage.span
    return passage.sentences[best.position]


def words_met(
    text: str, language: Language, words: Sequence[str], equivalents: Sequence[Equivalent]
) -> tuple[str, ...]:
    """The words of the question as they stand in ``text``, then those of the glossary as "said ≈ met"."""
    standing: dict[str, str] = {}
    for match in _WORD.finditer(text):
        standing.setdefault(stem_of(folded(match[0]), language), match[0])
    direct = [standing[stem] for stem in (stem_of(word, language) for word in words) if stem in standing]
    across = []
    for equivalent in equivalents:
        stems = [stem_of(word, language) for word in equivalent.meant]
        if all(stem in standing for stem in stems):
            across.append(f"{' '.join(equivalent.said)} ≈ {' '.join(standing[stem] for stem in stems)}")
    return tuple(dict.fromkeys(direct + across))[:MAX_WORDS]


def strength(why: Why) -> float:
    """How near passage and sentence are to the question: the mean of the two centred cosines, -1 to 1."""
    return (why.vector + why.sentence) / 2


def supports(question: str, passage: Passage, why: Why) -> bool:
    """Whether the passage found is near enough to the question to answer it."""
    return strength(why) >= ENOUGH_STRENGTH
