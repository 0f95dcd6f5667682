"""``kb documents``: the list, one document, its record, and the correction of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import SAMPLES, Kb

pytestmark = pytest.mark.model


@pytest.fixture
def base(sample_base: str, tmp_path: Path) -> str:
    """A copy of the base of the samples, free to change."""
    shutil.copytree(sample_base, tmp_path / "base")
    return str(tmp_path / "base")


@pytest.fixture
def fcr(kb: Kb, base: str) -> str:
    """The id of a document without authors and without a date."""
    lines = json.loads(kb("documents", "--json", "--base", base).stdout)["documents"]
    return str(next(one["document"]["id"] for one in lines if "first-contact" in one["document"]["source_id"]))


def test_show_need_not_be_written(kb: Kb, base: str, fcr: str) -> None:
    """With and without an id, before and after an option."""
    assert kb("documents", "--base", base).stdout == kb("documents", "show", "--base", base).stdout
    assert kb("documents", fcr, "--base", base).stdout == kb("documents", "show", "--base", base, fcr).stdout
    assert "Solved the first time" in kb("documents", "--base", base, fcr, "--record").stdout


def test_a_record_is_corrected(kb: Kb, base: str, fcr: str) -> None:
    """What it was stands beside what it is; the same again changes nothing."""
    words = (
        fcr,
        "--title",
        "Solved at once",
        "--author",
        "Ana Pérez Gil",
        "--author",
        "World Bank",
        "--date",
        "2021-03",
    )

    told = kb("documents", "edit", *words, "--url", "https://example.org/fcr", "--base", base)
    again = kb("documents", "edit", *words, "--base", base)
    shown = kb("documents", fcr, "--record", "--base", base).stdout.split("\n")

    assert told.exit_code == 0, told.output
    assert told.stdout.split("\n")[1:] == [
        "  title: Solved the first time: what FCR can and cannot tell you → Solved at once",
        "  authors: (not known) → Ana Pérez Gil; World Bank",
        "  published: (not known) → 2021-03",
        "  url: (not known) → https://example.org/fcr",
        "",
    ]
    assert again.stdout == "nothing to correct: the record says so already\n"
    assert shown[:3] == [
        "title: Solved at once  corrected by hand",
        "authors: Ana Pérez Gil; World Bank  corrected by hand",
        "publisher: (not known)",
    ]


def test_a_field_can_be_cleared(kb: Kb, base: str, fcr: str) -> None:
    told = kb("documents", "edit", fcr, "--clear", "title", "--json", "--base", base)

    assert json.loads(told.stdout)["document"]["title"] is None


@pytest.mark.parametrize(
    ("words", "reason", "code"),
    [
        (("--date", "2022-02-30"), "published '2022-02-30' is not a date", 2),
        (("--title", ""), "field 'title': is empty", 2),
        (("--clear", "titel"), "field 'titel': is not known here", 2),
        (("--title", "x", "--clear", "title"), "--clear: title is given a value, too", 2),
        ((), "the correction: names no field", 2),
    ],
    ids=["date", "empty", "field", "both", "nothing"],
)
def test_what_is_no_correction_is_refused(
    kb: Kb, base: str, fcr: str, words: tuple[str, ...], reason: str, code: int
) -> None:
    told = kb("documents", "edit", fcr, *words, "--base", base)

    assert (told.exit_code, reason in str(told.exception)) == (code, True)


def test_an_unknown_document_is_not_found(kb: Kb, base: str) -> None:
    assert kb("documents", "edit", "d0000000000000000", "--title", "x", "--base", base).exit_code == 5


def test_many_records_are_corrected_by_a_list(kb: Kb, base: str, fcr: str, tmp_path: Path) -> None:
    """By id, by name and by file; what is wrong in a row is said, and a second time nothing changes."""
    table = tmp_path / "records.csv"
    table.write_text(
        "file,title,authors,date\n"
        f'{fcr},Solved at once,"Pérez Gil, Ana; World Bank",2021-03\n'
        "articles/es-escuchar-antes-de-automatizar.txt,Escuchar,Luis Ruiz,2021-02-30\n"
        "nobody.txt,x,y,2020\n",
        encoding="utf-8",
    )

    told = kb("documents", "edit", "--metadata", str(table), "--base", base)
    again = kb("documents", "edit", "--metadata", str(table), "--base", base)
    ingested = kb("ingest", str(SAMPLES / "en-first-contact-resolution.txt"), "--metadata", str(table), "--base", base)

    assert [" ".join(line.split()) for line in told.stdout.splitlines()] == [
        "updated articles/en-first-contact-resolution.txt its record was corrected: title, authors, published",
        "updated articles/es-escuchar-antes-de-automatizar.txt its record was corrected: title, authors; "
        "published '2021-02-30' is not a date",
    ]
    assert told.stderr == "records.csv: is a list of 3 records; the files of 2 were met\n"
    assert [line.split()[0] for line in again.stdout.splitlines()] == ["unchanged", "unchanged"]
    assert ingested.exit_code == 0


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("edit",), "the correction: is of one document or of many"),
        (("edit", "d0123456789abcdef", "--metadata", "{missing}"), "the correction: is of one document or of many"),
        (("edit", "--metadata", "{missing}"), "cannot be read"),
        (("edit", "--metadata", "{text}"), "is no list of records that can be read"),
    ],
)
def test_a_list_that_is_none_is_refused(kb: Kb, base: str, tmp_path: Path, words: tuple[str, ...], reason: str) -> None:
    (tmp_path / "notes.txt").write_text("no list")
    names = {"missing": str(tmp_path / "gone.csv"), "text": str(tmp_path / "notes.txt")}

    told = kb("documents", *(word.format(**names) for word in words), "--base", base)

    assert (told.exit_code, reason in str(told.exception)) == (2, True)
