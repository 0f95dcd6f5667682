"""DOCX to blocks: headings, lists, tables and quotes in their order, with the paragraph's number.

Owns what Word's styles mean; the one module that imports python-docx. Refuses archives that
unpack to far more than a document.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import count
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from lxml import etree

from ingest.readers.characters import mended_xml
from ingest.readers.extract import Extract, RawBlock, normal_text, one_line
from ingest.readers.media_types import DOCX
from ingest.readers.metadata import SourceMetadata
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.messages import say

# A 44 KB file was measured to take python-docx past 1.5 GB: what unpacks beyond this is refused unread.
_MAX_XML_BYTES = 48 * 1024 * 1024
_HEADING = re.compile(r"(?:heading|título|titulo|encabezado)\s*(\d)", re.I)
_LIST = re.compile(r"list|viñeta|bullet|lista", re.I)
_QUOTE = re.compile(r"quote|cita", re.I)
_CAPTION = re.compile(r"caption|epígrafe|descripción", re.I)
_NUMBERED = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}numPr"
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)


def read_word(data: bytes, name: str) -> Extract:
    """The blocks and metadata of a DOCX file; raises SourceError when it is damaged, hostile or empty."""
    _refuse_hostile(data, name)
    try:
        document = _opened(data)
        blocks = tuple(_blocks(document))
    except (
        OpcError,
        zipfile.BadZipFile,
        etree.LxmlError,
        KeyError,
        ValueError,
        AttributeError,
        RecursionError,
    ) as error:
        raise SourceError(
            name, say("is_a_damaged_word_document", error=error), say("open_and_save_it_again")
        ) from error
    if not blocks:
        raise SourceError(name, say("is_a_word_document_without_text"), say("if_it_holds_scans_run_text"))
    return Extract(blocks, _metadata(document), DOCX)


def _opened(data: bytes) -> WordDocument:
    try:
        return docx.Document(io.BytesIO(data))
    except etree.XMLSyntaxError:  # one character that cannot be, in a property say, costs the whole file
        return docx.Document(io.BytesIO(_mended(data)))


def _mended(data: bytes) -> bytes:
    """The archive with the characters of its parts mended."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(made, "w") as archive:
        for info in given.infolist():
            part = given.read(info)
            archive.writestr(info.filename, mended_xml(part) if info.filename.endswith((".xml", ".rels")) else part)
    return made.getvalue()


def _refuse_hostile(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [info for info in archive.infolist() if info.filename.endswith((".xml", ".rels"))]
            if any(info.flag_bits & 1 for info in parts):
                raise SourceError(name, say("is_encrypted"), say("save_it_without_a_password"))
            if sum(info.file_size for info in parts) > _MAX_XML_BYTES:
                limit = _MAX_XML_BYTES // 2**20
                raise SourceError(name, say("unpacks_to_more_than_mb_of", limit=limit), say("split_the_document"))
            if any(_DOCTYPE.search(archive.open(info).read(4096)) for info in parts):
                raise SourceError(name, say("declares_entities_which_no_word_document"), say("save_it_again_in_word"))
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError, EOFError) as error:
        raise SourceError(
            name, say("is_a_damaged_word_document", error=error), say("fetch_or_save_the_file_again")
        ) from error


def _metadata(document: WordDocument) -> SourceMetadata:
    properties = document.core_properties
    author = properties.author or ""
    return SourceMetadata.of(
        "word properties",
        title=properties.title,
        # python-docx and Word write these where nobody was named.
        authors=()
        if author in ("python-docx", "Microsoft Office User", "user")
        else tuple(name.strip() for name in author.split(";")),
    )


def _blocks(document: WordDocument) -> Iterator[RawBlock]:
    numbers = count(1)
    for piece in document.iter_inner_content():
        yield from _piece_blocks(piece, numbers)


def _piece_blocks(piece: Paragraph | Table, numbers: Iterator[int]) -> Iterator[RawBlock]:
    if isinstance(piece, Table):
        for row in piece.rows:
            yield from _row_blocks(list(_distinct(row.cells)), numbers)
        return
    place = Place(paragraph=next(numbers))
    text = "\n".join(line for line in map(one_line, normal_text(piece.text).split("\n")) if line)
    if text:
        kind, level = _kind(piece)
        yield RawBlock(text, kind, level, place)


def _distinct(cells: Any) -> Iterator[_Cell]:
    """Merged cells come once for every column they span: each once."""
    seen: set[int] = set()
    for cell in cells:
        if id(cell._tc) not in seen:
            seen.add(id(cell._tc))
            yield cell


def _row_blocks(cells: list[_Cell], numbers: Iterator[int]) -> Iterator[RawBlock]:
    first = next(numbers)
    for _ in range(sum(len(cell.paragraphs) for cell in cells) - 1):
        next(numbers)
    texts = [one_line(cell.text) for cell in cells]
    if any(texts):
        yield RawBlock(" | ".join(texts), BlockKind.TABLE_ROW, 0, Place(paragraph=first))


def _kind(paragraph: Paragraph) -> tuple[BlockKind, int]:
    style = (paragraph.style.name if paragraph.style is not None else "") or ""
    if match := _HEADING.match(style):
        return BlockKind.HEADING, min(6, max(1, int(match.group(1))))
    if style in ("Title", "Título", "Puesto"):
        return BlockKind.HEADING, 1
    if _LIST.search(style) or paragraph._p.find(f".//{_NUMBERED}") is not None:
        digits = re.search(r"(\d)$", style)
        return BlockKind.LIST_ITEM, int(digits.group(1)) if digits else 1
    if _QUOTE.search(style):
        return BlockKind.QUOTE, 0
    return (BlockKind.CAPTION if _CAPTION.search(style) else BlockKind.PARAGRAPH), 0
