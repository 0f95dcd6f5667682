"""Tables beside the code: each row has its cells, and a part of a pattern stands for what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.records.tables import patterns_of, rows_of


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package of its own with a folder of data."""
    (tmp_path / "tabled" / "data").mkdir(parents=True)
    (tmp_path / "tabled" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "tabled" / "data" / "whole.tsv").write_text("a\tb\n1\t\n2\tdos\n", encoding="utf-8")
    (tmp_path / "tabled" / "data" / "short.tsv").write_text("a\tb\n1\n", encoding="utf-8")
    patterns = "name\tpattern\n<year>\t(?:19|20)\\d\\d\n<span>\t<year>-<year>\nspan\t\\b<span>\\b\n"
    (tmp_path / "tabled" / "data" / "patterns.tsv").write_text(patterns, encoding="utf-8")
    return "tabled"


def test_rows_are_given_in_order(package: str) -> None:
    """Without the line of names; a cell may be empty."""
    assert list(rows_of(package, "whole.tsv", "a", "b")) == [("1", ""), ("2", "dos")]
    with pytest.raises(ValueError, match=r"whole\.tsv, line 1: its cells are not a, c"):
        list(rows_of(package, "whole.tsv", "a", "c"))
    with pytest.raises(ValueError, match=r"short\.tsv, line 2: its cells are not a, b"):
        list(rows_of(package, "short.tsv", "a", "b"))


def test_parts_of_patterns_are_written_out(package: str) -> None:
    """Parts of parts too; the parts themselves are no rows."""
    pattern = r"\b(?:19|20)\d\d-(?:19|20)\d\d\b"

    assert list(patterns_of(package, "patterns.tsv", "name", "pattern")) == [("span", pattern)]
