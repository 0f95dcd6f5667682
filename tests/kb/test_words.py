"""The lexicon refuses a broken row by number and column, and is the only place that lists words; tokens keep places."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ingest.refusing.weighing import read_weights
from kb.records.errors import InputError
from kb.records.language import Language
from kb.words.lexicon import TABLE, lexicon, read_lexicon
from kb.words.tokens import tokenize

ROOT = Path(__file__).parents[2]
HEADER = "language\tregion\tform\tclass\tvalue\teffect\tplace\texample"
GOOD = "es\t\tmás de\thedge\t\tmore_than\tbefore\tmás de 40 %"
ROOMS = (
    "kb/words",
    "kb/numbers",
    "kb/quotes",
    "ingest/figures",
    "ingest/refusing",
    "ingest/studies",
    "ingest/studies/choosing",
    "ingest/studies/when",
)
MOST_WORDS = 12
"""A choice that a rule spells out itself; more words than this are a list, and lists are the lexicon's."""

BROKEN = [
    ("fr\t\tplus de\thedge\t\tmore_than\tbefore\t", "language"),
    ("es\tmx\tmás de\thedge\t\tmore_than\tbefore\t", "region"),
    ("es\t\t más de\thedge\t\tmore_than\tbefore\t", "form"),
    ("es\t\tm*s de\thedge\t\tmore_than\tbefore\t", "form"),
    ("es\t\tmás de\tHedge\t\tmore_than\tbefore\t", "class"),
    ("es\t\tmillón\tscale\t1e\t\t\t", "value"),
    ("es\t\tmás de\thedge\t\tmore_than\tahead\t", "place"),
]


@pytest.mark.parametrize(("row", "column"), BROKEN)
def test_a_broken_row_is_refused_by_its_number_and_column(tmp_path: Path, row: str, column: str) -> None:
    table = tmp_path / "lexicon.tsv"
    table.write_text(f"{HEADER}\n{GOOD}\n{row}\n", encoding="utf-8")

    with pytest.raises(InputError, match=rf"lexicon\.tsv:3.*{column}"):
        read_lexicon(table)


def test_a_row_that_lacks_a_column_or_stands_twice_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "lexicon.tsv"
    table.write_text(f"{HEADER}\nes\tmás de\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"lexicon\.tsv:2.*2 columns, not 8"):
        read_lexicon(table)

    table.write_text(f"{HEADER}\n{GOOD}\n{GOOD}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"lexicon\.tsv:3.*row 2"):
        read_lexicon(table)


def test_the_header_must_name_the_columns(tmp_path: Path) -> None:
    table = tmp_path / "lexicon.tsv"
    table.write_text("form\tclass\n", encoding="utf-8")

    with pytest.raises(InputError, match=r"lexicon\.tsv:1"):
        read_lexicon(table)


def test_every_example_holds_its_form() -> None:
    wrong = [
        row.form
        for row in lexicon().entries
        if row.example and row.form.lower().replace(" ", "") not in row.example.lower().replace(" ", "")
    ]

    assert wrong == []


def test_every_class_is_asked_for() -> None:
    """A class that no module names and that weighs nothing is dead weight."""
    readers = (*ROOMS, "ingest/text", "index/answers", "index/answers/composing")
    code = "\n".join(path.read_text("utf-8") for room in readers for path in (ROOT / room).glob("*.py"))
    built = {f"cue_benchmark_{one}" for one in ("adj", "noun", "link")}
    weighed = {sign.partition("<")[2].rstrip(">") for sign in read_weights() if "<" in sign}

    assert {one for one in lexicon().classes if f'"{one}"' not in code} - built - weighed == set()


def test_nothing_else_lists_words() -> None:
    """No string or collection of the rooms that read figures is a list of more than a dozen words."""
    found = []
    for path in (path for room in ROOMS for path in (ROOT / room).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, (ast.Set, ast.List, ast.Tuple)):
                words = [one for one in node.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                if len(words) > MOST_WORDS and all(str(one.value).isalpha() for one in words):
                    found.append(f"{path.name}:{node.lineno}")

    assert found == []


def test_stems_and_phrases_are_found_where_they_stand() -> None:
    phrases = lexicon().phrases("hedge", language=Language.ES)
    tokens = tokenize("Son poco más de 40")

    assert [(entry.form, first, stop) for first, stop, entry in phrases.found(tokens) if entry.place != "after"] == [
        ("poco más de", 1, 4),
        ("más de", 2, 4),
    ]


ODD = [
    ("６４％", ["64", "%"]),
    ("٤٥ %", ["45", "%"]),
    ("**73** %", ["73", "%"]),
    ("12\u00ad345", ["12345"]),
    ("4’310.500", ["4’310.500"]),
    ("1½", ["1", "½"]),
    ("10⁶", ["10", "⁶"]),
]


@pytest.mark.parametrize(("text", "tokens"), ODD)
def test_odd_typography_is_read_in_its_place(text: str, tokens: list[str]) -> None:
    found = tokenize(text)

    assert tokens == [one.text for one in found]
    assert all(0 <= one.start < one.end <= len(text) for one in found)


def test_the_table_is_beside_its_reader() -> None:
    assert TABLE.exists()
