"""Statistics as CSV and as a workbook: numbers are numbers, text is never a formula, marks are the language's."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal

import openpyxl  # type: ignore[import-untyped]
import pytest

from api.files.delimited import Separators, delimited, parse_separators, safe_text
from api.files.figure_rows import figure_rows
from api.files.workbook import MAX_CELL, number_format, workbook
from api.service.copy_ready import attributions, copy_ready, measured, reported_by
from api.service.schemas import CitedStatistic, CopyReady, FigurePlace
from kb.citing import Reference, Style, as_cited_in
from kb.records.document import Span
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.search import Citation, DocumentReference
from kb.records.statistic import Comparator, Granularity, Kind, Period, Statistic

DOCUMENT = DocumentReference("d1", "=cmd.md", "Los clientes", ("Pérez, Ana",), "Ejemplo", "2022-03-01", None)
QUOTE = "Según Gartner, casi el 80 % de los clientes volvió."
SPAN = Span(0, len(QUOTE))


def cited(value: str | None, kind: Kind = Kind.PERCENT, unit: str | None = None, **changes: object) -> CitedStatistic:
    fields: dict[str, object] = {
        "id": "s1", "passage_id": "p1", "span": Span(15, 27), "raw": "casi el 80 %", "value": value and Decimal(value),
        "high": None, "kind": kind, "unit": unit, "comparator": Comparator.ALMOST, "direction": None, "subject": None,
        "population": "los clientes", "sample_size": 1200, "source": "Gartner", "study": None, "year": 2021,
        "quote": QUOTE, "quote_span": SPAN, "language": Language.ES, **changes,
    }  # fmt: skip
    statistic = Statistic(**fields)  # type: ignore[arg-type]
    citation = Citation(1, DOCUMENT, "p1", QUOTE, SPAN, "0" * 64, "/passages/p1?start=0&end=51")
    return CitedStatistic(
        statistic,
        citation,
        (FigurePlace("s2", "80 %", Language.ES, citation),),
        copy_ready(statistic, citation),
    )


def test_the_sentence_to_copy_names_who_measured_and_who_repeats() -> None:
    sentence = cited("0.8").sentence

    assert sentence is not None
    assert sentence.es == f"Casi el 80\u00a0%: «{QUOTE}» (Gartner, 2021, como se citó en Pérez, 2022)."
    assert sentence.en == f"Almost 80%: “{QUOTE}” (Gartner, 2021, as cited in Pérez, 2022)."


def test_the_attribution_says_who_measured_whom_and_when() -> None:
    """Study, sample, population and year where they are known; nothing where nobody is known to have measured."""
    known, bare = cited("0.8", study="Voces"), cited("0.8", sample_size=None, population=None, year=None)
    own = replace(known.citation, document=replace(DOCUMENT, publisher="Gartner"))

    assert attributions(known.statistic, known.citation) == CopyReady(
        "Gartner, «Voces», muestra de 1.200, «los clientes», 2021; citado en Pérez, 2022",
        "Gartner, “Voces”, sample of 1,200, “los clientes”, 2021; cited in Pérez, 2022",
    )
    assert attributions(bare.statistic, bare.citation) == CopyReady(
        "Gartner; citado en Pérez, 2022", "Gartner; cited in Pérez, 2022"
    )
    assert attributions(bare.statistic, own) == CopyReady("Gartner", "Gartner")
    assert attributions(cited("0.8", source=None).statistic, known.citation) is None


def test_who_repeats_a_figure_is_named_where_another_measured_it() -> None:
    """The publisher of the document, else its title; nobody where the document is the measurer's own."""
    statistic, document = cited("0.8").statistic, DOCUMENT

    assert reported_by(statistic, document) == "Ejemplo"
    assert reported_by(statistic, replace(document, publisher=None)) == "Los clientes"
    assert reported_by(statistic, replace(document, publisher="Gartner")) is None
    assert reported_by(replace(statistic, source=None), document) is None


SECONDARY = [
    (Style.APA, Language.ES, "(Gartner, 2021, como se citó en Pérez, 2022)"),
    (Style.APA, Language.EN, "(Gartner, 2021, as cited in Pérez, 2022)"),
    (Style.MLA, Language.ES, "(Gartner, citado en Pérez)"),
    (Style.MLA, Language.EN, "(Gartner, qtd. in Pérez)"),
    (Style.CHICAGO_AUTHOR_DATE, Language.ES, "(Gartner 2021, citado en Pérez 2022)"),
    (Style.CHICAGO_AUTHOR_DATE, Language.EN, "(Gartner 2021, quoted in Pérez 2022)"),
]


@pytest.mark.parametrize(("style", "language", "expected"), SECONDARY)
def test_a_secondary_citation_in_the_words_of_each_style(style: Style, language: Language, expected: str) -> None:
    assert as_cited_in("Gartner", 2021, Reference.of(DOCUMENT), style, language) == expected


def test_the_attribution_says_the_period() -> None:
    statistic, citation = cited("0.8").statistic, cited("0.8").citation
    when = replace(statistic, period=Period("2021-03", "2021-06", Granularity.MONTH))

    assert attributions(when, citation) == CopyReady(
        "Gartner, muestra de 1.200, «los clientes», de marzo a junio de 2021; citado en Pérez, 2022",
        "Gartner, sample of 1,200, “los clientes”, March to June 2021; cited in Pérez, 2022",
    )


