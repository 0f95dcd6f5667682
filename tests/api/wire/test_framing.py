"""Requests that two readers could read as two things are refused, and their connection is closed."""

from __future__ import annotations

import json
import random

import pytest

from api.http.auth import Access
from api.wire.grammar import ChunkedLines, FramingError, check_head, resource_of
from tests.api.wire.conftest import Serving, statuses, talk

BODY = b'{"question": "effort and churn"}'
HOST = b"Host: 127.0.0.1\r\n"
NEXT = b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
POST = b"POST /v1/answers HTTP/1.1\r\nContent-Type: application/json\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
LENGTH = f"Content-Length: {len(BODY)}\r\n".encode()
SIZE = f"{len(BODY):x}".encode()

AMBIGUOUS = {
    "a length and chunks": POST
    + LENGTH
    + b"Transfer-Encoding: chunked\r\n\r\n"
    + SIZE
    + b"\r\n"
    + BODY
    + b"\r\n0\r\n\r\n",
    "chunks and a length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 0\r\n" + LENGTH + b"\r\n" + BODY,
    "the same length twice": POST + LENGTH + LENGTH + b"\r\n" + BODY,
    "a list of lengths": POST + b"Content-Length: 32, 32\r\n\r\n" + BODY,
    "a signed length": POST + b"Content-Length: +32\r\n\r\n" + BODY,
    "another coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "two codings": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0") + b"0\r\n\r\n",
    "a folded field": POST + b"X-A: 1\r\n Content-Length: 5\r\n\r\n",
    "a folded first field": b"GET /healthz HTTP/1.1\r\n X: 1\r\n" + HOST + b"\r\n",
    "a blank before the colon": POST + b"Content-Length : 32\r\n\r\n" + BODY,
    "a tab before the colon": POST + b"Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
    "a name with a blank": POST + b"X Y: 1\r\n\r\n",
    "no colon": POST + b"X-A\r\n\r\n",
    "a bare LF": b"GET /healthz HTTP/1.1\n" + HOST + b"\r\n",
    "a bare LF in a field": POST + b"X-A: 1\nContent-Length: 32\r\n\r\n" + BODY,
    "a bare LF at the end": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\n",
    "a bare CR": POST + b"X-A: 1\rContent-Length: 32\r\n\r\n",
    "a NUL": POST + b"X-A: 1\x002\r\n\r\n",
    "two hosts": b"GET /healthz HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two blanks in the request line": b"GET  /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "a target without a slash": b"GET healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "a target with a fragment": b"GET /healthz#a HTTP/1.1\r\n" + HOST + b"\r\n",
    "a user in the target": b"GET http://a@127.0.0.1/healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "no host in the target": b"GET http:///healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "another scheme": b"GET ftp://127.0.0.1/healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "a host with a path": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1/a\r\n\r\n",
    "a chunk size that is none": CHUNKED + b"xyz\r\n",
    "a signed chunk size": CHUNKED + b"-1\r\n",
    "a chunk size with a prefix": CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n",
    "a chunk size past 64 bits": CHUNKED + b"1" + b"0" * 16 + b"\r\n",
    "a blank after a chunk size": CHUNKED + SIZE + b" \r\n" + BODY + b"\r\n0\r\n\r\n",
    "a chunk size that ends with LF": CHUNKED + SIZE + b"\n" + BODY + b"\r\n0\r\n\r\n",
    "a bare CR in an extension": CHUNKED + SIZE + b";a\rb\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a chunk longer than it says": CHUNKED + b"4\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a last chunk that ends with LF": CHUNKED + SIZE + b"\r\n" + BODY + b"\r\n0\r\n\n",
    "a trailer with LF": CHUNKED + SIZE + b"\r\n" + BODY + b"\r\n0\r\nX-A: 1\n\r\n",
    "a folded trailer": CHUNKED + SIZE + b"\r\n" + BODY + b"\r\n0\r\nX-A: 1\r\n b\r\n\r\n",
}


def test_what_has_two_readings_is_refused(serving: Serving) -> None:
    """400 once, the connection closed, and what follows on it never answered."""
    with serving() as port:
        answers = {name: talk(port, sent + NEXT) for name, sent in AMBIGUOUS.items()}

    assert {name: statuses(said) for name, said in answers.items()} == {name: [400] for name in AMBIGUOUS}
    assert {name for name, said in answers.items() if b"connection: close" not in said.lower()} == set()
    problem = json.loads(answers["a length and chunks"].partition(b"\r\n\r\n")[2])
    assert (problem["code"], problem["detail"]) == (
        "http_error",
        "The request is no HTTP: it has both Content-Length and Transfer-Encoding",
    )


