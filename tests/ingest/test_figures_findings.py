"""Findings in sentences that look like an order, an example or a benchmark; they stay figures."""

from __future__ import annotations

import pytest

from ingest.figures import read_passages
from ingest.prepare import prepare_text
from kb.language import Language

FINDINGS = [
    ("You should keep in mind that 70% of buyers leave.", "70%"),
    ("You should listen: 70% of buyers leave.", "70%"),
    ("Consider that 40% of buyers leave.", "40%"),
    ("CSAT is above 85%.", "above 85%"),
    ("Wait times fell to 3 minutes.", "3 minutes"),
    ("Reply times dropped by 4 minutes.", "4 minutes"),
]


@pytest.mark.parametrize(("text", "raw"), FINDINGS)
def test_findings_stay(text: str, raw: str) -> None:
    prepared = prepare_text(text, Language.EN)

    assert [raw] == [one.raw for one in read_passages(prepared.document, prepared.passages).statistics]
