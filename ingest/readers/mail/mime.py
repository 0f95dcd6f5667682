"""A MIME message to its parts: the inline ones that are the body, and what is attached as files of their
own; and pages that a browser saved as one.

Owns the limits of a message and the walk over its parts. Refuses to read what the parts hold. The compat32 policy
stands on purpose (measured on Python 3.11): policy.default takes 3 s for a subject of 20,000 encoded words and 24 s for
40,000, and ends in a RecursionError at 5,000 open comments in a sender; compat32 takes 0.01 s for each.
"""

import email
import email.header
import email.policy
import email.utils
import plistlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message

from ingest.readers.encodings import decode
from ingest.readers.extract import Extract, RawBlock, normal_text, one_line
from ingest.readers.html.tree import tree_blocks
from ingest.readers.html.web_page import parse_page, read_web_page, without_declaration
from ingest.readers.plain_text import read_plain_text, text_blocks
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import EML, MHTML, WEBARCHIVE
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.messages import say

Mail = Message  # of strings: what the compat32 policy makes

# A digest of a list has a hundred parts; each of them costs time for every line of the file.
_MAX_PARTS = 300
_MAX_LINES = 2_000_000
# A mail forwarded with its attachments holds one mail in another; five deep is a long chain.
MAX_DEPTH = 5
# Every line is compared with the boundaries around it: 140 of them around a million lines took 12 s.
_MAX_COMPARED = 20_000_000
# The parameters of a header are parsed in quadratic time: 1.5 MB of them took 11 s.
_ENDLESS = re.compile(rb"^content-(?:type|disposition):(?:[^\n]|\n[ \t]){10000}", re.I | re.M)
_PART = re.compile(rb"boundary\s{0,5}=|message/rfc822", re.I)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a mail: its name ("part 3.pdf" where it has none) and its bytes."""

    name: str
    data: bytes


def parse(data: bytes, name: str) -> Mail:
    """The message; raises SourceError when it has more parts or lines than a mail has."""
    parts, lines = len(_PART.findall(data)), data.count(b"\n")
    hint = say("save_the_parts_that_matter")
    if parts > _MAX_PARTS:
        raise SourceError(name, say("has_more_than_parts", most=_MAX_PARTS), hint)
    if lines > _MAX_LINES or parts * lines > _MAX_COMPARED:
        raise SourceError(name, say("has_too_many_lines_in_parts", lines=lines, parts=parts), hint)
    if _ENDLESS.search(data):
        raise SourceError(name, say("has_an_endless_header"), hint)
    try:
        return email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"), policy=email.policy.compat32)
    except RecursionError as error:
        raise too_deep(name) from error


def too_deep(name: str) -> SourceError:
    """The refusal of a mail in a mail in a mail, and so on."""
    return SourceError(name, say("nests_mails_more_than_deep", most=MAX_DEPTH), say("save_the_inner_mails"))


def header(message: Mail, field: str) -> str | None:
    """A header as text, its encoded words decoded; null where there is none or it cannot be read."""
    value = message.get(field)
    if value is None:
        return None
    try:
        return str(email.header.make_header(email.header.decode_header(str(value))))
    except (ValueError, LookupError, UnicodeError):
        return str(value)


def bytes_of(part: Mail) -> bytes:
    """The decoded bytes of a part; what is no base 64 although it says so comes as it stands."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _file_name(part: Mail) -> str | None:
    """The name that a part gives its file, without folders, or null."""
    try:
        given = part.get_filename()
        shown = given and str(email.header.make_header(email.header.decode_header(given)))
    except (ValueError, LookupError, UnicodeError, TypeError):
        return None
    plain = re.split(r"[\\/]", shown or "")[-1]
    return " ".join(plain.split()) or None


def is_text(part: Mail) -> bool:
    """Whether a part is read as (a piece of) the body: inline text without a file name."""
    if part.get_content_type() not in ("text/plain", "text/html"):
        return False
    return part.get_content_disposition() != "attachment" and (
        part.get_content_disposition() == "inline" or _file_name(part) is None
    )


def attachments(data: bytes, name: str) -> Iterator[Attachment]:
    """The files attached to a mail, in order; raises SourceError as ``parse`` does.

    Pictures that stand in the body are no files of their own, and what signs or encrypts a mail is none either.
    """
    yield from attached(parse(data, name), name)


def attached(message: Mail, name: str) -> Iterator[Attachment]:
    """What ``attachments`` gives of a message that is parsed."""
    try:
        for number, part in enumerate(_files(message, within=""), start=1):
            yield _attachment(part, number)
    except RecursionError as error:
        raise too_deep(name) from error


def _files(part: Mail, within: str) -> Iterator[Mail]:
    if part.get_content_type() == "message/rfc822" and within:
        yield part
    elif part.is_multipart():
        for child in part.get_payload():
            if isinstance(child, Message):
                yield from _files(child, within=part.get_content_type())
    elif within and not is_text(part) and not _belongs_to_the_body(part, within):
        yield part


def _belongs_to_the_body(part: Mail, within: str) -> bool:
    if part.get_content_type() in ("application/pgp-signature", "application/pkcs7-signature", "application/pgp-keys"):
        return True
    if within in ("multipart/report", "multipart/alternative") and _file_name(part) is None:
        return True
    is_picture = part.get_content_maintype() == "image"
    return is_picture and (within == "multipart/related" or part.get_content_disposition() != "attachment")


def _attachment(part: Mail, number: int) -> Attachment:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        mail = inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], Message) else part
        title = re.sub(r"[\\/\s]+", " ", header(mail, "Subject") or "").strip() or f"part {number}"
        return Attachment(f"{title[:80]}.eml", mail.as_bytes(policy=email.policy.compat32))
    return Attachment(_file_name(part) or f"part {number}{_ending(part)}", bytes_of(part))


