"""Passages to topics with their score and evidence.

Owns the order of the steps (words, features, head, evidence, sub-topics) and says when it works on
words alone. Refuses to know where vectors come from, and what is stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np

from ingest.tagging import evidence
from ingest.tagging.features import MEANING_SCALE, centred, feature_names, word_features
from ingest.tagging.head import TOPICS, TopicHead
from ingest.tagging.lexicon import Findings, Lexicon, lexicon_bytes
from ingest.tagging.own import OwnTopicTagger
from kb.records.errors import InputError, ModelError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.ports import Embedder, FloatArray, ModelStamp
from kb.records.topics import OwnTopic, TopicAssignment

# What a heading that names a topic adds to the log-odds: .50 becomes .62, and nothing under .38 is lifted to .5.
HEADING_PRIOR = 0.5
# Only cues as clear as this count in a heading ("NPS", "madurez"; not "team").
_CLEAR = 0.5


class Tagger:
    """Gives topics to passages.

    ``degraded`` says why meaning is not used, or is null. ``version`` names head and lexicon by their hash:
    passages tagged by another version are worth tagging again; on words alone it ends in ``-words``.
    """

    def __init__(self, lexicon: Lexicon, head: TopicHead, degraded: str | None = None, version: str = "") -> None:
        if head.feature_names != feature_names(lexicon):
            raise ModelError(say("topic_head"), say("was_trained_with_another_lexicon"), say("run_kb_topics_train"))
        self._lexicon = lexicon
        self._head = head
        self.degraded = degraded
        self.version = version
        examples = head.examples
        self._example_vectors = centred(examples.vectors.astype(np.float32), examples.languages, head.means)

    @classmethod
    def load(cls, stamp: ModelStamp | None = None, head: Path | None = None) -> Tagger:
        """The tagger for vectors of the model ``stamp``, with the shipped head or the one in the file ``head``.

        Without a stamp, or with one that the head was not trained for, it works on words alone and says so.
        Raises ModelError when the head is missing or damaged.
        """
        data = _shipped_head() if head is None else _read(head)
        loaded = TopicHead.from_bytes(data)
        version = hashlib.sha256(data + lexicon_bytes()).hexdigest()[:12]
        degraded = _why_degraded(stamp, loaded.stamp)
        return cls(Lexicon.load(), loaded, degraded, f"{version}-words" if degraded else version)

    def tag(
        self,
        texts: Sequence[str],
        languages: Sequence[Language],
        headings: Sequence[tuple[str, ...]],
        vectors: FloatArray | None = None,
    ) -> list[tuple[TopicAssignment, ...]]:
        """The topics of each passage, best first. ``vectors``: passage embeddings, shape (len(texts), dimension).

        Without vectors it works on words alone, and the evidence of each topic says so.
        """
        self._require_same_length(texts, languages, headings, vectors)
        if not texts:
            return []
        findings = [self._lexicon.find(text) for text in texts]
        meaning = self._meaning(vectors, languages)
        scores = self._scores(findings, meaning, headings)
        return [
            self._assignments(text, found, scores[row], None if meaning is None else meaning[row])
            for row, (text, found) in enumerate(zip(texts, findings, strict=True))
        ]

    def own(self, topics: Sequence[OwnTopic], embedder: Embedder) -> OwnTopicTagger:
        """The tagger of users' topics beside this one; ModelError for another model than the head's."""
        return OwnTopicTagger(topics, embedder, self._head)

    def probabilities(
        self,
        texts: Sequence[str],
        languages: Sequence[Language],
        headings: Sequence[tuple[str, ...]],
        vectors: FloatArray | None = None,
    ) -> FloatArray:
        """The calibrated probability of each topic, given or not: shape (texts, topics in the order of Topic)."""
        self._require_same_length(texts, languages, headings, vectors)
        findings = [self._lexicon.find(text) for text in texts]
        return self._scores(findings, self._meaning(vectors, languages), headings)

    def _meaning(self, vectors: FloatArray | None, languages: Sequence[Language]) -> FloatArray | None:
        if vectors is None or self.degraded is not None:
            return None
        return centred(vectors, languages, self._head.means)

    def _scores(
        self, findings: Sequence[Findings], meaning: FloatArray | None, headings: Sequence[tuple[str, ...]]
    ) -> FloatArray:
        words = word_features(self._lexicon, findings)
        prior = np.array([self._heading_prior(path) for path in headings], np.float32).reshape(-1, len(TOPICS))
        if meaning is None:
            return self._head.words.probabilities(words, prior)
        return self._head.meaning.probabilities(np.hstack([words, MEANING_SCALE * meaning]), prior)

    def _heading_prior(self, path: tuple[str, ...]) -> FloatArray:
        prior = np.zeros(len(TOPICS), np.float32)
        if path:
            found = self._lexicon.find("\n".join(path)).matches
            named = {group.topic for group in self._lexicon.groups if group.strength >= _CLEAR and group.name in found}
            prior[[row for row, topic in enumerate(TOPICS) if topic in named]] = HEADING_PRIOR
        return prior

    def _assignments(
        self, text: str, findings: Findings, scores: FloatArray, vector: FloatArray | None
    ) -> tuple[TopicAssignment, ...]:
        layer = self._head.words if vector is None else self._head.meaning
        given = [topic for row, topic in enumerate(TOPICS) if scores[row] >= layer.thresholds[row]]
        given.sort(key=lambda topic: -scores[TOPICS.index(topic)])
        subtopics = evidence.place_subtopics(self._lexicon, findings, given)
        assigned = []
        for topic in given:
            lines = evidence.word_evidence(self._lexicon, findings, topic, text)
            lines += evidence.trap_evidence(findings, topic, text)
            if vector is None:
                lines += (evidence.WORDS_ALONE,)
            else:
                lines += evidence.example_evidence(self._head.examples, self._example_vectors, vector, topic)
            score = round(float(scores[TOPICS.index(topic)]), 4)
            assigned.append(TopicAssignment(topic, score, lines, subtopics[topic]))
        return tuple(assigned)

    def _require_same_length(
        self,
        texts: Sequence[str],
        languages: Sequence[Language],
        headings: Sequence[tuple[str, ...]],
        vectors: FloatArray | None,
    ) -> None:
        if not len(texts) == len(languages) == len(headings):
            raise InputError(
                say("passages"),
                say("texts_languages_headings", texts=len(texts), languages=len(languages), headings=len(headings)),
            )
        wanted = (len(texts), self._head.stamp.dimension)
        if vectors is not None and self.degraded is None and texts and vectors.shape != wanted:
            raise InputError(say("passage_vectors"), say("have_another_shape", shape=vectors.shape, wanted=wanted))


def _read(head: Path) -> bytes:
    try:
        return head.read_bytes()
    except OSError as error:
        raise ModelError(
            say("topic_head_at", head=head),
            say("cannot_be_read", error=type(error).__name__),
            say("run_kb_topics_train"),
        ) from error


def _shipped_head() -> bytes:
    try:
        return files("ingest").joinpath("data/topics_head.npz").read_bytes()
    except OSError as error:
        raise ModelError(
            say("topic_head"), say("is_missing_from_the_installation"), say("run_kb_topics_train")
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
