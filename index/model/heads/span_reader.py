"""Whose, of whom, when and of how many the figures of a short text are: stretches of the text, or none.

Owns the heads over the encoder whose uppermost layers were tuned for it (``bench/fit_reader.py``), and how sure a
stretch must be. Knows no grammar, and nothing of what is made of a stretch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.model.bulk_network import BulkNetwork
from index.model.bundled import BundledModel
from index.model.heads.tuning import shipped_arrays, tuned
from index.model.prompts import PASSAGE_PROMPT
from index.model.vocabulary import UnigramTokenizer
from kb.records.document import Span
from kb.records.ports import FiguredText, FigureWords, FloatArray

ROLES = ("source", "population", "period", "sample_size")
TUNED = 6
"""How many of the uppermost layers are tuned."""
WIDEST = 32
"""Tokens of the longest stretch; of the judged ones two in a thousand are longer."""
DISTANCES = np.array([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256])
"""Steps in which it is told how far from the figure a token stands, before it and after it."""
_BEST = 32
_AT_ONCE = 64
"""Texts whose states are in memory at once."""
_NEVER = np.float32(-1e4)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as the network reads it: ids, and where each stands in the text (null for marks and bare spaces)."""

    ids: list[int]
    spans: list[Span | None]

    @classmethod
    def of(cls, tokenizer: UnigramTokenizer, text: str) -> Tokens:
        """The text between the marks and behind the prompt, as passages are read."""
        *lead, end = tokenizer.ids(PASSAGE_PROMPT)
        placed = tokenizer.placed(text)
        spans = [Span(start, stop) if start < stop else None for _, start, stop in placed]
        return cls([*lead, *(one for one, _, _ in placed), end], [*[None] * len(lead), *spans, None])

    def under(self, span: Span) -> tuple[int, int] | None:
        """The first and the last token that share a character with ``span``; null where none does."""
        places = [at for at, one in enumerate(self.spans) if one is not None and one.overlaps(span)]
        return (places[0], places[-1]) if places else None

    def stretch(self, first: int, last: int) -> Span | None:
        """The characters from one token to another, both within; null where either stands nowhere."""
        one, other = self.spans[first], self.spans[last]
        return None if one is None or other is None else Span(one.start, other.end)


class SpanReader:
    """Reads texts of at most 512 tokens. Any number of threads may ask."""

    def __init__(self, model: BundledModel, arrays: dict[str, FloatArray]) -> None:
        self._tokenizer = UnigramTokenizer(model.pieces)
        # In float32 everywhere: what is read of a figure shall not go by the processor.
        self._network = BulkNetwork(tuned(model, arrays), bfloat16=False)
        self._arrays = arrays

    def stretches(self, texts: Sequence[FiguredText]) -> list[list[dict[str, FigureWords]] | None]:
        """Of each text, for each figure and each of ``ROLES`` the likeliest stretch that says it, where there is any;
        null for a text that is too long."""
        told: list[list[dict[str, FigureWords]] | None] = []
        for start in range(0, len(texts), _AT_ONCE):
            some = [
                (Tokens.of(self._tokenizer, text), text, figures) for text, figures in texts[start : start + _AT_ONCE]
            ]
            read = [figures and len(tokens.ids) <= self._network.longest for tokens, _, figures in some]
            states = iter(self._network.states([one.ids for (one, _, _), fits in zip(some, read, strict=True) if fits]))
            for one, fits in zip(some, read, strict=True):
                told.append(self._likeliest(next(states), *one) if fits else None if one[2] else [])
        return told

    def _likeliest(
        self, states: FloatArray, tokens: Tokens, text: str, figures: Sequence[Span]
    ) -> list[dict[str, FigureWords]]:
        places = [tokens.under(figure) or (0, 0) for figure in figures]
        told = []
        for rows in log_odds(states, tokens, places, self._arrays):
            chosen = [likeliest(role, row, tokens, text) for role, row in zip(ROLES, rows, strict=True)]
            each = zip(ROLES, chosen, self._arrays["thresholds"], strict=True)
            words = {role: (span, chance, least) for role, (span, chance), least in each if span is not None}
            told.append(
                {role: FigureWords(span, chance, chance >= least) for role, (span, chance, least) in words.items()}
            )
        return told


