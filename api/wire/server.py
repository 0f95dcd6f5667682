"""The server on its sockets: an application served within the files that this process may open."""

from __future__ import annotations

from types import FrameType

import uvicorn
from fastapi import FastAPI

from api.wire.crowd import Crowd, Room, raise_file_limit, room_in
from api.wire.protocol import WireProtocol

# Requests under way get this long when the server is told to stop; then the job in hand is put back.
_STOP_SECONDS = 10


class Server(uvicorn.Server):
    """A server that tells the event streams to end when it is told to stop."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal to stop came."""
        self.config.app.state.stopping.set()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)


def server_of(application: FastAPI, host: str, port: int, room: Room | None = None) -> Server:
    """The server of an application at this address, not yet started, with room for so many connections (null: as the
    files of this process allow, which may then be all it is granted)."""
    state = application.state
    crowd = Crowd(room or room_in(raise_file_limit()))
    return Server(
        uvicorn.Config(
            application,
            host=host,
            port=port,
            http=WireProtocol.bound(crowd, state.limits, state.proxies),
            ws="none",
            backlog=crowd.room.backlog,
            # Whom a proxy speaks for is the gate's to judge; left on, anybody on this machine is believed.
            proxy_headers=False,
            timeout_keep_alive=state.limits.keep_alive_seconds,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
    )
