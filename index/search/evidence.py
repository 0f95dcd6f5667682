"""The sentence in a passage that answers, and the words that were met.

Owns the choice of the sentence and the wording of the reasons. Knows vectors that are already
centred, and no ranking.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.search.glossary import Equivalent
from index.search.lexical import folded, stem_of
from kb.records.document import Passage, Span
from kb.records.language import Language
from kb.records.ports import FloatArray

_WORD = re.compile(r"[^\W_]{1,60}(?:&[^\W_]{1,60}){0,3}")
MAX_WORDS = 12


@dataclass(frozen=True, slots=True)
class BestSentence:
    """The position of the sentence nearest to the question, and its cosine."""

    position: int
    cosine: float


def best_sentences(question: FloatArray, sentences: FloatArray, counts: Sequence[int]) -> list[BestSentence | None]:
    """For each passage the nearest of its sentences; null for one without any.

    ``sentences`` are the centred vectors of all passages in a row, float32 (sum of ``counts``, dimension).
    """
    sizes = np.array(counts, np.int64)
    starts = np.cumsum(sizes) - sizes
    owners = np.repeat(np.arange(len(sizes)), sizes)
    table = np.full((len(sizes), max(counts, default=0) + 1), -np.inf, np.float32)
    table[owners, np.arange(len(owners)) - starts[owners]] = sentences @ question
    positions = table.argmax(axis=1)
    cosines = table[np.arange(len(sizes)), positions]
    return [
        BestSentence(position, cosine) if count else None
        for count, position, cosine in zip(counts, positions.tolist(), cosines.tolist(), strict=True)
    ]


def sentence_span(passage: Passage, best: BestSentence | None) -> Span:
    """The span of that sentence in the document's text; the whole passage when it has no sentences."""
    if best is None or best.position >= len(passage.sentences):
        return passage.span
    return passage.sentences[best.position]


def as_written(question: str) -> dict[str, str]:
    """The folded words of a question, each with how it was first written."""
    return {folded(word): word for word in reversed(_WORD.findall(question))}


def words_met(
    text: str,
    language: Language,
    words: Sequence[str],
    equivalents: Sequence[Equivalent],
    written: Mapping[str, str],
) -> tuple[str, ...]:
    """The words of the question as they stand in ``text``, then those of the glossary as "said ≈ met".

    ``written`` has the folded words of the question as they were written.
    """
    standing: dict[str, str] = {}
    for word in dict.fromkeys(_WORD.findall(text)):
        standing.setdefault(_stem_as_written(word, language), word)
    direct = [standing[stem] for stem in (stem_of(word, language) for word in words) if stem in standing]
    across = []
    for equivalent in equivalents:
        stems = [stem_of(word, language) for word in equivalent.meant]
        if all(stem in standing for stem in stems):
            said = " ".join(written.get(word, word) for word in equivalent.said)
            across.append(f"{said} ≈ {' '.join(standing[stem] for stem in stems)}")
    return tuple(dict.fromkeys(direct + across))[:MAX_WORDS]


# A page of hits repeats the same few thousand words; without this it was three quarters of a search.
@lru_cache(maxsize=100_000)
def _stem_as_written(word: str, language: Language) -> str:
    return stem_of(folded(word), language)
