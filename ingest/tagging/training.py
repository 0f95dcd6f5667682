"""Labelled passages to a head, deterministic.

A logistic regression a topic, in which cues of a topic can only speak for it and other words only against it,
calibrated by topic and by language on documents that were not learned from. Refuses to know files and stored passages.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.tagging.head import (
    LANGUAGES,
    MEANING_SCALE,
    TOPICS,
    Examples,
    Layer,
    TopicHead,
    centred,
    columns_of,
    feature_names,
    rounded,
    word_features,
)
from ingest.tagging.lexicon import TopicLexicon
from ingest.tagging.own import LabelledPassage
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import name_of, say
from kb.records.ports import Embedder, FloatArray, ModelStamp

Floats = NDArray[np.float64]

# Inverse strength of the penalty on weights; 0.3, 1 and 3 lie within .01 of macro F1 in cross-validation.
_PENALTY = 1.0
_FEWEST = 10
_FOLDS = 6
# In cross-validation .35 to .45 are level (macro F1 within .006), for words alone .3 to .4; of these the highest, which
# is wrong least often.
# A level for each topic, chosen in the same way, lost .01 on documents that were kept apart.
_THRESHOLDS = {"meaning": 0.45, "words": 0.40}
# Where the steepest slope of the loss is below this, the weights are found: the shipped head's take 3 to 8 steps.
_FLAT = 1e-6
_SHORTEST_STEP = 1e-8


@dataclass(frozen=True, slots=True)
class _Lesson:
    """All that is learned from: features, wanted topics, which of those count, folds, languages."""

    words: FloatArray
    meaning: FloatArray
    wanted: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    folds: NDArray[np.int64]
    languages: tuple[Language, ...]


@dataclass(frozen=True, slots=True)
class Trained:
    """A head, and the probabilities of each passage by heads that its document was kept from: (passages, topics)."""

    head: TopicHead
    held_out: FloatArray


def fold_of(passage: LabelledPassage) -> int:
    """The cross-validation fold (0 to 5) of a passage, from its document or its id alone."""
    return int(hashlib.sha256(f"fold:{passage.document or passage.id}".encode()).hexdigest()[:12], 16) % _FOLDS


def first_of(passages: Sequence[LabelledPassage], number: int) -> list[int]:
    """The positions of the first so many passages, whole documents in the order of a hash of their ids.

    The last document may be cut.
    """
    names = [hashlib.sha256(f"order:{one.document or one.id}".encode()).hexdigest() for one in passages]
    return sorted(sorted(range(len(passages)), key=lambda row: (names[row], row))[:number])


def train(passages: Sequence[LabelledPassage], embedder: Embedder) -> Trained:
    """The head learned from labelled passages with vectors of ``embedder``; the same input, the same head.

    Raises InputError when a topic has fewer than ten passages for or against it in all.
    """
    return train_on_vectors(passages, embedder.encode_passages([one.text for one in passages]), embedder.stamp)


def train_on_vectors(passages: Sequence[LabelledPassage], vectors: FloatArray, stamp: ModelStamp) -> Trained:
    """As ``train``, from embeddings that are already there (a row a passage), as exact as a head keeps them."""
    _require_enough(passages)
    lexicon = TopicLexicon.load()
    languages = tuple(passage.language for passage in passages)
    examples = Examples(
        tuple(passage.text for passage in passages),
        rounded(vectors),
        languages,
        np.array([[topic in passage.tags for topic in TOPICS] for passage in passages]),
    )
    means = _means(passages, examples.unit())
    lesson = _Lesson(
        word_features(lexicon, [lexicon.find(passage.text) for passage in passages]),
        MEANING_SCALE * centred(examples.unit(), languages, means),
        examples.topics,
        np.array([[topic not in passage.borderline for topic in TOPICS] for passage in passages]),
        np.array([fold_of(passage) for passage in passages]),
        languages,
    )
    meaning, unseen = _layer(lexicon, lesson, "meaning", np.hstack([lesson.words, lesson.meaning]))
    words, _ = _layer(lexicon, lesson, "words", lesson.words)
    head = TopicHead(stamp, feature_names(lexicon), meaning, words, means, examples)
    return Trained(head, meaning.probabilities(unseen, languages))


def _require_enough(passages: Sequence[LabelledPassage]) -> None:
    for topic in TOPICS:
        for wanted, word in ((True, "with"), (False, "without")):
            number = sum((topic in passage.tags) is wanted for passage in passages)
            if number < _FEWEST:
                raise InputError(
                    say("training_passages"),
                    say("only_are", number=number, word=word, topic=topic.value),
                    say("at_least_are_needed", fewest=_FEWEST),
                )
    for language in (Language.ES, Language.EN):
        if all(passage.language is not language for passage in passages):
            raise InputError(say("training_passages"), say("none_is_in_language", language=name_of(language)))


def _means(passages: Sequence[LabelledPassage], vectors: FloatArray) -> dict[Language, FloatArray]:
    of = {
        language: vectors[[passage.language is language for passage in passages]].mean(axis=0)
        for language in (Language.ES, Language.EN)
    }
    return of | {Language.OTHER: ((of[Language.ES] + of[Language.EN]) / 2).astype(np.float32)}


def _layer(lexicon: TopicLexicon, lesson: _Lesson, name: str, features: FloatArray) -> tuple[Layer, FloatArray]:
    """A layer over word features, with whatever other columns stand after them; the log-odds of held-out passages."""
    width = lesson.words.shape[1]
    rest = range(width, features.shape[1])
    weights = np.zeros((len(TOPICS), features.shape[1]))
    bias = np.zeros(len(TOPICS))
    unseen = np.zeros((len(features), len(TOPICS)))
    for row, topic in enumerate(TOPICS):
        own, speaks_for = columns_of(lexicon, topic)
        columns = [*own, *rest]
        signs = np.array([1 if one else -1 for one in speaks_for] + [0] * len(rest))
        learned, unseen[:, row] = _calibrated(features[:, columns].astype(np.float64), lesson, row, signs)
        weights[row, columns] = learned[:-1]
        bias[row] = learned[-1]
    level = np.full(len(TOPICS), _THRESHOLDS[name], np.float32)
    layer = Layer(weights.astype(np.float32), bias.astype(np.float32), level, _by_language(lesson, unseen))
    return layer, unseen.astype(np.float32)


def _by_language(lesson: _Lesson, unseen: Floats) -> FloatArray:
    """A stretch and a shift of the log-odds for each language, over all topics; the mean of both for others."""
    found = {}
    for language in (Language.ES, Language.EN):
        rows = np.array([one is language for one in lesson.languages])
        counted = lesson.counted[rows]
        odds, wanted = unseen[rows][counted][:, None], lesson.wanted[rows][counted]
        found[language] = _regression(odds, wanted, np.array([1]), penalty=100.0)
    found[Language.OTHER] = (found[Language.ES] + found[Language.EN]) / 2
    return np.array([found[language] for language in LANGUAGES], np.float32)


def _calibrated(features: Floats, lesson: _Lesson, topic: int, signs: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Weights and bias, stretched and shifted (Platt 1999) to fit passages not learned from; what they say of these."""
    counted, wanted = lesson.counted[:, topic], lesson.wanted[:, topic]
    everything = _regression(features[counted], wanted[counted], signs)
    odds = np.zeros(len(features))
    for fold in range(_FOLDS):
        held = lesson.folds == fold
        rows = counted & ~held
        learned = _regression(features[rows], wanted[rows], signs, start=everything)
        odds[held] = features[held] @ learned[:-1] + learned[-1]
    platt = _regression(odds[counted, None], wanted[counted], np.array([1]), penalty=100.0)
    stretch, shift = platt
    return np.append(everything[:-1] * stretch, everything[-1] * stretch + shift), odds * stretch + shift


