"""Pages saved as one file (MHTML, webarchive) to blocks: their main document, read as any page is.

Owns where the page stands in such a file. Refuses its pictures, styles and scripts.
"""

from __future__ import annotations

import plistlib
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message

from ingest.readers.encodings import decode
from ingest.readers.extract import Extract
from ingest.readers.html.web_page import read_web_page
from ingest.readers.mail.mime import Mail, bytes_of, header, parse, too_deep
from ingest.readers.plain_text import read_plain_text
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import MHTML, WEBARCHIVE
from kb.records.errors import SourceError
from kb.records.messages import say

_PAGES = ("text/html", "application/xhtml+xml")
_HINT = say("open_the_page_again_and_save")


def read_mhtml(data: bytes, name: str) -> Extract:
    """The blocks of a page in MHTML and its address; raises SourceError where it holds no page."""
    message = parse(data, name)
    try:
        pages = [part for part in _leaves(message) if part.get_content_type() in _PAGES]
    except RecursionError as error:
        raise too_deep(name) from error
    if not pages:
        raise SourceError(name, say("holds_no_page"), _HINT)
    start = (message.get_param("start") or "") if message.is_multipart() else ""
    page = next((part for part in pages if start and part.get("Content-ID") == start), pages[0])
    address = header(message, "Snapshot-Content-Location") or header(page, "Content-Location")
    return _page(bytes_of(page), page.get_content_charset(), address, MHTML, name)


def read_webarchive(data: bytes, name: str) -> Extract:
    """The blocks of a page that Safari saved and its address; raises SourceError where it holds no page."""
    try:
        main = plistlib.loads(data)["WebMainResource"]
        content, kind = main["WebResourceData"], main.get("WebResourceMIMEType", "text/html")
    except (plistlib.InvalidFileException, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SourceError(name, say("is_a_damaged_web_archive"), _HINT) from error
    except (IndexError, OverflowError) as error:
        raise SourceError(name, say("is_a_damaged_web_archive"), _HINT) from error
    if not isinstance(content, bytes) or kind not in (*_PAGES, "text/plain"):
        raise SourceError(name, say("holds_no_page"), _HINT)
    charset, address = main.get("WebResourceTextEncodingName"), main.get("WebResourceURL")
    if kind == "text/plain":
        return replace(read_plain_text(content, name), media_type=WEBARCHIVE)
    return _page(content, charset if isinstance(charset, str) else None, address, WEBARCHIVE, name)


def _leaves(part: Mail) -> Iterator[Mail]:
    if not part.is_multipart():
        yield part
        return
    for child in part.get_payload():
        if isinstance(child, Message):
            yield from _leaves(child)


def _page(content: bytes, charset: str | None, address: object, media_type: str, name: str) -> Extract:
    """The page as from a file of its own; the address under which it was saved is that of the page."""
    if not content.strip():
        raise SourceError(name, say("holds_no_page"), _HINT)
    extract = read_web_page(decode(content, name, charset).encode("utf-8", "replace"), name)
    url = address if isinstance(address, str) and address.startswith(("http://", "https://")) else None
    known = extract.metadata.or_else(SourceMetadata.of("saved from", url=url))
    return replace(extract, metadata=known, media_type=media_type)
