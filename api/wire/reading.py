"""The parser of a connection, made strict: what it would mend is refused, and an address as target becomes its path."""

from __future__ import annotations

from typing import Any

import h11

from api.wire.grammar import ChunkedLines, FramingError, check_head, head_in, resource_of


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
