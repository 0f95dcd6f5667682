"""The same bytes read anew: what the new reading lacks stays readable, is old, and leaves with its document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api.service.verifying import verify
from kb.records.answer import Answer, Statement, Status
from kb.records.document import Document, Passage, Span, text_hash
from kb.records.errors import NotFoundError
from kb.records.language import Language
from kb.records.search import Citation, DocumentReference, WordQuery
from kb.saved.parsing import save_answer
from kb.store import Store
from kb.store.upkeep.checking import check
from kb.store.writing import old_reading_id
from tests.kb.making import STAMP, make_document, make_entry

ORIGINAL = b"the bytes of the source"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "base", create=True)
    opened.claim(STAMP)
    yield opened
    opened.close()


def read(store: Store, text: str) -> tuple[Document, tuple[Passage, ...]]:
    """Ingest these bytes as a reader gives them: always the same original, another text."""
    made = make_document("a.txt", text, version=store.next_version("a.txt"))
    same = make_document("a.txt", ORIGINAL.decode())
    document = replace(made, id=same.id, sha256=same.sha256)
    entry = make_entry(document)
    store.add(entry, ORIGINAL)
    return document, entry.passages


def test_passages_that_the_new_reading_lacks_stay_readable(store: Store) -> None:
    """Under their ids, with their text, but out of search; their document says that it is old."""
    old, (kept, gone) = read(store, "First line.\nSecnd line.")
    new, (first, second) = read(store, "First line.\nSecond line.")
    former = old_reading_id(old.id, text_hash(old.text))

    assert kept == first == store.passage(kept.id)
    assert store.passage(gone.id) == replace(gone, document_id=former)
    assert store.document(former) == replace(old, id=former)
    assert store.passage(gone.id).span.cut(store.document(former).text) == "Secnd line."
    assert (store.is_current(former), store.is_current(new.id)) == (False, True)
    assert store.document(new.id) == new
    assert [document.id for document in store.documents()] == [new.id]
    assert list(store.passages(list(store.vector_keys())).values()) == [first, second]
    assert store.word_search(WordQuery(("secnd",), ("secnd",)), Language.EN, 5) == []
    assert check(store) == []


def test_the_same_reading_again_keeps_nothing_twice(store: Store) -> None:
    """Nothing is old, and the original reading comes back when its text does."""
    first, passages = read(store, "One.\nTwo.")
    read(store, "One.\nTwo.")

    assert [document.version for document in store.documents(all_versions=True)] == [2]

    read(store, "One.\nThree.")
    again, back = read(store, "One.\nTwo.")

    assert back == passages
    assert store.document(first.id) == again
    assert {store.passage(passage.id).document_id for passage in back} == {first.id}
    assert check(store) == []


def test_a_reading_that_comes_and_goes_is_kept_once(store: Store) -> None:
    """A, B, A, B, C: two old readings, each whole."""
    for text in ("A.\nx.", "B.\nx.", "A.\nx.", "B.\nx.", "C.\nx."):
        document, _ = read(store, text)
    olds = [one for one in store.documents(all_versions=True) if not store.is_current(one.id)]

    assert sorted(one.text for one in olds) == ["A.\nx.", "B.\nx."]
    assert all(one.id == old_reading_id(document.id, text_hash(one.text)) for one in olds)
    assert check(store) == []


def test_a_removed_document_takes_its_old_readings_along(store: Store) -> None:
    """Removed is removed."""
    old, (_, gone) = read(store, "First line.\nSecnd line.")
    read(store, "First line.\nSecond line.")
    store.remove(old.id)

    assert store.documents(all_versions=True) == []
    with pytest.raises(NotFoundError):
        store.passage(gone.id)
    with pytest.raises(NotFoundError):
        store.original(old.sha256)


def test_an_answer_saved_before_is_checked_against_the_reading_that_it_cites(store: Store) -> None:
    """By the hash of the text that it recorded."""
    old, (_, gone) = read(store, "First line.\nSecnd line.")
    citation = Citation(1, DocumentReference.of(old), gone.id, gone.text, gone.span, old.sha256, "/")
    answer = Answer("?", Language.EN, Status.ANSWERED, gone.text, (Statement(gone.text, (1,)),), (citation,))
    saved = save_answer(answer, {old.id: old.text})
    read(store, "First line.\nSecond line.")

    report = verify(store, saved).report

    assert report.ok
    assert report.quotes[0].judgement.span_found == Span(12, 23)
