"""What was sent for jobs that wait, in the database: whichever machine runs a job has its files."""

from __future__ import annotations

from collections.abc import Mapping

from kb.store.postgresql.connections import PostgresConnections
from kb.store.tables.cells import Cell, blob, name

_PLACE, _DATA = Cell("uploads", "place", name), Cell("uploads", "data", blob)


class PostgresUploads:
    """The files of jobs by their places ("0000/report.pdf")."""

    def __init__(self, connections: PostgresConnections) -> None:
        self._connections = connections

    def places(self, job_id: str) -> list[str]:
        """The places of the files of a job, in order."""
        query = "SELECT place FROM uploads WHERE job = ? ORDER BY place"
        return [place for (place,) in self._connections.fetch(query, (job_id,), _PLACE)]

    def get(self, job_id: str, place: str) -> bytes:
        """The bytes of a file; KeyError when it went meanwhile."""
        query = "SELECT data FROM uploads WHERE job = ? AND place = ?"
        for (data,) in self._connections.fetch(query, (job_id, place), _DATA):
            return bytes(data)
        raise KeyError(place)

    def put(self, job_id: str, files: Mapping[str, bytes]) -> None:
        """Keep these files for a job, in place of those it had."""
        with self._connections.share() as connection:
            connection.execute("DELETE FROM uploads WHERE job = ?", (job_id,))
            connection.executemany(
                "INSERT INTO uploads VALUES (?, ?, ?)", [(job_id, place, data) for place, data in files.items()]
            )

    def drop(self, job_id: str) -> None:
        """Forget the files of a job."""
        with self._connections.share() as connection:
            connection.execute("DELETE FROM uploads WHERE job = ?", (job_id,))
