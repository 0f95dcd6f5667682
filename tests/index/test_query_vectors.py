"""What a query is before it is compared: its manner of writing says nothing."""

from __future__ import annotations

import pytest

from index.search.query_vectors import QuestionReader
from kb.records.search import Query


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ENCUESTA DE SATISFACCIÓN", "encuesta de satisfacción"),
        ("  SEÑALIZACIÓN ", "señalización"),
        ("NPS", "NPS"),
        ("CX NPS CSAT", "CX NPS CSAT"),
        ("Gartner y NPS", "Gartner y NPS"),
        ("señali\u00adzación\u200b", "señalización"),
        ("\u202aseña\u200elización\u202c", "señalización"),
    ],
)
def test_capitals_throughout_and_what_cannot_be_seen_say_nothing(written: str, read: str) -> None:
    assert QuestionReader(None, None).read(Query(written), None).text == read
