"""Compression of what the page sends, for browsers that take gzip. Knows no page and no file.

Nothing secret stands in a page beside words that a stranger could choose: the key is in a cookie that no page shows.
"""

from __future__ import annotations

import gzip
import re

from fastapi import Request, Response

# A smaller answer fits into the first packets as it is.
_SMALL = 1_400
# Of a page of 40 kB, level 4 takes .6 ms and leaves 8.4 kB; level 9 takes 1.1 ms and leaves 7.7 kB.
_PAGE_LEVEL = 4
_REFUSED = re.compile(r"gzip\s{0,4};\s{0,4}q=0(?:\.0{1,3})?\s{0,4}(?:,|$)")


def takes_gzip(request: Request) -> bool:
    """Whether the caller reads gzip."""
    accepted = request.headers.get("accept-encoding", "").lower()
    return "gzip" in accepted and not _REFUSED.search(accepted)


def pack(request: Request, response: Response) -> None:
    """Compress the body of a response in place, where the caller reads it and it is worth it."""
    body = bytes(response.body)
    if len(body) < _SMALL or not takes_gzip(request):
        return
    response.body = packed(body, _PAGE_LEVEL)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.body))


def packed(content: bytes, level: int = 9) -> bytes:
    """The content as gzip, the same bytes every time."""
    return gzip.compress(content, level, mtime=0)
