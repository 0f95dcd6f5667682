"""Where an answer begins: the figures of judged questions under a row of thresholds, and the one to take.

Pure: what decides at a threshold is handed in. A threshold is the least margin over the null set
(``index.search.meaning``).
The questions to calibrate on are the project's own (tests/samples/answer_questions.jsonl and refusal_questions.jsonl);
other judged sets only check.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Margins over the null set, as cosines.
_THRESHOLDS = tuple(round(0.02 * step + 0.01, 2) for step in range(-3, 16))


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """What a threshold does: shares (0 to 1) of answerable questions answered and of unanswerable ones refused."""

    threshold: float
    answered: float
    refused: float

    @property
    def balance(self) -> float:
        """The mean of the two: what is right when both kinds of question are asked as often."""
        return (self.answered + self.refused) / 2


def calibrate(
    answerable: Sequence[bool],
    decide: Callable[[float], Sequence[bool]],
    thresholds: Sequence[float] = _THRESHOLDS,
) -> tuple[CalibrationRow, ...]:
    """A row a threshold; ``decide`` says of each question whether it is answered at a threshold.

    Raises ValueError unless there are questions of both kinds.
    """
    if all(answerable) or not any(answerable):
        raise ValueError("calibrating needs answerable and unanswerable questions")
    return tuple(_row(threshold, answerable, decide(threshold)) for threshold in thresholds)


def chosen(rows: Sequence[CalibrationRow]) -> float:
    """The threshold of the best balance; of equal ones the middle, which lies furthest from a mistake."""
    best = max(row.balance for row in rows)
    equal = [row.threshold for row in rows if row.balance == best]
    return equal[len(equal) // 2]


def _row(threshold: float, answerable: Sequence[bool], answered: Sequence[bool]) -> CalibrationRow:
    yes = [said for said, can in zip(answered, answerable, strict=True) if can]
    no = [not said for said, can in zip(answered, answerable, strict=True) if not can]
    return CalibrationRow(threshold, sum(yes) / len(yes), sum(no) / len(no))
