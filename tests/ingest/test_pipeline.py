"""The order of the steps: what a run writes, what a second run leaves alone, and what a bad file costs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.search import lexical
from ingest.pipeline import Pipeline
from ingest.sources.report import FileReport, Outcome, RunReport
from ingest.sources.sources import find_sources
from ingest.tagging import Tagger
from kb.records.ports import Embedder
from kb.records.search import StatisticQuery
from kb.store import Store
from tests.fakes import FakeEmbedder

ARTICLE = (
    "Customer effort explains churn.\n\n"
    "According to a Gartner study of 2023, 87 percent of customers left after one failure, and loyalty fell.\n"
)
LONG = "\n\n".join(
    f"Paragraph {number} of the press release says at some length what the company did in region {number} and why."
    for number in range(1, 13)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty archive."""
    archive = tmp_path / "archive"
    archive.mkdir()
    return archive


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty base."""
    return Store.open(tmp_path / "base", create=True)


def load_tagger(embedder: Embedder) -> Tagger:
    return Tagger.load(embedder.stamp)


def run(store: Store, *paths: Path, dry_run: bool = False, keep: frozenset[str] = frozenset()) -> RunReport:
    """One run of a new pipeline, as a new process would."""
    return Pipeline(store, FakeEmbedder, lexical, load_tagger, keep=keep).run(find_sources(paths), dry_run=dry_run)


def outcomes(report: RunReport) -> dict[str, Outcome]:
    return {file.source_id: file.outcome for file in report.files}


def state(store: Store) -> object:
    """Everything of a base that a run could change."""
    documents = store.documents(all_versions=True)
    return store.version(), documents, [store.passages_of(document.id) for document in documents], store.vector_keys()


def test_a_second_run_changes_nothing(store: Store, folder: Path) -> None:
    """The same folder again: every line says unchanged, and the base is the same to the last key."""
    (folder / "a.txt").write_text(ARTICLE)
    (folder / "b.md").write_text("# Esfuerzo\n\nEl esfuerzo del cliente explica el abandono.")
    run(store, folder)
    before = state(store)

    again = run(store, folder)

    assert outcomes(again) == {"archive/a.txt": Outcome.UNCHANGED, "archive/b.md": Outcome.UNCHANGED}
    assert state(store) == before


def test_a_document_gets_its_statistics_with_the_topics_of_their_passage(store: Store, folder: Path) -> None:
    """Statistic, span and topics agree with the passage they were read in."""
    (folder / "a.txt").write_text(ARTICLE)
    run(store, folder)
    document = store.documents()[0]

    (statistic,) = store.statistics(StatisticQuery())
    passage = store.passage(statistic.passage_id)

    assert statistic.span.cut(document.text) == "87 percent"
    assert statistic.topics == tuple(assigned.topic for assigned in passage.topics)
    assert (str(statistic.value), statistic.source, statistic.year) == ("0.87", "Gartner", 2023)


def test_bad_files_are_lines_and_the_rest_goes_in(store: Store, folder: Path) -> None:
    """Each bad file is named with stage, reason and hint; it is remembered until it can be read."""
    (folder / "good.txt").write_text(ARTICLE)
    (folder / "empty.txt").write_text("")
    (folder / "no.pdf").write_bytes(b"%PDF-1.4 nothing here")
    (folder / "lines.jsonl").write_text('{"id": "x", "text": "Loyalty is not a card."}\n{broken\n')

    report = run(store, folder)

    assert outcomes(report) == {
        "archive/good.txt": Outcome.ADDED,
        "archive/empty.txt": Outcome.FAILED,
        "archive/no.pdf": Outcome.FAILED,
        "archive/lines.jsonl:2": Outcome.FAILED,
        "x": Outcome.ADDED,
    }
    assert all(file.stage and file.reason and file.hint for file in report.failures)
    assert {failure.source_id for failure in store.failures()} == {file.source_id for file in report.failures}

    (folder / "empty.txt").write_text("Empathy grows where people listen to customers.")
    run(store, folder)

    assert {failure.source_id for failure in store.failures()} == {"archive/no.pdf", "archive/lines.jsonl:2"}


def test_a_dry_run_writes_nothing(store: Store, folder: Path) -> None:
    """The report says what would be; the base stays empty."""
    (folder / "a.txt").write_text(ARTICLE)
    (folder / "empty.txt").write_text("")

    report = run(store, folder, dry_run=True)

    assert outcomes(report) == {"archive/a.txt": Outcome.ADDED, "archive/empty.txt": Outcome.FAILED}
    assert state(store) == (0, [], [], {})
    assert store.failures() == []


def test_the_same_bytes_under_another_name_are_one_document(store: Store, folder: Path) -> None:
    """The second name is a duplicate and is kept as another name."""
    (folder / "a.txt").write_text(ARTICLE)
    (folder / "b.txt").write_text(ARTICLE)

    report = run(store, folder)

    assert report.files[1].outcome is Outcome.DUPLICATE
    assert report.files[1].duplicate_of == "archive/a.txt"
    assert store.names_of(store.document_ids()) == {store.documents()[0].id: ["archive/b.txt"]}


def test_a_reprint_is_kept_and_says_what_it_repeats(store: Store, folder: Path) -> None:
    """A near duplicate goes in, marked; removing the first frees it."""
    (folder / "a.txt").write_text(LONG)
    (folder / "b.txt").write_text(LONG + "\n\nThis line was added by the second site.")

    report = run(store, folder)
    first, second = store.documents()

    assert report.files[1] == FileReport(
        "archive/b.txt",
        Outcome.DUPLICATE,
        document_id=second.id,
        passages=len(store.passages_of(second.id)),
        removed=0,
        duplicate_of="archive/a.txt",
    )
    assert (first.duplicate_of, second.duplicate_of) == (None, first.id)

    store.remove(first.id)

    assert [document.duplicate_of for document in store.documents()] == [None]


def test_prune_removes_only_what_is_gone_and_was_asked_for(store: Store, folder: Path) -> None:
    """A vanished file's document goes; a failing file's and another folder's stay."""
    (folder / "a.txt").write_text(ARTICLE)
    (folder / "b.txt").write_text("Loyalty is not a card in a wallet, says the customer.")
    other = folder.parent / "other"
    other.mkdir()
    (other / "c.txt").write_text("Empathy grows where people listen to customers.")
    run(store, folder, other)
    (folder / "a.txt").unlink()
    (folder / "b.txt").write_text("")

    pipeline = Pipeline(store, FakeEmbedder, lexical, load_tagger)
    report = pipeline.prune(pipeline.run(find_sources([folder])), [folder])

    assert outcomes(report) == {"archive/a.txt": Outcome.REMOVED, "archive/b.txt": Outcome.FAILED}
    assert [document.source_id for document in store.documents()] == ["archive/b.txt", "other/c.txt"]


