"""The answer as it is shown: one column of findings, those of one document under one source line.

Takes the answer as it is and judges nothing; what stands in a heading of its document, or leads in to a list, is shown
as that and not as a quote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.page.addresses import SearchState, place_address
from api.service.copy_ready import measured
from api.service.knowledge_base import KnowledgeBase
from kb.citing import Reference, Style
from kb.citing.citation_words import place_words
from kb.records.answer import Answer, Finding, FindingKind, Status
from kb.records.document import BlockKind, Document
from kb.records.language import Language
from kb.records.search import Citation, DocumentReference


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote with the address of its place and that place in words (null: unknown). ``is_lead`` is what is no quote
    by itself: a heading, or a line that leads in to a list."""

    citation: Citation
    language: Language
    address: str
    place: str | None
    is_lead: bool


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """How a finding differs from one before it, which is named by the mark of its first citation."""

    mark: int
    field: str
    here: str | None
    there: str | None


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A statement: its quotes of the document it stands under, and those of other documents that say the same, and who
    measured its figures, a line for each."""

    quotes: tuple[ShownQuote, ...]
    others: tuple[ShownQuote, ...]
    measured: tuple[str, ...]
    is_list: bool
    sources: int
    against: int
    differs: tuple[ShownDifference, ...]


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """A document and the findings that it says first, in the order of the answer."""

    document: DocumentReference
    languages: tuple[Language, ...]
    findings: tuple[ShownFinding, ...]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """What an answer shows; ``verified`` says that every quote was found at its place just now."""

    groups: tuple[SourceGroup, ...]
    quotes: int
    documents: int
    differing: int
    verified: bool


def shown_answer(base: KnowledgeBase, answer: Answer, state: SearchState, wording: Language) -> ShownAnswer | None:
    """The answer for a page in the language ``wording``; null where there is no evidence."""
    if answer.status is not Status.ANSWERED:
        return None
    documents = base.records.documents_with({one.document.id for one in answer.citations})
    quotes = {one.number: _quote(base, documents, one, state, wording) for one in answer.citations}
    findings = [
        _finding([quotes[number] for number in statement.citations], statement.finding, answer, wording)
        for statement in answer.statements
    ]
    return ShownAnswer(
        _grouped(findings),
        len(quotes),
        len({one.document.id for one in answer.citations}),
        sum(bool(one.differs) for one in findings),
        all(_stands(documents.get(one.document.id), one) for one in answer.citations),
    )


def _quote(
    base: KnowledgeBase, documents: dict[str, Document], citation: Citation, state: SearchState, wording: Language
) -> ShownQuote:
    document = documents.get(citation.document.id)
    return ShownQuote(
        citation,
        base.records.passage(citation.passage_id).language,
        place_address(citation.passage_id, citation.span, state),
        place_words(Reference.of(citation.document, citation.places), Style.APA, wording),
        citation.quote.rstrip().endswith(":") or (document is not None and _is_heading(document, citation)),
    )


def _is_heading(document: Document, citation: Citation) -> bool:
    touched = [block.kind for block in document.blocks if block.span.overlaps(citation.span)]
    return bool(touched) and all(kind is BlockKind.HEADING for kind in touched)


def _stands(document: Document | None, citation: Citation) -> bool:
    return document is not None and citation.span.cut(document.text) == citation.quote


def _finding(quotes: Sequence[ShownQuote], finding: Finding | None, answer: Answer, wording: Language) -> ShownFinding:
    home = quotes[0].citation.document.id
    differs = finding.differs if finding else ()
    return ShownFinding(
        tuple(one for one in quotes if one.citation.document.id == home),
        tuple(one for one in quotes if one.citation.document.id != home),
        measured(finding.statistics, " ".join(one.citation.quote for one in quotes), wording) if finding else (),
        finding is not None and finding.kind is FindingKind.LIST,
        finding.sources if finding else 1,
        finding.against if finding else 0,
        tuple(
            ShownDifference(answer.statements[one.statement - 1].citations[0], one.field, one.here, one.there)
            for one in differs
        ),
    )


def _grouped(findings: Sequence[ShownFinding]) -> tuple[SourceGroup, ...]:
    groups: dict[str, list[ShownFinding]] = {}
    for finding in findings:
        groups.setdefault(finding.quotes[0].citation.document.id, []).append(finding)
    return tuple(
        SourceGroup(
            group[0].quotes[0].citation.document,
            tuple(dict.fromkeys(quote.language for one in group for quote in one.quotes)),
            tuple(group),
        )
        for group in groups.values()
    )
