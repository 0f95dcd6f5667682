"""Answers checked against the base: what ``/v1/verify`` gives.

Owns which texts a saved answer is held against, and what the base knows of its documents and figures other than
the answer says. Quotes are judged by ``kb.saved.verify``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.service.schemas import to_wire
from kb.records.document import Document, text_hash
from kb.records.errors import InputError, NotFoundError
from kb.records.messages import say
from kb.records.search import DocumentReference
from kb.records.source import FieldValue
from kb.saved.parsing import SavedCitation, Seal, parse_answer
from kb.saved.verify import Report, verify_answer
from kb.store import Store
from kb.store.writing import old_reading_id

# Other documents in which a quote that is not in its source is looked for; past it the report says so.
_MAX_OTHER_CHARACTERS = 5_000_000
_MAX_QUOTES = 100
_SHOWN = 80
_CITED = ("title", "authors", "publisher", "published", "url")
# What is printed of a figure.
_FIGURE_FIELDS = (
    *("raw", "value", "high", "kind", "unit", "comparator", "direction"),
    *("subject", "population", "sample_size", "source", "study", "year", "quote"),
)


@dataclass(frozen=True, slots=True)
class VerifyResponse:
    """Whether every quote of an answer is sound, and the judgement of each; ``notes`` say what was not looked at."""

    ok: bool
    report: Report
    notes: tuple[str, ...] = ()


def verify(store: Store, saved: Mapping[str, Any]) -> VerifyResponse:
    """The report on an answer as it was served or saved; InputError when it is none."""
    answer = parse_answer(saved)
    if len(answer.citations) > _MAX_QUOTES:
        raise InputError(say("saved_answer"), say("has_more_citations", count=len(answer.citations), most=_MAX_QUOTES))
    texts: dict[str, str] = {}
    renamed: list[str] = []
    relabelled: list[str] = []
    corrected: list[str] = []
    for citation in answer.citations:
        document = _as_cited(store, citation)
        if document is not None:
            texts.setdefault(document.sha256, document.text)
            texts[text_hash(document.text)] = document.text
            said, known = citation.document, DocumentReference.of(document)
            fixed = [name for name in _CITED if _was_corrected(document, name, getattr(said, name))]
            corrected += [_corrected(citation.number, document, name, said) for name in fixed]
            renamed += _differences(citation.number, said, known, ("source_id", *({"url"} - set(fixed))))
            others = [name for name in _CITED if name != "url" and name not in fixed]
            relabelled += _differences(citation.number, said, known, others)
    lost, changed = _figures_checked(store, saved)
    notes = (*_add_others(store, texts), *corrected, *renamed, *lost)
    report = verify_answer(saved, texts)
    relabelled += changed
    if report.seal is Seal.ABSENT:
        # Nothing shows that title and authors were so when the answer was made.
        report = replace(report, problems=(*report.problems, *relabelled))
    else:
        notes = (*notes, *relabelled)
    return VerifyResponse(report.ok, report, notes)


def _as_cited(store: Store, citation: SavedCitation) -> Document | None:
    """The document in the reading that was cited, as far as the answer tells; null when it is not in the base."""
    try:
        document = store.document(citation.document.id)
    except NotFoundError:
        return None
    if citation.text_sha256 == text_hash(document.text):
        return document
    try:
        if citation.text_sha256 is not None:
            return store.document(old_reading_id(document.id, citation.text_sha256))
        # An answer as it was served has no hash of the text; its passage moved with the reading it was cut from.
        cited = store.document(store.passage(citation.passage_id).document_id) if citation.passage_id else document
    except NotFoundError:
        return document
    return cited if cited.sha256 == document.sha256 else document


def _was_corrected(document: Document, name: str, said: FieldValue) -> bool:
    """Whether a field of the record was what a citation says of it, until it was corrected."""
    return bool(said) and said != getattr(document, name) and said in document.said_before(name)


def _corrected(number: int, document: Document, name: str, said: DocumentReference) -> str:
    when = next(one.at for one in reversed(document.corrections) if name in one.fields)
    before, after = (_line(getattr(one, name))[:_SHOWN] for one in (said, document))
    return say(
        "citation_was_corrected_since",
        number=number,
        field=name,
        given=before,
        day=when.date().isoformat(),
        known=after or say("not_known"),
    )


def _differences(
    number: int, said: DocumentReference, known: DocumentReference, fields: Sequence[str]
) -> Iterator[str]:
    """What a citation says of its document other than the base does, a sentence each."""
    for field in fields:
        mine, theirs = (_line(getattr(one, field)) for one in (said, known))
        if mine and mine != theirs:
            cited = mine[:_SHOWN]
            if theirs:
                yield say(
                    "citation_differs_from_the_base", number=number, field=field, given=cited, known=theirs[:_SHOWN]
                )
            else:
                yield say("citation_has_what_the_base_lacks", number=number, field=field, given=cited)


def _line(field: str | tuple[str, ...] | None) -> str:
    return field if isinstance(field, str) else ", ".join(field or ())


def _figures_checked(store: Store, saved: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Which figures of the findings the base no longer has, and which it has otherwise; a sentence each."""
    lost: list[str] = []
    changed: list[str] = []
    for row in _figure_rows(saved):
        try:
            known = to_wire(store.statistic(str(row.get("id"))))
        except NotFoundError:
            lost.append(say("the_base_no_longer_reads", raw=str(row.get("raw"))[:_SHOWN]))
            continue
        for field in _FIGURE_FIELDS:
            if field in row and row[field] != known[field]:
                mine, theirs = str(row[field])[:_SHOWN], str(known[field])[:_SHOWN]
                changed.append(
                    say("figure_differs_from_the_base", raw=known["raw"], field=field, given=mine, known=theirs)
                )
    return lost, changed


def _figure_rows(saved: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The figures of a parsed answer's findings."""
    for statement in saved["statements"]:
        yield from (statement.get("finding") or {}).get("statistics") or ()


def _add_others(store: Store, texts: dict[str, str]) -> tuple[str, ...]:
    """Add the other documents, where a quote may really stand, as long as there is room; no more of them is read."""
    cited = [sha256 for sha256 in texts if store.current_with_bytes(sha256) is not None]
    room, added = _MAX_OTHER_CHARACTERS, 0
    for document in store.each_document():
        if document.sha256 not in texts:
            room -= len(document.text)
            if room < 0:
                break
            texts[document.sha256] = document.text
            added += 1
    left_out = store.document_count() - len(cited) - added
    return (say("other_documents_were_not_searched", count=left_out),) if left_out > 0 else ()
