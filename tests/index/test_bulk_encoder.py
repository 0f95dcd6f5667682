"""The fast runtime of the bundled weights: the reference's vectors and tokens, and nothing that reports its use."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bench.reference import ReferenceEncoder
from index.model import bundled
from index.model.bulk_encoder import load_bulk_encoder
from index.model.bundled_encoder import BundledEncoder
from index.model.loading import load_encoder
from index.model.token_space import load_token_space
from kb.records.ports import FloatArray

TEXTS = [
    case["text"]
    for case in json.loads((Path(__file__).parent.parent / "cases" / "encoder_texts.json").read_text(encoding="utf-8"))
]
LONG = " ".join(TEXTS) * 12

pytestmark = pytest.mark.model


def least_cosine(left: FloatArray, right: FloatArray) -> float:
    return float(np.einsum("ij,ij->i", left, right).min())


def test_it_has_the_stamp_of_the_reference(bulk_encoder: BundledEncoder, encoder: ReferenceEncoder) -> None:
    assert bulk_encoder.stamp == encoder.stamp == bundled.stamp()


def test_passages_and_queries_are_those_of_the_reference(
    bulk_encoder: BundledEncoder, encoder: ReferenceEncoder, asking_encoder: ReferenceEncoder
) -> None:
    assert least_cosine(bulk_encoder.encode_passages(TEXTS), encoder.encode_passages(TEXTS)) >= 0.999
    assert least_cosine(bulk_encoder.encode_queries(TEXTS), asking_encoder.encode_queries(TEXTS)) >= 0.999


def test_a_text_of_many_windows_counts_to_its_end(bulk_encoder: BundledEncoder, query_engine: BundledEncoder) -> None:
    """Both cut evenly, so they agree on long texts too."""
    assert least_cosine(bulk_encoder.encode_passages([LONG]), query_engine.encode_passages([LONG])) >= 0.999


def test_tokens_are_those_of_the_reference(bulk_encoder: BundledEncoder, encoder: ReferenceEncoder) -> None:
    space = load_token_space(bundled.stamp())
    assert space is not None
    question = bulk_encoder.encode_questions(["¿Cuánto bajó el esfuerzo del cliente?"])[0]
    assert question.tokens is not None
    vectors, ours = bulk_encoder.encode_passages_with_tokens(TEXTS)
    _, theirs = encoder.encode_passages_with_tokens(TEXTS)

    assert [len(one) for one in ours] == [len(one) for one in theirs]
    assert space.scores(question.tokens, ours).tolist() == pytest.approx(
        space.scores(question.tokens, theirs).tolist(), abs=0.01
    )
    assert least_cosine(vectors, bulk_encoder.encode_passages(TEXTS)) >= 0.99999


def test_vectors_of_topics_come_of_the_same_pass(bulk_encoder: BundledEncoder, query_engine: BundledEncoder) -> None:
    """The others stay as they are to the last bit; both engines make the same, of long texts too."""
    texts = [*TEXTS, LONG]
    plain, tokens = bulk_encoder.encode_passages_with_tokens(texts)
    vectors, packed, topics = bulk_encoder.encode_passages_for_topics(texts)

    assert np.array_equal(vectors, plain)
    assert packed == tokens
    assert least_cosine(topics, query_engine.encode_passages_for_topics(texts)[2]) >= 0.999
    assert float(np.einsum("ij,ij->i", topics, vectors).max()) < 0.999
    np.testing.assert_allclose(np.linalg.norm(topics, axis=1), 1, atol=1e-5)


def test_the_order_of_the_texts_is_kept_and_their_company_does_not_matter(bulk_encoder: BundledEncoder) -> None:
    texts = ["una frase bastante más larga que las demás", "corta", LONG, "a sentence of middle length", ""]
    done: list[int] = []

    together = bulk_encoder.encode_passages(texts, done.append)
    alone = np.concatenate([bulk_encoder.encode_passages([text]) for text in texts])

    assert together.dtype == np.float32
    assert together.shape == (5, 384)
    assert done == [5]
    assert least_cosine(together, alone) > 0.9999
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors(bulk_encoder: BundledEncoder) -> None:
    assert bulk_encoder.encode_passages([]).shape == (0, 384)
    assert bulk_encoder.encode_passages_with_tokens([])[1] == []


def test_exact_questions_are_those_of_the_other_engine(query_engine: BundledEncoder) -> None:
    """A server asks with one, the command line with the other: both must find the same, to the last digit shown."""
    exact = load_bulk_encoder(exact=True)

    np.testing.assert_allclose(exact.encode_queries(TEXTS), query_engine.encode_queries(TEXTS), atol=2e-6)


def test_threads_do_not_disturb_each_other(bulk_encoder: BundledEncoder) -> None:
    alone = bulk_encoder.encode_queries(TEXTS)

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: bulk_encoder.encode_queries([text])[0], TEXTS))

    assert least_cosine(np.stack(together), alone) > 0.9999


def test_what_reports_its_use_is_kept_out(bulk_encoder: BundledEncoder) -> None:
    assert bulk_encoder.stamp.dimension == 384
    assert sys.modules["openvino_telemetry"] is None


def test_the_bundled_model_is_known_by_its_name(encoder: ReferenceEncoder) -> None:
    found = load_encoder(bundled.NAME)

    assert isinstance(found, BundledEncoder)
    assert found.stamp == encoder.stamp
