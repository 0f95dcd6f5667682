"""The reference that the bundled model is held to: its own weights in sentence-transformers, vectors and tokens.

The tests compare with it at every run, and the bench with its speed.
"""

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from bench.conversion import Progress, ensure_folder
from bench.low_rank import merged
from index.model import bundled
from index.model.bulk_network import has_bfloat16
from index.model.encoder import SentenceEncoder, opened
from index.model.heads.tuning import question_changes
from index.model.parity import PriorMeans, shipped_means, spanish_share
from index.model.prompts import PASSAGE_PROMPT, QUERY_PROMPT, prepared
from index.model.token_space import EncodedQuestion, TokenSpace, TokenStates, encoded_question, load_token_space, pooled
from kb.records.ports import FloatArray

# As many windows as the network reads at a time.
_BATCH = 16


class ReferenceEncoder(SentenceEncoder):
    """The bundled model with the tokens that late interaction needs."""

    def __init__(self, model: SentenceTransformer, late: tuple[TokenSpace, PriorMeans] | None) -> None:
        super().__init__(model, bundled.stamp(), (QUERY_PROMPT, PASSAGE_PROMPT), has_bfloat16())
        self._space: TokenSpace | None = late[0] if late else None
        self._prior: PriorMeans | None = late[1] if late else None

    def encode_passages_with_tokens(self, texts: Sequence[str]) -> tuple[FloatArray, list[bytes]]:
        """The vectors of ``encode_passages`` and, from the same pass, the packed tokens of each text.

        A model without a token space gives empty bytes.
        """
        space, prior = self._space, self._prior
        if space is None or prior is None:
            return self.encode_passages(texts), [b""] * len(texts)
        vectors = np.zeros((len(texts), self.stamp.dimension), np.float32)
        packed = [b""] * len(texts)
        for index, parts in self._states(texts, self._passage_prompt):
            vectors[index] = pooled(parts)
            share = spanish_share(vectors[index], prior.passages)
            packed[index] = b"".join(space.pack(part.ids, part.states, share) for part in parts)
        return vectors, packed

    def encode_questions(self, texts: Sequence[str]) -> list[EncodedQuestion]:
        """The vector and the telling tokens of each question."""
        space, prior = self._space, self._prior
        if space is None or prior is None:
            return [EncodedQuestion(vector, None) for vector in self.encode_queries(texts)]
        found: dict[int, EncodedQuestion] = {}
        for index, parts in self._states(texts, self._query_prompt):
            found[index] = encoded_question(parts, space, prior)
        return [found[index] for index in range(len(texts))]

    def _states(self, texts: Sequence[str], prompt: str) -> Iterator[tuple[int, list[TokenStates]]]:
        """For each text, shortest first, the token states of its windows."""
        clean = [prepared(text) for text in texts]
        windows = [window for index, text in enumerate(clean) for window in self._windows(index, text, prompt)]
        windows.sort(key=lambda window: len(clean[window.owner]))
        waiting = Counter(window.owner for window in windows)
        parts: dict[int, list[TokenStates]] = {index: [] for index in waiting}
        for start in range(0, len(windows), _BATCH):
            batch = windows[start : start + _BATCH]
            for window, states in zip(batch, self._forward([prompt + one.text for one in batch]), strict=True):
                parts[window.owner].append(states)
                if len(parts[window.owner]) == waiting[window.owner]:
                    yield window.owner, parts.pop(window.owner)

    def _forward(self, texts: Sequence[str]) -> list[TokenStates]:
        limit = self._model.max_seq_length
        tokens = self._model.tokenizer(
            list(texts), padding=True, truncation=limit is not None, max_length=limit, return_tensors="pt"
        )
        autocast = torch.autocast("cpu", dtype=torch.bfloat16) if self._bfloat16 else contextlib.nullcontext()
        with torch.no_grad(), autocast:
            states = self._model[0](dict(tokens))["token_embeddings"].float().numpy()
        sizes = tokens["attention_mask"].sum(dim=1).tolist()
        ids = tokens["input_ids"].tolist()
        return [TokenStates(ids[row][:size], states[row, :size]) for row, size in enumerate(sizes)]


def load_bundled(cache: Path, progress: Progress | None = None, *, asking: bool = False) -> ReferenceEncoder:
    """The bundled multilingual-e5-small as it reads passages, or ``asking`` as it reads questions; the first time it is
    converted below ``cache``. No hub is asked."""
    model = opened(str(ensure_folder(cache, progress)), local=True)
    if asking:
        read: Any = model[0].auto_model
        merged(read.encoder.layer, question_changes())
    space, prior = load_token_space(bundled.stamp()), shipped_means(bundled.stamp())
    return ReferenceEncoder(model, (space, prior) if space and prior else None)
