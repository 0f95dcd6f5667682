"""What is wrong with a saved answer apart from how its quotes stand to their sources.

Its statements must be its quotes, and its text must be its statements with their marks: nothing else can be proved.
Owns these rules; knows no sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kb.citing.composing import marked_quotes
from kb.quotes.judge import judge
from kb.quotes.vocabulary import is_figure
from kb.quotes.walking import read_tokens
from kb.records.answer import Status
from kb.records.document import content_id, document_id
from kb.saved.saved_answer import SavedAnswer, SavedCitation, SavedStatement, Seal

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
