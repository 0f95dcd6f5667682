"""What a page says of itself: JSON-LD, OpenGraph, meta tags, the title element.

Owns the order of trust and the origin of each field. Refuses to guess from the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import html

from ingest.readers.properties.author_names import named_authors
from ingest.readers.properties.metadata import SourceMetadata
from kb.records.document import BESIDE_TITLE

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
