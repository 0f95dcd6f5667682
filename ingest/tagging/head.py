"""The head: features to calibrated probabilities, one a topic, and the labelled examples it learned from.

Owns the numbers and their file (npz without objects). Refuses to know how they were learned, and texts.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.tagging.lexicon import CueFindings, TopicLexicon
from kb.records.errors import ModelError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.ports import FloatArray, ModelStamp
from kb.records.topics import Topic

# A cue met three times says no more than met twice: the count enters as log2(1 + n), at most 2.
_MOST = 2.0
# Strong cues are scaled up, so that a head trained on few examples trusts them first; the floor keeps weak ones alive.
_FLOOR = 0.3
# In cross-validation by document 1 to 2 for meaning and 1 to 9 for cues lie within .01 of macro F1.
_CUE_SCALE = 6.0
MEANING_SCALE = 1.5


def feature_names(lexicon: TopicLexicon) -> tuple[str, ...]:
    """The names of the word features, in order: groups, then rules."""
    return tuple(group.name for group in lexicon.groups) + tuple(pair.name for pair in lexicon.pairs)


def word_features(lexicon: TopicLexicon, findings: Sequence[CueFindings]) -> FloatArray:
    """One row a text, one column a name of ``feature_names``; float32 of 0 to 4."""
    columns = {name: column for column, name in enumerate(feature_names(lexicon))}
    matrix = np.zeros((len(findings), len(columns)), np.float32)
    for row, found in enumerate(findings):
        for name, matches in found.matches.items():
            matrix[row, columns[name]] = min(np.log2(1 + len(matches)), _MOST)
        for name, sentences in found.pairs.items():
            matrix[row, columns[name]] = min(np.log2(1 + len(sentences)), _MOST)
    strengths = [group.strength for group in lexicon.groups] + [pair.strength for pair in lexicon.pairs]
    scales = _CUE_SCALE * np.maximum(np.asarray(strengths, np.float32), _FLOOR)
    return (matrix * scales).astype(np.float32)


def centred(vectors: FloatArray, languages: Sequence[Language], means: Mapping[Language, FloatArray]) -> FloatArray:
    """Vectors less the mean of their language, as unit vectors: what two languages share, not what parts them."""
    shifted = vectors - np.stack([means[language] for language in languages]) if len(languages) else vectors
    lengths = np.linalg.norm(shifted, axis=1, keepdims=True)
    unit: FloatArray = (shifted / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


def columns_of(lexicon: TopicLexicon, topic: Topic) -> tuple[list[int], list[bool]]:
    """The word features that may speak on a topic, and for each whether it speaks for it (else against).

    Cues of another topic say nothing: a passage on NPS may well be about empathy too. Groups without a topic
    ("technology", "people") can never speak for one by themselves, only inside a rule.
    """
    columns: list[int] = []
    speaks_for: list[bool] = []
    rules = [(group.name, group.topic) for group in lexicon.groups] + [
        (pair.name, pair.topic) for pair in lexicon.pairs
    ]
    for column, (name, own) in enumerate(rules):
        shared = own is None and name.split(".")[0] == topic.value
        if own is topic or shared:
            columns.append(column)
            speaks_for.append(own is topic)
    return columns, speaks_for


TOPICS = tuple(Topic)
_FORMAT = "topic-head-3"
LANGUAGES = tuple(Language)
_RETRAIN = say("run_kb_topics_train")
_PARTS = ("weights", "bias", "thresholds", "languages")


@dataclass(frozen=True, slots=True)
class Layer:
    """Weights of shape (topics, features), a bias a topic, and the probability from which a topic is given.

    ``languages``, shape (languages in the order of Language, 2), stretches and shifts the log-odds of each language.
    """

    weights: FloatArray
    bias: FloatArray
    thresholds: FloatArray
    languages: FloatArray

    def odds(self, features: FloatArray) -> FloatArray:
        """The log-odds, shape (texts, topics), as they are before their language is looked at."""
        odds: FloatArray = features @ self.weights.T + self.bias
        return odds

    def probabilities(self, odds: FloatArray, languages: Sequence[Language]) -> FloatArray:
        """Log-odds of ``odds`` as calibrated probabilities of the same shape."""
        rows = self.languages[[LANGUAGES.index(language) for language in languages]].reshape(-1, 2)
        found: FloatArray = (1.0 / (1.0 + np.exp(-(rows[:, :1] * odds + rows[:, 1:])))).astype(np.float32)
        return found


@dataclass(frozen=True, slots=True)
class Examples:
    """The labelled passages: texts, ``rounded`` embeddings, languages, and topics as booleans."""

    texts: tuple[str, ...]
    vectors: NDArray[np.int8]
    languages: tuple[Language, ...]
    topics: NDArray[np.bool_]

    def unit(self) -> FloatArray:
        """The embeddings as unit vectors, shape (passages, dimension)."""
        vectors = self.vectors.astype(np.float32)
        unit: FloatArray = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return unit


def rounded(vectors: FloatArray) -> NDArray[np.int8]:
    """Embeddings in a quarter of their bytes: each row stretched so that its largest number is 127, and rounded."""
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
    whole: NDArray[np.int8] = np.round(vectors / largest * 127).astype(np.int8)
    return whole


@dataclass(frozen=True, slots=True)
class TopicHead:
    """Two layers over one lexicon: ``meaning`` (words and embedding) and ``words`` (words alone)."""

    stamp: ModelStamp
    feature_names: tuple[str, ...]
    meaning: Layer
    words: Layer
    means: Mapping[Language, FloatArray]
    examples: Examples

    def to_bytes(self) -> bytes:
        """The head as an npz file; the same head gives the same bytes."""
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **_arrays(self))
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> TopicHead:
        """The head of ``to_bytes``; raises ModelError when the file is damaged or of another format."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
        except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise ModelError(say("topic_head"), say("cannot_be_read", error=type(error).__name__), _RETRAIN) from error
        if "format" not in arrays or str(arrays["format"]) != _FORMAT:
            raise ModelError(say("topic_head"), say("is_not_of_the_format", format=_FORMAT), _RETRAIN)
        return _head(arrays)


