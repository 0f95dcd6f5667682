"""Text to vectors through sentence-transformers: the one module that imports it.

Owns loading (a folder or a name), prompts, windows, and bfloat16 where the
processor has it. Refuses to know passages, languages or where vectors go.
"""

import contextlib
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from index.model import bundled
from index.model.bulk_network import has_bfloat16
from index.model.prompts import PASSAGE_PROMPT, QUERY_PROMPT, prepared
from kb.records.errors import ModelError
from kb.records.messages import say
from kb.records.ports import FloatArray, ModelStamp


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of text number ``owner``, and its weight: the tokens in it."""

    owner: int
    text: str
    weight: float


def windows_of(owner: int, text: str, offsets: Sequence[tuple[int, int]], limit: int) -> list[Window]:
    """The text in windows of at most ``limit`` tokens, cut where tokens begin.

    ``offsets`` are the (start, end) characters of its tokens; a text that fits is one window.
    """
    if len(offsets) <= limit:
        return [Window(owner, text, float(max(len(offsets), 1)))]
    # Equal windows: a last one of three words would be a vector of nothing in particular.
    count = -(-len(offsets) // limit)
    cuts = [len(offsets) * index // count for index in range(count)]
    starts = [0, *(offsets[cut][0] for cut in cuts[1:]), len(text)]
    sizes = np.diff([*cuts, len(offsets)])
    return [
        Window(owner, text[start:end], float(size)) for (start, end), size in zip(pairwise(starts), sizes, strict=True)
    ]


def joined(windows: Sequence[Window], vectors: FloatArray, count: int) -> FloatArray:
    """One unit vector for each of ``count`` texts: the mean of its windows, weighted by tokens.

    ``vectors`` is (len(windows), dimension); the result is float32 (count, dimension).
    """
    sums = np.zeros((count, vectors.shape[1]), np.float32)
    owners = np.array([window.owner for window in windows], np.int64)
    weights = np.array([window.weight for window in windows], np.float32)
    np.add.at(sums, owners, vectors * weights[:, None])
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(lengths, 1e-12), np.float32)


# Measured on 2 cores with 240 paragraphs of 205 tokens: 8 to 16 a batch beat 32 and 64 by 15 to 50 %.
_BATCH = 16
# Texts between two calls of the progress callback; sorting by length works inside one slice.
_SLICE = 1024


class SentenceEncoder:
    """An Embedder over a loaded sentence-transformers model.

    ``bfloat16`` runs the network in that format (cosine .99999 to float32 on 240 XQuAD
    paragraphs, and about twice as fast where the processor computes in it).
    """

    def __init__(
        self,
        model: SentenceTransformer,
        stamp: ModelStamp,
        prompts: tuple[str, str],
        bfloat16: bool,
    ) -> None:
        dimension = model.get_embedding_dimension()
        if dimension != stamp.dimension:
            raise ModelError(stamp.name, say("gives_other_dimensions", found=dimension, wanted=stamp.dimension))
        self._model = model
        self._stamp = stamp
        self._query_prompt, self._passage_prompt = prompts
        self._bfloat16 = bfloat16

    @property
    def stamp(self) -> ModelStamp:
        """Which model this is."""
        return self._stamp

    def encode_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> FloatArray:
        """Unit vectors, float32 (len(texts), dimension); ``progress`` gets the number of texts done."""
        return self._encode(texts, self._passage_prompt, progress)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors, float32 (len(texts), dimension), with the query prompt."""
        return self._encode(texts, self._query_prompt, None)

    def _encode(self, texts: Sequence[str], prompt: str, progress: Callable[[int], None] | None) -> FloatArray:
        """Slices of like length, so that little is padding; the order of ``texts`` is kept."""
        clean = [prepared(text) for text in texts]
        found = np.zeros((len(clean), self._stamp.dimension), np.float32)
        order = sorted(range(len(clean)), key=lambda index: len(clean[index]))
        for start in range(0, len(order), _SLICE):
            chosen = order[start : start + _SLICE]
            found[chosen] = self._encode_slice([clean[index] for index in chosen], prompt)
            if progress is not None:
                progress(start + len(chosen))
        return found

    def _encode_slice(self, texts: Sequence[str], prompt: str) -> FloatArray:
        windows = [window for index, text in enumerate(texts) for window in self._windows(index, text, prompt)]
        with torch.autocast("cpu", dtype=torch.bfloat16) if self._bfloat16 else contextlib.nullcontext():
            vectors = self._model.encode(
                [window.text for window in windows],
                prompt=prompt,
                batch_size=_BATCH,
                show_progress_bar=False,
                normalize_embeddings=True,
                convert_to_numpy=True,
            )
        return joined(windows, np.asarray(vectors, np.float32), len(texts))

    def _windows(self, owner: int, text: str, prompt: str) -> list[Window]:
        limit = self._model.max_seq_length
        # A token is at least a character: what is this short always fits, and needs no counting.
        if limit is None or len(prompt) + len(text) + 2 <= limit:
            return [Window(owner, text, 1.0)]
        encoded = self._model.tokenizer(text, return_offsets_mapping=True, add_special_tokens=False, verbose=False)
        reserved = len(self._model.tokenizer(prompt)["input_ids"]) + 1
        return windows_of(owner, text, encoded["offset_mapping"], limit - reserved)


def load_named(name: str) -> SentenceEncoder:
    """Any other sentence-transformers model: a folder, or a hub name where a hub is reachable.

    Prompts are the model's own; an e5 model without any gets ``query: `` and ``passage: ``.
    """
    folder = Path(name)
    model = opened(name, local=folder.is_dir())
    own = model.prompts
    e5 = (QUERY_PROMPT, PASSAGE_PROMPT) if "e5" in folder.name.lower() else ("", "")
    prompts = (own.get("query") or e5[0], own.get("passage") or own.get("document") or e5[1])
    label = folder.name if folder.is_dir() else name
    dimension = model.get_embedding_dimension()
    if dimension is None:
        raise ModelError(name, say("does_not_say_how_many_dimensions"), say("choose_another_kb_model"))
    return SentenceEncoder(model, ModelStamp(label, _weights_hash(model), dimension), prompts, has_bfloat16())


def opened(name: str, local: bool) -> SentenceTransformer:
    """The model of a folder or a name, on the processor; ``local`` asks no hub. ModelError where it cannot be."""
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # untyped in transformers
    try:
        return SentenceTransformer(name, device="cpu", local_files_only=local)
    # Hubs, transformers and safetensors raise a dozen unrelated kinds for "not there" and "damaged".
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        hint = say("kb_model_takes_a_folder", bundled=bundled.NAME)
        raise ModelError(say("model_named", name=name), say("cannot_be_loaded", reason=reason[:200]), hint) from error


def _weights_hash(model: SentenceTransformer) -> str:
    """16 hex digits over names, shapes and bytes of all weights: the same model, the same revision."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name}{tuple(tensor.shape)}{tensor.dtype}".encode())
        digest.update(tensor.detach().cpu().contiguous().view(torch.uint8).numpy().data)
    return digest.hexdigest()[:16]
