"""What a document repeats: one of the base, or one that was read in the same run and is not in the base yet.

Owns who is compared with whom and by what name it is told; how alike two documents are is
``ingest.repeats.duplicates``'s. Writes nothing.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.repeats.duplicates import Fingerprint, FirstDocuments, fingerprint
from ingest.sources.sources import SourceFile
from ingest.text.prepare import Prepared
from kb.records.document import document_id
from kb.store import Store, StoredFingerprint


class Repeats:
    """The documents that a new one may repeat: those of the base, read once, and those of the run so far."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._originals: FirstDocuments | None = None
        # The sources, by document id, of documents that were read in this run and are not in the base yet.
        self._coming: dict[str, str] = {}

    def forget_coming(self) -> None:
        """Begin a run: nothing waits to be written."""
        self._coming.clear()

    def expect(self, identity: str, source_id: str) -> None:
        """Note that a document of this source waits to be written."""
        self._coming[identity] = source_id

    def settle(self, identity: str) -> None:
        """Note that a document is written, or never will be."""
        self._coming.pop(identity, None)

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
        originals = self._known()
        mine = fingerprint(prepared.document)
        stored = StoredFingerprint(mine.document_id, mine.sha256, mine.words_key, mine.runs, mine.numbers)
        duplicate = originals.match(mine)
        name = None if duplicate is None else self.name_of(duplicate.of)
        if duplicate is None or name is None:
            originals.add(mine)
            return prepared, stored
        if name == prepared.document.source_id:  # a new version of itself
            return prepared, stored
        return replace(prepared, document=replace(prepared.document, duplicate_of=duplicate.of)), stored

    def _known(self) -> FirstDocuments:
        if self._originals is None:
            self._originals = FirstDocuments()
            for known in self._store.fingerprints():
                self._originals.add(
                    Fingerprint(known.document_id, known.sha256, known.words_key, known.runs, known.numbers)
                )
        return self._originals
