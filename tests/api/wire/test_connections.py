"""Connections that are held and not used: they give way, they are cut, and the server goes on."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from api.http.limits import RequestLimits
from api.http.proxies import Proxies
from api.wire.crowd import Crowd, Room, client_of, room_in
from kb.records.operation import Scope
from kb.store import Store
from tests.api.conftest import bearer
from tests.api.wire.conftest import Serving, dial, heard, statuses, talk

ROOT = Path(__file__).parents[3]
HOST = b"Host: 127.0.0.1\r\n"
ASK = b"GET /v1/topics HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
KEEP = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"
# The usual number of files, which the process cannot raise, and the way from the command to the socket.
SERVER = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[3]), int(sys.argv[4])))
from api.app import create_app
from api.cli.commands.serving import _run
from kb.store import Store
from tests.api.conftest import knowledge_base_of
store = Store.open(Path(sys.argv[1]))
_run(create_app(knowledge_base_of(store)), "127.0.0.1", int(sys.argv[2]))
"""


@contextmanager
def server_with(files: tuple[int, int], folder: Path) -> Iterator[tuple[int, int]]:
    """The port and the process of a server that may open so many files, and raise that to so many."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", SERVER, str(folder), str(port), *map(str, files)]
    server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and server.poll() is None:
            try:
                dial(port).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port, server.pid
    finally:
        server.kill()
        server.wait()


def files_of(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


@pytest.fixture
def many_files() -> Iterator[None]:
    """This process may open the sockets of the test."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
@pytest.mark.parametrize("sent", [b"", b"GET /v1/topics HTTP/1.1\r\nX-A: "], ids=["silent", "half a head"])
def test_idle_connections_do_not_stop_the_server(store: Store, sent: bytes) -> None:
    """1,200 of them at 1,024 files: whoever asks is answered at once, while they stand and while more come."""
    answers, slowest, most = [], 0.0, 0
    with server_with((1024, 1024), store.folder) as (port, process), ExitStack() as held:
        for number in range(1_200):
            idle = held.enter_context(closing(dial(port)))
            idle.sendall(sent)
            if number % 100 == 99:
                started = time.monotonic()
                answers += statuses(talk(port, ASK))
                slowest = max(slowest, time.monotonic() - started)
                most = max(most, files_of(process))

    assert answers == [200] * 12
    assert slowest < 5
    assert most < 1024 * 3 // 4


def test_the_process_opens_as_many_files_as_it_may(store: Store) -> None:
    """The soft limit is raised to the hard one before anything is served."""
    with server_with((256, 2048), store.folder) as (port, process):
        assert statuses(talk(port, ASK)) == [200]
        assert resource.prlimit(process, resource.RLIMIT_NOFILE) == (2048, 2048)
        os.kill(process, signal.SIGTERM)


def cut(port: int, *pieces: bytes, pause: float = 0.0) -> tuple[list[int], float]:
    """What is answered, and the seconds until the connection is closed."""
    started = time.monotonic()
    with closing(dial(port)) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)
        except OSError:
            pass
        return statuses(heard(connection)), time.monotonic() - started


def test_a_head_that_does_not_end_is_cut(serving: Serving) -> None:
    """Nothing, half of it, a byte now and then, also after an answer; who began is told."""
    drops = [KEEP[:20], *[b"a"] * 30]
    with serving(RequestLimits(head_seconds=0.6, keep_alive_seconds=3)) as port:
        found = [cut(port), cut(port, KEEP[:20]), cut(port, *drops, pause=0.05), cut(port, KEEP + KEEP[:20])]
        answered = statuses(talk(port, ASK))

    assert [codes for codes, _ in found] == [[], [408], [408], [200, 408]]
    assert [0.5 < seconds < 5 for _, seconds in found] == [True] * 4
    assert answered == [200]


def test_a_connection_is_not_kept_for_ever(serving: Serving) -> None:
    """After an answer it waits a while for the next request, and so it does for a body that nobody reads."""
    unread = b"POST /v1/nothing HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\n"
    ended = b"POST /v1/nothing HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\n\r\n"
    with serving(RequestLimits(keep_alive_seconds=1)) as port:
        found = [
            cut(port, KEEP),
            cut(port, unread, *[b"a"] * 30, pause=0.1),
            cut(port, ended, b"hello", pause=0.2),
        ]

    assert [codes for codes, _ in found] == [[200], [404], [404]]
    assert [0.8 < seconds < 5 for _, seconds in found] == [True] * 3


