"""An HTML tree to raw blocks in reading order, each with its element and what the markup says of it.

Owns the walk: which elements are blocks and what is skipped. Used for pages, Markdown and EPUB. Refuses to know
what the main text is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from ingest.readers.extract import NOTE_MARK, RawBlock, normal_text
from ingest.readers.html.html_tables import RowText, row_texts
from ingest.readers.html.lines import BLOCKS, BREAK, NAVIGATION, SKIPPED, InlineText, furniture_of, local_tag
from kb.records.document import BlockKind, Place

Element = etree._Element

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_MAX_CELL_CHARS = 500
_MAX_BOLD_CHARS = 110
# libxml2 stops at 256 levels; a page needs 40. Deeper is an attack and would be lost in silence.
_MAX_DEPTH = 240


@dataclass(frozen=True, slots=True)
class WalkedBlock:
    """A block with its element and its links.

    ``written`` is its text with the note marks that were taken out of it; ``linked`` the share (0 to 1) of its
    characters that are links, ``leads_inside`` whether all of those lead to places of the same page.
    """

    raw: RawBlock
    element: Element
    written: str
    linked: float = 0.0
    leads_inside: bool = False


@dataclass(frozen=True, slots=True)
class _Context:
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    list_depth: int = 0
    furniture: str | None = None
    line: int | None = None
    mark: str = ""


def tree_blocks(root: Element, *, part: str | None = None, by_line: bool = False) -> Iterator[RawBlock]:
    """The blocks under ``root``. Places are XPaths, or lines from ``data-line`` when ``by_line``.

    ``part`` is the member of an archive that the tree was read from.
    """
    for walked in walked_blocks(root, part=part, by_line=by_line):
        raw = walked.raw
        # What a writer of Markdown or of a book marks as an aside or a footer is text: a box, a note.
        yield raw if raw.furniture in (None, NAVIGATION, NOTE_MARK) else replace(raw, furniture=None)


def walked_blocks(root: Element, *, part: str | None = None, by_line: bool = False) -> Iterator[WalkedBlock]:
    """The blocks of ``tree_blocks``, each with its element and its links."""
    yield from _Walk(root, part, by_line=by_line).blocks(root, _Context(), 0)


class _Walk:
    """One walk over one tree; holds what every step needs."""

    def __init__(self, root: Element, part: str | None, *, by_line: bool) -> None:
        self.tree = root.getroottree()
        self.part = part
        self.by_line = by_line
        self._rows: dict[Element, RowText] = {}

    def blocks(self, element: Element, context: _Context, depth: int) -> Iterator[WalkedBlock]:
        tag = local_tag(element)
        if tag in SKIPPED or depth > _MAX_DEPTH:
            return
        context = self._entered(element, tag, context)
        if tag == "tr":
            yield from self._row(element, context, depth)
            return
        run = InlineText(element)
        for child in element:
            name = local_tag(child)
            if (name in BLOCKS and (name, tag) != ("button", "p")) or (
                name and name not in SKIPPED and _holds_block(child)
            ):
                yield from self._flushed(run, element, context)
                yield from self.blocks(child, context, depth + 1)
                run = InlineText(element, opening=child.tail or "")
                context = replace(context, mark="")
            else:
                run.add(child)
        yield from self._flushed(run, element, context)

    def _entered(self, element: Element, tag: str, context: _Context) -> _Context:
        line = element.get("data-line") if self.by_line else None
        if line and line.isdigit():
            context = replace(context, line=int(line))
        if context.furniture is None:
            context = replace(context, furniture=furniture_of(element, tag))
        if tag in _HEADINGS:
            return replace(context, kind=BlockKind.HEADING, level=_HEADINGS[tag])
        if tag in ("ul", "ol", "menu", "dir"):
            return replace(context, list_depth=context.list_depth + 1)
        if tag in ("li", "dd"):
            level = max(1, context.list_depth)
            return replace(context, kind=BlockKind.LIST_ITEM, level=level, mark=_mark(element, tag))
        if tag == "blockquote":
            return replace(context, kind=BlockKind.QUOTE, level=0)
        if tag == "p" and context.kind is BlockKind.PARAGRAPH and _is_bold_line(element):
            return replace(context, kind=BlockKind.HEADING, level=6)
        if tag in ("figcaption", "caption"):
            return replace(context, kind=BlockKind.CAPTION, level=0)
        return context

    def _row(self, row: Element, context: _Context, depth: int) -> Iterator[WalkedBlock]:
        found = self._row_text(row)
        filled = [text for text in found.cells if text]
        if len(filled) < 2 or any(len(text) > _MAX_CELL_CHARS for text in filled):
            for cell in row:
                yield from self.blocks(cell, context, depth + 1)
            return
        place = self._place(row, context)
        raw = RawBlock(" | ".join(found.cells), BlockKind.TABLE_ROW, 0, place, context.furniture)
        yield WalkedBlock(raw, row, raw.text)
        yield from self._marks(found.note_marks, row, place, context)

    def _row_text(self, row: Element) -> RowText:
        """The row as it reads in its table, whose rows are read together, for a cell can reach down into others."""
        if row not in self._rows:
            table = next((one for one in row.iterancestors() if local_tag(one) == "table"), row.getparent())
            self._rows.update(row_texts(row if table is None else table))
        return self._rows.get(row) or row_texts(row)[row]

    def _flushed(self, run: InlineText, element: Element, context: _Context) -> Iterator[WalkedBlock]:
        lines = (" ".join(line.split()) for line in normal_text(run.text).split(BREAK))
        text = "\n".join(line for line in lines if line)
        place = self._place(element, context)
        if text:
            raw = RawBlock(context.mark + text, context.kind, context.level, place, context.furniture)
            yield WalkedBlock(raw, element, run.written.replace(BREAK, "\n"), run.linked_share, run.leads_inside)
        yield from self._marks(run.note_marks, element, place, context)

    def _marks(self, marks: Sequence[str], element: Element, place: Place, context: _Context) -> Iterator[WalkedBlock]:
        if marks:
            raw = RawBlock(", ".join(marks), BlockKind.PARAGRAPH, 0, place, context.furniture or NOTE_MARK)
            yield WalkedBlock(raw, element, "")

    def _place(self, element: Element, context: _Context) -> Place:
        if self.by_line:
            return Place(line=context.line, part=self.part)
        return Place(element=self.tree.getpath(element), part=self.part)


def _mark(element: Element, tag: str) -> str:
    """The number of an item of a numbered list, as the reader of the page sees it; bullets are left out."""
    parent = element.getparent()
    if tag != "li" or parent is None or local_tag(parent) != "ol":
        return ""
    start = parent.get("start", "1")
    before = sum(1 for _ in element.itersiblings("li", preceding=True))
    return f"{int(start) + before}. " if start.isdigit() and len(start) < 6 else ""


def _is_bold_line(element: Element) -> bool:
    """Whether a paragraph is one short line in bold, which is how many pages write their headings."""
    if len(element) != 1 or local_tag(element[0]) not in ("strong", "b") or (element.text or "").strip():
        return False
    text = "".join(map(str, element.itertext())).strip()
    is_all = not (element[0].tail or "").strip()
    return is_all and 2 < len(text) <= _MAX_BOLD_CHARS and not text.endswith((".", ",", ";", ":", "!", "…", "”"))


def _holds_block(element: Element) -> bool:
    return any(local_tag(inner) in BLOCKS for inner in element.iterdescendants())
