"""Which blocks of a page are its main text, and by which rule each of the others stands outside.

The libraries lead: their votes make the text. Added to it is what they are known to miss (a title, a standfirst, a box,
a heading, rows of a table, notes), taken from it only what is a link and nothing else. Owns these rules and their
limits, measured on one half of two public sets of pages and reported on the other (docs/evaluate.md).
"""

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

import trafilatura
from lxml import html
from trafilatura.readability_lxml import Document

from ingest.readers.extract import NOTE_MARK, RawBlock
from ingest.readers.html.lines import BLOCKS, local_tag
from ingest.readers.html.tree import WalkedBlock
from kb.records.document import BlockKind, is_prose

_NOT_WORD = re.compile(r"\W+")
_CELL_GAP = " | "
# A shorter text stands somewhere on most pages: it counts only where it is a line by itself.
_MIN_INSIDE_CHARS = 25
_MIN_CELL_CHARS = 12
# A library may cut a note or a link out of a paragraph: most of a long block in pieces of this length is enough.
_PIECE_CHARS = 30
_MIN_PIECES_SHARE = 0.5

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Votes:
    """The blocks, by index, that each library holds to be the main text; none where it found nothing."""

    balanced: frozenset[int]
    precise: frozenset[int]
    readable: frozenset[int]


def votes_on(blocks: Sequence[WalkedBlock], text: str, tree: html.HtmlElement) -> Votes:
    """The votes on the blocks of a page, given as markup and as its tree (which is left as it was)."""
    written = [_squeezed(block.written) for block in blocks]

    def voted(found: str) -> frozenset[int]:
        return _standing_in(found, blocks, written)

    return Votes(
        balanced=voted(_heard(lambda: _main_text(text, precise=False))),
        precise=voted(_heard(lambda: _main_text(text, precise=True))),
        readable=voted(_heard(lambda: _readable_text(tree))),
    )


def plain_text(data: bytes, name: str) -> str:
    """The main text of a page as trafilatura alone gives it, to be measured beside ours; "" where it finds none."""
    return _heard(lambda: trafilatura.extract(data, include_comments=False, include_tables=True) or "")


def _heard(vote: Callable[[], str]) -> str:
    try:
        return vote()
    except Exception as error:  # noqa: BLE001 - a vote is advice; any fault of a library leaves the others to decide
        logging.getLogger(__name__).info("no vote on the main text: %s", error)
        return ""


def _main_text(text: str, *, precise: bool) -> str:
    found = trafilatura.extract(
        text, favor_precision=precise, include_comments=False, include_tables=True, include_formatting=False
    )
    return found or ""


def _readable_text(tree: html.HtmlElement) -> str:
    root: html.HtmlElement = html.document_fromstring(
        Document(html.document_fromstring(html.tostring(tree))).summary() or "<p></p>"
    )
    for element in root.iter():
        if local_tag(element) in BLOCKS or local_tag(element) == "br":
            element.tail = "\n" + (element.tail or "")
    return str(root.text_content())


def _standing_in(found: str, blocks: Sequence[WalkedBlock], written: Sequence[str]) -> frozenset[int]:
    whole = _squeezed(found)
    lines = frozenset(map(_squeezed, found.split("\n")))
    return frozenset(
        index
        for index, words in enumerate(written)
        if words
        and (
            words in lines
            or (len(words) >= _MIN_INSIDE_CHARS and words in whole)
            or _stands_in_parts(blocks[index], words, whole, lines)
        )
    )


def _stands_in_parts(block: WalkedBlock, words: str, whole: str, lines: frozenset[str]) -> bool:
    if block.raw.kind is BlockKind.TABLE_ROW:
        cells = [cell for cell in map(_squeezed, block.raw.text.split(_CELL_GAP)) if cell]
        return all(cell in lines or (len(cell) >= _MIN_CELL_CHARS and cell in whole) for cell in cells)
    if len(words) >= 2 * _PIECE_CHARS:
        pieces = [words[at : at + _PIECE_CHARS] for at in range(0, len(words) - _PIECE_CHARS + 1, _PIECE_CHARS)]
        return sum(piece in whole for piece in pieces) >= _MIN_PIECES_SHARE * len(pieces)
    parts = [part for part in map(_squeezed, block.written.split("\n")) if part]
    return len(parts) > 1 and sum(part in lines for part in parts) >= _MIN_PIECES_SHARE * len(parts)


