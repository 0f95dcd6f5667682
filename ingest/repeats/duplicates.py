"""Documents that say the same: identical bytes, the same text, and near duplicates such as reprints.

Owns the fingerprint of a text and what likeness means. Refuses to delete anything: it names what a
document repeats. Translations need vectors and are not found here.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from kb.records.document import Document

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


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a document to compare it.

    ``words_key`` is the SHA-256 of its words; ``runs`` holds the sorted 32-bit hashes of its four-word runs
    (little-endian, 4 KB for 1,000 words), empty for a text too short to be compared by likeness;
    ``numbers`` are its distinct numbers, sorted and joined by spaces.
    """

    document_id: str
    sha256: str
    words_key: str
    runs: bytes
    numbers: str = ""


def fingerprint(document: Document) -> Fingerprint:
    """The fingerprint of a document's canonical text; case, spacing and punctuation do not count."""
    words = _WORD.findall(document.text.casefold())
    words_key = hashlib.sha256(" ".join(words).encode()).hexdigest()
    runs = {_hash(words[start : start + _RUN_WORDS]) for start in range(len(words) - _RUN_WORDS + 1)}
    hashes = np.array(sorted(runs) if len(words) >= _MIN_WORDS else [], dtype="<u4")
    numbers = " ".join(sorted(set(_NUMBER.findall(document.text))))
    return Fingerprint(document.id, document.sha256, words_key, hashes.tobytes(), numbers)


def _hash(run: list[str]) -> int:
    return int.from_bytes(hashlib.blake2b(" ".join(run).encode(), digest_size=4).digest(), "little")


class FirstDocuments:
    """The documents that repeat nothing, so far: found by bytes, by words, and by likeness."""

    def __init__(self) -> None:
        self._by_bytes: dict[str, str] = {}
        self._by_words: dict[str, str] = {}
        self._runs: dict[str, NDArray[np.uint32]] = {}
        self._numbers: dict[str, frozenset[str]] = {}
        self._by_sample: defaultdict[int, list[str]] = defaultdict(list)

    def add(self, one: Fingerprint) -> None:
        """Take a document in, to be matched by later ones."""
        self._by_bytes.setdefault(one.sha256, one.document_id)
        self._by_words.setdefault(one.words_key, one.document_id)
        runs = np.frombuffer(one.runs, dtype="<u4")
        if len(runs) and one.document_id not in self._runs:
            self._runs[one.document_id] = runs
            self._numbers[one.document_id] = frozenset(one.numbers.split())
            for value in runs[:_SAMPLE].tolist():
                self._by_sample[value].append(one.document_id)

    def match(self, one: Fingerprint) -> Duplicate | None:
        """What ``one`` repeats, or null; never itself."""
        of = self._by_bytes.get(one.sha256)
        if of and of != one.document_id:
            return Duplicate(one.document_id, of, Likeness.SAME_BYTES, 1.0)
        of = self._by_words.get(one.words_key)
        if of and of != one.document_id:
            return Duplicate(one.document_id, of, Likeness.SAME_TEXT, 1.0)
        return self._near(one)

    def _near(self, one: Fingerprint) -> Duplicate | None:
        runs = np.frombuffer(one.runs, dtype="<u4")
        shared = Counter(key for value in runs[:_SAMPLE].tolist() for key in self._by_sample.get(value, ()))
        least = min(_MIN_SHARED_SAMPLE, max(1, len(runs) // 8))
        numbers = frozenset(one.numbers.split())
        candidates = [
            key
            for key, number in shared.items()
            if number >= least and key != one.document_id and _agree(numbers, self._numbers[key])
        ]
        best = max(((_share(runs, self._runs[key]), key) for key in sorted(candidates)), default=(0.0, ""))
        if best[0] < _NEAR:
            return None
        return Duplicate(one.document_id, best[1], Likeness.NEAR, round(best[0], 3))


def _agree(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether neither text has a number in place of one of the other's: a corrected figure is news, no reprint."""
    return first <= second or second <= first


def _share(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> float:
    """The likeness (Jaccard) of two texts, or, where one holds nearly all of the other, the share held."""
    shared = len(np.intersect1d(first, second, assume_unique=True))
    likeness = shared / (len(first) + len(second) - shared)
    held = shared / min(len(first), len(second))
    return max(likeness, held if held >= _CONTAINED else 0.0)
