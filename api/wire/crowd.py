"""How many connections are held at once, in total and of one client, and which of them gives way. Knows no HTTP."""

import ipaddress
import logging
import resource
import time
from dataclasses import dataclass
from typing import Protocol

# More than a base on one machine has readers at once, and few enough that no file gets a number from 1,024 on, which
# select() cannot wait for.
MOST = 512
_log = logging.getLogger("kb.api")
_SAY_EVERY = 60.0


@dataclass(frozen=True, slots=True)
class Room:
    """Connections held in ``total`` and of ``each`` client; ``refused`` ones that are still told so; ``backlog`` that
    may be taken at one go. Sockets are open files, and the base, its index and uploads need theirs."""

    total: int
    each: int
    refused: int
    backlog: int


def room_in(files: int) -> Room:
    """The room where so many files may be open: three quarters of them at the very most are sockets.

    The event loop takes up to a backlog of connections in each of three turns before the first of them can be refused.
    """
    total = max(1, min(MOST, files // 2))
    few = max(1, min(64, files // 16))
    return Room(total, max(1, total // 4), few, few)


def raise_file_limit() -> int:
    """Raise how many files this process may open to as many as it may ask for; how many that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):  # some systems name a limit that they do not grant
        return soft
    return hard if hard != resource.RLIM_INFINITY else 1 << 20


def client_of(address: str) -> str:
    """Whom an address counts for: one of IPv6 for its network of 2**64, all of which one client has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if found.version == 4 else str(ipaddress.ip_network((address.partition("%")[0], 64), strict=False))


class Held(Protocol):
    """A connection that is held."""

    since: float

    @property
    def is_waiting(self) -> bool:
        """Whether no request is under way on it, since ``since``."""
        ...

    def give_way(self) -> None:
        """End it, for another one."""
        ...


class Crowd:
    """The connections of one server."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self._inside: dict[Held, str | None] = {}
        self._refused: set[Held] = set()
        self._gave_way = 0
        self._turned_away = 0
        self._said: float | None = None

    def enter(self, one: Held, client: str | None) -> bool:
        """Hold this one; false where there is no room. ``client`` null counts in total only, as a proxy does.

        Where it is full the one that has waited longest for a request gives way, of the same client first: a request
        is seldom late, and whoever holds connections without one loses them.
        """
        own = [held for held, name in self._inside.items() if name == client] if client is not None else []
        rivals = (
            own if len(own) >= self.room.each else list(self._inside) if len(self._inside) >= self.room.total else []
        )
        if rivals:
            waiting = [held for held in rivals if held.is_waiting]
            if not waiting:
                self._turned_away += 1
                self._say()
                return False
            oldest = min(waiting, key=lambda held: held.since)
            self._gave_way += 1
            self._say()
            del self._inside[oldest]
            oldest.give_way()
        self._inside[one] = client
        return True

    def may_tell(self, one: Held) -> bool:
        """Whether one that is refused may stay until it has been told why."""
        if len(self._refused) >= self.room.refused:
            return False
        self._inside.pop(one, None)
        self._refused.add(one)
        return True

    def leave(self, one: Held) -> None:
        """It is closed."""
        self._inside.pop(one, None)
        self._refused.discard(one)

    def _say(self) -> None:
        """To the log, once a minute at most."""
        now = time.monotonic()
        if self._said is not None and now - self._said < _SAY_EVERY:
            return
        self._said = now
        fields = {"held": len(self._inside), "gave_way": self._gave_way, "turned_away": self._turned_away}
        _log.warning("connections are full", extra={"fields": fields})
