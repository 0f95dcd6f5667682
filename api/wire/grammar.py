"""What a request must look like byte for byte (RFC 9112), where two readers could otherwise see two requests.

The parser below (h11) mends line ends without a CR, folded lines and repeated lengths. A proxy in front may read the
same bytes otherwise, and then the rest of one caller's request is taken for the start of the next one's: so what has
two readings is refused. Knows bytes only, no sockets.
"""

import re
from typing import Any

import h11

_TOKEN = rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+"
_REQUEST = re.compile(_TOKEN + rb" [\x21-\x7e]+ HTTP/([0-9]\.[0-9])")
_FIELD = re.compile(rb"(" + _TOKEN + rb"):[ \t]*([\t\x20-\x7e\x80-\xff]*)")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})(?:;[\t\x20-\x7e\x80-\xff]*)?\r\n")
# As the parser finds the end of a head; what ends it otherwise than CRLF CRLF is refused below.
_HEAD_END = re.compile(rb"\n\r?\n")
_AUTHORITY = re.compile(rb"(?:[-A-Za-z0-9._~%!$&'()*+,;=]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")
_ABSOLUTE = re.compile(rb"https?://([^/?#]*)([^#]*)", re.IGNORECASE)
# Far more than any extension of a chunk or trailer field in use; a line is kept until it ends.
_LONGEST_LINE = 4096


