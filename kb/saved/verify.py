"""Re-reads the sources of a saved answer and judges every quote, without a model and without a base.

Owns what is checked of a quote: its words, its stated place, the hashes of its source; what else may be wrong with
an answer is ``kb.saved.answer_faults``. Knows nothing of search, and not where source texts come from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from kb.quotes.judge import judge
from kb.quotes.verdict import Judgement, Verdict
from kb.records.document import Span, text_hash
from kb.saved.answer_faults import answer_faults
from kb.saved.parsing import parse_answer
from kb.saved.saved_answer import SavedCitation, Seal

__all__ = ["JudgedQuote", "Judgement", "Report", "SourceState", "Verdict", "judge", "verify_answer"]


class SourceState(Enum):
    """Whether the source that a quote was taken from is the one at hand; of an excerpt no hash can tell."""

    CONFIRMED = "confirmed"
    NAME_ONLY = "name_only"
    EXCERPT = "excerpt"
    HASH_MISMATCH = "hash_mismatch"
    MISSING = "missing"


_AT_HAND = (SourceState.CONFIRMED, SourceState.NAME_ONLY, SourceState.EXCERPT)


@dataclass(frozen=True, slots=True)
class JudgedQuote:
    """A citation of the answer with its judgement and the state of its source.

    ``sound`` says whether the quote stands at its stated place in a source that is not known to be another one.
    """

    number: int
    quote: str
    source_id: str
    judgement: Judgement
    source: SourceState
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a saved answer: each quote, the state of its seal, and what else is wrong with it."""

    quotes: tuple[JudgedQuote, ...]
    seal: Seal
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every quote is sound, nothing else is wrong and the file was not edited."""
        return all(quote.sound for quote in self.quotes) and not self.problems and self.seal is not Seal.EDITED


def verify_answer(
    saved: Mapping[str, Any], sources: Mapping[str, str], excerpts: Collection[str] = frozenset()
) -> Report:
    """The report on a saved answer; raises InputError when it cannot be read or is newer than this program.

    ``sources`` are canonical texts by the SHA-256 of the original, by document id or by source id.
    A text found by SHA-256 is trusted to be read from that original; a text found by name only is
    compared with the text's own hash where the answer recorded it. ``excerpts`` are the keys of
    ``sources`` whose text is whole in its offsets but not in its words.
    """
    answer = parse_answer(saved)
    quotes = tuple(_judged(citation, sources, excerpts) for citation in answer.citations)
    moved = [
        f"the quote [{citation.number}] stands at {_place(quote.judgement.span_found)}, not at the stated"
        f" {_place(citation.span)}"
        for citation, quote in zip(answer.citations, quotes, strict=True)
        if quote.judgement.verdict.accepted and not quote.sound and quote.source in _AT_HAND
    ]
    return Report(quotes, answer.seal, tuple(answer_faults(answer) + moved))


def _judged(citation: SavedCitation, sources: Mapping[str, str], excerpts: Collection[str]) -> JudgedQuote:
    key, text, state = _source_of(citation, sources)
    if key in excerpts:
        state = SourceState.EXCERPT
    others = {name: other for name, other in sources.items() if name != key and other != text}
    if text is None:
        judgement = judge(citation.quote, None, "", others)
        if judgement.verdict is not Verdict.MISATTRIBUTED:
            judgement = Judgement(Verdict.NOT_FOUND, None, f"its source {citation.document.source_id} was not given")
        return JudgedQuote(citation.number, citation.quote, citation.document.source_id, judgement, state)
    judgement = judge(citation.quote, citation.span, text, others)
    placed = citation.span is None or judgement.span_found is None or _alike(citation.span, judgement.span_found, text)
    sound = judgement.verdict.accepted and state in _AT_HAND and placed
    return JudgedQuote(citation.number, citation.quote, citation.document.source_id, judgement, state, sound)


def _alike(stated: Span, found: Span, text: str) -> bool:
    """Whether two spans hold the same words: between their ends stands no letter and no digit."""
    if stated.end > len(text):
        return False
    edges = [sorted((stated.start, found.start)), sorted((stated.end, found.end))]
    return not any(mark.isalnum() for low, high in edges for mark in text[low:high])


def _place(span: Span | None) -> str:
    return f"{span.start}–{span.end}" if span else "?"


def _source_of(citation: SavedCitation, sources: Mapping[str, str]) -> tuple[str | None, str | None, SourceState]:
    """The text to read: the very reading that was cited where it is given, else by original, id or name."""
    for key in (citation.text_sha256, citation.sha256, citation.document.id, citation.document.source_id):
        text = sources.get(key) if key is not None else None
        if text is None:
            continue
        if citation.text_sha256 is not None:
            same = text_hash(text) == citation.text_sha256
            return key, text, SourceState.CONFIRMED if same else SourceState.HASH_MISMATCH
        return key, text, SourceState.CONFIRMED if key == citation.sha256 else SourceState.NAME_ONLY
    return None, None, SourceState.MISSING
