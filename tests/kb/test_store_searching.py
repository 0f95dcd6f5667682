"""What search reads of a base: names of documents without their texts, and records kept until the base changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kb.records.document import Document
from kb.records.language import Language
from kb.records.search import DocumentReference, Filters, StatisticQuery
from kb.records.topics import Topic
from kb.store import Store
from kb.store.base import DATABASE
from kb.store.disk.connections import folded, knowing_names
from kb.store.entry import DocumentFacts
from kb.store.remembering import Remembered
from tests.kb.making import STAMP, make_document, make_entry

BARE = make_document("bare.txt", "One line.\nAnother.")
FULL = replace(
    make_document("named.txt", "Dos «comillas» y un \U0001f642.", published="2024-05"),
    title='A "title" – año',
    authors=("Ana Ñandú", "O'Neil"),
    publisher="Ejemplo",
    url="https://example.org/?a=1&b=2",
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store.open(tmp_path / "base", create=True)
    opened.claim(STAMP)
    for document in (BARE, FULL):
        opened.add(make_entry(document), document.text.encode())
    return opened


def test_facts_are_those_of_the_document(store: Store) -> None:
    """Field by field what the whole record gives; what is not there is left out."""
    expected = {one.id: DocumentFacts(DocumentReference.of(one), one.media_type) for one in (FULL, BARE)}

    found = store.facts_of([FULL.id, BARE.id, "d0"])

    assert found == expected
    assert [(one.source_id, one.year) for one in found.values()] == [("named.txt", 2024), ("bare.txt", None)]
    assert store.facts_of([]) == {}


def test_what_was_read_holds_while_documents_are_only_added(store: Store) -> None:
    """A new source leaves the records in memory; a new version of a known one, its removal or new topics do not."""
    keys = list(store.vector_keys())
    first = store.passages(keys)
    fresh = make_document("fresh.txt", "A new source.")

    store.add(make_entry(fresh), fresh.text.encode())

    assert all(store.passages(keys)[key] is first[key] for key in keys)
    assert (store.version(), store.rewritten()) == (3, 0)
    assert list(store.vector_keys(after=keys[-1]).values()) == [Language.EN]

    newer = make_document("fresh.txt", "A newer text.", version=2)
    store.add(make_entry(newer), newer.text.encode())
    assert (store.version(), store.rewritten()) == (4, 1)
    assert all(store.passages(keys)[key] is not first[key] for key in keys)

    store.remove(newer.id)
    assert (store.version(), store.rewritten()) == (5, 2)


def test_passages_and_documents_are_read_once(store: Store) -> None:
    """The same record comes again, in the order that was asked for."""
    keys = list(store.vector_keys())
    first = store.passages(keys)

    again = store.passages(keys[::-1])

    assert list(again) == keys[::-1]
    assert all(again[key] is first[key] for key in keys)
    assert store.documents_with([FULL.id])[FULL.id] is store.documents_with([FULL.id])[FULL.id]


def test_a_change_of_the_base_forgets_everything(store: Store) -> None:
    """New topics of a passage, and a removed document, are seen by the next read."""
    keys = list(store.vector_keys())
    before = store.passages(keys)
    relabelled = make_entry(BARE, topics=(Topic.METRICS,)).passages
    live = {key: relabelled[0] if passage.id == relabelled[0].id else passage for key, passage in before.items()}

    store.tagging.replace(live, "2", (), since=store.version())

    assert list(store.passages(keys).values()) == list(live.values())
    assert store.facts_of([BARE.id])[BARE.id].reference == DocumentReference.of(BARE)
    store.remove(BARE.id)
    assert store.facts_of([BARE.id]) == {}
    assert len(store.passages(keys)) == 1


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (
            lambda store: store.keys_matching(Filters(year_from=2020, year_to=2021)),
            "documents_by_year (year>? AND year",
        ),
        (lambda store: store.statistics(StatisticQuery()), "SCAN statistics"),
        (lambda store: store.topic_cells(), "SEARCH passage_topics USING PRIMARY KEY (key>? AND key<?)"),
        (lambda store: store.counts(), "passages USING INDEX passages_live"),
        (lambda store: store.documents(limit=50), "documents_current"),
        (lambda store: list(store.each_document()), "documents_current (source_id>?)"),
        (lambda store: store.repeats(), "documents_by_repeated"),
        (lambda store: store.translations(), "documents_by_translated"),
    ],
)
def test_what_leads_to_the_rows(store: Store, query: Callable[[Store], object], wanted: str) -> None:
    """The few that fulfil a filter, or what is counted: not every passage of a base, one after the other."""
    plans: list[str] = []

    def planned(statement: str) -> None:
        if statement.startswith("SELECT") and "meta" not in statement:
            with closing(sqlite3.connect(store.folder / DATABASE)) as other:
                knowing_names(other)
                plans.extend(row[3] for row in other.execute(f"EXPLAIN QUERY PLAN {statement}"))

    store._connections.read().set_trace_callback(planned)  # type: ignore[attr-defined]
    query(store)

    assert any(wanted in plan for plan in plans), plans
    assert not [plan for plan in plans if plan in ("SCAN passages", "SCAN documents")]


def test_sentence_vectors_of_many_are_those_of_each(store: Store) -> None:
    """One read gives what single reads give."""
    keys = list(store.vector_keys())

    found = store.sentence_vectors_of([*keys, 999])

    assert list(found) == keys
    for key in keys:
        np.testing.assert_array_equal(store.sentence_vectors(key), found[key])


def test_passages_without_a_statistic_have_none(store: Store) -> None:
    """Nothing was measured here."""
    assert store.with_statistic([passage.id for passage in store.passages_of(BARE.id)]) == set()
    assert store.with_statistic([]) == set()


def test_the_least_used_record_goes_first() -> None:
    """Two are kept: what was asked for again stays."""
    read: list[str] = []

    def reader(keys: list[str]) -> Mapping[str, str]:
        read.extend(keys)
        return {key: key.upper() for key in keys if key != "none"}

    kept: Remembered[str, str] = Remembered(lambda: 1, 2)
    kept.get(["a", "b"], reader)
    kept.get(["a"], reader)

    assert kept.get(["c", "none"], reader) == {"c": "C"}
    assert kept.get(["a"], reader) == {"a": "A"}
    assert kept.get(["b"], reader) == {"b": "B"}
    assert read == ["a", "b", "c", "none", "b"]


def test_what_was_read_while_the_base_changed_is_not_kept() -> None:
    """A record of the version before is not given for the one after."""
    versions = iter([1, 2, 2])
    kept: Remembered[str, Document] = Remembered(lambda: next(versions), 2)

    kept.get(["a"], lambda keys: dict.fromkeys(keys, BARE))

    assert kept.get(["a"], lambda keys: dict.fromkeys(keys, FULL)) == {"a": FULL}
    assert kept.get(["a"], lambda keys: {}) == {"a": FULL}


def test_names_are_folded_for_the_filter_by_source() -> None:
    """Case and accents say nothing: "comision" finds "Comisión"."""
    assert (folded("Comisión Nacional"), folded("COMISION nacional"), folded(None)) == (
        "comision nacional",
        "comision nacional",
        "",
    )


def test_what_is_counted_of_a_base_that_grows_is_what_came(store: Store) -> None:
    """The numbers are those of a base that was just opened; only rows beyond the last key are read for them, until
    something that was counted goes."""
    before, read = store.counts(), list[str]()
    last = max(store.vector_keys())
    for number in range(3):
        document = make_document(f"{number}.txt", f"Text {number}.\nMore.", published="2021")
        store.add(make_entry(document, topics=(Topic.METRICS,)), document.text.encode())
    reader = store._connections.read()
    reader.set_trace_callback(read.append)  # type: ignore[attr-defined]
    counted = (store.counts(), store.topic_counts(), store.topic_cells(), store.years())
    reader.set_trace_callback(None)  # type: ignore[attr-defined]

    with closing(Store.open(store.folder)) as other:
        assert counted == (other.counts(), other.topic_counts(), other.topic_cells(), other.years())
    assert (before["passages"], counted[0]["passages"]) == (3, 9)
    over_all = [one for one in read if "passages" in one and "max(key)" not in one and f"key > {last}" not in one]
    assert over_all == []

    store.remove(FULL.id)
    assert store.counts() == {"documents": 4, "passages": 8, "statistics": 0}
