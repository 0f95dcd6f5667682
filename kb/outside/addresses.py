"""Which addresses may be reached from here: public ones, found by resolving the name and never by its spelling; and a
connection that ends in time.

Owns the reading of a URL and the verdict on an IP address. Refuses to connect: it names the address
that must be connected to, so that a name that resolves otherwise a moment later changes nothing.
"""

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, urldefrag, urlsplit

from kb.records.errors import SourceError
from kb.records.messages import say

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_PORTS = {"http": 80, "https": 443}
# Below this stand mail, remote shells and the like: what is asked there is said to them in this machine's name.
_OPEN_PORTS = 1024
_MAX_URL_CHARS = 4000
# What may stand in a path or query as it is; all else is percent-encoded.
_IN_URL = "/%:@!$&'()*+,;=~-._?"
_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")
# Prefixes under which an IPv4 address hides in an IPv6 one, with the bits that follow it.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_EMBEDDED = (
    (_NAT64, 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
)

# Protocol assignments (RFC 6890): Python counts most of them as global, and metadata services have stood there.
_ASSIGNED = ipaddress.IPv4Network("192.0.0.0/24")
_UNICAST = ipaddress.IPv6Network("2000::/3")


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A URL taken apart; nobody was asked where its host is."""

    url: str
    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Target(_Spelled):
    """A URL taken apart, with the one address that may be connected to for it."""

    address: Address

    @property
    def host_header(self) -> str:
        """What a request says in ``Host``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port in (80, 443) else f"{host}:{self.port}"

    def secured(self, raw: socket.socket) -> socket.socket:
        """A socket to the address, or that under TLS for the name that was asked for, whichever address it has."""
        if self.scheme == "http":
            return raw
        return ssl.create_default_context().wrap_socket(raw, server_hostname=self.host)


def is_web_address(name: str) -> bool:
    """Whether a word on the command line is the address of a page and not a path."""
    return re.match(r"[a-z][a-z0-9+.-]{1,20}://", name, re.I) is not None


def is_loopback_host(host: str) -> bool:
    """Whether a host, by its name or its address, is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet: global, not multicast, and nothing private inside it."""
    inner = _embedded(address)
    if inner is not None and not is_public(inner):
        return False
    if isinstance(address, ipaddress.IPv6Address) and not (address in _UNICAST or address in _NAT64):
        return False
    return address.is_global and not address.is_multicast and address not in _ASSIGNED


def _embedded(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 one stands for (mapped, NAT64, 6to4), or null."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    for network, bits_after in _EMBEDDED:
        if address in network:
            return ipaddress.IPv4Address((int(address) >> bits_after) & 0xFFFFFFFF)
    return None


def resolve(url: str, allowed: Callable[[Address], bool] = is_public, *, any_port: bool = False) -> Target:
    """The target of a URL; SourceError for another scheme, a URL that is none, any address not ``allowed``, or a port
    that is neither 80, 443 nor from 1024 on.

    Every address of the name must be allowed: a name with one private address is a trap or a mistake.
    """
    said = _spelled(url)
    address = _allowed_address(url, said.host, said.port, allowed)
    if not any_port:
        _check_port(said)
    return Target(said.url, said.scheme, said.host, said.port, said.path, address)


def check_spelling(url: str, allowed: Callable[[Address], bool] = is_public) -> None:
    """Nothing; SourceError for what ``resolve`` refuses and can be told without a name server: all but a name that
    leads to an address that is not ``allowed``, or nowhere."""
    said = _spelled(url)
    host = said.host.rstrip(".").lower()
    try:
        numeric = socket.getaddrinfo(host, said.port, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        numeric = []
    if numeric or host == "localhost" or host.endswith(".localhost"):
        _allowed_address(url, host if numeric else "127.0.0.1", said.port, allowed)
    _check_port(said)


def _check_port(said: _Spelled) -> None:
    if said.port < _OPEN_PORTS and said.port not in _PORTS.values():
        raise SourceError(said.url, say("the_port_is_not", port=said.port), say("use_a_web_port"))


def _spelled(url: str) -> _Spelled:
    if len(url) > _MAX_URL_CHARS or _CONTROL.search(url.partition("#")[0]):
        raise SourceError(url[:200], say("is_not_the_address"), say("check_its_spelling"))
    try:
        address_of_page = urldefrag(url).url
        parts = urlsplit(address_of_page)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError as error:
        raise SourceError(url, say("is_not_an_address_because", error=error), say("check_its_spelling")) from error
    if parts.scheme not in _PORTS:
        raise SourceError(url, say("the_scheme_is_not_read", scheme=parts.scheme), say("use_http_or_https"))
    if not host or "@" in parts.netloc or port == 0:
        raise SourceError(url, say("names_no_plain_host"), say("use_https_host_path_without_user"))
    port = port or _PORTS[parts.scheme]
    query = f"?{quote(parts.query, safe=_IN_URL)}" if parts.query else ""
    path = quote(parts.path or "/", safe=_IN_URL) + query
    return _Spelled(address_of_page, parts.scheme, host, port, path)


def _allowed_address(url: str, host: str, port: int, allowed: Callable[[Address], bool]) -> Address:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise SourceError(
            url, say("its_host_is_not_found", host=host), say("check_its_spelling_and_the_network")
        ) from error
    # A scope ("fe80::1%eth0") is local by its nature: without it the address says so itself.
    addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    refused = [address for address in addresses if not allowed(address)]
    if refused or not addresses:
        reason = (
            say("its_host_is_at_no_open_address", host=host, address=refused[0])
            if refused
            else say("its_host_is_not_on_the_open_internet", host=host)
        )
        raise SourceError(url, reason, say("save_the_page_and_ingest"))
    return addresses[0]


@contextlib.contextmanager
def connected(target: Target, seconds: float, to_connect: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to the one address of a target; TimeoutError where it is not done with after ``seconds``, or not
    made after ``to_connect``. What the network and the other side do else is raised as it comes."""
    expired = threading.Event()
    raw = socket.create_connection((str(target.address), target.port), timeout=min(to_connect, seconds))

    def cut() -> None:
        expired.set()
        with contextlib.suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)

    alarm = threading.Timer(seconds, cut)
    alarm.daemon = True
    alarm.start()
    connection = http.client.HTTPConnection(target.host, target.port)
    try:
        raw.settimeout(seconds)
        connection.sock = target.secured(raw)
        yield connection
        if expired.is_set():
            raise TimeoutError
    except (http.client.HTTPException, OSError, ValueError) as error:
        if expired.is_set() or isinstance(error, TimeoutError):
            raise TimeoutError(f"no whole answer within {seconds:.0f} s") from error
        raise
    finally:
        alarm.cancel()
        connection.close()
        raw.close()
