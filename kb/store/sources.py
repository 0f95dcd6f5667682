"""Finds which source is which in a base. Changes nothing: what a run brings is written with its document."""

from kb.records.source import Claim, KnownPlace, KnownSource
from kb.store.disk.engine import Engine
from kb.store.tables import columns
from kb.store.tables.cells import COUNTED

_SOURCE = tuple(columns.SOURCES[name] for name in ("identity", "source_id", "owner"))
_PLACE = tuple(columns.PLACES[name] for name in ("place", "file", "source_id"))


class Sources:
    """The sources of an open base and their places."""

    def __init__(self, connections: Engine) -> None:
        self._connections = connections

    def known_as(self, identity: str) -> KnownSource | None:
        """The source with this identity, or null."""
        return self._one("identity = ?", identity)

    def named(self, source_id: str) -> KnownSource | None:
        """The source that stands under this name, or null: a name of an earlier version has none."""
        return self._one("source_id = ?", source_id)

    def like(self, folded: str) -> list[KnownSource]:
        """The sources whose identity is this one but for the differences that a file system may lose."""
        query = "SELECT identity, source_id, owner FROM sources WHERE folded = ? ORDER BY identity"
        return [KnownSource(*row) for row in self._connections.fetch(query, (folded,), *_SOURCE)]

    def has_name(self, source_id: str) -> bool:
        """Whether a document of any version, or another name of one, stands under this name."""
        query = "SELECT 1 FROM documents WHERE source_id = ?1 UNION ALL SELECT 1 FROM aliases WHERE source_id = ?1"
        return bool(self._connections.fetch(f"{query} LIMIT 1", (source_id,), COUNTED))

    def is_written(self, claim: Claim) -> bool:
        """Whether the base knows this source, its owner and this place of it already."""
        if claim.former is not None or self.known_as(claim.source.identity) != claim.source:
            return False
        query = "SELECT file, source_id FROM places WHERE place = ?"
        return self._connections.fetch(query, (claim.place,), *_PLACE[1:]) == [(claim.file, claim.source.source_id)]

    def places_of(self, source_id: str) -> list[KnownPlace]:
        """Every place that a source was brought from."""
        query = "SELECT place, file, source_id FROM places WHERE source_id = ? ORDER BY place"
        return [KnownPlace(*row) for row in self._connections.fetch(query, (source_id,), *_PLACE)]

    def places_below(self, folder: str) -> list[KnownPlace]:
        """The places in files below a folder (its absolute path), in order."""
        # "0" follows "/": everything that begins with the folder and a slash.
        start = folder.rstrip("/")
        query = "SELECT place, file, source_id FROM places WHERE file > ? AND file < ? ORDER BY place"
        return [KnownPlace(*row) for row in self._connections.fetch(query, (f"{start}/", f"{start}0"), *_PLACE)]

    def of_unknown_place(self, root: str) -> list[tuple[str, str]]:
        """Name and document id of what an earlier version brought under names that begin with this folder's."""
        query = (
            "SELECT source_id, id FROM documents WHERE current = 1 AND source_id > ? AND source_id < ? "
            "AND source_id NOT IN (SELECT source_id FROM sources) ORDER BY source_id"
        )
        named = columns.DOCUMENTS["source_id"], columns.DOCUMENTS["id"]
        return [(name, one) for name, one in self._connections.fetch(query, (f"{root}/", f"{root}0"), *named)]

    def _one(self, condition: str, value: str) -> KnownSource | None:
        query = f"SELECT identity, source_id, owner FROM sources WHERE {condition}"  # noqa: S608
        rows = self._connections.fetch(query, (value,), *_SOURCE)
        return KnownSource(*rows[0]) if rows else None
