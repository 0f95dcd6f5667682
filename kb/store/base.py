"""The knowledge base on disk: ``Store`` opens a folder, adds and removes documents.

One SQLite file is the only truth; the original bytes lie beside it by hash. One document is one
transaction. Knows no FAISS and no HTTP; vectors and analysed words are handed in ready-made.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

from kb.records.document import Document
from kb.records.document import document_id as content_document_id
from kb.records.errors import BaseError, ChangedError, InputError, ModelError
from kb.records.messages import Message, say, together
from kb.records.ports import ModelStamp, PassageVectors
from kb.records.source import Claim, KnownPlace
from kb.records.statistic import Statistic
from kb.store import writing
from kb.store.disk import acknowledged, frozen, migrating
from kb.store.disk.acknowledged import ENDING, Change, Did
from kb.store.disk.connections import Connections
from kb.store.disk.engine import BasePlace, Engine, KeptOriginals, Uploads
from kb.store.disk.originals import INCOMING, Originals
from kb.store.entry import Entry, StoredFailure
from kb.store.operation.jobs import Jobs
from kb.store.operation.keys import Keys
from kb.store.operation.webhooks import SavedSearches, Webhooks
from kb.store.reading import StoreReader
from kb.store.sources import Sources
from kb.store.tables import labels, rows
from kb.store.tables.steps import FORMAT, Sql
from kb.store.tagging import Tagging

DATABASE = "kb.sqlite"


class Store(StoreReader):
    """An open base. Safe to share between threads; close it when done."""

    @classmethod
    def open(cls, folder: Path, *, create: bool = False, despite_loss: bool = False, apart: bool = False) -> Store:
        """Open the base in ``folder``, or make it when ``create``; BaseError when missing or unreadable, and where it
        lacks what was acknowledged, unless ``despite_loss`` (for the doctor, who says and mends that).

        One that cannot be written is read (``read_only``); every change is then a ReadOnlyError. With ``apart`` the
        database is a copy that is gone when the store is closed: what is tried on it changes nothing.
        """
        if not (folder / DATABASE).exists():
            if rest := rest_of_base(folder):
                raise _without_database(folder, say("its_file_is_missing_beside", database=DATABASE, rest=rest))
            if not create:
                raise BaseError(
                    say("base", folder=folder),
                    say("there_is_no_base_here"),
                    say("make_one_kb_ingest_path_base", folder=folder),
                )
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise BaseError(
                    say("base", folder=folder), say("cannot_be_made", error=error.strerror), say("choose_another_base")
                ) from error
        elif (folder / DATABASE).stat().st_size == 0 and (rest := rest_of_base(folder)):
            # SQLite takes an empty file for a new base; one whose originals are there was cut off by something else.
            raise _without_database(folder, say("its_file_is_empty_beside", database=DATABASE, rest=rest))
        connections = Connections(folder / DATABASE, despite_loss=despite_loss, apart=apart)
        return cls(folder, connections, Originals(folder / "originals"))

    @staticmethod
    def is_older(folder: Path) -> bool:
        """Whether there is a base of an older format in ``folder``, which opening it to write changes."""
        try:
            return (folder / DATABASE).exists() and 0 < migrating.format_of(folder / DATABASE) < FORMAT
        except sqlite3.Error:  # opening it says why it cannot be read
            return False

    @staticmethod
    def is_closed(folder: Path) -> bool:
        """Whether there is a base in ``folder`` that this process cannot write."""
        return (folder / DATABASE).exists() and not frozen.can_be_written(folder / DATABASE)

    def __init__(
        self, folder: Path, connections: Engine, originals: KeptOriginals, uploads: Uploads | None = None
    ) -> None:
        """``uploads`` are what was sent for jobs, null where that lies in the folder alone."""
        super().__init__(folder, connections, originals)
        self.uploads = uploads

    @property
    def name(self) -> str:
        """What the base is called to people."""
        return self._connections.named

    @property
    def option(self) -> str:
        """What names the base to a command, after it: nothing where a setting does, for no folder is that base."""
        return "" if self.shared else f" --base {self.folder}"

    @property
    def shared(self) -> bool:
        """Whether several programs, on however many machines, run jobs of the base at once."""
        return self.uploads is not None

    def place(self, name: str) -> BasePlace:
        """What one program does for this base at a time."""
        return self._connections.place(name)

    def listen(self, heard: Callable[[], None], until: Event) -> None:
        """Call ``heard`` whenever some program queues a job of a shared base, until the event."""
        self._connections.listen(heard, until)

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
    def sources(self) -> Sources:
        """Which source is which, and where each was brought from."""
        return Sources(self._connections)

    @property
    def tagging(self) -> Tagging:
        """What gave the topics of the passages, and how they are given anew."""
        return Tagging(self._connections, self.folder)

    def close(self) -> None:
        """Close every connection."""
        self._connections.close()

    def settle(self, but: Sequence[Change] = ()) -> None:
        """Take the base as it is now for all that was acknowledged, but for these documents, which stay lost; what was
        removed loses its name in the record."""
        self._connections.settle(but)

    # -- writing ---------------------------------------------------------------------------

    def add(self, entry: Entry, original: bytes, claim: Claim | None = None) -> None:
        """Add a document, and which source it is, in one transaction; when this returns it is on disk, whole."""
        with self._connections.write() as connection:
            if claim is not None:
                labels.write_claim(connection, claim)
            self._originals.keep(original)  # inside: nobody discards it between here and COMMIT
            known = writing.is_known(connection, entry.document)
            entry = self._as_corrected(entry)
            writing.add_entry(connection, entry)
            writing.bump_version(connection, only_added=not known)
            self._connections.note(acknowledged.added(entry.document, entry.reading, claim))

    def _as_corrected(self, entry: Entry) -> Entry:
        """The entry of bytes that are read again, with what was corrected in their record while they were read."""
        known = self.documents_with([entry.document.id]).get(entry.document.id)
        if known is None or known.revision <= entry.document.revision:
            return entry
        return replace(entry, document=entry.document.as_corrected_in(known))

    def correct(self, corrected: Document, statistics: Sequence[Statistic] | None, since: int) -> None:
        """Write the record of a document as corrected, and its statistics anew where they are given (null: they stay).

        Nothing but the record is taken from ``corrected``. ``since`` is the revision that was corrected: ChangedError
        where the record, or the reading that the statistics are of, is another by now. NotFoundError for no document.
        """
        with self._connections.write() as connection:
            found = self.document(corrected.id)
            if found.revision != since or found.text != corrected.text:
                raise ChangedError(
                    say("document", document=corrected.id),
                    say("its_record_was_corrected_meanwhile"),
                    say("look_at_it_and_correct_it_again"),
                )
            reading = writing.correct(connection, found, corrected, statistics)
            writing.bump_version(connection)
            claim = labels.claims_in(connection, found.source_id).get(found.source_id)
            self._connections.note(acknowledged.corrected(corrected, reading, claim))

    def add_alias(self, source_id: str, document_id: str, claim: Claim | None = None) -> None:
        """Note that ``source_id`` has the very bytes of a document that is already here."""
        with self._connections.write() as connection:
            if claim is not None:
                labels.write_claim(connection, claim)
            writing.add_alias(connection, source_id, document_id)
            writing.bump_version(connection)
            self._connections.note(acknowledged.named(source_id, document_id, claim))

    def put_back_original(self, data: bytes) -> None:
        """Write the bytes of a document whose original is missing or was changed; InputError when no document has
        them."""
        sha256 = hashlib.sha256(data).hexdigest()
        with self._connections.write():  # nobody removes the document meanwhile
            if not self.has_bytes(sha256):
                raise InputError(
                    say("original", sha256=sha256), say("belongs_to_no_document"), say("ingest_it_kb_ingest_path")
                )
            self._originals.keep(data)

    def remove(self, document_id: str) -> None:
        """Remove a document with its passages, statistics and original; NotFoundError if it is not here."""
        document = self.document(document_id)
        with self._connections.write() as connection:
            self._remove(connection, document)
            writing.bump_version(connection)

    def _remove(self, connection: Sql, document: Document) -> None:
        writing.free_duplicates(connection, document.id)
        writing.delete_document(connection, document.id)
        if document.id == content_document_id(document.sha256):
            writing.forget_old_readings(connection, document.sha256)
        if connection.execute("SELECT 1 FROM documents WHERE sha256 = ?", (document.sha256,)).fetchone() is None:
            self._connections.then(partial(self._originals.discard, document.sha256))
        self._connections.note(acknowledged.removed(document.id, document.source_id))

    def note_failure(self, failure: StoredFailure, claim: Claim | None = None) -> None:
        """Remember a source that could not be ingested, until it can be."""
        with self._connections.write() as connection:
            if claim is not None:
                labels.write_claim(connection, claim)
            writing.note_failure(connection, failure)

    def keep_claim(self, claim: Claim) -> None:
        """Write which source it is that was met with nothing new in it."""
        with self._connections.write() as connection:
            labels.write_claim(connection, claim)

    def forget_place(self, place: KnownPlace) -> bool:
        """Note that a source is no longer brought from a place; whether that was the last one it had.

        Then its document goes, unless another source has the very bytes: it becomes that source's.
        """
        with self._connections.write() as connection:
            if not labels.drop_place(connection, place):
                return False
            document_id = writing.drop_name(connection, place.source_id)
            document = None if document_id is None else self.document(document_id)
            if document is not None:
                self._remove(connection, document)
            writing.bump_version(connection)
        return True

    def claim(self, stamp: ModelStamp) -> None:
        """Stamp the base with the model of its vectors; ModelError when it has another one."""
        with self._connections.write() as connection:
            found = self.stamp()
            if found is None:
                writing.write_meta(connection, "model", rows.STAMP.dump(stamp))
            elif found != stamp:
                raise ModelError(
                    say("model_of_revision", stamp=stamp.name, revision=stamp.revision[:12]),
                    say(
                        "base_built_with_model_revision",
                        base=self.name if self.shared else say("base", folder=self.folder),
                        found=found.name,
                        revision=found.revision[:12],
                    ),
                    say("set_kb_model_back_or_embed", option=self.option),
                )

    def restamp(self, stamp: ModelStamp, vectors: Mapping[int, PassageVectors]) -> None:
        """Replace every vector and the stamp in one transaction; ``vectors`` maps all live keys."""
        with self._connections.write() as connection:
            missing = self.vector_keys().keys() - vectors.keys()
            if missing:
                raise ValueError(f"{len(missing)} passages have no new vector")
            connection.execute("DELETE FROM vectors")
            made = (rows.vector_row(key, one) for key, one in vectors.items())
            connection.executemany("INSERT INTO vectors VALUES (?, ?, ?, ?)", made)
            writing.write_meta(connection, "model", rows.STAMP.dump(stamp))
            writing.bump_version(connection)
            self._connections.note(Change(f"model {stamp.name}", Did.CHANGED))


def rest_of_base(folder: Path) -> Message | None:
    """What of a base lies in a folder beside its database, in words: "12 originals"; null where nothing does."""
    found = []
    if count := sum(path.is_file() for path in (folder / "originals").glob("*/*")):
        found.append(say("originals", count=count))
    if count := sum(path.is_dir() for path in (folder / INCOMING).glob("*")):
        found.append(say("uploads_of_jobs", count=count))
    if (folder / f"{DATABASE}{ENDING}").exists():
        found.append(say("the_record_of_what_was_acknowledged"))
    return together(*found, by="and_also")


def _without_database(folder: Path, reason: str) -> BaseError:
    return BaseError(
        say("base", folder=folder),
        reason,
        say("nothing_was_changed_restore_a_backup", folder=folder),
    )
