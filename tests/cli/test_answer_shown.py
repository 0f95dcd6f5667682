"""What ``kb ask`` prints beside the quotes: how findings differ."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.cli.shown.answer_shown import print_answer
from kb.records.answer import Answer, Difference, Finding, FindingKind, Statement, Status
from kb.records.citation import Citation, DocumentReference
from kb.records.document import Span
from kb.records.language import Language


def cited(number: int, quote: str) -> Citation:
    reference = DocumentReference(f"d{number}", f"{number}.txt", None, (), None, None, None)
    return Citation(number, reference, f"p{number}", quote, Span(0, len(quote)), "0" * 64, "/")


def answer_in(language: Language) -> Answer:
    """Two findings: one of two sources that say the same words, and one that differs from it."""
    first = Finding(FindingKind.FIGURE, 2, (Language.EN,))
    differs = (Difference(1, "value", "40%", "30%"), Difference(1, "year", "2024", None))
    second = Finding(FindingKind.FIGURE, 1, (Language.EN,), (), differs)
    quotes = ("30% left.", "30% left.", "40% left in 2024.")
    return Answer(
        "How many left?",
        language,
        Status.ANSWERED,
        "…",
        (Statement(quotes[0], (1, 2), first), Statement(quotes[2], (3,), second)),
        tuple(cited(number, quote) for number, quote in enumerate(quotes, start=1)),
    )


def test_the_sources_are_a_line_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    """With the places of several citations below it; the items of a list stand below what announces them."""
    listed = Finding(FindingKind.LIST, 1, (Language.EN,))
    quotes = ("Three things help:", "Listening.", "Answering.")
    citations = [
        replace(cited(number, quote), document=cited(1, "").document) for number, quote in enumerate(quotes, 1)
    ]
    answer = replace(
        answer_in(Language.EN),
        statements=(Statement(quotes[0], (1, 2, 3), listed),),
        citations=(*citations, cited(4, "Other.")),
    )
    print_answer(answer)

    assert capsys.readouterr().out == (
        "Three things help: [1]\n – Listening. [2]\n – Answering. [3]\n\n"
        "[1][2][3] 1.txt\n   [1] passage p1\n   [2] passage p2\n   [3] passage p3\n[4] 4.txt, passage p4\n"
    )


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        (
            Language.EN,
            "“30% left.” [1][2]\n   2 independent sources agree\n“40% left in 2024.” [3]\n"
            "   differs from finding 1: the figure: 40%, there 30%; the year: 2024, there not said\n",
        ),
        (
            Language.ES,
            "“30% left.” [1][2]\n   2 fuentes independientes coinciden\n“40% left in 2024.” [3]\n"
            "   difiere del hallazgo 1: la cifra: 40%, allí 30%; el año: 2024, allí no se dice\n",
        ),
    ],
)
def test_how_findings_differ_is_shown(capsys: pytest.CaptureFixture[str], language: Language, shown: str) -> None:
    """In the language of the words around the quotes."""
    print_answer(answer_in(language))

    assert capsys.readouterr().out.startswith(shown)
