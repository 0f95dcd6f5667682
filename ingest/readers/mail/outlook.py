"""Messages of Outlook (MSG) as the mails that they are: header, bodies and files, read on as any mail is.

Owns where a message keeps what (MS-OXMSG), and the limits of its compound file; the one module that imports olefile.
Refuses to know what a body is, or what is attached.
"""

import email.encoders
import email.parser
import email.utils
import io
import mimetypes
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import olefile  # type: ignore[import-untyped]

from ingest.readers.extract import Extract, one_line
from ingest.readers.mail.mime import MAX_DEPTH, Attachment, Mail, attached, letter_of, too_deep
from ingest.readers.office.rich_text import read_rich_text
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from kb.records.messages import say

_PACKED, _PLAIN = 0x75465A4C, 0x414C454D
_RING = 4096
# What every ring begins with (MS-OXRTFCP 2.1.3.1.1).
_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def decompressed(data: bytes) -> bytes:
    """The rich text of a stream; raises ValueError for one that is cut, or packed in another way.

    It is at most nine times as long as the stream: a byte of marks and sixteen of references make 8 x 17 bytes.
    """
    if len(data) < 16:
        raise ValueError("length")
    _, size, kind, _ = struct.unpack_from("<IIII", data)
    if kind == _PLAIN:
        return data[16 : 16 + size]
    if kind != _PACKED:
        raise ValueError("kind")
    ring, at = bytearray(_BEGINNING.ljust(_RING, b"\0")), len(_BEGINNING)
    made, place = bytearray(), 16
    while len(made) < size:
        marks = data[place]
        place += 1
        for bit in range(8):
            if not marks >> bit & 1:
                piece = data[place : place + 1]
                place += 1
                if not piece:
                    raise ValueError("end")
                made += piece
                ring[at] = piece[0]
                at = (at + 1) % _RING
                continue
            (reference,) = struct.unpack_from(">H", data, place)
            place += 2
            start = reference >> 4
            if start == at:
                return bytes(made)
            for step in range((reference & 15) + 2):
                letter = ring[(start + step) % _RING]
                made.append(letter)
                ring[at] = letter
                at = (at + 1) % _RING
    return bytes(made[:size])


_FAULTS = (
    OSError, struct.error, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, RecursionError,
)  # fmt: skip
_SUBJECT, _HEADERS, _SENDER, _SENDER_ADDRESS = 0x0037, 0x007D, 0x0C1A, 0x5D01
_BODY, _HTML, _RICH = 0x1000, 0x1013, 0x1009
_SENT, _DELIVERED, _CODE_PAGE, _BODY_CODE_PAGE = 0x0039, 0x0E06, 0x3FFD, 0x3FDE
_FILE, _FILE_NAMES, _FILE_TYPE, _CONTENT_ID = 0x3701, (0x3707, 0x3704, 0x3001), 0x370E, 0x3712
_UNICODE, _BYTE_TEXT, _BINARY, _OBJECT = 0x001F, 0x001E, 0x0102, 0x000D
_PROPERTIES = "__properties_version1.0"
_ATTACHED = "__attach_version1.0_"
# What stands in a stream of properties before them: at the top, in a mail inside another, in what is attached.
_TOP_HEAD, _INNER_HEAD, _ATTACHED_HEAD = 32, 24, 8
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_MAX_FILES = 300


def read_outlook(data: bytes, name: str) -> Extract:
    """The blocks of a message's body and what its header says; raises SourceError where it has no body to read."""
    extract = letter_of(_opened(data, name, with_files=False), name)
    return replace(extract, media_type=FileFormat.MSG.media_type)


def outlook_attachments(data: bytes, name: str) -> Iterator[Attachment]:
    """The files attached to a message, in order, a message among them as .eml; raises SourceError for a damaged one."""
    yield from attached(_opened(data, name, with_files=True), name)


def _opened(data: bytes, name: str, *, with_files: bool) -> Mail:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as compound:
            sizes = {tuple(path): compound.get_size(path) for path in compound.listdir()}
            # Streams that share their sectors would unpack to many times the file.
            if sum(sizes.values()) > len(data):
                raise ValueError("sizes")
            return _Storage(compound, frozenset(sizes), (), _TOP_HEAD, name).mail(with_files=with_files)
    except _FAULTS as error:
        raise SourceError(
            name, say("is_a_damaged_outlook_message", error=error), say("save_it_again_in_outlook")
        ) from error


