"""The store: what goes in comes back whole, versions stay readable, and nothing is ever half there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kb.records.document import Span
from kb.records.errors import BaseError, ModelError, NotFoundError
from kb.records.file_format import FileFormat
from kb.records.language import Language
from kb.records.ports import ModelStamp, PassageVectors
from kb.records.search import Filters, WordQuery
from kb.records.topics import Topic, TopicAssignment, TopicCount
from kb.store import Entry, Store
from kb.store.base import DATABASE
from tests.kb.making import STAMP, make_document, make_entry
from tests.torture.storage import kills_of_a_writer


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty base for vectors of four dimensions."""
    opened = Store.open(tmp_path / "base", create=True)
    opened.claim(STAMP)
    return opened


def add(store: Store, source_id: str, text: str, **filters: object) -> Entry:
    """Ingest a text as the next version of a source."""
    published = filters.pop("published", None)
    assert published is None or isinstance(published, str)
    document = make_document(source_id, text, version=store.next_version(source_id), published=published)
    entry = make_entry(document, **filters)  # type: ignore[arg-type]  # language and topics
    store.add(entry, text.encode())
    return entry


def test_a_document_comes_back_whole(store: Store) -> None:
    """Every field of document and passages, the vectors and the original bytes."""
    entry = add(store, "a.txt", "Primero: año y ñandú.\nSecond — naïve 🙂.", topics=(Topic.METRICS,))
    keys = list(store.vector_keys())

    assert store.document(entry.document.id) == entry.document
    assert store.passages_of(entry.document.id) == list(entry.passages)
    assert list(store.passages(keys).values()) == list(entry.passages)
    assert store.original(entry.document.sha256) == "Primero: año y ñandú.\nSecond — naïve 🙂.".encode()
    np.testing.assert_array_equal(store.vectors(keys[::-1]), np.eye(4, dtype=np.float32)[[1, 0]])
    np.testing.assert_array_equal(store.sentence_vectors(keys[1]), np.eye(4, dtype=np.float32)[[1]])


def test_a_new_version_replaces_the_old_one_in_search_and_leaves_it_readable(store: Store) -> None:
    """Old passages can still be opened; only new ones are searched."""
    old = add(store, "a.txt", "old words")
    new = add(store, "a.txt", "new words")

    assert (old.document.version, new.document.version) == (1, 2)
    assert [document.id for document in store.documents()] == [new.document.id]
    assert store.passage(old.passages[0].id) == old.passages[0]
    assert not store.is_current(old.document.id)
    assert list(store.passages(list(store.vector_keys())).values()) == list(new.passages)
    assert store.word_search(WordQuery(("old",), ("old",)), Language.EN, 5) == []
    assert [key for key, _ in store.word_search(WordQuery(("new",), ("new",)), Language.EN, 5)] == list(
        store.vector_keys()
    )


def test_the_first_version_comes_back_when_the_bytes_do(store: Store) -> None:
    """A, B, A again: the ids of the first version are current once more."""
    first = add(store, "a.txt", "words A")
    add(store, "a.txt", "words B")
    again = add(store, "a.txt", "words A")

    assert again.passages == first.passages
    assert [document.id for document in store.documents()] == [first.document.id]
    assert store.document(first.document.id).version == 3


def test_a_shared_document_survives_when_its_first_source_changes(store: Store) -> None:
    """The same bytes under another name keep the document in search."""
    shared = add(store, "a.txt", "shared words")
    store.add_alias("b.txt", shared.document.id)
    add(store, "a.txt", "changed words")

    assert [document.source_id for document in store.documents()] == ["a.txt", "b.txt"]
    assert store.is_current(shared.document.id)
    assert store.names_of(store.document_ids()) == {}
    assert store.known("b.txt") == (shared.document.sha256, "1")


def test_removal_leaves_nothing(store: Store) -> None:
    """Document, passages, words, vectors and original are gone; a second removal says so."""
    entry = add(store, "a.txt", "some words")
    store.remove(entry.document.id)

    assert store.counts() == {"documents": 0, "passages": 0, "statistics": 0}
    assert store.vector_keys() == {}
    assert store.word_search(WordQuery(("words",), ("words",)), Language.EN, 5) == []
    with pytest.raises(NotFoundError):
        store.original(entry.document.sha256)
    with pytest.raises(NotFoundError):
        store.remove(entry.document.id)


