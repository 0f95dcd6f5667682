"""Whom a request comes from when proxies stand between: only those that were named are believed.

``X-Forwarded-For`` and ``X-Forwarded-Proto`` are read. ``Forwarded`` and ``X-Real-IP`` never are: a proxy that speaks
the one hands on the other as a caller sent it, so whoever reads both can be told anything.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.records.messages import say

if TYPE_CHECKING:
    from starlette.types import Scope

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# An address as a proxy writes it: bare, with a port, or in brackets.
_HOP = re.compile(r"\[([0-9A-Fa-f:.]{2,45})\](?::\d{1,5})?|([0-9.]{7,15})(?::\d{1,5})?|([0-9A-Fa-f:.]{2,45})")


def network(given: str) -> Network:
    """The network of an address ("127.0.0.1") or of a network ("10.0.0.0/8"); ValueError with the reason."""
    try:
        found = ipaddress.ip_network(given)
    except ValueError:
        raise ValueError(say("is_no_address_and_no_network")) from None
    if found.prefixlen == 0:
        raise ValueError(say("is_everybody"))
    return found


@dataclass(frozen=True, slots=True)
class Proxies:
    """The networks whose word is taken; none by default."""

    networks: tuple[Network, ...] = ()

    @classmethod
    def named(cls, given: Iterable[str]) -> Proxies:
        """Those of these addresses and networks; ValueError for what is neither."""
        return cls(tuple(network(one) for one in given))

    def trust(self, address: str) -> bool:
        """Whether the word of this address is taken."""
        found = _address(address)
        return found is not None and self._trusts(found)

    def behind(self, scope: Scope) -> Scope:
        """The request with the client it comes from, and the scheme that client used, in place of the proxy's.

        From right to left, as each proxy adds whom it heard: the first that was not named is the client. What is no
        address ends the search, and the last one believed stands for it.
        """
        peer = scope.get("client")
        if not self.networks or not peer or not self.trust(peer[0]):
            return scope
        hops = ",".join(_said(scope, b"x-forwarded-for")).split(",")
        found: str = peer[0]
        for hop in reversed(hops):
            address = _hop(hop)
            if address is None:
                break
            found = str(address)
            if not self._trusts(address):
                break
        schemes = _said(scope, b"x-forwarded-proto")
        scheme = schemes[0] if schemes in (["http"], ["https"]) else scope["scheme"]
        return {**scope, "client": (found, 0), "scheme": scheme}

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def _said(scope: Scope, header: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == header]


def _hop(written: str) -> Address | None:
    match = _HOP.fullmatch(written.strip(" \t"))
    return _address(next(filter(None, match.groups()))) if match else None


def _address(written: str) -> Address | None:
    """The address, of IPv4 also where it is written as one of IPv6."""
    try:
        found = ipaddress.ip_address(written)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found