@dataclass(frozen=True, slots=True)
class _Storage:
    """A folder of a compound file with its properties: a message, or what is attached to one."""

    compound: olefile.OleFileIO
    paths: frozenset[tuple[str, ...]]
    path: tuple[str, ...]
    head: int
    name: str

    def mail(self, *, with_files: bool, depth: int = 1) -> Mail:
        """The message as a mail; SourceError for one in one in one, and so on."""
        if depth > MAX_DEPTH:
            raise too_deep(self.name)
        made = MIMEMultipart("mixed")
        headers = email.parser.HeaderParser().parsestr(self.text(_HEADERS))
        sender = email.utils.formataddr((one_line(self.text(_SENDER)), one_line(self.text(_SENDER_ADDRESS))))
        for field, value in (
            ("Subject", self.text(_SUBJECT) or headers["Subject"]),
            ("From", headers["From"] or sender),
            ("Date", headers["Date"] or self._sent()),
        ):
            if value:
                made[field] = one_line(str(value))
        bodies = MIMEMultipart("alternative")
        for kind, text in (("plain", self.text(_BODY)), ("html", self._html())):
            if text.strip():
                bodies.attach(MIMEText(text.encode("utf-8", "replace").decode(), kind, "utf-8"))
        if not bodies.get_payload() and (rich := self._stream(_RICH, _BINARY)):
            bodies.attach(MIMEText(_plain(rich, self.name), "plain", "utf-8"))
        made.attach(bodies)
        for part in self._files(depth) if with_files else ():
            made.attach(part)
        return made

    def text(self, identity: int) -> str:
        """A property that is text; empty where there is none."""
        if wide := self._stream(identity, _UNICODE):
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self._stream(identity, _BYTE_TEXT)
        return _decoded(narrow, self._number(_CODE_PAGE) or self._number(_BODY_CODE_PAGE)).rstrip("\0")

    def _html(self) -> str:
        data = self._stream(_HTML, _BINARY)
        return _decoded(data, self._number(_BODY_CODE_PAGE)) if data else self.text(_HTML)

    def _sent(self) -> str:
        ticks = self._number(_SENT) or self._number(_DELIVERED)
        return email.utils.format_datetime(_EPOCH + timedelta(microseconds=ticks // 10)) if ticks else ""

    def _files(self, depth: int) -> Iterator[Message]:
        at = len(self.path)
        folders = sorted({path[at] for path in self.paths if path[:at] == self.path and path[at].startswith(_ATTACHED)})
        if len(folders) > _MAX_FILES:
            hint = say("save_the_parts_that_matter")
            raise SourceError(self.name, say("has_more_than_parts", most=_MAX_FILES), hint)
        for folder in folders:
            place = (*self.path, folder)
            inner = (*place, _stream_name(_FILE, _OBJECT))
            if any(path[: len(inner)] == inner for path in self.paths):
                mail = _Storage(self.compound, self.paths, inner, _INNER_HEAD, self.name)
                part = Message()
                part["Content-Type"] = "message/rfc822"
                part.set_payload([mail.mail(with_files=True, depth=depth + 1)])
                yield part
            else:
                yield _Storage(self.compound, self.paths, place, _ATTACHED_HEAD, self.name)._file()

    def _file(self) -> Message:
        title = next(filter(None, (one_line(self.text(identity)) for identity in _FILE_NAMES)), "")
        kind = self.text(_FILE_TYPE) or mimetypes.guess_type(title)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        part = MIMEBase(main or "application", sub or "octet-stream")
        part.set_payload(self._stream(_FILE, _BINARY))
        email.encoders.encode_base64(part)
        disposition = "inline" if self.text(_CONTENT_ID) and main == "image" else "attachment"
        part.add_header("Content-Disposition", disposition, filename=("utf-8", "", title) if title else "file")
        return part

    def _stream(self, identity: int, kind: int) -> bytes:
        path = (*self.path, _stream_name(identity, kind))
        return bytes(self.compound.openstream(list(path)).read()) if path in self.paths else b""

    def _number(self, identity: int) -> int:
        """A property that is a number or a time; 0 where there is none."""
        path = (*self.path, _PROPERTIES)
        entries = self.compound.openstream(list(path)).read()[self.head :] if path in self.paths else b""
        for start in range(0, len(entries) - 15, 16):
            if struct.unpack_from("<H", entries, start + 2)[0] == identity:
                return int(struct.unpack_from("<q", entries, start + 8)[0])
        return 0


def _plain(compressed: bytes, name: str) -> str:
    """The paragraphs of a body that is kept only as compressed rich text; nothing where it has none."""
    try:
        blocks = read_rich_text(decompressed(compressed), name).blocks
    except SourceError:
        return ""
    return "\n\n".join(block.text for block in blocks if block.furniture is None)


def _stream_name(identity: int, kind: int) -> str:
    return f"__substg1.0_{identity:04X}{kind:04X}"


def _decoded(data: bytes, code_page: int) -> str:
    name = {65001: "utf-8", 20127: "cp1252", 28591: "cp1252", 28605: "iso-8859-15"}.get(code_page, f"cp{code_page}")
    try:
        return data.decode(name if code_page else "cp1252", "replace")
    except LookupError:
        return data.decode("cp1252", "replace")
