"""The round trip through Zotero: what its translators make of our references, and of theirs what ours make."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.evaluate.citations import GoldenCitation, read_golden
from ingest.readers.libraries.bibtex import read_bibtex
from ingest.readers.libraries.library import LibraryRecord, read_csl, read_ris
from kb.citing import Style
from kb.records.language import Language
from tests.kb.zotero_rules import iso, of_bibtex, of_csl, of_ris

GOLDEN = Path(__file__).parent.parent / "cases" / "citations"
ITEMS = json.loads((GOLDEN / "zotero_items.json").read_text(encoding="utf-8"))
RULES: dict[Style, Callable[[str], dict[str, Any]]] = {
    Style.RIS: of_ris,
    Style.BIBTEX: of_bibtex,
    Style.CSL_JSON: of_csl,
}
READERS: dict[Style, Callable[[str], tuple[list[LibraryRecord], int]]] = {
    Style.RIS: read_ris,
    Style.BIBTEX: read_bibtex,
    Style.CSL_JSON: read_csl,
}
CITATIONS = [one for one in read_golden(GOLDEN) if one.style.is_data and one.language is Language.EN]
IDS = [f"{one.id} {one.style.value}" for one in CITATIONS]
# No way of TeX to write these marks is read by Zotero, its own among them: "^", "~", a backslash, a brace alone.
UNREADABLE = {("r44", Style.BIBTEX), ("r46", Style.BIBTEX)}


@pytest.mark.parametrize("citation", CITATIONS, ids=IDS)
def test_the_rules_are_those_of_the_translators(citation: GoldenCitation) -> None:
    """What is written down here makes of each reference what the translators themselves made of it."""
    assert RULES[citation.style](citation.entry) == ITEMS[citation.id][citation.style.value]


@pytest.mark.parametrize("citation", CITATIONS, ids=IDS)
def test_zotero_has_what_the_record_says(citation: GoldenCitation) -> None:
    """Title, names, publisher, date and address arrive whole, and no article of a journal is made of a report."""
    item, reference = ITEMS[citation.id][citation.style.value], citation.reference
    day = reference.published
    date = [f"{part:02d}" for part in (day.year, day.month, day.day) if part] if day else []

    assert (item["title"] == reference.title) is not ((citation.id, citation.style) in UNREADABLE)
    names = [(" ".join((name.literal or name.family or "").split()), name.given) for name in reference.authors]
    if citation.style is Style.RIS:  # there a comma parts a person's names
        names = [(last.replace(",", ""), given) for last, given in names]
    assert [tuple(one) for one in item["creators"]] == names
    assert item["publisher"] == reference.publisher
    assert (iso(item["date"]) or "") == "-".join(date)
    assert item["url"] == reference.url
    assert item["itemType"] in ("webpage", "report", "document")


@pytest.mark.parametrize("citation", CITATIONS, ids=IDS)
def test_our_own_files_come_back(citation: GoldenCitation) -> None:
    """What is exported is read again as the record that it was made of."""
    (record,), unread = READERS[citation.style](citation.entry)
    known, reference = record.metadata, citation.reference
    day = reference.published
    date = [f"{part:02d}" for part in (day.year, day.month, day.day) if part] if day else []

    assert unread == 0
    assert (known.title, known.publisher, known.url) == (reference.title, reference.publisher, reference.url)
    assert (known.published or "") == "-".join(date)
    assert [one.replace(",", "").split() for one in known.authors] == [
        (f"{name.family} {name.given}" if "," in spoken else name.whole).replace(",", "").split()
        for name, spoken in zip(reference.authors, known.authors, strict=True)
    ]
