"""``kb documents``: the list, one document, its record, and the correction of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Kb

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
