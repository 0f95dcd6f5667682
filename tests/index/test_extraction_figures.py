"""The figures of extraction, to the digit, on pages small enough to count by hand, in every format of judged pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.evaluate.extraction import (
    ExtractionComparison,
    ExtractionFigures,
    ExtractionPart,
    PageFigures,
    Score,
    compare_extraction,
    token_f1,
)
from index.evaluate.words_of_files import GoldPage, read_gold_pages
from kb.records.errors import InputError, SourceError
from kb.records.language import Language


def _ours(data: bytes, name: str) -> str:
    if name == "broken.html":
        raise SourceError(name, "is damaged", "Save it again")
    return data.decode()


def _plain(data: bytes, name: str) -> str:
    return "x"


def _tell(text: str) -> Language:
    return Language.ES if "uno" in text else Language.EN


def _compared(folder: Path) -> ExtractionComparison:
    return compare_extraction(folder, ("ours", _ours), ("plain", _plain), _tell)


def test_figures_of_a_folder_are_asserted_whole(tmp_path: Path) -> None:
    """A page with one word too many and one string that slipped in, and a page that cannot be read but by the other."""
    rows = [
        {"file": "a.html", "main_text": "uno dos tres", "must_contain": ["dos  tres"], "must_not_contain": ["menú"]},
        {"file": "broken.html", "main_text": "x", "must_contain": ["x"], "must_not_contain": []},
    ]
    (tmp_path / "extract_gold.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "a.html").write_text("menú\nuno dos\ntres")
    (tmp_path / "broken.html").write_text("")

    report = _compared(tmp_path)

    ours = (
        PageFigures("a.html", 0.75, 1.0, 6 / 7, (), ("menú",)),
        PageFigures("broken.html", 0.0, 0.0, 0.0, ("x",), (), "broken.html: is damaged. Save it again"),
    )
    plain = (
        PageFigures("a.html", 0.0, 0.0, 0.0, ("dos  tres",), ()),
        PageFigures("broken.html", 1.0, 1.0, 1.0, (), ()),
    )
    expected = ExtractionComparison(
        ExtractionFigures(
            "ours",
            ours,
            (
                ExtractionPart(None, Score(2, 0.375, 0.5, 3 / 7), Score(2, 0.5, 0.5, 0.5), 1),
                ExtractionPart(Language.ES, Score(1, 0.75, 1.0, 6 / 7), Score(1, 0.5, 1.0, 2 / 3), 0),
                ExtractionPart(Language.EN, Score(1, 0.0, 0.0, 0.0), Score(1, 0.0, 0.0, 0.0), 1),
            ),
            *(1, 2, 0, 1, ("broken.html",)),
        ),
        ExtractionFigures(
            "plain",
            plain,
            (
                ExtractionPart(None, Score(2, 0.5, 0.5, 0.5), Score(2, 1.0, 0.5, 2 / 3), 1),
                ExtractionPart(Language.ES, Score(1, 0.0, 0.0, 0.0), Score(1, 0.0, 0.0, 0.0), 1),
                ExtractionPart(Language.EN, Score(1, 1.0, 1.0, 1.0), Score(1, 1.0, 1.0, 1.0), 0),
            ),
            *(1, 2, 1, 1, ("a.html",)),
        ),
    )
    assert report == expected


def test_pages_of_strings_are_read(tmp_path: Path) -> None:
    """The format of trafilatura's evaluation: a page below "cache" or "eval", strings with and without."""
    (tmp_path / "evaldata.json").write_text(
        json.dumps({"https://a": {"file": "a.html", "with": ["uno"], "without": ["b"]}})
    )
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "a.html").write_text("uno b")

    assert read_gold_pages(tmp_path) == (GoldPage("eval/a.html", None, ("uno",), ("b",)),)
    assert _compared(tmp_path).ours.parts[0].strings == Score(1, 0.5, 1.0, 2 / 3)


def test_pages_with_expected_markup_are_read(tmp_path: Path) -> None:
    """The format of readability's tests: words run on over inline elements, and stand apart over others."""
    (tmp_path / "001").mkdir()
    (tmp_path / "001" / "expected.html").write_text("<div><p>un<b>o</b></p><p>dos&amp;</p></div>")
    (tmp_path / "001" / "source.html").write_text("uno dos")

    report = _compared(tmp_path)

    assert report.ours.pages == (PageFigures("001/source.html", 1.0, 1.0, 1.0, (), ()),)
    assert report.ours.lost == ()


@pytest.mark.parametrize("content", [None, "", "{}", "not json"])
def test_a_folder_without_sound_gold_is_refused(tmp_path: Path, content: str | None) -> None:
    """No gold file, no rows, or a broken row is a crash with a cure, never an empty result."""
    if content is not None:
        (tmp_path / "extract_gold.jsonl").write_text(content)

    with pytest.raises(InputError, match="extract_gold"):
        _compared(tmp_path)


def test_words_are_compared_as_bags() -> None:
    """Order and case do not count, repeats do."""
    assert token_f1("B a a", "a b") == (2 / 3, 1.0, 0.8)
