"""What kept libraries hold to be the main text of a page, and which blocks stand in it.

Owns the three votes: trafilatura as it is set, trafilatura set for precision, and the readability that comes with it.
The one module that imports trafilatura. Refuses to decide what a vote means.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import trafilatura
from lxml import html
from trafilatura.readability_lxml import Document

from ingest.readers.html.lines import BLOCKS, local_tag
from ingest.readers.html.tree import WalkedBlock
from kb.records.document import BlockKind

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
