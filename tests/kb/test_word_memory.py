"""Words weighed in memory: what FTS5 finds, with its scores, whatever came and went; and each word read once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.records.language import Language
from kb.records.search import Filters, WordQuery
from kb.store import Store
from kb.store.disk import word_memory
from kb.store.disk.word_memory import FORMS, Floats, Numbers, Phrase, WordMemory
from kb.store.tables.steps import WORD_TABLES
from tests.kb.bm25 import weighed
from tests.kb.making import STAMP, make_document, make_entry

WORDS = ("the", "customer", "effort", "score", "año", "at&t", "2023", "rain", "loyal", "dog")
# The first is in nearly every passage, the last in few.
WEIGHTS = (60, 30, 12, 8, 6, 4, 3, 2, 2, 1)
QUERIES = (
    WordQuery(("effort",), ("effort",)),
    WordQuery(("the", "customer", "dog"), ("the", "customer", "dog")),
    WordQuery(("the",), ("the",)),
    WordQuery(("at&t", "2023", "año"), ("rain",)),
    WordQuery(("nowhere", "customer"), ("nowhere",)),
    WordQuery(("nowhere",), ("nowhere",)),
)


def add(store: Store, name: str, chance: random.Random, version: int = 1) -> str:
    lines = [" ".join(chance.choices(WORDS, WEIGHTS, k=chance.randint(1, 150))) for _ in range(8)]
    document = make_document(name, "\n".join(lines), version=version)
    store.add(make_entry(document), document.text.encode())
    return document.id


def by_fts5(store: Store, words: WordQuery, limit: int, among: np.ndarray | None = None) -> list[tuple[int, float]]:
    """What FTS5 finds by itself, with its scores."""
    table = WORD_TABLES[Language.EN]
    either = [" OR ".join(f'"{word}"' for word in form) for form in (words.plain, words.stems)]
    query = f"SELECT rowid, -bm25({table}) FROM {table} WHERE {table} MATCH ? ORDER BY 2 DESC, 1"  # noqa: S608
    expression = f"{{plain}} : ({either[0]}) OR {{stemmed}} : ({either[1]})"
    rows = store._connections.read().execute(query, (expression,)).fetchall()
    return [row for row in rows if among is None or row[0] in among][:limit]


def assert_as_fts5(store: Store) -> None:
    even = np.array([key for key in store.vector_keys() if key % 2 == 0], np.int64)
    for words in QUERIES:
        for limit in (3, 500):
            for among in (None, even, even[:2]):
                expected = by_fts5(store, words, limit, among)
                found = store.word_search(words, Language.EN, limit, among)
                assert [key for key, _ in found] == [key for key, _ in expected]
                assert [score for _, score in found] == pytest.approx([score for _, score in expected], rel=1e-12)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store.open(tmp_path / "base", create=True)
    opened.claim(STAMP)
    return opened


def test_what_is_found_is_what_fts5_finds(store: Store) -> None:
    """Of an empty base, of one that grows, after a new version and a removal; ties by key, filters exactly."""
    chance = random.Random(1)  # noqa: S311 - words, not a secret
    assert_as_fts5(store)
    ids = [add(store, f"{number}.txt", chance) for number in range(12)]
    assert_as_fts5(store)
    ids += [add(store, f"{number}.txt", chance) for number in range(12, 15)]
    assert_as_fts5(store)
    add(store, "3.txt", chance, version=2)
    assert_as_fts5(store)
    store.remove(ids[7])
    assert_as_fts5(store)


class Listed:
    """A source of the words of a list of passages, which may grow."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str, str]] = []

    def lengths(self, language: Language) -> tuple[Numbers, Floats]:
        lengths = [len(plain.split()) + len(stemmed.split()) for _, plain, stemmed in self.rows]
        return np.array([key for key, *_ in self.rows], np.int64), np.array(lengths, np.float64)

    def after(self, language: Language, key: int, most: int) -> list[tuple[int, str, str]]:
        return [row for row in self.rows if row[0] > key][:most]

    def met(self, language: Language, word: str, forms: Sequence[str]) -> dict[str, tuple[Numbers, Numbers]]:
        found = {}
        for form in forms:
            times = {key: texts[FORMS.index(form)].split().count(word) for key, *texts in self.rows}
            rows = [(key, many) for key, many in times.items() if many]
            found[form] = np.array(rows, np.int64).reshape(-1, 2)[:, 0], np.array(rows, np.int64).reshape(-1, 2)[:, 1]
        return found

    def counts(self, language: Language, words: Sequence[str]) -> dict[Phrase, int]:
        counts = {(form, word): len(self.met(language, word, [form])[form][0]) for form in FORMS for word in words}
        return {phrase: count for phrase, count in counts.items() if count}

    def commonest(self, language: Language) -> list[tuple[str, int]]:
        counts = Counter[str]()
        for (_, word), many in self.counts(language, sorted(self.words())).items():
            counts[word] += many
        return counts.most_common()

    def words(self) -> set[str]:
        return {word for _, *texts in self.rows for text in texts for word in text.split()}


FEW_WORDS = st.sampled_from(["a", "b", "c", "d", "e"])
TEXTS = st.lists(FEW_WORDS, max_size=9).map(" ".join)


