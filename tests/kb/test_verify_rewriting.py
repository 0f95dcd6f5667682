"""A rephrased sentence may not bring figures, names, denials or certainty that its quotes do not have."""

from __future__ import annotations

import pytest

from kb.verification.rewriting import rewriting_fault
from kb.verification.verdict import Verdict

HEDGED = "Hasta un 30 % de las llamadas se podría evitar, según Acquia."
PLAIN = "El mercado movió 15,7 billones de dólares en 2030."
DENIED = "The customer does not forgive silence."


@pytest.mark.parametrize(
    ("sentence", "quotes"),
    [
        ("Up to 30% of calls could be avoided, says Acquia. [1]", [HEDGED]),
        ("The market moved 15.7 trillion dollars in 2030 [2].", [PLAIN]),
        ("Nobody forgives silence.", [DENIED]),
        ("Según Acquia, hasta un 30 % de las llamadas sobra.", [HEDGED, DENIED]),
        ("Sin embargo, se evitan hasta un 30 %.", [HEDGED]),
        ("", [HEDGED]),
    ],
)
def test_what_the_quotes_carry_passes(sentence: str, quotes: list[str]) -> None:
    """In either language."""
    assert rewriting_fault(sentence, quotes) is None


@pytest.mark.parametrize(
    ("sentence", "quotes", "verdict", "reason"),
    [
        ("Up to 37% of calls could be avoided.", [HEDGED], Verdict.NUMBER_CHANGED, "37% is in none"),
        ("30% of calls are avoided.", [HEDGED], Verdict.NUMBER_CHANGED, "lost its hedge"),
        ("Up to 30 points.", [HEDGED], Verdict.NUMBER_CHANGED, "30 points is in none"),
        ("The market moved 15.7 billion dollars.", [PLAIN], Verdict.NUMBER_CHANGED, "15.7e9 is in none"),
        ("The market moved 157 trillion dollars.", [PLAIN], Verdict.NUMBER_CHANGED, "157e12 is in none"),
        ("Up to 30% of calls, says Gartner.", [HEDGED], Verdict.NOT_FOUND, "“Gartner” is in none"),
        ("The customer forgives silence.", [DENIED], Verdict.NEGATION_CHANGED, "“not” of the quotes was left out"),
        ("The market never moved in 2030.", [PLAIN], Verdict.NEGATION_CHANGED, "denies what no quote denies"),
        ("Any claim with 9.", [], Verdict.NUMBER_CHANGED, "9 is in none"),
    ],
)
def test_what_the_quotes_do_not_carry_is_told(sentence: str, quotes: list[str], verdict: Verdict, reason: str) -> None:
    """With the word or figure at fault."""
    fault = rewriting_fault(sentence, quotes)

    assert fault is not None
    assert fault.verdict is verdict
    assert reason in fault.reason
