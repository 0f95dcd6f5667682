"""What speaks for a topic: the words found with their rules, the nearest labelled examples, the sub-topics.

Refuses to know scores and thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingest.tagging.head import TOPICS, Examples
from ingest.tagging.lexicon import Findings, Lexicon
from kb.records.ports import FloatArray
from kb.records.topics import SubTopic, Topic

WORDS_ALONE = "words alone"
_WORDS_SHOWN = 6
_EXAMPLES_SHOWN = 2
# Below this the nearest labelled passage is about something else: on the training passages, half of the pairs of
# different topics lie under .2 and half of those that share a topic over .4.
_NEAR = 0.4


def word_evidence(lexicon: Lexicon, findings: Findings, topic: Topic, text: str) -> tuple[str, ...]:
    """The words found for a topic with the rule of each ("metrics.nps: NPS"), in the order of the lexicon."""
    lines = []
    for group in lexicon.groups:
        if group.topic is topic and group.name in findings.matches:
            words = dict.fromkeys(" ".join(text[m.start : m.end].split()) for m in findings.matches[group.name])
            lines.append(f"{group.name}: {', '.join(list(words)[:_WORDS_SHOWN])}")
    met = [pair.name for pair in lexicon.pairs if pair.topic is topic and pair.name in findings.pairs]
    return (*lines, *(f"{name}: together in a sentence" for name in met))


def trap_evidence(findings: Findings, topic: Topic, text: str) -> tuple[str, ...]:
    """Cues of the topic that a trap set aside ("set aside: Twitter")."""
    own = [text[m.start : m.end] for m in findings.set_aside if m.group.startswith(f"{topic.value}.")]
    return tuple(f"set aside: {word}" for word in dict.fromkeys(own))


def example_evidence(
    examples: Examples, example_vectors: FloatArray, vector: FloatArray, topic: Topic
) -> tuple[str, ...]:
    """The labelled passages of the topic that are nearest in meaning ("like example en-012 (0.71)"), if near."""
    labelled = np.flatnonzero(examples.topics[:, TOPICS.index(topic)])
    if not len(labelled):
        return ()
    cosines = example_vectors[labelled] @ vector
    nearest = [place for place in np.argsort(-cosines)[:_EXAMPLES_SHOWN] if cosines[place] >= _NEAR]
    return tuple(f"like example {examples.ids[labelled[place]]} ({cosines[place]:.2f})" for place in nearest)


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