def shipped_span_reader(model: BundledModel) -> SpanReader:
    """The reader over the arrays that are shipped; the model without its table of words is enough. ModelError where
    their file is damaged."""
    return SpanReader(model, shipped_arrays("span_reader.npz", "bench.fit_reader"))


def log_odds(
    states: FloatArray, tokens: Tokens, figures: Sequence[tuple[int, int]], arrays: dict[str, FloatArray]
) -> FloatArray:
    """Of each figure (its first and last token) and role: of each stretch, by its first token and its length less one,
    and at the end of there being none; float32 (figures, roles, tokens * WIDEST + 1)."""

    def linear(x: FloatArray, name: str) -> FloatArray:
        return np.asarray((arrays[f"{name}.weight"] @ x.T).T + arrays[f"{name}.bias"], np.float32)

    count, roles = len(states), len(ROLES)
    centred = states - states.mean(axis=1, keepdims=True)
    states = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + np.float32(1e-5))
    states = states * arrays["norm.weight"] + arrays["norm.bias"]
    told = linear(np.hstack([states[[one for one, _ in figures]], states[[one for _, one in figures]]]), "figure")
    told = np.maximum(told, 0)
    asked, keys = linear(told, "query").reshape(len(figures), 2 * roles, -1), linear(states, "key")
    keys = keys.reshape(count, 2 * roles, -1).transpose(1, 2, 0)
    ends = (asked[:, :, None] @ keys)[:, :, 0] / np.float32(np.sqrt(keys.shape[1]))
    ends += arrays["distance"][np.stack([distances(count, *one) for one in figures])].transpose(0, 2, 1)
    ends[..., [span is None for span in tokens.spans]] = _NEVER
    ends = ends.reshape(len(figures), roles, 2, count)
    first, last = (linear(states, name).reshape(count, roles, -1) for name in ("first", "last"))
    joined = first.transpose(1, 0, 2) @ last.transpose(1, 2, 0) / np.float32(np.sqrt(first.shape[2]))
    stops = np.arange(count)[:, None] + np.arange(WIDEST)
    inside, stops = stops < count, np.minimum(stops, count - 1)
    spans = ends[:, :, 0, :, None] + ends[:, :, 1][:, :, stops] + joined[:, np.arange(count)[:, None], stops]
    spans = np.where(inside, spans, _NEVER).reshape(len(figures), roles, -1)
    return np.concatenate([spans, linear(told, "none")[..., None]], axis=2)


def likeliest(role: str, odds: FloatArray, tokens: Tokens, text: str) -> tuple[Span | None, float]:
    """The likeliest stretch, and how much of the chance, 0 to 1, is of stretches that say the same: that have all of
    its words or only some of them, for where a name begins and ends is less sure than whose it is; of a population, at
    least half of all words, for a restriction left out says something else."""
    chances = np.exp(odds - odds.max())
    chances /= chances.sum()
    best, its, agreed = None, frozenset[str](), 0.0
    for at in np.argsort(-chances[:-1])[:_BEST].tolist():
        first, more = divmod(at, WIDEST)
        span = tokens.stretch(first, first + more) if first + more < len(tokens.ids) else None
        words = frozenset(_WORD.findall(span.cut(text).lower())) if span is not None else None
        if not words:
            continue
        if best is None:
            best, its = span, words
        agrees = words <= its or its <= words
        if role == "population":
            agrees = 2 * len(words & its) >= max(len(words), len(its))
        agreed += float(chances[at]) if agrees else 0.0
    return best, agreed


def distances(count: int, first: int, last: int) -> NDArray[np.int64]:
    """For each of ``count`` tokens its row in the table of distances from a figure."""
    at = np.arange(count)
    steps = np.where(at < first, first - at, np.where(at > last, at - last, 0))
    return np.asarray(np.searchsorted(DISTANCES, steps, "right") + (at > last) * (len(DISTANCES) + 1), np.int64)
