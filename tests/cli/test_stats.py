"""``kb stats`` without words, over a base of exact fake vectors: tables, files, sentences, orders."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from api.cli.options import wording_of
from api.cli.shown.figures_shown import print_history
from api.service.genealogy import ClaimPlace, FigureHistory
from api.service.hits import cite_span
from ingest.sources.sources import find_sources
from kb.records.language import Language
from kb.store import Store
from tests.api.conftest import pipeline_of
from tests.cli.conftest import Kb

ORIGINAL = "Según Gartner, casi el 80 % de los clientes valora la empatía en 2021. Solo dos tercios de ellos lo dicen."
TEXTS = {
    "a.md": f"---\ntitle: La empatía\nauthors: [Ana Pérez]\npublished: 2022\n---\n\n# La empatía\n\n{ORIGINAL}\n",
    "b.md": f"# Otra nota\n\nUna nota sobre la lealtad. {ORIGINAL}\n",
    "c.md": "# Effort\n\nMore than 5,500 customers answered in 2019. Some 37.5% of them named effort.\n",
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A base of three notes, of which one repeats the figures of another."""
    sources = tmp_path_factory.mktemp("sources")
    for name, text in TEXTS.items():
        (sources / name).write_text(text, encoding="utf-8")
    folder = tmp_path_factory.mktemp("made") / "base"
    store = Store.open(folder, create=True)
    pipeline_of(store).run(find_sources([sources]))
    store.close()
    return str(folder)


def test_a_figure_in_two_places_is_one_row(kb: Kb, base: str) -> None:
    """Both records are in the store; the list shows one with its other place."""
    found = json.loads(kb("stats", "--kind", "percent", "--language", "es", "--json", "--base", base).stdout)
    (one,) = found["statistics"]

    assert found["total"] == 1
    assert one["statistic"]["raw"] == "casi el 80 %"
    assert [place["citation"]["document"]["source_id"].split("/")[-1] for place in one["also_in"]] == ["b.md"]
    assert found["facets"]["source"] == [{"value": "Gartner", "count": 1}]


QUOTE = "   «Según Gartner, casi el 80 % de los clientes valora la empatía en 2021.»\n"
SHOWN = {
    "es": (
        f"casi el 80 %  porcentaje  es\n{QUOTE}   De quiénes: los clientes · Quién lo midió: Gartner, 2021\n"
        "   2 fuentes coinciden\n   Ana Pérez, «La empatía», 2022 (",
        "   También en: «Otra nota» (",
        "\n2 cifras. Para acotar:\n  --kind       percent (2)\n",
    ),
    "en": (
        f"casi el 80 %  almost 80% · percentage  es\n{QUOTE}   Of whom: los clientes · Who measured it: Gartner, 2021\n"
        "   2 sources agree\n   Ana Pérez, “La empatía”, 2022 (",
        "   Also in: “Otra nota” (",
        "\n2 figures. Narrow with:\n  --kind       percent (2)\n",
    ),
}


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_terminal_shows_value_sentence_places_and_counts(kb: Kb, base: str, language: str) -> None:
    """All but quotes and what is typed in one language."""
    out = kb("stats", "--kind", "percent", "--wording", language, "--base", base).stdout

    assert [part for part in SHOWN[language] if part not in out] == []


@pytest.mark.parametrize(
    ("words", "spoken", "expected"),
    [
        (("la empatía de los clientes",), "en_GB.UTF-8", "es"),
        (("what the customers want",), "es_ES.UTF-8", "en"),
        (("loyalty",), "C", "en"),
        (("loyalty",), "es_ES.UTF-8", "es"),
        ((), "es_MX.UTF-8", "es"),
        ((), "C", "en"),
    ],
)
def test_the_words_around_figures_are_in_the_language_of_the_question_or_the_terminal(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], spoken: str, expected: str
) -> None:
    monkeypatch.setenv("LC_ALL", spoken)

    assert wording_of(None, *words or (None,)) is Language(expected)


def test_a_claim_is_told_from_its_first_place(kb: Kb, base: str) -> None:
    """The dated document leads the one without a date; the same figure keeps its history under either id."""
    found = json.loads(kb("stats", "--kind", "percent", "--language", "es", "--json", "--base", base).stdout)
    other = found["statistics"][0]["also_in"][0]["statistic_id"]
    history = json.loads(kb("stats", "--claim", other, "--json", "--base", base).stdout)
    out = kb("stats", "--claim", other, "--wording", "en", "--base", base).stdout

    assert [one["citation"]["document"]["source_id"].split("/")[-1] for one in history["places"]] == ["a.md", "b.md"]
    assert [one["changes"] for one in history["places"]] == [[], []]
    assert history["differing"] == []
    assert out.startswith("Where it stands first\n")
    assert "\nWho repeats it\n" in out


