"""DOCX to blocks: headings, lists, tables, boxes and notes in their order, with the paragraph's number.

Owns which parts of the archive hold the document, its notes and what stands beside it. Refuses macros, which are never
run; what text stands where is ``text``'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from ingest.readers.extract import Extract, RawBlock, one_line
from ingest.readers.office.package import DAMAGED, Package, stated_properties
from ingest.readers.signatures import DOCX
from ingest.readers.word.blocks import WordBlocks
from ingest.readers.word.styles import Styles
from ingest.readers.word.text import W
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from kb.records.messages import say

# What unpacks beyond this is refused unread: a 44 KB file was measured to take 1.5 GB.
_MAX_MEGABYTES = 48
_NOTES = {"footnotes": "footnote", "endnotes": "endnote"}
_BESIDE = {"header": "running_header_or_footer", "footer": "running_header_or_footer", "comments": "comments"}


def read_word(data: bytes, name: str) -> Extract:
    """The blocks and metadata of a DOCX file; raises SourceError when it is locked, damaged, hostile or empty."""
    package = Package(data, name, FileFormat.DOCX.called, _MAX_MEGABYTES)
    try:
        main = next(path for kind, path in package.relations("").values() if kind == "officeDocument")
        blocks = tuple(chain(_blocks(package, main), _beside(package, main)))
        metadata = stated_properties(package, "word properties")
    except (*DAMAGED, RecursionError, StopIteration) as error:
        raise package.damaged(error) from error
    if not any(block.furniture is None for block in blocks):
        raise SourceError(name, say("is_without_text", kind=package.kind), say("if_it_holds_scans_run_text"))
    return Extract(blocks, metadata, DOCX)


def _blocks(package: Package, main: str) -> Iterator[RawBlock]:
    relations = package.relations(main)
    notes = {
        (_NOTES[kind], str(note.get(W + "id"))): note
        for kind, path in relations.values()
        if kind in _NOTES
        for note in package.tree(path).iter(W + _NOTES[kind])
    }
    styles = Styles.of(*(package.tree(path) for kind, path in relations.values() if kind == "styles"))
    yield from WordBlocks(styles, notes, package, main).of(next(package.tree(main).iter(W + "body")))


def _beside(package: Package, main: str) -> Iterator[RawBlock]:
    """What stands in headers, footers and comments, each text once: no text of the document's."""
    seen: set[tuple[str, str]] = set()
    for kind, path in package.relations(main).values():
        for paragraph in package.tree(path).iter(W + "p") if kind in _BESIDE else ():
            text = one_line("".join(element.text or "" for element in paragraph.iter(W + "t")))
            if text and (_BESIDE[kind], text) not in seen:
                seen.add((_BESIDE[kind], text))
                yield RawBlock(text, BlockKind.PARAGRAPH, 0, Place(), _BESIDE[kind])
