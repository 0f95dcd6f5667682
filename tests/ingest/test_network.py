"""What a fetch may reach and how long it may take: no spelling, redirect or name leads to a private address."""

from __future__ import annotations

import ipaddress
import re
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ingest.sources.pages import Fetcher, find_pages
from ingest.sources.sources import SourceFailure, SourceFile
from kb.outside.addresses import Address, is_public, resolve
from kb.records.errors import SourceError

# Linux routes all of 127/8: the page server stands on one loopback address, the canary on another.
SERVER, CANARY = "127.0.0.2", "127.0.0.1"
PAGE = b"<html><head><title>T</title></head><body><p>Una pagina servida para la prueba.</p></body></html>"

# Names that resolve to what must not be reached, as DNS would answer.
NAMES = {
    "localtest.example": CANARY,
    "127.0.0.1.nip.example": CANARY,
    "metadata.example": "169.254.169.254",
    "intranet.example": "10.1.2.3",
    "six.example": "::1",
    "mapped.example": "::ffff:127.0.0.1",
    "unique.example": "fd00::1",
    "link.example": "fe80::1",
    "shared.example": "100.64.0.1",
    "test.example": "198.18.0.1",
    "nat.example": "64:ff9b::7f00:1",
    "sixtofour.example": "2002:7f00:1::1",
    "multicast.example": "224.0.0.1",
    "broadcast.example": "255.255.255.255",
    "nothing.example": "0.0.0.0",  # noqa: S104
}
_HOSTS = """
127.0.0.1 127.1 127.0.1 127.255.255.254 2130706433 0x7f000001 0x7f.0.0.1 0x7f.1 0177.0.0.1 0177.1
017700000001 127.0.0.01 0 0.0.0.0 0x0 00000177.0.0.1 127.00.00.01 0x7F.0x0.0x0.0x1 127.0.0.1. LOCALHOST
localhost localhost. [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:0:0:1] [::127.0.0.1]
[64:ff9b::127.0.0.1] [2002:7f00:1::] [fe80::1] [fd00::1] [fec0::1] [ff02::1] [2001::1]
10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 192.0.0.1 192.0.0.8 192.0.0.192 198.18.0.1
240.0.0.1 224.0.0.1 255.255.255.255 ①②⑦.⓪.⓪.① １２７.0.0.1 127。0。0。1 ｌocalhost
"""
HOSTS = (*_HOSTS.split(), *NAMES)
SCHEMES = ("file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:70/_x", "dict://127.0.0.1:11211/stat", "jar:x")
TRICKS = (
    "http://user:pass@{canary}/",
    "http://public.example@{canary}/",
    "http://{canary}\\@public.example/",
    "http://{canary} .public.example/",
    "http://{canary}\r\nHost:x/",
    "http:///{canary}/",
    "http://[::1/",
    "http://:80/",
)