def test_a_place_of_a_history_says_who_measured_and_when(kb: Kb, base: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As the list does; where only the period is known it is not shown as the measurer."""
    found = json.loads(kb("stats", "--kind", "percent", "--language", "es", "--json", "--base", base).stdout)
    one = found["statistics"][0]["statistic"]["id"]
    out = kb("stats", "--claim", one, "--wording", "es", "--base", base).stdout
    store = Store.open(Path(base))
    statistic = replace(store.statistic(one), source=None, study=None)
    document = store.document(store.passage(statistic.passage_id).document_id)
    place = ClaimPlace(statistic, cite_span(document, store.passage(statistic.passage_id), statistic.quote_span), ())
    print_history(FigureHistory(one, (place,), ()), Language.ES)
    store.close()

    assert "   De quiénes: los clientes · Quién lo midió: Gartner, 2021\n" in out
    assert "   De quiénes: los clientes · Cuándo se midió: 2021\n" in capsys.readouterr().out


def test_what_stands_beside_a_figure_does_not_differ_from_it(kb: Kb, tmp_path: Path) -> None:
    """The chat's share is no other measurement of the telephone's, also where that stands in a sentence of its own."""
    told_alone = "El canal más elegido por los clientes de la compañía para sus consultas es el teléfono (64 %)"
    text = f"# Canales\n\n{told_alone}.\n\n{told_alone}, luego el chat (53 %).\n"
    (tmp_path / "canal.md").write_text(text, encoding="utf-8")
    store = Store.open(tmp_path / "base", create=True)
    pipeline_of(store).run(find_sources([tmp_path / "canal.md"]))
    store.close()
    where = ("--base", str(tmp_path / "base"))
    listed = json.loads(kb("stats", "--json", *where).stdout)["statistics"]
    told = {}
    for one in listed:
        history = json.loads(kb("stats", "--claim", one["statistic"]["id"], "--json", *where).stdout)
        told[one["statistic"]["raw"]] = (len(history["places"]), history["differing"])

    assert told == {"64 %": (2, []), "53 %": (1, [])}


def test_a_claim_that_is_not_in_the_base_is_named(kb: Kb, base: str) -> None:
    result = kb("stats", "--claim", "s0000000000000000", "--base", base)

    assert result.exit_code != 0
    assert "s0000000000000000" in str(result.exception)


def test_sentences_to_copy(kb: Kb, base: str) -> None:
    lines = kb("stats", "--kind", "percent", "--sentences", "es", "--base", base).stdout.splitlines()

    assert lines[0] == (
        "Casi el 80\u00a0%: «Según Gartner, casi el 80 % de los clientes valora la empatía en 2021.» "
        "(Gartner, 2021, como se citó en Pérez, 2022)."
    )
    assert lines[1].startswith("Alrededor del 37,5\u00a0%: «Some 37.5%")


@pytest.mark.parametrize(("order", "expected"), [("value", ["0.375", "0.80"]), ("-value", ["0.80", "0.375"])])
def test_orders(kb: Kb, base: str, order: str, expected: list[str]) -> None:
    result = kb("stats", "--kind", "percent", "--order", order, "--csv", "-", "--base", base)

    assert [row["value"] for row in csv.DictReader(io.StringIO(result.stdout))] == expected


def test_files_hold_every_figure_whatever_the_limit(kb: Kb, base: str, tmp_path: Path) -> None:
    table, book = tmp_path / "figures.csv", tmp_path / "figures.xlsx"
    words = ("--csv", str(table), "--bom", "--separators", "es", "--xlsx", str(book), "--limit", "1")
    result = kb("stats", *words, "--base", base)
    text = table.read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    sheet = openpyxl.load_workbook(book).active

    assert result.exit_code == 0
    assert text.startswith("\ufeffid;value;")
    assert [(row["value"], row["shown"]) for row in rows] == [
        ("0,80", "casi el 80\u00a0%"),
        ("0,6666666667", "dos tercios (2/3)"),
        ("0,375", "alrededor del 37,5\u00a0%"),
    ]
    assert rows[0]["citation"] == "Pérez, A. (2022). La empatía."
    assert [sheet.cell(row, 2).value for row in range(2, 5)] == [0.8, 0.6666666667, 0.375]


BAD = [
    (("--order", "relevance"), "needs words to be near to"),
    (("--order", "colour"), "is not known"),
    (("--separators", "fr", "--csv", "-"), "are not known"),
    (("--sentences", "other"), "has no wording here"),
    (("--wording", "other"), "has no wording here"),
    (("--csv", "/no/such/folder/x.csv"), "cannot be written"),
]


@pytest.mark.parametrize(("words", "message"), BAD)
def test_wrong_words_are_one_line_and_exit_code_2(kb: Kb, base: str, words: tuple[str, ...], message: str) -> None:
    result = kb("stats", *words, "--base", base)

    assert result.exit_code == 2
    assert message in str(result.exception)
