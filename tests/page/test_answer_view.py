"""The answer as it is shown: one source line a document, lists and headings as what they are, differences by marks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.page.addresses import SearchState
from api.page.views.searching import ShownAnswer, ShownFinding, shown_answer
from api.service.hits import cite_span
from api.service.knowledge_base import KnowledgeBase
from kb.records.answer import Answer, Difference, Finding, FindingKind, Statement, Status
from kb.records.language import Language
from kb.records.search import Citation, StatisticQuery

ES, EN = Language.ES, Language.EN
EFFORT = "es-esfuerzo.md"
OTHER = "en-effort.md"


def cited(base: KnowledgeBase, source: str, words: str, number: int) -> Citation:
    """The citation of these words in a document of the base."""
    document = next(one for one in base.records.each_document() if one.source_id == source)
    start = document.text.index(words)
    passage = next(one for one in base.records.passages_of(document.id) if one.span.start <= start < one.span.end)
    span = replace(passage.span, start=start, end=start + len(words))
    return replace(cite_span(document, passage, span), number=number)


def answer_of(citations: list[Citation], statements: list[Statement]) -> Answer:
    return Answer("¿Qué?", ES, Status.ANSWERED, "", tuple(statements), tuple(citations))


def shown(base: KnowledgeBase, answer: Answer) -> ShownAnswer:
    found = shown_answer(base, answer, SearchState("q"), ES)
    assert found is not None
    return found


def findings(found: ShownAnswer) -> list[ShownFinding]:
    return [finding for group in found.groups for finding in group.findings]


def statement(*numbers: int, finding: Finding | None = None) -> Statement:
    return Statement("", numbers, finding)


def test_the_quotes_of_a_document_stand_under_one_source_line(knowledge_base: KnowledgeBase) -> None:
    """In the order of the answer, the document where it is met first."""
    citations = [
        cited(knowledge_base, EFFORT, "El esfuerzo del cliente explica", 1),
        cited(knowledge_base, OTHER, "Customer effort explains churn", 2),
        cited(knowledge_base, EFFORT, "Medir el esfuerzo.", 3),
    ]
    found = shown(knowledge_base, answer_of(citations, [statement(1), statement(2), statement(3)]))

    told = [
        (group.document.source_id, group.languages, [[q.citation.number for q in one.quotes] for one in group.findings])
        for group in found.groups
    ]
    assert told == [(EFFORT, (ES,), [[1], [3]]), (OTHER, (EN,), [[2]])]
    assert (found.quotes, found.documents, found.differing, found.verified) == (3, 2, 0, True)


def test_what_another_document_says_too_stands_with_the_finding(knowledge_base: KnowledgeBase) -> None:
    citations = [
        cited(knowledge_base, EFFORT, "El esfuerzo del cliente explica", 1),
        cited(knowledge_base, OTHER, "Customer effort explains churn", 2),
    ]
    agreed = Finding(FindingKind.TEXT, 2, (ES, EN))
    [finding] = findings(shown(knowledge_base, answer_of(citations, [statement(1, 2, finding=agreed)])))

    assert [one.citation.number for one in finding.quotes] == [1]
    assert [(one.citation.number, one.language) for one in finding.others] == [(2, EN)]
    assert finding.sources == 2


@pytest.mark.parametrize(
    ("words", "is_lead"),
    [("Qué hacer", True), ("Medir el esfuerzo.", False), ("El esfuerzo del cliente explica", False)],
)
def test_a_heading_is_no_quote(knowledge_base: KnowledgeBase, words: str, is_lead: bool) -> None:
    citation = cited(knowledge_base, EFFORT, words, 1)
    [finding] = findings(shown(knowledge_base, answer_of([citation], [statement(1)])))

    assert [one.is_lead for one in finding.quotes] == [is_lead]


def test_what_leads_in_to_a_list_is_no_quote(knowledge_base: KnowledgeBase) -> None:
    announced = replace(cited(knowledge_base, EFFORT, "El esfuerzo del cliente explica", 1), quote="Se hace así:")
    item = cited(knowledge_base, EFFORT, "Medir el esfuerzo.", 2)
    listed = Finding(FindingKind.LIST, 1, (ES,))
    found = shown(knowledge_base, answer_of([announced, item], [statement(1, 2, finding=listed)]))
    [finding] = findings(found)

    assert finding.is_list
    assert [one.is_lead for one in finding.quotes] == [True, False]
    assert not found.verified  # its words are not those at its place


def test_a_difference_names_the_mark_of_the_other_finding(knowledge_base: KnowledgeBase) -> None:
    citations = [
        cited(knowledge_base, OTHER, "Almost 40% of customers", 1),
        cited(knowledge_base, OTHER, "Up to 12% of customers", 2),
        cited(knowledge_base, EFFORT, "Según Ejemplo, el 37,5", 3),
    ]
    differs = Finding(FindingKind.FIGURE, 1, (ES,), (), (Difference(2, "value", "37,5 %", "12%"),))
    found = shown(knowledge_base, answer_of(citations, [statement(1), statement(2), statement(3, finding=differs)]))

    assert [(one.mark, one.field, one.here) for one in findings(found)[-1].differs] == [(2, "value", "37,5 %")]
    assert found.differing == 1


def test_the_figures_of_a_finding_have_who_measured_them(knowledge_base: KnowledgeBase) -> None:
    """In the language of the page; nothing beside words without figures."""
    citation = cited(knowledge_base, OTHER, "Almost 40% of customers", 1)
    figures = [one.statistic for one in knowledge_base.statistics(StatisticQuery()).statistics]
    [figure] = [one for one in figures if one.passage_id == citation.passage_id and one.raw == "Almost 40%"]
    sampled = replace(figure, sample_size=1200)
    told = Finding(FindingKind.FIGURE, 1, (EN,), (sampled,))
    with_figure, without = (
        findings(shown(knowledge_base, answer_of([citation], [statement(1, finding=one)])))[0]
        for one in (told, replace(told, statistics=()))
    )

    assert with_figure.measured == ("Almost 40%: Example, muestra de 1.200",)
    assert without.measured == ()
