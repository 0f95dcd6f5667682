"""Words weighed in memory: which passages have a word, and how often, read from the engine once and kept while asked
for. Scores are those of FTS5's bm25(), and the same to the last bit whatever engine keeps the base.

An engine weighs each passage that has any word of a question, one after the other: in a base of a million passages a
third have "customer", and a question took half a second. Here all passages are weighed roughly over whole arrays, and
exactly those that may be among the best. What comes later is put behind; what is changed or removed has all read anew.
Knows rows and numbers; no record.

Every word of a question is read: to leave out those that cannot change the first hundred (MaxScore) was cheaper for 8
of 58 lists of words, whose common ones are read ahead now (docs/scale.md).
"""

import threading
from bisect import bisect_right
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kb.records.language import Language
from kb.records.search import WordQuery

# (form, word): the forms are the columns of a word table.
Phrase = tuple[str, str]
Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]

FORMS = ("plain", "stemmed")
# Of FTS5's bm25(): k1, b, and what no word weighs less than.
_K1, _B, _LEAST = 1.2, 0.75, 1e-6
# What is kept of all words of a language, and what each passage that has one takes of it. In half a million passages
# all words but stop words take 55 to 68 MB; with a third less a question waited 33 ms for PostgreSQL (docs/scale.md).
_BYTES_KEPT, _BYTES_A_PLACE = 96 * 2**20, 2.25
# Phrases whose number of passages is kept.
_COUNTED = 100_000
# What a phrase takes beside them.
_BYTES_EACH = 300
_FARTHEST, _MOST = np.iinfo(np.uint16).max, np.iinfo(np.uint8).max
# Words that are read before anybody asks, of three quarters of the bytes: those that are kept for being asked for have
# the rest.
_READ_AHEAD = 0.75
# One that fewer passages have is read in a millisecond.
_RARE = 100
# Passages whose words are looked at together: each is a number of 16 bits among them.
_AT_ONCE = 10_000
# The scores of single precision differ from exact ones by less, in parts of them.
_ROUGH = 1e-4
# Passages behind the ones that were read first; with more of them all is read anew, for each is a table of its words.
_LATER = 20_000
# A word that fewer passages have is weighed with the others, however little it says.
MANY = 50_000


class WordSource(Protocol):
    """What an engine says of the words of a base. Keys are those of passages, ascending."""

    def lengths(self, language: Language) -> tuple[Numbers, Floats]:
        """Every passage with how many words it has, both forms together."""
        ...

    def after(self, language: Language, key: int, most: int) -> Sequence[tuple[int, str, str]]:
        """The first passages beyond a key, at most so many, with their words, plain and stemmed."""
        ...

    def counts(self, language: Language, words: Sequence[str]) -> Mapping[Phrase, int]:
        """How many passages have each of these words, by form; those that none has are left out."""
        ...

    def met(self, language: Language, word: str, forms: Sequence[str]) -> Mapping[str, tuple[Numbers, Numbers]]:
        """The passages that have a word, with how often each has it, in each of the forms in which it may stand."""
        ...

    def commonest(self, language: Language) -> Iterable[tuple[str, int]]:
        """The words of a language with about how many passages have each, both forms together, the commonest first."""
        ...


@dataclass(frozen=True, slots=True)
class _Held:
    """The passages that have a phrase, each as its distance from the one before in the order of all; how often those
    have it that have it more than once, a twentieth; ``upto`` are the passages that were looked at."""

    steps: NDArray[Any]
    often: NDArray[np.int32]
    oftener: NDArray[np.uint8]
    upto: int

    @classmethod
    def of(cls, places: Numbers, times: Numbers, upto: int) -> "_Held":
        """The same by their places."""
        steps = np.diff(places, prepend=0)
        near = not len(steps) or int(steps.max()) <= _FARTHEST
        often = np.flatnonzero(times > 1).astype(np.int32)
        oftener = np.minimum(times[often], _MOST).astype(np.uint8)
        return cls(steps.astype(np.uint16 if near else np.int32), often, oftener, upto)

    @property
    def places(self) -> Numbers:
        """The passages as places in the order of all, ascending."""
        return np.cumsum(self.steps, dtype=np.int64)

    @property
    def times(self) -> NDArray[np.uint8]:
        """How often each of them has it."""
        found = np.ones(len(self.steps), np.uint8)
        found[self.often] = self.oftener
        return found

    @property
    def size(self) -> int:
        """Its bytes, about."""
        return self.steps.nbytes + self.often.nbytes + self.oftener.nbytes + _BYTES_EACH


