"""The large index of a language against the exact one: recall, filters, removal, its saved form."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.vectors.growing import large_part
from index.vectors.large_part import LargePart
from index.vectors.parts import ExactPart, Keys, Nearest
from index.vectors.vectors import VectorIndex
from kb.records.language import Language
from kb.records.ports import FloatArray

DIMENSION = 16
COUNT = 2000
PAIR = (Language.ES, Language.EN)


class Stored:
    """The vectors of a store, by key: clusters around a few subjects, as those of texts are."""

    def __init__(self, count: int, seed: int = 5) -> None:
        random = np.random.default_rng(seed)
        subjects = random.standard_normal((40, DIMENSION))
        rows = subjects[random.integers(0, 40, count)] + 0.5 * random.standard_normal((count, DIMENSION)) + 1.5
        self.rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        self.keys: Keys = np.arange(1, count + 1, dtype=np.int64) * 3
        self.by_key = dict(zip(self.keys.tolist(), self.rows, strict=True))
        queries = subjects + 0.5 * random.standard_normal((40, DIMENSION))
        self.queries: FloatArray = (queries / np.linalg.norm(queries, axis=1, keepdims=True)).astype(np.float32)

    def read(self, keys: Sequence[int]) -> FloatArray:
        return np.array([self.by_key[key] for key in keys], np.float32).reshape(-1, DIMENSION)


@pytest.fixture(scope="module")
def stored() -> Stored:
    return Stored(COUNT)


@pytest.fixture
def large(stored: Stored) -> LargePart:
    made = large_part(stored.keys, stored.read)
    assert isinstance(made, LargePart)
    return made


def exact(stored: Stored, keys: Keys) -> ExactPart:
    part = ExactPart.empty(DIMENSION)
    part.add(keys, stored.read(keys.tolist()))
    return part


def recall(part: LargePart, truth: ExactPart, queries: FloatArray, allowed: Keys | None = None) -> float:
    shares = []
    for query in queries:
        right = truth.search(query, 10, allowed).keys
        shares.append(len(np.intersect1d(right, part.search(query, 10, allowed).keys)) / max(len(right), 1))
    return float(np.mean(shares))


def same(expected: Nearest, found: Nearest) -> bool:
    return expected.keys.tolist() == found.keys.tolist() and bool(np.allclose(expected.scores, found.scores, atol=1e-6))


def test_finds_what_the_exact_one_finds(stored: Stored, large: LargePart) -> None:
    assert recall(large, exact(stored, stored.keys), stored.queries) >= 0.97


def test_what_is_compared_whole_is_exact(stored: Stored, large: LargePart) -> None:
    """When as many are asked for as there are, every vector is compared: keys, scores and order are the exact ones."""
    truth = exact(stored, stored.keys)

    for query in stored.queries[:5]:
        assert same(truth.search(query, COUNT, None), large.search(query, COUNT, None))


@pytest.mark.parametrize("share", [0.05, 0.2, 0.6])
def test_filters_hold_and_lose_nothing(stored: Stored, large: LargePart, share: float) -> None:
    random = np.random.default_rng(3)
    allowed = np.sort(random.choice(stored.keys, int(share * COUNT), replace=False))
    truth = exact(stored, stored.keys)

    assert recall(large, truth, stored.queries, allowed) >= 0.97
    for query in stored.queries:
        assert np.isin(large.search(query, 50, allowed).keys, allowed).all()


def test_a_narrow_filter_is_compared_whole(stored: Stored, large: LargePart) -> None:
    """Few enough allowed keys are all compared by the stored vectors; strangers among them are passed over."""
    allowed = np.array([6000, 3, 4, 30, 300, 10**12], np.int64)
    truth = exact(stored, np.array([3, 30, 300, 6000], np.int64))
    query = stored.queries[0]

    assert same(truth.search(query, 10, None), large.search(query, 10, allowed))
    assert large.search(query, 10, np.array([4], np.int64)).keys.tolist() == []


def test_removed_keys_are_gone_and_new_ones_found(stored: Stored, large: LargePart) -> None:
    gone = stored.keys[::2]

    assert large.remove(np.append(gone, 1)) == len(gone)
    assert large.remove(gone) == 0
    assert large.unseen == len(gone)
    assert large.keys().tolist() == stored.keys[1::2].tolist()
    assert recall(large, exact(stored, stored.keys[1::2]), stored.queries) >= 0.97

    large.add(gone, stored.read(gone.tolist()))

    assert large.keys().tolist() == stored.keys.tolist()
    assert (large.trained_on, large.unseen) == (COUNT, 0)
    assert recall(large, exact(stored, stored.keys), stored.queries) >= 0.97


def test_sum_follows_what_comes_and_the_mean_stays_when_it_goes(stored: Stored, large: LargePart) -> None:
    np.testing.assert_allclose(large.total(), stored.rows.sum(axis=0, dtype=np.float64), atol=1e-6)

    large.remove(stored.keys[:500])

    # The vectors of removed keys are gone: the mean stays.
    np.testing.assert_allclose(large.total() / 1500, stored.rows.mean(axis=0), atol=1e-6)


def test_held_and_vectors_keep_the_order(stored: Stored, large: LargePart) -> None:
    assert large.held([9, 4, 3, -1, 6000, 6003]) == [9, 3, 6000]
    np.testing.assert_array_equal(stored.read([9, 3, 6000]), large.vectors([9, 3, 6000]))
    assert large.vectors([]).shape == (0, DIMENSION)


def test_a_key_that_left_the_store_is_not_found(stored: Stored, large: LargePart) -> None:
    """Between a removal and the next refresh the index still has keys that the store lost."""
    query = stored.queries[0]
    first, *rest = large.search(query, 5, None).keys.tolist()
    kept = stored.by_key.pop(first)
    try:
        assert rest == large.search(query, 4, None).keys.tolist()
        told = large.vectors([rest[0], first])
    finally:
        stored.by_key[first] = kept

    np.testing.assert_array_equal(stored.by_key[rest[0]], told[0])
    np.testing.assert_allclose(stored.rows.mean(axis=0), told[1], atol=1e-6)


def test_the_same_vectors_make_the_same_bytes(stored: Stored, large: LargePart) -> None:
    assert large.to_bytes() == large_part(stored.keys, stored.read).to_bytes()


def test_saved_bytes_come_back_the_same(stored: Stored, large: LargePart) -> None:
    index = VectorIndex.empty(DIMENSION)
    index.put(Language.ES, large)
    index.add(Language.EN, stored.keys[:4] + 1, stored.rows[:4])
    index.remove(stored.keys[5:9])
    data = index.to_bytes()

    again = VectorIndex.from_bytes(data, stored.read)

    assert index.keys() == again.keys()
    assert [part.kind for language in PAIR if (part := again.part(language))] == ["turned", "exact"]
    assert data == again.to_bytes()
    np.testing.assert_array_equal(index.total(Language.ES), again.total(Language.ES))
    for query in stored.queries:
        assert same(index.search(Language.ES, query, 10), again.search(Language.ES, query, 10))


@pytest.mark.parametrize("cut", [0, 10, 24, 24 + 12 * DIMENSION])
def test_other_bytes_are_refused(stored: Stored, large: LargePart, cut: int) -> None:
    with pytest.raises(ValueError, match="not a saved vector index"):
        LargePart.from_file(BytesIO(large.to_bytes()[:cut]), cut, stored.read)


def test_a_large_part_needs_the_store(large: LargePart) -> None:
    index = VectorIndex.empty(DIMENSION)
    index.put(Language.ES, large)

    with pytest.raises(ValueError, match="cannot be read without the store"):
        VectorIndex.from_bytes(index.to_bytes())


def test_vectors_of_another_dimension_are_refused(large: LargePart) -> None:
    with pytest.raises(ValueError, match="do not have 3 dimensions"):
        VectorIndex.empty(3).put(Language.ES, large)


@pytest.mark.parametrize("dimension", [1, 2, 7, 384, 768, 1024])
def test_vectors_of_any_dimension_can_be_coded(dimension: int) -> None:
    rows = np.random.default_rng(2).standard_normal((300, dimension)).astype(np.float32)
    part = LargePart.trained(rows, 300, lambda keys: rows[list(keys)])
    part.add(np.arange(300), rows)

    assert part.search(rows[7], 1, None).keys.tolist() == [int(np.argmax(rows @ rows[7]))]


FEW = Stored(300)
STEPS = st.lists(st.tuples(st.booleans(), st.sets(st.integers(0, 299), max_size=80)), max_size=6)


@settings(max_examples=25, deadline=None)
@given(STEPS, st.sets(st.integers(0, 299)), st.integers(1, 12))
def test_any_way_of_coming_and_going_equals_the_exact_one(
    steps: list[tuple[bool, set[int]]], allowed: set[int], limit: int
) -> None:
    """Few enough to be compared whole: the same keys, scores and order as the exact part, whatever happened before."""
    source = FEW
    part = LargePart.trained(source.rows, 300, source.read)
    present: set[int] = set()
    for adds, rows in steps:
        changed = np.array(sorted(rows - present if adds else rows & present), np.int64)
        if adds and len(changed):
            part.add(source.keys[changed], source.rows[changed])
        elif len(changed):
            assert part.remove(source.keys[changed]) == len(changed)
        present = present | rows if adds else present - rows
    keys = source.keys[np.array(sorted(present), np.int64)]
    only = source.keys[np.array(sorted(allowed), np.int64)]
    truth = exact(source, keys)

    assert keys.tolist() == part.keys().tolist()
    for query in source.queries[:5]:
        assert same(truth.search(query, limit, None), part.search(query, limit, None))
        assert same(truth.search(query, limit, only), part.search(query, limit, only))
