"""Documents that say the same: identical bytes, the same text, and near duplicates such as reprints;
and which of a base a new one repeats or translates.

Owns the fingerprint of a text and what likeness means. Refuses to delete anything: it names what a
document repeats. Translations need vectors and are not found here.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from ingest.sources.sources import SourceFile
from ingest.text.prepare import Prepared
from kb.records.document import Document, document_id
from kb.records.language import Language
from kb.records.ports import FloatArray
from kb.store import Store, StoredFingerprint

_RUN_WORDS = 4
# Reprints share over .9 of their four-word runs, two articles on one subject by one author under .03
# (measured on 52 real pages): the threshold stands in the gap, nearer to the reprints.
_NEAR = 0.7
# A text this much of which stands in a longer one is a reprint with an addition.
_CONTAINED = 0.9
_MIN_WORDS = 40
# The smallest hashes of a text are a fair sample of it (bottom-k MinHash, Broder 1997). Two texts .7 alike
# share about 100 of 128; one held by a text twice as long about 64: a fourth of that finds every candidate.
_SAMPLE = 128
_MIN_SHARED_SAMPLE = 16
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d{1,30}(?:[.,]\d{1,30}){0,10}")


def fingerprint(document: Document) -> StoredFingerprint:
    """The fingerprint of a document's canonical text; case, spacing and punctuation do not count.

    ``words_key`` is the SHA-256 of its words; ``runs`` holds the sorted 32-bit hashes of its four-word runs
    (little-endian, 4 KB for 1,000 words), empty for a text too short to be compared by likeness;
    ``numbers`` are its distinct numbers, sorted and joined by spaces.
    """
    words = _WORD.findall(document.text.casefold())
    words_key = hashlib.sha256(" ".join(words).encode()).hexdigest()
    runs = {_hash(words[start : start + _RUN_WORDS]) for start in range(len(words) - _RUN_WORDS + 1)}
    hashes = np.array(sorted(runs) if len(words) >= _MIN_WORDS else [], dtype="<u4")
    numbers = " ".join(sorted(set(_NUMBER.findall(document.text))))
    return StoredFingerprint(document.id, document.sha256, words_key, hashes.tobytes(), numbers)


def _hash(run: list[str]) -> int:
    return int.from_bytes(hashlib.blake2b(" ".join(run).encode(), digest_size=4).digest(), "little")


def sample(one: StoredFingerprint) -> list[int]:
    """The smallest hashes of a text, by which others like it are looked up."""
    return [int(value) for value in np.frombuffer(one.runs, dtype="<u4")[:_SAMPLE]]


class ComingDocuments:
    """The documents of a run that repeat nothing and are not in the base yet, looked up as those of the base are."""

    def __init__(self) -> None:
        self._prints: dict[str, StoredFingerprint] = {}
        self._by_mark: defaultdict[str | int, dict[str, None]] = defaultdict(dict)

    def add(self, one: StoredFingerprint) -> None:
        """Take a document in, to be found by later ones."""
        self._prints[one.document_id] = one
        for mark in _marks(one):
            self._by_mark[mark][one.document_id] = None

    def drop(self, document_id: str) -> None:
        """Forget a document, which is in the base by now or never will be."""
        one = self._prints.pop(document_id, None)
        for mark in _marks(one) if one else ():
            self._by_mark[mark].pop(document_id)
            if not self._by_mark[mark]:
                del self._by_mark[mark]

    def like(self, one: StoredFingerprint) -> list[StoredFingerprint]:
        """The documents that may say what this one says, in the order in which they came."""
        found = {other for mark in _marks(one) for other in self._by_mark.get(mark, ())}
        return [known for known in self._prints.values() if known.document_id in found] if found else []


def _marks(one: StoredFingerprint) -> set[str | int]:
    # Each once: a file that is nothing but its words ("hola", no end of line) has one hash for its bytes and its words.
    return {one.sha256, one.words_key, *sample(one)}


def match(one: StoredFingerprint, candidates: Sequence[StoredFingerprint]) -> str | None:
    """The document that ``one`` repeats of these, or null; never itself. The first that has its bytes, else its words,
    else the one most like it."""
    others = [other for other in candidates if other.document_id != one.document_id]
    same_bytes = (other.document_id for other in others if other.sha256 == one.sha256)
    same_words = (other.document_id for other in others if other.words_key == one.words_key)
    return next(chain(same_bytes, same_words), None) or _near(one, others)


def _near(one: StoredFingerprint, others: Sequence[StoredFingerprint]) -> str | None:
    runs, mine, numbers = np.frombuffer(one.runs, dtype="<u4"), set(sample(one)), frozenset(one.numbers.split())
    least = min(_MIN_SHARED_SAMPLE, max(1, len(runs) // 8))
    shares = [
        (_share(runs, np.frombuffer(other.runs, dtype="<u4")), other.document_id)
        for other in others
        if len(mine.intersection(sample(other))) >= least and _agree(numbers, frozenset(other.numbers.split()))
    ]
    share, of = max(shares, default=(0.0, ""))
    return of if share >= _NEAR else None


def _agree(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether neither text has a number in place of one of the other's: a corrected figure is news, no reprint."""
    return first <= second or second <= first


def _share(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> float:
    """The likeness (Jaccard) of two texts, or, where one holds nearly all of the other, the share held."""
    shared = len(np.intersect1d(first, second, assume_unique=True))
    likeness = shared / (len(first) + len(second) - shared)
    held = shared / min(len(first), len(second))
    return max(likeness, held if held >= _CONTAINED else 0.0)


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
        first = match(mine, [*self._store.fingerprints_like(mine, sample(mine)), *self._firsts.like(mine)])
        name = None if first is None else self.name_of(first)
        if name is None:
            self._firsts.add(mine)
            return prepared, mine
        if name == prepared.document.source_id:  # a new version of itself
            return prepared, mine
        return replace(prepared, document=replace(prepared.document, duplicate_of=first)), mine