def test_filters_are_exact(store: Store) -> None:
    """Each filter alone and two together."""
    add(store, "es/a.txt", "uno\ndos", language=Language.ES, topics=(Topic.EMPATHY,), published="2021-05")
    add(store, "en/b.txt", "one", language=Language.EN, topics=(Topic.METRICS, Topic.EMPATHY), published="2023")
    add(store, "en/c_100%.txt", "two", language=Language.EN)

    def matching(filters: Filters) -> list[int]:
        keys = store.keys_matching(filters)
        assert keys is not None
        return [int(key) for key in keys]

    assert store.keys_matching(Filters()) is None
    assert matching(Filters(languages=frozenset({Language.ES}))) == [1, 2]
    assert matching(Filters(topics=frozenset({Topic.EMPATHY}))) == [1, 2, 3]
    assert matching(Filters(topics=frozenset({Topic.EMPATHY}), languages=frozenset({Language.EN}))) == [3]
    assert matching(Filters(year_from=2022)) == [3]
    assert matching(Filters(year_to=2021)) == [1, 2]
    assert matching(Filters(sources=frozenset({"100%"}))) == [4]
    assert matching(Filters(sources=frozenset({"c_1"}))) == [4]
    assert matching(Filters(sources=frozenset({"%"}))) == [4]
    assert matching(Filters(has_statistic=True)) == []
    assert matching(Filters(has_statistic=False)) == [1, 2, 3, 4]
    assert matching(Filters(formats=frozenset({FileFormat.TEXT, FileFormat.PDF}))) == [1, 2, 3, 4]
    assert matching(Filters(formats=frozenset({FileFormat.PDF}))) == []


def test_a_list_reads_only_what_it_shows(store: Store) -> None:
    """Pages of documents, their sizes and names, and the cells of coverage are those of the whole base."""
    for number, published in enumerate(("2021-05", None, "2023", "2021", "2023-01-02")):
        language = (Language.ES, Language.EN)[number % 2]
        add(
            store,
            f"{number}.txt",
            f"uno {number}\ndos",
            language=language,
            topics=(Topic.METRICS,),
            published=published,
        )
    whole = store.documents()
    ids = [document.id for document in whole]

    assert [store.documents(limit=2, offset=start) for start in (0, 2, 4, 6)] == [whole[:2], whole[2:4], whole[4:], []]
    assert (store.document_ids(), list(store.each_document())) == (ids, whole)
    assert store.sizes(ids[2:4]) == dict.fromkeys(ids[2:4], (2, 0))
    assert store.years() == [2021, 2023, None]
    assert store.topic_cells() == {
        (Topic.METRICS, Language.ES, 2021): TopicCount(2, 0, 1),
        (Topic.METRICS, Language.ES, 2023): TopicCount(4, 0, 2),
        (Topic.METRICS, Language.EN, None): TopicCount(2, 0, 1),
        (Topic.METRICS, Language.EN, 2021): TopicCount(2, 0, 1),
    }


def test_a_topic_that_is_unsure_is_counted_apart(store: Store) -> None:
    """Under .65 of its own probability, whatever another topic of the passage has; at .65 it is sure."""
    entry = make_entry(make_document("a.txt", "uno\ndos"))
    first, second = entry.passages
    low, high = (TopicAssignment(Topic.METRICS, score, ("test",)) for score in (0.64, 0.65))
    sure = TopicAssignment(Topic.EMPATHY, 0.9, ("test",))
    given = (replace(first, topics=(sure, low)), replace(second, topics=(high,)))
    store.add(replace(entry, passages=given), b"uno\ndos")

    assert store.topic_cells() == {
        (Topic.METRICS, Language.EN, None): TopicCount(2, 1, 1),
        (Topic.EMPATHY, Language.EN, None): TopicCount(1, 0, 1),
    }
    assert [one.unsure for one in store.tagging.facts()] == [{Topic.METRICS}, frozenset()]


def test_models_never_mix(store: Store) -> None:
    """Another model is refused with the command that embeds anew; restamping replaces every vector."""
    add(store, "a.txt", "some words")
    other = ModelStamp("other", "1" * 16, 2)

    with pytest.raises(ModelError, match="--re-embed"):
        store.claim(other)
    vector = np.array([0.0, 1.0], np.float32)
    store.restamp(other, {1: PassageVectors(vector, vector[None, :], b"tokens")})

    store.claim(other)
    np.testing.assert_array_equal(store.vectors([1]), [[0.0, 1.0]])
    assert store.token_blobs([1]) == {1: b"tokens"}