def test_other_refusals_have_their_own_status(serving: Serving) -> None:
    """A version that is not spoken, a tunnel, and a head past its limit, in one piece or in many."""
    long = b"GET /healthz HTTP/1.1\r\n" + HOST + b"X-A: " + b"a" * 40_000 + b"\r\n\r\n"
    with serving() as port:
        found = [
            statuses(talk(port, b"GET /healthz HTTP/2.0\r\n" + HOST + b"\r\n")),
            statuses(talk(port, b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n")),
            statuses(talk(port, long)),
            statuses(talk(port, long[:20_000], long[20_000:])),
        ]

    assert found == [[505], [501], [431], [431]]


def test_what_is_plain_is_served(serving: Serving) -> None:
    """Lengths, chunks with extensions and trailers, several requests on one connection, in pieces of any size."""
    lengths = POST + LENGTH + b"\r\n" + BODY
    chunks = CHUNKED + b"0a;x=1\r\n" + BODY[:10] + b"\r\n16\r\n" + BODY[10:] + b"\r\n0\r\nX-End: 1\r\n\r\n"
    sent = lengths + chunks + lengths + chunks + NEXT
    cuts = random.Random(14)  # noqa: S311
    with serving() as port:
        whole = talk(port, sent)
        pieces, at = [], 0
        while at < len(sent):
            step = cuts.randint(1, 40)
            pieces.append(sent[at : at + step])
            at += step
        cut = talk(port, *pieces)

    assert statuses(whole) == [200] * 5
    assert statuses(cut) == [200] * 5


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        ("http://127.0.0.1:8000/v1/topics?x", "127.0.0.1:8000", 422),
        ("http://127.0.0.1/v1/topics", "127.0.0.1", 200),
        ("HTTP://localhost/v1/topics", "127.0.0.1", 200),
        ("https://[::1]:8443/v1/topics", "127.0.0.1", 200),
        ("http://127.0.0.1/v1/topics", "evil.example", 200),
        ("http://evil.example/v1/topics", "127.0.0.1", 421),
        ("http://127.0.0.1.evil.example/v1/topics", "127.0.0.1", 421),
        ("http://127.0.0.1/v1/nothing", "127.0.0.1", 404),
        ("/v1/topics", "127.0.0.1", 200),
        ("//evil.example/v1/topics", "127.0.0.1", 404),
    ],
)
def test_an_address_as_target_is_the_same_resource(serving: Serving, target: str, host: str, status: int) -> None:
    """The host of the target stands in for that of the field, and is judged as it is."""
    with serving(access=Access(hosts=frozenset({"127.0.0.1", "localhost", "[::1]"}))) as port:
        said = talk(port, f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())

    assert statuses(said) == [status]


@pytest.mark.parametrize(
    ("method", "target", "resource"),
    [
        (b"GET", b"/a?b", (b"/a?b", None)),
        (b"OPTIONS", b"*", (b"*", None)),
        (b"GET", b"http://a.example", (b"/", b"a.example")),
        (b"GET", b"http://a.example?q=1", (b"/?q=1", b"a.example")),
        (b"GET", b"http://a.example:80/b?c=http://d", (b"/b?c=http://d", b"a.example:80")),
    ],
)
def test_the_resource_of_a_target(method: bytes, target: bytes, resource: tuple[bytes, bytes | None]) -> None:
    """The path with its query, and the host where the target names one."""
    assert resource_of(method, target) == resource


def test_random_bytes_are_judged_without_an_error() -> None:
    """Heads and chunked bodies of 4,000 mutations: taken or refused, whatever they are."""
    chance = random.Random(9112)  # noqa: S311
    seeds = [POST + LENGTH + b"\r\n", CHUNKED, NEXT, b"5;a=b\r\nhello\r\n0\r\nX: 1\r\n\r\n"]
    taken, refused = 0, []
    for _ in range(4_000):
        mutant = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(0, 3)):
            mutant[chance.randrange(len(mutant))] = chance.choice(b"\r\n\t :;0a\x00\xff")
        for judge in (check_head, ChunkedLines().follow):
            try:
                judge(bytes(mutant))
                taken += 1
            except FramingError as error:
                refused.append(error.status)

    assert taken + len(refused) == 8_000
    assert min(taken, len(refused)) > 500
    assert set(refused) <= {400, 505}
