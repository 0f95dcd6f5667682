"""The mutation suite: no bad quote is accepted, and honest ones are not refused, in either language."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from index.evaluate.mutations import BaseText, mutations
from index.evaluate.verify import VerifyFigures, evaluate_verify, read_sentence_pairs, texts_of
from kb.document import Passage, Span
from kb.errors import InputError
from kb.language import Language
from tests.kb.making import make_document

CASES = Path(__file__).parent.parent / "cases" / "verify_sentences.json"
SHARED = Path(__file__).parents[2].parent / "shared" / "eval" / "cx"


@pytest.fixture(scope="module")
def figures() -> VerifyFigures:
    return evaluate_verify(read_sentence_pairs(CASES))


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
    texts = read_sentence_pairs(CASES)

    assert list(mutations(texts)) == list(mutations(texts))


def test_a_document_is_cut_by_language() -> None:
    """Sentences of at least six words, from the passages of each language."""
    text = "Una frase de más de seis palabras. Corta. A sentence of more than six words."
    document = make_document("doc.txt", text)
    passages = [
        Passage("p1", document.id, Span(0, 41), text[:41], Language.ES, (), (Span(0, 34), Span(35, 41))),
        Passage("p2", document.id, Span(42, len(text)), text[42:], Language.EN, (), (Span(42, len(text)),)),
    ]

    assert [
        BaseText("doc.txt (es)", Language.ES, text, (Span(0, 34),)),
        BaseText("doc.txt (en)", Language.EN, text, (Span(42, len(text)),)),
    ] == texts_of(document, passages)


def test_a_file_without_pairs_is_refused(tmp_path: Path) -> None:
    """By its path."""
    with pytest.raises(InputError, match="holds no sentence pairs"):
        read_sentence_pairs(tmp_path / "none.json")


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
