"""Longer passages put together from labelled ones, so that a head meets topics amid other matter.

Owns which passages meet: by a hash of their ids, never by chance. Refuses to know features and weights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.tagging.passages import LabelledPassage
from kb.records.ports import FloatArray

FOLDS = 6
# With two mixtures for each passage the figures swung by .02 with the hash; with four to six they hold still.
ROUNDS = 4
# In every ten mixtures of a passage with topics, two meet another such passage and eight meet matter of no topic:
# more would make topics commoner than they are in real pages, and the probabilities too high.
_WITH_TOPIC = 2


@dataclass(frozen=True, slots=True)
class Mixture:
    """A passage made of others of its language and fold: their positions, and what they say together."""

    parts: tuple[int, ...]
    passage: LabelledPassage
    fold: int


def fold_of(passage: LabelledPassage) -> int:
    """The cross-validation fold (0 to 5) of a passage, from its document or its id alone."""
    return _hash("fold", passage.document or passage.id) % FOLDS


def mix(passages: Sequence[LabelledPassage]) -> list[Mixture]:
    """Four mixtures for each passage; parts come from one fold, so that none is trained on and judged at once."""
    pools: dict[tuple[object, int, bool], list[int]] = {}
    for position, passage in enumerate(passages):
        pools.setdefault(_pool(passage, bool(passage.tags)), []).append(position)
    return [
        mixture
        for salt in range(ROUNDS)
        for position in range(len(passages))
        if (mixture := _mixture(passages, pools, position, salt)) is not None
    ]


def mixed_vectors(passages: Sequence[LabelledPassage], vectors: FloatArray, mixtures: Sequence[Mixture]) -> FloatArray:
    """One unit vector a mixture: the mean of its parts by their length. Real embeddings served no better."""
    lengths = np.array([len(passage.text) for passage in passages], np.float32)[:, None]
    sums = [(vectors[list(m.parts)] * lengths[list(m.parts)]).sum(axis=0) for m in mixtures]
    stacked = np.stack(sums) if sums else np.zeros((0, vectors.shape[1]), np.float32)
    unit: FloatArray = (stacked / np.maximum(np.linalg.norm(stacked, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return unit


def _mixture(
    passages: Sequence[LabelledPassage], pools: dict[tuple[object, int, bool], list[int]], position: int, salt: int
) -> Mixture | None:
    own = passages[position]
    with_topic = bool(own.tags) and _hash(salt, "kind", own.id) % 10 < _WITH_TOPIC
    wanted = 1 if with_topic else 1 + _hash(salt, "number", own.id) % 2
    others = [other for other in pools.get(_pool(own, with_topic), ()) if other != position]
    others.sort(key=lambda other: _hash(salt, own.id, passages[other].id))
    parts = sorted([position, *others[:wanted]], key=lambda part: _hash(salt, "order", own.id, passages[part].id))
    if len(parts) == 1:
        return None
    return Mixture(tuple(parts), _joined([passages[part] for part in parts]), fold_of(own))


def _joined(parts: Sequence[LabelledPassage]) -> LabelledPassage:
    tags = frozenset(tag for part in parts for tag in part.tags)
    first = parts[0]
    return LabelledPassage(
        "+".join(part.id for part in parts),
        first.language,
        " ".join(part.text for part in parts),
        tags,
        frozenset(tag for part in parts for tag in part.borderline) - tags,
    )


def _pool(passage: LabelledPassage, with_topic: bool) -> tuple[object, int, bool]:
    return passage.language, fold_of(passage), with_topic


def _hash(*parts: object) -> int:
    return int(hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()[:12], 16)