def _squeezed(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()


OUTSIDE = "outside_main_text"
CONTENTS = "contents"
LINK_LINE = "link_line"

# Below this share of what the vote of trafilatura as it is set holds, the agreement of the others has missed the text.
_MIN_AGREED_SHARE = 0.3
# Below this share of what the markup leaves open, no vote has found the text: the page is kept as its markup has it.
_MIN_HEARD_SHARE = 0.05
_MIN_STANDFIRST_CHARS = 60
_MIN_BODY_CHARS = 80
_MAX_TEXT_LINKED = 0.5
_MAX_BOX_LINKED = 0.3
_MIN_LINE_LINKED = 0.8
# Lines that are links may be this share of the text; where they are more, the page is a list of links and they are it.
_MAX_LINKS_SHARE = 0.15
_NEAR_LEVELS = 4
_NOTES_REACH = 60
_NOTE_NAMES = frozenset(("notes", "notas", "footnotes", "footnote", "endnotes"))
_NOTE_ROLES = frozenset(("doc-footnote", "doc-endnotes", "doc-endnote"))
_LINE_KINDS = (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.CAPTION, BlockKind.QUOTE)
_SCRIPT = re.compile(r"java\s?script|cookies", re.I)


@dataclass(frozen=True, slots=True)
class MainText:
    """The blocks of a page, each outside the main text marked with its rule, and whether any vote was heard."""

    blocks: tuple[RawBlock, ...]
    heard: bool


def main_text(blocks: Sequence[WalkedBlock], text: str, tree: html.HtmlElement) -> MainText:
    """The blocks of a page, given also as markup and tree, with what stands outside its main text marked."""
    candidates = [index for index, block in enumerate(blocks) if block.raw.furniture != NOTE_MARK]
    agreed = _agreed(blocks, votes_on(blocks, text, tree)) & set(candidates)
    open_blocks = {index for index in candidates if blocks[index].raw.furniture is None}
    own = {index for index in agreed if _is_own(blocks[index])}
    heard = bool(own) and _chars(blocks, agreed) >= _MIN_HEARD_SHARE * _chars(blocks, open_blocks)
    links = dict(_links(blocks, agreed)) if heard else {}
    inside = _completed(blocks, agreed - set(links)) if heard else open_blocks
    return MainText(
        tuple(_marked(block, index in inside, links.get(index)) for index, block in enumerate(blocks)), heard
    )


def _marked(block: WalkedBlock, inside: bool, rule: str | None) -> RawBlock:
    if block.raw.furniture == NOTE_MARK:
        return block.raw
    return replace(block.raw, furniture=None if inside else rule or block.raw.furniture or OUTSIDE)


def _agreed(blocks: Sequence[WalkedBlock], votes: Votes) -> set[int]:
    """What the precise vote holds, or two others together; what the balanced one holds where that is far more."""
    agreed = set(votes.precise | (votes.balanced & votes.readable))
    if _chars(blocks, agreed) < _MIN_AGREED_SHARE * _chars(blocks, votes.balanced):
        return set(votes.balanced)
    return agreed


def _is_own(block: WalkedBlock) -> bool:
    """Whether a block is more than a link, than words for want of scripts and than labels of what the markup calls a
    form or a menu: a page of these alone is empty. Many sites set the whole page in one form: its sentences are text.
    """
    is_open = block.raw.furniture is None or is_prose(block.raw.text)
    without_scripts = any(local_tag(element) == "noscript" for element in _near(block))
    return is_open and block.linked < _MIN_LINE_LINKED and not without_scripts


def _chars(blocks: Sequence[WalkedBlock], indexes: Set[int]) -> int:
    return sum(len(blocks[index].raw.text) for index in indexes)


def _completed(blocks: Sequence[WalkedBlock], inside: set[int]) -> set[int]:
    """The text with what belongs to it and no library holds."""
    for found in (_title, _standfirst, _boxes, _rows, _items, _headings, _notes):
        inside = inside | set(found(blocks, inside)) if inside else inside
    return inside


def _title(blocks: Sequence[WalkedBlock], inside: Set[int]) -> list[int]:
    above = [index for index in range(min(inside)) if _is_title(blocks[index])]
    return above[-1:]


def _is_title(block: WalkedBlock) -> bool:
    return block.raw.kind is BlockKind.HEADING and block.raw.level == 1


def _standfirst(blocks: Sequence[WalkedBlock], inside: Set[int]) -> Iterator[int]:
    """What is written between the title and the first paragraph, where the libraries often see a teaser."""
    titles = [index for index in range(min(inside) + 1) if _is_title(blocks[index])]
    bodies = [index for index in sorted(inside) if _is_body(blocks[index])]
    for index in range(titles[-1] + 1, bodies[0]) if titles and bodies else ():
        block = blocks[index]
        if len(block.raw.text) >= _MIN_STANDFIRST_CHARS and block.linked <= _MAX_TEXT_LINKED:
            yield index


def _is_body(block: WalkedBlock) -> bool:
    return block.raw.kind is not BlockKind.HEADING and len(block.raw.text) >= _MIN_BODY_CHARS


def _boxes(blocks: Sequence[WalkedBlock], inside: Set[int]) -> Iterator[int]:
    """Sentences and percentages in boxes between paragraphs, and what is written for readers without scripts."""
    known = {blocks[index].raw.text for index in inside}
    for index in range(min(inside), max(inside)):
        block = blocks[index]
        text = block.raw.text
        says = (is_prose(text) or "%" in text) and text not in known and not _SCRIPT.search(text)
        in_box = any(local_tag(element) in ("aside", "noscript") for element in _near(block))
        if says and in_box and block.linked < _MAX_BOX_LINKED:
            yield index


def _rows(blocks: Sequence[WalkedBlock], inside: Set[int]) -> Iterator[int]:
    """All rows of a table of which half are held."""
    tables: dict[object, list[int]] = defaultdict(list)
    for index, block in enumerate(blocks):
        if block.raw.kind is BlockKind.TABLE_ROW:
            tables[next((one for one in block.element.iterancestors() if local_tag(one) == "table"), None)].append(
                index
            )
    for rows in tables.values():
        if 2 * sum(index in inside for index in rows) >= len(rows):
            yield from rows


def _items(blocks: Sequence[WalkedBlock], inside: Set[int]) -> Iterator[int]:
    """The items of a list that stands between two held blocks and is no list of links."""
    run: list[int] = []
    for index in range(min(inside), max(inside) + 1):
        block = blocks[index]
        if index in inside:
            yield from run
            run = []
        elif block.raw.kind is BlockKind.LIST_ITEM and block.linked < _MAX_BOX_LINKED and (run or index - 1 in inside):
            run.append(index)
        else:
            run = []


def _headings(blocks: Sequence[WalkedBlock], inside: Set[int]) -> Iterator[int]:
    """Headings between two held blocks: the questions of an FAQ are buttons, which the libraries do not read."""
    for index in range(1, len(blocks) - 1):
        is_heading = blocks[index].raw.kind is BlockKind.HEADING and blocks[index].linked < _MAX_TEXT_LINKED
        if is_heading and index - 1 in inside and index + 1 in inside:
            yield index


def _notes(blocks: Sequence[WalkedBlock], inside: Set[int]) -> Iterator[int]:
    """The notes after the text: elements that are called so by their role or by a class of their own."""
    after = range(max(inside) + 1, min(max(inside) + _NOTES_REACH, len(blocks)))
    for index in after:
        if blocks[index].linked < _MAX_TEXT_LINKED and any(map(_is_notes, _near(blocks[index]))):
            yield index


def _is_notes(element: html.HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    return element.get("role") in _NOTE_ROLES or not _NOTE_NAMES.isdisjoint(names)


def _near(block: WalkedBlock) -> list[html.HtmlElement]:
    """The element of a block and the nearest around it."""
    near = [block.element]
    for _, element in zip(range(_NEAR_LEVELS - 1), block.element.iterancestors(), strict=False):
        near.append(element)
    return near


def _links(blocks: Sequence[WalkedBlock], agreed: Set[int]) -> Iterator[tuple[int, str]]:
    """Lines of the text that are links and nothing else: to other pages, or a table of contents of this one."""
    linked = [index for index in sorted(agreed) if blocks[index].linked >= _MIN_LINE_LINKED]
    contents = {index for index in linked if blocks[index].leads_inside}
    lines = {index for index in linked if index not in contents and blocks[index].raw.kind in _LINE_KINDS}
    for rule, found in ((CONTENTS, contents), (LINK_LINE, lines)):
        if _chars(blocks, found) <= _MAX_LINKS_SHARE * _chars(blocks, agreed):
            yield from ((index, rule) for index in found)
