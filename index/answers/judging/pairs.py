"""A judge made of any model that says of a question and a sentence how well they go together (a cross-encoder).

Owns what such a model is shown and how its numbers become probabilities. Knows no library of models.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from index.answers.judging.features import Case
from index.answers.judging.judge import EvidenceJudgement, JudgeError

Score = Callable[[Sequence[tuple[str, str]]], Sequence[float]]


class PairJudge:
    """Probabilities by ``score``, a number for each pair: as they are where all are from 0 to 1, else as log-odds."""

    def __init__(self, name: str, score: Score) -> None:
        self._name = name
        self._score = score

    @property
    def name(self) -> str:
        """The model's name as it was set."""
        return self._name

    def judge(self, case: Case) -> EvidenceJudgement:
        """The probabilities; passages outside the pool have 0. JudgeError for other numbers than were asked for."""
        rows = [(place, row) for place in case.pool() for row in range(len(case.weighed[place].scores))]
        said = [float(one) for one in self._score([(case.reading.text, _shown(case, *one)) for one in rows])]
        if len(said) != len(rows):
            raise JudgeError(f"{len(said)} numbers for {len(rows)} sentences")
        if not all(0 <= one <= 1 for one in said):
            said = [1 / (1 + math.exp(-max(-30.0, min(30.0, one)))) if math.isfinite(one) else one for one in said]
        chances = [[0.0] * len(one.scores) for one in case.weighed]
        for (place, row), one in zip(rows, said, strict=True):
            chances[place][row] = one
        return EvidenceJudgement(max(said, default=0.0), tuple(map(tuple, chances)))


def _shown(case: Case, place: int, row: int) -> str:
    """A sentence with what stands above it."""
    one = case.weighed[place].candidate
    above = [line for line in (one.document.title, *one.passage.heading_path[-1:]) if line]
    return ". ".join([*dict.fromkeys(above), one.spans[row].cut(one.document.text)])
