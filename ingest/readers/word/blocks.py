"""The blocks of a Word document's body: paragraphs with their boxes and notes after them, and rows of tables.

Owns the numbers of paragraphs, and which tables are only a layout. Refuses to know the archive and the styles.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from lxml import etree

from ingest.readers.extract import NOTE_MARK, Extract, RawBlock, normal_text, one_line
from ingest.readers.office.package import DAMAGED, Package, stated_properties
from ingest.readers.office.slides import drawn_blocks
from ingest.readers.signatures import DOCX
from ingest.readers.word.text import (
    Styles,
    W,
    Words,
    attribute,
    box_contents,
    container_children,
    is_deleted,
    words_of,
)
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from kb.records.messages import say

# A cell with more text than this is no cell of data: its table lays a page out.
_MAX_CELL_CHARS = 600


@dataclass(slots=True)
class WordBlocks:
    """Reads one document: its styles, its notes by kind and id, and the archive with its path there."""

    styles: Styles
    notes: Mapping[tuple[str, str], etree._Element]
    package: Package
    path: str
    _paragraphs: int = field(default=0, init=False)
    # Boxes and notes count with the paragraph that they hang on.
    _inside: int = field(default=0, init=False)

    def of(self, container: etree._Element) -> Iterator[RawBlock]:
        """The blocks of a body, a cell, a box or a note in order."""
        waiting: list[etree._Element] = []
        for child in container_children(container):
            if child.tag == W + "p":
                number = self._next()
                waiting.append(child)
                if not _goes_on(child):
                    yield from self._paragraph(waiting, number)
                    waiting = []
            elif child.tag == W + "tbl":
                yield from self._table(child)
        if waiting:
            yield from self._paragraph(waiting, self._paragraphs)

    def _next(self) -> int:
        self._paragraphs += not self._inside
        return self._paragraphs

    def _paragraph(self, elements: list[etree._Element], number: int) -> Iterator[RawBlock]:
        words = words_of(*elements)
        text = "\n".join(line for line in map(one_line, normal_text(words.text).split("\n")) if line)
        place = Place(paragraph=number)
        if text:
            kind, level = self.styles.kind(elements[-1])
            furniture = "navigation" if self.styles.is_contents(elements[-1]) else None
            yield RawBlock(text, kind, level, place, furniture)
        yield from self._hanging(words, place)

    def _hanging(self, words: Words, place: Place) -> Iterator[RawBlock]:
        """What hangs on a paragraph: marks that stood in it, boxes, notes."""
        if words.marks:
            yield RawBlock(" ".join(words.marks), BlockKind.PARAGRAPH, 0, place, NOTE_MARK)
        self._inside += 1
        for box in words.boxes:
            for content in box_contents(box):
                yield from (replace(block, place=place) for block in self.of(content))
            yield from drawn_blocks(self.package, self.path, box, place)
        for note in words.notes:
            if note in self.notes:
                yield from (replace(block, place=place) for block in self.of(self.notes[note]))
        self._inside -= 1

    def _table(self, table: etree._Element) -> Iterator[RawBlock]:
        above: dict[int, str] = {}
        for row in container_children(table):
            if row.tag == W + "tr" and not is_deleted(row, "trPr"):
                cells = [cell for cell in container_children(row) if cell.tag == W + "tc"]
                is_layout = len(cells) == 1 or any(map(self._is_laid_out, cells))
                yield from self._laid_out(cells) if is_layout else self._row(row, cells, above)

    def _is_laid_out(self, cell: etree._Element) -> bool:
        """Whether a cell holds more than a value: a table, headings over text, a page of prose."""
        children = list(container_children(cell))
        if any(child.tag == W + "tbl" for child in children):
            return True
        if sum(len(element.text or "") for element in cell.iter(W + "t")) > _MAX_CELL_CHARS:
            return True
        kinds = [self.styles.kind(child)[0] for child in children if child.find(f".//{W}t") is not None]
        return len(kinds) > 1 and BlockKind.HEADING in kinds

    def _laid_out(self, cells: list[etree._Element]) -> Iterator[RawBlock]:
        for cell in cells:
            yield from self.of(cell)

    def _row(self, row: etree._Element, cells: list[etree._Element], above: dict[int, str]) -> Iterator[RawBlock]:
        """A row as one block; a cell that reaches down says its text in every row, as a label does for its rows."""
        texts: list[str] = []
        hanging: list[tuple[Words, Place]] = []
        first = self._paragraphs + (not self._inside)
        column = int(attribute(row.find(f"{W}trPr/{W}gridBefore")) or 0)
        for cell in cells:
            pieces = [(words_of(child), Place(paragraph=self._next())) for child in container_children(cell)]
            hanging += pieces
            text = one_line(" ".join(words.text for words, _ in pieces))
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            if merged is not None and attribute(merged) != "restart":
                text = above.get(column, text)
            above[column] = text
            texts.append(text)
            column += int(attribute(cell.find(f"{W}tcPr/{W}gridSpan")) or 1)
        if any(texts):
            yield RawBlock(" | ".join(texts), BlockKind.TABLE_ROW, 0, Place(paragraph=first))
        for words, place in hanging:
            yield from self._hanging(words, place)


def _goes_on(paragraph: etree._Element) -> bool:
    """Whether the mark at a paragraph's end was deleted: it is one with the next."""
    properties = paragraph.find(W + "pPr")
    return properties is not None and is_deleted(properties, "rPr")


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
