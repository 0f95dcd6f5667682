"""Words: folding, analysis by language, and expressions that no text can break."""

import doctest
import sqlite3
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search import lexical
from index.search.lexical import MAX_WORDS, analyse, content_words, folded, plain, word_query, words_of
from kb.records.language import Language
from kb.records.search import WordQuery
from kb.store.disk.fts5_words import Fts5Words, tables_of_words
from kb.store.disk.word_memory import WordMemory
from kb.store.tables import steps
from kb.store.tables.cells import select


def test_examples() -> None:
    assert doctest.testmod(lexical).failed == 0


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("Año", "año", "ñ is a letter"),
        ("AN\u0303O", "año", "decomposed ñ too"),
        ("ano", "ano", "n is not ñ"),
        ("ÁÉÍÓÚ ü ç", "aeiou u c", "other marks go"),
        ("Straße", "strasse", "case folding"),
        ("ﬁn²", "fin2", "compatibility forms"),
    ],
)
def test_folded(text: str, expected: str, reason: str) -> None:
    assert expected == folded(text), reason


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Las métricas", Language.ES, "las metric"),
        ("the metrics", Language.EN, "the metric"),
        ("metricas", Language.ES, "metric"),
        ("campañas", Language.ES, "campañ"),
        ("running companies", Language.EN, "run compani"),
        ("companies", Language.OTHER, "companies"),
        ("B2B AT&T 37,5 %", Language.EN, "b2b at&t 37 5"),
    ],
)
def test_analysis_is_that_of_the_language(text: str, language: Language, expected: str) -> None:
    assert expected == analyse(text, language)


def test_plain_keeps_the_words() -> None:
    assert plain("Las métricas, año 2023") == "las metricas año 2023"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¿Qué es el NPS?", ["nps"]),
        ("what is churn, churn?", ["churn"]),
        ("¿qué es?", ["que", "es"]),
        ("¿Qué mide the effort score?", ["mide", "effort", "score"]),
        ("!!! ...", []),
    ],
)
def test_content_words(text: str, expected: list[str]) -> None:
    assert expected == content_words(text)


def test_a_pasted_text_is_read_by_its_first_words() -> None:
    text = " ".join(f"word{number}" for number in range(100))

    assert content_words(text) == [f"word{number}" for number in range(MAX_WORDS)]


def word_tables() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(";".join([steps.word_tables(), *tables_of_words()]))
    return connection


def met(connection: sqlite3.Connection, words: WordQuery, language: Language) -> list[int]:
    memory = WordMemory(Fts5Words(partial(select, connection)), lambda: (1, 1))
    return [key for key, _ in memory.found(words, language, 9, None)]


def test_no_words_no_expression() -> None:
    assert word_query([], Language.ES) is None


@given(st.text(max_size=200))
def test_any_text_is_safe_to_ask_for(text: str) -> None:
    """Whatever was typed is words: operators, quotes, brackets, other scripts."""
    connection = word_tables()
    for language in Language:
        words = word_query(words_of(text), language)
        if words is not None:
            assert met(connection, words, language) == []
    connection.close()


@pytest.mark.parametrize("text", ["e-commerce", "AT&T", "37,5 %", "NEAR(a b)", 'a" OR "b', "plain:x", "a*", "-a", "^a"])
def test_what_was_typed_is_found(text: str) -> None:
    connection = word_tables()
    connection.execute("INSERT INTO words_en VALUES (?, ?)", (plain(text), analyse(text, Language.EN)))
    words = word_query(words_of(text), Language.EN)

    assert words is not None
    assert met(connection, words, Language.EN) == [1]
    connection.close()