def _ending(part: Mail) -> str:
    endings = {"application/pdf": ".pdf", "text/calendar": ".ics", "text/csv": ".csv", "application/zip": ".zip"}
    return endings.get(part.get_content_type(), "")


_PAGES = ("text/html", "application/xhtml+xml")
_HINT = say("open_the_page_again_and_save")


def read_mhtml(data: bytes, name: str) -> Extract:
    """The blocks of a page in MHTML and its address; raises SourceError where it holds no page."""
    message = parse(data, name)
    try:
        pages = [part for part in message.walk() if part.get_content_type() in _PAGES]
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
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise SourceError(name, say("is_a_damaged_web_archive"), _HINT) from error
    if not isinstance(content, bytes) or kind not in (*_PAGES, "text/plain"):
        raise SourceError(name, say("holds_no_page"), _HINT)
    charset, address = main.get("WebResourceTextEncodingName"), main.get("WebResourceURL")
    if kind == "text/plain":
        return replace(read_plain_text(content, name), media_type=WEBARCHIVE)
    return _page(content, charset if isinstance(charset, str) else None, address, WEBARCHIVE, name)


def _page(content: bytes, charset: str | None, address: object, media_type: str, name: str) -> Extract:
    """The page as from a file of its own; the address under which it was saved is that of the page."""
    if not content.strip():
        raise SourceError(name, say("holds_no_page"), _HINT)
    extract = read_web_page(decode(content, name, charset).encode("utf-8", "replace"), name)
    url = address if isinstance(address, str) and address.startswith(("http://", "https://")) else None
    known = extract.metadata.or_else(SourceMetadata.of("saved from", url=url))
    return replace(extract, metadata=known, media_type=media_type)


_WORD = re.compile(r"https?://\S+|\w+")
_LETTER = re.compile(r"[^\W\d_]")


def read_letter(data: bytes, name: str) -> Extract:
    """The blocks of a mail's body and what its header says; raises SourceError where it has no body to read."""
    return letter_of(parse(data, name), name)


def letter_of(message: Mail, name: str) -> Extract:
    """What ``read_letter`` gives of a message that is parsed."""
    try:
        blocks = tuple(_body(message, "1", name))
    except RecursionError as error:
        raise too_deep(name) from error
    if not blocks:
        raise SourceError(name, say("is_an_email_without_text"), say("its_attachments_are_read"))
    subject = header(message, "Subject")
    return Extract(
        (*_subject_block(subject, blocks), *blocks),
        _letter_metadata(subject, header(message, "From"), header(message, "Date")),
        EML,
    )


def _subject_block(subject: str | None, blocks: tuple[RawBlock, ...]) -> Iterator[RawBlock]:
    """The subject as the heading of a mail, unless its text opens with the same words."""
    text = one_line(subject or "")
    if _LETTER.search(text) and text.casefold() not in {one_line(block.text).casefold() for block in blocks[:3]}:
        yield RawBlock(text, BlockKind.HEADING, 1, Place(part="header"))


def _letter_metadata(subject: str | None, sender: str | None, date: str | None) -> SourceMetadata:
    """Subject, the name of who sent it (an address alone is nobody's name), and the day it was sent."""
    try:
        sent = email.utils.parsedate_to_datetime(date or "").date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        sent = None
    person = email.utils.parseaddr(" ".join((sender or "")[:500].split()))[0]
    authors = (person,) if person and "@" not in person else ()
    return SourceMetadata.of("mail header", title=subject, authors=authors, published=sent)


def _body_blocks(text: str, media_type: str, part: str, name: str) -> tuple[RawBlock, ...]:
    """The blocks of one part of a mail, text or HTML, each with the number of the part."""
    if media_type == "text/html":
        tree = parse_page(without_declaration(normal_text(text)), name)
        body = tree.find("body")
        return tuple(tree_blocks(body if body is not None else tree, part=part))
    return tuple(replace(block, place=replace(block.place, part=part)) for block in text_blocks(text))


def best(alternatives: list[tuple[RawBlock, ...]]) -> tuple[RawBlock, ...]:
    """The last of some alternatives, unless an earlier one says more than twice as much."""
    chosen: tuple[RawBlock, ...] = ()
    for blocks in reversed(alternatives):
        if _words(blocks) > 2 * _words(chosen):
            chosen = blocks
    return chosen


def _body(part: Mail, number: str, name: str) -> Iterator[RawBlock]:
    kind = part.get_content_type()
    if kind == "message/rfc822" and number != "1":
        return
    if not part.is_multipart():
        if is_text(part):
            yield from _read(part, number, name)
        return
    children = [child for child in part.get_payload() if isinstance(child, Message)]
    bodies = [tuple(_body(child, f"{number}.{place}", name)) for place, child in enumerate(children, start=1)]
    if kind == "multipart/alternative":
        yield from best(bodies)
    else:
        for body in bodies:
            yield from body


def _read(part: Mail, number: str, name: str) -> tuple[RawBlock, ...]:
    data = bytes_of(part)
    if not data.strip():
        return ()
    text = decode(data, name, part.get_content_charset())
    try:
        return _body_blocks(text, part.get_content_type(), number, name)
    except SourceError:
        return ()  # one alternative that is no HTML after all; where it is the only one, the mail holds no text


def _words(blocks: tuple[RawBlock, ...]) -> int:
    """The words outside addresses of what the markup does not call furniture."""
    words = (word for block in blocks if not block.furniture for word in _WORD.findall(block.text))
    return sum(not word.startswith("http") for word in words)
