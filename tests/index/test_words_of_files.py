"""Words of files against their own XML, and cut paragraphs, on files small enough to count by hand."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from index.evaluate.words_of_files import FileWords, FormatWords, ReadBlock, WordsReport, measure_words
from kb.records.errors import InputError, SourceError

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RAISED = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>'


def _packed(**members: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return made.getvalue()


def _word(body: str) -> bytes:
    return _packed(word__document_xml=f"<w:document {_W}>{body}</w:document>")


def _read(data: bytes, name: str) -> list[ReadBlock]:
    if name == "refused.docx":
        raise SourceError(name, "is locked", "Save it without a password")
    if name.endswith(".pdf"):
        return [
            ReadBlock(text, is_paragraph)
            for text, is_paragraph in (
                ("Una frase entera va aquí.", True),
                ("y sigue sin su comienzo.", True),
                ("www.example.org es una dirección", True),
                ("a) tampoco es una frase cortada", True),
                ("un título en minúscula", False),
            )
        ]
    return [ReadBlock("Repite el 62¹ % de todos", True)]


def test_words_are_counted_by_format_with_those_that_are_missing(tmp_path: Path) -> None:
    """Deleted text and raised numbers do not count; a file without words of its own, or damaged, is not judged."""
    deleted = "<w:del><w:r><w:t>nadie</w:t></w:r></w:del>"
    runs = f"<w:p><w:r><w:t>Rep</w:t></w:r><w:r><w:t>ite el 62</w:t></w:r>{_RAISED}<w:r><w:t> %</w:t></w:r></w:p>"
    (tmp_path / "a.docx").write_bytes(_word(runs + deleted + "<w:p><w:r><w:t>siempre</w:t></w:r></w:p>"))
    (tmp_path / "refused.docx").write_bytes(_word("<w:p><w:r><w:t>dos palabras</w:t></w:r></w:p>"))
    (tmp_path / "empty.docx").write_bytes(_word(""))
    (tmp_path / "damaged.docx").write_bytes(b"PK")
    odt = '<o xmlns:text="t"><text:p>Repite el <text:span>62</text:span></text:p>fuera</o>'
    (tmp_path / "a.odt").write_bytes(_packed(content_xml=odt))
    (tmp_path / "a.pptx").write_bytes(_packed(ppt__slides__slide1_xml="<a><p><t>Repite</t></p></a>"))
    page = "<html><head><title>x</title></head><body><p>Repite</p><p>el</p></body></html>"
    (tmp_path / "a.epub").write_bytes(_packed(a_xhtml=page, nav_xhtml="<body><nav>x</nav></body>"))
    (tmp_path / "a.pdf").write_bytes(b"%PDF")

    report = measure_words(tmp_path, _read)

    assert report == WordsReport(
        (
            FormatWords(".docx", 2, 4, 3, 0.75, 1, 1),
            FormatWords(".epub", 1, 2, 2, 1.0, 0, 0),
            FormatWords(".odt", 1, 3, 3, 1.0, 0, 0),
            FormatWords(".pdf", 1, 4, 3, 0.75, 1, 0),
            FormatWords(".pptx", 1, 1, 1, 1.0, 0, 0),
        ),
        (
            FileWords("a.docx", 4, 3, ("siempre",)),
            FileWords("a.epub", 2, 2),
            FileWords("a.odt", 3, 3),
            FileWords("a.pdf", 4, 3, ("y sigue sin su comienzo.",)),
            FileWords("a.pptx", 1, 1),
            FileWords("refused.docx", 2, 0, error="refused.docx: is locked. Save it without a password"),
        ),
        ("damaged.docx", "empty.docx"),
    )


def test_a_folder_without_such_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")

    with pytest.raises(InputError, match="holds no files"):
        measure_words(tmp_path, _read)
