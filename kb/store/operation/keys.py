"""The keys of a base: who may call the server. Only SHA-256 hashes of secrets are written."""

from dataclasses import replace
from datetime import datetime

from kb.records.errors import InputError, NotFoundError
from kb.records.messages import say
from kb.records.operation import Key
from kb.store.disk.acknowledged import Change, Did
from kb.store.operation.replies import KeptRecords
from kb.store.tables import recorded


class Keys(KeptRecords[Key]):
    """Adds, finds and revokes keys; a change counts from the next request on."""

    table, order = "keys", "created, id"

    def add(self, key: Key, sha256: str) -> None:
        """Write a new key with the hash of its secret."""
        with self._connections.write() as connection:
            recorded.insert(connection, "keys", key, sha256=sha256)
            self._connections.note(Change(f"key {key.id}", Did.MADE))

    def find(self, sha256: str) -> Key | None:
        """The key whose secret has this hash, live or not; null when there is none."""
        return next(iter(self._found("WHERE sha256 = ?", sha256)), None)

    def _unknown(self, identity: str) -> NotFoundError:
        return NotFoundError(say("key", key=identity), say("is_not_in_this_base"), say("list_them_kb_key_list"))

    def revoke(self, key_id: str, now: datetime) -> Key:
        """End a key at once; revoking twice keeps the first time."""
        with self._connections.write() as connection:
            key = self.get(key_id)
            revoked = replace(key, revoked=key.revoked or now)
            recorded.update(connection, "keys", revoked)
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
            recorded.update(connection, "keys", ending)
            recorded.insert(connection, "keys", successor, sha256=sha256)
            self._connections.note(Change(f"key {key_id}", Did.CHANGED), Change(f"key {successor.id}", Did.MADE))
        return ending
