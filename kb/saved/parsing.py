"""Reads a saved answer back: bytes to JSON, JSON to a record, each part looked at before it is used.

Owns what is refused (too large, truncated, newer, parts of another type, a name given twice). Judges nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from kb.records.answer import Answer, Status
from kb.records.document import Place, Span, parse_language, text_hash
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.likeness import members
from kb.records.messages import say
from kb.records.search import Citation, DocumentReference

FORMAT_VERSION = 1


class Seal(Enum):
    """Whether the file is as it was saved; ``ABSENT`` when it never had a seal."""

    INTACT = "intact"
    EDITED = "edited"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class SavedCitation:
    """A citation as saved; ``text_sha256`` is the hash of the canonical text. What was not recorded is null."""

    number: int
    document: DocumentReference
    quote: str
    span: Span | None
    sha256: str
    text_sha256: str | None
    passage_id: str | None = None


@dataclass(frozen=True, slots=True)
class SavedStatement:
    """A statement as saved, and the figures of its finding as they stand in the text ("21%")."""

    text: str
    citations: tuple[int, ...]
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """A saved answer as read back, with the state of its seal; ``text`` is null where the file has none.

    ``rewritten`` says that it holds sentences of a language model, as earlier versions gave on request.
    """

    question: str
    language: Language
    status: Status
    text: str | None
    statements: tuple[SavedStatement, ...]
    citations: tuple[SavedCitation, ...]
    rewritten: bool
    seal: Seal


def save_answer(answer: Answer, texts: Mapping[str, str]) -> dict[str, Any]:
    """The answer as a JSON object, sealed; ``texts`` are canonical texts by document id, to record their hashes."""
    saved: dict[str, Any] = {
        "format": FORMAT_VERSION,
        "question": answer.question,
        "language": answer.language.value,
        "status": answer.status.value,
        "text": answer.text,
        "statements": [{"text": one.text, "citations": list(one.citations)} for one in answer.statements],
        "citations": [_citation_json(one, texts.get(one.document.id)) for one in answer.citations],
    }
    return saved | {"seal": seal_of(saved)}


def seal_of(saved: Mapping[str, Any]) -> str:
    """The SHA-256 of a saved answer without its seal, over JSON with sorted keys."""
    body = {key: value for key, value in saved.items() if key != "seal"}
    return text_hash(json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def _citation_json(citation: Citation, text: str | None) -> dict[str, Any]:
    document = citation.document
    return {
        **members(citation, "number quote"),
        "span": members(citation.span, "start end"),
        "sha256": citation.sha256,
        "text_sha256": None if text is None else text_hash(text),
        **members(citation, "passage_id permalink"),
        "places": [_place_json(place) for place in citation.places],
        "document": members(document, "id source_id title authors publisher published url")
        | {"authors": list(document.authors)},
    }


def _place_json(place: Place) -> dict[str, Any]:
    others = members(place, "slide cell time") | {"recognised": place.recognised or None}
    return members(place, "page paragraph line part") | {name: one for name, one in others.items() if one is not None}


_MAX_FILE_BYTES = 50_000_000
# An answer has five findings; a file of many thousand quotes would be judged for hours.
MAX_ROWS = 1_000
_AGAIN = say("it_was_edited_or_truncated_save")


def read_answer_file(path: Path) -> Mapping[str, Any]:
    """The JSON object in a file; raises InputError when it is missing, too large, truncated or not JSON."""
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise InputError(str(path), say("is_larger_than_bytes", most=_MAX_FILE_BYTES))
        data = path.read_bytes()
    except OSError as error:
        raise InputError(str(path), say("cannot_be_read", error=error.strerror)) from None
    return decode_answer(data, str(path))


def decode_answer(data: bytes, name: str) -> Mapping[str, Any]:
    """The JSON object in these bytes; raises InputError naming what is wrong with ``name``."""
    if len(data) > _MAX_FILE_BYTES:
        raise InputError(name, say("is_larger_than_bytes", most=_MAX_FILE_BYTES))
    try:
        saved = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_named_once)
    except (ValueError, RecursionError) as error:
        hint = say("save_the_answer_again_or_ask")
        raise InputError(name, say("is_truncated_or_not_json", error=error), hint) from None
    if not isinstance(saved, dict):
        raise InputError(name, say("is_not_a_saved_answer"))
    return saved


def parse_answer(saved: Mapping[str, Any]) -> SavedAnswer:
    """The saved answer as a record; raises InputError when it is newer than this program or parts are missing."""
    _refuse_newer(saved.get("format", FORMAT_VERSION))
    _refuse_unwritable(saved)
    status = _field(saved, "status", str, "answer")
    if status not in [known.value for known in Status]:
        raise InputError(say("saved_answer"), say("has_the_unknown_status", status=_shown(status)))
    answer = SavedAnswer(
        _field(saved, "question", str, "answer"),
        parse_language(_field(saved, "language", str, "answer")[:20]),
        Status(status),
        _text(saved, "text"),
        tuple(_statement(one) for one in _rows(saved, "statements", "answer")),
        tuple(_citation(one) for one in _rows(saved, "citations", "answer")),
        saved.get("rewriting") is not None,
        _seal(saved),
    )
    numbers = [citation.number for citation in answer.citations]
    if len(set(numbers)) < len(numbers):
        raise InputError(say("saved_answer"), say("numbers_two_citations_alike"), say("save_the_answer_again"))
    return answer


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these members; ValueError for a name given twice, of which programs read another one each."""
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("an object names a member twice")
    return read


