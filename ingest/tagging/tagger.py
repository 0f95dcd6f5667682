"""Passages to topics with their score and evidence.

Owns the order of the steps (words, features, head, evidence, sub-topics) and says when it works on
words alone. Refuses to know where vectors come from, and what is stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ingest.tagging import evidence
from ingest.tagging.head import (
    MEANING_SCALE,
    TOPICS,
    Layer,
    TopicHead,
    TunedLayer,
    centred,
    feature_names,
    word_features,
)
from ingest.tagging.lexicon import CueFindings, TopicLexicon, lexicon_bytes
from ingest.tagging.own import OwnTopicTagger
from kb.records.document import Span
from kb.records.errors import InputError, ModelError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.ports import Embedder, FloatArray, ModelStamp
from kb.records.topics import OwnTopic, TopicAssignment

# What the surroundings of a passage add to the log-odds of a topic: a heading above it that names it (.50 becomes .73),
# and the share of the other passages of its document that name it. Macro F1 on documents in cross-validation is .662
# without, .695 with these, and level at 1.5 and 3; on 121 passages of real pages .870 and .876.
_HEADING = 1.0
_BESIDE = 2.0
# Only cues as clear as this name a topic ("NPS", "madurez"; not "team").
_CLEAR = 0.5

SentenceVectors = Callable[[Sequence[int]], Sequence[FloatArray]]


@dataclass(frozen=True, slots=True)
class TextToTag:
    """A passage as the tagger reads it; ``sentences`` are spans of ``text``, none for a text that is one sentence.

    ``document`` names its document, if it is in one, whose other passages are read with it where they stand beside it.
    """

    text: str
    language: Language
    heading: tuple[str, ...] = ()
    sentences: tuple[Span, ...] = ()
    document: str | None = None


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was found in texts, what the head says of them (log-odds), the probabilities, the topics given."""

    findings: Sequence[CueFindings]
    odds: FloatArray
    chances: FloatArray
    given: NDArray[np.bool_]


