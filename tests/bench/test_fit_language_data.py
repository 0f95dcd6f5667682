"""What the data files of the bundled model are made of: directions, weights of tokens, the null set."""

import json
import zlib

import numpy as np

from bench.fit_language_data import null_set_data, token_rows, token_weights
from index.model.bundled import Pieces
from index.search.meaning import NullSet
from kb.records.ports import ModelStamp

PIECES = Pieces(
    (("<s>", 0.0), ("<unk>", 0.0), ("▁cli", -5.0), ("ente", -6.0), ("▁cliente", -9.0), ("s", -3.0), ("▁", -4.0)),
    begin=0, end=0, pad=0, unknown=1,
)  # fmt: skip
UNITS = np.eye(8, dtype=np.float32)


def test_rows_are_means_and_orthonormal_directions() -> None:
    random = np.random.default_rng(3)
    texts = {code: [random.standard_normal((30, 5)).astype(np.float32)] for code in ("es", "en")}

    rows = token_rows(texts, texts, 2)

    assert rows.shape == (6, 5)
    np.testing.assert_allclose(rows[4:] @ rows[4:].T, np.eye(2), atol=1e-5)


def test_weights_are_surprise() -> None:
    assert token_weights(PIECES, 8).tolist() == [0, 0, 1, 2, 5, 0.5, 0, 0]


def test_what_is_dumped_is_what_was_made() -> None:
    """Its facts as JSON, its vectors and tokens in a row."""
    found = NullSet(UNITS, (b"ab", b"", b"c", b"", b"", b"", b"", b""))
    facts, numbers = null_set_data(ModelStamp("m", "1", 8), found)

    assert json.loads(facts) == {"name": "m", "revision": "1", "tokens": [2, 0, 1, 0, 0, 0, 0, 0]}
    assert zlib.decompress(numbers) == UNITS.astype("<f2").tobytes() + b"abc"
