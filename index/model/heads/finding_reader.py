"""Is a number of a text a figure, something that was measured? Log-odds by the text around it.

Owns the one map over the encoder whose uppermost layers were tuned for it (``bench/fit_finding_reader.py``). Knows no
grammar, and nothing of what a number says.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from index.model.bulk_network import BulkNetwork
from index.model.bundled import BundledModel
from index.model.heads.span_reader import Tokens
from index.model.heads.tuning import shipped_arrays, tuned
from index.model.vocabulary import UnigramTokenizer
from kb.records.document import Span
from kb.records.ports import FloatArray

FILE, PROGRAM = "finding_reader.npz", "bench.fit_finding_reader"
TUNED = 6
"""How many of the uppermost layers are tuned."""
HEAVIEST = 6.0
"""What the signs of a number weigh at most, for or against."""
_TEXTS = 16
"""How many texts stay read: the numbers of a passage are asked for one by one."""


class FindingReader:
    """Reads texts of at most 512 tokens. Any number of threads may ask."""

    def __init__(self, model: BundledModel, arrays: dict[str, FloatArray]) -> None:
        self._tokenizer = UnigramTokenizer(model.pieces)
        # In float32 everywhere: what is read as a figure shall not go by the processor.
        self._network = BulkNetwork(tuned(model, arrays), bfloat16=False)
        self._weights = arrays["weights"]
        self._read = lru_cache(maxsize=_TEXTS)(self._states)

    def odds(self, text: str, number: Span, weight: float) -> float:
        """How likely a number of a text is a figure, in log-odds, by the words around it and by what its signs weigh;
        ``weight`` itself for a text that is too long."""
        tokens, states = self._read(text)
        place = tokens.under(number)
        if states is None or place is None:
            return weight
        return float(finding_signs(states, place, weight) @ self._weights)

    def _states(self, text: str) -> tuple[Tokens, FloatArray | None]:
        tokens = Tokens.of(self._tokenizer, text)
        return tokens, self._network.states([tokens.ids])[0] if len(tokens.ids) <= self._network.longest else None


def finding_signs(states: FloatArray, place: tuple[int, int], weight: float) -> FloatArray:
    """What says whether a number is a figure: the states of its first and its last token, each less its mean and in
    units of its spread, what its signs weigh, at most HEAVIEST, and 1; float32 (2 * hidden + 2,)."""
    ends = states[list(place)]
    ends = (ends - ends.mean(axis=1, keepdims=True)) / ends.std(axis=1, keepdims=True)
    return np.concatenate([ends.ravel(), [np.clip(weight, -HEAVIEST, HEAVIEST), 1]]).astype(np.float32)


def shipped_finding_reader(model: BundledModel) -> FindingReader:
    """The reader over the arrays that are shipped. ModelError where their file is damaged."""
    return FindingReader(model, shipped_arrays(FILE, PROGRAM))
