"""What is said anew of a source with the same bytes: its record is corrected, and nothing is embedded again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from index.search import lexical
from ingest.pipeline import Pipeline
from ingest.sources.report import FileReport, Outcome
from ingest.sources.sources import find_sources
from ingest.tagging import Tagger
from kb.records.ports import Embedder, FloatArray
from kb.records.search import StatisticQuery
from kb.records.source import BY_HAND, Correction, FieldChange
from kb.store import Store
from tests.fakes import FakeEmbedder

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
TEXT = "# Effort\n\nAcme Insights asked 1,200 customers about loyalty. 40% of customers left after one failure.\n"


class Archive:
    """A folder with one study and its sidecar, and the base that it goes into."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "archive"
        self.folder.mkdir()
        self.write("study.md", TEXT)
        self.store = Store.open(tmp_path / "base", create=True)
        self.embedded = 0

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def say(self, **fields: Any) -> None:
        self.write("study.md.meta.json", json.dumps(fields))

    def run(self, *, dry_run: bool = False) -> FileReport:
        """The line of the study in a run of a new process."""

        archive = self

        class Counting(FakeEmbedder):
            def encode_passages(self, texts: Sequence[str]) -> FloatArray:
                archive.embedded += len(texts)
                return super().encode_passages(texts)

        def embedder() -> Embedder:
            return Counting()

        def tagger(made: Embedder) -> Tagger:
            return Tagger.load(made.stamp)

        pipeline = Pipeline(self.store, embedder, lexical, tagger, now=lambda: NOW)
        lines = pipeline.run(find_sources([self.folder]), dry_run=dry_run).files
        return next(line for line in lines if line.source_id == "archive/study.md")

    def correct(self, **fields: Any) -> None:
        """What a person corrects by hand."""
        (document,) = self.store.documents()
        self.store.correct(document.corrected(fields, NOW, "operator", BY_HAND), None, document.revision)

    def record(self, *names: str) -> tuple[Any, ...]:
        (document,) = self.store.documents()
        return tuple(getattr(document, name) for name in names)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def test_a_sidecar_that_comes_later_updates_the_record(archive: Archive) -> None:
    """The line says so, the figures follow, the history says what it was, and nothing was embedded."""
    archive.run()
    archive.embedded = 0
    archive.say(title="What effort costs", authors=["Ana Pérez"], publisher="Acme Insights", published="2021")

    tried, line, again = archive.run(dry_run=True), archive.run(), archive.run()

    assert (tried.outcome, line.outcome, again.outcome) == (Outcome.UPDATED, Outcome.UPDATED, Outcome.UNCHANGED)
    assert line.note == "its record was corrected: title, authors, publisher, published"
    (document,) = archive.store.documents()
    assert document.corrections == (
        Correction(
            NOW,
            "operator",
            "sidecar",
            (
                FieldChange("title", "Effort", "What effort costs"),
                FieldChange("authors", (), ("Ana Pérez",)),
                FieldChange("publisher", None, "Acme Insights"),
                FieldChange("published", None, "2021"),
            ),
        ),
    )
    assert [(one.raw, one.source) for one in archive.store.statistics(StatisticQuery())] == [("40%", "Acme Insights")]
    assert archive.embedded == 0


def test_a_dry_run_writes_no_correction(archive: Archive) -> None:
    archive.run()
    archive.say(title="What effort costs")

    archive.run(dry_run=True)

    assert archive.record("title", "revision") == ("Effort", 0)


def test_a_sidecar_that_did_not_change_does_not_undo_a_person(archive: Archive) -> None:
    """It is old news, and the line says so; what is new in a sidecar is taken, and so is one that goes back."""
    archive.say(title="From the sidecar")
    archive.run()
    archive.correct(title="By a person")

    kept = archive.run()

    assert kept.outcome is Outcome.UNCHANGED
    assert kept.note == "what was corrected since in its record was kept, not what is sent again: title"
    assert archive.record("title") == ("By a person",)

    said = []
    for title in ("Anew", "Once more", "Anew"):
        archive.say(title=title)
        said.append((archive.run().outcome, archive.record("title")))
    assert said == [(Outcome.UPDATED, (title,)) for title in ("Anew", "Once more", "Anew")]


def test_a_sidecar_that_is_gone_changes_nothing(archive: Archive) -> None:
    archive.say(title="From the sidecar")
    archive.run()
    (archive.folder / "study.md.meta.json").unlink()

    assert (archive.run().outcome, archive.record("title")) == (Outcome.UNCHANGED, ("From the sidecar",))


def test_a_better_reading_of_the_same_bytes_keeps_the_correction(archive: Archive) -> None:
    """With its history; the text is read again."""
    archive.run()
    archive.correct(title="By a person", authors=("Ana Pérez",))
    with archive.store._connections.write() as connection:
        connection.execute("UPDATE documents SET reading = '1'")

    line = archive.run()

    assert line.outcome is Outcome.UPDATED
    assert archive.record("title", "authors", "revision") == ("By a person", ("Ana Pérez",), 1)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (TEXT + "One more line.\n", "By a person"),
        (TEXT.replace("# Effort", "# Effort, second edition"), "Effort, second edition"),
    ],
    ids=["it still says what was wrong", "it says something new"],
)
def test_a_new_version_keeps_what_was_corrected_where_it_still_says_it(archive: Archive, text: str, title: str) -> None:
    archive.run()
    archive.correct(title="By a person")
    archive.write("study.md", text)

    assert archive.run().outcome is Outcome.UPDATED
    assert archive.record("title") == (title,)


def test_another_source_of_the_same_bytes_is_told_whose_record_holds(archive: Archive) -> None:
    """It would be put back and forth by every run."""
    archive.say(title="From the sidecar")
    archive.write("twin.md", TEXT)
    archive.write("twin.md.meta.json", json.dumps({"title": "From the twin"}))

    def lines() -> list[tuple[str, str | None]]:
        pipeline = Pipeline(archive.store, FakeEmbedder, lexical, lambda one: Tagger.load(one.stamp), now=lambda: NOW)
        return [(one.outcome.value, one.note) for one in pipeline.run(find_sources([archive.folder])).files]

    told = "the same bytes are archive/study.md, whose record says otherwise and was kept: title"
    assert lines() == [("added", None), ("duplicate", told)]
    assert lines() == [("unchanged", None), ("unchanged", told)]
    assert archive.record("title") == ("From the sidecar",)


def test_a_correction_that_is_made_while_its_document_is_read_again_holds(archive: Archive) -> None:
    """What is written last was read before it."""
    archive.run()
    (before,) = archive.store.documents()
    archive.correct(title="By a person")

    with archive.store._connections.write() as connection:
        connection.execute("UPDATE documents SET reading = '1'")

    class Slow(FakeEmbedder):
        def encode_passages(self, texts: Any) -> Any:
            archive.correct(publisher="Acme")  # meanwhile
            return super().encode_passages(texts)

    Pipeline(archive.store, Slow, lexical, lambda one: Tagger.load(one.stamp)).run(find_sources([archive.folder]))

    assert before.revision == 0
    assert archive.record("title", "publisher", "revision") == ("By a person", "Acme", 2)
