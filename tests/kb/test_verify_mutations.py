"""The mutation suite: no bad quote is accepted, and honest ones are not refused, in either language."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from index.evaluate.quotes.bad_quotes import BaseText, mutations
from index.evaluate.quotes.lexicon_quotes import lexicon_quotes
from index.evaluate.quotes.verify import VerifyFigures, evaluate_verify
from kb.quotes.judge import judge
from kb.records.document import Span
from kb.records.language import Language

CASES = Path(__file__).parent.parent / "cases" / "verify_sentences.json"
SHARED = Path(__file__).parents[2].parent / "shared" / "eval" / "cx"
PER_TEXT = 10


def sentence_pairs() -> list[BaseText]:
    """The pairs of the cases as texts, ten sentences each in paragraphs, each sentence with its translation."""
    pairs = json.loads(CASES.read_text(encoding="utf-8"))["pairs"]
    return [
        paired(pairs[number : number + PER_TEXT], number, language, other)
        for language, other in ((Language.ES, Language.EN), (Language.EN, Language.ES))
        for number in range(0, len(pairs), PER_TEXT)
    ]


def paired(pairs: list[dict[str, str]], number: int, language: Language, other: Language) -> BaseText:
    text, spans = "", []
    for position, pair in enumerate(pairs):
        text += "" if not text else " " if position % 4 else "\n\n"
        spans.append(Span(len(text), len(text) + len(pair[language.value])))
        text += pair[language.value]
    translations = tuple(pair[other.value] for pair in pairs)
    return BaseText(f"{language.value}{number}", language, text, tuple(spans), translations)


@pytest.fixture(scope="module")
def figures() -> VerifyFigures:
    return evaluate_verify(sentence_pairs())


def test_there_are_enough_quotes(figures: VerifyFigures) -> None:
    """At least 1,500 bad and 1,500 honest, at least 80 sentences a language."""
    assert len(json.loads(CASES.read_text(encoding="utf-8"))["pairs"]) >= 80
    assert figures.tried(honest=False) >= 1_500
    assert figures.tried(honest=True) >= 1_500


@pytest.mark.parametrize("language", [Language.ES, Language.EN])
def test_no_bad_quote_is_accepted(figures: VerifyFigures, language: Language) -> None:
    """Not one; the wrong ones are shown."""
    assert [wrong for wrong in figures.wrong if not wrong.honest and wrong.language is language] == []
    assert figures.bad_accepted(language) == 0


@pytest.mark.parametrize("language", [Language.ES, Language.EN])
def test_honest_quotes_are_not_refused(figures: VerifyFigures, language: Language) -> None:
    """At most one in a hundred; the promise is one in twenty."""
    assert figures.honest_refused(language) <= 0.01


def test_the_suite_is_always_the_same() -> None:
    """Two runs make the same quotes in the same order."""
    texts = sentence_pairs()

    assert list(mutations(texts)) == list(mutations(texts))


def test_no_row_of_the_lexicon_can_be_cut_off() -> None:
    """Every word that hedges, denies, supposes, counts or measures, cut on its side: a new row on its first day."""
    cut = [one for one in lexicon_quotes() if "_cut_" in one.mutation.kind]
    wrong = [
        (one.mutation.name, one.source, one.mutation.quote)
        for one in cut
        if judge(one.mutation.quote, one.mutation.span, one.source, {}).verdict.accepted
    ]

    assert len(cut) >= 5_000
    assert wrong == []


@pytest.mark.slow
def test_the_whole_suite_of_the_lexicon() -> None:
    """Cut, left out, marked with an ellipsis, swapped, put in: at least 20,000 and none accepted; honest ones are."""
    figures = evaluate_verify([], lexicon_quotes())

    assert figures.tried(honest=False) >= 20_000
    assert [wrong for wrong in figures.wrong if not wrong.honest] == []
    assert figures.honest_refused() <= 0.02


@pytest.mark.slow
@pytest.mark.parametrize("language", [Language.ES, Language.EN])
def test_real_pages(language: Language) -> None:
    """The same figures on sentences of real pages, where these are at hand."""
    if not SHARED.is_dir():
        pytest.skip("the shared evaluation pages are not here")
    texts = [real_text(path, language) for path in sorted(SHARED.glob(f"{language.value}_*.txt"))]
    figures = evaluate_verify(texts)

    assert figures.bad_accepted() == 0
    assert figures.honest_refused() <= 0.05


def real_text(path: Path, language: Language) -> BaseText:
    """A page with up to 25 of its plain sentences."""
    text = path.read_text(encoding="utf-8")
    found = re.finditer(r"(?<=[.!?]\s)[A-ZÁÉÍÓÚÑ¿“«][^.!?\n]{40,250}[.](?=\s)", text)
    spans = [Span(match.start(), match.end()) for match in found]
    return BaseText(path.stem, language, text, tuple(spans[:25]))
