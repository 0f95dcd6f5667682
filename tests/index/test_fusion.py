"""Scores to one score, by hand."""

import numpy as np
import pytest

from index.search.candidates import FusionWeights, Parts, agreeing, fused, standardised
from kb.records.ports import FloatArray

PLAIN = FusionWeights(words=0, other_language=0)


def row(*numbers: float) -> FloatArray:
    return np.array(numbers, np.float32)


def test_passage_and_sentence_count_half_and_half() -> None:
    parts = Parts(row(0.2, 0.4), row(0.6, 0.4), row(0, 0), None, 0)

    assert fused(parts, PLAIN).tolist() == pytest.approx([0.4, 0.4])


def test_tokens_count_twice_the_vectors() -> None:
    parts = Parts(row(0.3), row(0.3), row(0), row(0.6), 0)

    assert fused(parts, PLAIN).tolist() == pytest.approx([0.5])


def test_the_other_language_gets_back_what_translation_costs() -> None:
    weights = FusionWeights(words=0, other_language=0.1)

    assert fused(Parts(row(0.5, -0.5), row(0.5, -0.5), row(0, 0), None, 1), weights).tolist() == pytest.approx(
        [0.55, -0.45]
    )
    assert fused(Parts(row(0.5), row(0.5), row(0), None, 0.5), weights).tolist() == pytest.approx([0.525])


def test_words_are_standardised_within_the_language() -> None:
    assert standardised(row(1, 3)).tolist() == [-1, 1]
    assert standardised(row(2, 2)).tolist() == [0, 0]
    assert standardised(row()).tolist() == []


def test_agreement_pulls_towards_the_best_and_never_past_it() -> None:
    weights = FusionWeights(agreement=1, agreement_from=0.3)

    found = agreeing(row(0.2, 0.2, 0.2, 0.2), row(0.2, 0.3, 0.65, 1), 0.6, weights)

    assert found.tolist() == pytest.approx([0.2, 0.2, 0.4, 0.6])
