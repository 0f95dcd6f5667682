"""A dossier as a DOCX file with real footnotes, written part by part in the WordprocessingML of ECMA-376.

Every text is escaped and freed of what XML cannot hold; nothing in the file refers to another host.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from api.files.dossier import DossierEntry, quoted
from kb.records.language import Language

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A fixed moment, so that the same dossier is the same bytes.
_MOMENT = (2020, 1, 1, 0, 0, 0)
_LOCALES = {Language.ES: "es-ES", Language.EN: "en-GB"}


def docx(entries: Sequence[DossierEntry], title: str, lead: str = "") -> bytes:
    """The dossier as the bytes of a DOCX file; ``lead`` is a paragraph before the quotes."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations([("officeDocument", "word/document.xml")]),
        "word/_rels/document.xml.rels": _relations([("styles", "styles.xml"), ("footnotes", "footnotes.xml")]),
        "word/styles.xml": _styles(),
        "word/document.xml": _document(entries, title, lead),
        "word/footnotes.xml": _footnotes(entries),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), _HEAD + text, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _document(entries: Sequence[DossierEntry], title: str, lead: str) -> str:
    body = [_paragraph("Title", _run(title)), *([_paragraph("Normal", _run(lead))] if lead else [])]
    for number, entry in enumerate(entries, start=1):
        if entry.note:
            body.append(_paragraph("Normal", _run(entry.note)))
        mark = f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'
        body.append(_paragraph("Quote", _run(quoted(entry), entry.language) + mark))
    return f'<w:document xmlns:w="{_MAIN}"><w:body>{"".join(body)}</w:body></w:document>'


def _footnotes(entries: Sequence[DossierEntry]) -> str:
    """The footnotes; ids -1 and 0 are the separators that every reader expects."""
    special = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{mark}/></w:r></w:p></w:footnote>'
        for kind, number, mark in (
            ("separator", -1, "separator"),
            ("continuationSeparator", 0, "continuationSeparator"),
        )
    )
    notes = "".join(_footnote(number, entry) for number, entry in enumerate(entries, start=1))
    return f'<w:footnotes xmlns:w="{_MAIN}">{special}{notes}</w:footnotes>'


def _footnote(number: int, entry: DossierEntry) -> str:
    mark = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
    text = _run(f" {entry.reference} {entry.link}".rstrip())
    return f'<w:footnote w:id="{number}">{_paragraph("FootnoteText", mark + text)}</w:footnote>'


def _paragraph(style: str, runs: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def _run(text: str, language: Language | None = None) -> str:
    locale = _LOCALES.get(language) if language else None
    properties = f'<w:rPr><w:lang w:val="{locale}"/></w:rPr>' if locale else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(_NOT_XML.sub(" ", text))}</w:t></w:r>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _content_types() -> str:
    parts = (("document", "document.main"), ("styles", "styles"), ("footnotes", "footnotes"))
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>' for name, kind in parts
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _styles() -> str:
    rows = (
        ("paragraph", "Normal", "Normal", '<w:pPr><w:spacing w:after="120"/></w:pPr><w:rPr><w:sz w:val="22"/></w:rPr>'),
        ("paragraph", "Title", "Title", '<w:pPr><w:spacing w:after="240"/></w:pPr><w:rPr><w:sz w:val="36"/></w:rPr>'),
        ("paragraph", "Quote", "Quote", '<w:pPr><w:spacing w:after="200"/><w:ind w:left="567" w:right="567"/></w:pPr>'),
        ("paragraph", "FootnoteText", "footnote text", '<w:rPr><w:sz w:val="18"/></w:rPr>'),
        ("character", "FootnoteReference", "footnote reference", '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'),
    )
    styles = "".join(
        f'<w:style w:type="{kind}" w:styleId="{style}"><w:name w:val="{name}"/>{properties}</w:style>'
        for kind, style, name, properties in rows
    )
    return f'<w:styles xmlns:w="{_MAIN}">{styles}</w:styles>'
