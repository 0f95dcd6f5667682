"""When a language outgrows its index, and what is made then: small sizes stand for large ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import pytest

from index.vectors.growing import Growth, made_again
from index.vectors.parts import IndexPart
from index.vectors.vectors import VectorIndex
from kb.records.language import Language
from kb.records.ports import FloatArray

GROWTH = Growth(large_from=200, trained_anew_at=4)
RANDOM = np.random.default_rng(11)
ROWS = RANDOM.standard_normal((2000, 8)).astype(np.float32)


def stored(keys: Sequence[int]) -> FloatArray:
    return ROWS[np.array(keys, np.int64)]


def of_spanish(count: int) -> dict[int, Language]:
    return dict.fromkeys(range(count), Language.ES)


def made(*counts: int) -> tuple[VectorIndex, list[list[tuple[Language, str]]]]:
    """An index that saw Spanish bases of these sizes one after the other, and what was said each time."""
    index = VectorIndex.empty(8)
    return index, [list(made_again(index, of_spanish(count), stored, GROWTH)) for count in counts]


@dataclass(frozen=True, slots=True)
class Trained:
    """What is asked of a part here."""

    trained_on: int | None
    unseen: int = 0


@pytest.mark.parametrize(
    ("count", "part", "reason"),
    [
        (199, None, None),
        (200, None, "200 vectors are many"),
        (199, Trained(None), None),
        (200, Trained(None), "200 vectors are many"),
        (200, Trained(200), None),
        (800, Trained(200), None),
        (801, Trained(200), "it was trained for 200 vectors and has 801"),
        (50, Trained(200), None),
        (49, Trained(200), "49 vectors are few"),
        (400, Trained(200, unseen=100), None),
        (400, Trained(200, unseen=101), "101 of its codes were of removed passages"),
    ],
)
def test_when_a_part_is_made_anew(count: int, part: Trained | None, reason: str | None) -> None:
    assert GROWTH.outgrown(count, cast(IndexPart | None, part)) == reason


def test_below_the_size_nothing_is_done() -> None:
    index, said = made(199)

    assert said == [[]]
    assert index.part(Language.ES) is None


def test_a_language_becomes_large_and_is_trained_anew_at_four_times_its_size() -> None:
    index, said = made(200, 700, 801, 1500)

    assert said == [
        [(Language.ES, "Spanish: the large index was made, for 200 vectors are many")],
        [],
        [(Language.ES, "Spanish: the large index was made, for it was trained for 200 vectors and has 801")],
        [],
    ]
    assert of_spanish(801) == index.keys()


def test_a_language_that_shrank_is_exact_again() -> None:
    index, said = made(400, 49)

    assert said[1] == [(Language.ES, "Spanish: the exact index was made, for 49 vectors are few")]
    assert of_spanish(49) == index.keys()
    np.testing.assert_array_equal(ROWS[[48, 3]], index.vectors(Language.ES, [48, 3]))


def test_a_language_that_lost_many_is_rid_of_their_codes() -> None:
    index, _ = made(400)
    index.remove(range(300, 400))

    assert list(made_again(index, of_spanish(300), stored, GROWTH)) == [
        (Language.ES, "Spanish: the large index was made, for 100 of its codes were of removed passages")
    ]
    assert of_spanish(300) == index.keys()


def test_each_language_has_its_own_size() -> None:
    index = VectorIndex.empty(8)
    wanted = of_spanish(250) | dict.fromkeys(range(1000, 1100), Language.EN)

    said = list(made_again(index, wanted, stored, GROWTH))

    assert said == [(Language.ES, "Spanish: the large index was made, for 250 vectors are many")]
    assert index.languages() == [Language.ES]


def test_a_key_that_leaves_the_store_meanwhile_is_left_out() -> None:
    def without_seven(keys: Sequence[int]) -> FloatArray:
        if 7 in keys:
            raise KeyError(7)
        return stored(keys)

    index = VectorIndex.empty(8)
    list(made_again(index, of_spanish(200), without_seven, GROWTH))

    assert sorted(set(range(200)) - {7}) == sorted(index.keys())
