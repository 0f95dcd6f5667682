"""What an answer is. "No evidence" is a proper answer. A quote is never translated."""

from dataclasses import dataclass
from enum import Enum

from kb.records.language import Language
from kb.records.search import Citation, Hit
from kb.records.statistic import Statistic


class Status(Enum):
    """Whether the base holds evidence."""

    ANSWERED = "answered"
    NO_EVIDENCE = "no_evidence"


class FindingKind(Enum):
    """What a finding is made of: sentences, a sentence with a figure, or an announced list."""

    TEXT = "text"
    FIGURE = "figure"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Difference:
    """What a finding has other than the statement ``statement`` (counted from 1) on the same subject.

    ``field`` is "value", "year", "population" or "source"; ``here`` and ``there`` are as the texts say, null
    where a text does not say.
    """

    statement: int
    field: str
    here: str | None
    there: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What stands behind a statement: how many independent sources say it (reprints counted once), in which
    languages, with which figures, how it differs from statements before it on the same subject, and how many further
    sources (``against``) say another figure there."""

    kind: FindingKind
    sources: int
    languages: tuple[Language, ...]
    statistics: tuple[Statistic, ...] = ()
    differs: tuple[Difference, ...] = ()
    against: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """Sentences of an answer, verbatim from their sources, and the numbers of their citations.

    ``text`` is the quote; the items of a list, and the same finding in the other language, follow it line by
    line. Every line is a citation's quote.
    """

    text: str
    citations: tuple[int, ...]
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A cited answer; ``related`` holds near hits, which may not answer.

    ``text`` and ``statements`` are always the sources' own words. ``notes`` are said beside them, in ``language``: that
    a list has another number of things than was asked for, that no source in a language answers, how a word was read.
    ``judge`` names what judged the evidence, and what was wrong with a judge that failed; empty in answers of before.
    """

    question: str
    language: Language
    status: Status
    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    related: tuple[Hit, ...] = ()
    notes: tuple[str, ...] = ()
    judge: str = ""