@given(st.data())
def test_the_first_are_those_of_weighing_all(data: st.DataObject) -> None:
    """Of any passages, of which many are equal, that grow and have a filter: the same keys and scores to the last
    bit, whatever makes room for other words."""
    source = Listed()
    versions = count(1)
    memory = WordMemory(source, lambda: (next(versions), 0))
    kept = data.draw(st.sampled_from([700, 10_000]))
    for _ in range(data.draw(st.integers(1, 3))):
        words = WordQuery(*(tuple(data.draw(st.lists(FEW_WORDS, min_size=1, unique=True))) for _ in FORMS))
        for plain, stemmed in data.draw(st.lists(st.tuples(TEXTS, TEXTS), max_size=30)):
            source.rows.append((1 + 2 * len(source.rows), plain, stemmed))
        limit = data.draw(st.integers(1, 20))
        for among in (None, np.array(sorted(data.draw(st.sets(st.integers(0, 70)))), np.int64)):
            with patch.multiple(word_memory, _BYTES_KEPT=kept, _RARE=2, _AT_ONCE=7):
                if data.draw(st.booleans()):
                    memory.read_ahead(Language.EN, words.plain, words.stems)
                found = memory.found(words, Language.EN, limit, among)
            assert found == weighed(source.rows, words, limit, among)


def test_what_is_changed_while_words_are_read_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept of what was there before."""
    source, changes = Listed(), count(1)
    memory = WordMemory(source, lambda: (next(changes),) * 2)
    source.rows = [(key, "customer", "") for key in range(1, 9)]

    memory.read_ahead(Language.EN, ["customer"], ())

    assert memory._passages[Language.EN].held == {}


def test_a_word_that_nobody_wrote_beside_one_of_half(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is not looked for with those that find enough together."""
    monkeypatch.setattr(word_memory, "MANY", 2)
    source = Listed()
    source.rows = [(key, "the customer" if key % 2 else "the", "") for key in range(1, 9)]
    memory = WordMemory(source, lambda: (1, 0))

    assert memory.found(WordQuery(("the", "nowhere"), ("nowhere",)), Language.EN, 3, None) == weighed(
        source.rows, WordQuery(("the",), ()), 3, None
    )


def test_what_came_later_is_read_anew_when_it_is_much(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is what made room for other words."""
    monkeypatch.setattr(word_memory, "_LATER", 20)
    monkeypatch.setattr(word_memory, "_BYTES_KEPT", 400)
    chance = random.Random(2)  # noqa: S311
    for number in range(9):
        add(store, f"{number}.txt", chance)
        assert_as_fts5(store)


def test_a_word_of_half_of_very_many_passages_leads_nowhere_else(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It weighs a millionth: it is not read while others find enough, and is where they do not."""
    monkeypatch.setattr(word_memory, "MANY", 10)
    chance = random.Random(5)  # noqa: S311
    for number in range(9):
        add(store, f"{number}.txt", chance)
    words = WordQuery(("the", "customer"), ("dog",))

    few, expected = store.word_search(words, Language.EN, 10), by_fts5(store, words, 10)
    assert [score for _, score in few] == pytest.approx([score for _, score in expected], abs=1e-5)
    assert ("plain", "the") not in store._words._passages[Language.EN].held
    every = store.word_search(words, Language.EN, 500)
    assert [key for key, _ in every] == [key for key, _ in by_fts5(store, words, 500)]


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    found: list[str] = []
    reader = store._connections.read()
    reader.set_trace_callback(found.append)  # type: ignore[attr-defined]
    yield found
    reader.set_trace_callback(None)  # type: ignore[attr-defined]


def test_a_word_is_read_once(store: Store) -> None:
    """Asked again, nothing is read of it; after a document was added, only what that brought."""
    chance = random.Random(3)  # noqa: S311
    add(store, "a.txt", chance)
    last = max(store.vector_keys())
    store.word_search(QUERIES[0], Language.EN, 5)

    with statements(store) as again:
        store.word_search(QUERIES[0], Language.EN, 5)
    add(store, "b.txt", chance)
    with statements(store) as later:
        store.word_search(QUERIES[0], Language.EN, 5)

    assert [one for one in again if "words_" in one] == []
    assert [one for one in later if "FROM words_" in one] == [
        f"SELECT id, c0, c1 FROM words_en_content WHERE id > {last} ORDER BY id LIMIT 10000"  # noqa: S608
    ]


def test_the_keys_of_a_filter_are_read_once(store: Store) -> None:
    """Until the base changes: a page and the next one, and another question under the same filter."""
    chance = random.Random(4)  # noqa: S311
    add(store, "a.txt", chance)
    filters = Filters(sources=frozenset({"a.txt"}))
    first = store.keys_matching(filters)

    assert first is not None
    assert store.keys_matching(Filters(sources=frozenset({"a.txt"}))) is first
    add(store, "a.txt2", chance)
    after = store.keys_matching(filters)
    assert after is not None
    assert len(after) == 2 * len(first)


def test_keys_from_all_over_the_base(store: Store) -> None:
    """All of few, the first at each of as many places of many; by language, ascending."""
    for number in range(30):
        document = make_document(f"{number}.txt", f"text {number}\nmore of it {number}")
        store.add(make_entry(document, language=(Language.EN, Language.ES)[number % 2]), document.text.encode())
    keys = [key for key, language in store.vector_keys().items() if language is Language.ES]

    assert store.spread_keys(Language.ES, 400) == keys
    assert store.spread_keys(Language.OTHER, 400) == []
    some = store.spread_keys(Language.ES, 5)
    assert some == sorted(set(some))
    assert (set(some) <= set(keys), len(some), some[0]) == (True, 5, keys[0])
