"""Exports: every row has its citation, every quote stands in its source, files open again in other programs."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl  # type: ignore[import-untyped]
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from fastapi.testclient import TestClient
from lxml import etree

from api.service.asking.filters import make_filters
from ingest.sources.sources import SourceFailure, find_sources
from kb.records.search import StatisticQuery
from kb.store import Store
from tests.api.conftest import SAMPLES, Serve, pipeline_of
from tests.cli.conftest import Kb, kb

__all__ = ["kb"]

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
QUESTION = "effort and churn"
# What is exported, and with which words.
EXPORTS: list[tuple[dict[str, Any], str]] = [
    ({}, "documents"),
    ({"what": "documents", "language": "en"}, "documents"),
    ({"what": "passages"}, "passages"),
    ({"what": "passages", "topic": "metrics", "language": "es"}, "passages"),
    ({"q": QUESTION, "limit": 3}, "passages"),
    ({"what": "statistics", "kind": "percent"}, "statistics"),
    ({"what": "statistics", "q": "esfuerzo", "sort": "-value"}, "statistics"),
    ({"what": "answer", "q": QUESTION}, "answer"),
]
IDS = [" ".join(map(str, asked.values())) or "all" for asked, _ in EXPORTS]


def get(client: TestClient, asked: dict[str, Any], form: str) -> tuple[bytes, int]:
    """The exported file, and how many records its header says are in it."""
    response = client.get("/v1/export", params={**asked, "format": form})
    count = int(response.headers.get("x-total-count", "0"))

    assert response.status_code == 200, response.text[:500]
    assert count > 0
    return response.content, count


def check_citation(store: Store, citation: dict[str, Any]) -> None:
    """The quote is what the span cuts out of the document with this hash."""
    document = store.document(citation["document"]["id"])

    assert document.text[citation["span"]["start"] : citation["span"]["end"]] == citation["quote"]
    assert document.sha256 == citation["sha256"]


@pytest.mark.parametrize(("asked", "what"), EXPORTS, ids=IDS)
def test_lines_of_json(client: TestClient, store: Store, asked: dict[str, Any], what: str) -> None:
    """A record a line; its citation leads into the source."""
    data, count = get(client, asked, "jsonl")
    lines = [json.loads(line) for line in data.splitlines()]

    if what == "answer":
        (answer,) = lines
        lines = [{"citation": one, "entry": "in the answer"} for one in answer["citations"]]
        assert client.post("/v1/verify", json=answer).json()["ok"]
    assert len(lines) == count
    for line in lines:
        assert line["entry"]
        if what == "documents":
            assert store.document(line["document_id"]).text == line["text"]
        else:
            check_citation(store, line["citation"])


@pytest.mark.parametrize(("asked", "what"), EXPORTS, ids=IDS)
def test_tables(client: TestClient, store: Store, asked: dict[str, Any], what: str) -> None:
    """CSV and XLSX have the same rows: a citation in each, and the quote that its span cuts."""
    table, count = get(client, asked, "csv")
    rows = list(csv.DictReader(io.StringIO(table.decode(), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(get(client, asked, "xlsx")[0]))[what]
    names, *cells = [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert len(rows) == len(cells) == count
    for row, line in zip(rows, cells, strict=True):
        other = dict(zip(names, line, strict=True))
        assert row["citation"] == other["citation"] != ""
        assert row["sha256"] == other["sha256"]
        if what != "documents":
            text = store.document(row["document_id"]).text
            assert text[int(row["start"]) : int(row["end"])] == other["quote"]


@pytest.mark.parametrize(("asked", "what"), EXPORTS, ids=IDS)
def test_documents_with_footnotes(client: TestClient, store: Store, asked: dict[str, Any], what: str) -> None:
    """Markdown and DOCX: every quote has a footnote of its own that exists, with the citation and its place, and where
    others reach the base with a link."""
    assert "/passages/" not in get(client, asked, "md")[0].decode()
    client.app.state.knowledge_base.public_url = "https://kb.example.org"  # type: ignore[attr-defined]
    text = get(client, asked, "md")[0].decode()
    data, count = get(client, asked, "docx")
    made = docx.Document(io.BytesIO(data))
    paragraphs = [Paragraph(one, made).text for one in made.element.body.iter(qn("w:p"))]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body, notes = (etree.fromstring(archive.read(f"word/{name}.xml")) for name in ("document", "footnotes"))
    marks = [mark.get(f"{WORD}id") for mark in body.iter(f"{WORD}footnoteReference")]
    written = {note.get(f"{WORD}id"): "".join(map(str, note.itertext())) for note in notes.iter(f"{WORD}footnote")}

    assert marks == re.findall(r"\[\^(\d+)\]$", text, re.MULTILINE) == re.findall(r"^\[\^(\d+)\]: ", text, re.MULTILINE)
    assert set(marks) == set(written) - {"-1", "0"}
    assert len(marks) == count or what == "documents"
    assert paragraphs[4].startswith(f"{len(marks)} quote")
    for mark in marks:
        link = re.search(r" https://kb\.example\.org/passages/(p[0-9a-f]{16})\?start=(\d+)&end=(\d+)$", written[mark])
        assert link
        passage = store.passage(link[1])
        quote = store.document(passage.document_id).text[int(link[2]) : int(link[3])]
        assert any(" ".join(quote.split()) in paragraph for paragraph in paragraphs)


def test_filters_hold(client: TestClient, store: Store) -> None:
    """Every passage of the base that fulfils them, and no other; a document that has one of them."""
    asked = {"topic": "metrics", "language": "es"}
    keys = store.keys_matching(make_filters({"topic": ["metrics"], "language": ["es"]}))
    wanted = [] if keys is None else [(one.document_id, one.id) for one in store.passages(keys.tolist()).values()]
    lines = {
        what: [json.loads(line) for line in get(client, {**asked, "what": what}, "jsonl")[0].splitlines()]
        for what in ("passages", "documents")
    }

    assert sorted(line["passage"]["id"] for line in lines["passages"]) == sorted(one for _, one in wanted)
    assert {line["document_id"] for line in lines["documents"]} == {document for document, _ in wanted}


def test_words_around_quotes_are_of_the_callers_language(client: TestClient) -> None:
    """Title and lead in Spanish; numbers of a CSV with the marks that were asked for."""
    spanish = {"Accept-Language": "es"}
    params = {"what": "statistics", "kind": "percent"}
    text = client.get("/v1/export", params={**params, "format": "md"}, headers=spanish).text
    rows = client.get("/v1/export", params={**params, "format": "csv", "separators": "es"}, headers=spanish).text

    head = "# Cifras de la base\n\n"
    assert text.startswith(head)
    assert re.match(
        r"\d+ de \w+ de \d{4}\n\nBase consultada: \d+ documentos, \d+ pasajes\.\n\n4 citas de ", text[len(head) :]
    )
    assert "\n37,5 % · " in text
    assert ";0,375;" in rows


def test_no_evidence_says_so(client: TestClient) -> None:
    """An empty answer is no empty file."""
    params = {"what": "answer", "q": "How tall is the Eiffel Tower?", "format": "md"}
    response = client.get("/v1/export", params=params)

    assert response.headers["x-total-count"] == "0"
    assert "holds no evidence" in response.headers["x-export-notes"]
    assert "holds no evidence" in response.text


def test_what_a_limit_leaves_out_is_said(client: TestClient) -> None:
    found = client.get("/v1/export", params={"q": QUESTION, "limit": 2, "format": "md"})

    assert found.headers["x-export-notes"].endswith("The first 2 of 13 passages%2C by the limit that was given.")
    assert "The first 2 of 13 passages" in found.text


REFUSED = [
    ({"what": "pasages"}, "Did you mean passages?"),
    ({"format": "xslx"}, "Did you mean xlsx?"),
    ({"kind": "percent"}, "does not belong to an export of documents"),
    ({"q": "effort", "min": 0.5}, "does not belong to an export of passages"),
    ({"what": "statistics", "has_statistic": True}, "does not belong to an export of statistics"),
    ({"what": "statistics", "topic": ["metrics", "empathy"]}, "can be given once"),
    ({"what": "answer"}, "is empty"),
    ({"what": "passages", "originals": True}, "does not belong to an export of passages"),
    ({"originals": True, "format": "csv"}, "Ask for documents as jsonl"),
    ({"style": "bibtex", "format": "docx"}, "has no form for a footnote"),
    ({"limit": 3}, "Ask for passages with words"),
    ({"topics": "metrics"}, "Did you mean topic?"),
]


@pytest.mark.parametrize(("asked", "reason"), REFUSED, ids=[str(asked) for asked, _ in REFUSED])
def test_what_does_not_belong_is_refused(client: TestClient, asked: dict[str, Any], reason: str) -> None:
    """422 with the reason, in Spanish too."""
    english = client.get("/v1/export", params=asked).json()
    spanish = client.get("/v1/export", params=asked, headers={"Accept-Language": "es"}).json()

    assert english["code"] == spanish["code"] == "invalid_input"
    assert reason in f"{english['detail']}. {english['hint']}"
    assert spanish["detail"] != english["detail"]


HOSTILE = '=cmd|"/C calc"!A0'


def test_no_cell_is_a_formula(serve: Serve, store: Store, tmp_path: Path) -> None:
    """What a document says stays text in every table; numbers stay numbers."""
    line = {"id": "=1+1", "text": f"{HOSTILE} is what 12% of customers saw.\n\n+34 600 is a phone.", "title": HOSTILE}
    (tmp_path / "hostile.jsonl").write_text(json.dumps(line), encoding="utf-8")
    pipeline_of(store).run(find_sources([tmp_path / "hostile.jsonl"]))
    client = serve()
    for what in ("documents", "passages", "statistics"):
        rows = csv.reader(io.StringIO(client.get("/v1/export", params={"what": what, "format": "csv"}).text))
        book = client.get("/v1/export", params={"what": what, "format": "xlsx"}).content
        sheet = openpyxl.load_workbook(io.BytesIO(book))[what]

        assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))] == []
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b"}
        assert f"'{HOSTILE}" in client.get("/v1/export", params={"what": what, "format": "csv"}).text.replace('""', '"')


def records(store: Store) -> dict[str, Any]:
    """What is in a base, without where its metadata came from."""
    found: dict[str, Any] = {}
    for document in store.documents():
        passages = store.passages_of(document.id)
        figures = store.statistics(StatisticQuery(), passages=[passage.id for passage in passages])
        fields = (document.title, document.authors, document.publisher, document.published, document.url)
        found[document.source_id] = (document.id, document.text, document.blocks, fields, passages, figures)
    return found


def test_an_export_with_originals_makes_the_same_base(client: TestClient, store: Store, tmp_path: Path) -> None:
    """Documents, passages and statistics with the very ids, places and texts."""
    lines = client.get("/v1/export", params={"originals": True}).content
    (tmp_path / "export.jsonl").write_bytes(lines)
    copy = Store.open(tmp_path / "copy", create=True)
    report = pipeline_of(copy).run(find_sources([tmp_path / "export.jsonl"]))

    assert [file.outcome.value for file in report.files] == ["added"] * 4
    assert records(copy) == records(store)
    copy.close()


def test_an_export_without_originals_keeps_names_texts_and_metadata(
    client: TestClient, store: Store, tmp_path: Path
) -> None:
    """What is lost is the original file: ids come from its bytes, so they are others, and places are lines of text."""
    (tmp_path / "export.jsonl").write_bytes(client.get("/v1/export").content)
    copy = Store.open(tmp_path / "copy", create=True)
    pipeline_of(copy).run(find_sources([tmp_path / "export.jsonl"]))
    ours, theirs = records(store), records(copy)

    assert {name: (row[1], row[3]) for name, row in ours.items()} == {
        name: (row[1], row[3]) for name, row in theirs.items()
    }
    assert [name for name in ours if ours[name][0] == theirs[name][0]] == []
    copy.close()


BROKEN = [
    ({"original": "!!!"}, "original is not base64"),
    ({"original": "YQ=="}, "original does not have the line's sha256"),
    ({"original": "YQ==", "media_type": "application/zip"}, "is not read"),
    ({"original": 3}, "original is not a string"),
]


@pytest.mark.parametrize(("changed", "reason"), BROKEN)
def test_an_original_that_is_not_what_its_line_says_is_refused(
    tmp_path: Path, changed: dict[str, Any], reason: str
) -> None:
    line = {"id": "a", "text": "Loyalty.", "media_type": "text/plain", "sha256": "0" * 64, **changed}
    (tmp_path / "a.jsonl").write_text(json.dumps(line), encoding="utf-8")
    (found,) = find_sources([tmp_path / "a.jsonl"])

    assert isinstance(found, SourceFailure)
    assert reason in found.reason


def test_the_command(kb: Kb, corpus_base: Path, tmp_path: Path) -> None:
    """The ending of the file says the format; what is written is what HTTP serves."""
    base = ["--base", str(corpus_base)]
    book, lines, table = (str(tmp_path / name) for name in ("a.xlsx", "a.jsonl", "a.csv"))
    told = json.loads(kb("export", "--what", "statistics", "--out", book, "--json", *base).stdout)
    shown = kb("export", "--what", "passages", "--language", "en", *base)
    written = kb("export", "--out", lines, *base)
    kb("export", "--what", "statistics", "--bom", "--separators", "es", "--wording", "es", "--out", table, *base)

    assert told == {"file": book, "what": "statistics", "format": "xlsx", "count": 5, "notes": []}
    assert openpyxl.load_workbook(book)["statistics"].max_row == 6
    assert [json.loads(line)["passage"]["language"] for line in shown.stdout.splitlines()] == ["en"] * 2
    assert written.stderr == f"4 documents in {lines}\n"
    assert Path(table).read_text(encoding="utf-8").startswith("\ufeffid;value;")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.jsonl", "a.xlsx"]


WRONG = [
    (("--out", "x.pdf"), "format '.pdf': is not known"),
    (("--out", "x"), "has no ending that says its format"),
    (("--json",), "Add --out FILE"),
    (("--excerpts-only",), "belongs to a pack"),
    (("--pack", "x.zip"), "holds the answer to a question"),
    (("--out", "/no/such/folder/x.csv"), "cannot be written"),
    (("--wording", "other"), "has no wording here"),
]


@pytest.mark.parametrize(("words", "reason"), WRONG)
def test_wrong_words(kb: Kb, corpus_base: Path, words: tuple[str, ...], reason: str) -> None:
    result = kb("export", *words, "--base", str(corpus_base))

    assert result.exit_code == 2
    assert reason in str(result.exception)


def test_a_failed_export_leaves_what_was_there(kb: Kb, tmp_path: Path) -> None:
    """The file is replaced when the last byte is written."""
    (tmp_path / "a.jsonl").write_text("before", encoding="utf-8")
    result = kb("export", "--out", str(tmp_path / "a.jsonl"), "--base", str(tmp_path / "nowhere"))

    assert result.exit_code == 3
    assert (tmp_path / "a.jsonl").read_text(encoding="utf-8") == "before"


def test_samples_are_there() -> None:
    """The corpus of these tests holds one of the samples."""
    assert (SAMPLES / "es-tres-preguntas-nps-csat-ces.md").exists()
