"""The passages of one language that may answer a question, with the parts of their scores.

Owns how many are looked at, by meaning and by words, and the means of a base. Makes no ranking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.model import parity
from index.model.parity import PassageMeans, PriorMeans
from index.model.token_space import TokenSpace
from index.search.evidence import BestSentence, as_written, best_sentences, words_met
from index.search.glossary import Equivalent, Glossary, expansion
from index.search.lexical import folded, word_query
from index.search.query_vectors import Question
from index.search.tokens_met import AskedWords, TokenSource, TokenWords, tokens_met
from index.vectors.growing import PassageSource
from index.vectors.sync import IndexState
from index.vectors.vectors import VectorIndex
from kb.records.document import Passage
from kb.records.errors import BaseError
from kb.records.language import Language
from kb.records.ports import FloatArray
from kb.store.remembering import Remembered


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """How much each part counts.

    Passage and best sentence half and half: hit@1 .93 -> .95 (en) and .91 -> .94 (es) on XQuAD.
    ``tokens`` against those two together: -> .97 and .96, and R@1 .43 -> .54 on cross-language CX
    questions. ``words`` counts per standard deviation within a language: at 0.02 the word index
    already took .05 from both@2, yet a little finds names. ``other_language`` is added per unit of
    score where passage and question differ in language, because even a perfect translation is a
    little less near (both@2 .88 -> .91). ``agreement`` pulls up what says the same as the best hit
    in the other language (both@2 .91 -> .95), from ``agreement_from`` in cosine upwards.
    """

    passage: float = 0.5
    sentence: float = 0.5
    tokens: float = 2.0
    words: float = 0.005
    other_language: float = 0.04
    agreement: float = 1.0
    agreement_from: float = 0.3


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the scores of the candidates of one language, each float32 (candidates,).

    ``tokens`` is null where the base or the model has none; ``foreign`` is 0 when the question is in
    the passages' language, 1 when it is not, between for a question that mixes both.
    """

    passage: FloatArray
    sentence: FloatArray
    words: FloatArray
    tokens: FloatArray | None
    foreign: float


def standardised(scores: FloatArray) -> FloatArray:
    """The scores of one language less their mean, over their standard deviation; zeros if all are equal."""
    spread = float(scores.std()) if len(scores) else 0.0
    if spread < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / spread, np.float32)


def fused(parts: Parts, weights: FusionWeights) -> FloatArray:
    """One score a candidate, on the scale of a cosine, plus the standardised word score."""
    near = weights.passage * parts.passage + weights.sentence * parts.sentence
    if parts.tokens is not None:
        near = (near + weights.tokens * parts.tokens) / (1 + weights.tokens)
    near = near + weights.other_language * parts.foreign * np.abs(near)
    return np.asarray(near + weights.words * standardised(parts.words), np.float32)


def agreeing(scores: FloatArray, cosines: FloatArray, best_score: float, weights: FusionWeights) -> FloatArray:
    """The scores of passages in another language, pulled towards the best hit as far as they say the same.

    ``cosines`` are those of their centred vectors with the centred vector of the best hit. No score
    passes the best: several likenesses would otherwise push the best hit itself out of the first two.
    """
    likeness = np.clip((cosines - weights.agreement_from) / (1 - weights.agreement_from), 0, 1)
    return np.asarray(scores + weights.agreement * likeness * (best_score - scores), np.float32)


