"""Parity as a contract: the floors of ``tests/floors.json``, with the real model on the judged sets."""

import json
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from index.evaluate.retrieval import RetrievalReport, evaluate_retrieval
from index.model.bundled_encoder import BundledEncoder
from ingest.text.sentences import sentence_spans
from kb.records.language import Language

ROOT = Path(__file__).parent.parent.parent
SETS = ROOT.parent / "shared" / "eval"
FLOORS: dict[str, Any] = json.loads((ROOT / "tests" / "floors.json").read_text(encoding="utf-8"))["retrieval"]

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.timeout(900)]


def report(name: str, bulk_encoder: BundledEncoder) -> RetrievalReport:
    if not (SETS / name).is_dir():
        pytest.skip(f"the judged set {SETS / name} is not here")
    return evaluate_retrieval(SETS / name, bulk_encoder, sentence_spans)


def below(floors: dict[str, Any], figures: Any) -> list[str]:
    return [
        f"{key}: {getattr(figures, key):.3f} < {floor}"
        for key, floor in floors.items()
        if getattr(figures, key) < floor
    ]


def test_xquad(bulk_encoder: BundledEncoder) -> None:
    floors = FLOORS["xquad"]

    ours = report("xquad", bulk_encoder).ours

    assert below(floors["en"], ours.mixed[Language.EN]) == []
    assert below(floors["es"], ours.mixed[Language.ES]) == []
    assert below({"overlap_at_10": floors["overlap_at_10"]}, ours) == []
    assert [0.45 <= mixed.other_share <= 0.55 for mixed in ours.mixed.values()] == [True, True]


def test_cx_retrieval(bulk_encoder: BundledEncoder) -> None:
    mixed = report("cx_retrieval", bulk_encoder).ours.mixed.values()

    questions = sum(one.questions for one in mixed)
    recall_at_1 = sum(one.recall_at_1 * one.questions for one in mixed) / questions
    recall_at_10 = sum(one.recall_at_10 * one.questions for one in mixed) / questions
    assert recall_at_1 >= FLOORS["cx_retrieval"]["mixed_recall_at_1"]
    assert recall_at_10 >= FLOORS["cx_retrieval"]["mixed_recall_at_10"]
    assert fmean(one.other_share for one in mixed) >= 0.5
