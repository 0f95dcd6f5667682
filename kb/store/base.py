"""The knowledge base on disk: ``Store`` opens a folder, adds and removes documents.

One SQLite file is the only truth; the original bytes lie beside it by hash. One document is one
transaction. Knows no FAISS and no HTTP; vectors and analysed words are handed in ready-made.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kb.document import document_id as content_document_id
from kb.errors import BaseError, ModelError
from kb.ports import ModelStamp, PassageVectors
from kb.store import rereading, rows, writing
from kb.store.connections import NOT_TOUCHED, Connections
from kb.store.entry import Entry, StoredFailure
from kb.store.jobs import Jobs
from kb.store.keys import Keys
from kb.store.originals import Originals
from kb.store.reading import StoreReader
from kb.store.saved_searches import SavedSearches
from kb.store.tagging import Tagging
from kb.store.webhooks import Webhooks

DATABASE = "kb.sqlite"


class Store(StoreReader):
    """An open base. Safe to share between threads; close it when done."""

    @classmethod
    def open(cls, folder: Path, *, create: bool = False, apart: bool = False) -> Store:
        """Open the base in ``folder``, or make it when ``create``; BaseError when missing or unreadable.

        One that cannot be written is read (``read_only``); every change is then a ReadOnlyError. With ``apart`` the
        database is a copy that is gone when the store is closed: what is tried on it changes nothing.
        """
        if not (folder / DATABASE).exists():
            if not create:
                raise BaseError(f"base {folder}", "there is no base here", f"Make one: kb ingest PATH --base {folder}")
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise BaseError(
                    f"base {folder}", f"cannot be made ({error.strerror})", "Choose another --base"
                ) from error
        elif (folder / DATABASE).stat().st_size == 0 and any((folder / "originals").glob("*")):
            # SQLite takes an empty file for a new base; one whose originals are there was cut off by something else.
            raise BaseError(f"base {folder}", f"its file {DATABASE} is empty, though it has originals", NOT_TOUCHED)
        return cls(folder, Connections(folder / DATABASE, apart=apart), Originals(folder / "originals"))

    @property
    def read_only(self) -> bool:
        """Whether the base can be read and not be changed."""
        return self._connections.read_only

    @property
    def keys(self) -> Keys:
        """Who may call the server."""
        return Keys(self._connections)

    @property
    def jobs(self) -> Jobs:
        """What was sent to the server to be ingested."""
        return Jobs(self._connections)

    @property
    def saved_searches(self) -> SavedSearches:
        """The searches that somebody comes back to."""
        return SavedSearches(self._connections)

    @property
    def webhooks(self) -> Webhooks:
        """Who is told of what happens, and what was sent to them."""
        return Webhooks(self._connections)

    @property
    def tagging(self) -> Tagging:
        """What gave the topics of the passages, and how they are given anew."""
        return Tagging(self._connections, self.folder)

    def close(self) -> None:
        """Close every connection."""
        self._connections.close()

    # -- writing ---------------------------------------------------------------------------

    def add(self, entry: Entry, original: bytes) -> None:
        """Add a document in one transaction; when this returns it is on disk, whole."""
        with self._connections.write() as connection:
            self._originals.keep(original)  # inside: nobody discards it between here and COMMIT
            known = writing.is_known(connection, entry.document)
            writing.add_entry(connection, entry)
            writing.bump_version(connection, only_added=not known)

    def add_alias(self, source_id: str, document_id: str) -> None:
        """Note that ``source_id`` has the very bytes of a document that is already here."""
        with self._connections.write() as connection:
            writing.add_alias(connection, source_id, document_id)
            writing.bump_version(connection)

    def remove(self, document_id: str) -> None:
        """Remove a document with its passages, statistics and original; NotFoundError if it is not here."""
        document = self.document(document_id)
        with self._connections.write() as connection:
            writing.free_duplicates(connection, document_id)
            writing.delete_document(connection, document_id)
            if document.id == content_document_id(document.sha256):
                rereading.forget_old_readings(connection, document.sha256)
            writing.bump_version(connection)
        with self._connections.write() as connection:  # another writer may have added the same bytes again
            if connection.execute("SELECT 1 FROM documents WHERE sha256 = ?", (document.sha256,)).fetchone() is None:
                self._originals.discard(document.sha256)

    def note_failure(self, failure: StoredFailure) -> None:
        """Remember a source that could not be ingested, until it can be."""
        with self._connections.write() as connection:
            writing.note_failure(connection, failure)

    def claim(self, stamp: ModelStamp) -> None:
        """Stamp the base with the model of its vectors; ModelError when it has another one."""
        with self._connections.write() as connection:
            found = self.stamp()
            if found is None:
                writing.write_meta(connection, "model", rows.STAMP.dump(stamp))
            elif found != stamp:
                raise ModelError(
                    f"model {stamp.name} ({stamp.revision[:12]})",
                    f"base {self.folder} was built with {found.name} ({found.revision[:12]}), and models never mix",
                    f"Set KB_MODEL back, or embed it anew: kb ingest PATH --base {self.folder} --re-embed",
                )

    def restamp(self, stamp: ModelStamp, vectors: Mapping[int, PassageVectors]) -> None:
        """Replace every vector and the stamp in one transaction; ``vectors`` maps all live keys."""
        with self._connections.write() as connection:
            missing = self.vector_keys().keys() - vectors.keys()
            if missing:
                raise ValueError(f"{len(missing)} passages have no new vector")
            connection.execute("DELETE FROM vectors")
            connection.executemany(
                "INSERT INTO vectors VALUES (?, ?, ?, ?)",
                (
                    (key, rows.passage_blob(made.passage), rows.sentences_blob(made.sentences), made.tokens)
                    for key, made in vectors.items()
                ),
            )
            writing.write_meta(connection, "model", rows.STAMP.dump(stamp))
            writing.bump_version(connection)
