"""A run that ends in the middle: every document is in the base entirely or not at all, and the next run goes on."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index.search import lexical
from index.vectors.sync import IndexKeeper
from ingest.pipeline import BULK_TEXTS, Pipeline
from ingest.repeats.duplicates import Translations
from ingest.sources.report import FileReport, Outcome, RunReport, Stage
from ingest.sources.sources import find_sources
from ingest.tagging import Tagger
from kb.records.document import Document, Passage
from kb.records.language import Language
from kb.records.ports import Embedder, FloatArray
from kb.store import Store
from tests.fakes import FakeEmbedder, exact_prior

FILES = 30


class SlowEmbedder(FakeEmbedder):
    """Takes a while, so that a kill meets every stage."""

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        time.sleep(0.01)
        return super().encode_passages(texts)


def pipeline(store: Store, embedder: type[FakeEmbedder] = FakeEmbedder) -> Pipeline:
    def load_tagger(made: Embedder) -> Tagger:
        return Tagger.load(made.stamp)

    keeper = IndexKeeper(store, store.folder / "index")

    def nearest(language: Language, vector: FloatArray, count: int) -> Sequence[int]:
        keeper.extend()
        return [int(key) for key in keeper.now().index.search(language, vector, count).keys]

    def translations(made: Embedder) -> Translations:
        return Translations(store, exact_prior().passages, nearest)

    return Pipeline(store, embedder, lexical, load_tagger, translations=translations)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Thirty articles, every tenth of them empty."""
    return articles(tmp_path, FILES, FILES // 10)


def articles(place: Path, files: int, empty: int) -> Path:
    """A folder of articles of several passages each, with a figure, so many of them empty."""
    archive = place / "archive"
    archive.mkdir()
    without = set(range(0, files, files // empty)[:empty])
    for number in range(files):
        paragraphs = [
            f"Study {number}, part {part}: customers who met less effort stayed longer in region {number * 7 + part}. "
            f"In all, {part + 10} percent of {number + 100} customers said so, and loyalty followed in the same year."
            for part in range(6)
        ]
        (archive / f"{number:02}.txt").write_text("" if number in without else "\n\n".join(paragraphs))
    return archive


Content = dict[str, tuple[Document, list[Passage], list[str]]]


def content(store: Store) -> Content:
    """Everything of each document, by source."""
    return {
        document.source_id: (
            document,
            store.passages_of(document.id),
            [str(vector) for vector in store.vectors_of(document.id)[1].round(4).tolist()],
        )
        for document in store.documents()
    }


def run_in(base: Path, folder: Path) -> None:
    store = Store.open(base, create=True)
    pipeline(store, SlowEmbedder).run(find_sources([folder]), texts_together=BULK_TEXTS)
    os._exit(0)


def killed(base: Path, folder: Path, seconds: float) -> bool:
    """Run in a process of its own that is killed after so long; whether it was still running."""
    process = multiprocessing.get_context("fork").Process(target=run_in, args=(base, folder))
    process.start()
    process.join(seconds)
    alive = process.is_alive()
    if alive:
        os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    return alive


@pytest.mark.parametrize(
    ("files", "empty", "turns"), [(FILES, FILES // 10, 6), pytest.param(50, 12, 20, marks=pytest.mark.slow)]
)
def test_a_killed_run_leaves_whole_documents_and_the_next_does_what_is_missing(
    tmp_path: Path, files: int, empty: int, turns: int, record_property: Callable[[str, object], None]
) -> None:
    """SIGKILL at ever later moments: what is there is as an unbroken run leaves it; the last run adds the rest."""
    record_property("tried", turns)
    folder = articles(tmp_path, files, empty)
    whole = Store.open(tmp_path / "whole", create=True)
    pipeline(whole).run(find_sources([folder]))
    expected = content(whole)
    base = tmp_path / "base"
    cut_short = 0
    for turn in range(1, turns + 1):
        cut_short += killed(base, folder, turn * 0.04)
        if (base / "kb.sqlite").exists():
            store = Store.open(base, create=True)
            found = content(store)
            assert found == {source: expected[source] for source in found}
            store.close()

    store = Store.open(base, create=True)
    before = set(content(store))
    report = pipeline(store).run(find_sources([folder]))

    assert cut_short >= 1
    assert content(store) == expected
    assert {line.source_id for line in report.files if line.outcome is Outcome.UNCHANGED} == before
    assert {line.source_id for line in report.files if line.outcome is Outcome.ADDED} == set(expected) - before
    assert len(report.failures) == empty


@pytest.mark.parametrize("stop_at", [(Stage.READING, 7), (Stage.EMBEDDING, 3), (Stage.WRITING, 5)])
def test_an_interrupted_run_keeps_what_it_told(tmp_path: Path, folder: Path, stop_at: tuple[Stage, int]) -> None:
    """Ctrl-C in any stage: the lines told are in the base, and the base opens."""
    store = Store.open(tmp_path / "base", create=True)
    told: list[FileReport] = []
    left = [stop_at[1]]

    def watch(stage: Stage, source: str) -> None:
        left[0] -= stage is stop_at[0]
        if left[0] == 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pipeline(store).run(find_sources([folder]), on_file=told.append, on_stage=watch, texts_together=BULK_TEXTS)

    assert {line.source_id for line in told if line.outcome is Outcome.ADDED} == set(content(store))
    assert len(pipeline(store).run(find_sources([folder])).failures) == FILES // 10
    assert len(content(store)) == FILES - FILES // 10


def run(store: Store, folder: Path, *, dry_run: bool = False) -> RunReport:
    return pipeline(store).run(find_sources([folder]), dry_run=dry_run, texts_together=BULK_TEXTS)


LINES = [
    f"In shop {number} the queue was shorter on day {number}, as the diary of the clerk says." for number in range(9)
]


@pytest.mark.parametrize("dry_run", [False, True])
def test_lines_keep_their_order_and_repeats_within_one_run_are_found(tmp_path: Path, dry_run: bool) -> None:
    """Documents that wait for vectors are known to the ones after them; a dry run says what would be."""
    archive = tmp_path / "archive"
    archive.mkdir()
    text = "\n\n".join(LINES)
    files = {
        "a.txt": text,
        "b.txt": "",
        "c.txt": f"{text}\n\nThe second site added this line of its own.",
        "d.txt": text,
        "e.txt": "Empathy.",
    }
    for name, data in files.items():
        (archive / name).write_text(data)

    report = run(Store.open(tmp_path / "base", create=True), archive, dry_run=dry_run)

    assert [(line.source_id[-5:], line.outcome, line.duplicate_of) for line in report.files] == [
        ("a.txt", Outcome.ADDED, None),
        ("b.txt", Outcome.FAILED, None),
        ("c.txt", Outcome.DUPLICATE, "archive/a.txt"),
        ("d.txt", Outcome.DUPLICATE, "archive/a.txt"),
        ("e.txt", Outcome.ADDED, None),
    ]


ENGLISH = [
    "Customers want less effort.",
    "Churn follows the rain.",
    "Loyalty is like a dog.",
    "Empathy comes with maturity.",
]
SPANISH = ["Los clientes quieren menos esfuerzo.", "El abandono sigue a la lluvia.", "La lealtad es como un perro."]
SPANISH += ["La empatía llega con la madurez."]
_PADDING = {
    "en": " It is what the people of this small town have been saying for a long time, and they would know it.",
    "es": " Es lo que la gente de este pueblo pequeño ha dicho desde hace mucho tiempo, y lo saben muy bien.",
}


def article(sentences: Sequence[str], language: str) -> str:
    return "\n\n".join(sentence + _PADDING[language] * 2 for sentence in sentences)


def test_a_translation_is_marked_and_not_hidden(tmp_path: Path) -> None:
    """The same article in the other language says so; one on the same words in another order and a short one do not."""
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "a-en.txt").write_text(article(ENGLISH, "en"))
    (archive / "b-es.txt").write_text(article(SPANISH, "es"))
    (archive / "c-es.txt").write_text(article(list(reversed(SPANISH)), "es"))
    (archive / "d-es.txt").write_text(article(SPANISH[:1], "es"))
    store = Store.open(tmp_path / "base", create=True)

    report = run(store, archive)
    first, second, third, fourth = store.documents()

    assert [line.translation_of for line in report.files] == [None, "archive/a-en.txt", None, None]
    assert [document.translation_of for document in (first, second, third, fourth)] == [None, first.id, None, None]
    assert second.duplicate_of is None
    assert {share.language for share in second.language_mix} == {Language.ES}
    assert len(store.vector_keys()) == sum(len(store.passages_of(document.id)) for document in store.documents())

    store.remove(first.id)

    assert store.document(second.id).translation_of is None
