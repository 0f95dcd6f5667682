"""The saved answer: what is written down so that an answer can be checked without us.

Owns the file format and its version, and the seal that shows an edit. Knows nothing of how a
quote is judged. The seal is a checksum, not a signature: it shows accidents and honest edits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from kb.answer import Answer, Status
from kb.citation import Citation, DocumentReference
from kb.document import Place, Span
from kb.errors import InputError
from kb.language import Language, parse_language

FORMAT_VERSION = 1
MAX_FILE_BYTES = 50_000_000


class Seal(Enum):
    """Whether the file is as it was saved; ``ABSENT`` when it never had a seal."""

    INTACT = "intact"
    EDITED = "edited"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class SavedCitation:
    """A citation as saved; ``text_sha256`` is the hash of the canonical text, null when not recorded."""

    number: int
    document: DocumentReference
    quote: str
    span: Span | None
    sha256: str
    text_sha256: str | None


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """A saved answer as read back, with the state of its seal."""

    question: str
    language: Language
    status: Status
    statements: tuple[tuple[str, tuple[int, ...]], ...]
    citations: tuple[SavedCitation, ...]
    seal: Seal


def save_answer(answer: Answer, texts: Mapping[str, str]) -> dict[str, Any]:
    """The answer as a JSON object, sealed; ``texts`` are canonical texts by document id, to record their hashes."""
    saved: dict[str, Any] = {
        "format": FORMAT_VERSION,
        "question": answer.question,
        "language": answer.language.value,
        "status": answer.status.value,
        "text": answer.text,
        "note": answer.note,
        "statements": [{"text": one.text, "citations": list(one.citations)} for one in answer.statements],
        "citations": [_citation_json(one, texts.get(one.document.id)) for one in answer.citations],
    }
    return saved | {"seal": seal_of(saved)}


def seal_of(saved: Mapping[str, Any]) -> str:
    """The SHA-256 of a saved answer without its seal, over JSON with sorted keys."""
    body = {key: value for key, value in saved.items() if key != "seal"}
    return text_hash(json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def text_hash(text: str) -> str:
    """The SHA-256 (hex) of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_answer_file(path: Path) -> Mapping[str, Any]:
    """The JSON object in a file; raises InputError when it is missing, too large, truncated or not JSON."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(str(path), f"cannot be read ({error.strerror})") from None
    return decode_answer(data, str(path))


def decode_answer(data: bytes, name: str) -> Mapping[str, Any]:
    """The JSON object in these bytes; raises InputError naming what is wrong with ``name``."""
    if len(data) > MAX_FILE_BYTES:
        raise InputError(name, f"is larger than {MAX_FILE_BYTES} bytes")
    try:
        saved = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        hint = "Save the answer again, or ask whoever sent it for the whole file"
        raise InputError(name, f"is truncated or not JSON ({error})", hint) from None
    if not isinstance(saved, dict):
        raise InputError(name, "is not a saved answer: a JSON object was expected")
    return saved


def parse_answer(saved: Mapping[str, Any]) -> SavedAnswer:
    """The saved answer as a record; raises InputError when it is newer than this program or parts are missing."""
    _refuse_newer(saved.get("format", FORMAT_VERSION))
    status = _field(saved, "status", str, "answer")
    if status not in [known.value for known in Status]:
        raise InputError("saved answer", f"has the unknown status {status!r}")
    answer = SavedAnswer(
        _field(saved, "question", str, "answer"),
        parse_language(_field(saved, "language", str, "answer")),
        Status(status),
        tuple(_statement(one) for one in _rows(saved, "statements")),
        tuple(_citation(one) for one in _rows(saved, "citations")),
        _seal(saved),
    )
    numbers = [citation.number for citation in answer.citations]
    if len(set(numbers)) < len(numbers):
        raise InputError("saved answer", "numbers two citations alike", "Save the answer again")
    return answer


def _refuse_newer(version: object) -> None:
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise InputError("saved answer", f"has the unreadable format {version!r}")
    if version > FORMAT_VERSION:
        reason = f"has format {version}, newer than {FORMAT_VERSION}, the newest this program reads"
        raise InputError("saved answer", reason, "Update the program: pip install --upgrade cx-knowledge-base")


def _seal(saved: Mapping[str, Any]) -> Seal:
    if saved.get("seal") is None:
        return Seal.ABSENT
    return Seal.INTACT if saved["seal"] == seal_of(saved) else Seal.EDITED


def _citation_json(citation: Citation, text: str | None) -> dict[str, Any]:
    document = citation.document
    return {
        "number": citation.number,
        "quote": citation.quote,
        "span": {"start": citation.span.start, "end": citation.span.end},
        "sha256": citation.sha256,
        "text_sha256": None if text is None else text_hash(text),
        "passage_id": citation.passage_id,
        "permalink": citation.permalink,
        "places": [_place_json(place) for place in citation.places],
        "document": {
            "id": document.id,
            "source_id": document.source_id,
            "title": document.title,
            "authors": list(document.authors),
            "publisher": document.publisher,
            "published": document.published,
            "url": document.url,
        },
    }


def _place_json(place: Place) -> dict[str, Any]:
    return {"page": place.page, "paragraph": place.paragraph, "line": place.line, "part": place.part}


def _statement(row: Mapping[str, Any]) -> tuple[str, tuple[int, ...]]:
    numbers = _field(row, "citations", list, "statement")
    if not all(isinstance(number, int) for number in numbers):
        raise InputError("saved answer", "has a statement whose citations are not numbers")
    return _field(row, "text", str, "statement"), tuple(numbers)


def _citation(row: Mapping[str, Any]) -> SavedCitation:
    document = _field(row, "document", dict, "citation")
    return SavedCitation(
        _field(row, "number", int, "citation"),
        DocumentReference(
            _field(document, "id", str, "document"),
            _field(document, "source_id", str, "document"),
            _text(document, "title"),
            tuple(str(author) for author in document.get("authors") or ()),
            _text(document, "publisher"),
            _text(document, "published"),
            _text(document, "url"),
        ),
        _field(row, "quote", str, "citation"),
        _span(row.get("span")),
        _field(row, "sha256", str, "citation"),
        _text(row, "text_sha256"),
    )


def _span(value: object) -> Span | None:
    """The span, written as ``{"start", "end"}`` or ``[start, end]``; null when the file states none."""
    if value is None:
        return None
    ends = [value.get("start"), value.get("end")] if isinstance(value, Mapping) else value
    if isinstance(ends, Sequence) and len(ends) == 2 and all(type(end) is int for end in ends):
        start, end = ends
        if 0 <= start <= end:
            return Span(start, end)
    raise InputError("saved answer", f"has the unreadable span {value!r}")


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise InputError("saved answer", f"has a {name} that is not text")
    return value


def _rows(saved: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = _field(saved, name, list, "answer")
    if not all(isinstance(row, Mapping) for row in rows):
        raise InputError("saved answer", f"has {name} that are not objects")
    return rows


def _field(row: Mapping[str, Any], name: str, kind: type, part: str) -> Any:
    value = row.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        hint = "It was edited or truncated: save the answer again"
        raise InputError("saved answer", f"has no {name} in its {part}", hint)
    return value