def test_an_entry_whose_spans_lie_is_refused() -> None:
    """The law document.text[span] == passage.text is checked before anything is written."""
    entry = make_entry(make_document("a.txt", "some words"))
    wrong = replace(entry.passages[0], span=Span(0, 4))

    with pytest.raises(ValueError, match=r"is not document\.text"):
        replace(entry, passages=(wrong,))


def test_a_failing_transaction_changes_nothing(store: Store) -> None:
    """Two passages with one id break a constraint half-way: the version before stays as it was."""
    kept = add(store, "a.txt", "kept words")
    broken = make_entry(make_document("a.txt", "new words\nmore words", version=2))
    twice = replace(broken, passages=(broken.passages[0], broken.passages[0]), indexing=broken.indexing)

    with pytest.raises(BaseError):
        store.add(twice, b"new words\nmore words")

    assert store.documents() == [kept.document]
    assert store.version() == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "there is no base here"), (b"no database" * 500, "cannot be read")],
    ids=["missing", "damaged"],
)
def test_a_base_that_cannot_be_opened_says_why(tmp_path: Path, content: bytes | None, reason: str) -> None:
    """Missing and damaged are told apart, and the damaged file is left as it was."""
    if content is not None:
        (tmp_path / DATABASE).write_bytes(content)

    with pytest.raises(BaseError, match=reason):
        Store.open(tmp_path)

    if content is not None:
        assert (tmp_path / DATABASE).read_bytes() == content


def test_an_emptied_file_is_no_new_base(store: Store) -> None:
    """SQLite takes a file of no bytes for a new base: the originals beside it say that something was lost."""
    store._originals.keep(b"what was ingested")
    folder = store.folder
    store.close()
    for name in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)
    (folder / DATABASE).write_bytes(b"")

    for create in (False, True):
        with pytest.raises(BaseError, match="is empty, beside 1 originals"):
            Store.open(folder, create=create)
    assert (folder / DATABASE).read_bytes() == b""


def test_a_base_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    """A newer format is named, and nothing is written."""
    Store.open(tmp_path, create=True).close()
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(BaseError, match="format 99"):
        Store.open(tmp_path)


def test_files_of_a_base_are_private(store: Store) -> None:
    """Only the owner may read them, those alone by which programs tell each other that they are there too."""
    add(store, "a.txt", "some words")
    place = store.place(".lock")
    assert place.held()

    modes = {path.stat().st_mode & 0o077 for path in store.folder.rglob("*") if path.is_file()}

    assert modes == {0}
    place.let_go()


def test_kill_nine_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """After every kill the base is that of the last acknowledged operation, or of the one after it (R1, a taste)."""
    found = kills_of_a_writer(0, 8, tmp_path)

    assert (found.tried, list(found.lost)) == (8, [])
    assert found.counted["acknowledged operations"] >= 8


def test_an_original_that_is_gone_says_what_to_do(store: Store) -> None:
    """As one that was changed on disk does."""
    with pytest.raises(NotFoundError) as caught:
        store.original("0" * 64)

    assert (caught.value.reason, caught.value.hint) == (
        "is not kept in this base",
        "Restore it from a backup or ingest it again",
    )


def test_an_original_that_the_disk_refuses_is_named(store: Store) -> None:
    """Neither read nor removed: an error of ours, with what to look at (a folder stands for the refusal)."""
    (store.folder / "originals" / "00" / ("0" * 64)).mkdir(parents=True)
    for refused in (store._originals.get, store._originals.discard):
        with pytest.raises(BaseError, match=f"original {'0' * 64}: cannot be ") as caught:
            refused("0" * 64)

        assert caught.value.hint == "Check the folder and its disk"


def test_a_removal_lets_nobody_in_before_its_original_is_gone(store: Store) -> None:
    """Between two turns to write the doctor saw an original of no document, and would have moved it."""
    document = add(store, "a.txt", "some words").document
    turns: list[str] = []
    store._connections._writer.set_trace_callback(turns.append)  # type: ignore[attr-defined]
    store.remove(document.id)

    assert [turn for turn in turns if turn.startswith("BEGIN")] == ["BEGIN IMMEDIATE"]
    assert not store.has_bytes(document.sha256)
    assert [path for path in (store.folder / "originals").rglob("*") if path.is_file()] == []
