"""The port of a judge of evidence, and the guard that no judgement passes unseen.

Owns what a judgement must be. Knows no judge in particular.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.answers.judging.features import Case


@dataclass(frozen=True, slots=True)
class EvidenceJudgement:
    """``answers`` is the probability (0 to 1) that any of the passages answers; ``sentences`` has for each passage, in
    the order of the case, that of each of its sentences."""

    answers: float
    sentences: tuple[tuple[float, ...], ...]

    @property
    def passages(self) -> tuple[float, ...]:
        """The probability of each passage: that of its likeliest sentence."""
        return tuple(max(part, default=0.0) for part in self.sentences)


class Judge(Protocol):
    """Says how likely sentences are to answer a question."""

    @property
    def name(self) -> str:
        """Which judge it is, as an answer names it."""
        ...

    def judge(self, case: Case) -> EvidenceJudgement:
        """A probability for every sentence of every passage of the case."""
        ...


class JudgeError(Exception):
    """A judge that gives no judgement; its text says why, in a few words of our own."""


# Who judges where a judge does not: the weights set by hand (``index.answers.relevance``).
BY_WORDS = "weights"


def log_odds(chance: float) -> float:
    """The log-odds of a probability, at most 20 from 0."""
    return max(-20.0, min(20.0, math.log(max(chance, 1e-9) / max(1 - chance, 1e-9))))


@dataclass(frozen=True, slots=True)
class EvidenceVerdict:
    """A judgement that holds, or none; ``judge`` says who judged, and what was wrong with a judge that failed."""

    judgement: EvidenceJudgement | None
    judge: str


def verdict_of(judge: Judge, case: Case) -> EvidenceVerdict:
    """What the judge says of the case, looked at: a number from 0 to 1 for each sentence, no more and no fewer."""
    try:
        found = judge.judge(case)
        fault = _fault(found, [len(one.scores) for one in case.weighed])
    except JudgeError as error:
        fault = str(error)
    # A judge may be any model: whatever it raises, the answer is made without it, and says so.
    except Exception as error:  # noqa: BLE001
        fault = type(error).__name__
    return (
        EvidenceVerdict(found, judge.name)
        if fault is None
        else EvidenceVerdict(None, f"{BY_WORDS} ({judge.name}: {fault})")
    )


def _fault(found: EvidenceJudgement, wanted: Sequence[int]) -> str | None:
    if [len(part) for part in found.sentences] != wanted:
        return "other sentences than were asked about"
    numbers = (found.answers, *(number for part in found.sentences for number in part))
    if not all(math.isfinite(number) and 0 <= number <= 1 for number in numbers):
        return "numbers that are no probabilities"
    return None
