"""The findings of a dossier by theme, with both languages side by side, and the code of its address."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from lxml import html as lxml_html

from api.files.dossier import Cover, DossierEntry, Theme, in_order, markdown, themes
from api.files.dossier_printed import MOST_BYTES, html, qr_code
from api.files.dossier_printed import docx as to_docx
from kb.records.document import Span
from kb.records.language import Language
from kb.records.search import Citation, DocumentReference
from tests.api.test_dossier_template import template

ES, EN, OTHER = Language.ES, Language.EN, Language.OTHER
_DOCUMENT = DocumentReference("d0123456789abcdef", "a.md", "Las esperas", (), None, None, None)
_ADDRESS = "https://kb.example.org/basket?item=p0123456789abcdef:1-9"


def entry(quote: str, language: Language, theme: str | None) -> DossierEntry:
    citation = Citation(1, _DOCUMENT, "p1", quote, Span(0, len(quote)), "ab" * 32, "/passages/p1")
    return DossierEntry(citation, language, "", "", f"Nota de {quote}", "", "", "", "Las esperas.", theme=theme)


A, B, C = entry("a", ES, "Métricas"), entry("b", EN, "Métricas"), entry("c", ES, "Métricas")
D, E, F = entry("d", EN, ""), entry("e", OTHER, "Métricas"), entry("f", EN, "Empatía")
LOOSE = [replace(one, theme=None) for one in (D, A, F)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            [D, A, C, F, E, B],
            [
                Theme("Métricas", (((1, A), (2, B)), ((3, C), None)), ((4, E),)),
                Theme("Empatía", (), ((5, F),)),
                Theme("Otros temas", (), ((6, D),)),
            ],
        ),
        ([D], [Theme("", (), ((1, D),))]),
        (LOOSE, [Theme("", (), tuple(enumerate(LOOSE, 1)))]),
        ([], []),
    ],
    ids=["by theme", "without one", "as they came", "empty"],
)
def test_findings_stand_by_theme_and_languages_beside_one_another(
    given: list[DossierEntry], expected: list[Theme]
) -> None:
    """Numbered as they are read; what has no theme comes last, and what is not to be ordered stays as it came."""
    found = themes(given, "Otros temas")

    assert found == expected
    assert len(in_order(found)) == len(given)


def test_every_form_has_the_same_themes_and_numbers(tmp_path: Path) -> None:
    """The quotes of a theme in the order of their notes: in DOCX and HTML in two columns, in Markdown below."""
    cover = Cover("¿Por qué?", None, "", ES, _ADDRESS)
    given = [D, A, C, F, E, B]
    made = docx.Document(io.BytesIO(to_docx(given, cover)))
    page: Any = lxml_html.fromstring(html(given, cover).decode())
    lines = markdown(given, cover).decode().splitlines()
    rows = [[cell.text.split("\n")[0] for cell in row.cells] for row in made.tables[0].rows]

    assert rows == [["En español", "En inglés"], ["«a»", "“b”"], ["«c»", ""]]
    named = ["Métricas", "Empatía", "Otros temas"]
    assert [one.text for one in made.paragraphs if one.style and one.style.name == "Heading 2"] == named
    assert [one.text_content() for one in page.iter("h3")] == named
    assert [one.text_content() for one in page.iter("blockquote")] == [
        *("«a»1", "“b”2", "«c»3", "“e”4", "“f”5", "“d”6"),
    ]
    assert [line for line in lines if line.startswith(("> ", "## "))][:9] == [
        *("## Métricas", "> «a»[^1]", "> “b”[^2]", "> «c»[^3]", "> “e”[^4]", "## Empatía", "> “f”[^5]"),
        *("## Otros temas", "> “d”[^6]"),
    ]
    assert "[^6]: Nota de d" in lines
    on_paper = docx.Document(io.BytesIO(to_docx(given, cover, template(tmp_path))))
    assert len(on_paper.inline_shapes) == len(made.inline_shapes) == 1


@pytest.mark.parametrize(("address", "coded"), [("", False), ("x" * (MOST_BYTES + 1), False), (_ADDRESS, True)])
def test_a_code_is_made_of_what_can_be_read_from_paper(address: str, coded: bool) -> None:
    """An address that is too long is said to be; without one nothing is."""
    cover = Cover("¿Por qué?", None, "", ES, address)
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(to_docx([A], cover))).paragraphs]

    assert (qr_code(address) is not None) is coded
    assert any("Son demasiadas" in text for text in texts) is (bool(address) and not coded)
    assert ("Son demasiadas" in html([A], cover).decode()) is (bool(address) and not coded)
