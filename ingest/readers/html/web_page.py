"""HTML pages to blocks with their elements; which of them are the main text, and the page's metadata.

Owns parsing and the vote of trafilatura, the one module that imports it: blocks that the markup does
not call furniture but the vote leaves outside are passed on as such. Refuses to drop anything itself.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import trafilatura
from lxml import etree, html

from ingest.readers.characters import mended_markup
from ingest.readers.encodings import decode
from ingest.readers.extract import Extract, RawBlock, normal_text
from ingest.readers.html.page_metadata import page_metadata
from ingest.readers.html.tree import tree_blocks
from ingest.readers.media_types import HTML
from kb.records.document import BlockKind
from kb.records.errors import SourceError
from kb.records.messages import say

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s{0,5}=\s{0,5}[\"']?([\w-]{2,40})", re.I)
_XML_DECLARATION = re.compile(r"^\s{0,200}<\?xml[^>]{0,200}\?>")
_DTD = re.compile(r"<!DOCTYPE[^>\[]{0,500}\[(?:(?!<!DOCTYPE).){0,20000}?\]\s{0,50}>", re.I | re.S)
_NOT_WORD = re.compile(r"\W+")
# Below this share of the page's own prose the vote has missed the article and is not heard.
_MIN_VOTE_SHARE = 0.3
_MIN_PROSE_CHARS = 25
# libxml2 keeps 256 levels and drops what is deeper without a word; a page needs 40.
_MAX_DEPTH = 200
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_VOID = frozenset(
    ("br", "hr", "img", "input", "meta", "link", "source", "wbr", "col", "area", "base", "p", "li", "option")
)

OUTSIDE = "outside_main_text"

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def read_web_page(data: bytes, name: str) -> Extract:
    """The blocks and metadata of a page; raises SourceError when it cannot be parsed or holds no text."""
    declared = _CHARSET.search(data[:4096])
    text = decode(data, name, declared.group(1).decode("ascii") if declared else None)
    text = without_declaration(normal_text(text))
    _refuse_depth(text, name)
    tree = parse_page(text, name)
    body = tree.find("body")
    blocks = tuple(tree_blocks(body if body is not None else tree))
    if not blocks:
        raise SourceError(name, say("holds_no_text_a_page_drawn"), say("save_the_page"))
    return Extract(_voted(blocks, text), page_metadata(tree), HTML)


def without_declaration(text: str) -> str:
    """The text without an XML declaration, which a parser of characters refuses, and without a DTD."""
    return _DTD.sub("", _XML_DECLARATION.sub("", text, count=1), count=1)


def parse_page(text: str, name: str) -> html.HtmlElement:
    """The tree of an HTML text; nothing is fetched, no entity is read from outside. Raises SourceError."""
    parser = html.HTMLParser(recover=True, remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        tree = html.document_fromstring(mended_markup(text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise SourceError(name, say("is_not_readable_as_html", error=error), say("save_the_page_again")) from error
    return tree


def _refuse_depth(text: str, name: str) -> None:
    """Raises SourceError when elements nest so deep that the parser would lose text in silence."""
    depth = 0
    for closing, tag in _TAG.findall(text):
        if tag.lower() not in _VOID:
            depth = max(0, depth - 1) if closing else depth + 1
            if depth > _MAX_DEPTH:
                _refuse_real_depth(text, name)
                return


def _refuse_real_depth(text: str, name: str) -> None:
    """Unclosed tags look deep and are not: ask the parsed tree."""
    tree = parse_page(text, name)
    depth = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    if deepest >= _MAX_DEPTH:
        reason = say("nests_more_than_elements_deeper", most=_MAX_DEPTH)
        raise SourceError(name, reason, say("save_the_page_as_text"))


def _voted(blocks: tuple[RawBlock, ...], text: str) -> tuple[RawBlock, ...]:
    """The blocks, those outside the main text marked so unless the markup says more."""
    open_blocks = [index for index, block in enumerate(blocks) if block.furniture is None]
    votes = _votes(blocks, open_blocks, _main_text(text))
    prose = sum(len(blocks[index].text) for index in open_blocks)
    if not votes or sum(len(blocks[index].text) for index in votes) < _MIN_VOTE_SHARE * prose:
        return blocks
    inside = _inside(blocks, open_blocks, votes)
    return tuple(
        block if index in inside or block.furniture else replace(block, furniture=OUTSIDE)
        for index, block in enumerate(blocks)
    )


def _main_text(text: str) -> str:
    try:
        found = trafilatura.extract(
            text, include_comments=False, include_tables=True, include_formatting=False, deduplicate=False
        )
    except Exception as error:  # noqa: BLE001 - the vote is advice; any fault of the library leaves the markup to decide
        logging.getLogger(__name__).info("no vote on the main text: %s", error)
        return ""
    return found or ""


def _votes(blocks: tuple[RawBlock, ...], open_blocks: list[int], main_text: str) -> set[int]:
    squeezed = _squeezed(main_text)
    lines = {_squeezed(line) for line in main_text.split("\n")}
    return {
        index
        for index in open_blocks
        if (words := _squeezed(blocks[index].text))
        and (words in lines or (len(words) >= _MIN_PROSE_CHARS and words in squeezed))
    }


def _squeezed(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()


def _inside(blocks: tuple[RawBlock, ...], open_blocks: list[int], votes: set[int]) -> set[int]:
    """From the first to the last block voted for, with the title above and prose in the same element beyond."""
    first, last = min(votes), max(votes)
    parents = {_parent(blocks[index]) for index in votes}
    title = [index for index in open_blocks if index < first and blocks[index].kind is BlockKind.HEADING]
    inside = {index for index in open_blocks if first <= index <= last}
    inside |= set([index for index in title if blocks[index].level == 1][-1:])
    return inside | {index for index in open_blocks if _parent(blocks[index]) in parents and not first <= index <= last}


def _parent(block: RawBlock) -> str:
    return (block.place.element or "").rpartition("/")[0]
