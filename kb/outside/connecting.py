"""A connection that ends in time: whatever the other side does, it is cut when its seconds are over."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator

from kb.outside.addresses import Target


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
