"""One page from the network: pinned to the address that was judged, bounded in time, size and redirects.

Owns the connection. Refuses to read what came, and to send anything but a plain GET: no cookies, no
credentials, no proxies. Every redirect is judged as the first address was.
"""

from __future__ import annotations

import http.client
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from kb.outside.addresses import Address, Target, connected, is_public, resolve
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
