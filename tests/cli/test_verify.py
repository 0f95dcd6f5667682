"""``kb verify``: what it says of a saved answer to programs, without a model and without a base."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.sources.sources import SourceFile, find_sources
from ingest.text.prepare import prepare
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


def test_neither_base_nor_model_is_needed_given_the_source(
    kb: Kb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an empty folder, which stays empty; without the source it says what to give."""
    source = tmp_path / "note.txt"
    source.write_text(TEXT, encoding="utf-8")
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps(saved(source, "Customer effort explains churn.")), encoding="utf-8")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    monkeypatch.delenv("KB_BASE", raising=False)

    sound = kb("verify", str(answer), "--source", str(source))
    without = kb("verify", str(answer))

    assert (sound.exit_code, sound.stdout.splitlines()[-1]) == (0, "every quote is in its source")
    assert without.exit_code == 3
    assert "kb verify ANSWER --source FILE" in str(without.exception)
    assert list(Path.cwd().iterdir()) == []


def test_a_source_that_nothing_cites_is_told(kb: Kb, tmp_path: Path) -> None:
    """Nothing is passed over in silence."""
    source, spare = tmp_path / "note.txt", tmp_path / "spare.txt"
    source.write_text(TEXT, encoding="utf-8")
    spare.write_text("Nobody cites this text about rain and dogs.\n", encoding="utf-8")
    (tmp_path / "answer.json").write_text(
        json.dumps(saved(source, "Customer effort explains churn.")), encoding="utf-8"
    )

    result = kb("verify", str(tmp_path / "answer.json"), "--source", str(source), "--source", str(spare), "--json")
    found = json.loads(result.stdout)

    assert found["ok"]
    assert ["is cited nowhere in this answer" in note for note in found["notes"]] == [True]


def test_control_characters_of_a_file_do_not_reach_the_terminal(kb: Kb, tmp_path: Path) -> None:
    """They could move the cursor and paint "sound" over what was printed."""
    source = tmp_path / "note.txt"
    source.write_text(TEXT, encoding="utf-8")
    answer = saved(source, "Customer effort explains churn.")
    answer["statements"][0]["text"] = "\x1b[2J\x07\x9b1mevery quote is in its source"
    (tmp_path / "answer.json").write_text(json.dumps(answer), encoding="utf-8")

    result = kb("verify", str(tmp_path / "answer.json"), "--source", str(source))

    assert result.exit_code == 1
    assert not {"\x1b", "\x07", "\x9b"} & set(result.output)
    assert "\ufffd[2J" in result.output


def test_the_beginning_of_a_pack_is_no_answer(kb: Kb, tmp_path: Path) -> None:
    """A download that broke off is told from a file that is no JSON."""
    (tmp_path / "pack.zip").write_bytes(b"PK\x03\x04" + b"\xa9" * 100)

    result = kb("verify", str(tmp_path / "pack.zip"))

    assert result.exit_code == 2
    assert "is not a whole evidence pack" in str(result.exception)


def test_a_source_folder_that_is_empty_is_told(kb: Kb, tmp_path: Path) -> None:
    """Nothing else is read in its place."""
    (tmp_path / "answer.json").write_text("{}", encoding="utf-8")
    (tmp_path / "none").mkdir()

    result = kb("verify", str(tmp_path / "answer.json"), "--source", str(tmp_path / "none"))

    assert result.exit_code == 2
    assert "the folder holds no files" in str(result.exception)
