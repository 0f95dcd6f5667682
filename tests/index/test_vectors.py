"""The vector index against brute force, through adds, removes, filters and its saved form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.vectors.vectors import Keys, VectorIndex
from kb.records.language import Language
from kb.records.ports import FloatArray

RANDOM = np.random.default_rng(7)
KEYS = np.array([3, 5, 8, 13, 21], np.int64)
VECTORS = np.eye(5, 4, dtype=np.float32) + np.float32(0.1)


@pytest.fixture
def index() -> VectorIndex:
    made = VectorIndex.empty(4)
    made.add(Language.ES, KEYS, VECTORS)
    made.add(Language.EN, np.array([4], np.int64), VECTORS[:1])
    return made


def brute_force(keys: Keys, vectors: FloatArray, query: FloatArray, limit: int) -> list[tuple[int, object]]:
    scores = vectors @ query
    rows = sorted(range(len(keys)), key=lambda row: (-scores[row], keys[row]))[:limit]
    return [(int(keys[row]), pytest.approx(float(scores[row]), abs=1e-5)) for row in rows]


def found(index: VectorIndex, query: FloatArray, limit: int, allowed: Keys | None = None) -> list[tuple[int, float]]:
    nearest = index.search(Language.ES, query, limit, allowed)
    return list(zip(nearest.keys.tolist(), nearest.scores.tolist(), strict=True))


def test_search_gives_the_best_of_the_language(index: VectorIndex) -> None:
    query = np.array([1, 0.5, 0, 0], np.float32)

    assert brute_force(KEYS, VECTORS, query, 3) == found(index, query, 3)


def test_filter_is_exact(index: VectorIndex) -> None:
    query = np.array([1, 0.5, 0, 0], np.float32)
    allowed = np.array([8, 21, 999], np.int64)

    assert brute_force(KEYS[[2, 4]], VECTORS[[2, 4]], query, 5) == found(index, query, 5, allowed)
    assert found(index, query, 5, np.zeros(0, np.int64)) == []


def test_removed_keys_are_gone_and_the_others_keep_theirs(index: VectorIndex) -> None:
    assert index.remove([5, 4, 1000]) == 2

    assert index.keys() == {3: Language.ES, 8: Language.ES, 13: Language.ES, 21: Language.ES}
    assert index.languages() == [Language.ES]
    np.testing.assert_array_equal(VECTORS[[4, 2]], index.vectors(Language.ES, [21, 8]))


def test_sum_of_a_language(index: VectorIndex) -> None:
    assert index.total(Language.ES).tolist() == pytest.approx(VECTORS.sum(axis=0).tolist())
    assert index.total(Language.OTHER).tolist() == [0, 0, 0, 0]


def test_saved_bytes_come_back_the_same(index: VectorIndex) -> None:
    data = index.to_bytes()
    again = VectorIndex.from_bytes(data)

    assert index.keys() == again.keys()
    assert data == again.to_bytes()
    np.testing.assert_array_equal(VECTORS, again.vectors(Language.ES, KEYS))


def test_other_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="not a saved vector index"):
        VectorIndex.from_bytes(b"something else")


def test_vectors_of_another_shape_are_refused(index: VectorIndex) -> None:
    with pytest.raises(ValueError, match="dimension 4"):
        index.add(Language.ES, np.array([99], np.int64), np.zeros((1, 3), np.float32))


def test_an_empty_language_finds_nothing(index: VectorIndex) -> None:
    assert index.search(Language.OTHER, VECTORS[0], 5).keys.tolist() == []


@given(st.lists(st.integers(0, 40), unique=True, min_size=1), st.sets(st.integers(0, 40)), st.integers(1, 12))
def test_equals_brute_force_after_removals(keys: list[int], gone: set[int], limit: int) -> None:
    rows = RANDOM.standard_normal((len(keys), 6)).astype(np.float32)
    index = VectorIndex.empty(6)
    index.add(Language.ES, np.array(keys, np.int64), rows)
    index.remove(gone)
    left = [row for row, key in enumerate(keys) if key not in gone]
    query = RANDOM.standard_normal(6).astype(np.float32)

    assert brute_force(np.array(keys, np.int64)[left], rows[left], query, limit) == found(index, query, limit)


def test_held_leaves_out_keys_that_the_index_does_not_have() -> None:
    """A key of another language, or one that is not in yet, is not held."""
    index = VectorIndex.empty(2)
    index.add(Language.ES, np.array([1, 3], np.int64), np.eye(2, dtype=np.float32))
    index.add(Language.EN, np.array([2], np.int64), np.eye(2, dtype=np.float32)[:1])

    assert index.held(Language.ES, [3, 2, 1, 9]) == [3, 1]
    assert index.held(Language.OTHER, [1]) == []
