"""The figures of extraction, to the digit, on pages small enough to count by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.evaluate.extraction import ExtractionFigures, PageFigures, evaluate_extraction, token_f1
from kb.records.errors import InputError, SourceError


def _read_text(data: bytes, name: str) -> str:
    if name == "broken.html":
        raise SourceError(name, "is damaged", "Save it again")
    return data.decode()


def test_figures_of_a_folder_are_asserted_whole(tmp_path: Path) -> None:
    """A page with one word too many and one string that slipped in, and a page that cannot be read."""
    rows = [
        {"file": "a.html", "main_text": "uno dos tres", "must_contain": ["dos  tres"], "must_not_contain": ["menú"]},
        {"file": "broken.html", "main_text": "x", "must_contain": ["x"], "must_not_contain": []},
    ]
    (tmp_path / "extract_gold.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "a.html").write_text("menú\nuno dos\ntres")
    (tmp_path / "broken.html").write_text("")

    figures = evaluate_extraction(tmp_path, _read_text)

    pages = (
        PageFigures("a.html", 0.75, 1.0, 6 / 7, (), ("menú",)),
        PageFigures("broken.html", 0.0, 0.0, 0.0, ("x",), (), "broken.html: is damaged. Save it again"),
    )
    assert figures == ExtractionFigures(pages, 3 / 7, 1, 2, 0, 1)


@pytest.mark.parametrize("content", [None, "", "{}", "not json"])
def test_a_folder_without_sound_gold_is_refused(tmp_path: Path, content: str | None) -> None:
    """No gold file, no rows, or a broken row is a crash with a cure, never an empty result."""
    if content is not None:
        (tmp_path / "extract_gold.jsonl").write_text(content)

    with pytest.raises(InputError, match="extract_gold"):
        evaluate_extraction(tmp_path, _read_text)


def test_words_are_compared_as_bags() -> None:
    """Order and case do not count, repeats do."""
    assert token_f1("B a a", "a b") == (2 / 3, 1.0, 0.8)
