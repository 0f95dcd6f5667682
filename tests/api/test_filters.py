"""The table of filters: whole, and the same at every door."""

from __future__ import annotations

from dataclasses import fields
from inspect import signature
from typing import Any

import pytest
from typer.testing import CliRunner

from api.agents.agent_tools import AgentTools
from api.cli.program import app
from api.http.bodies import FilterBody
from api.page.addresses import SearchState
from api.routes.arguments import filter_words
from api.service.asking.filters import FIGURES, PASSAGES, FilterRow, make_filters, make_statistic_query, words_of
from kb.records.errors import InputError
from kb.records.file_format import FileFormat
from kb.records.language import Language
from kb.records.search import Filters, StatisticQuery
from kb.records.statistic import Kind
from kb.records.topics import SubTopic, Topic
from kb.store import searching

# What asks for every filter, and the record that it becomes.
WORDS: dict[str, Any] = {
    "topic": ("metrics", "Mi-tema"),
    "language": ("es",),
    "year_from": 2019,
    "year_to": 2021,
    "source": ("deloitte",),
    "has_statistic": True,
    "subtopic": ("stage:2..3",),
    "format": ("pdf",),
}
FILTERS = Filters(
    frozenset({Topic.METRICS}),
    frozenset({Language.ES}),
    2019,
    2021,
    frozenset({"deloitte"}),
    True,
    subtopics=frozenset({SubTopic("stage:controlled"), SubTopic("stage:defined")}),
    own_topics=frozenset({"mi_tema"}),
    formats=frozenset({FileFormat.PDF}),
)
FIGURE_WORDS: dict[str, Any] = {
    "kind": "percent",
    "topic": "metrics",
    "subtopic": ("nps",),
    "language": "es",
    "min": 0.2,
    "max": 0.5,
    "year_from": 2019,
    "year_to": 2021,
    "source": "deloitte",
    "has_sample_size": False,
}
FIGURE_QUERY = StatisticQuery(
    "churn",
    Kind.PERCENT,
    Topic.METRICS,
    Language.ES,
    0.2,
    0.5,
    2019,
    2021,
    "deloitte",
    False,
    limit=7,
    subtopics=frozenset({SubTopic.NPS}),
)


def test_words_become_records() -> None:
    """Every row at once; a topic of one's own goes to its own field."""
    assert make_filters(WORDS, {"mi_tema"}) == FILTERS
    assert make_filters({}) == Filters()
    assert make_statistic_query("churn", FIGURE_WORDS, 7) == FIGURE_QUERY
    assert make_statistic_query(" ", {"topic": "mi tema"}, 50, {"mi_tema"}) == StatisticQuery(own_topic="mi_tema")


def test_records_become_words_again() -> None:
    """As a request would write them: what a saved search shows."""
    words = {**WORDS, "topic": ["metrics", "mi_tema"], "subtopic": ["stage:controlled", "stage:defined"]}

    assert words_of(FILTERS) == {name: list(word) if isinstance(word, tuple) else word for name, word in words.items()}
    assert list(words_of(FILTERS)) == list(FilterBody.model_fields)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"year_from": 2021, "year_to": 2019}, "years 2021 to 2019: are the wrong way round"),
        ({"min": 0.5, "max": 0.2}, "values 0.5 to 0.2: are the wrong way round"),
        ({"min": float("nan")}, "value nan: is not a number"),
        ({"kind": "procent"}, "Did you mean percent"),
    ],
)
def test_wrong_words_are_refused(words: dict[str, Any], said: str) -> None:
    """With the thing, the reason and what to do."""
    with pytest.raises(InputError) as refused:
        make_statistic_query(None, words, 10)

    assert said in str(refused.value)


def test_a_name_that_no_row_has_is_a_fault_of_the_program() -> None:
    """Never a filter that is passed over: it would find everything."""
    with pytest.raises(KeyError, match="colour"):
        make_filters({"colour": "red"})


def test_no_field_is_without_its_rows() -> None:
    """Each field of a record has its condition in the store and, but for what no request can say, its row of words."""
    for record, words, conditions, unsaid in (
        (Filters, PASSAGES, searching.PASSAGES, {"figures", "added_after"}),
        (StatisticQuery, FIGURES, searching.FIGURES, set()),
    ):
        known = {one.name for one in fields(record)} - {"text", "limit"}

        assert {field for row in conditions for field in row} == known
        assert {field for row in words for field in (row.field, row.own) if field} == known - unsaid


def test_every_row_says_what_it_is_in_both_languages() -> None:
    """In a sentence each."""
    silent = [row.name for row in (*PASSAGES, *FIGURES) if not (row.en.endswith(".") and row.es.endswith("."))]

    assert silent == []


@pytest.mark.parametrize(
    ("command", "rows"),
    [(["search"], PASSAGES), (["ask"], PASSAGES), (["saved", "create"], PASSAGES), (["stats"], FIGURES)],
)
def test_every_row_is_an_option(command: list[str], rows: tuple[FilterRow, ...]) -> None:
    """Of each command that takes filters."""
    shown = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200"}).output

    assert [row.name for row in rows if f"--{row.name.replace('_', '-')}" not in shown] == []


def test_every_row_is_at_every_door() -> None:
    """In query strings, bodies, addresses of the page and arguments of tools."""
    passages, figures = [row.name for row in PASSAGES], [row.name for row in FIGURES]
    address = SearchState(
        "x", {"topic": ("metrics",), "format": ("pdf",), "year_from": "2019", "has_statistic": "true"}
    )

    assert list(signature(filter_words(PASSAGES)).parameters) == passages
    assert list(signature(filter_words(FIGURES)).parameters) == figures
    assert list(FilterBody.model_fields) == passages
    assert address.address() == "/search?q=x&topic=metrics&format=pdf&year_from=2019&has_statistic=true"
    assert address.filters == Filters(
        frozenset({Topic.METRICS}), year_from=2019, has_statistic=True, formats=frozenset({FileFormat.PDF})
    )
    assert list(signature(AgentTools.search).parameters)[3:] == [
        *("topics", "languages", "year_from", "year_to", "sources", "has_statistic", "subtopics", "formats")
    ]
    assert list(signature(AgentTools.find_statistics).parameters)[3:] == [
        *("kind", "topic", "subtopics", "language", "minimum", "maximum", "year_from", "year_to", "source"),
        "has_sample_size",
    ]
