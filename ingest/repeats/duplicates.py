"""Documents that say the same: identical bytes, the same text, and near duplicates such as reprints.

Owns the fingerprint of a text and what likeness means. Refuses to delete anything: it names what a
document repeats. Translations need vectors and are not found here.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from kb.records.document import Document
from kb.store import StoredFingerprint

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


class Likeness(Enum):
    """How a document repeats another, the strongest first."""

    SAME_BYTES = "same_bytes"
    SAME_TEXT = "same_text"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """That ``document_id`` repeats ``of``, how, and the share (0 to 1) of the text that both have."""

    document_id: str
    of: str
    likeness: Likeness
    share: float


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


def match(one: StoredFingerprint, candidates: Sequence[StoredFingerprint]) -> Duplicate | None:
    """What ``one`` repeats of these, or null; never itself. The first that has its bytes, else its words, else the one
    most like it."""
    others = [other for other in candidates if other.document_id != one.document_id]
    for likeness, same in (
        (Likeness.SAME_BYTES, lambda other: other.sha256 == one.sha256),
        (Likeness.SAME_TEXT, lambda other: other.words_key == one.words_key),
    ):
        for other in filter(same, others):
            return Duplicate(one.document_id, other.document_id, likeness, 1.0)
    return _near(one, others)


def _near(one: StoredFingerprint, others: Sequence[StoredFingerprint]) -> Duplicate | None:
    runs, mine, numbers = np.frombuffer(one.runs, dtype="<u4"), set(sample(one)), frozenset(one.numbers.split())
    least = min(_MIN_SHARED_SAMPLE, max(1, len(runs) // 8))
    shares = [
        (_share(runs, np.frombuffer(other.runs, dtype="<u4")), other.document_id)
        for other in others
        if len(mine.intersection(sample(other))) >= least and _agree(numbers, frozenset(other.numbers.split()))
    ]
    share, of = max(shares, default=(0.0, ""))
    return Duplicate(one.document_id, of, Likeness.NEAR, round(share, 3)) if share >= _NEAR else None


def _agree(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether neither text has a number in place of one of the other's: a corrected figure is news, no reprint."""
    return first <= second or second <= first


def _share(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> float:
    """The likeness (Jaccard) of two texts, or, where one holds nearly all of the other, the share held."""
    shared = len(np.intersect1d(first, second, assume_unique=True))
    likeness = shared / (len(first) + len(second) - shared)
    held = shared / min(len(first), len(second))
    return max(likeness, held if held >= _CONTAINED else 0.0)