# Candidates of a language: as many as the hits wanted, at least these. The best sentence and the
# words re-order them.
_FEWEST = 50
# Passages whose sentence vectors stay in memory: about 3 kB each, so 25 MB.
_REMEMBERED = 8192


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of one language with the parts of their scores, in the order of ``keys``.

    ``vectors`` are the centred passage vectors, float32 (keys, dimension). ``fault`` says why words could not be
    looked up, null when they could.
    """

    language: Language
    keys: Sequence[int]
    vectors: FloatArray
    passage: FloatArray
    sentence: FloatArray
    words: FloatArray
    best: Sequence[BestSentence | None]
    fault: str | None = None


class CandidateFinder:
    """Gathers candidates of an open base. Safe to share between threads."""

    def __init__(self, store: PassageSource, prior: PriorMeans | None, glossary: Glossary) -> None:
        self._store = store
        self._prior = prior
        self._glossary = glossary
        self._means: tuple[int, PassageMeans] | None = None
        self._sentences: Remembered[int, NDArray[np.float16]] = Remembered(store.rewritten, _REMEMBERED)

    def find(self, language: Language, question: Question, now: IndexState) -> Candidates:
        """The candidates of a language; none is an answer too. ``now`` is what a whole search looks into."""
        depth = max(_FEWEST, question.limit)
        met, fault = self._word_scores(language, question, depth)
        near = _nearest(now.index, language, question, depth)
        keys = sorted({*near, *met})
        if question.vector is not None:
            # Words may meet a passage that was committed after the index was refreshed: the next search has it.
            keys = now.index.held(language, keys) if language in self.means(now).by_language else []
        words = np.array([met.get(key, 0.0) for key in keys], np.float32)
        vectors, best = self._vectors(now, language, question, keys)
        passage = np.zeros(len(keys), np.float32)
        if question.vector is not None and keys:
            passage = vectors @ question.vector
        # A passage without sentences stands for its only one.
        sentence = [part.cosine if part else cosine for part, cosine in zip(best, passage, strict=True)]
        return Candidates(language, keys, vectors, passage, np.array(sentence, np.float32), words, best, fault)

    def equivalents(self, language: Language, question: Question) -> list[Equivalent]:
        """What the question's words are called in this language, by the glossary."""
        return self._glossary.equivalents(question.words, language)

    def means(self, now: IndexState) -> PassageMeans:
        """The mean passage vector of each language of the base, kept while the index is the same."""
        kept = self._means
        if kept is None or kept[0] != now.revision:
            if self._prior is None:
                return PassageMeans({})
            languages = now.index.languages()
            totals = {language: now.index.total(language) for language in languages}
            counts = {language: now.index.count(language) for language in languages}
            self._means = kept = (now.revision, parity.passage_means(totals, counts, self._prior))
        return kept[1]

    def _word_scores(
        self, language: Language, question: Question, depth: int
    ) -> tuple[Mapping[int, float], str | None]:
        """The best keys by words with their scores, and why there are none when the word index cannot be read."""
        words = word_query([*question.words, *expansion(self.equivalents(language, question))], language)
        if words is None:
            return {}, None
        try:
            return dict(self._store.word_search(words, language, depth, question.allowed)), None
        except BaseError as error:
            if question.vector is None:
                raise
            return {}, error.reason

    def _vectors(
        self, now: IndexState, language: Language, question: Question, keys: Sequence[int]
    ) -> tuple[FloatArray, list[BestSentence | None]]:
        """The centred vectors of the passages, and the best sentence of each."""
        index = now.index
        if question.vector is None or not keys:
            return np.zeros((len(keys), index.dimension), np.float32), [None] * len(keys)
        mean = self.means(now).by_language[language]
        read = self._sentences.get(keys, self._read_sentences)
        none = np.zeros((0, index.dimension), np.float16)
        sentences = [read.get(key, none) for key in keys]
        every = parity.centred(np.concatenate(sentences).astype(np.float32), mean)
        best = best_sentences(question.vector, every, [len(rows) for rows in sentences])
        return parity.centred(index.vectors(language, keys), mean), best

    def _read_sentences(self, keys: Sequence[int]) -> dict[int, NDArray[np.float16]]:
        found = self._store.sentence_vectors_of(keys)
        return {key: rows.astype(np.float16) for key, rows in found.items()}


def _nearest(index: VectorIndex, language: Language, question: Question, depth: int) -> list[int]:
    if question.vector is None:
        return []
    return [int(key) for key in index.search(language, question.vector, depth, question.allowed).keys]


@dataclass(frozen=True, slots=True)
class Reasons:
    """The words of the question as they stand in a passage, and "said ≈ met" for what the model reads alike."""

    words: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()


class ReasonFinder:
    """Finds the reasons of hits. Safe to share between threads."""

    def __init__(
        self,
        candidates: CandidateFinder,
        tokens: TokenSource | None,
        space: TokenSpace | None,
        token_words: TokenWords | None,
    ) -> None:
        self._candidates = candidates
        self._late = None if tokens is None or space is None or token_words is None else (tokens, space, token_words)

    def find(self, question: Question, passages: Mapping[int, Passage]) -> dict[int, Reasons]:
        """The reasons of each passage (by key)."""
        equivalents = {
            language: self._candidates.equivalents(language, question)
            for language in {passage.language for passage in passages.values()}
        }
        found = {}
        asked = self._asked(question)
        blobs = {} if self._late is None or asked is None else self._late[0].token_blobs(list(passages))
        written = as_written(question.text)
        for key, passage in passages.items():
            words = words_met(passage.text, passage.language, question.words, equivalents[passage.language], written)
            found[key] = Reasons(words, self._meanings(asked, blobs.get(key), passage, words))
        return found

    def _asked(self, question: Question) -> AskedWords | None:
        if self._late is None or question.tokens is None:
            return None
        return AskedWords.of(question.tokens.vectors, self._late[2].question_words(question.text))

    def _meanings(
        self, asked: AskedWords | None, blob: bytes | None, passage: Passage, words: Sequence[str]
    ) -> tuple[str, ...]:
        if self._late is None or asked is None or blob is None:
            return ()
        _, space, token_words = self._late
        # A word of the glossary's pairs is said there; one that stands in the passage is met by itself.
        said = frozenset(folded(word) for pair in words for word in pair.split(" ≈ ")[0].split())
        return tuple(tokens_met(asked, space.unpacked(blob), lambda: token_words.passage_words(passage.text), said))
