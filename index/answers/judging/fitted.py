"""The judge that is shipped: two logistic regressions, over the signals of a sentence and over those of a question.

Owns ``data/judge.json`` and how its numbers are used. ``python -m bench.fit_judge`` makes them: one judge that has a
reader of question and sentences, and one without it, which is faster.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.answers.judging.features import NAMES, READ_NAMES, SENTENCE_NAMES, Case, as_read, features
from index.answers.judging.judge import EvidenceJudgement
from index.answers.relevance import Weights
from index.model import bundled
from kb.records.ports import FloatArray

if TYPE_CHECKING:
    from index.model.heads.answer_reader import AnswerReader

# By what a question is judged: the log-odds that a reader gives (the likeliest, the next, the mean of five and of all),
# signals of its best sentence, the log-odds of that one, of the likeliest, of the next and of five, and what even the
# passage that lacks least lacks.
READ_QUESTION_NAMES = ("read_best", "read_second", "read_five", "read_all")
_BEST = (
    "score", "cosine", "around", "lost_around", "words", "fits", "wants_figure", "asked_words", "same_language",
    "names", "names_missing", "names_lacking", "margin", "best_margin", "lost_document", "lost_here",
)  # fmt: skip
_ODDS = ("odds", "odds_best", "odds_second", "odds_five")
_LEAST = ("lost_document", "lost_around", "names_missing", "names_lacking")
QUESTION_NAMES = (*READ_QUESTION_NAMES, *_BEST, *_ODDS, *(f"least_{name}" for name in _LEAST))
_WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Regression:
    """A logistic regression over signals that are first made even: (x - mean) / scale; float64 arrays of one length."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float

    def logits(self, rows: FloatArray) -> FloatArray:
        """The log-odds of each row, float32 (rows,)."""
        return np.asarray(((rows - self.mean) / self.scale) @ self.weights + self.bias, np.float32)


class FittedJudge:
    """Probabilities out of the signals of ``index.answers.judging.features``."""

    def __init__(
        self,
        name: str,
        sentences: Regression,
        questions: Regression,
        reader: Callable[[], AnswerReader] | None = None,
    ) -> None:
        self._name = name
        self._sentences = sentences
        self._questions = questions
        self._reader = reader

    @property
    def name(self) -> str:
        """Its name, with the hash of what it was fitted on."""
        return self._name

    def judge(self, case: Case) -> EvidenceJudgement:
        """The probabilities; passages outside the pool have 0."""
        if not case.weighed:
            return EvidenceJudgement(0.0, ())
        tables = features(case, self._read(case))
        logits = [self.odds(table) for table in tables]
        row = question_row(tables, logits)[question_signals(reads=self._reader is not None)]
        answers = float(_chances(self._questions.logits(row[None]))[0])
        chances = [(0.0,) * len(one.scores) for one in case.weighed]
        for place, odds in zip(case.pool(), logits, strict=True):
            chances[place] = tuple(_chances(odds).tolist())
        return EvidenceJudgement(answers, tuple(chances), chooses=self._reader is not None)

    def _read(self, case: Case) -> list[FloatArray] | None:
        if self._reader is None:
            return None
        return self._reader().log_odds(
            case.reading.text, [as_read(case.weighed[place].candidate) for place in case.pool()]
        )

    def odds(self, table: FloatArray) -> FloatArray:
        """The log-odds of each sentence, float32 (sentences,), out of the signals of a passage."""
        return self._sentences.logits(table[:, sentence_signals(reads=self._reader is not None)])


def question_row(tables: Sequence[FloatArray], logits: Sequence[FloatArray]) -> FloatArray:
    """The signals of a question, float32 (len(QUESTION_NAMES),), out of those of the passages; its best sentence is
    that by which evidence is ordered (``index.answers.relevance.Weights``)."""
    rows, odds = np.concatenate(tables), np.concatenate(logits)
    lacking = rows[:, NAMES.index("names_missing")] > 0
    best = int((rows[:, NAMES.index("score")] + _WEIGHTS.judged * odds - _WEIGHTS.missing * lacking).argmax())
    read, said = (_highest(one) for one in (rows[:, NAMES.index("read")], odds))
    own = [rows[best, NAMES.index(name)] for name in _BEST]
    least = [rows[:, NAMES.index(name)].min() for name in _LEAST]
    return np.array([*read, rows[:, NAMES.index("read")].mean(), *own, odds[best], *said, *least], np.float32)


def _highest(odds: FloatArray) -> list[float]:
    """The highest, the next and the mean of the five highest."""
    order = np.sort(odds)[::-1]
    return [order[0], order[min(1, len(order) - 1)], order[:5].mean()]


def sentence_signals(*, reads: bool) -> slice:
    """The columns by which a judge with or without a reader judges sentences."""
    return slice(0 if reads else len(READ_NAMES), len(READ_NAMES) + len(SENTENCE_NAMES))


def question_signals(*, reads: bool) -> slice:
    """The signals by which a judge with or without a reader judges questions."""
    return slice(0 if reads else len(READ_QUESTION_NAMES), None)


@cache
def shipped_judge(*, reads: bool) -> FittedJudge:
    """The judge of ``data/judge.json``, with the reader over the bundled model or without one; ValueError when it was
    fitted on other signals than these."""
    facts = json.loads(resources.files("index").joinpath("data", "judge.json").read_text(encoding="utf-8"))
    facts = facts["reading" if reads else "alone"]
    sentences = _regression(facts["sentences"], NAMES[sentence_signals(reads=reads)])
    return FittedJudge(
        facts["name"],
        sentences,
        _regression(facts["questions"], QUESTION_NAMES[question_signals(reads=reads)]),
        shipped_reader if reads else None,
    )


@cache
def shipped_reader() -> AnswerReader:
    """The reader that is shipped: made at the first question, for it takes half a second."""
    from index.model.heads.answer_reader import shipped_answer_reader

    return shipped_answer_reader(bundled.read_model(bundled.checked_weights()))


def _regression(facts: Mapping[str, Any], names: Sequence[str]) -> Regression:
    if list(facts["weights"]) != list(names):
        raise ValueError("the judge was fitted on other signals")
    mean, scale, weights = (
        np.array([facts[part][name] for name in names], np.float64) for part in ("mean", "scale", "weights")
    )
    return Regression(mean, scale, weights, float(facts["bias"]))


def _chances(logits: FloatArray) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits.astype(np.float64), -30, 30))), np.float64)
