"""A search on the command line with a damaged index or without its model answers, and says on stderr what it lacks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.vectors import generations
from tests.cli.conftest import Kb

pytestmark = pytest.mark.model


@pytest.fixture
def base(sample_base: str, tmp_path: Path, kb: Kb) -> Path:
    """A copy of the samples' base, with its index written."""
    shutil.copytree(sample_base, tmp_path / "base")
    assert kb("index", "--base", str(tmp_path / "base")).exit_code == 0
    return tmp_path / "base"


def delete(folder: Path) -> None:
    next(folder.glob("*.vectors")).unlink()


def truncate(folder: Path) -> None:
    path = next(folder.glob("*.vectors"))
    path.write_bytes(path.read_bytes()[:1000])


def of_another_model(folder: Path) -> None:
    pointer = folder / generations.POINTER
    pointer.write_text(pointer.read_text().replace("multilingual-e5-small", "other"))


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (delete, "the file of the vector index was missing"),
        (truncate, "the file of the vector index was damaged"),
        (of_another_model, "the vector index was made with other, not multilingual-e5-small"),
    ],
    ids=["deleted", "truncated", "another model's"],
)
def test_a_damaged_index_is_made_anew_and_told(kb: Kb, base: Path, damage: Callable[[Path], None], reason: str) -> None:
    """The same hits as before, the damage named once, and none the next time."""
    words = ("search", "esfuerzo del cliente", "--base", str(base), "--json")
    whole = json.loads(kb(*words).stdout)
    damage(base / "index")

    mended = kb(*words)
    again = kb(*words)

    assert mended.exit_code == 0
    assert json.loads(mended.stdout) == {**whole, "notes": [f"the vector index was made anew: {reason}"]}
    assert json.loads(again.stdout) == whole
    assert whole["degraded"] is False


def test_the_damage_is_told_to_people_on_stderr(kb: Kb, base: Path) -> None:
    """Where data does not go."""
    delete(base / "index")

    result = kb("search", "esfuerzo del cliente", "--base", str(base))

    assert "se rehízo el índice de vectores: faltaba el archivo del índice de vectores" in result.stderr
    assert "se rehízo" not in result.stdout


def test_kb_index_says_what_it_did(kb: Kb, base: Path) -> None:
    """Counts and the reason, for people and for programs."""
    delete(base / "index")

    made = json.loads(kb("index", "--base", str(base), "--json").stdout)
    again = kb("index", "--base", str(base))

    assert made["rebuilt"] == "the file of the vector index was missing"
    assert made["added"] > 100
    assert made["saved"] is True
    assert again.stdout == f"{made['added']} vectors: 0 added, 0 removed\n"


def test_without_the_model_words_answer(kb: Kb, base: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder that is not there: hits by words in both languages, flagged, with the reason on stderr; exit code 0."""
    monkeypatch.setenv("KB_MODEL", str(tmp_path / "nowhere"))

    result = kb("search", "esfuerzo del cliente", "--base", str(base))
    response = json.loads(kb("search", "esfuerzo del cliente", "--base", str(base), "--json").stdout)

    assert result.exit_code == 0
    assert "no se puede cargar" in result.stderr
    assert "solo" in result.stderr
    assert "words only" in kb("ask", "¿Qué es el NPS?", "--base", str(base)).stderr
    assert response["degraded"] is True
    assert {hit["passage"]["language"] for hit in response["hits"]} == {"es", "en"}
