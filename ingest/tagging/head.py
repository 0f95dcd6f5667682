"""The head: features to calibrated probabilities, one a topic, and the labelled examples it learned from.

Owns the numbers and their file (npz without objects). Refuses to know how they were learned, and texts.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.records.errors import ModelError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.ports import FloatArray, ModelStamp
from kb.records.topics import Topic

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
