"""Parity: what is said is compared, not the language it is said in."""

import json
from importlib import resources

import numpy as np
import pytest

from index.model import parity
from index.model.encoder import SentenceEncoder
from index.model.parity import PassageMeans, PriorMeans
from kb.records.language import Language
from tests.fakes import FakeEmbedder, exact_prior

PRIOR = PriorMeans(
    {Language.ES: np.array([0, 1, 0], np.float32), Language.EN: np.array([0, -1, 0], np.float32)},
    {Language.ES: np.array([0, 0.5, 0], np.float32), Language.EN: np.array([0, -0.5, 0], np.float32)},
)


def test_the_fake_prefers_its_language_and_parity_takes_that_away() -> None:
    fake, prior = FakeEmbedder(), exact_prior()
    spanish, english = fake.encode_passages(["el esfuerzo", "the effort"])
    question = fake.encode_queries(["effort"])[0]

    assert (question @ spanish, question @ english) == pytest.approx((0.64, 1))
    centred = [
        parity.centred(vector, prior.passages[language])
        for vector, language in ((spanish, Language.ES), (english, Language.EN))
    ]
    assert [float(parity.centred_question(question, prior) @ vector) for vector in centred] == pytest.approx([1, 1])


@pytest.mark.parametrize(
    ("question", "share"),
    [([3, 1, 0], 1), ([3, -1, 0], 0), ([3, 0, 0], 0.5), ([3, 0.5, 0], 0.75), ([0, 9, 0], 1), ([0, -9, 0], 0)],
)
def test_spanish_share(question: list[float], share: float) -> None:
    assert parity.spanish_share(np.array(question, np.float32), PRIOR.questions) == pytest.approx(share)


def test_a_language_with_enough_passages_has_its_own_mean() -> None:
    totals = {Language.ES: np.array([40.0, 0, 0])}

    found = parity.passage_means(totals, {Language.ES: 40}, PRIOR)

    assert found.notes == ()
    assert found.by_language[Language.ES].tolist() == [1, 0, 0]


def test_a_language_with_few_leans_on_the_prior_and_says_so() -> None:
    totals = {Language.ES: np.array([10.0, 0, 0]), Language.OTHER: np.zeros(3)}

    found = parity.passage_means(totals, {Language.ES: 10, Language.OTHER: 0}, PRIOR)

    assert found.by_language[Language.ES].tolist() == pytest.approx([0.25, 0.375, 0])
    assert found.by_language[Language.OTHER].tolist() == pytest.approx([0, 0, 0])
    expected = (
        "the passages in Spanish (10) are too few for a mean of their own; the general one counts for 75%",
        "the passages in another language (0) are too few for a mean of their own; the general one counts for 100%",
    )
    assert expected == found.notes


def test_a_base_without_passages_has_no_means() -> None:
    assert PassageMeans({}) == parity.passage_means({}, {}, PRIOR)


def test_a_vector_that_is_the_mean_stays_finite() -> None:
    assert parity.centred(np.ones(3, np.float32), np.ones(3, np.float32)).tolist() == [0, 0, 0]


def test_parallel_texts_are_parallel() -> None:
    for name in ("questions.json", "passages.json"):
        rows = json.loads(resources.files("index").joinpath("data", name).read_text(encoding="utf-8"))

        assert {tuple(sorted(row)) for row in rows} == {("en", "es")}
        assert len({row["es"] for row in rows}) == len({row["en"] for row in rows}) == len(rows)


@pytest.mark.model
def test_shipped_means_are_those_of_the_model(encoder: SentenceEncoder) -> None:
    """``data/means.json`` is what encoding the parallel texts gives, to bfloat16."""
    shipped, encoded = parity.prior_means(encoder), parity.encoded_means(encoder)

    for part in ("questions", "passages"):
        for language in (Language.ES, Language.EN):
            difference = getattr(shipped, part)[language] - getattr(encoded, part)[language]
            assert np.abs(difference).max() < 2e-3