def _regression(
    features: Floats,
    wanted: NDArray[np.bool_],
    signs: NDArray[np.int64],
    penalty: float = _PENALTY,
    start: Floats | None = None,
) -> Floats:
    """Logistic regression with a quadratic penalty; a sign of 1 keeps a weight at 0 or above, -1 at 0 or below.

    Newton's method on the weights that are not held at 0, cut back to their sides (Bertsekas 1982).
    """
    sides = np.where(wanted, 1.0, -1.0)
    rows = np.column_stack([features, np.ones(len(features))])
    ridge = np.append(np.full(len(signs), 1.0 / penalty), 0.0)
    bound = np.append(signs, 0)
    point = np.zeros(len(bound)) if start is None else start

    def loss(at: Floats) -> float:
        return float(np.logaddexp(0.0, -sides * (rows @ at)).sum() + 0.5 * ridge @ at**2)

    while True:
        missed = 1.0 / (1.0 + np.exp(np.clip(sides * (rows @ point), -500, 500)))
        slope = ridge * point - rows.T @ (sides * missed)
        free = (bound == 0) | (point != 0) | (bound * slope < 0)
        if np.abs(slope[free]).max() < _FLAT:
            return point
        near = rows[:, free]
        bend = near.T @ ((missed * (1.0 - missed))[:, None] * near) + np.diag(ridge[free])
        step = np.zeros(len(point))
        step[free] = np.linalg.solve(bend, slope[free])
        further = _descended(loss, point, step, slope, bound)
        if further is None:
            return point
        point = further


def _descended(
    loss: Callable[[Floats], float], point: Floats, step: Floats, slope: Floats, bound: NDArray[np.int64]
) -> Floats | None:
    """The first point on the way that lowers the loss as its slope promises; null at the end of what floats tell."""
    now, length = loss(point), 1.0
    while length > _SHORTEST_STEP:
        further = point - length * step
        further[bound * further < 0] = 0.0
        if loss(further) < now - 1e-4 * float(slope @ (point - further)):
            return further
        length /= 2
    return None
