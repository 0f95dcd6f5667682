"""Whether a number was measured, told by the text around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.model import bundled
from index.model.bundled_encoder import BundledEncoder
from index.model.heads.finding_reader import shipped_finding_reader
from kb.records.document import Span
from kb.records.errors import ModelError

pytestmark = pytest.mark.model

FINDINGS = [
    ("Imagine a contact centre that takes 200 calls on a Monday.", "200", False),
    ("On Monday the contact centre took 200 calls.", "200", True),
    ("Nuestro objetivo es contestar 40 llamadas por agente.", "40", False),
    ("Cada agente contestó 40 llamadas de media.", "40", True),
]


@pytest.mark.parametrize(("text", "raw", "figure"), FINDINGS)
def test_what_was_measured_is_told_by_the_text(
    text: str, raw: str, figure: bool, bulk_encoder: BundledEncoder, query_engine: BundledEncoder
) -> None:
    number = Span(text.index(raw), text.index(raw) + len(raw))

    assert (bulk_encoder.figure_odds(text, number, 0.0) > 0) is figure
    assert bulk_encoder.figure_odds(text, number, 0.0) == query_engine.figure_odds(text, number, 0.0)


def test_what_the_signs_weigh_counts_too(bulk_encoder: BundledEncoder) -> None:
    odds = [bulk_encoder.figure_odds("Cada agente contestó 40 llamadas.", Span(21, 23), one) for one in (-2, 0, 2, 9)]

    assert odds == sorted(odds)
    assert odds[0] < odds[1] < odds[2]


def test_in_a_text_of_too_many_tokens_the_signs_stand(bulk_encoder: BundledEncoder) -> None:
    assert bulk_encoder.figure_odds("El 61 % vuelve. " * 200, Span(3, 7), 0.25) == 0.25


@pytest.mark.parametrize("damage", [b"", b"PK no archive", b"\x93NUMPY\x01\x00"])
def test_a_damaged_file_says_how_it_is_made(damage: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "finding_reader.npz").write_bytes(damage)
    monkeypatch.setattr("index.model.heads.tuning.resources.files", lambda name: tmp_path)

    with pytest.raises(ModelError) as caught:
        shipped_finding_reader(bundled.read_model(bundled.checked_weights()))

    assert "bench.fit_finding_reader" in caught.value.hint
