"""A base that is moved is the same, whichever engines it goes between."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.records.errors import InputError, NotFoundError
from kb.records.language import Language
from kb.records.operation import Job, JobState, Key, Scope
from kb.records.search import WordQuery
from kb.records.source import Claim, KnownSource
from kb.records.topics import Topic
from kb.store import Store
from kb.store.moving import move
from tests.kb.contract.conftest import Open
from tests.kb.making import STAMP, make_document, make_entry

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def filled(store: Store) -> None:
    """Two versions, an alias, something removed, labels, a key, a job that waits with its file."""
    store.claim(STAMP)
    for number, text in enumerate(("gone", "an older text", "the words of it\nand ñandú more")):
        name = "gone.txt" if number == 0 else "a.txt"
        document = replace(make_document(name, text, version=store.next_version(name)), published="2023")
        store.add(make_entry(document, topics=(Topic.METRICS,)), text.encode())
    store.remove(make_document("gone.txt", "gone").id)
    store.add_alias("b.txt", store.documents()[0].id, Claim(KnownSource("/b", "b.txt", None), "/b", "/b", "/b"))
    store.keys.add(Key("k1", "newsroom", frozenset({Scope.READ}), NOW), "0" * 64)
    store.jobs.queue(Job("j1", JobState.QUEUED, NOW, 1), "key:k1")
    if store.uploads is not None:
        store.uploads.put("j1", {"0000/c.txt": b"sent"})
    else:
        place = store.folder / "incoming" / "j1" / "0000"
        place.mkdir(parents=True)
        (place / "c.txt").write_bytes(b"sent")


def test_it_is_the_same_there_and_back(open_base: Open, tmp_path: Path) -> None:
    """To a folder and on to this engine; keys go on where they were, and what was removed is not there."""
    before, middle = Store.open(tmp_path / "before", create=True), Store.open(tmp_path / "middle", create=True)
    filled(before)
    last = open_base()

    first, second = move(before, middle), move(middle, last)

    assert first == second
    assert first.originals == 2
    assert first.uploads == 1
    counted = {one.table: one.rows for one in first.tables if one.rows}
    assert counted == {
        "meta": 3, "documents": 2, "aliases": 1, "sources": 1, "places": 1, "passages": 3, "passage_topics": 3,
        "vectors": 2, "keys": 1, "jobs": 1, "words_en": 2,
    }  # fmt: skip
    assert (last.version(), last.rewritten(), last.stamp()) == (before.version(), before.rewritten(), STAMP)
    assert last.documents(all_versions=True) == before.documents(all_versions=True)
    words = WordQuery(("words",), ("words",))
    met, expected = (dict(store.word_search(words, Language.EN, 5)) for store in (last, before))
    assert met == pytest.approx(expected)
    assert last.original(hashlib.sha256(b"an older text").hexdigest()) == b"an older text"
    with pytest.raises(NotFoundError):
        last.original(hashlib.sha256(b"gone").hexdigest())
    entry = make_entry(make_document("c.txt", "one more"))
    for store in (before, last):
        store.add(entry, b"one more")
    assert list(last.vector_keys()) == list(before.vector_keys())
    before.close()
    middle.close()


def stamped(store: Store) -> None:
    store.claim(STAMP)


def keyed(store: Store) -> None:
    """A server that was begun before."""
    store.keys.add(Key("k2", "other", frozenset({Scope.READ}), NOW), "1" * 64)


@pytest.mark.parametrize("used", [stamped, keyed])
def test_only_into_an_empty_base(open_base: Open, tmp_path: Path, used: Callable[[Store], None]) -> None:
    source, target = Store.open(tmp_path / "source", create=True), open_base()
    filled(source)
    used(target)

    with pytest.raises(InputError, match="is not empty"):
        move(source, target)

    assert target.counts()["documents"] == 0
    source.close()


def test_what_could_not_be_copied_leaves_an_empty_base(open_base: Open, tmp_path: Path) -> None:
    """A job without its files would be a base that looks whole; the move can be done again."""
    source, target = Store.open(tmp_path / "source", create=True), open_base()
    filled(source)
    sent = tmp_path / "source" / "incoming" / "j1" / "0000" / "d.txt"
    sent.symlink_to(tmp_path / "gone")

    with pytest.raises(OSError, match="No such file"):
        move(source, target)
    left = target.counts()["documents"], target.jobs.total()
    sent.unlink()
    report = move(source, target)

    assert left == (0, 0)
    assert report.uploads == 1
    source.close()
