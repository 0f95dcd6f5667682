"""What no base can hold, or be asked by, is an error of ours that names it, on every engine and at every door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.operation import Job, JobFile, JobState, Key, Scope
from kb.records.search import Filters, StatisticQuery, WordQuery
from kb.records.source import KnownPlace
from kb.store import Store, StoredFailure
from tests.kb.making import make_document, make_entry

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HUGE, HALF = 2**70, "half a \ud800 character"
KEY = Key(HALF, "k", frozenset({Scope.READ}), NOW)
TITLED = make_entry(replace(make_document("a.txt", "text"), title=HALF))

NUMBERS: dict[str, Callable[[Store], object]] = {
    "documents": lambda store: store.documents(limit=HUGE),
    "passages": lambda store: store.passages([HUGE]),
    "vectors": lambda store: store.vectors([-HUGE]),
    "vector_keys": lambda store: store.vector_keys(HUGE),
    "keys_matching": lambda store: store.keys_matching(Filters(year_from=HUGE)),
    "statistics": lambda store: store.statistics(StatisticQuery(year_from=HUGE)),
    "word_search": lambda store: store.word_search(WordQuery(("a",), ("a",)), Language.EN, HUGE),
    "newest": lambda store: store.jobs.newest(HUGE, HUGE),
}
TEXTS: dict[str, Callable[[Store], object]] = {
    "document": lambda store: store.document(HALF),
    "documents_with": lambda store: store.documents_with(["d0", HALF]),
    "facts_of": lambda store: store.facts_of([HALF]),
    "known": lambda store: store.known(HALF),
    "passage": lambda store: store.passage(HALF),
    "statistic": lambda store: store.statistic(HALF),
    "keys_matching": lambda store: store.keys_matching(Filters(sources=frozenset({HALF}))),
    "word_search": lambda store: store.word_search(WordQuery((HALF,), (HALF,)), Language.EN, 5),
    "job": lambda store: store.jobs.get(HALF),
    "put_off": lambda store: store.jobs.put_off(HALF, "full"),
    "queue": lambda store: store.jobs.queue(Job(HALF, JobState.QUEUED, NOW, 1), "me"),
    "note": lambda store: store.jobs.note("j1", JobFile(HALF, "added")),
    "reply": lambda store: store.jobs.reply(HALF, HALF),
    "key": lambda store: store.keys.add(KEY, "0" * 64),
    "find": lambda store: store.keys.find(HALF),
    "search": lambda store: store.saved_searches.get(HALF),
    "webhook": lambda store: store.webhooks.get(HALF),
    "add": lambda store: store.add(make_entry(make_document(HALF, "text")), b"text"),
    "title": lambda store: store.add(TITLED, b"text"),
    "add_alias": lambda store: store.add_alias(HALF, HALF),
    "remove": lambda store: store.remove(HALF),
    "note_failure": lambda store: store.note_failure(StoredFailure(HALF, None, "read", "reason", None)),
    "forget_place": lambda store: store.forget_place(KnownPlace(HALF, HALF, HALF)),
}


@pytest.mark.parametrize("door", NUMBERS)
def test_a_number_beyond_every_base(store: Store, door: str) -> None:
    with pytest.raises(InputError, match=r"a number: is beyond what a base can hold .* Give a number nearer to 0"):
        NUMBERS[door](store)


@pytest.mark.parametrize("door", TEXTS)
def test_half_a_character(store: Store, door: str) -> None:
    """Nothing is written, and the base goes on."""
    store.jobs.queue(Job("j1", JobState.QUEUED, NOW, 1), "me")

    with pytest.raises(InputError, match=r"is not text in valid Unicode. Write it in UTF-8") as refused:
        TEXTS[door](store)

    str(refused.value).encode()
    assert (store.counts()["documents"], store.keys.all(), store.failures(), store.jobs.total()) == (0, [], [], 1)
    store.add(make_entry(make_document("a.txt", "text")), b"text")
