"""The five documents the project starts from: what goes to the ledger, and that nothing else is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.sources.sources import SourceFile, find_sources
from ingest.text.prepare import Prepared, prepare
from kb.records.language import Language

_SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"

# Rule and line of the original, for each seed by the number its name begins with.
LEDGERS = {
    "000": [("photo_credit", 10)],
    "001": [("breadcrumb", 1)],
    "002": [
        ("site_header", 1),
        ("site_header", 3),
        ("byline", 7),
        ("repeated_title", 9),
        ("lone_marks", 29),
        ("link_card", 31),
        ("link_card", 33),
        ("link_card", 35),
        ("link_card", 37),
    ],
    "003": [("signature", 12), ("comments", 13)],
    "004": [
        ("previous_next", 49),
        ("previous_next", 50),
        ("postal_address", 75),
        ("postal_address", 76),
    ],
}


def _prepared(number: str) -> tuple[SourceFile, Prepared]:
    if not _SEEDS.exists():
        pytest.skip(f"no seeds in {_SEEDS}")
    (path,) = _SEEDS.glob(f"{number}_*.txt")
    (source,) = find_sources([path])
    assert isinstance(source, SourceFile)
    return source, prepare(source)


@pytest.mark.parametrize("number", LEDGERS)
def test_the_ledger_holds_the_furniture_and_nothing_else_is_lost(number: str) -> None:
    """Address, breadcrumb, comment line and credit are out; every other line is in the text."""
    source, prepared = _prepared(number)
    document = prepared.document
    ledger = [(removed.rule, removed.place.line) for removed in document.removed]
    removed_lines = {line for _, line in ledger}
    others = [
        line.strip()
        for position, line in enumerate(source.data.decode().split("\n"), start=1)
        if line.strip() and position not in removed_lines
    ]

    assert ledger == LEDGERS[number]
    assert [line for line in others if line not in document.text] == []


def test_the_mixed_seed_alternates_its_languages() -> None:
    """Every paragraph of the mixed article has its own language."""
    _, prepared = _prepared("000")
    es, en = Language.ES, Language.EN

    assert [passage.language for passage in prepared.passages] == [en, es, en, es, en, en, es, es, es]


def test_metadata_read_from_the_text_names_its_origin() -> None:
    """Series and byline are found, and the title is marked as a guess."""
    _, series = _prepared("001")
    _, byline = _prepared("002")

    assert series.document.series == "Parte 3 de 3"
    assert byline.document.authors == ("Leah Leachman", "Don Scheibenreif")
    assert {origin.field: origin.origin for origin in byline.document.origins} == {
        "title": "first heading",
        "authors": "byline on the page",
    }


def test_a_paragraph_printed_twice_is_one_passage_with_two_places() -> None:
    """The repeated paragraph has its second place in ``other_spans``."""
    _, prepared = _prepared("002")
    repeated = [passage for passage in prepared.passages if passage.other_spans]

    (passage,) = repeated
    (other,) = passage.other_spans
    assert passage.text.endswith(other.cut(prepared.document.text))
