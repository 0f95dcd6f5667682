"""A dossier on the paper of a template of one's own: its page, header and styles, our text and footnotes."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.shared import Pt, RGBColor

from api.files.dossier import Cover, DossierEntry
from api.files.dossier_printed import docx as dossier
from kb.records.document import Span
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.search import Citation, DocumentReference

_QUOTE = "El 62 % de los clientes repite su problema."
_DOCUMENT = DocumentReference("d0123456789abcdef", "a.md", "Las esperas", ("Ana Gil",), "Ejemplo", "2022", None)
_ENTRY = DossierEntry(
    Citation(1, _DOCUMENT, "p1", _QUOTE, Span(0, len(_QUOTE)), "ab" * 32, "/passages/p1"),
    Language.ES,
    "Lo que cuesta <repetir>",
    "",
    "Gil, A. (2022). Las esperas. Ejemplo.",
    "",
    "",
    "",
    "Gil, A. (2022). Las esperas. Ejemplo.",
    opens="https://kb.example.org/documents/d0123456789abcdef",
)
_COVER = Cover("¿Por qué & cuándo se van?", date(2026, 11, 21), "1 cita.", Language.ES)


def template(folder: Path, renamed: bool = False) -> Path:
    """A firm's paper: a header, wide margins, green titles; ``renamed`` with the ids that Word in Spanish gives."""
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "Papel de la firma"
    made.sections[0].left_margin = Pt(144)
    made.styles["Title"].font.color.rgb = RGBColor(0, 128, 0)
    made.styles["Heading 1"].font.size = Pt(33)
    made.add_paragraph("Texto de muestra de la plantilla")
    path = folder / "papel.docx"
    made.save(str(path))
    if renamed:
        with zipfile.ZipFile(path) as read:
            members = {name: read.read(name) for name in read.namelist()}
        named = members["word/styles.xml"].replace(b'w:styleId="Heading1"', b'w:styleId="Ttulo1"')
        members["word/styles.xml"] = named.replace(b'w:styleId="Title"', b'w:styleId="Ttulo"')
        with zipfile.ZipFile(path, "w") as written:
            for name, data in members.items():
                written.writestr(name, data)
    return path


@pytest.mark.parametrize("renamed", [False, True])
def test_a_dossier_stands_on_the_paper_of_its_template(tmp_path: Path, renamed: bool) -> None:
    """Header, margins and styles are the template's, found by their names; its sample text is not; no style is lost."""
    data = dossier([_ENTRY], _COVER, template(tmp_path, renamed))

    made = docx.Document(io.BytesIO(data))
    styled: dict[str, Any] = {paragraph.text: paragraph.style for paragraph in made.paragraphs}
    notes = zipfile.ZipFile(io.BytesIO(data)).read("word/footnotes.xml").decode()
    assert made.sections[0].header.paragraphs[0].text == "Papel de la firma"
    assert made.sections[0].left_margin == Pt(144)
    assert "Texto de muestra de la plantilla" not in styled
    assert [styled[text].name for text in ("¿Por qué & cuándo se van?", "Hallazgos", f"«{_QUOTE}»")] == [
        *("Title", "Heading 1", "Quote"),
    ]
    assert styled["¿Por qué & cuándo se van?"].font.color.rgb == RGBColor(0, 128, 0)
    assert styled["Hallazgos"].font.size == Pt(33)
    assert styled[f"Las esperas: {'ab' * 32} · {_ENTRY.opens}"].name == "Fingerprint"
    assert notes.count("<w:footnoteRef/>") == 1
    assert made.core_properties.title == "¿Por qué & cuándo se van?"
    assert data == dossier([_ENTRY], _COVER, tmp_path / "papel.docx")


def test_the_same_text_stands_on_our_own_paper_and_on_the_template(tmp_path: Path) -> None:
    own, theirs = (docx.Document(io.BytesIO(dossier([_ENTRY], _COVER, one))) for one in (None, template(tmp_path)))

    assert [paragraph.text for paragraph in own.paragraphs] == [paragraph.text for paragraph in theirs.paragraphs]


def with_macros(folder: Path) -> Path:
    path = template(folder)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    return path


def of_text(folder: Path) -> Path:
    (folder / "a.docx").write_text("no es un ZIP")
    return folder / "a.docx"


def of_another_kind(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "b.docx", "w") as archive:
        archive.writestr("content.xml", "<x/>")
    return folder / "b.docx"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda folder: folder / "falta.docx", "cannot be read"),
        (of_text, "is no Word file"),
        (of_another_kind, "is no Word file"),
        (with_macros, "holds macros"),
    ],
)
def test_what_is_no_template_is_refused_by_name(tmp_path: Path, make: object, reason: str) -> None:
    path = make(tmp_path)  # type: ignore[operator]

    with pytest.raises(InputError, match=rf"{path.name}.*{reason}.*KB_DOSSIER_TEMPLATE"):
        dossier([_ENTRY], _COVER, path)
