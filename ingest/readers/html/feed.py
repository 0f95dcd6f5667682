"""Sitemaps, RSS and Atom to the addresses they name, in their order.

Owns the three vocabularies. Refuses documents with a DTD, so that no entity exists, and to fetch anything.
"""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from ingest.readers.html.lines import local_tag
from kb.records.errors import SourceError
from kb.records.messages import say

_ROOT = re.compile(
    rb"\A[\s\xef\xbb\xbf]{0,50}(?:<\?xml[^>]{0,200}>\s{0,50})?(?:(?:<!--.{0,2000}?-->|<\?[^>]{0,300}>)\s{0,50}){0,5}"
    rb"<(?:\w{1,20}:)?(?:urlset|sitemapindex|rss|feed|RDF)\b",
    re.S,
)
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a sitemap or feed names: pages, and further sitemaps."""

    pages: tuple[str, ...]
    sitemaps: tuple[str, ...]


def is_listing(data: bytes) -> bool:
    """Whether the bytes open like a sitemap, RSS or Atom."""
    return _ROOT.match(data[:8192]) is not None


def read_listing(data: bytes, url: str) -> Listing:
    """The addresses that a sitemap or feed at ``url`` names, each once; SourceError when it names none."""
    if _DOCTYPE.search(data):
        raise SourceError(url, say("is_a_feed_with_a_dtd"), say("name_the_pages"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
        found = [(is_map, urljoin(url, text.strip())) for is_map, text in _addresses(root) if text.strip()]
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(url, say("is_a_damaged_feed_or_sitemap", error=error), say("name_the_pages")) from error
    listing = Listing(
        tuple(dict.fromkeys(address for is_map, address in found if not is_map)),
        tuple(dict.fromkeys(address for is_map, address in found if is_map)),
    )
    if not found:
        raise SourceError(url, say("is_a_feed_or_sitemap"), say("name_the_pages"))
    return listing


def _addresses(root: etree._Element) -> list[tuple[bool, str]]:
    """Every address with whether it is a sitemap's; image and video addresses inside an entry are not pages."""
    found = []
    for element in root.iter():
        kind, around = local_tag(element), element.getparent()
        parent = "" if around is None else local_tag(around)
        if kind == "loc" and parent in ("url", "sitemap"):
            found.append((parent == "sitemap", element.text or ""))
        elif kind == "link" and parent == "item":
            found.append((False, element.text or ""))
        elif kind == "link" and parent == "entry" and element.get("rel", "alternate") == "alternate":
            found.append((False, element.get("href", "")))
    return found
