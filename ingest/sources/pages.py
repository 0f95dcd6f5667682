"""Addresses to sources: a page, or every page that a sitemap or feed names.

Owns names (the address itself), the limits on what one listing may bring, and the reason for each
page that is none. Refuses to know how a page is fetched or read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ingest.readers.html.feed import is_listing, read_listing
from ingest.readers.media_types import HTML, JSON_LINES, MARKDOWN, TEXT, ZIP, extension_of, media_type_of
from ingest.readers.properties.metadata import SourceMetadata
from ingest.sources.fetching import Fetched, Fetcher
from ingest.sources.places import Origin
from ingest.sources.sources import SourceFailure, SourceFile, read_sidecar
from kb.records.document import FieldOrigin
from kb.records.errors import SourceError
from kb.records.messages import say

MAX_PAGES = 1_000
_MAX_SITEMAPS = 50
_STAGE = "fetch"


def find_pages(
    urls: Iterable[str], fetcher: Fetcher, said: SourceMetadata | None = None
) -> Iterator[SourceFile | SourceFailure]:
    """A source for every page at these addresses, and a failure with its reason for each that is none.

    A sitemap or feed stands for the pages it names (at most 1,000, and 50 sitemaps inside sitemaps; what is
    left out is said). A page is named by the address it was asked for. What a sender ``said`` is of the pages at the
    addresses themselves, and of none that a listing names.
    """
    for url in urls:
        yield from _SiteWalk(fetcher, url, said).sources()


def find_sent(path: Path, fetcher: Fetcher | None) -> Iterator[SourceFile | SourceFailure]:
    """As ``find_pages`` of the address that a file holds, with what its sidecar says of the page; without a fetcher a
    failure that says what it takes."""
    url = path.read_text(encoding="utf-8")
    try:
        if fetcher is None:
            raise SourceError(url, say("nothing_is_fetched_unless_asked"), say("set_kb_network_or_send_the_file"))
        said = read_sidecar(path, url)
    except SourceError as error:
        yield SourceFailure(url, _STAGE, error.reason, error.hint, origin=Origin.of_file(url))
    else:
        yield from find_pages([url], fetcher, said)


class _SiteWalk:
    """The pages below one address, each once."""

    def __init__(self, fetcher: Fetcher, start: str, said: SourceMetadata | None) -> None:
        self._fetcher = fetcher
        self._start = start
        self._said = said or SourceMetadata()
        self._met: set[str] = set()
        self._pages = 0
        self._sitemaps = 0

    def sources(self) -> Iterator[SourceFile | SourceFailure]:
        yield from self._at(self._start, is_listed=False)

    def _at(self, url: str, *, is_listed: bool) -> Iterator[SourceFile | SourceFailure]:
        if url in self._met:
            return
        self._met.add(url)
        try:
            fetched = self._fetcher.fetch(url)
            if not is_listing(fetched.data):
                yield _page(url, fetched, self._said if url == self._start else SourceMetadata())
            elif is_listed:
                raise SourceError(url, say("is_a_feed_named_by_another"), say("name_it_by_itself"))
            else:
                yield from self._listed(url, fetched)
        except SourceError as error:
            yield SourceFailure(url, _STAGE, error.reason, error.hint, origin=Origin.of_file(url))

    def _listed(self, url: str, fetched: Fetched) -> Iterator[SourceFile | SourceFailure]:
        listing = read_listing(fetched.data, fetched.url)
        if url == self._start and self._said != SourceMetadata():
            yield SourceFailure(url, _STAGE, say("lists_pages_that_have_their_own"), say("send_it_without_metadata"))
        left = max(0, MAX_PAGES - self._pages)
        chosen = listing.pages[:left]
        self._pages += len(chosen)
        for page in chosen:
            yield from self._at(page, is_listed=True)
        if len(listing.pages) > left:
            reason = say("names_more_than_pages_were_left", most=MAX_PAGES, left_out=len(listing.pages) - left)
            yield SourceFailure(url, _STAGE, reason, say("name_the_other_pages_or_sitemaps"))
        for sitemap in listing.sitemaps:
            self._sitemaps += 1
            if self._sitemaps > _MAX_SITEMAPS:
                yield SourceFailure(
                    sitemap, _STAGE, say("is_beyond_sitemaps", most=_MAX_SITEMAPS), say("name_it_by_itself")
                )
            else:
                yield from self._at(sitemap, is_listed=False)


def _page(url: str, fetched: Fetched, said: SourceMetadata) -> SourceFile:
    media_type = _media_type(url, fetched)
    if media_type in (ZIP, JSON_LINES):
        raise SourceError(url, say("is_an_archive_or_json_lines"), say("fetch_it_and_ingest_the_file"))
    found = replace(SourceMetadata(), url=fetched.url, origins=(FieldOrigin("url", "fetched from"),))
    return SourceFile.of(url, fetched.data, media_type, metadata=said.or_else(found), origin=Origin.of_file(url))


def _media_type(url: str, fetched: Fetched) -> str:
    """What the content is; only where it is text does the server's word, then the address's ending, count."""
    found = media_type_of("", fetched.data)
    if found != TEXT:
        return found
    if fetched.claimed_type in (HTML, "application/xhtml+xml"):
        return HTML
    path = url.partition("?")[0]
    is_markdown = fetched.claimed_type == MARKDOWN or extension_of(path.rpartition("/")[2]) in ("md", "markdown")
    return MARKDOWN if is_markdown else TEXT
