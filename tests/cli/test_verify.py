"""``kb verify``: what it says of a saved answer to programs, without a model and without a base."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.prepare import prepare
from ingest.sources import SourceFile, find_sources
from tests.cli.conftest import Kb

TEXT = "Customer effort explains churn.\n\nAlmost 40% of customers left after one failure.\n"


def saved(source: Path, quote: str) -> dict[str, Any]:
    """An answer with one quote, as ``kb ask --json`` gives it, from the text of this file."""
    (found,) = find_sources([source])
    assert isinstance(found, SourceFile)
    document = prepare(found).document
    start = max(document.text.find(quote), 0)
    citation = {
        "number": 1,
        "quote": quote,
        "span": {"start": start, "end": start + len(quote)},
        "sha256": found.sha256,
        "document": {"id": document.id, "source_id": document.source_id},
    }
    statement = {"text": quote, "citations": [1]}
    answer = {"question": "How many left?", "language": "en", "status": "answered"}
    return {**answer, "statements": [statement], "citations": [citation]}


@pytest.mark.parametrize(
    ("quote", "ok", "verdict"),
    [
        ("Almost 40% of customers left after one failure.", True, "exact"),
        ("Almost 45% of customers left after one failure.", False, "number_changed"),
    ],
)
def test_json_says_whether_each_quote_and_the_whole_is_sound(
    kb: Kb, tmp_path: Path, quote: str, ok: bool, verdict: str
) -> None:
    """``ok`` of the answer, ``sound`` of each quote, and the exit code say the same."""
    source = tmp_path / "note.txt"
    source.write_text(TEXT, encoding="utf-8")
    (tmp_path / "answer.json").write_text(json.dumps(saved(source, quote)), encoding="utf-8")

    result = kb("verify", str(tmp_path / "answer.json"), "--source", str(source), "--json")
    found = json.loads(result.stdout)

    assert (found["ok"], result.exit_code) == (ok, 0 if ok else 1)
    assert [(one["sound"], one["judgement"]["verdict"]) for one in found["quotes"]] == [(ok, verdict)]
    assert (found["problems"], found["notes"], found["seal"]) == ([], [], "absent")
