"""Re-reads the sources of a saved answer and judges every quote, without a model and without a base.

Owns what is checked of a quote: its words, its stated place, the hashes of its source; what else may be wrong with
an answer is ``kb.saved.verify``. Knows nothing of search, and not where source texts come from.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from kb.citing.composing import marked_quotes
from kb.quotes.judge import judge
from kb.quotes.verdict import Judgement, Verdict
from kb.quotes.vocabulary import is_figure
from kb.quotes.walking import read_tokens
from kb.records.answer import Status
from kb.records.document import Span, content_id, document_id, text_hash
from kb.saved.parsing import SavedAnswer, SavedCitation, SavedStatement, Seal, parse_answer

_SHOWN = 80
_ID_CHARS = 17


def answer_faults(answer: SavedAnswer) -> list[str]:
    """What is wrong, one sentence each; empty where nothing is."""
    quotes = {citation.number: citation for citation in answer.citations}
    return [
        *_status_faults(answer),
        *(fault for citation in answer.citations for fault in _identity_faults(citation)),
        *(fault for statement in answer.statements for fault in _statement_faults(statement, quotes)),
        *_text_faults(answer, quotes),
    ]


def _status_faults(answer: SavedAnswer) -> Iterator[str]:
    if answer.seal is Seal.EDITED:
        yield "the file was edited after it was saved"
    if answer.rewritten:
        yield "it holds sentences of a language model, which no quote proves"
    if answer.status is Status.ANSWERED:
        if not answer.citations:
            yield "it says “answered” and cites nothing"
        if not answer.statements:
            yield "it says “answered” and states nothing"
    elif answer.citations or answer.statements:
        yield "it says “no_evidence” and cites evidence"
    numbers = [citation.number for citation in answer.citations]
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        yield "its citations are not numbered 1 to the last: some were left out"
    stated = {number for statement in answer.statements for number in statement.citations}
    for number in numbers:
        if answer.statements and number not in stated:
            yield f"no statement cites the citation [{number}]"


def _identity_faults(citation: SavedCitation) -> Iterator[str]:
    """A document's id follows from the bytes that its SHA-256 is of; of a former reading from its text as well."""
    said = citation.document.id
    of_bytes = document_id(citation.sha256)
    if len(said) != _ID_CHARS or len(citation.sha256) != 64 or said == of_bytes:
        return
    if citation.text_sha256 is None or said != content_id("d", of_bytes, citation.text_sha256):
        yield f"the citation [{citation.number}] names the document {said}, which its SHA-256 is not of"


def _statement_faults(statement: SavedStatement, cited: Mapping[int, SavedCitation]) -> Iterator[str]:
    text = statement.text
    unknown = [number for number in statement.citations if number not in cited]
    if unknown or not statement.citations:
        yield f"a statement cites {unknown or 'nothing'}: “{text[:_SHOWN]}”"
    quotes = [cited[number].quote for number in statement.citations if number in cited]
    foreign = sorted(_figures(text) - _figures(*quotes))
    for figure in foreign:
        yield f"the figure {figure} of a statement is in none of its quotes: “{text[:_SHOWN]}”"
    if quotes and not foreign and not _said_by(text, quotes):
        yield f"a statement says other words than its quotes: “{text[:_SHOWN]}”"
    for raw in statement.figures:
        if quotes and not any(_holds(quote, raw) for quote in quotes):
            yield f"the figure “{raw[:_SHOWN]}” of a finding is in none of its quotes"


def _said_by(text: str, quotes: Sequence[str]) -> bool:
    """Whether the text, or each of its lines, stands in a quote, with nothing left out that would change it."""
    lines = [line for line in text.splitlines() if line.strip()]
    whole = any(_accepted(text, quote) for quote in quotes)
    return whole or (bool(lines) and all(any(_accepted(line, quote) for quote in quotes) for line in lines))


def _accepted(text: str, quote: str) -> bool:
    return _keys(text) == _keys(quote) or judge(text, None, quote, {}).verdict.accepted


def _holds(quote: str, raw: str) -> bool:
    return f" {' '.join(_keys(raw))} " in f" {' '.join(_keys(quote))} "


def _text_faults(answer: SavedAnswer, cited: Mapping[int, SavedCitation]) -> Iterator[str]:
    """The text of an answer is composed of its quotes and marks, so that it can be composed again."""
    if answer.text is None or answer.status is not Status.ANSWERED:
        return
    statements = [[cited[number] for number in one.citations if number in cited] for one in answer.statements]
    composed = "\n\n".join(marked_quotes(quotes) for quotes in statements)
    plain = "\n\n".join(one.text for one in answer.statements)
    if _keys(answer.text) not in (_keys(composed), _keys(plain)):
        yield "its text is not its statements with their marks"


def _keys(text: str) -> tuple[str, ...]:
    return read_tokens(text).keys


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