class FramingError(Exception):
    """A request that is refused: ``reason`` in words, the ``status`` it is answered with."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


def head_in(received: bytes) -> bytes | None:
    """The head that these bytes begin with, its empty line included; null while it is not whole."""
    end = _HEAD_END.search(received)
    return received[: end.end()] if end else None


def check_head(head: bytes) -> None:
    """Nothing; raises FramingError for a head that another reader could read otherwise."""
    if not head.endswith(b"\r\n\r\n"):
        raise FramingError("a line of the head does not end with CRLF")
    first, *lines = head[:-4].split(b"\r\n")
    request = _REQUEST.fullmatch(first)
    if request is None:
        raise FramingError("the request line is malformed")
    if request[1] not in (b"1.0", b"1.1"):
        raise FramingError("the version is neither HTTP/1.0 nor HTTP/1.1", 505)
    _check_framing([_field(line) for line in lines], request[1])


def _field(line: bytes) -> tuple[bytes, bytes]:
    field = _FIELD.fullmatch(line)
    if field is not None:
        return field[1].lower(), field[2]
    if line[:1] in (b" ", b"\t"):
        raise FramingError("a header field is folded over two lines")
    raise FramingError("a header field is malformed")


def _check_framing(fields: list[tuple[bytes, bytes]], version: bytes) -> None:
    lengths = [value for name, value in fields if name == b"content-length"]
    codings = [value for name, value in fields if name == b"transfer-encoding"]
    if lengths and codings:
        raise FramingError("it has both Content-Length and Transfer-Encoding")
    if len(lengths) > 1 or b"," in b"".join(lengths):
        raise FramingError("it has more than one Content-Length")
    if codings and (len(codings) > 1 or codings[0].strip(b" \t").lower() != b"chunked"):
        raise FramingError("its Transfer-Encoding is not chunked")
    if codings and version == b"1.0":
        raise FramingError("HTTP/1.0 has no Transfer-Encoding")
    if any(not _AUTHORITY.fullmatch(value.strip(b" \t")) for name, value in fields if name == b"host"):
        raise FramingError("its Host is malformed")


def resource_of(method: bytes, target: bytes) -> tuple[bytes, bytes | None]:
    """The path with its query that a request target names, and the host that goes before the one of the Host field
    (null: the target names none); raises FramingError for what is no target of this method."""
    if b"#" in target:
        raise FramingError("the request target has a fragment")
    if target.startswith(b"/") or (method == b"OPTIONS" and target == b"*"):
        return target, None
    if method == b"CONNECT":
        raise FramingError("this server is no proxy", 501)
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is None or not absolute[1] or absolute[1].startswith(b":") or not _AUTHORITY.fullmatch(absolute[1]):
        raise FramingError("the request target is neither a path nor an address")
    path = absolute[2]
    return (path if path.startswith(b"/") else b"/" + path), absolute[1]


class ChunkedLines:
    """Follows the lines of one chunked body as its bytes arrive, and refuses those that have two readings."""

    def __init__(self) -> None:
        self.ended = False
        self._line = bytearray()
        self._data_left = 0
        self._in_trailer = False

    def follow(self, received: bytes) -> None:
        """Go on with these bytes, up to the end of the body; raises FramingError."""
        at = 0
        while at < len(received) and not self.ended:
            if self._data_left:
                step = min(self._data_left, len(received) - at)
                self._data_left -= step
            else:
                end = received.find(b"\n", at)
                step = (end + 1 if end >= 0 else len(received)) - at
                self._line += received[at : at + step]
                if len(self._line) > _LONGEST_LINE:
                    raise FramingError("a line of the chunked body is too long")
                if end >= 0:
                    self._end_line()
            at += step

    def _end_line(self) -> None:
        line = bytes(self._line)
        self._line.clear()
        if self._in_trailer:
            self.ended = line == b"\r\n"
            if not self.ended and not (line.endswith(b"\r\n") and _FIELD.fullmatch(line[:-2])):
                raise FramingError("the trailer of the chunked body is malformed")
            return
        chunk = _CHUNK.fullmatch(line)
        if chunk is None:
            raise FramingError("the size of a chunk is malformed")
        size = int(chunk[1], 16)
        self._in_trailer = size == 0
        # The parser checks that CRLF follows the data.
        self._data_left = size + 2 if size else 0


class StrictConnection(h11.Connection):
    """Reads the requests of one connection. ``fault`` says why the last one was refused (null: it was not), ``heads``
    how many heads were read, ``has_begun`` whether bytes of another one have come."""

    def __init__(self, longest_head: int) -> None:
        super().__init__(h11.SERVER, longest_head)
        self.fault: FramingError | None = None
        self.heads = 0
        self._longest_head = longest_head
        self._lines: ChunkedLines | None = None

    @property
    def is_between(self) -> bool:
        """Whether no request is under way: the next head has not come, or not whole."""
        return self.their_state is h11.IDLE

    @property
    def has_begun(self) -> bool:
        """Whether some of the next head has come."""
        return self.is_between and bool(self.trailing_data[0])

    def receive_data(self, data: bytes) -> None:
        """Take these bytes; a fault among them is raised by ``next_event``."""
        super().receive_data(data)
        self._follow(data)

    def next_event(self) -> Any:
        """The next event; raises RemoteProtocolError for what is refused."""
        try:
            if self.fault is None and self.is_between:
                self._check_head()
            if self.fault is not None:
                raise self.fault
            event = super().next_event()
            return self._taken(event) if isinstance(event, h11.Request) else event
        except FramingError as fault:
            self.fault = fault
            raise h11.RemoteProtocolError(fault.reason, fault.status) from None
        except h11.RemoteProtocolError as error:
            # The parser's own words repeat what was sent.
            self.fault = FramingError("it is no HTTP request", error.error_status_hint)
            raise

    def _check_head(self) -> None:
        head = head_in(self.trailing_data[0])
        if head is None:
            return
        if len(head) > self._longest_head:
            raise FramingError("its head is too long", 431)
        check_head(head)

    def _taken(self, request: h11.Request) -> h11.Request:
        self.heads += 1
        target, host = resource_of(request.method, request.target)
        names = {name for name, _ in request.headers}
        self._lines = ChunkedLines() if b"transfer-encoding" in names else None
        self._follow(self.trailing_data[0])
        if self.fault is not None:
            raise self.fault
        if host is None:
            return request
        headers = [(b"host", host), *(field for field in request.headers if field[0] != b"host")]
        return h11.Request(method=request.method, target=target, headers=headers, http_version=request.http_version)

    def _follow(self, data: bytes) -> None:
        if self._lines is None or self._lines.ended:
            return
        try:
            self._lines.follow(data)
        except FramingError as fault:
            self.fault = fault