def test_jsonl_fields_become_the_documents_metadata(store: Store, folder: Path) -> None:
    """What the sender says of a document is kept as said."""
    line = {"id": "doc-1", "text": ARTICLE, "title": "Effort", "authors": ["Example Institute"], "published": "2024-05"}
    (folder / "lines.jsonl").write_text(json.dumps(line))
    run(store, folder)

    (document,) = store.documents()

    assert (document.source_id, document.title, document.authors, document.published) == (
        "doc-1",
        "Effort",
        ("Example Institute",),
        "2024-05",
    )


PAGE = """<html><body><nav><a href="/">Inicio de la casa</a></nav><article><h1>La espera</h1>
<p>Las personas que esperan al teléfono recuerdan la espera y no la respuesta que les dieron.</p></article>
<div class="share-buttons">Compartir en todas partes</div></body></html>"""


def removed_rules(store: Store) -> list[str]:
    (document,) = (one for one in store.documents() if one.source_id != "elsewhere")
    return [block.rule for block in document.removed]


def test_what_was_removed_is_restored_by_rule_or_whole_and_stays_restored(store: Store, folder: Path) -> None:
    """The ledger names rule and place; a kept rule is kept in later runs, also of changed bytes, until none is."""
    path = folder / "a.html"
    path.write_text(PAGE)
    run(store, folder)
    (document,) = store.documents()
    assert [(block.rule, block.place.element) for block in document.removed] == [
        ("navigation", "/html/body/nav"),
        ("outside_main_text", "/html/body/div"),
    ]

    store.add_alias("elsewhere", document.id)  # another name for the same bytes, which it keeps, changes nothing
    assert outcomes(run(store, path, keep=frozenset({"navigation"}))) == {"archive/a.html": Outcome.UPDATED}
    assert outcomes(run(store, folder, keep=frozenset({"navigation"}))) == {"archive/a.html": Outcome.UNCHANGED}
    assert removed_rules(store) == ["outside_main_text"]
    assert "Inicio de la casa" in store.documents()[0].text
    assert store.names_of([document.id]) == {document.id: ["elsewhere"]}

    assert outcomes(run(store, folder)) == {"archive/a.html": Outcome.UNCHANGED}
    path.write_text(PAGE.replace("teléfono", "mostrador"))
    run(store, folder)
    assert removed_rules(store) == ["outside_main_text"]

    run(store, folder, keep=frozenset({"all"}))
    assert removed_rules(store) == []

    run(store, folder, keep=frozenset({"none"}))
    assert removed_rules(store) == ["navigation", "outside_main_text"]


