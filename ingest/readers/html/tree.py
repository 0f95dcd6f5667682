"""An HTML tree to raw blocks in reading order, each with its element and what the markup says of it.

Owns the walk: which elements are blocks, what is skipped, how table rows read. Used for pages,
Markdown and EPUB. Refuses to know what the main text is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from ingest.readers.extract import RawBlock, normal_text
from ingest.readers.html.furniture import furniture_of
from kb.records.document import BlockKind, Place

Element = etree._Element

_SKIPPED_NAMES = (
    "script style noscript template svg iframe object embed button select option input textarea head link meta "
    "canvas audio video map math area base param source track colgroup col progress meter datalist"
)
_SKIPPED = frozenset(_SKIPPED_NAMES.split())
_BLOCKS_NAMES = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary "
    "table tbody td tfoot th thead title tr ul"
)
_BLOCKS = frozenset(_BLOCKS_NAMES.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_MAX_CELL_CHARS = 500
_MAX_BOLD_CHARS = 110
# libxml2 stops at 256 levels; a page needs 40. Deeper is an attack and would be lost in silence.
_MAX_DEPTH = 240


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
    walk = _Walk(root, part, by_line=by_line)
    yield from walk.blocks(root, _Context(), 0)


class _Walk:
    """One walk over one tree; holds what every step needs."""

    def __init__(self, root: Element, part: str | None, *, by_line: bool) -> None:
        self.tree = root.getroottree()
        self.total = sum(len(text) for text in root.itertext())
        self.part = part
        self.by_line = by_line

    def blocks(self, element: Element, context: _Context, depth: int) -> Iterator[RawBlock]:
        tag = _tag(element)
        if tag in _SKIPPED or depth > _MAX_DEPTH:
            return
        context = self._entered(element, tag, context)
        if tag == "tr":
            yield from self._row(element, context, depth)
            return
        run: list[str] = [element.text or ""]
        for child in element:
            name = _tag(child)
            if name in _BLOCKS or (name and name not in _SKIPPED and _holds_block(child)):
                yield from self._flushed(run, element, context)
                run.clear()
                yield from self.blocks(child, context, depth + 1)
                context = replace(context, mark="")
            else:
                run.append(_inline_text(child, name))
            run.append(child.tail or "")
        yield from self._flushed(run, element, context)

    def _entered(self, element: Element, tag: str, context: _Context) -> _Context:
        line = element.get("data-line") if self.by_line else None
        if line and line.isdigit():
            context = replace(context, line=int(line))
        if context.furniture is None:
            context = replace(context, furniture=furniture_of(element, tag, self.total))
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

    def _row(self, row: Element, context: _Context, depth: int) -> Iterator[RawBlock]:
        cells = [cell for cell in row if _tag(cell) in ("td", "th")]
        texts = [" ".join(" ".join(normal_text(_spaced_text(cell)).split()).split(" | ")) for cell in cells]
        filled = [text for text in texts if text]
        if len(filled) < 2 or any(len(text) > _MAX_CELL_CHARS for text in filled):
            for cell in row:
                yield from self.blocks(cell, context, depth + 1)
            return
        yield RawBlock(" | ".join(texts), BlockKind.TABLE_ROW, 0, self._place(row, context), context.furniture)

    def _flushed(self, run: list[str], element: Element, context: _Context) -> Iterator[RawBlock]:
        lines = (" ".join(line.split()) for line in normal_text("".join(run)).split("\x00"))
        text = "\n".join(line for line in lines if line)
        if text:
            yield RawBlock(
                context.mark + text, context.kind, context.level, self._place(element, context), context.furniture
            )

    def _place(self, element: Element, context: _Context) -> Place:
        if self.by_line:
            return Place(line=context.line, part=self.part)
        return Place(element=self.tree.getpath(element), part=self.part)


def _tag(element: Element) -> str:
    """The lower-case local name, or "" for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _mark(element: Element, tag: str) -> str:
    """The number of an item of a numbered list, as the reader of the page sees it; bullets are left out."""
    parent = element.getparent()
    if tag != "li" or parent is None or _tag(parent) != "ol":
        return ""
    start = parent.get("start", "1")
    before = sum(1 for _ in element.itersiblings("li", preceding=True))
    return f"{int(start) + before}. " if start.isdigit() and len(start) < 6 else ""


def _is_bold_line(element: Element) -> bool:
    """Whether a paragraph is one short line in bold, which is how many pages write their headings."""
    if len(element) != 1 or _tag(element[0]) not in ("strong", "b") or (element.text or "").strip():
        return False
    text = "".join(map(str, element.itertext())).strip()
    is_all = not (element[0].tail or "").strip()
    return is_all and 2 < len(text) <= _MAX_BOLD_CHARS and not text.endswith((".", ",", ";", ":", "!", "…", "”"))


def _holds_block(element: Element) -> bool:
    return any(_tag(inner) in _BLOCKS for inner in element.iterdescendants())


def _inline_text(element: Element, tag: str) -> str:
    if tag == "br":
        return "\x00"
    if not tag or tag in _SKIPPED:
        return ""
    pieces = [element.text or ""]
    for child in element:
        pieces += [_inline_text(child, _tag(child)), child.tail or ""]
    return "".join(pieces)


def _spaced_text(element: Element) -> str:
    """All text under an element, with a space at every element's edge that is a block or a break."""
    pieces = [element.text or ""]
    for child in element:
        name = _tag(child)
        edge = " " if name in _BLOCKS or name == "br" else ""
        inner = _spaced_text(child) if name and name not in _SKIPPED else ""
        pieces += [edge, inner, edge, child.tail or ""]
    return "".join(pieces)
