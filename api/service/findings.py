"""Findings as the index hands them over, to findings with citations as an answer takes them."""

from __future__ import annotations

from collections.abc import Callable

from index.answers.pieces import FoundFinding
from kb.citing.composing import CitedFinding
from kb.records.answer import Finding
from kb.records.document import Document, Passage, Span
from kb.records.search import Citation


def cited_finding(found: FoundFinding, cite: Callable[[Document, Passage, Span], Citation]) -> CitedFinding:
    """A finding with a citation for each of its quotes, those of the best evidence first."""
    languages = dict.fromkeys(piece.passage.language for one in found.evidence for piece in one.pieces)
    best = found.evidence[0]
    return CitedFinding(
        Finding(best.kind, found.sources, tuple(languages), best.statistics, found.differs, found.against),
        tuple(cite(one.document, piece.passage, piece.span) for one in found.evidence for piece in one.pieces),
    )