def test_figures_of_a_finding_have_one_line_a_measurement() -> None:
    """As far as the words beside them do not say it; nothing of a figure of which nothing is known."""
    first = cited("0.8").statistic
    again = replace(first, raw="el  37 %")
    later = replace(first, source=None, sample_size=None, year=2023, raw="40 %")
    unknown = replace(first, source=None, sample_size=None, year=None)

    assert measured([first, later, again, unknown], QUOTE, Language.ES) == (
        "casi el 80 %, el 37 %: Gartner, muestra de 1.200, 2021",
        "40 %: 2023",
    )
    assert measured([first, later], "De los 1.200 de Gartner en 2021, casi el 80 %.", Language.ES) == ("40 %: 2023",)
    assert measured([replace(first, study="Voces")], QUOTE, Language.EN) == (
        "casi el 80 %: Gartner, “Voces”, sample of 1,200, 2021",
    )


def test_what_is_not_known_is_not_said() -> None:
    """No year, no source, a value that is not known: each is left out."""
    no_year, no_source = cited("0.8", year=None).sentence, cited("0.8", source=None, year=None).sentence
    unread = cited(None).sentence

    assert no_year is not None
    assert no_source is not None
    assert unread is not None
    assert no_year.es.endswith("(Gartner, como se citó en Pérez, 2022).")
    assert no_source.es.endswith(f"«{QUOTE}» (Pérez, 2022).")
    assert unread.en.startswith("Casi el 80 %: “")


@pytest.mark.parametrize(
    ("separators", "delimiter", "value"), [(Separators.ES, ";", "-5,2"), (Separators.EN, ",", "-5.2")]
)
def test_csv_with_the_separators_of_a_language(separators: Separators, delimiter: str, value: str) -> None:
    text = delimited(figure_rows([cited("-5.2", Kind.SCORE)], Language.ES, None), separators)
    (row,) = csv.DictReader(io.StringIO(text), delimiter=delimiter)

    assert row["value"] == value
    assert row["source_id"] == "'=cmd.md"
    assert row["citation"] == "Pérez, A. (2022, 1 de marzo). Los clientes. Ejemplo."
    assert row["also_in"] == "'=cmd.md"
    assert row["permalink"] == "/passages/p1?start=0&end=51"
    assert (row["sample_size"], row["year"], row["subject"]) == ("1200", "2021", "")


def test_no_rows_are_an_empty_file() -> None:
    assert delimited([]) == ""
    assert openpyxl.load_workbook(io.BytesIO(workbook([]))).active.max_row == 1


def test_unknown_separators_are_refused() -> None:
    with pytest.raises(InputError, match="separators 'fr'"):
        parse_separators("fr")


FORMATS = [
    ("0.87", Kind.PERCENT, None, "0 %"),
    ("0.375", Kind.PERCENT, None, "0.0 %"),
    ("4.50", Kind.CURRENCY, "USD", '#,##0.00" USD"'),
    ("0.015", Kind.PERCENT, "percentage points", '0.0" pp"'),
    ("1.5", Kind.SCORE, "percentage points", '0.0" pp"'),
    ("1.73", Kind.MULTIPLIER, None, '0.00" ×"'),
    ("5500", Kind.COUNT, "consumidores", "#,##0"),
    ("15700000000000", Kind.CURRENCY, "USD", '#,##0" USD"'),
    ("2.5", Kind.CURRENCY, 'E"U"R', '#,##0.00" EUR"'),
    ("2.27", Kind.DURATION, "hours", '0.00" hours"'),
    ("8.3", Kind.SCORE, "out of 10", "0.0"),
    ("3", Kind.RANK, None, "0"),
]


@pytest.mark.parametrize(("value", "kind", "unit", "expected"), FORMATS)
def test_number_formats(value: str, kind: Kind, unit: str | None, expected: str) -> None:
    assert number_format(Decimal(value), kind.value, unit) == expected


HOSTILE = [
    "=1+1",
    "+34 600 000 000",
    "-5.2 %",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "#N/A",
    "\tx",
    "a\x00b",
    "\ud800",
    "x" * 40_000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_workbook_holds_text_as_text_and_numbers_as_numbers(text: str) -> None:
    """What looks like a formula, an error or a control character is text; -5.2 stays a number."""
    rows = figure_rows([cited("-5.2", Kind.SCORE, population=text, raw=text)], Language.EN, None)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(rows))).active
    names = [cell.value for cell in sheet[1]]
    cells = dict(zip(names, sheet[2], strict=True))

    assert list(rows[0]) == names
    assert (cells["value"].value, cells["value"].data_type) == (-5.2, "n")
    assert (cells["sample_size"].value, cells["year"].value) == (1200, 2021)
    assert {cell.data_type for name, cell in cells.items() if name not in ("value", "sample_size", "year")} <= {
        "s",
        "n",
    }
    assert cells["population"].data_type == "s"
    assert len(cells["population"].value) <= MAX_CELL
    if text.isprintable() and len(text) < MAX_CELL:
        assert cells["population"].value == text
    if len(text) > MAX_CELL:
        assert cells["population"].value.endswith("[cut: a cell holds no more]")


def test_plain_numbers_are_not_quoted_and_formulas_are() -> None:
    assert [safe_text(text) for text in ("-5.2", "+3", "=1", "－1", " =1", "\u202e=1", "text")] == [
        "-5.2", "+3", "'=1", "'－1", "' =1", "'\u202e=1", "text",
    ]  # fmt: skip


def test_a_row_has_a_link_that_others_can_open() -> None:
    """Where the base is reached from outside; else the path in it."""
    (row,) = figure_rows([cited("-5.2", Kind.SCORE)], Language.EN, "https://kb.example.org")

    assert row["permalink"] == "https://kb.example.org/passages/p1?start=0&end=51"
