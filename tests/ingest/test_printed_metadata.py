"""Author and date printed beside the title, in both languages; and who is no author."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from ingest.readers.extract import RawBlock
from ingest.readers.properties.metadata import named_authors
from ingest.readers.signatures import HTML, MARKDOWN, PDF
from ingest.sources.sources import SourceFile
from ingest.text.prepare import prepare
from ingest.text.printed_metadata import printed_metadata
from kb.records.document import BlockKind, FieldOrigin, Place
from kb.records.language import Language

_BODY = "Las personas que esperan al teléfono recuerdan la espera y no la respuesta. " * 3

LINES = [
    ("Por Nombre Apellido | 4 de abril de 2023", Language.ES, ("Nombre Apellido",), "2023-04-04"),
    (
        "por Nombre Apellido y Otra Persona, 4 de abril de 2023",
        Language.ES,
        ("Nombre Apellido", "Otra Persona"),
        "2023-04-04",
    ),
    ("By Some Body · April 4, 2023", Language.EN, ("Some Body",), "2023-04-04"),
    ("Posted by Some Body on 4 April 2023", Language.EN, ("Some Body",), "2023-04-04"),
    ("Published on April 4th, 2023 at 10:30", Language.EN, (), "2023-04-04"),
    ("Publicado el martes, 4 de abril de 2023", Language.ES, (), "2023-04-04"),
    ("2023-04-04", Language.EN, (), "2023-04-04"),
    ("04/05/2023", Language.ES, (), "2023-05-04"),
    ("25/12/2023", Language.EN, (), "2023-12-25"),
    ("12/25/2023", Language.EN, (), "2023-12-25"),
    ("04/05/2023", Language.EN, (), None),
    ("By Some Body and Other Person April 4, 2023", Language.EN, ("Some Body", "Other Person"), "2023-04-04"),
    ("By Some Body, Head of Research 4 April 2023", Language.EN, ("Some Body",), "2023-04-04"),
    ("Autora: Nombre Apellido Fecha: 04/05/2023", Language.ES, ("Nombre Apellido",), "2023-05-04"),
    ("Abril de 2023", Language.ES, (), "2023-04"),
    ("MAY 2021", Language.EN, (), "2021-05"),
    ("Resultados de 2023", Language.ES, (), None),
    ("Informe de abril de 2023", Language.ES, (), None),
    ("Madrid, 4 de abril de 2023", Language.ES, (), None),
    ("Actualizado el 4 de abril de 2023", Language.ES, (), None),
    ("Por admin", Language.ES, (), None),
    ("By Marketing Team", Language.EN, (), None),
    ("Por Navidad compran el doble que en abril", Language.ES, (), None),
    ("By April 4, 2023 half of them had left the bank", Language.EN, (), None),
    ("El 4 de abril de 2023 abrió la oficina", Language.ES, (), None),
]


@pytest.mark.parametrize(("line", "language", "authors", "published"), LINES)
def test_the_line_below_a_title(line: str, language: Language, authors: tuple[str, ...], published: str | None) -> None:
    """Read where the line is a byline or a date and nothing else; what is doubtful stays null."""
    blocks = [
        RawBlock("La espera", BlockKind.HEADING, 1, Place(line=1)),
        RawBlock(line, BlockKind.PARAGRAPH, 0, Place(line=2)),
        RawBlock(_BODY, BlockKind.PARAGRAPH, 0, Place(line=3)),
        RawBlock("Por Nadie Cercano | 1 de enero de 1999", BlockKind.PARAGRAPH, 0, Place(line=4)),
    ]

    found = printed_metadata(blocks, 0, language)

    assert (found.authors, found.published) == (authors, published)


FIRST_PAGES = json.loads((Path(__file__).parents[1] / "cases" / "first_pages.json").read_text(encoding="utf-8"))
_PROSE = {
    "es": ("Las personas que esperan al teléfono recuerdan la espera y no la", "respuesta que les dieron después."),
    "en": ("People who wait on the telephone remember the waiting and not the", "answer that they were given."),
}


@pytest.mark.parametrize("page", FIRST_PAGES, ids=lambda page: str(page["layout"]))
def test_the_first_page_of_a_pdf_is_read_as_a_web_page_is(page: dict[str, Any]) -> None:
    """Null rather than wrong: names without a word that says what they are, a place with a day, a year alone."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842), invariant=True)
    height = 780
    prose = [[11, 18 if number else 40, line] for number, line in enumerate(_PROSE[page["language"]] * 6)]
    for size, gap, line in page["lines"] + prose:
        height -= gap
        canvas.setFont("Helvetica", size)
        canvas.drawString(70, height, line)
    canvas.save()

    document = prepare(SourceFile.of("a.pdf", stream.getvalue(), PDF)).document

    assert (list(document.authors), document.published) == (page["authors"], page["published"])


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (("Ana Gil",), ("Ana Gil",)),
        (("By Ana Gil and Luis Ruiz",), ("Ana Gil", "Luis Ruiz")),
        (("Ana Gil, Luis Ruiz",), ("Ana Gil", "Luis Ruiz")),
        (("Ana Gil; Luis Ruiz",), ("Ana Gil", "Luis Ruiz")),
        (("Gallup",), ("Gallup",)),
        (("McKinsey & Company",), ("McKinsey & Company",)),
        (("admin", "jgarcia", "maria-lopez-2", "user_12", "j.garcia"), ()),
        (("Redacción", "Marketing Manager", "Director de Marketing", "Equipo editorial", "Staff Writer"), ()),
        (("https://example.org/ana", "@anagil", "ana@example.org", "/author/ana"), ()),
        (
            ("Ana Gil, Directora de Marketing", "Luis Ruiz | Editor", "Eva Sanz (CEO)"),
            ("Ana Gil", "Luis Ruiz", "Eva Sanz"),
        ),
        (("John Smith - Senior Consultant",), ("John Smith",)),
        (("Customer Experience Director", "Chief Customer Officer", "Head of CX at Acme", "CMO"), ()),
        (
            ("Mary Head", "MIT Press", "Team Acme", "Jean-Luc Moreau"),
            ("Mary Head", "MIT Press", "Team Acme", "Jean-Luc Moreau"),
        ),
    ],
)
def test_authors_are_persons_or_bodies(given: tuple[str, ...], named: tuple[str, ...]) -> None:
    """Roles, accounts, slugs and addresses are none."""
    assert named_authors(given) == named


