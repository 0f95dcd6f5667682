"""The judge of evidence: its guard, its arithmetic, and what its probabilities decide."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest

from bench.fit_judge import area, fit
from index.answers.anchors import anchors_of
from index.answers.asked_words import Asked
from index.answers.deciding import Limits, belongs
from index.answers.judging.features import NAMES, POOL, SENTENCE_NAMES, Case, features
from index.answers.judging.fitted import QUESTION_NAMES, FittedJudge, Regression, question_row, shipped_judge
from index.answers.judging.judge import Judgement, Verdict, log_odds, verdict_of
from index.answers.question import read_question
from index.answers.relevance import Candidate, Weights, weigh_all
from index.search.glossary import Glossary
from index.search.searcher import Scored
from kb.records.search import Why
from tests.index.test_answering import evidence_of, passage_of
from tests.kb.making import make_document

QUESTION = "What share of customers left?"


def candidate_of(text: str, key: int) -> Candidate:
    document = make_document(f"{key}.txt", text)
    passage = passage_of(document)
    scored = Scored(key, 1 / key, Why(0.5 / key, 0.5 / key, (), 1.0, passage.span))
    return Candidate(scored, passage, document, np.full(len(passage.sentences), 0.5 / key, np.float32), (), margin=0.2)


def case_of(*texts: str) -> Case:
    glossary, reading = Glossary.shipped(), read_question(QUESTION)
    found = [candidate_of(text, key) for key, text in enumerate(texts, start=1)]
    asked = Asked(QUESTION, glossary)
    weighed = weigh_all(found, asked, reading, Weights())
    return Case(reading, asked, anchors_of(QUESTION, reading, glossary), weighed)


CASE = case_of("Of the customers, 40 % left. | Nobody asked them.", "The weather was fine.")


@dataclass(frozen=True)
class Saying:
    """A judge that says this, or raises it."""

    said: object
    name: str = "saying"

    def judge(self, case: Case) -> Judgement:
        if isinstance(self.said, Exception):
            raise self.said
        return self.said  # type: ignore[return-value]  # hostile judges return anything


GOOD = Judgement(0.8, ((0.9, 0.1), (0.0,)))


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (Judgement(0.8, ((0.9, 0.1),)), "other sentences than were asked about"),
        (Judgement(0.8, ((0.9,), (0.0,))), "other sentences than were asked about"),
        (Judgement(0.8, ((0.9, 0.1), (0.0,), (0.5,))), "other sentences than were asked about"),
        (Judgement(0.8, ((0.9, math.nan), (0.0,))), "numbers that are no probabilities"),
        (Judgement(math.inf, ((0.9, 0.1), (0.0,))), "numbers that are no probabilities"),
        (Judgement(0.8, ((1.2, 0.1), (0.0,))), "numbers that are no probabilities"),
        (Judgement(0.8, (("yes", 0.1), (0.0,))), "TypeError"),  # type: ignore[arg-type]
        (None, "AttributeError"),
        (RuntimeError("endpoint gone"), "RuntimeError"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_a_judgement_that_does_not_hold_is_named_and_not_used(said: object, fault: str) -> None:
    assert verdict_of(Saying(said), CASE) == Verdict(None, f"weights (saying: {fault})")


def test_a_judgement_that_holds_is_taken_as_it_is() -> None:
    assert verdict_of(Saying(GOOD), CASE) == Verdict(GOOD, "saying")
    assert GOOD.passages == (0.9, 0.0)


def test_a_row_of_finite_signals_for_each_sentence() -> None:
    tables = features(CASE)

    assert [table.shape for table in tables] == [(2, len(NAMES)), (1, len(NAMES))]
    assert all(np.isfinite(table).all() for table in tables)
    said = dict(zip(NAMES, tables[0][0].tolist(), strict=True))
    wanted = {"cosine": 0.5, "cosine_behind": 0.0, "has_number": 1.0, "wants_figure": 1.0, "last": 0.0, "margin": 0.2}
    assert {name: said[name] for name in wanted} == pytest.approx(wanted)
    assert features(case_of()) == []


def test_the_shipped_judge_gives_probabilities_and_judges_the_first_passages_only() -> None:
    case = case_of(*["Of the customers, 40 % left."] * (POOL + 2))
    judge = shipped_judge()
    verdict = verdict_of(judge, case)

    assert verdict.judge == judge.name
    assert verdict.judgement is not None
    assert [len(part) for part in verdict.judgement.sentences] == [1] * (POOL + 2)
    assert verdict.judgement.passages[POOL:] == (0.0, 0.0)
    assert judge.judge(case_of()) == Judgement(0.0, ())


def test_the_arithmetic_of_a_fitted_judge() -> None:
    """One signal each, the odds by hand: 2 x (0.5 - 0) / 0.5 - 1 = 1 for the best sentence."""

    def one(names: tuple[str, ...], name: str, weight: float, bias: float) -> Regression:
        weights = np.array([weight * (each == name) for each in names])
        return Regression(np.zeros(len(names)), np.full(len(names), 0.5), weights, bias)

    found = FittedJudge("two", one(SENTENCE_NAMES, "cosine", 2, -1), one(QUESTION_NAMES, "odds_best", 0.5, 0)).judge(
        CASE
    )

    assert [[round(chance, 4) for chance in part] for part in found.sentences] == [[0.7311, 0.7311], [0.5]]
    assert found.answers == pytest.approx(0.7311, abs=1e-4)
    tables = features(CASE)
    row = question_row(tables, [np.array([0.0, 3.0], np.float32), np.array([1.0], np.float32)])
    said = dict(zip(QUESTION_NAMES, row.tolist(), strict=True))
    assert [said[name] for name in QUESTION_NAMES if "odds" in name] == pytest.approx([3.0, 3.0, 1.0, 4 / 3])
    assert (said["names"], said["least_names_missing"]) == (0.0, 0.0)


@pytest.mark.parametrize(("chance", "odds"), [(0.5, 0.0), (0.731, 1.0), (0.0, -20.0), (1.0, 20.0)])
def test_log_odds_are_finite(chance: float, odds: float) -> None:
    assert log_odds(chance) == pytest.approx(odds, abs=1e-2)


@pytest.mark.parametrize(
    ("score", "chance", "missing", "kept"),
    [
        (0.95, 0.6, (), True),
        (0.95, 0.01, (), False),
        (0.3, 0.6, (), False),
        (0.95, None, (), True),
        (0.95, 0.6, ("Gallup",), False),
    ],
)
def test_a_further_finding_is_likely_near_and_whole(
    score: float, chance: float | None, missing: tuple[str, ...], kept: bool
) -> None:
    best = replace(evidence_of("Effort drives churn.", score=1.0), chance=0.7)
    further = replace(evidence_of("Effort costs money.", score=score), chance=chance, missing=missing)

    assert kept == belongs(further, best, Limits())


def test_fitting_and_the_area_under_the_curve() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(4000, 3)).astype(np.float32)
    labels = (rng.random(4000) < 1 / (1 + np.exp(-(2 * rows[:, 0] - rows[:, 1] - 1)))).astype(np.int8)
    found = fit(rows, labels, 1.0)

    assert (found.weights / found.scale).tolist() == pytest.approx([2, -1, 0], abs=0.15)
    assert area([0, 1, 0, 1], [0.1, 0.4, 0.4, 0.9]) == pytest.approx(0.875)
