"""Lists of figures of a base that changes: what a finder that was there before gives, and what it reads for that."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from index.search.figure_finding import FigureFinder
from index.search.searcher import Searcher
from kb.records.document import Span, content_id
from kb.records.language import Language
from kb.records.search import Query, StatisticQuery
from kb.records.statistic import Comparator, Kind, Statistic
from kb.store import Entry, Store
from tests.kb.making import STAMP, make_document, make_entry

WORDS = ("customers", "agents", "waited", "called", "left", "stayed", "again", "never")
EVERY = StatisticQuery()


def add(store: Store, name: str, chance: random.Random, values: range = range(10, 22), lines: int = 10) -> str:
    """A document in which each line has one of these values among some of the words."""
    text = "\n".join(f"{' '.join(chance.choices(WORDS, k=6))} {chance.choice(values)}" for _ in range(lines))
    document = make_document(name, text, version=store.next_version(name))
    entry = make_entry(document)
    figures = [_figure(one.id, re.findall(r"\d+", one.text)[0], one.text, one.span) for one in entry.passages]
    store.add(Entry(document, entry.passages, entry.indexing, tuple(figures), "1"), text.encode())
    return document.id


def _figure(passage: str, number: str, quote: str, quoted: Span) -> Statistic:
    return Statistic(
        id=content_id("s", passage, number), passage_id=passage, raw=number, value=Decimal(number), high=None,
        span=Span(quoted.end - len(number), quoted.end), kind=Kind.COUNT, unit="people", comparator=Comparator.EXACT,
        direction=None, subject=None, population=None, sample_size=None, source=None, study=None, year=None,
        quote=quote, quote_span=quoted, language=Language.EN,
    )  # fmt: skip


def no_searcher() -> Searcher:
    raise AssertionError("a list without words needs none")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store.open(tmp_path / "base", create=True)
    opened.claim(STAMP)
    return opened


@contextmanager
def read_keys(store: Store) -> Iterator[list[int]]:
    """The keys of the passages of which vectors of sentences are read inside."""
    found: list[int] = []

    def note(statement: str) -> None:
        if statement.startswith("SELECT key, sentences FROM vectors"):
            found.extend(map(int, re.findall(r"\d+", statement)))

    reader = store._connections.read()
    reader.set_trace_callback(note)  # type: ignore[attr-defined]
    yield found
    reader.set_trace_callback(None)  # type: ignore[attr-defined]


def test_a_list_is_what_a_new_finder_makes_whatever_came_and_went(store: Store) -> None:
    chance = random.Random(1)  # noqa: S311 - words, not a secret
    ids = [add(store, f"{number:02}.txt", chance) for number in range(9)]
    finder = FigureFinder(store, no_searcher)
    changes: list[Callable[[], object]] = [
        lambda: None,
        lambda: add(store, "03a.txt", chance),
        lambda: add(store, "zz.txt", chance, values=range(90, 92)),
        lambda: add(store, "05.txt", chance),  # a new version
        lambda: store.remove(ids[2]),
        lambda: add(store, "0.txt", chance),
    ]

    for change in changes:
        change()
        found = finder.find(EVERY)
        assert found == FigureFinder(store, no_searcher).find(EVERY)
        assert sum(1 + len(one.also_in) for one in found) == len(store.statistics(EVERY))
    assert max(len(one.also_in) for one in found) > 1


def test_what_came_is_compared_with_figures_of_its_values_alone(store: Store) -> None:
    chance = random.Random(2)  # noqa: S311
    for number in range(45):
        add(store, f"{number:02}.txt", chance)
    finder = FigureFinder(store, no_searcher)
    finder.find(EVERY)
    add(store, "20a.txt", chance, values=range(12, 13), lines=3)

    with read_keys(store) as again:
        finder.find(EVERY)

    alike = store.homes_of([one.passage_id for one in store.statistics(StatisticQuery(value_from=12, value_to=12))])
    assert sorted(again) == sorted(key for key, _ in alike.values())


def test_in_a_base_of_many_a_figure_is_held_against_those_near_its_sentence(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read for a history does not grow with the base."""
    chance = random.Random(3)  # noqa: S311
    for number in range(9):
        add(store, f"{number}.txt", chance, values=range(12, 13))
    own, *others = store.statistics(EVERY)
    asked: list[Query] = []
    near = list(store.homes_of([one.passage_id for one in others[:20]]).values())

    def search(query: Query) -> list[SimpleNamespace]:
        asked.append(query)
        return [SimpleNamespace(key=key) for key, _ in near]

    finder = FigureFinder(store, lambda: cast(Searcher, SimpleNamespace(search=search)))
    all_ = finder.claim(own)
    monkeypatch.setattr("index.search.figure_finding._FEW", 10)
    few = finder.claim(own)

    assert [one.text for one in asked] == [own.quote]
    within = {one.id for one in [own, *others[:20]]}
    assert own.id in {one.id for one in few.places}
    assert {one.id for one in few.places} <= within
    assert {one.id for one in few.places} <= {one.id for one in all_.places}
