"""OpenDocument texts and presentations (ODT, ODP) to blocks: paragraphs, lists, rows, notes, slides.

Owns the walk over the elements that hold text (OpenDocument 1.3, part 3). Refuses what was deleted, what only
comments on the text, and what is not shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from lxml import etree

from ingest.readers.extract import Extract, RawBlock, one_line
from ingest.readers.office.package import DAMAGED, Package, local
from ingest.readers.properties.metadata import SourceMetadata
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from kb.records.messages import say

_XLINK = "{http://www.w3.org/1999/xlink}href"
_SKIPPED_NAMES = (
    "tracked-changes annotation sequence-decls forms event-listeners variable-decls user-field-decls settings "
    "hidden-text hidden-paragraph ruby-text image script dde-connection-decls alphabetical-index-auto-mark-file "
    "table-of-content-source illustration-index-source bibliography-source alphabetical-index-source"
)
_SKIPPED = frozenset(_SKIPPED_NAMES.split())
_INDEXES = frozenset(("table-of-content", "illustration-index", "table-index", "alphabetical-index", "object-index"))
# What stands in the middle of a line and is a block of its own, told after it.
_APART = frozenset(("note", "frame", "custom-shape", "text-box", "g", "rect", "ellipse", "caption"))
_KINDS = {
    "Title": (BlockKind.HEADING, 1),
    "Subtitle": (BlockKind.HEADING, 2),
    "Quotations": (BlockKind.QUOTE, 0),
    "Caption": (BlockKind.CAPTION, 0),
}
_CAPTIONS = ("Illustration", "Table", "Figure", "Drawing", "Text")
_MAX_REPEATED = 1000


def read_open_document(data: bytes, name: str, form: FileFormat) -> Extract:
    """The blocks and metadata of an ODT or ODP, slide by slide with the speaker's notes after each.

    Raises SourceError when it is locked, damaged, hostile or empty.
    """
    package = Package(data, name, form.called)
    try:
        if "META-INF/manifest.xml" in package and b"encryption-data" in package.part("META-INF/manifest.xml"):
            raise SourceError(package.name, say("is_encrypted"), say("save_it_without_a_password"))
        root = package.tree("content.xml")
        walk = _OpenWalk(package, _parents(package, root))
        blocks = tuple(walk.blocks(root, _OpenContext()))
        metadata = _metadata(package)
    except DAMAGED as error:
        raise package.damaged(error) from error
    if not blocks:
        hint = say("if_it_holds_scans_run_text")
        raise SourceError(package.name, say("is_without_text", kind=package.kind), hint)
    return Extract(blocks, metadata, form.media_type)


@dataclass(frozen=True, slots=True)
class _OpenContext:
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    furniture: str | None = None
    slide: int | None = None
    part: str | None = None


@dataclass(slots=True)
class _OpenWalk:
    """One walk over a file; counts its paragraphs and slides."""

    package: Package
    parents: dict[str, str]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    slides: Iterator[int] = field(default_factory=lambda: count(1))

    def blocks(self, element: etree._Element, context: _OpenContext) -> Iterator[RawBlock]:
        """The blocks below an element, in order."""
        for child in element:
            name = local(child)
            if name in ("p", "h"):
                yield from self._paragraph(child, name, context)
            elif name == "table":
                yield from self._rows(child, context)
            elif name == "page":
                yield from self.blocks(child, replace(context, slide=next(self.slides)))
            elif name == "object":
                yield from self._embedded(child, context)
            elif name and name not in _SKIPPED:
                yield from self.blocks(child, self._entered(child, name, context))

    def _entered(self, element: etree._Element, name: str, context: _OpenContext) -> _OpenContext:
        if name == "list":
            return replace(context, kind=BlockKind.LIST_ITEM, level=context.level + 1)
        if name in _INDEXES:
            return replace(context, furniture="navigation")
        if name == "notes" and context.slide is not None:
            return replace(context, part="notes", kind=BlockKind.PARAGRAPH, level=0)
        if name == "frame" and _attribute(element, "class") in ("title", "subtitle"):
            return replace(context, kind=BlockKind.HEADING, level=2)
        return context

    def _paragraph(self, element: etree._Element, name: str, context: _OpenContext) -> Iterator[RawBlock]:
        number = next(self.numbers)
        place = Place(paragraph=None if context.slide is not None else number, slide=context.slide, part=context.part)
        text, apart = _line(element)
        if text:
            kind, level = self._kind(element, name, context)
            yield RawBlock(text, kind, level, place, context.furniture)
        for one in apart:
            inner = _OpenContext(furniture=context.furniture, slide=context.slide, part=context.part)
            yield from self.blocks(one, self._entered(one, local(one), inner))

    def _kind(self, element: etree._Element, name: str, context: _OpenContext) -> tuple[BlockKind, int]:
        if name == "h":
            level = _attribute(element, "outline-level") or "1"
            return BlockKind.HEADING, min(6, max(1, int(level) if level.isdigit() else 1))
        style = self._style(_attribute(element, "style-name") or "")
        if style.startswith(_CAPTIONS) and style.rstrip("0123456789") in _CAPTIONS and style != "Text":
            return BlockKind.CAPTION, 0
        if context.kind is BlockKind.PARAGRAPH and style in _KINDS:
            return _KINDS[style]
        return context.kind, context.level

    def _style(self, style: str) -> str:
        """The named style behind an automatic one ("P12" is a "Title" with a page break)."""
        for _ in range(20):
            if style in _KINDS or style not in self.parents:
                return style
            style = self.parents[style]
        return style

    def _rows(self, table: etree._Element, context: _OpenContext) -> Iterator[RawBlock]:
        for row in _direct(table, ("table-row",)):
            first = next(self.numbers)
            cells = list(_direct(row, ("table-cell",)))
            texts = [one_line(" ".join(_words(cell))) for cell in cells]
            for _ in range(sum(1 for cell in cells for part in cell.iter() if local(part) in ("p", "h")) - 1):
                next(self.numbers)
            if any(texts):
                where = Place(
                    paragraph=None if context.slide is not None else first, slide=context.slide, part=context.part
                )
                yield RawBlock(" | ".join(texts), BlockKind.TABLE_ROW, 0, where, context.furniture)

    def _embedded(self, element: etree._Element, context: _OpenContext) -> Iterator[RawBlock]:
        """The rows of the table behind a chart, which the file keeps."""
        path = f"{(element.get(_XLINK) or '').removeprefix('./').strip('/')}/content.xml"
        if path in self.package:
            for table in self.package.tree(path).iter():
                if local(table) == "table":
                    yield from self._rows(table, context)


def _line(element: etree._Element) -> tuple[str, list[etree._Element]]:
    """The text of a paragraph on one line, and what hangs on it and is told after it."""
    apart: list[etree._Element] = []
    return one_line("".join(_pieces(element, apart))), apart


def _words(element: etree._Element) -> Iterator[str]:
    """The lines of all paragraphs below, notes and boxes after the paragraph that they hang on."""
    if local(element) in ("p", "h"):
        text, apart = _line(element)
        yield text
        for one in apart:
            yield from _words(one)
        return
    for child in element:
        if local(child) and local(child) not in _SKIPPED:
            yield from _words(child)


def _pieces(element: etree._Element, apart: list[etree._Element]) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = local(child)
        if name == "s" or name in ("tab", "line-break"):
            yield " "
        elif name in _APART:
            apart.append(child)
        elif name and name not in _SKIPPED and name != "note-citation":
            yield from _pieces(child, apart)
        yield child.tail or ""


def _direct(element: etree._Element, names: tuple[str, ...]) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, through what groups them; those of tables inside are not among them.

    An empty cell repeated to the edge of a sheet is one.
    """
    for child in element:
        name = local(child)
        if name in names:
            repeated = _attribute(child, "number-columns-repeated") or "1"
            times = int(repeated) if repeated.isdigit() and len(child) else 1
            for _ in range(min(times, _MAX_REPEATED)):
                yield child
        elif name in ("table-header-rows", "table-rows", "table-row-group", "soft-page-break"):
            yield from _direct(child, names)


def _attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its name, in whichever namespace."""
    found = next((value for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)
    return None if found is None else str(found)


def _parents(package: Package, content: etree._Element) -> dict[str, str]:
    """Each style of the file with the one that it is made after."""
    roots = [content] if "styles.xml" not in package else [package.tree("styles.xml"), content]
    styles = (style for root in roots for style in root.iter() if local(style) == "style")
    return {_attribute(style, "name") or "": _attribute(style, "parent-style-name") or "" for style in styles}


def _metadata(package: Package) -> SourceMetadata:
    """The title that its author gave; who saved the file, and when, says neither who wrote it nor when it came out."""
    if "meta.xml" not in package:
        return SourceMetadata()
    root = package.tree("meta.xml")
    title = next((element.text for element in root.iter() if local(element) == "title"), None)
    return SourceMetadata.of("document properties", title=title)
