"""DOCX to blocks: headings, lists, tables, boxes and notes in their order, with the paragraph's number.

Owns the archive and what Word's styles mean; the one module that imports python-docx. Refuses archives that
unpack to far more than a document; what text stands where is ``text``'s.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from itertools import chain

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from lxml import etree

from ingest.readers.characters import mended_xml
from ingest.readers.extract import Extract, RawBlock, one_line
from ingest.readers.media_types import DOCX
from ingest.readers.properties.file_properties import stated_authors, stated_title
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.word.blocks import WordBlocks
from ingest.readers.word.styles import Styles
from ingest.readers.word.text import W
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.messages import say

# A 44 KB file was measured to take python-docx past 1.5 GB: what unpacks beyond this is refused unread.
_MAX_XML_BYTES = 48 * 1024 * 1024
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
# ISO/IEC 29500 Strict, a way of saving in Word: the same elements in other namespaces.
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
# Documents with macros and templates are read as documents; a macro is never run.
_OTHER_MAIN = re.compile(
    rb"application/vnd\.(?:ms-word\.(?:document|template)\.macroEnabled(?:Template)?\.main|"
    rb"openxmlformats-officedocument\.wordprocessingml\.template\.main)\+xml"
)
_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_BESIDE = {
    RELATIONSHIP_TYPE.HEADER: "running_header_or_footer",
    RELATIONSHIP_TYPE.FOOTER: "running_header_or_footer",
    RELATIONSHIP_TYPE.COMMENTS: "comments",
}
_FAULTS = (OpcError, zipfile.BadZipFile, etree.LxmlError, KeyError, ValueError, AttributeError, RecursionError)


def read_word(data: bytes, name: str) -> Extract:
    """The blocks and metadata of a DOCX file; raises SourceError when it is damaged, hostile or empty."""
    _refuse_hostile(data, name)
    try:
        document = _opened(data)
        blocks = tuple(chain(_blocks(document), _beside(document)))
    except _FAULTS as error:
        raise SourceError(
            name, say("is_a_damaged_word_document", error=error), say("open_and_save_it_again")
        ) from error
    if not any(block.furniture is None for block in blocks):
        raise SourceError(name, say("is_a_word_document_without_text"), say("if_it_holds_scans_run_text"))
    return Extract(blocks, _metadata(document), DOCX)


def _opened(data: bytes) -> WordDocument:
    data = _as_transitional(data)
    try:
        return docx.Document(io.BytesIO(data))
    except etree.XMLSyntaxError:  # one character that cannot be, in a property say, costs the whole file
        return docx.Document(io.BytesIO(_rewritten(data, mended_xml)))


def _as_transitional(data: bytes) -> bytes:
    """The archive with the namespaces and the type that python-docx knows."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        heads = [archive.read(name) for name in ("_rels/.rels", "[Content_Types].xml") if name in archive.namelist()]
    if not any(_STRICT.search(head) or _OTHER_MAIN.search(head) for head in heads):
        return data
    return _rewritten(data, lambda part: _OTHER_MAIN.sub(_MAIN, _STRICT.sub(_TRANSITIONAL, part)))


def _rewritten(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with its XML parts changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(made, "w") as archive:
        for info in given.infolist():
            part = given.read(info)
            archive.writestr(info.filename, change(part) if info.filename.endswith((".xml", ".rels")) else part)
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
    """Title and authors where persons wrote them. When the file was saved says nothing of when it was published."""
    properties = document.core_properties
    return SourceMetadata.of(
        "word properties", title=stated_title(properties.title), authors=stated_authors(properties.author)
    )


def _blocks(document: WordDocument) -> Iterator[RawBlock]:
    notes = {
        (kind, note_id): note
        for kind, relation in (("footnote", RELATIONSHIP_TYPE.FOOTNOTES), ("endnote", RELATIONSHIP_TYPE.ENDNOTES))
        for part in _related(document, relation)
        for note in part.iter(W + kind)
        if (note_id := str(note.get(W + "id")))
    }
    diagrams = {
        relation_id: _parsed(relation.target_part.blob)
        for relation_id, relation in document.part.rels.items()
        if not relation.is_external and relation.reltype == RELATIONSHIP_TYPE.DIAGRAM_DATA
    }
    styles = Styles.of(document.styles.element)
    yield from WordBlocks(styles, notes, diagrams).of(document.element.body)


def _beside(document: WordDocument) -> Iterator[RawBlock]:
    """What stands in headers, footers and comments, each text once: no text of the document's."""
    seen: set[tuple[str, str]] = set()
    for relation, rule in _BESIDE.items():
        for part in _related(document, relation):
            for paragraph in part.iter(W + "p"):
                text = one_line("".join(element.text or "" for element in paragraph.iter(W + "t")))
                if text and (rule, text) not in seen:
                    seen.add((rule, text))
                    yield RawBlock(text, BlockKind.PARAGRAPH, 0, Place(), rule)


def _related(document: WordDocument, relation: str) -> Iterator[etree._Element]:
    """The parts of a kind, as elements."""
    for one in document.part.rels.values():
        if one.reltype == relation and not one.is_external:
            yield _parsed(one.target_part.blob)


def _parsed(part: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(mended_xml(part), parser)
