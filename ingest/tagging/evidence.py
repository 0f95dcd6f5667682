"""What speaks for a topic: the sentences that carry it, the nearest labelled passage, the sub-topics.

A sentence carries a topic as far as the passage without it speaks less for the topic. Refuses to know thresholds.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from ingest.tagging.head import MEANING_SCALE, TOPICS, Examples, Layer, centred, word_features
from ingest.tagging.lexicon import CueFindings, TopicLexicon
from kb.records.document import Span
from kb.records.language import Language
from kb.records.ports import FloatArray
from kb.records.topics import SubTopic, Topic

# A second sentence is shown where the topic loses at least this share of what it loses with the first.
_SECOND = 0.5
# Below this the nearest labelled passage is about something else: on the training passages, half of the pairs of
# different topics lie under .2 and half of those that share a topic over .4.
_NEAR = 0.4


def without_each(
    lexicon: TopicLexicon,
    findings: CueFindings,
    sentences: Sequence[Span],
    vectors: tuple[FloatArray, FloatArray] | None,
    language: Language,
    means: Mapping[Language, FloatArray],
) -> FloatArray:
    """The features of a passage less each of its sentences in turn, shape (sentences, features).

    ``vectors`` are the passage's (dimension,) and its sentences' (sentences, dimension), null for words alone. The
    vector of a passage is taken for the mean of its sentences' by their length, so that nothing is embedded.
    """
    words = word_features(lexicon, [findings.without(sentence) for sentence in sentences])
    if vectors is None:
        return words
    whole, parts = vectors
    shares = np.array([sentence.end - sentence.start for sentence in sentences], np.float32)
    shares /= shares.sum()
    rest = whole[None, :] - shares[:, None] * parts
    rest /= np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-9)
    meaning = centred(rest.astype(np.float32), [language] * len(sentences), means)
    return np.hstack([words, MEANING_SCALE * meaning])


def carrying(
    layer: Layer, whole: FloatArray, rest: FloatArray, sentences: Sequence[Span], text: str
) -> list[tuple[str, ...]]:
    """For each topic the one or two sentences without which it loses most, in the order of the text, verbatim.

    ``whole`` are the log-odds of the passage (topics,), ``rest`` the features of ``without_each``.
    """
    losses = whole[None, :] - layer.odds(rest)
    found = []
    for column in range(len(TOPICS)):
        ranked = np.argsort(-losses[:, column], kind="stable")[:2]
        most = float(losses[ranked[0], column])
        kept = [int(place) for place in ranked if losses[place, column] >= _SECOND * most > 0] or [int(ranked[0])]
        found.append(tuple(sentences[place].cut(text) for place in sorted(kept)))
    return found


def nearest_example(examples: Examples, example_vectors: FloatArray, vector: FloatArray, topic: Topic) -> str | None:
    """The text of the labelled passage of the topic that is nearest in meaning; null where none is near."""
    labelled = np.flatnonzero(examples.topics[:, TOPICS.index(topic)])
    if not len(labelled):
        return None
    cosines = example_vectors[labelled] @ vector
    best = int(np.argmax(cosines))
    return examples.texts[labelled[best]] if cosines[best] >= _NEAR else None


def place_subtopics(
    lexicon: TopicLexicon, findings: CueFindings, given: Sequence[Topic]
) -> dict[Topic, tuple[str, ...]]:
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
