"""What an answer is. "No evidence" is a proper answer. A quote is never translated."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kb.citation import Citation
from kb.language import Language
from kb.search import Hit


class Status(Enum):
    """Whether the base holds evidence."""

    ANSWERED = "answered"
    NO_EVIDENCE = "no_evidence"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer, verbatim from its sources, and the numbers of its citations."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A cited answer; ``related`` holds near hits when there is no evidence."""

    question: str
    language: Language
    status: Status
    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    related: tuple[Hit, ...] = ()
    note: str | None = None
