"""E-mails (EML) to blocks: the body once, from its best part, under its subject.

Owns which part of a mail is its body. Refuses to read attachments, which are documents of their own.
"""

import email.utils
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message

from ingest.readers.encodings import decode
from ingest.readers.extract import Extract, RawBlock, normal_text, one_line
from ingest.readers.html.tree import tree_blocks
from ingest.readers.html.web_page import parse_page, without_declaration
from ingest.readers.mail.mime import Mail, bytes_of, header, is_text, parse, too_deep
from ingest.readers.plain_text import text_blocks
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import EML
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.messages import say

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
