"""The main job from file to cited answer, with the real model, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.store import Store
from tests.cli.conftest import SAMPLES, Kb

pytestmark = pytest.mark.model

QUESTIONS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "samples" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
# Questions whose answer stands in the other language, and whose right sentence comes first.
CROSSING = [
    "¿Qué porcentaje de los empleados del mundo estaba comprometido con su trabajo en 2022?",
    "¿Qué diferencia hay entre un mapa de recorrido y un diagrama de procesos?",
    "What share of organisations in Latin America are at the Expert level of CX maturity?",
    "How much more valuable are emotionally connected customers than very satisfied ones?",
]
UNANSWERABLE = [row["question"] for row in QUESTIONS if row["quote"] is None]


def flat(text: str) -> str:
    """The text with every run of white space, no-break spaces too, as one space."""
    return " ".join(text.split())


@pytest.mark.parametrize("question", CROSSING)
def test_a_question_is_answered_from_the_other_language(kb: Kb, sample_base: str, question: str) -> None:
    """The first statement is the expected sentence, verbatim in its source, with its citation."""
    expected = next(row for row in QUESTIONS if row["question"] == question)

    answer = json.loads(kb("ask", question, "--base", sample_base, "--json").stdout)
    first = answer["citations"][0]
    store = Store.open(Path(sample_base))
    text = store.document(first["document"]["id"]).text
    store.close()

    assert answer["status"] == "answered"
    assert answer["language"] == expected["language"]
    assert first["document"]["source_id"] == f"articles/{expected['file']}"
    assert flat(expected["quote"]) in flat(first["quote"]) or flat(first["quote"]) in flat(expected["quote"])
    assert text[first["span"]["start"] : first["span"]["end"]] == first["quote"]
    assert answer["statements"][0] == {**answer["statements"][0], "text": first["quote"]}
    assert "[1]" in answer["text"]


@pytest.mark.parametrize("question", ["How tall is the Eiffel Tower?", "¿Cuál es la capital de Australia?"])
def test_what_the_base_does_not_know_is_no_evidence(kb: Kb, sample_base: str, question: str) -> None:
    """No statement, no citation, and something near."""
    result = kb("ask", question, "--base", sample_base, "--json")
    answer = json.loads(result.stdout)

    assert result.exit_code == 0
    assert (answer["status"], answer["statements"], answer["citations"]) == ("no_evidence", [], [])
    assert len(answer["related"]) == 3


def test_a_second_ingest_changes_nothing(kb: Kb, sample_base: str) -> None:
    """Every file is unchanged, and the base has seen no change."""
    store = Store.open(Path(sample_base))
    before = store.version()

    report = json.loads(kb("ingest", str(SAMPLES), "--base", sample_base, "--json").stdout)

    assert {line["outcome"] for line in report["files"]} <= {"unchanged", "duplicate"}
    assert len(report["files"]) == 18
    assert store.version() == before
    store.close()


def test_search_gives_the_contract(kb: Kb, sample_base: str) -> None:
    """The members of the response and of a hit, and the law of spans."""
    response = json.loads(kb("search", "customer effort", "--base", sample_base, "--limit", "4", "--json").stdout)

    assert set(response) == {"query", "language", "searched", "total", "hits", "facets", "next", "notes", "degraded"}
    assert len(response["hits"]) == 4
    for rank, hit in enumerate(response["hits"], start=1):
        passage = hit["passage"]
        assert hit["rank"] == rank
        assert hit["document"]["source_id"].startswith("articles/")
        assert passage["span"]["end"] - passage["span"]["start"] == len(passage["text"])
        assert hit["citation"]["quote"] in passage["text"]
    assert {hit["passage"]["language"] for hit in response["hits"]} == {"es", "en"}


def test_filters_hold(kb: Kb, sample_base: str) -> None:
    """Only Spanish passages about metrics that have a statistic."""
    words = ("--language", "es", "--topic", "metrics", "--has-statistic", "--limit", "20")

    response = json.loads(kb("search", "NPS", "--base", sample_base, *words, "--json").stdout)

    assert response["hits"]
    for hit in response["hits"]:
        assert hit["passage"]["language"] == "es"
        assert "metrics" in {assigned["topic"] for assigned in hit["passage"]["topics"]}


def test_statistics_by_meaning_and_number(kb: Kb, sample_base: str) -> None:
    """Every row is of the kind and range asked for, with the figure in its quote."""
    words = ("--kind", "percent", "--min", "0.2")

    response = json.loads(kb("stats", "empleados comprometidos", "--base", sample_base, *words, "--json").stdout)

    assert response["total"] == 2
    for row in response["statistics"]:
        assert row["statistic"]["kind"] == "percent"
        assert float(row["statistic"]["value"]) >= 0.2
        assert row["statistic"]["raw"] in row["citation"]["quote"]


def test_a_quote_can_be_verified_and_a_changed_figure_is_caught(kb: Kb, sample_base: str, tmp_path: Path) -> None:
    """``kb ask --json`` saved to a file is sound; one digit changed in it is named."""
    answer = kb("ask", CROSSING[0], "--base", sample_base, "--json").stdout
    (tmp_path / "answer.json").write_text(answer, encoding="utf-8")
    (tmp_path / "forged.json").write_text(answer.replace("23%", "32%"), encoding="utf-8")

    sound = kb("verify", str(tmp_path / "answer.json"), "--base", sample_base)
    forged = kb("verify", str(tmp_path / "forged.json"), "--base", sample_base)

    assert sound.exit_code == 0
    assert forged.exit_code == 1
    assert "number_changed" in forged.stdout


def test_an_evidence_pack_is_checked_without_a_base(kb: Kb, sample_base: str, tmp_path: Path) -> None:
    """Packed here, verified with nothing but the file."""
    pack = tmp_path / "pack.zip"

    made = kb("export", CROSSING[0], "--pack", str(pack), "--base", sample_base)
    checked = kb("verify", str(pack))

    assert (made.exit_code, checked.exit_code) == (0, 0)


def test_citations_in_both_languages(kb: Kb, sample_base: str) -> None:
    """The same document, with the words of each language."""
    documents = json.loads(kb("documents", "--base", sample_base, "--json").stdout)["documents"]
    wanted = next(line["document"] for line in documents if line["document"]["source_id"].endswith("csat-ces.md"))

    spanish = kb("cite", wanted["id"], "--base", sample_base, "--language", "es").stdout
    english = kb("cite", wanted["id"], "--base", sample_base, "--language", "en").stdout

    assert "Tres preguntas que no son la misma" in spanish
    assert "21 de noviembre" in spanish
    assert "November 21" in english


def test_analyze_reads_lines_and_names_broken_ones(kb: Kb) -> None:
    """A line in, a line out; a broken line is named, and the others are still read."""
    spanish = {"id": "a", "text": "El 37,5 % de las empresas mide el NPS.", "language": "es"}
    lines = "\n".join([json.dumps(spanish), "{broken", '{"id": "b", "text": "Hi."}'])

    result = kb("analyze", stdin=lines)
    rows = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]

    assert result.exit_code == 1
    assert [row["id"] for row in rows] == ["a", "b"]
    assert {"id", "language", "topics", "statistics", "sentences"} <= set(rows[0])
    assert [figure["value"] for figure in rows[0]["statistics"]] == ["0.375"]
    assert "metrics" in {assigned["topic"] for assigned in rows[0]["topics"]}
    assert "line 2" in result.stderr