def test_every_field_says_where_it_stands() -> None:
    """A page whose author and date only stand on it, and a page with a time element beside its title."""
    printed = f"<article><h1>La espera</h1><p>Por Ana Gil | 4 de abril de 2023</p><p>{_BODY}</p></article>"
    timed = f"<article><h1>La espera</h1><time datetime='2023-04-04T08:00'>martes</time><p>{_BODY}</p></article>"
    several = timed + "<article><h1>Otra</h1><time datetime='2020-01-01'>x</time></article>"

    documents = [prepare(SourceFile.of("a.html", page.encode(), HTML)).document for page in (printed, timed, several)]

    assert [document.published for document in documents] == ["2023-04-04", "2023-04-04", None]
    assert documents[0].authors == ("Ana Gil",)
    assert FieldOrigin("authors", "byline on the page") in documents[0].origins
    assert FieldOrigin("published", "date on the page") in documents[0].origins
    assert FieldOrigin("published", "time element beside the title") in documents[1].origins
    assert [document.inferred for document in documents] == [(), ("published",), ()]


@pytest.mark.parametrize(
    ("above", "title", "inferred"),
    [("La espera de los otros\n", "La espera de los otros", ("title",)), ("# La espera\n", "La espera", ())],
)
def test_a_title_is_inferred_where_no_mark_says_that_it_is_one(
    above: str, title: str, inferred: tuple[str, ...]
) -> None:
    """The line above the text, but no heading; a title that somebody corrected is stated."""
    document = prepare(SourceFile.of("a.md", f"{above}\n{_BODY}\n".encode(), MARKDOWN)).document
    mended = document.corrected({"title": "Otra"}, datetime(2026, 11, 29, tzinfo=UTC), "ana", "edit")

    assert (document.title, document.inferred, mended.inferred) == (title, inferred, ())


def test_a_role_in_front_matter_leaves_the_field_to_the_text() -> None:
    """ "author: admin" names nobody; the byline below the title does."""
    text = f"---\ntitle: La espera\nauthor: admin\n---\n\n# La espera\n\nPor Ana Gil\n\n{_BODY}\n"

    document = prepare(SourceFile.of("a.md", text.encode(), MARKDOWN)).document

    assert document.authors == ("Ana Gil",)
    assert FieldOrigin("authors", "byline on the page") in document.origins
