"""What a document repeats or translates is looked up: the start of a run does not grow with the base."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.vectors.sync import IndexKeeper
from ingest.pipeline import BULK_TEXTS
from ingest.readers.signatures import TEXT
from ingest.repeats.duplicates import Translations
from ingest.sources.sources import SourceFile
from kb.records.language import Language
from kb.records.ports import FloatArray
from kb.store import Store
from tests.ingest.test_resume import pipeline
from tests.kb.making import STAMP, make_document, make_entry


def source(name: str, text: str) -> SourceFile:
    return SourceFile.of(name, text.encode(), TEXT)


def article(number: int) -> str:
    """An article of its own words, long enough to be compared by likeness."""
    return "\n\n".join(
        f"Chapter {number}x{part}: the survey {number}y{part} asked clients of town {number}z{part} why loyalty ends, "
        f"and {number}v{part} of them named effort {number}w{part} before anything else that was {number}u{part} said."
        for part in range(4)
    )


def rows_read(store: Store, one: SourceFile, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many rows a run over one document reads."""
    count = 0
    fetch = store._connections.fetch

    def counted(*asked: object) -> list[tuple[object, ...]]:
        nonlocal count
        found = fetch(*asked)  # type: ignore[arg-type]
        count += len(found)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(store._connections, "fetch", counted)
        pipeline(store).run([one])
    return count


def test_a_run_reads_as_much_in_a_base_of_any_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once there is an index of it: the rows that are read for a document are those of what is like it."""
    read = []
    for size in (4, 40):
        store = Store.open(tmp_path / str(size), create=True)
        pipeline(store).run(source(f"{number}.txt", article(number)) for number in range(size))
        keeper = IndexKeeper(store, store.folder / "index")
        keeper.refresh()
        keeper.save()
        read.append(rows_read(store, source("new.txt", article(1000)), monkeypatch))
        store.close()

    assert max(read) - min(read) < 20, read


@pytest.mark.parametrize("together", [1, BULK_TEXTS])
def test_a_repeat_is_found_in_the_base_and_among_what_waits(together: int, tmp_path: Path) -> None:
    """Whether the first was written by an earlier run, by this one, or is still to be written; in a dry run too."""
    store = Store.open(tmp_path / "base", create=True)
    pipeline(store).run([source("first.txt", article(1))])
    sent = [
        source("again.txt", f"A reprint. {article(1)}"),
        source("second.txt", article(2)),
        source("second-again.txt", f"{article(2)} Reprinted."),
        source("third.txt", article(3)),
    ]

    tried = pipeline(store).run(sent, dry_run=True, texts_together=together)
    done = pipeline(store).run(sent, texts_together=together)
    later = pipeline(store).run([source("third-again.txt", article(3).upper())])

    for report in (tried, done):
        assert [file.duplicate_of for file in report.files] == ["first.txt", None, "second.txt", None]
    assert [file.duplicate_of for file in later.files] == ["third.txt"]
    store.close()


def _vectors(seed: int, count: int) -> FloatArray:
    made = np.random.default_rng(seed).normal(size=(count, STAMP.dimension)).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


def test_a_translation_is_met_by_its_passages(tmp_path: Path) -> None:
    """Of the documents that its passages are near to, the one that says the same in the same order; a repeat of it
    stands for it, a mixed document is none, and what is of the same language neither."""
    store = Store.open(tmp_path / "base", create=True)
    store.claim(STAMP)
    lines = "\n".join(f"line {number}" for number in range(5))
    english = make_document("english", lines)
    store.add(make_entry(english, language=Language.EN), b"english")
    repeat = make_entry(make_document("repeat", lines + "\nmore"), language=Language.EN)
    object.__setattr__(repeat.document, "duplicate_of", english.id)
    store.add(repeat, b"repeat")
    keeper = IndexKeeper(store, tmp_path / "index")
    means = {language: np.zeros(STAMP.dimension, np.float32) for language in (Language.ES, Language.EN)}

    def nearest(language: Language, vector: FloatArray, count: int) -> Sequence[int]:
        return [int(key) for key in keeper.now().index.search(language, vector, count).keys]

    found = Translations(store, means, nearest)
    theirs = store.vectors_of(english.id)[1]

    assert found.match([Language.ES] * 5, theirs) == english.id
    assert found.match([Language.ES] * 5, theirs[::-1].copy()) is None
    assert found.match([Language.EN] * 5, theirs) is None
    assert found.match([Language.ES, Language.EN] * 2, theirs[:4]) is None
    assert found.match([Language.ES] * 2, theirs[:2]) is None
    store.close()
