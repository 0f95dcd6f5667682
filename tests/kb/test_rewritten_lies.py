"""Lies and honest rewritings of invented quotes, in and across the languages: how many pass the check.

Half of them was never looked at while the rules were made; its floors may be raised freely, lowered only on purpose.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evaluate.rewritings import Rewritten, evaluate_rewritings, read_rewritten
from kb.errors import InputError
from kb.verification.concepts import concepts_of, same_meaning
from kb.verification.rewriting import rewriting_fault

CASES = Path(__file__).parents[1] / "cases" / "rewritings.json"
SENTENCES = read_rewritten(CASES)


@pytest.mark.parametrize(("half", "lies", "honest"), [("tuned", 0.0, 0.9), ("kept", 0.025, 0.8)])
def test_few_lies_and_most_honest_rewritings_pass(half: str, lies: float, honest: float) -> None:
    """Measured before the check looked at every word: 41 and 33 of 80 lies passed."""
    figures = evaluate_rewritings(SENTENCES)

    assert figures.passed(half, honest=False) <= lies
    assert figures.passed(half, honest=True) >= honest


def test_translations_pass_at_a_useful_rate() -> None:
    """Of 160 sentences and their honest translations; the others keep their quotes."""
    pairs = json.loads((CASES.parent / "verify_sentences.json").read_text(encoding="utf-8"))["pairs"]
    told = [(pair[one], pair[other]) for pair in pairs for one, other in (("es", "en"), ("en", "es"))]
    passed = sum(rewriting_fault(translated, [quote]) is None for translated, quote in told)

    assert len(told) == 160
    assert passed >= 80


def test_other_sentences_never_pass_for_a_translation() -> None:
    """Each sentence against the quote of its neighbour in the other language."""
    pairs = json.loads((CASES.parent / "verify_sentences.json").read_text(encoding="utf-8"))["pairs"]
    neighbours = zip(pairs, pairs[1:] + pairs[:1], strict=True)
    passed = [one["en"] for one, other in neighbours if rewriting_fault(one["en"], [other["es"]]) is None]

    assert passed == []


def test_there_are_enough_of_each() -> None:
    """In each half 80 lies and 40 honest sentences or more, in both languages and across them."""
    assert Counter((one.half, one.lie is None) for one in SENTENCES) == {
        ("tuned", True): 61,
        ("tuned", False): 135,
        ("kept", True): 40,
        ("kept", False): 80,
    }


@pytest.mark.parametrize("one", [one for one in SENTENCES if one.half == "tuned"], ids=lambda one: one.sentence[:50])
def test_the_tuned_half_is_judged_rightly(one: Rewritten) -> None:
    """But for five honest sentences, which are refused: where in doubt the quote stands."""
    doubtful = ("personal de enfermería", "those over 60", "over-65s surveyed", "devolvieron", "None of the four")
    passes = rewriting_fault(one.sentence, one.quotes) is None

    assert passes is (one.lie is None and not any(words in one.sentence for words in doubtful))


@given(st.text(max_size=200), st.text(max_size=200))
def test_meanings_are_symmetric(one: str, other: str) -> None:
    """Whatever the words, and a word means the same as itself."""
    assert same_meaning(one, other) == same_meaning(other, one)
    assert same_meaning(one, one)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("redujo", "reduced", True),
        ("aumento", "reduced", False),
        ("hospitales", "hospitals", True),
        ("bancos", "hospitals", False),
        ("jovenes", "young", True),
        ("despues", "before", False),
        ("despide", "hire", False),
        ("farmacias", "pharmacies", True),
    ],
)
def test_words_of_two_languages_mean_the_same(one: str, other: str, same: bool) -> None:
    """As far as the list of meanings knows, or their spelling tells."""
    assert same is same_meaning(one, other)


def test_every_row_of_meanings_is_of_folded_words() -> None:
    """None with accents, none alone, no beginning so short that it catches other words."""
    rows = json.loads((Path(__file__).parents[2] / "kb" / "data" / "concepts.json").read_text(encoding="utf-8"))
    words = [word for row in rows for word in row.split()]

    assert [word for word in words if not word.isascii() or word != word.lower()] == []
    assert [row for row in rows if len(row.split()) < 2] == []
    assert [word for word in words if word.endswith("*") and len(word) < 5] == []
    assert concepts_of("") == frozenset()


@pytest.mark.parametrize("text", ["", "[]", '{"tuned": 1}', '{"tuned": [{}], "kept": []}'])
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    """By our error."""
    (tmp_path / "x.json").write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match="holds no rewritten sentences"):
        read_rewritten(tmp_path / "x.json")
