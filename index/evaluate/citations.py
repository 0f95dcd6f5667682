"""How many golden citations are written exactly: references in each style and language against expected texts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kb.citing import Reference, Style, format_reference, in_text
from kb.records.document import Place
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.search import DocumentReference


@dataclass(frozen=True, slots=True)
class GoldenCitation:
    """A reference and the text expected of it; ``in_text`` is null for the file formats."""

    id: str
    reference: Reference
    style: Style
    language: Language
    entry: str
    in_text: str | None


@dataclass(frozen=True, slots=True)
class WrongCitation:
    """A citation that is not as expected."""

    id: str
    style: Style
    language: Language
    expected: str
    written: str


@dataclass(frozen=True, slots=True)
class CitationFigures:
    """How many texts were compared, and those that differ."""

    tried: int
    wrong: tuple[WrongCitation, ...]

    @property
    def exact(self) -> float:
        """The share (0 to 1) written exactly as expected."""
        return 1 - len(self.wrong) / self.tried if self.tried else 0.0


def evaluate_citations(golden: Sequence[GoldenCitation]) -> CitationFigures:
    """The figures over these golden citations: each entry, and each in-text form where one is expected."""
    compared = [pair for citation in golden for pair in _written(citation)]
    wrong = [
        WrongCitation(citation.id, citation.style, citation.language, expected, written)
        for citation, expected, written in compared
        if expected != written
    ]
    return CitationFigures(len(compared), tuple(wrong))


def read_golden(folder: Path) -> list[GoldenCitation]:
    """The golden citations of a folder: ``references.json`` and one file a style; raises InputError if unreadable."""
    try:
        rows = _read(folder / "references.json")
        references = {row["id"]: _reference(row) for row in rows}
        return [
            GoldenCitation(name, references[name], style, Language(code), texts["entry"], texts.get("in_text"))
            for style in Style
            for name, languages in _read(folder / f"{style.value}.json").items()
            for code, texts in languages.items()
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(str(folder), say("holds_no_golden_citations", error=repr(error))) from error


def _written(citation: GoldenCitation) -> list[tuple[GoldenCitation, str, str]]:
    style, language = citation.style, citation.language
    pairs = [(citation, citation.entry, format_reference(citation.reference, style, language))]
    if citation.in_text is not None:
        pairs.append((citation, citation.in_text, in_text(citation.reference, style, language)))
    return pairs


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _reference(row: dict[str, Any]) -> Reference:
    document = DocumentReference(
        row["id"], row["id"], row["title"], tuple(row["authors"]), row["publisher"], row["published"], row["url"]
    )
    place = Place(page=row["page"], paragraph=row["paragraph"])
    return Reference.of(document, (place,), date.fromisoformat(row["accessed"]) if row["accessed"] else None)
