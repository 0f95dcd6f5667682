"""The server of the command line on a free port of loopback, and raw sockets to talk to it."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

import pytest

from api.app import create_app
from api.http.auth import Access
from api.http.limits import RequestLimits
from api.http.proxies import Proxies
from api.jobs.runner import JobRunner
from api.wire.crowd import Room
from api.wire.protocol import server_of
from kb.store import Store
from tests.api.conftest import knowledge_base_of, pipeline_of

Serving = Callable[..., AbstractContextManager[int]]


@pytest.fixture
def serving(store: Store) -> Serving:
    """Serves the base within these limits, believing these proxies; gives the port."""

    @contextmanager
    def serve(
        limits: RequestLimits | None = None,
        proxies: Proxies | None = None,
        access: Access | None = None,
        room: Room | None = None,
    ) -> Iterator[int]:
        limits = limits or RequestLimits(rate_per_minute=0)
        intake = JobRunner(store, lambda: pipeline_of(store))
        application = create_app(knowledge_base_of(store), access=access, limits=limits, proxies=proxies, intake=intake)
        with closing(socket.create_server(("127.0.0.1", 0))) as listening:
            server = server_of(application, "127.0.0.1", 1, room)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            while not server.started:
                time.sleep(0.01)
            try:
                yield int(listening.getsockname()[1])
            finally:
                server.should_exit = True
                thread.join(15)
        assert not thread.is_alive()

    return serve


def dial(port: int) -> socket.socket:
    """A connection to the server."""
    return socket.create_connection(("127.0.0.1", port), timeout=15)


def heard(connection: socket.socket) -> bytes:
    """All that the server says until it closes."""
    said = b""
    try:
        while piece := connection.recv(65536):
            said += piece
    except ConnectionError:
        pass
    return said


def talk(port: int, *pieces: bytes) -> bytes:
    """All that the server says on one connection to these bytes, until it closes it."""
    with closing(dial(port)) as connection:
        for piece in pieces:
            connection.sendall(piece)
        return heard(connection)


def statuses(said: bytes) -> list[int]:
    """The status of each answer."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", said)]
