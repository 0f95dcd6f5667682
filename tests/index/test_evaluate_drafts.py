"""Verdicts on claims: of several figures the first that is not supported, and each wrong one told."""

from __future__ import annotations

from index.evaluate.judged import DraftFigures, WrongVerdict, evaluate_drafts

ROWS = [
    ("a", "one", "supported", ["supported"]),
    ("b", "two", "another_year", ["supported", "other_year"]),
    ("c", "three", "not_found", ["supported"]),
    ("d", "four", "another_value", ["contradicted"]),
    ("e", "five", "supported", []),
]


def test_each_claim_gets_one_verdict() -> None:
    said = {claim: findings for _, claim, _, findings in ROWS}
    rows = [{"id": name, "claim": claim, "expected": truth} for name, claim, truth, _ in ROWS]

    assert evaluate_drafts(rows, lambda claim: said[claim]) == DraftFigures(
        5,
        3,
        1,
        (WrongVerdict("c", "three", "not_found", "supported"), WrongVerdict("e", "five", "supported", "no_figures")),
    )
