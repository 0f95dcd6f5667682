"""What a terminal shows at its width: no word, number or id is cut; in a pipe, lines are as long as they are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from api.cli import output
from api.cli.output import Hanging, new_table, print_table
from api.cli.shown import topic_tables
from ingest.tagging.coverage import Coverage, TopicCell
from kb.records.language import Language
from kb.records.search import DocumentReference
from kb.records.topics import Topic
from tests.cli.conftest import Kb

WIDTHS = (60, 80, 100, 140)
IDS = ("d0123456789abcdef", "d0123456789abcde0")
TITLES = ("Gobierno y madurez en la empresa industrial vasca y navarra", "The technology gap in four public studies")


def printed_at(width: int, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is printed from here on, as a terminal of this width has it."""
    stream = io.StringIO()
    console = Console(file=stream, width=width, highlight=False)
    monkeypatch.setattr(output, "out", console)
    monkeypatch.setattr(topic_tables, "out", console)
    return stream


@pytest.mark.parametrize("width", WIDTHS)
def test_lines_hang_and_break_at_words(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = printed_at(width, monkeypatch)
    words = " ".join(TITLES * 3)
    output.out.print(Hanging(words, "[12] "))
    lines = stream.getvalue().splitlines()

    assert " ".join(lines).split() == ["[12]", *words.split()]
    assert all(len(line) <= width for line in lines)
    assert [line[:5] for line in lines] == ["[12] ", *["     "] * (len(lines) - 1)]


@pytest.mark.parametrize("width", range(20, 60))
def test_a_mark_and_the_word_before_it_are_on_one_line(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As is what a no-break space joins; in a pipe both are the spaces that they were."""
    stream = printed_at(width, monkeypatch)
    words = f"El 59\u00a0% de los clientes espera que la empresa les escuche.{output.BOUND}[2]"
    output.out.print(Hanging(words, ""))
    lines = stream.getvalue().splitlines()

    assert " ".join(lines) == words.replace(output.BOUND, " ")
    assert lines[-1].endswith("escuche. [2]")


def test_a_source_is_a_link_where_the_terminal_knows_links() -> None:
    """To the document's own address where that is one of the web; no control in it reaches the terminal."""
    codes = []
    for url in ("https://example.org/a", "javascript:alert(1)", "https://example.org/\x1b]8;;evil"):
        stream = io.StringIO()
        console = Console(file=stream, width=80, force_terminal=True, color_system="truecolor")
        document = DocumentReference("d0123456789abcdef", "a.md", "Las esperas", (), None, None, url)
        console.print(Hanging(output.linked(document, Language.ES), ""))
        codes.append(stream.getvalue())

    assert "https://example.org/a\x1b\\«Las esperas»" in codes[0]
    assert "javascript" not in codes[1]
    assert "\x1b]8;;evil" not in codes[2]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_table_cuts_no_word(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = printed_at(width, monkeypatch)
    table = new_table("id", "title", "passages", numbers_from=2)
    for name, title in zip(IDS, TITLES, strict=True):
        table.add_row(name, title, "1234")
    print_table(table)
    shown = stream.getvalue()

    assert sorted(shown.split()) == sorted(["id", "title", "passages", *IDS, *" ".join(TITLES).split(), *["1234"] * 2])


@pytest.mark.parametrize("width", WIDTHS)
def test_coverage_has_whole_numbers_and_the_newest_year_first(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The years that do not fit stand in a table below, every one of them once."""
    years = range(2003, 2027)
    cells = [
        TopicCell(topic, language, year, 1000 + year, 10, 100)
        for topic in Topic
        for language in (Language.ES, Language.EN)
        for year in years
    ]
    stream = printed_at(width, monkeypatch)
    topic_tables.print_coverage(Coverage(1, tuple(cells), ()))
    lines = stream.getvalue().splitlines()
    heads = [word for line in lines if line.startswith("topic") for word in line.split()[2:]]

    assert heads == ["total", *map(str, reversed(years))]
    assert all(len(line) <= width for line in lines)
    assert sum(line.split().count("3026") for line in lines) == 2 * len(Topic)


def test_in_a_pipe_a_line_is_as_long_as_it_is(kb: Kb, tmp_path: Path) -> None:
    """One line a source, whatever its length: programs read lines."""
    words = "Los clientes esperan que la empresa les escuche y les responda. " * 5
    title = "Un título bastante largo " * 8
    (tmp_path / "a.md").write_text(f"---\ntitle: {title.strip()}\n---\n\n{words}\n", encoding="utf-8")
    base = str(tmp_path / "base")
    kb("ingest", str(tmp_path / "a.md"), "--base", base)
    shown = kb("documents", "--base", base).stdout.splitlines()

    assert len(shown) == 3
    assert len(shown[0]) > 200
