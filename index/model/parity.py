"""Takes the language out of the vectors, so that neither language wins by default.

Every vector loses the mean vector of its language (passages and questions apart) and becomes a
unit again; cosine then compares what is said and not in which language. Owns the means, their
priors and what is done when a base is too small to have its own. Knows no index and no text.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from kb.records.language import Language
from kb.records.messages import name_of, say
from kb.records.ports import Embedder, FloatArray, ModelStamp

# Forty passages are enough to estimate a mean (measured on real CX paragraphs); below, the prior helps.
ENOUGH_PASSAGES = 40
_PAIR = (Language.ES, Language.EN)


@dataclass(frozen=True, slots=True)
class PriorMeans:
    """Mean vectors of parallel texts of our own: of questions, and of passages; float32 (dimension,) each."""

    questions: Mapping[Language, FloatArray]
    passages: Mapping[Language, FloatArray]


@dataclass(frozen=True, slots=True)
class PassageMeans:
    """The mean passage vector of each language, and a note for each that had to lean on the prior."""

    by_language: Mapping[Language, FloatArray]
    notes: tuple[str, ...] = ()


def prior_means(embedder: Embedder) -> PriorMeans:
    """The prior means for this model: shipped for the bundled one, else encoded now (192 short texts)."""
    shipped = shipped_means(embedder.stamp)
    return shipped or encoded_means(embedder)


def encoded_means(embedder: Embedder) -> PriorMeans:
    """The means of ``data/questions.json`` and ``data/passages.json``, encoded by this model."""
    questions, passages = _parallel("questions.json"), _parallel("passages.json")
    return PriorMeans(
        {language: _mean(embedder.encode_queries(texts)) for language, texts in questions.items()},
        {language: _mean(embedder.encode_passages(texts)) for language, texts in passages.items()},
    )


def passage_means(
    totals: Mapping[Language, NDArray[np.float64]], counts: Mapping[Language, int], prior: PriorMeans
) -> PassageMeans:
    """The means of a base from its sums and counts; a language with few passages is blended with the prior.

    With n < ENOUGH_PASSAGES passages the mean is n parts of the base's own and (ENOUGH_PASSAGES - n)
    of the prior. "Other" languages have no prior of their own: the average of Spanish and English.
    """
    means, notes = {}, []
    for language, count in counts.items():
        weight = min(count / ENOUGH_PASSAGES, 1.0)
        own = totals[language] / max(count, 1)
        means[language] = np.asarray(weight * own + (1 - weight) * _prior_for(language, prior), np.float32)
        if weight < 1:
            notes.append(
                say("passages_are_too_few_for_a_mean", count=count, language=name_of(language), share=1 - weight)
            )
    return PassageMeans(means, tuple(notes))


def centred(vectors: FloatArray, mean: FloatArray) -> FloatArray:
    """The vectors less the mean, as units again; float32, the shape of ``vectors`` (one or many)."""
    moved = vectors - mean
    lengths = np.linalg.norm(moved, axis=-1, keepdims=True)
    return np.asarray(moved / np.maximum(lengths, 1e-9), np.float32)


def spanish_share(vector: FloatArray, means: Mapping[Language, FloatArray]) -> float:
    """How far a vector lies on the way from the English mean to the Spanish one, 0 to 1.

    A question that mixes languages, or one word that both share ("NPS"), lies in between.
    """
    spanish, english = (means[language] for language in _PAIR)
    way = spanish - english
    length = float(way @ way)
    return float(np.clip((vector - english) @ way / length, 0, 1)) if length > 0 else 0.5


def centred_question(question: FloatArray, prior: PriorMeans) -> FloatArray:
    """The question vector without its language: less the question mean at its share of each language."""
    share = spanish_share(question, prior.questions)
    spanish, english = (prior.questions[language] for language in _PAIR)
    return centred(question, np.asarray(share * spanish + (1 - share) * english, np.float32))


def shipped_means(stamp: ModelStamp) -> PriorMeans | None:
    """The means that are shipped for this model; null for any but the bundled one."""
    data = json.loads(_data("means.json"))
    if (data["name"], data["revision"]) != (stamp.name, stamp.revision):
        return None
    questions, passages = (
        {Language(code): np.array(mean, np.float32) for code, mean in data[part].items()}
        for part in ("questions", "passages")
    )
    return PriorMeans(questions, passages)


def _parallel(name: str) -> dict[Language, list[str]]:
    rows = json.loads(_data(name))
    return {language: [row[language.value] for row in rows] for language in _PAIR}


def _data(name: str) -> str:
    return resources.files("index").joinpath("data", name).read_text(encoding="utf-8")


def _mean(vectors: FloatArray) -> FloatArray:
    return np.asarray(vectors.mean(axis=0, dtype=np.float64), np.float32)


def _prior_for(language: Language, prior: PriorMeans) -> FloatArray:
    known: Sequence[FloatArray] = [prior.passages[pair] for pair in _PAIR]
    return prior.passages[language] if language in prior.passages else _mean(np.stack(known))
