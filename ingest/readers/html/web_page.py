"""HTML pages to blocks with their elements, marked where they stand outside the main text, and the page's metadata.

Owns decoding and parsing. Refuses to drop anything itself, and to judge what the main text is: that is
``ingest.readers.html.main_text``'s.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from ingest.readers.encodings import decode_noted, mended_markup
from ingest.readers.extract import Extract, normal_text
from ingest.readers.html.main_text import main_text
from ingest.readers.html.tree import walked_blocks
from ingest.readers.properties.metadata import SourceMetadata, named_authors
from ingest.readers.signatures import HTML
from kb.records.document import BESIDE_TITLE
from kb.records.errors import SourceError
from kb.records.messages import say

_ARTICLE_TYPES = ("article", "report", "posting", "webpage", "book", "creativework")
_MAX_JSON_CHARS = 500_000
# How far around a title its date may stand: its header, and the article that the header opens.
_TITLE_LEVELS = 4
_SITE_NAME_CUT = re.compile(r" [|·–—»-] ")


def page_metadata(tree: html.HtmlElement) -> SourceMetadata:
    """The metadata of a page, each field from the most trusted place that has it."""
    meta = _meta_tags(tree)
    found = _from_json_ld(tree)
    for origin, names in _SOURCES:
        found = found.or_else(_from_meta(meta, origin, names))
    return found.or_else(_from_elements(tree, found.publisher))


_SOURCES: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "opengraph",
        {
            "title": "og:title",
            "authors": "article:author og:article:author",
            "publisher": "og:site_name",
            "published": "article:published_time og:article:published_time og:published_time",
            "url": "og:url",
        },
    ),
    (
        "meta",
        {
            "title": "citation_title dc.title dcterms.title twitter:title",
            "authors": "citation_author author dc.creator dcterms.creator parsely-author",
            "publisher": "citation_publisher dc.publisher dcterms.publisher publisher",
            "published": "citation_publication_date date dc.date dcterms.date dcterms.created pubdate publish-date "
            "parsely-pub-date",
            "url": "",
        },
    ),
)


def _meta_tags(tree: html.HtmlElement) -> dict[str, tuple[str, ...]]:
    """The content of every meta tag by its lower-case name or property."""
    tags: dict[str, tuple[str, ...]] = {}
    for tag in tree.iter("meta"):
        name = (tag.get("property") or tag.get("name") or "").lower()
        content = (tag.get("content") or "").strip()
        if name and content:
            tags[name] = (*tags.get(name, ()), content)
    return tags


def _from_meta(meta: dict[str, tuple[str, ...]], origin: str, names: dict[str, str]) -> SourceMetadata:
    def first(field: str) -> str | None:
        return next((meta[name][0] for name in names[field].split() if name in meta), None)

    authors = next((meta[name] for name in names["authors"].split() if name in meta), ())
    return SourceMetadata.of(
        origin,
        title=first("title"),
        authors=named_authors(authors),
        publisher=first("publisher"),
        published=first("published"),
        url=_absolute(first("url")),
    )


def _from_elements(tree: html.HtmlElement, publisher: str | None) -> SourceMetadata:
    canonical = next((link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical"), None)
    title = tree.findtext(".//title")
    headings = [" ".join(element.text_content().split()) for element in tree.iter("h1")]
    known = SourceMetadata.of("link canonical", url=_absolute(canonical))
    known = known.or_else(SourceMetadata.of("title element", title=_without_site(title, publisher, headings)))
    known = known.or_else(SourceMetadata.of("first h1", title=headings[0] if headings else None))
    return known.or_else(SourceMetadata.of(BESIDE_TITLE, published=_time_beside_title(tree)))


def _time_beside_title(tree: html.HtmlElement) -> str | None:
    """The date of the one time element that stands near the only title; of several, which is whose is not known."""
    titles = list(tree.iter("h1"))
    around = list(titles[0].iterancestors())[:_TITLE_LEVELS] if len(titles) == 1 else []
    for element in around:
        dates = {time.get("datetime", "")[:10] for time in element.iter("time") if time.get("datetime")}
        if dates:
            return dates.pop() if len(dates) == 1 else None
    return None


def _without_site(title: str | None, publisher: str | None, headings: list[str]) -> str | None:
    """The title without the site's name at its end, cut only where the page itself shows the shorter form."""
    whole = " ".join((title or "").split())
    for cut in _SITE_NAME_CUT.finditer(whole):
        head, tail = whole[: cut.start()], whole[cut.end() :]
        if tail == publisher or any(head.casefold() == heading.casefold() for heading in headings):
            return head
    return whole or None


def _absolute(url: str | None) -> str | None:
    return url if url and url.startswith(("http://", "https://")) else None


def _from_json_ld(tree: html.HtmlElement) -> SourceMetadata:
    found = SourceMetadata()
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "") and len(script.text or "") <= _MAX_JSON_CHARS:
            for node in _nodes(_parsed(script.text)):
                found = found.or_else(_from_node(node))
    return found


def _parsed(text: str | None) -> Any:
    try:
        return json.loads(text or "null", strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """The objects that describe a work, in order, from lists and graphs."""
    if isinstance(value, list):
        for inner in value[:100]:
            yield from _nodes(inner)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and kind.lower().endswith(_ARTICLE_TYPES) for kind in kinds):
            yield value
        yield from _nodes(value.get("@graph"))


def _from_node(node: dict[str, Any]) -> SourceMetadata:
    return SourceMetadata.of(
        "json-ld",
        title=_text(node.get("headline")) or _text(node.get("name")),
        authors=_names(node.get("author")),
        publisher=_text(node.get("publisher")),
        published=_text(node.get("datePublished")),
        url=_absolute(_text(node.get("url"))) or _absolute(_text(node.get("mainEntityOfPage"))),
    )


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return next((inner for key in ("name", "@id") if isinstance(inner := value.get(key), str)), None)
    return None


def _names(value: Any) -> tuple[str, ...]:
    people = value if isinstance(value, list) else [value]
    return named_authors(tuple(name for name in map(_text, people) if name))


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
