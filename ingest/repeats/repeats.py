"""What a document repeats: one of the base, or one that was read in the same run and is not in the base yet.

Owns who is compared with whom and by what name it is told; how alike two documents are is
``ingest.repeats.duplicates``'s. Writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ingest.repeats.duplicates import ComingDocuments, fingerprint, match, sample
from ingest.sources.sources import SourceFile
from ingest.text.prepare import Prepared
from kb.records.document import document_id
from kb.records.language import Language
from kb.records.ports import FloatArray
from kb.store import Store, StoredFingerprint

Means = Mapping[Language, FloatArray]
"""The mean passage vector (dimension,) of each language, of texts that say the same in both."""
NearestKeys = Callable[[Language, FloatArray, int], Sequence[int]]
"""The keys of the passages of a language nearest to a centred vector (dimension,), at most so many, best first."""

_PAIR = {Language.ES: Language.EN, Language.EN: Language.ES}
# A document is in a language when this share of its passages is.
_MAIN_SHARE = 0.8
_MIN_PASSAGES = 3
# Half the passages of a translation pair with one of its original at least: it is met by several of so many passages,
# each with so many neighbours.
_ASKED, _NEIGHBOURS = 12, 4
_CANDIDATES = 5
# Measured with the bundled model on 24 parallel and 2,091 other pairs (XQuAD by five paragraphs, real CX pages,
# the samples): parallel ones share 1.0, others at most .27 (two articles on the same three metrics).
_MIN_SIMILARITY = 0.5
_MIN_SHARE = 0.5


class Translations:
    """What a new document translates of those of a base; nothing of the base is read but what is near to it."""

    def __init__(self, store: Store, means: Means, nearest: NearestKeys) -> None:
        self._store = store
        self._means = means
        self._nearest = nearest

    def match(self, languages: Sequence[Language], vectors: FloatArray) -> str | None:
        """The id of the document that these passages translate, or null."""
        language = _main_language(languages)
        if language is None:
            return None
        other = _PAIR[language]
        best = (0.0, "")
        mine = self._centred(language, vectors)
        for candidate in self._candidates(other, mine):
            theirs_in, vectors_of = self._store.vectors_of(candidate)
            if _main_language(theirs_in) is other:
                best = max(best, (_translated_share(mine, self._centred(other, vectors_of)), candidate))
        return best[1] if best[0] >= _MIN_SHARE else None

    def _candidates(self, language: Language, mine: FloatArray) -> list[str]:
        """The documents that most of the neighbours of these passages are from; one that repeats another stands for
        it."""
        asked = mine[np.unique(np.linspace(0, len(mine) - 1, _ASKED).astype(int))]
        keys = [int(key) for vector in asked for key in self._nearest(language, vector, _NEIGHBOURS)]
        homes = {key: passage.document_id for key, passage in self._store.passages(sorted(set(keys))).items()}
        met = Counter(homes[key] for key in keys if key in homes)
        named = sorted(met, key=lambda one: (-met[one], one))[:_CANDIDATES]
        known = self._store.documents_with(named)
        firsts = dict.fromkeys(known[one].duplicate_of or one for one in named if one in known)
        return [one for one in firsts if self._store.is_current(one)]

    def _centred(self, language: Language, vectors: FloatArray) -> FloatArray:
        moved = vectors - self._means[language]
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), np.float32)


def _main_language(languages: Sequence[Language]) -> Language | None:
    """Spanish or English when nearly all passages are in it and there are enough to tell, else null."""
    for language in _PAIR:
        if len(languages) >= _MIN_PASSAGES and languages.count(language) >= _MAIN_SHARE * len(languages):
            return language
    return None


def _translated_share(first: FloatArray, second: FloatArray) -> float:
    """The share (0 to 1) of the longer document's passages that pair with one of the other, in the same order.

    Two passages pair when each is the other's nearest and their cosine is at least ``_MIN_SIMILARITY``.
    Arrays are centred unit vectors (passages, dimension).
    """
    likeness = first @ second.T
    there, back = likeness.argmax(axis=1), likeness.argmax(axis=0)
    pairs = [
        int(there[index])
        for index in range(len(first))
        if back[there[index]] == index and likeness[index, there[index]] >= _MIN_SIMILARITY
    ]
    return _longest_rise(pairs) / max(len(first), len(second))


def _longest_rise(numbers: Sequence[int]) -> int:
    """How many of the numbers stand in rising order at most: a translation keeps the order of its original."""
    ends: list[int] = []
    for number in numbers:
        place = int(np.searchsorted(ends, number))
        ends[place : place + 1] = [number]
    return len(ends)


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
