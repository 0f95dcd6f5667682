"""What ``kb ask`` prints beside the quotes: how findings differ."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from api.cli.shown.answer_shown import print_answer
from kb.records.answer import Answer, Difference, Finding, FindingKind, Statement, Status
from kb.records.document import Passage, Place, Span
from kb.records.language import Language
from kb.records.search import Citation, DocumentReference, Hit, Why
from kb.records.statistic import Kind
from tests.index.test_same_figure import ONE


def cited(number: int, quote: str) -> Citation:
    reference = DocumentReference(f"d{number}", f"{number}.txt", None, (), None, None, None)
    return Citation(number, reference, f"p{number}", quote, Span(0, len(quote)), "0" * 64, "/")


def languages(answer: Answer, language: Language = Language.EN) -> dict[str, Language]:
    """All in one language."""
    return {citation.passage_id: language for citation in answer.citations}


def answer_in(language: Language) -> Answer:
    """Two findings: one of two sources that say the same words, and one that differs from it."""
    first = Finding(FindingKind.FIGURE, 2, (Language.EN,), against=1)
    differs = (Difference(1, "value", "40%", "30%"), Difference(1, "year", "2024", None))
    second = Finding(FindingKind.FIGURE, 1, (Language.EN,), (), differs, against=2)
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
    print_answer(answer, languages(answer))

    assert capsys.readouterr().out == (
        "Three things help: [1]\n – Listening. [2]\n – Answering. [3]\n\n"
        "[1][2][3] 1.txt\n   [1] passage p1\n   [2] passage p2\n   [3] passage p3\n[4] 4.txt, passage p4\n"
    )


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        (
            Language.EN,
            "“30% left.” [1][2]\n   2 sources agree, 1 differs\n\n“40% left in 2024.” [3]\n"
            "   1 source says so, 2 differ\n"
            "   differs from finding 1: the figure: 40%, there 30%; the year: 2024, there not determined\n",
        ),
        (
            Language.ES,
            "“30% left.” [1][2]\n   2 fuentes coinciden, 1 difiere\n\n“40% left in 2024.” [3]\n"
            "   1 fuente lo dice, 2 difieren\n"
            "   difiere del hallazgo 1: la cifra: 40%, allí 30%; el año: 2024, allí sin determinar\n",
        ),
    ],
)
def test_how_findings_differ_is_shown(capsys: pytest.CaptureFixture[str], language: Language, shown: str) -> None:
    """In the language of the words around the quotes."""
    answer = answer_in(language)
    print_answer(answer, languages(answer))

    assert capsys.readouterr().out.startswith(shown)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (Language.ES, "   30%: Ejemplo, muestra de 1.200, 2021\n"),
        (Language.EN, "   30%: Ejemplo, sample of 1,200, 2021\n"),
    ],
)
def test_who_measured_the_figures_of_a_finding(
    capsys: pytest.CaptureFixture[str], language: Language, line: str
) -> None:
    """A line for each measurement, none for the number asked."""
    figure = replace(ONE, raw="30%", quote="30% left.", source="Ejemplo", study=None, sample_size=1200, year=2021)
    asked = replace(figure, raw="1,200", value=Decimal(1200), kind=Kind.COUNT, sample_size=None)
    answer = answer_in(language)
    first = replace(answer.statements[0], finding=Finding(FindingKind.FIGURE, 1, (Language.EN,), (figure, asked)))
    print_answer(replace(answer, statements=(first,)), languages(answer))

    assert capsys.readouterr().out.startswith("“30% left.” [1][2]\n" + line)


@pytest.mark.parametrize(
    ("wording", "shown"),
    [
        (
            Language.ES,
            "«Esperan.» [1]\n\n[1] «Las esperas» (1.txt), línea 3, pasaje p1\n"
            "  Relacionado; puede que no responda:\n  – «Las esperas» (1.txt): “They wait.”\n",
        ),
        (
            Language.EN,
            "«Esperan.» [1]\n\n[1] “Las esperas” (1.txt), line 3, passage p1\n"
            "  Related; may not answer:\n  – “Las esperas” (1.txt): “They wait.”\n",
        ),
    ],
)
def test_a_quote_has_the_marks_of_its_language_and_the_rest_is_in_one(
    capsys: pytest.CaptureFixture[str], wording: Language, shown: str
) -> None:
    """Places, titles and labels are in the language of the words around the quotes."""
    document = replace(cited(1, "").document, title="Las esperas")
    citation = replace(cited(1, "Esperan."), document=document, places=(Place(line=3),))
    passage = Passage("p2", "d1", Span(0, 10), "They wait.", Language.EN)
    near = Hit(
        1,
        0.5,
        Why(0.5, 0.5, (), 0.0, Span(0, 10)),
        passage,
        document,
        replace(cited(2, "They wait."), document=document),
    )
    answer = Answer("¿?", wording, Status.ANSWERED, "…", (Statement("Esperan.", (1,)),), (citation,), related=(near,))
    print_answer(answer, languages(answer, Language.ES))

    assert capsys.readouterr().out == shown