def answers(host: str, address: str) -> list[Any]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return [(family, socket.SOCK_STREAM, 6, "", (address, 0))]


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names answered here, so that no test asks a name server; numbers are read by the system itself."""
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *rest: Any, **named: Any) -> Any:
        if named.get("flags") == socket.AI_NUMERICHOST:  # asks no name server
            return real(host, port, *rest, **named)
        if host in NAMES:
            return answers(host, NAMES[host])
        if str(host).endswith(".example"):
            raise socket.gaierror("not found")
        return real(host, port, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


class Canary(socketserver.ThreadingTCPServer):
    """Counts connections."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        self.hits = 0
        super().__init__((CANARY, 0), socketserver.BaseRequestHandler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.hits += 1
        self.shutdown_request(request)


@contextmanager
def running(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield int(server.socket.getsockname()[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


Reply = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def site(replies: dict[str, Reply]) -> Iterator[str]:
    """A server with a reply for each path; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                replies[self.path](self)
            except (BrokenPipeError, ConnectionResetError, KeyError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((SERVER, 0), Handler)
    server.daemon_threads = True
    with running(server) as port:
        yield f"http://{SERVER}:{port}"


def page(data: bytes, media_type: str = "text/html", **headers: str) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", media_type)
        handler.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return reply


def redirect(place: str) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", place.encode().decode("latin-1"))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return reply


def only_the_server(address: Address) -> bool:
    return address == ipaddress.ip_address(SERVER) or is_public(address)


FETCHER = Fetcher(only_the_server, seconds=5, max_bytes=100_000)


def reason_of(url: str, fetcher: Fetcher = FETCHER) -> str:
    with pytest.raises(SourceError) as caught:
        fetcher.fetch(url)
    assert caught.value.hint
    return caught.value.reason


def test_no_spelling_redirect_or_name_reaches_a_private_address(
    record_property: Callable[[str, object], None],
) -> None:
    """Sixty-odd hosts by both schemes, straight, behind a redirect and behind two: no connection to the canary."""
    canary = Canary()
    tried = 0
    with running(canary) as port:
        hosts = [f"{scheme}://{host}:{port}/x" for host in HOSTS for scheme in ("http", "https")]
        tricks = [trick.format(canary=f"{CANARY}:{port}") for trick in TRICKS]
        urls = [*hosts, *tricks, *SCHEMES]
        replies: dict[str, Reply] = {f"/{number}": redirect(url) for number, url in enumerate(urls) if "\r" not in url}
        replies |= {f"/again{number}": redirect(f"/{number}") for number in range(len(urls))}
        with site(replies) as address:
            ways = [f"{address}/{kind}{path}" for kind in ("", "again") for path in range(len(urls))]
            for url in [*urls, *ways]:
                with pytest.raises(SourceError):
                    FETCHER.fetch(url)
                tried += 1

    record_property("tried", tried)
    assert (len(HOSTS) >= 60, tried >= 300) == (True, True)
    assert canary.hits == 0


def test_a_name_that_resolves_otherwise_a_moment_later_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that was judged is the one connected to."""
    canary = Canary()
    real, asked = socket.getaddrinfo, iter((SERVER, CANARY, CANARY))

    def rebinding(host: Any, port: Any, *rest: Any, **named: Any) -> Any:
        return answers(host, next(asked)) if host == "rebind.example" else real(host, port, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with running(canary), site({"/": page(PAGE)}) as address:
        fetched = FETCHER.fetch(f"http://rebind.example:{address.rpartition(':')[2]}/")

    assert (fetched.data, canary.hits) == (PAGE, 0)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers with both is refused."""
    both = [*answers("x", "93.184.216.34"), *answers("x", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *rest, **named: both)

    with pytest.raises(SourceError, match="not on the open internet"):
        resolve("http://both.example/")


def test_a_page_is_at_a_port_of_the_web() -> None:
    """Straight or behind a redirect, mail and remote shells are not spoken to."""
    with site({"/": redirect("http://93.184.216.34:25/")}) as address:
        reasons = [reason_of("http://93.184.216.34:22/"), reason_of(f"{address}/")]

    assert reasons == ["the port 22 is not one of the web", "the port 25 is not one of the web"]


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "8.8.8.8"])
def test_public_addresses_are_public(address: str) -> None:
    """What stands on the open internet may be reached, through NAT64 too."""
    assert is_public(ipaddress.ip_address(address))


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(200):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"<p>half")


def junk(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\0\0not http at all\r\n\r\n")


BAD_ANSWERS: list[tuple[Reply, str]] = [
    (endless, "is larger than"),
    (drip, "no whole answer within 1 s"),
    (cut_off, "cut off|IncompleteRead"),
    (junk, "could not be fetched"),
    (redirect("/"), "redirects more than 5 times"),
    (page(b"x" * 200_000), "is larger than"),
    (page(PAGE, Content_Encoding="gzip"), "was sent packed"),
    (lambda handler: handler.send_error(503), "answered 503"),
]


@pytest.mark.parametrize(("reply", "reason"), BAD_ANSWERS)
def test_a_bad_answer_ends_soon_with_its_reason(reply: Reply, reason: str) -> None:
    """Slow, endless, cut off, circular, packed or broken: bounded in time and memory."""
    with site({"/": reply}) as address:
        start = time.monotonic()

        found = reason_of(f"{address}/", Fetcher(only_the_server, seconds=1, max_bytes=100_000))

    assert re.search(reason, found)
    assert time.monotonic() - start < 4


def found(urls: list[str]) -> list[SourceFile | SourceFailure]:
    return list(find_pages(urls, FETCHER))


def test_a_page_is_a_source_named_by_its_address_and_knows_where_it_came_from() -> None:
    """After a redirect too; what the server calls a page is read as one."""
    bare = b"<p>Un fragmento sin cabecera.</p>"
    with site(
        {"/a": redirect("/b"), "/b": page(PAGE), "/c": page(bare), "/d.md?x=1": page(b"# T", "text/plain")}
    ) as base:
        first, second, third = found([f"{base}/a#part", f"{base}/c", f"{base}/d.md?x=1"])

    assert isinstance(first, SourceFile)
    assert (first.source_id, first.data, first.metadata.url) == (f"{base}/a#part", PAGE, f"{base}/b")
    assert [source.media_type for source in (first, second, third) if isinstance(source, SourceFile)] == [
        "text/html",
        "text/html",
        "text/markdown",
    ]


SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
RSS = (
    '<rss version="2.0"><channel><link>{base}</link><item><link>{base}/a</link></item>'
    "<item><link>/b</link></item></channel></rss>"
)
ATOM = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><link href="/"/><entry><link href="/a"/>'
    '<link rel="edit" href="/edit"/></entry><entry><link rel="alternate" href="/b"/></entry></feed>'
)
INDEX = (
    "<sitemapindex><sitemap><loc>{base}/map</loc></sitemap><sitemap><loc>{base}/index</loc></sitemap></sitemapindex>"
)


@pytest.mark.parametrize("path", ["map", "rss", "atom", "index"])
def test_a_listing_stands_for_its_pages(path: str) -> None:
    """Sitemap, sitemap index (one that names itself), RSS and Atom: each page once, in order."""
    replies: dict[str, Reply] = {"/a": page(PAGE), "/b": page(PAGE)}
    with site(replies) as base:
        entries = f"<url><loc>{base}/a</loc></url><url><loc> {base}/b </loc></url><url><loc>{base}/a</loc></url>"
        replies["/map"] = page(SITEMAP.format(entries).encode(), "application/xml")
        replies["/rss"] = page(RSS.format(base=base).encode(), "application/rss+xml")
        replies["/atom"] = page(ATOM.encode(), "application/atom+xml")
        replies["/index"] = page(INDEX.format(base=base).encode(), "application/xml")
        names = [source.source_id for source in found([f"{base}/{path}"])]

    assert names == [f"{base}/a", f"{base}/b"]


def test_a_listing_cannot_send_the_reader_elsewhere_or_on_forever() -> None:
    """Entries are judged like any address; what is beyond the limit is said to be left out."""
    canary = Canary()
    entries = "".join(f"<url><loc>file:///{number}</loc></url>" for number in range(1_001))
    with running(canary) as port, site({}) as empty, site({"/": page(SITEMAP.format(entries).encode())}) as full:
        inside = SITEMAP.format(f"<url><loc>http://{CANARY}:{port}/</loc></url>").encode()
        with site({"/": page(inside)}) as base:
            (refused,) = found([f"{base}/"])
        last = found([f"{full}/"])[-1]
        (missing,) = found([f"{empty}/"])

    assert isinstance(refused, SourceFailure)
    assert (refused.stage, refused.reason) == ("fetch", "its host 127.0.0.1 is not on the open internet (127.0.0.1)")
    assert isinstance(last, SourceFailure)
    assert last.reason == "names more than 1,000 pages: 1 were left out"
    assert isinstance(missing, SourceFailure)
    assert canary.hits == 0
