"""The saved answer: what is written down so that an answer can be checked without us.

Owns the file format and its version, and the seal that shows an edit; reading it back is
``kb.saved.parsing``'s. The seal is a checksum, not a signature: it shows accidents and honest edits.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from kb.records.answer import Answer, Status
from kb.records.document import Place, Span, text_hash
from kb.records.language import Language
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
    plain = {"page": place.page, "paragraph": place.paragraph, "line": place.line, "part": place.part}
    others = {"slide": place.slide, "cell": place.cell, "time": place.time, "recognised": place.recognised or None}
    return plain | {name: value for name, value in others.items() if value is not None}