@dataclass(slots=True)
class _Passages:
    """The passages of a language in one state of the base: keys, ascending, and how many words each has."""

    rewritten: int
    version: int
    keys: Numbers
    lengths: Floats
    held: OrderedDict[Phrase, _Held] = field(default_factory=OrderedDict)
    size: int = 0
    # Of what came since: the places, with how often, by phrase.
    later: defaultdict[Phrase, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    first: int = 0
    # What the length of each passage takes from how often it has a word, roughly; null until it is asked for.
    roughly: NDArray[np.float32] | None = None
    # How many have each phrase that was asked for.
    counted: dict[Phrase, int] = field(default_factory=dict)

    def usual(self, places: Numbers) -> Floats:
        """What the lengths of these passages take from how often they have a word."""
        return np.asarray(_K1 * (1 - _B + _B * self.lengths[places] / self.lengths.mean()))

    def usual_roughly(self) -> NDArray[np.float32]:
        """The same of every passage, in single precision."""
        if self.roughly is None:
            self.roughly = self.usual(np.arange(len(self.keys))).astype(np.float32)
        return self.roughly

    def are_among(self, keys: Numbers) -> NDArray[np.bool_]:
        """Of each passage whether its key is one of these (ascending)."""
        member = np.zeros(int(self.keys[-1]) + 1 if len(self.keys) else 0, np.bool_)
        member[keys[: np.searchsorted(keys, len(member))]] = True
        return member[self.keys]

    def hold(self, phrase: Phrase, places: Numbers, times: Numbers, upto: int) -> _Held:
        """Keep those of the first ``upto`` passages that have a phrase; what was asked for longest ago makes room."""
        held = _Held.of(places, times, upto)
        before = self.held.pop(phrase, None)
        self.held[phrase] = held
        self.size += held.size - (0 if before is None else before.size)
        while self.size > _BYTES_KEPT and len(self.held) > 1:
            self.size -= self.held.popitem(last=False)[1].size
        return held

    def since(self, phrase: Phrase, held: _Held) -> list[tuple[int, int]]:
        """What came of a phrase that is held since it was looked for: places, with how often."""
        return [one for one in self.later.get(phrase, ()) if one[0] >= held.upto]

    def count(self, phrase: Phrase) -> int:
        """How many passages have a phrase that is held."""
        held = self.held[phrase]
        return len(held.steps) + len(self.since(phrase, held))


class WordMemory:
    """The words of an open base. Safe to share between threads."""

    def __init__(self, source: WordSource, state: Callable[[], tuple[int, int]]) -> None:
        """``state`` gives how many changes the base has seen, and how many of them rewrote."""
        self._source = source
        self._state = state
        self._locks = {language: threading.Lock() for language in Language}
        self._passages: dict[Language, _Passages] = {}

    def found(self, words: WordQuery, language: Language, limit: int, among: Numbers | None) -> list[tuple[int, float]]:
        """Keys and BM25 scores of the passages with any of the words, best first, equal ones by ascending key; only
        ``among`` these (ascending; null: all)."""
        asked = [*(("plain", word) for word in words.plain), *(("stemmed", word) for word in words.stems)]
        with self._locks[language]:
            passages = self._now(language)
            telling, there = self._told_apart(passages, language, asked)
            if not len(passages.keys):
                return []
            best, scores = self._best(passages, language, telling, limit, among)
            if len(best) < limit and len(telling) < len(there):
                best, scores = self._best(passages, language, there, limit, among)
            keys = passages.keys[best]
        order = np.lexsort((keys, -scores))[:limit]
        return list(zip(keys[order].tolist(), scores[order].tolist(), strict=True))

    def read_ahead(self, language: Language, first: Collection[str], but: Collection[str]) -> None:
        """Keep the passages of these words and of the commonest but some, as many as are kept beside others. All
        passages are walked over once: to ask for five thousand words one by one took PostgreSQL seven times as long."""
        with self._locks[language]:
            passages = self._now(language)
            keys = passages.keys
        words = self._worth_keeping(language, first, but) if len(keys) else []
        parts = [_WalkedOver.of(keys, some, words) for some in self._written(language, 0)] if words else []
        # Those that are to make room last come last.
        for number, phrase in reversed(list(enumerate((form, word) for form in FORMS for word in words))):
            with self._locks[language]:
                if self._now(language) is not passages:  # something was changed or removed meanwhile
                    return
                met = [part.met(number) for part in parts]
                places, times = (np.concatenate(each) for each in zip(*met, strict=True))
                passages.hold(phrase, places, times, len(keys))

    def _worth_keeping(self, language: Language, first: Collection[str], but: Collection[str]) -> list[str]:
        counts = dict(self._source.commonest(language))
        room, chosen = _READ_AHEAD * _BYTES_KEPT, list[str]()
        common = (word for word, count in counts.items() if count >= _RARE and word not in but)
        for word in dict.fromkeys([*first, *common]):
            room -= _BYTES_A_PLACE * counts.get(word, 0) + 2 * _BYTES_EACH
            if room < 0:
                break
            chosen.append(word)
        return chosen

    def _best(
        self, passages: _Passages, language: Language, phrases: Sequence[Phrase], limit: int, among: Numbers | None
    ) -> tuple[Numbers, Floats]:
        """The places of the passages that have any of the phrases, ascending, and their scores: of all that are as good
        as the last of ``limit``, and perhaps some more."""
        if not phrases:
            return np.zeros(0, np.int64), np.zeros(0)
        words = [_KeptWord.of(self._held(passages, language, phrase), len(passages.keys)) for phrase in phrases]
        usual = passages.usual_roughly()
        rough = np.zeros(len(usual), np.float32)
        for one in words:
            rough[one.places] += np.float32(one.weight * (_K1 + 1)) * one.times / (one.times + usual[one.places])
        if among is not None:
            rough[~passages.are_among(among)] = 0
        met = rough > 0
        if np.count_nonzero(met) > limit:
            met = rough >= np.partition(rough[met], -limit)[-limit] * (1 - _ROUGH)
        places = np.flatnonzero(met)
        return places, _scores(words, places, passages.usual(places))

    def _now(self, language: Language) -> _Passages:
        """The passages as they are now."""
        version, rewritten = self._state()
        known = self._passages.get(language)
        if known is not None and known.version == version:
            return known
        if known is None or known.rewritten != rewritten or len(known.keys) - known.first > _LATER:
            keys, lengths = self._source.lengths(language)
            known = _Passages(rewritten, version, keys, lengths, first=len(keys))
            self._passages[language] = known
        else:
            self._add_later(known, language)
            known.version = version
        return known

    def _add_later(self, known: _Passages, language: Language) -> None:
        last = int(known.keys[-1]) if len(known.keys) else 0
        keys, lengths = list[int](), list[int]()
        for key, *forms in chain.from_iterable(self._written(language, last)):
            for form, words in zip(FORMS, [one.split() for one in forms], strict=True):
                for word, times in Counter(words).items():
                    known.later[form, word].append((len(known.keys) + len(keys), times))
            keys.append(key)
            lengths.append(sum(len(one.split()) for one in forms))
        known.keys = np.concatenate([known.keys, np.array(keys, np.int64)])
        known.lengths = np.concatenate([known.lengths, np.array(lengths, np.float64)])
        known.roughly = None
        known.counted.clear()

    def _written(self, language: Language, after: int) -> Iterator[Sequence[tuple[int, str, str]]]:
        """The passages beyond a key with their words, so many at once."""
        some = self._source.after(language, after, _AT_ONCE)
        while some:
            yield some
            some = self._source.after(language, some[-1][0], _AT_ONCE) if len(some) == _AT_ONCE else ()

    def _told_apart(
        self, passages: _Passages, language: Language, asked: Sequence[Phrase]
    ) -> tuple[list[Phrase], list[Phrase]]:
        """Those of these that say something, and all that stand anywhere: also those that half of very many passages
        have, which weigh a millionth and would take the longest."""
        known = passages.counted
        if len(known) > _COUNTED:
            known.clear()
        known.update({one: passages.count(one) for one in asked if one in passages.held})
        unknown = sorted({word for form, word in asked if (form, word) not in known})
        if unknown:
            counts = self._source.counts(language, unknown)
            known.update({(form, word): counts.get((form, word), 0) for word in unknown for form in FORMS})
        least = max(MANY, len(passages.keys) / 2)
        there = [one for one in asked if known[one]]
        return [one for one in there if known[one] < least], there

    def _held(self, passages: _Passages, language: Language, phrase: Phrase) -> _Held:
        """The passages that have a phrase."""
        held = passages.held.get(phrase)
        if held is None:
            return self._read(passages, language, phrase)
        if held.upto == len(passages.keys):
            passages.held.move_to_end(phrase)
            return held
        more = np.array(passages.since(phrase, held), np.int64).reshape(-1, 2)
        places = np.concatenate([held.places, more[:, 0]])
        return passages.hold(phrase, places, np.concatenate([held.times, more[:, 1]]), len(passages.keys))

    def _read(self, passages: _Passages, language: Language, phrase: Phrase) -> _Held:
        """The same, read with the other form of the word where there is one."""
        word = phrase[1]
        # One that was held when it was counted, and made room since, may have the number of one form alone.
        forms = [form for form in FORMS if passages.counted.get((form, word)) != 0]
        last = passages.keys[-1] if len(passages.keys) else 0
        read = {}
        for form, (keys, times) in self._source.met(language, word, forms).items():
            known = np.searchsorted(keys, last, "right")  # what was committed since is read with the next question
            places = np.searchsorted(passages.keys, keys[:known])
            read[form] = passages.hold((form, word), places, times[:known], len(passages.keys))
        return read[phrase[0]]


@dataclass(frozen=True, slots=True)
class _WalkedOver:
    """Some passages, as places in the order of all, and where in them phrases stand: ``rows`` and ``times`` of all
    phrases one after the other, those of a phrase between two of the ``bounds``."""

    places: Numbers
    bounds: NDArray[np.int32]
    rows: NDArray[np.uint16]
    times: NDArray[np.uint8]

    @classmethod
    def of(cls, keys: Numbers, rows: Sequence[tuple[int, str, str]], words: Sequence[str]) -> "_WalkedOver":
        """Those of these rows that are among ``keys``; phrases are numbered form after form."""
        rows = rows[: bisect_right(rows, keys[-1], key=itemgetter(0))]
        places = np.searchsorted(keys, [key for key, *_ in rows])
        codes = list[int]()
        for nth in range(len(FORMS)):
            numbers = {word: nth * len(words) + number for number, word in enumerate(words)}
            for at, (_, *forms) in enumerate(rows):
                codes += [numbers[word] * _AT_ONCE + at for word in forms[nth].split() if word in numbers]
        found, times = np.unique(np.array(codes, np.int64), return_counts=True)
        bounds = np.searchsorted(found, np.arange(len(FORMS) * len(words) + 1) * _AT_ONCE)
        few = np.minimum(times, _MOST).astype(np.uint8)
        return cls(places, bounds.astype(np.int32), (found % _AT_ONCE).astype(np.uint16), few)

    def met(self, number: int) -> tuple[Numbers, NDArray[np.uint8]]:
        """The places of the phrase of this number, ascending, and how often it stands there."""
        there = slice(self.bounds[number], self.bounds[number + 1])
        return self.places[self.rows[there]], self.times[there]


@dataclass(frozen=True, slots=True)
class _KeptWord:
    """A word of a question: the passages that have it, how often, and what it weighs."""

    places: Numbers
    times: NDArray[np.uint8]
    weight: float

    @classmethod
    def of(cls, held: _Held, passages: int) -> "_KeptWord":
        """The word among so many passages."""
        count = len(held.times)
        weight = max(float(np.log((passages - count + 0.5) / (count + 0.5))), _LEAST)
        return cls(held.places, held.times, weight)


def _scores(words: Iterable[_KeptWord], places: Numbers, usual: Floats) -> Floats:
    """The BM25 scores of these passages, summed in the order of the words as FTS5 does."""
    scores = np.zeros(len(places))
    for one in words:
        if len(one.places):
            at = np.minimum(np.searchsorted(one.places, places), len(one.places) - 1)
            times = np.where(one.places[at] == places, one.times[at], 0)
            scores += one.weight * (times * (_K1 + 1)) / (times + usual)
    return scores
