"""The keys of a base: who may call the server. Only SHA-256 hashes of secrets are written."""

from dataclasses import replace
from datetime import datetime
from typing import cast

from kb.records.errors import InputError, NotFoundError
from kb.records.messages import say
from kb.records.operation import Key
from kb.store.disk.acknowledged import Change, Did
from kb.store.disk.engine import Engine
from kb.store.tables import columns

_KEY, _RECORD = columns.KEY, columns.KEYS["record"]


class Keys:
    """Adds, finds and revokes keys; a change counts from the next request on."""

    def __init__(self, connections: Engine) -> None:
        self._connections = connections

    def add(self, key: Key, sha256: str) -> None:
        """Write a new key with the hash of its secret."""
        with self._connections.write() as connection:
            connection.execute("INSERT INTO keys VALUES (?, ?, ?, ?)", (key.id, sha256, _when(key), _KEY.dump(key)))
            self._connections.note(Change(f"key {key.id}", Did.MADE))

    def find(self, sha256: str) -> Key | None:
        """The key whose secret has this hash, live or not; null when there is none."""
        rows = self._connections.fetch("SELECT record FROM keys WHERE sha256 = ?", (sha256,), _RECORD)
        return rows[0][0] if rows else None

    def all(self) -> list[Key]:
        """Every key, oldest first."""
        rows = self._connections.fetch("SELECT record FROM keys ORDER BY created, id", (), _RECORD)
        return [key for (key,) in rows]

    def get(self, key_id: str) -> Key:
        """The key with this id; NotFoundError otherwise."""
        rows = self._connections.fetch("SELECT record FROM keys WHERE id = ?", (key_id,), _RECORD)
        if not rows:
            raise NotFoundError(say("key", key=key_id), say("is_not_in_this_base"), say("list_them_kb_key_list"))
        return cast(Key, rows[0][0])

    def revoke(self, key_id: str, now: datetime) -> Key:
        """End a key at once; revoking twice keeps the first time."""
        with self._connections.write() as connection:
            key = self.get(key_id)
            revoked = replace(key, revoked=key.revoked or now)
            connection.execute("UPDATE keys SET record = ? WHERE id = ?", (_KEY.dump(revoked), key_id))
            self._connections.note(Change(f"key {key_id}", Did.REMOVED))
        return revoked

    def rotate(self, key_id: str, successor: Key, sha256: str, old_ends: datetime) -> Key:
        """Add ``successor`` and let the old key live until ``old_ends``, in one transaction; the old key as it is now.

        Raises InputError when the old key is no longer live: nothing would be handed over.
        """
        with self._connections.write() as connection:
            old = self.get(key_id)
            if not old.is_live(successor.created):
                raise InputError(say("key", key=key_id), say("is_no_longer_live"), say("make_a_new_one_kb_key"))
            ends = old_ends if old.expires is None else min(old.expires, old_ends)
            ending = replace(old, expires=ends)
            connection.execute("UPDATE keys SET record = ? WHERE id = ?", (_KEY.dump(ending), key_id))
            connection.execute(
                "INSERT INTO keys VALUES (?, ?, ?, ?)", (successor.id, sha256, _when(successor), _KEY.dump(successor))
            )
            self._connections.note(Change(f"key {key_id}", Did.CHANGED), Change(f"key {successor.id}", Did.MADE))
        return ending


def _when(key: Key) -> str:
    return key.created.isoformat(timespec="microseconds")