@dataclass(frozen=True, slots=True)
class TunedLayer:
    """What decides with the head where a passage was read for its topics: a layer over words and topic vectors, the
    means of these, and the SHA-256 of the file of changes by which ``index`` makes them.

    The log-odds are the mean of both. On the judged pages macro F1 is .883 by the head, .886 by this layer and .896 by
    the mean, on documents kept apart .633, .707 and .690, on the unseen ones .751, .787 and .781.
    """

    layer: Layer
    means: Mapping[Language, FloatArray]
    encoder: str

    def to_bytes(self) -> bytes:
        """The layer as an npz file; the same layer gives the same bytes."""
        buffer = io.BytesIO()
        arrays = {part: getattr(self.layer, part) for part in _PARTS} | {"encoder": np.array(self.encoder)}
        means = {f"mean_{language.value}": self.means[language] for language in Language}
        np.savez_compressed(buffer, allow_pickle=False, **(arrays | means))
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> TunedLayer:
        """The layer of ``to_bytes``; raises ModelError when the file is damaged."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as held:
                layer = Layer(*(held[part].astype(np.float32) for part in _PARTS))
                means = {language: held[f"mean_{language.value}"].astype(np.float32) for language in Language}
                return cls(layer, means, str(held["encoder"]))
        except (ValueError, OSError, EOFError, TypeError, KeyError, zipfile.BadZipFile, zlib.error) as error:
            reason = say("cannot_be_read", error=type(error).__name__)
            raise ModelError(
                say("topic_head"), reason, say("get_or_make_the_file", program="bench.tune_topics")
            ) from error


def _arrays(head: TopicHead) -> dict[str, NDArray[np.generic]]:
    arrays: dict[str, NDArray[np.generic]] = {
        "format": np.array(_FORMAT),
        "model": np.array([head.stamp.name, head.stamp.revision, str(head.stamp.dimension)]),
        "feature_names": np.array(head.feature_names),
        "topics": np.array([topic.value for topic in TOPICS]),
        "example_texts": np.frombuffer(json.dumps(head.examples.texts, ensure_ascii=False).encode(), np.uint8),
        "example_vectors": head.examples.vectors,
        "example_languages": np.array([language.value for language in head.examples.languages]),
        "example_topics": head.examples.topics,
    }
    for name, layer in (("meaning", head.meaning), ("words", head.words)):
        arrays |= {f"{name}_{part}": getattr(layer, part) for part in _PARTS}
    return arrays | {f"mean_{language.value}": head.means[language] for language in Language}


def _head(arrays: Mapping[str, NDArray[np.generic]]) -> TopicHead:
    if tuple(arrays["topics"].tolist()) != tuple(topic.value for topic in TOPICS):
        raise ModelError(say("topic_head"), say("was_trained_for_other_topics"), _RETRAIN)
    name, revision, dimension = arrays["model"].tolist()
    return TopicHead(
        ModelStamp(name, revision, int(dimension)),
        tuple(arrays["feature_names"].tolist()),
        _layer(arrays, "meaning"),
        _layer(arrays, "words"),
        {language: arrays[f"mean_{language.value}"].astype(np.float32) for language in Language},
        Examples(
            tuple(json.loads(arrays["example_texts"].tobytes())),
            arrays["example_vectors"].astype(np.int8),
            tuple(Language(code) for code in arrays["example_languages"].tolist()),
            arrays["example_topics"].astype(np.bool_),
        ),
    )


def _layer(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Layer:
    parts: Sequence[FloatArray] = [arrays[f"{name}_{part}"].astype(np.float32) for part in _PARTS]
    return Layer(*parts)
