"""A rephrased sentence may not bring figures, names, denials or certainty that its quotes do not have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.language import Language
from kb.verification.rewriting import rewriting_fault
from kb.verification.rewriting_fault import FaultKind, RewritingFault

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "rewriting_cases.json").read_text(encoding="utf-8"))
QUOTES: dict[str, str] = CASES["quotes"]


def quotes_of(case: dict[str, Any]) -> list[str]:
    return [QUOTES[name] for name in case["quotes"]]


@pytest.mark.parametrize("case", CASES["carried"], ids=lambda case: case["sentence"][:40])
def test_what_the_quotes_carry_passes(case: dict[str, Any]) -> None:
    """In either language, in another order, with or without marks."""
    assert rewriting_fault(case["sentence"], quotes_of(case)) is None


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: f"{case['why']}: {case['sentence'][:40]}")
def test_what_the_quotes_do_not_carry_is_refused(case: dict[str, Any]) -> None:
    """For the reason that is at fault."""
    fault = rewriting_fault(case["sentence"], quotes_of(case))

    assert fault is not None
    assert (case["kind"], case["verdict"]) == (fault.kind.name, fault.verdict.value)


@pytest.mark.parametrize("name", sorted(QUOTES))
def test_a_quote_carries_itself(name: str) -> None:
    """The extractive sentence always passes."""
    assert rewriting_fault(f"{QUOTES[name]} [1]", [QUOTES[name]]) is None


@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_is_said_in_both_languages(kind: FaultKind) -> None:
    """With the words at fault, and no more than a few of them."""
    english, spanish = (RewritingFault(kind, "x" * 500).said(language) for language in (Language.EN, Language.ES))

    assert english != spanish
    assert "{" not in english + spanish
    assert max(len(english), len(spanish)) < 150


def test_the_reason_names_the_words_at_fault() -> None:
    """In the language that is asked for."""
    fault = rewriting_fault("Up to 30% of calls, says Gartner.", [QUOTES["calls"]])

    assert fault is not None
    assert fault.reason == "the name “Gartner” is in none of the quotes"
    assert fault.said(Language.ES) == "el nombre «Gartner» no está en las citas"


@given(st.text(max_size=400), st.lists(st.text(max_size=200), max_size=3))
def test_any_text_is_judged(sentence: str, quotes: list[str]) -> None:
    """Whatever a model writes is judged, and never raises."""
    fault = rewriting_fault(sentence, quotes)

    assert fault is None or fault.reason
