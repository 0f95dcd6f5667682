"""The encoder and the query engine: one set of weights, one set of vectors."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from bench.reference import ReferenceEncoder
from index.model import bundled
from index.model.bulk_network import has_bfloat16
from index.model.bundled_encoder import BundledEncoder
from index.model.encoder import load_named
from kb.records.errors import ModelError
from kb.records.ports import FloatArray, ModelStamp

SENTENCES = json.loads((Path(__file__).parent.parent / "cases" / "encoder_texts.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.model


def cosines(left: FloatArray, right: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("ij,ij->i", left, right), np.float32)


def test_stamp_is_the_same_for_both_runtimes(encoder: ReferenceEncoder, query_engine: BundledEncoder) -> None:
    expected = ModelStamp("multilingual-e5-small", "1571fc9827503943.1", 384)

    assert expected == encoder.stamp
    assert expected == query_engine.stamp


def test_query_engine_equals_encoder(asking_encoder: ReferenceEncoder, query_engine: BundledEncoder) -> None:
    """Questions in numpy, with changes of low rank, are those of the reference with them in its maps."""
    texts = [case["text"] for case in SENTENCES]

    found = cosines(asking_encoder.encode_queries(texts), query_engine.encode_queries(texts))

    assert [text for text, cosine in zip(texts, found, strict=True) if cosine < 0.999] == []


def test_passages_of_both_runtimes_are_equal(encoder: ReferenceEncoder, query_engine: BundledEncoder) -> None:
    """Also with a text of several windows: nothing is cut off."""
    texts = [SENTENCES[0]["text"], " ".join(case["text"] for case in SENTENCES if case["label"] != "script") * 12]

    found = cosines(encoder.encode_passages(texts), query_engine.encode_passages(texts))

    assert found[0] >= 0.999
    # Windows are cut evenly here and greedily there, so the long one agrees a little less.
    assert found[1] >= 0.99


def test_the_end_of_a_long_text_counts(encoder: ReferenceEncoder) -> None:
    filler = "The store opens at nine and closes at eight. " * 120
    same_end, other_end = filler + "Churn fell by half. " * 40, filler + "The cat sleeps. " * 40
    question = encoder.encode_queries(["How much did churn fall?"])

    found = encoder.encode_passages([same_end, other_end]) @ question[0]

    assert found[0] > found[1]


def test_vectors_are_float32_units_in_the_order_of_the_texts(encoder: ReferenceEncoder) -> None:
    texts = ["una frase bastante más larga que las demás", "corta", "a sentence of middle length"]

    together = encoder.encode_passages(texts)
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])

    assert together.dtype == np.float32
    assert together.shape == (3, 384)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert (cosines(together, alone) > 0.9999).all()


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux")
def test_no_thread_keeps_to_one_processor(bulk_encoder: BundledEncoder) -> None:
    """One that does waits for whoever has it, though others are free."""
    bulk_encoder.encode_passages(["Loyal customers come back.", "Los clientes leales vuelven."] * 8)
    threads = [int(path.name) for path in Path("/proc/self/task").iterdir()]

    assert len(threads) > 1
    assert {frozenset(os.sched_getaffinity(thread)) for thread in threads} == {frozenset(os.sched_getaffinity(0))}


def test_no_texts_give_no_vectors(encoder: ReferenceEncoder, query_engine: BundledEncoder) -> None:
    assert encoder.encode_passages([]).shape == (0, 384)
    assert query_engine.encode_queries([]).shape == (0, 384)


def test_a_model_that_is_nowhere_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="KB_MODEL takes a folder that sentence-transformers saved"):
        load_named(str(tmp_path))


def test_bfloat16_is_asked_of_the_processor(tmp_path: Path) -> None:
    information = tmp_path / "cpuinfo"

    information.write_text("flags\t\t: fpu avx512f avx512_bf16 sha_ni\n")
    assert has_bfloat16(information)
    information.write_text("flags\t\t: fpu avx512f\n")
    assert not has_bfloat16(information)
    assert not has_bfloat16(tmp_path / "missing")


def test_bundled_dimension_agrees_with_the_model(encoder: ReferenceEncoder) -> None:
    assert encoder.stamp.dimension == bundled.DIMENSION
