"""Answers composed from findings: numbering, lines, both languages, and what "no evidence" says."""

from dataclasses import replace

import pytest

from kb.citing.composing import CitedFinding, compose, no_evidence
from kb.records.answer import Finding, FindingKind, Statement, Status
from kb.records.document import Passage, Span
from kb.records.language import Language
from kb.records.messages import say
from kb.records.search import Citation, DocumentReference, Hit, Why

TEXT = Finding(FindingKind.TEXT, 1, (Language.EN,))


def cited(quote: str, source: str = "a.txt") -> Citation:
    reference = DocumentReference(f"d-{source}", source, None, (), None, None, None)
    return Citation(1, reference, "p1", quote, Span(0, len(quote)), "0" * 64, "/passages/p1")


def test_findings_are_numbered_through() -> None:
    """Each finding is a statement; citations are numbered in the order of the text."""
    answer = compose(
        "Why?", Language.EN, [CitedFinding(TEXT, (cited("One."),)), CitedFinding(TEXT, (cited("Two.", "b.txt"),))]
    )

    assert answer.text == "One. [1]\n\nTwo. [2]"
    assert (Statement("One.", (1,), TEXT), Statement("Two.", (2,), TEXT)) == answer.statements
    assert [citation.number for citation in answer.citations] == [1, 2]


def test_both_languages_stand_side_by_side() -> None:
    """A finding that two languages state shows both quotes, neither translated."""
    both = Finding(FindingKind.FIGURE, 2, (Language.EN, Language.ES))
    answer = compose("?", Language.EN, [CitedFinding(both, (cited("87 percent."), cited("El 87 %.", "b.txt")))])

    assert answer.text == "87 percent. [1]\nEl 87 %. [2]"
    assert (Statement("87 percent.\nEl 87 %.", (1, 2), both),) == answer.statements


def test_the_same_words_are_one_line() -> None:
    """A reprint is cited beside the first, not quoted again."""
    answer = compose("?", Language.EN, [CitedFinding(TEXT, (cited("One  thing."), cited("one thing.", "b.txt")))])

    assert answer.text == "One  thing. [1][2]"


@pytest.mark.parametrize("findings", [[], [CitedFinding(TEXT, ())]])
def test_nothing_cited_is_no_answer(findings: list[CitedFinding]) -> None:
    """Nothing is stated without a citation."""
    with pytest.raises(ValueError, match="at least one citation"):
        compose("?", Language.EN, findings)


@pytest.mark.parametrize(
    ("language", "missing", "text"),
    [
        (Language.EN, (), "The base holds no evidence that answers this question."),
        (
            Language.EN,
            ("Mercadona", "2021"),
            "The base holds no evidence that answers this question. "
            "The nearest passages say nothing of: Mercadona, 2021.",
        ),
        (
            Language.ES,
            (say("anything_besides", name="Gallup"),),
            "No hay evidencia en la base que responda a esta pregunta. "
            "Lo más cercano no dice nada de: algo que no sea Gallup.",
        ),
        (
            Language.ES,
            (say("such_a_figure"), "hoteles"),
            "No hay evidencia en la base que responda a esta pregunta. "
            "Lo más cercano no dice nada de: una cifra así, hoteles.",
        ),
        (
            Language.EN,
            (say("who_it_was"),),
            "The base holds no evidence that answers this question. The nearest passages say nothing of: who it was.",
        ),
    ],
)
def test_no_evidence_says_what_is_missing(language: Language, missing: tuple[str, ...], text: str) -> None:
    """A near miss names what the passages lack, in the answer's language."""
    answer = no_evidence("?", language, (), missing)

    assert (Status.NO_EVIDENCE, text) == (answer.status, answer.text)


def near(title: str | None, source: str) -> Hit:
    """A passage of a document, as it was found."""
    citation = replace(cited("One.", source), document=replace(cited("One.", source).document, title=title))
    passage = Passage("p1", citation.document.id, Span(0, 4), "One.", Language.EN)
    return Hit(1, 0.5, Why(0.5, 0.5, (), 0.0, Span(0, 4)), passage, citation.document, citation)


@pytest.mark.parametrize(
    ("related", "named"),
    [
        ([near("Effort", "a.txt"), near("Loyalty", "b.txt")], "Effort"),
        ([near(None, "a.txt"), near("Loyalty", "b.txt")], "a.txt"),
    ],
    ids=["titled", "untitled"],
)
def test_a_refusal_names_the_nearest_document(related: list[Hit], named: str) -> None:
    """By its file where it has no title: another that has one is not nearer for that."""
    answer = no_evidence("?", Language.EN, related, ("Mercadona",))

    assert answer.text.endswith(f"The nearest passages, from “{named}”, say nothing of: Mercadona.")
