"""The vectors of passages and of their sentences, through an embedder that is handed in."""

from __future__ import annotations

from collections.abc import Sequence

from kb.document import Passage
from kb.ports import Embedder, FloatArray
from kb.store import Store

_BATCH = 256


def embed(embedder: Embedder, passages: Sequence[Passage]) -> tuple[FloatArray, list[FloatArray]]:
    """The passage vectors, float32 (passages, dimension), and for each passage those of its sentences.

    A passage of one sentence shares its vector with it. All texts go to the embedder in one call, so
    that it can sort them by length.
    """
    texts = [passage.text for passage in passages]
    sentences = [_sentences(passage) for passage in passages]
    every = embedder.encode_passages(texts + [sentence for some in sentences for sentence in some])
    vectors, rest = every[: len(texts)], every[len(texts) :]
    by_passage: list[FloatArray] = []
    for vector, some in zip(vectors, sentences, strict=True):
        by_passage.append(rest[: len(some)] if some else vector[None, :])
        rest = rest[len(some) :]
    return vectors, by_passage


def re_embed(store: Store, embedder: Embedder) -> int:
    """Make every vector of a base anew with this model, in one transaction; how many passages that were."""
    keys = list(store.vector_keys())
    made: dict[int, tuple[FloatArray, FloatArray]] = {}
    for start in range(0, len(keys), _BATCH):
        passages = store.passages(keys[start : start + _BATCH])
        vectors, sentences = embed(embedder, list(passages.values()))
        made.update(zip(passages, zip(vectors, sentences, strict=True), strict=True))
    store.restamp(embedder.stamp, made)
    return len(made)


def _sentences(passage: Passage) -> list[str]:
    if len(passage.sentences) < 2:
        return []
    return [span.shifted(-passage.span.start).cut(passage.text) for span in passage.sentences]
