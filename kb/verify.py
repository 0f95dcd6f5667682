"""Re-reads the sources of a saved answer and judges every quote, without a model and without a base.

Owns what is checked of an answer: its quotes, the hashes of its sources, its marks and its
figures. Knows nothing of search, and not where source texts come from: they are handed in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from kb.answer import Status
from kb.verification.judge import judge
from kb.verification.saved import SavedAnswer, SavedCitation, Seal, parse_answer, text_hash
from kb.verification.tokens import read_tokens
from kb.verification.verdict import Judgement, Verdict
from kb.verification.wording import is_figure

__all__ = ["JudgedQuote", "Judgement", "Report", "SourceState", "Verdict", "judge", "verify_answer"]


class SourceState(Enum):
    """Whether the source that a quote was taken from is the one at hand; of an excerpt no hash can tell."""

    CONFIRMED = "confirmed"
    NAME_ONLY = "name_only"
    EXCERPT = "excerpt"
    HASH_MISMATCH = "hash_mismatch"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class JudgedQuote:
    """A citation of the answer with its judgement and the state of its source.

    ``sound`` says whether the quote stands in a source that is not known to be another one.
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
    return Report(quotes, answer.seal, tuple(_problems(answer)))


def _judged(citation: SavedCitation, sources: Mapping[str, str], excerpts: Collection[str]) -> JudgedQuote:
    key, text, state = _source_of(citation, sources)
    if key in excerpts:
        state = SourceState.EXCERPT
    others = {name: other for name, other in sources.items() if name != key and other != text}
    if text is None:
        judgement = judge(citation.quote, None, "", others)
        if judgement.verdict is not Verdict.MISATTRIBUTED:
            judgement = Judgement(Verdict.NOT_FOUND, None, f"its source {citation.document.source_id} was not given")
    else:
        judgement = judge(citation.quote, citation.span, text, others)
    sound = judgement.verdict.accepted and state not in (SourceState.HASH_MISMATCH, SourceState.MISSING)
    return JudgedQuote(citation.number, citation.quote, citation.document.source_id, judgement, state, sound)


def _source_of(citation: SavedCitation, sources: Mapping[str, str]) -> tuple[str | None, str | None, SourceState]:
    for key in (citation.sha256, citation.document.id, citation.document.source_id):
        text = sources.get(key)
        if text is None:
            continue
        if citation.text_sha256 is not None:
            same = text_hash(text) == citation.text_sha256
            return key, text, SourceState.CONFIRMED if same else SourceState.HASH_MISMATCH
        return key, text, SourceState.CONFIRMED if key == citation.sha256 else SourceState.NAME_ONLY
    return None, None, SourceState.MISSING


def _problems(answer: SavedAnswer) -> list[str]:
    """What is wrong with the answer apart from its quotes, one sentence each."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    problems = []
    if answer.seal is Seal.EDITED:
        problems.append("the file was edited after it was saved")
    if answer.status is Status.ANSWERED and not answer.citations:
        problems.append("it says “answered” and cites nothing")
    for text, numbers in answer.statements:
        unknown = [number for number in numbers if number not in quotes]
        if unknown or not numbers:
            problems.append(f"a statement cites {unknown or 'nothing'}: “{text[:80]}”")
        for figure in sorted(_figures(text) - _figures(*(quotes.get(number, "") for number in numbers))):
            problems.append(f"the figure {figure} of a statement is in none of its quotes: “{text[:80]}”")
    return problems


def _figures(*texts: str) -> set[str]:
    """The numbers in digits of these texts, without citation marks such as [1]."""
    found = set()
    for text in texts:
        keys = read_tokens(text).keys
        for index, key in enumerate(keys):
            marked = keys[index - 1 : index] == ("[",) and keys[index + 1 : index + 2] == ("]",)
            if is_figure(key) and not key.isalpha() and not marked:
                found.add(key)
    return found
