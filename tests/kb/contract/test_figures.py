"""What every engine gives for lists of figures: parts of the records, of those that are live, and whole ones by id."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from kb.records.document import Document, Span, content_id
from kb.records.errors import NotFoundError
from kb.records.language import Language
from kb.records.search import StatisticQuery
from kb.records.statistic import Comparator, Kind, Statistic
from kb.records.topics import Topic
from kb.store import Entry, Store
from kb.store.figures import FigureFacts
from tests.kb.making import make_document, make_entry

TEXT = 'Some 12 of them wrote "ñandú".\nAbout 34 called.\nNobody came.'
NEWER = "Some 56 of them wrote."


def add(store: Store, name: str, text: str) -> Document:
    """A document with a figure for each number of its text."""
    document = make_document(name, text, version=store.next_version(name))
    entry = make_entry(document)
    figures = [
        _figure(passage.id, number, passage.span, passage.text)
        for passage in entry.passages
        for number in re.finditer(r"\d+", passage.text)
    ]
    store.add(Entry(document, entry.passages, entry.indexing, tuple(figures), "1"), text.encode())
    return document


def _figure(passage: str, number: re.Match[str], quoted: Span, quote: str) -> Statistic:
    return Statistic(
        id=content_id("s", passage, number[0]), passage_id=passage, raw=number[0], value=Decimal(number[0]), high=None,
        span=Span(*number.span()).shifted(quoted.start), kind=Kind.COUNT, unit="people", comparator=Comparator.ABOUT,
        direction=None, subject=None, population="ñandú", sample_size=int(number[0]), source=None, study=None,
        year=1900 + int(number[0]), quote=quote, quote_span=quoted, language=Language.EN, topics=(Topic.EMPATHY,),
    )  # fmt: skip


def facts_of(one: Statistic) -> FigureFacts:
    return FigureFacts(**{name: getattr(one, name) for name in FigureFacts._fields})


def test_lists_are_made_of_what_the_records_have(store: Store) -> None:
    add(store, "b.txt", TEXT)
    add(store, "a.txt", "Of 90 letters 78 were read.")
    every = store.statistics(StatisticQuery())

    assert [one.raw for one in every] == ["90", "78", "12", "34"]
    listed = store.figure_facts()
    assert [one.facts for one in listed] == [facts_of(one) for one in every]
    assert [one.order for one in listed] == [("a.txt", 0, 0), ("a.txt", 0, 1), ("b.txt", 0, 0), ("b.txt", 1, 1)]
    homes = store.homes_of([one.passage_id for one in every])
    assert [(one.key, one.document_id) for one in listed] == [homes[one.passage_id] for one in every]
    assert store.figure_facts(after=listed[2].key) == [listed[0], listed[1], listed[3]]
    assert set(store.statistic_ids(StatisticQuery(year_from=1935))) == {every[0].id, every[1].id}
    assert store.statistics_with([every[3].id, every[0].id]) == {every[3].id: every[3], every[0].id: every[0]}


def test_what_another_version_said_is_in_no_list(store: Store) -> None:
    add(store, "b.txt", TEXT)
    old = store.statistics(StatisticQuery())
    add(store, "b.txt", NEWER)

    assert [(one.value, one.quote) for one in (listed.facts for listed in store.figure_facts())] == [
        (Decimal(56), NEWER)
    ]
    assert store.statistic_ids(StatisticQuery()) == [one.facts.id for one in store.figure_facts()]
    assert store.statistic(old[0].id) == old[0]


def test_one_that_is_gone_is_named(store: Store) -> None:
    document = add(store, "b.txt", TEXT)
    (first, _) = store.statistics(StatisticQuery())
    store.remove(document.id)

    assert store.statistics_with([]) == {}
    with pytest.raises(NotFoundError, match=first.id):
        store.statistics_with([first.id])


def test_sentences_are_read_without_their_passages(store: Store) -> None:
    document = add(store, "b.txt", TEXT)
    keys = list(store.vector_keys())

    assert store.sentences_of([*keys, 10**6]) == dict(
        zip(keys, [one.sentences for one in store.passages_of(document.id)], strict=True)
    )