def test_a_slow_but_steady_upload_goes_in(serving: Serving, store: Store) -> None:
    """At the least rate that is promised; beneath it the body is cut."""
    key = bearer(store, Scope.INGEST)["Authorization"]
    body = json.dumps({"documents": [{"id": "slow", "text": "Churn. " * 4_000}]}).encode()
    head = f"Authorization: {key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    start = b"POST /v1/documents HTTP/1.1\r\n" + HOST + head.encode() + b"Connection: close\r\n\r\n"
    pieces = [body[at : at + 3_000] for at in range(0, len(body), 3_000)]
    limits = RequestLimits(patience_seconds=0.5, slow_bytes_per_second=20_000, head_seconds=0.4, keep_alive_seconds=1)
    with serving(limits) as port:
        steady = cut(port, start, *pieces, pause=0.08)
        dripping = cut(port, start, *[b" "] * 15, pause=0.1)

    assert steady[0] == [202]
    assert steady[1] > 0.6
    assert dripping[0] == [408]
    assert dripping[1] < 4


def ask_on(connection: socket.socket, times: int) -> None:
    for _ in range(times):
        connection.sendall(b"GET /openapi.json HTTP/1.1\r\n" + HOST + b"\r\n")


def test_an_answer_that_nobody_reads_is_cut(serving: Serving) -> None:
    """The connection ends although its caller keeps it; one that reads slowly gets all."""
    with serving(RequestLimits(stall_seconds=0.8, rate_per_minute=0)) as port:
        with closing(dial(port)) as deaf, pytest.raises(ConnectionError):
            ask_on(deaf, 100_000)
        with closing(socket.socket()) as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.connect(("127.0.0.1", port))
            ask_on(slow, 30)
            slow.sendall(ASK)
            said, started = b"", time.monotonic()
            while piece := slow.recv(65_536):
                said += piece
                time.sleep(0.02 if time.monotonic() - started < 2 else 0)

    assert statuses(said) == [200] * 31


class Fake:
    """A connection that is waiting since a time, or at work (null)."""

    def __init__(self, name: str, since: float | None) -> None:
        self.name = name
        self.since = since or 0.0
        self.is_waiting = since is not None
        self.gone = False

    def give_way(self) -> None:
        self.gone = True


def test_who_gives_way() -> None:
    """The one that waited longest of the client that has too many, else of all; those at work never."""
    crowd = Crowd(Room(total=5, each=3, refused=1, backlog=1))
    a = [Fake("a", since) for since in (3.0, 1.0, None)]
    b = [Fake("b", since) for since in (0.5, None)]
    entered = [crowd.enter(one, one.name) for one in (*a, *b)]
    more_of_a = crowd.enter(Fake("a", 9.0), "a")
    of_c = crowd.enter(Fake("c", None), "c")

    assert entered == [True] * 5
    assert more_of_a
    assert [one.gone for one in (*a, *b)] == [False, True, False, True, False]
    assert of_c
    assert crowd.enter(Fake("proxy", None), None)
    assert a[0].gone


def test_where_all_are_at_work_others_are_turned_away() -> None:
    """Told so while there is room to tell; who leaves makes room."""
    crowd = Crowd(Room(total=2, each=2, refused=1, backlog=1))
    inside = [Fake("a", None), Fake("b", None)]
    late = [Fake("c", 1.0), Fake("d", 1.0)]

    assert [crowd.enter(one, one.name) for one in (*inside, *late)] == [True, True, False, False]
    assert [crowd.may_tell(one) for one in late] == [True, False]
    crowd.leave(late[0])
    crowd.leave(inside[0])
    assert crowd.enter(late[1], "d")


def test_a_full_server_says_so(serving: Serving) -> None:
    """503 with Retry-After to whoever comes while every place is at work; a named proxy may hold all of them."""
    room = Room(total=8, each=2, refused=4, backlog=4)
    start = b"POST /v1/answers HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 9\r\n"
    for proxies, most in ((None, 2), (Proxies.named(["127.0.0.1"]), 8)):
        with serving(RequestLimits(rate_per_minute=0), proxies, room=room) as port, ExitStack() as held:
            for _ in range(most):
                busy = held.enter_context(closing(dial(port)))
                busy.sendall(start + HOST + b"Expect: 100-continue\r\n\r\n")
                assert statuses(busy.recv(100)) == [100]
            said = talk(port, ASK)

        assert statuses(said) == [503]
        assert b"\r\nRetry-After: 1\r\n" in said
        assert json.loads(said.partition(b"\r\n\r\n")[2])["code"] == "too_many_connections"


def test_the_room_in_so_many_files() -> None:
    """At most three quarters are sockets; one client has a quarter of the places; a network of IPv6 is one client."""
    for files in (64, 256, 1024, 4096, 1 << 20):
        room = room_in(files)
        assert room.total + room.refused + 3 * room.backlog <= files * 3 / 4
    assert room_in(1024) == Room(512, 128, 64, 64)
    assert room_in(1 << 20) == Room(512, 128, 64, 64)
    assert client_of("192.0.2.7") == "192.0.2.7"
    assert client_of("2001:db8:1:2:3::4") == client_of("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert client_of("unknown") == "unknown"
