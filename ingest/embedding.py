"""The vectors of passages and of their sentences, through an embedder that is handed in."""

from __future__ import annotations

from collections.abc import Sequence

from kb.records.document import Passage
from kb.records.ports import Embedder, FloatArray, PassageVectors, TokenEmbedder
from kb.store import Store

_BATCH = 256


def embed(embedder: Embedder, passages: Sequence[Passage]) -> list[PassageVectors]:
    """What the model makes of each passage: its vector, those of its sentences, and its tokens where it has any.

    A passage of one sentence shares its vector with it. All texts of a kind go to the embedder in one call,
    so that it can sort them by length.
    """
    vectors, tokens = _with_tokens(embedder, [passage.text for passage in passages])
    sentences = [_sentences(passage) for passage in passages]
    rest = embedder.encode_passages([sentence for some in sentences for sentence in some])
    made = []
    for vector, packed, some in zip(vectors, tokens, sentences, strict=True):
        made.append(PassageVectors(vector, rest[: len(some)] if some else vector[None, :], packed))
        rest = rest[len(some) :]
    return made


def re_embed(store: Store, embedder: Embedder) -> int:
    """Make every vector of a base anew with this model, in one transaction; how many passages that were."""
    keys = list(store.vector_keys())
    made: dict[int, PassageVectors] = {}
    for start in range(0, len(keys), _BATCH):
        passages = store.passages(keys[start : start + _BATCH])
        made.update(zip(passages, embed(embedder, list(passages.values())), strict=True))
    store.restamp(embedder.stamp, made)
    return len(made)


def _with_tokens(embedder: Embedder, texts: Sequence[str]) -> tuple[FloatArray, list[bytes]]:
    if isinstance(embedder, TokenEmbedder):
        return embedder.encode_passages_with_tokens(texts)
    return embedder.encode_passages(texts), [b""] * len(texts)


def _sentences(passage: Passage) -> list[str]:
    if len(passage.sentences) < 2:
        return []
    return [span.shifted(-passage.span.start).cut(passage.text) for span in passage.sentences]
