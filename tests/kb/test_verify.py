"""A quote held against a text: the six verdicts, the places found, and the laws of both."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.quotes.judge import judge
from kb.quotes.verdict import Judgement, Verdict
from kb.quotes.walking import read_tokens
from kb.records.document import Span

CASES = json.loads((Path(__file__).parent.parent / "cases" / "verify_quotes.json").read_text(encoding="utf-8"))
TEXTS: dict[str, str] = CASES["texts"]
OTHERS: dict[str, str] = CASES["others"]


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: f"{case['verdict']}: {case['why']}")
def test_each_quote_gets_its_verdict(case: dict[str, str]) -> None:
    """One case a rule; the reason of each case is its name."""
    judgement = judge(case["quote"], None, TEXTS[case["text"]], OTHERS)

    assert (case["verdict"], case["why"]) == (judgement.verdict.value, case["why"]), judgement.reason


def test_an_exact_quote_gives_its_span() -> None:
    """The span cuts the quote out of the text."""
    text = "Uno. Dos y tres. Dos y tres."

    assert judge("Dos y tres.", Span(17, 28), text, {}) == Judgement(
        Verdict.EXACT, Span(17, 28), "it stands there character for character"
    )


def test_a_quote_at_another_place_says_so() -> None:
    """The stated span is wrong, the quote is not."""
    text = "Uno. Dos y tres."

    assert judge("Dos y tres.", Span(0, 4), text, {}) == Judgement(
        Verdict.EXACT, Span(5, 16), "it stands there character for character, at another place than stated"
    )


def test_a_misattributed_quote_names_the_text_it_stands_in() -> None:
    """The span counts in the other text."""
    assert judge("Dos y tres.", None, "Uno.", {"b": "Cero. Dos y tres."}) == Judgement(
        Verdict.MISATTRIBUTED, Span(6, 17), "it stands in b", "b"
    )


def test_a_clean_place_is_preferred_to_one_with_a_dropped_hedge() -> None:
    """The same words stand twice, once after a hedge."""
    text = "Casi el 80 % vuelve. El 80 % vuelve."

    assert judge("El 80 % vuelve", None, text, {}).span_found == Span(21, 35)


@settings(deadline=None)
@given(st.text(alphabet="aeñ 1,.%-\n«»…[]no\u0301\u00ad", max_size=60), st.data())
def test_every_accepted_span_cuts_the_quoted_tokens(text: str, data: st.DataObject) -> None:
    """A quote cut from the text is either refused or found where its own characters stand."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    judgement = judge(text[start:end], None, text, {})

    if judgement.verdict is Verdict.EXACT:
        assert judgement.span_found is not None
        assert text[start:end] == judgement.span_found.cut(text)


@settings(deadline=None)
@given(st.text(alphabet="aeñ 12,.%-\n«»no\u0301\u00ad", max_size=60), st.data())
def test_an_accepted_place_has_the_quoted_tokens(text: str, data: st.DataObject) -> None:
    """Read as tokens, the place found and the quote are the same but for loose marks at the ends."""
    start = data.draw(st.integers(0, len(text)))
    judgement = judge(text[start:], None, text, {})

    if judgement.verdict.accepted:
        assert judgement.span_found is not None
        found = "".join(read_tokens(judgement.span_found.cut(text)).keys)
        assert found.strip(".,-") in "".join(read_tokens(text[start:]).keys)


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=60))
def test_any_two_strings_are_judged(text: str, quote: str) -> None:
    """No input raises, and a place is never outside the text."""
    judgement = judge(quote, None, text, {})

    assert judgement.span_found is None or judgement.span_found.end <= len(text)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_tokens_stand_in_order_and_inside_the_text(text: str) -> None:
    """Tokens do not overlap, and are not empty."""
    tokens = read_tokens(text)
    places = [place for index in range(len(tokens)) for place in (tokens.starts[index], tokens.ends[index])]

    assert sorted(places) == places
    assert all(tokens.keys)


@pytest.mark.parametrize("unit", ["9", "9,", "9 999", "a\u0301", "…", "[", "no ", "'a", ". . .", "\u00ad"])
def test_hostile_repetition_is_judged_in_linear_time(unit: str) -> None:
    """A hundred thousand characters of anything take about a second at most."""
    text = unit * (100_000 // len(unit))
    began = time.perf_counter()
    judge(text[:5_000] + "x", None, text, {})

    assert time.perf_counter() - began < 5
