"""Addresses to sources: a page, or every page that a sitemap or feed names; fetched from public
hosts only, in bounded time and size.

Owns names (the address itself), the limits on what one listing may bring, and the reason for each
page that is none. Refuses to know how a page is fetched or read.
"""

from __future__ import annotations

import http.client
import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin

from ingest.readers.html.feed import is_listing, read_listing
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import HTML, JSON_LINES, MARKDOWN, TEXT, ZIP, extension_of, media_type_of
from ingest.sources.places import Origin
from ingest.sources.sources import SourceFailure, SourceFile, read_sidecar
from kb.outside.addresses import Address, Target, connected, is_public, resolve
from kb.records.document import FieldOrigin
from kb.records.errors import SourceError
from kb.records.messages import say

MAX_SECONDS = 30.0
# Studies as PDF run to 20 MB; pages to 2 MB.
_MAX_BYTES = 32 * 1024 * 1024
_MAX_REDIRECTS = 5
# A feed of 1,000 pages from a server that answers in a second takes a third of it.
_JOB_SECONDS = 3600.0
_CONNECT_SECONDS = 10.0
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_HEADERS = {
    "User-Agent": "cx-knowledge-base/0.1",
    "Accept": "text/html,application/xhtml+xml,application/pdf,application/xml;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: the address after redirects, the bytes, and the media type that the server claims (lower case)."""

    url: str
    data: bytes
    claimed_type: str


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches pages. ``allowed`` judges addresses: only a test that serves pages on loopback sets it. Each connection
    may take ``seconds``, a job ``job_seconds``; ``until`` is when its time is over, on the monotonic clock."""

    allowed: Callable[[Address], bool] = is_public
    seconds: float = MAX_SECONDS
    max_bytes: int = _MAX_BYTES
    job_seconds: float = _JOB_SECONDS
    until: float = math.inf

    def for_a_job(self) -> Fetcher:
        """This fetcher for a job that begins now: others wait for its end, and slow servers must not put that off."""
        return replace(self, until=time.monotonic() + self.job_seconds)

    def fetch(self, url: str) -> Fetched:
        """The page at a URL; SourceError when it may not be reached, does not answer, or answers too much, and when the
        time of its job is over."""
        if time.monotonic() >= self.until:
            minutes = f"{self.job_seconds / 60:.0f}"
            raise SourceError(url, say("was_not_fetched_in_the_time", minutes=minutes), say("send_it_again_by_itself"))
        here = url
        for _ in range(_MAX_REDIRECTS + 1):
            answer = self._get(resolve(here, self.allowed))
            if isinstance(answer, Fetched):
                return answer
            here = _joined(here, answer)
        raise SourceError(url, say("redirects_more_than_times", most=_MAX_REDIRECTS), say("name_the_page_it_ends"))

    def _get(self, target: Target) -> Fetched | str:
        """The page, or the address it redirects to."""
        try:
            with connected(target, self.seconds, _CONNECT_SECONDS) as connection:
                connection.request("GET", target.path, headers={"Host": target.host_header, **_HEADERS})
                with connection.getresponse() as answer:
                    return self._read(answer, target)
        except (http.client.HTTPException, OSError, ValueError, EOFError) as error:
            reason = say("could_not_be_fetched", error=str(error) or type(error).__name__)
            raise SourceError(target.url, reason, say("try_again_or_save_the_page")) from error

    def _read(self, answer: http.client.HTTPResponse, target: Target) -> Fetched | str:
        if answer.status in _REDIRECTS:
            place = answer.getheader("Location")
            if not place:
                raise SourceError(target.url, say("redirects_to_nowhere"), say("check_the_address"))
            return place.encode("latin-1", "replace").decode("utf-8", "replace")  # headers arrive as Latin-1
        if answer.status != 200:
            raise SourceError(target.url, say("the_server_answered", status=answer.status), say("open_it_in_a_browser"))
        if (answer.getheader("Content-Encoding") or "identity").lower() != "identity":
            raise SourceError(target.url, say("was_sent_packed_though"), say("save_the_page_as_a_file"))
        if (answer.length or 0) > self.max_bytes:
            raise self._too_large(target)
        data = answer.read(self.max_bytes + 1)
        if len(data) > self.max_bytes:
            raise self._too_large(target)
        if answer.length:  # http.client gives a cut-off body without a word when an amount was asked for
            raise SourceError(target.url, say("was_cut_off_by_the_server"), say("try_again"))
        claimed = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        return Fetched(target.url, data, claimed)

    def _too_large(self, target: Target) -> SourceError:
        return SourceError(
            target.url, say("is_larger_than_mb", megabytes=self.max_bytes // 2**20), say("save_it_and_ingest_the_file")
        )


def _joined(here: str, place: str) -> str:
    try:
        return urljoin(here, place)
    except ValueError as error:
        raise SourceError(
            here, say("redirects_to_what_is_no_address", error=error), say("check_the_address")
        ) from error


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
