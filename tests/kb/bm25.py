"""BM25 as FTS5 has it, of every passage by itself: what weighing in memory has to give, to the last bit."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from kb.records.search import WordQuery


def weighed(
    rows: Iterable[tuple[int, str, str]], words: WordQuery, limit: int, among: Collection[int] | None
) -> list[tuple[int, float]]:
    """Keys and scores of the passages (key, plain words, stemmed words) with any of the words, best first, equal ones
    by ascending key; only ``among`` these keys."""
    texts = {key: (plain.split(), stemmed.split()) for key, plain, stemmed in rows}
    mean = sum(len(plain) + len(stemmed) for plain, stemmed in texts.values()) / max(1, len(texts)) or 1.0
    phrases = [*((0, word) for word in words.plain), *((1, word) for word in words.stems)]
    scores = dict.fromkeys(texts, 0.0)
    for form, word in phrases:
        having = sum(word in text[form] for text in texts.values())
        weight = max(float(np.log((len(texts) - having + 0.5) / (having + 0.5))), 1e-6)
        for key, text in texts.items():
            times = text[form].count(word)
            usual = 1.2 * (1 - 0.75 + 0.75 * (len(text[0]) + len(text[1])) / mean)
            scores[key] += weight * (times * 2.2) / (times + usual)
    found = [(key, score) for key, score in scores.items() if score > 0 and (among is None or key in among)]
    return sorted(found, key=lambda one: (-one[1], one[0]))[:limit]
