"""Notes of Obsidian are read as their reader sees them: nothing hidden is quoted, and no mark stands in a quote."""

from __future__ import annotations

import pytest

from ingest.readers.markdown import read_markdown, without_wiki_marks

CASES = [
    ("a link", "See [[Customer effort]].", "See Customer effort."),
    ("a link by another name", "Según [[Esfuerzo del cliente|el esfuerzo]],", "Según el esfuerzo,"),
    ("a link of Markdown in brackets", "See [[1]](https://example.org/a).", "See [[1]](https://example.org/a)."),
    ("a link to a heading", "See [[Study#Results]] and [[#Method]].", "See Study > Results and Method."),
    ("an embed", "![[chart.png]]", ""),
    ("a comment", "before %%99% of everything%% after", "before  after"),
    ("a comment of several lines keeps their number", "%%\nnot said\n%%\nsaid", "\n\n\nsaid"),
    ("a comment that does not end is none", "all of it %% is said", "all of it %% is said"),
    ("a slip is no comment", "50%% of one, 60%% of another", "50%% of one, 60%% of another"),
    ("a highlight", "It cost ==4.50 euros== a call", "It cost 4.50 euros a call"),
    ("a comparison is no highlight", "a == b and b == c", "a == b and b == c"),
    ("a box with a title", "> [!note] Measured\n> A third.", "> Measured</p><p>\n> A third."),
    ("a box without", "> [!tip]-\n> A third.", "> \n> A third."),
    ("a task", "- [ ] ask\n  1. [x] read", "- ask\n  1. read"),
    ("the name of a block", "Called again. ^calls", "Called again."),
    ("a note and its mark", "A call[^1] costs.\n\n[^1]: By the desk.", "A call costs.\n\nBy the desk."),
    ("a tag", "to do #todo", "to do #todo"),
]
CLIPPING = """---
title: "Waiting on the phone"
source: "https://example.org/waiting"
author:
  - "[[Ana Pérez Gil]]"
  - "[[Kim Lee]]"
published: 2023-05-04
created: 2026-11-02
tags: [clippings]
---
Ten minutes are lost.
"""
SPANISH = """---
título: Esperar al teléfono
autor: Marta Ruiz
fecha: 2024
fuente: https://example.org/esperar
editorial: Laboratorio de Servicio
---
Se pierden diez minutos.
"""


@pytest.mark.parametrize(("text", "plain"), [one[1:] for one in CASES], ids=[one[0] for one in CASES])
def test_marks_of_notes_are_taken_out(text: str, plain: str) -> None:
    assert without_wiki_marks(text) == plain


def test_the_title_of_a_box_is_a_paragraph_of_its_own() -> None:
    """It is not put before the first sentence, which could then not be quoted as it stands."""
    blocks = read_markdown(b"> [!note] What was measured\n> Almost a third hung up.\n", "note.md").blocks

    assert [block.text for block in blocks] == ["What was measured", "Almost a third hung up."]


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (CLIPPING, ("Waiting on the phone", ("Ana Pérez Gil", "Kim Lee"), None, "2023-05-04", "https://example.org/waiting")),
        (SPANISH, ("Esperar al teléfono", ("Marta Ruiz",), "Laboratorio de Servicio", "2024", "https://example.org/esperar")),
    ],
    ids=["a page that Obsidian's clipper saved", "in Spanish"],
)  # fmt: skip
def test_the_properties_of_a_note_are_its_record(note: str, said: tuple[object, ...]) -> None:
    metadata = read_markdown(note.encode(), "note.md").metadata

    assert (metadata.title, metadata.authors, metadata.publisher, metadata.published, metadata.url) == said
