"""Titles and authors in the properties of files."""

from __future__ import annotations

import pytest

from ingest.readers.properties.metadata import stated_authors, stated_title


@pytest.mark.parametrize(
    "title",
    [
        *("Untitled", "Sin título-1", "Documento1", "Document 2", "Microsoft Word - informe.doc", "informe_v2"),
        *("informe.pdf", "PowerPoint Presentation", "Presentación de PowerPoint", "Slide 1", "plantilla", "12345"),
        *("", None),
    ],
)
def test_titles_that_programs_write_are_none(title: str | None) -> None:
    """The name of a file or a template, and a program's default."""
    assert stated_title(title) is None


@pytest.mark.parametrize("title", ["La ficha única del cliente", "Informe anual 2023", "Closing the gap", "CX Trends"])
def test_titles_that_persons_write_stay(title: str) -> None:
    """A phrase is a title."""
    assert title == stated_title(title)


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("jgarcia", ()),
        ("Usuario", ()),
        ("Microsoft Office User", ()),
        ("Usuario de Windows", ()),
        ("HP", ()),
        ("Marketing", ()),
        ("Marketing Manager", ()),
        ("Microsoft Office User; Ana Gil", ("Ana Gil",)),
        ("python-docx", ()),
        ("", ()),
        ("Example Research Institute", ("Example Research Institute",)),
        ("Instituto de Ejemplo; Example Research", ("Instituto de Ejemplo", "Example Research")),
    ],
)
def test_accounts_are_no_authors(authors: str, names: tuple[str, ...]) -> None:
    """Two words with capitals are a name; one word is an account as often as not."""
    assert names == stated_authors(authors)