def test_a_name_that_is_not_unicode_is_mended(store: Store, folder: Path) -> None:
    """Archives zipped on Windows bring such names; the file goes in under the name that can be written."""
    (folder / "good.txt").write_text(ARTICLE)
    Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff.txt")).write_text("Loyalty is not a card in a wallet.")

    report = run(store, folder)

    assert {file.source_id: (file.outcome, file.note) for file in report.files} == {
        "archive/bad\ufffd.txt": (Outcome.ADDED, "name: a broken character stands as \ufffd"),
        "archive/good.txt": (Outcome.ADDED, None),
    }


def test_broken_lines_cost_only_themselves(store: Store, folder: Path) -> None:
    """A byte that is not UTF-8, an id used twice: named, and the rest is ingested; half a character is mended."""
    (folder / "l.jsonl").write_bytes(
        b'{"id": "one", "text": "Loyalty is not a card in a wallet."}\n'
        b'{"id": "two", "text": "caf\xe9"}\n'
        b'{"id": "k\\ud800", "text": "Half a character."}\n'
        b'{"id": "one", "text": "Another text under the same id."}\n'
        b'{"id": "three", "text": "Empathy grows where people listen."}\n'
    )

    report = run(store, folder)

    assert outcomes(report) == {
        "one": Outcome.ADDED,
        "archive/l.jsonl:2": Outcome.FAILED,
        "k\ufffd": Outcome.ADDED,
        "archive/l.jsonl:4": Outcome.FAILED,
        "three": Outcome.ADDED,
    }


def test_a_corrected_figure_is_no_reprint(store: Store, folder: Path) -> None:
    """Two press releases that differ in one number are two documents: the number is the news."""
    (folder / "a.txt").write_text(LONG + "\n\nIn all, 87 percent of customers stayed.")
    (folder / "b.txt").write_text(LONG + "\n\nIn all, 88 percent of customers stayed.")

    report = run(store, folder)

    assert [file.outcome for file in report.files] == [Outcome.ADDED, Outcome.ADDED]


def test_what_was_left_unread_stands_in_the_line(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document with more numbers than are read says so, and where reading ended."""
    monkeypatch.setattr("ingest.figures.reading.MAX_NUMBERS", 1)
    (folder / "a.txt").write_text("About 87 percent stayed. Some 12 percent left. Only 9 percent came back.")
    (folder / "b.txt").write_text("Customer effort explains churn.")

    report = run(store, folder)

    assert [file.note for file in report.files] == [
        "1 numbers of the document were read; numbers from character 25 on were not",
        None,
    ]


def lose(path: Path) -> None:
    path.unlink()


def change(path: Path) -> None:
    path.write_bytes(b"x" * path.stat().st_size)


@pytest.mark.parametrize(("damage", "why"), [(lose, "is not kept in this base"), (change, "was changed on disk")])
def test_the_same_bytes_again_put_a_lost_original_back(
    store: Store, folder: Path, damage: Callable[[Path], None], why: str
) -> None:
    """The document is as it was, so nothing of it is read again; a dry run says what would be done."""
    (folder / "a.txt").write_text(ARTICLE)
    run(store, folder)
    (document,) = store.documents()
    original = store.folder / "originals" / document.sha256[:2] / document.sha256
    whole = original.read_bytes()
    damage(original)
    before = state(store)
    (dry,) = run(store, folder, dry_run=True).files
    untouched = not original.exists() or original.read_bytes() != whole
    (line,) = run(store, folder).files
    (again,) = run(store, folder).files

    assert (dry.outcome, untouched) == (Outcome.REPAIRED, True)
    assert dry.note == f"its original {why}: it would be put back from this file"
    assert line == FileReport(
        document.source_id,
        Outcome.REPAIRED,
        document_id=document.id,
        note=f"its original {why}: it was put back from this file",
    )
    assert again.outcome is Outcome.UNCHANGED
    assert original.read_bytes() == whole
    assert state(store) == before


def test_another_source_of_the_same_bytes_puts_it_back_too(store: Store, folder: Path, tmp_path: Path) -> None:
    """Whoever sends them, under whatever name."""
    (folder / "a.txt").write_text(ARTICLE)
    run(store, folder)
    (document,) = store.documents()
    whole = store.original(document.sha256)
    (store.folder / "originals" / document.sha256[:2] / document.sha256).unlink()
    (tmp_path / "other.txt").write_bytes(whole)
    (line,) = run(store, tmp_path / "other.txt").files

    assert line.note == "its original is not kept in this base: it was put back from this file"
    assert store.original(document.sha256) == whole
