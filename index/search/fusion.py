"""Several scores to one, alike in every language; pure arithmetic on arrays.

Owns the weights, with where they were measured (docs/retrieval.md). Knows no passage, no index, no
language by name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kb.records.ports import FloatArray


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """How much each part counts.

    Passage and best sentence half and half: hit@1 .93 -> .95 (en) and .91 -> .94 (es) on XQuAD.
    ``tokens`` against those two together: -> .97 and .96, and R@1 .43 -> .54 on cross-language CX
    questions. ``words`` counts per standard deviation within a language: at 0.02 the word index
    already took .05 from both@2, yet a little finds names. ``other_language`` is added per unit of
    score where passage and question differ in language, because even a perfect translation is a
    little less near (both@2 .88 -> .91). ``agreement`` pulls up what says the same as the best hit
    in the other language (both@2 .91 -> .95), from ``agreement_from`` in cosine upwards.
    """

    passage: float = 0.5
    sentence: float = 0.5
    tokens: float = 2.0
    words: float = 0.005
    other_language: float = 0.04
    agreement: float = 1.0
    agreement_from: float = 0.3


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the scores of the candidates of one language, each float32 (candidates,).

    ``tokens`` is null where the base or the model has none; ``foreign`` is 0 when the question is in
    the passages' language, 1 when it is not, between for a question that mixes both.
    """

    passage: FloatArray
    sentence: FloatArray
    words: FloatArray
    tokens: FloatArray | None
    foreign: float


def standardised(scores: FloatArray) -> FloatArray:
    """The scores of one language less their mean, over their standard deviation; zeros if all are equal."""
    spread = float(scores.std()) if len(scores) else 0.0
    if spread < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / spread, np.float32)


def fused(parts: Parts, weights: FusionWeights) -> FloatArray:
    """One score a candidate, on the scale of a cosine, plus the standardised word score."""
    near = weights.passage * parts.passage + weights.sentence * parts.sentence
    if parts.tokens is not None:
        near = (near + weights.tokens * parts.tokens) / (1 + weights.tokens)
    near = near + weights.other_language * parts.foreign * np.abs(near)
    return np.asarray(near + weights.words * standardised(parts.words), np.float32)


def agreeing(scores: FloatArray, cosines: FloatArray, best_score: float, weights: FusionWeights) -> FloatArray:
    """The scores of passages in another language, pulled towards the best hit as far as they say the same.

    ``cosines`` are those of their centred vectors with the centred vector of the best hit. No score
    passes the best: several likenesses would otherwise push the best hit itself out of the first two.
    """
    likeness = np.clip((cosines - weights.agreement_from) / (1 - weights.agreement_from), 0, 1)
    return np.asarray(scores + weights.agreement * likeness * (best_score - scores), np.float32)
