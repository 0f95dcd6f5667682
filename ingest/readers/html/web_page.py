"""HTML pages to blocks with their elements, marked where they stand outside the main text, and the page's metadata.

Owns decoding and parsing. Refuses to drop anything itself, and to judge what the main text is: that is
``ingest.readers.html.main_text``'s.
"""

from __future__ import annotations

import re

from lxml import etree, html

from ingest.readers.encodings import decode_noted, mended_markup
from ingest.readers.extract import Extract, normal_text
from ingest.readers.html.main_text import main_text
from ingest.readers.html.page_metadata import page_metadata
from ingest.readers.html.tree import walked_blocks
from ingest.readers.signatures import HTML
from kb.records.errors import SourceError
from kb.records.messages import say

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s{0,5}=\s{0,5}[\"']?([\w-]{2,40})", re.I)
_XML_DECLARATION = re.compile(r"^\s{0,200}<\?xml[^>]{0,200}\?>")
_DTD = re.compile(r"<!DOCTYPE[^>\[]{0,500}\[(?:(?!<!DOCTYPE).){0,20000}?\]\s{0,50}>", re.I | re.S)
# libxml2 keeps 256 levels and drops what is deeper without a word; a page needs 40.
_MAX_DEPTH = 200
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_VOID = frozenset(
    ("br", "hr", "img", "input", "meta", "link", "source", "wbr", "col", "area", "base", "p", "li", "option")
)


def read_web_page(data: bytes, name: str) -> Extract:
    """The blocks and metadata of a page; raises SourceError when it cannot be parsed or holds no text."""
    declared = _CHARSET.search(data[:4096])
    decoded = decode_noted(data, name, declared.group(1).decode("ascii") if declared else None)
    text = without_declaration(normal_text(decoded.text))
    _refuse_depth(text, name)
    tree = parse_page(text, name)
    body = tree.find("body")
    blocks = tuple(walked_blocks(body if body is not None else tree))
    if not blocks:
        raise SourceError(name, say("holds_no_text_a_page_drawn"), say("save_the_page"))
    main = main_text(blocks, text, tree)
    return Extract(
        main.blocks,
        page_metadata(tree),
        HTML,
        (*decoded.notes, *(() if main.heard else (say("no_main_text_was_told_apart"),))),
    )


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
