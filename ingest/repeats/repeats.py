"""What a document repeats: one of the base, or one that was read in the same run and is not in the base yet.

Owns who is compared with whom and by what name it is told; how alike two documents are is
``ingest.repeats.duplicates``'s. Writes nothing.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.repeats.duplicates import ComingDocuments, fingerprint, match, sample
from ingest.sources.sources import SourceFile
from ingest.text.prepare import Prepared
from kb.records.document import document_id
from kb.store import Store, StoredFingerprint


class Repeats:
    """The documents that a new one may repeat: those of the base, looked up, and those of the run that wait."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._firsts = ComingDocuments()
        # The sources, by document id, of documents that were read in this run and are not in the base yet.
        self._coming: dict[str, str] = {}

    def forget_coming(self) -> None:
        """Begin a run: nothing waits to be written."""
        self._coming.clear()
        self._firsts = ComingDocuments()

    def expect(self, identity: str, source_id: str) -> None:
        """Note that a document of this source waits to be written."""
        self._coming[identity] = source_id

    def settle(self, identity: str) -> None:
        """Note that a document is written, or never will be."""
        self._coming.pop(identity, None)
        self._firsts.drop(identity)

    def is_coming(self, source: SourceFile) -> bool:
        """Whether a document with these bytes or of this name waits to be written."""
        return document_id(source.sha256) in self._coming or source.source_id in self._coming.values()

    def with_bytes(self, sha256: str) -> str | None:
        """The source of the document with these bytes, current or coming; null when there is none."""
        twin = self._store.current_with_bytes(sha256)
        return twin.source_id if twin is not None else self._coming.get(document_id(sha256))

    def name_of(self, identity: str) -> str | None:
        """The source of a document that is current or will be, else null."""
        if identity in self._coming:
            return self._coming[identity]
        return self._store.document(identity).source_id if self._store.is_current(identity) else None

    def marked(self, prepared: Prepared) -> tuple[Prepared, StoredFingerprint]:
        """The document marked with what it repeats, and its fingerprint."""
        mine = fingerprint(prepared.document)
        duplicate = match(mine, [*self._store.fingerprints_like(mine, sample(mine)), *self._firsts.like(mine)])
        name = None if duplicate is None else self.name_of(duplicate.of)
        if duplicate is None or name is None:
            self._firsts.add(mine)
            return prepared, mine
        if name == prepared.document.source_id:  # a new version of itself
            return prepared, mine
        return replace(prepared, document=replace(prepared.document, duplicate_of=duplicate.of)), mine
