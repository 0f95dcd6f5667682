"""Passages to topics with their score and evidence.

Owns the order of the steps (words, features, head, evidence, sub-topics) and says when it worked on
words alone. Refuses to know where vectors come from, and what is stored.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ingest.tagging.lexicon import Findings, Lexicon
from kb.language import Language
from kb.ports import FloatArray, ModelStamp
from kb.topics import SubTopic, Topic, TopicAssignment

_THRESHOLD = 0.5
_WORDS_SHOWN = 6


class Tagger:
    """Gives topics to passages. ``degraded`` says why meaning is not used, or is null."""

    def __init__(self, lexicon: Lexicon, degraded: str | None = None) -> None:
        self._lexicon = lexicon
        self.degraded = degraded

    @classmethod
    def load(cls, stamp: ModelStamp | None = None) -> Tagger:
        """The shipped tagger for vectors of the model ``stamp``; without one it works on words alone."""
        return cls(Lexicon.load(), "words alone: no head is trained")

    def tag(
        self,
        texts: Sequence[str],
        languages: Sequence[Language],
        headings: Sequence[tuple[str, ...]],
        vectors: FloatArray | None = None,
    ) -> list[tuple[TopicAssignment, ...]]:
        """The topics of each passage, best first. ``vectors`` has shape (len(texts), dimension)."""
        return [self._tag_one(text) for text in texts]

    def _tag_one(self, text: str) -> tuple[TopicAssignment, ...]:
        findings = self._lexicon.find(text)
        scores = {topic: self._strength(findings, topic) for topic in Topic}
        given = sorted((topic for topic in Topic if scores[topic] >= _THRESHOLD), key=lambda t: -scores[t])
        subtopics = place_subtopics(self._lexicon, findings, given)
        return tuple(
            TopicAssignment(topic, round(scores[topic], 4), word_evidence(self._lexicon, findings, topic, text), names)
            for topic in given
            for names in [subtopics[topic]]
        )

    def _strength(self, findings: Findings, topic: Topic) -> float:
        groups = [g.strength for g in self._lexicon.groups if g.topic is topic and g.name in findings.matches]
        pairs = [p.strength for p in self._lexicon.pairs if p.topic is topic and p.name in findings.pairs]
        return 1.0 - math.prod(1.0 - strength for strength in groups + pairs)


def word_evidence(lexicon: Lexicon, findings: Findings, topic: Topic, text: str) -> tuple[str, ...]:
    """The words found for a topic with the rule of each ("metrics.nps: NPS"), in the order of the lexicon."""
    lines = []
    for group in lexicon.groups:
        if group.topic is topic and group.name in findings.matches:
            words = dict.fromkeys(text[match.start : match.end] for match in findings.matches[group.name])
            lines.append(f"{group.name}: {', '.join(list(words)[:_WORDS_SHOWN])}")
    return tuple(lines)


def place_subtopics(lexicon: Lexicon, findings: Findings, given: Sequence[Topic]) -> dict[Topic, tuple[str, ...]]:
    """The sub-topics found, each under the first of its homes that was given to the passage."""
    placed: dict[Topic, list[str]] = {topic: [] for topic in given}
    for group in lexicon.groups:
        if group.subtopic is None or group.name not in findings.matches:
            continue
        home = next((topic for topic in SubTopic(group.subtopic).homes if topic in placed), None)
        if home is not None and group.subtopic not in placed[home]:
            placed[home].append(group.subtopic)
    order = [subtopic.value for subtopic in SubTopic]
    return {topic: tuple(sorted(names, key=order.index)) for topic, names in placed.items()}