class Tagger:
    """Gives topics to passages.

    ``degraded`` says why meaning is not used, or is null. ``version`` names head, lexicon and weights by their hash:
    passages tagged by another version are worth tagging again; on words alone it ends in ``-words``.
    """

    def __init__(
        self,
        lexicon: TopicLexicon,
        head: TopicHead,
        degraded: str | None = None,
        version: str = "",
        tuned: TunedLayer | None = None,
    ) -> None:
        if head.feature_names != feature_names(lexicon):
            raise ModelError(say("topic_head"), say("was_trained_with_another_lexicon"), say("run_kb_topics_train"))
        self._lexicon = lexicon
        self._head = head
        self._tuned = tuned
        self.degraded = degraded
        self.version = version
        examples = head.examples
        self._example_vectors = centred(examples.unit(), examples.languages, head.means)

    @classmethod
    def load(cls, stamp: ModelStamp | None = None, head: Path | None = None) -> Self:
        """The tagger for vectors of the model ``stamp``, with the shipped head or the one in the file ``head``, which
        then decides alone.

        Without a stamp, or with one that the head was not trained for, it works on words alone and says so.
        Raises ModelError when the head is missing or damaged.
        """
        data = _shipped("topics_head.npz") if head is None else _read(head)
        loaded = TopicHead.from_bytes(data)
        decision = _shipped("topics_tuned.npz") if head is None else None
        surroundings = f"{_HEADING} {_BESIDE} {_CLEAR}".encode()
        version = hashlib.sha256(data + (decision or b"") + lexicon_bytes() + surroundings).hexdigest()[:12]
        degraded = _why_degraded(stamp, loaded.stamp)
        tuned = None if decision is None else TunedLayer.from_bytes(decision)
        return cls(TopicLexicon.load(), loaded, degraded, f"{version}-words" if degraded else version, tuned)

    @property
    def reads_topic_vectors(self) -> bool:
        """Whether vectors of topics are of use to it."""
        return self._tuned is not None and self.degraded is None

    @classmethod
    def of(cls, head: TopicHead) -> Tagger:
        """The tagger of a head that is in memory, for vectors of its own model."""
        return cls(TopicLexicon.load(), head)

    def tag(
        self,
        texts: Sequence[TextToTag],
        vectors: FloatArray | None = None,
        sentence_vectors: SentenceVectors | None = None,
        topic_vectors: FloatArray | None = None,
    ) -> list[tuple[TopicAssignment, ...]]:
        """The topics of each passage, best first. ``vectors``: passage embeddings, shape (len(texts), dimension).

        ``topic_vectors``, of the same shape, decide with them; evidence and example come of ``vectors`` alone.
        The passages of a document come in one call, or those that do not are not read with the others.
        ``sentence_vectors`` gives, for positions of texts, those of their sentences, each (sentences, dimension); it
        is asked only for texts of several sentences that have a topic. Without vectors it works on words alone.
        """
        vectors = self._usable(texts, vectors)
        if not texts:
            return []
        judged = self._judged(texts, vectors, topic_vectors)
        several = [row for row, one in enumerate(texts) if len(one.sentences) > 1 and judged.given[row].any()]
        parts: Mapping[int, FloatArray] = {}
        if vectors is not None and sentence_vectors is not None and several:
            parts = dict(zip(several, sentence_vectors(several), strict=True))
        return [self._assignments(texts, row, judged, vectors, parts.get(row)) for row in range(len(texts))]

    def own(self, topics: Sequence[OwnTopic], embedder: Embedder) -> OwnTopicTagger:
        """The tagger of users' topics beside this one; ModelError for another model than the head's."""
        return OwnTopicTagger(topics, embedder, self._head)

    def probabilities(
        self,
        texts: Sequence[TextToTag],
        vectors: FloatArray | None = None,
        topic_vectors: FloatArray | None = None,
    ) -> FloatArray:
        """The calibrated probability of each topic, given or not: shape (texts, topics in the order of Topic)."""
        return self._judged(texts, self._usable(texts, vectors), topic_vectors).chances

    def _judged(
        self, texts: Sequence[TextToTag], vectors: FloatArray | None, topic_vectors: FloatArray | None
    ) -> _Judged:
        findings = [self._lexicon.find(one.text) for one in texts]
        languages = [one.language for one in texts]
        words, layer = word_features(self._lexicon, findings), self._head.words

        def said(by: Layer, of: FloatArray, means: Mapping[Language, FloatArray]) -> FloatArray:
            return by.odds(np.hstack([words, MEANING_SCALE * centred(of, languages, means)]))

        if vectors is None:
            odds = decided = layer.odds(words)
        else:
            layer = self._head.meaning
            odds = decided = said(layer, vectors, self._head.means)
            if topic_vectors is not None and self._tuned is not None:
                layer = self._tuned.layer
                decided = np.asarray((odds + said(layer, topic_vectors, self._tuned.means)) / 2, np.float32)
        chances = layer.probabilities(decided + self._surroundings(texts, findings), languages)
        return _Judged(findings, odds, chances, chances >= layer.thresholds)

    def _surroundings(self, texts: Sequence[TextToTag], findings: Sequence[CueFindings]) -> FloatArray:
        """What headings and the other passages of each document add to the log-odds, (texts, topics)."""
        headings = {path: self._named(self._lexicon.find("\n".join(path))) for path in {one.heading for one in texts}}
        added = _HEADING * np.array([headings[one.heading] for one in texts], np.float32).reshape(-1, len(TOPICS))
        documents: dict[str, list[int]] = {}
        for row, one in enumerate(texts):
            if one.document is not None:
                documents.setdefault(one.document, []).append(row)
        for rows in documents.values():
            named = np.array([self._named(findings[row]) for row in rows], np.float32)
            added[rows] += _BESIDE * (named.sum(axis=0) - named) / max(len(rows) - 1, 1)
        return added

    def _named(self, findings: CueFindings) -> list[bool]:
        """Which topics the clear cues of a text name."""
        groups = self._lexicon.groups
        named = {group.topic for group in groups if group.strength >= _CLEAR and group.name in findings.matches}
        return [topic in named for topic in TOPICS]

    def _assignments(
        self,
        texts: Sequence[TextToTag],
        row: int,
        judged: _Judged,
        vectors: FloatArray | None,
        parts: FloatArray | None,
    ) -> tuple[TopicAssignment, ...]:
        given = [topic for column, topic in enumerate(TOPICS) if judged.given[row, column]]
        if not given:
            return ()
        given.sort(key=lambda topic: -judged.chances[row, TOPICS.index(topic)])
        text, findings = texts[row], judged.findings[row]
        subtopics = evidence.place_subtopics(self._lexicon, findings, given)
        carried = self._carrying(text, findings, judged.odds[row], None if vectors is None else vectors[row], parts)
        vector = None if vectors is None else centred(vectors[row : row + 1], [text.language], self._head.means)[0]
        return tuple(
            TopicAssignment(
                topic,
                round(float(judged.chances[row, TOPICS.index(topic)]), 4),
                carried[TOPICS.index(topic)],
                subtopics[topic],
                None
                if vector is None
                else evidence.nearest_example(self._head.examples, self._example_vectors, vector, topic),
            )
            for topic in given
        )

    def _carrying(
        self,
        text: TextToTag,
        findings: CueFindings,
        odds: FloatArray,
        vector: FloatArray | None,
        parts: FloatArray | None,
    ) -> list[tuple[str, ...]]:
        if len(text.sentences) < 2:
            return [(text.text,)] * len(TOPICS)
        both = None if vector is None or parts is None else (vector, parts)
        layer = self._head.words if both is None else self._head.meaning
        if both is None:
            odds = layer.odds(word_features(self._lexicon, [findings]))[0]
        rest = evidence.without_each(self._lexicon, findings, text.sentences, both, text.language, self._head.means)
        return evidence.carrying(layer, odds, rest, text.sentences, text.text)

    def _usable(self, texts: Sequence[TextToTag], vectors: FloatArray | None) -> FloatArray | None:
        """The vectors, null where the head was not trained for them; InputError for another shape."""
        if vectors is None or self.degraded is not None:
            return None
        wanted = (len(texts), self._head.stamp.dimension)
        if texts and vectors.shape != wanted:
            raise InputError(say("passage_vectors"), say("have_another_shape", shape=vectors.shape, wanted=wanted))
        return vectors


def _read(head: Path) -> bytes:
    try:
        return head.read_bytes()
    except OSError as error:
        raise ModelError(
            say("topic_head_at", head=head),
            say("cannot_be_read", error=type(error).__name__),
            say("run_kb_topics_train"),
        ) from error


def _shipped(name: str) -> bytes:
    try:
        return files("ingest").joinpath("data", name).read_bytes()
    except OSError as error:
        # Training makes the head alone.
        step = "run_kb_topics_train" if name == "topics_head.npz" else "get_or_make_the_file"
        raise ModelError(
            say("topic_head_at", head=name),
            say("is_missing_from_the_installation"),
            say(step, program="bench.tune_topics"),
        ) from error


def _why_degraded(stamp: ModelStamp | None, trained: ModelStamp) -> str | None:
    if stamp is None:
        return "topics from words alone: no embedding model was named"
    if (stamp.revision, stamp.dimension) != (trained.revision, trained.dimension):
        return (
            f"topics from words alone: the head was trained for {trained.name} ({trained.revision}), "
            f"not {stamp.name} ({stamp.revision}). Run: kb topics train"
        )
    return None