def _refuse_newer(version: object) -> None:
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise InputError(say("saved_answer"), say("has_the_unreadable_format", version=_shown(version)))
    if version > FORMAT_VERSION:
        reason = say("has_format_newer_than_the_newest", version=_shown(version), newest=FORMAT_VERSION)
        raise InputError(say("saved_answer"), reason, say("update_the_program"))


def _refuse_unwritable(saved: Mapping[str, Any]) -> None:
    """Halves of characters and endless nesting could not be written into any report."""
    try:
        json.dumps(saved, ensure_ascii=False).encode()
    except (RecursionError, ValueError):
        raise InputError(say("saved_answer"), say("holds_halves_of_characters"), _AGAIN) from None


def _seal(saved: Mapping[str, Any]) -> Seal:
    """The state of the seal: whatever states its format was saved with one, so that none is an edit there."""
    if saved.get("seal") is None:
        return Seal.EDITED if "format" in saved else Seal.ABSENT
    return Seal.INTACT if saved["seal"] == seal_of(saved) else Seal.EDITED


def _statement(row: Mapping[str, Any]) -> SavedStatement:
    finding = row.get("finding")
    if finding is not None and not isinstance(finding, Mapping):
        raise InputError(say("saved_answer"), say("has_a_finding_that_is_no"), _AGAIN)
    statistics = _rows(finding, "statistics", "finding") if finding and finding.get("statistics") is not None else []
    figures = tuple(_field(one, "raw", str, "statistic") for one in statistics)
    return SavedStatement(_field(row, "text", str, "statement"), _numbers(row, "statement"), figures)


def _citation(row: Mapping[str, Any]) -> SavedCitation:
    document = _field(row, "document", dict, "citation")
    authors = document.get("authors")
    if authors is not None and not (isinstance(authors, list) and all(isinstance(one, str) for one in authors)):
        raise InputError(say("saved_answer"), say("has_authors_that_are_no_list"), _AGAIN)
    return SavedCitation(
        _field(row, "number", int, "citation"),
        DocumentReference(
            _field(document, "id", str, "document"),
            _field(document, "source_id", str, "document"),
            _text(document, "title"),
            tuple(authors or ()),
            _text(document, "publisher"),
            _text(document, "published"),
            _text(document, "url"),
        ),
        _field(row, "quote", str, "citation"),
        _span(row.get("span")),
        _field(row, "sha256", str, "citation"),
        _text(row, "text_sha256"),
        _text(row, "passage_id"),
    )


def _numbers(row: Mapping[str, Any], part: str) -> tuple[int, ...]:
    numbers = _field(row, "citations", list, part)
    if not all(type(number) is int for number in numbers):
        raise InputError(say("saved_answer"), say("has_citations_that_are_no_numbers", part=part))
    return tuple(numbers)


def _span(value: object) -> Span | None:
    """The span, written as ``{"start", "end"}`` or ``[start, end]``; null when the file states none."""
    if value is None:
        return None
    ends = [value.get("start"), value.get("end")] if isinstance(value, Mapping) else value
    if isinstance(ends, Sequence) and len(ends) == 2 and all(type(end) is int for end in ends):
        start, end = ends
        if 0 <= start <= end:
            return Span(start, end)
    raise InputError(say("saved_answer"), say("has_the_unreadable_span", value=_shown(value)))


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise InputError(say("saved_answer"), say("has_a_part_that_is_not_text", name=name))
    return value


# What the rows of a saved answer are called.
_ROWS = {"statements": say("statements"), "citations": say("citations"), "statistics": say("statistics")}


def _rows(saved: Mapping[str, Any], name: str, part: str) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = _field(saved, name, list, part)
    if len(rows) > MAX_ROWS:
        raise InputError(say("saved_answer"), say("has_more_rows", count=len(rows), name=_ROWS[name], most=MAX_ROWS))
    if not all(isinstance(row, Mapping) for row in rows):
        raise InputError(say("saved_answer"), say("has_parts_that_are_not_objects", name=name))
    return rows


def _field(row: Mapping[str, Any], name: str, kind: type, part: str) -> Any:
    value = row.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise InputError(say("saved_answer"), say("lacks_a_part", name=name, part=part), _AGAIN)
    return value


def _shown(value: object) -> str:
    """The value for a message: short whatever it is."""
    try:
        told = repr(value)
    except (RecursionError, ValueError):
        return f"({type(value).__name__})"
    return told if len(told) <= 60 else told[:59] + "…"
