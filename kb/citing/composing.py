"""An answer from findings: sentences taken whole from the sources, each with its numbered citation.

Extractive: nothing is written but the words around the quotes. Whether they are evidence at all, and what
says the same, is decided elsewhere. Knows no store, no vectors.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from kb.records.answer import Answer, Finding, Statement, Status
from kb.records.language import Language
from kb.records.messages import said, say
from kb.records.search import Citation, Hit


class Numbered(Protocol):
    """A quote with its number: a citation, or one that was read back."""

    @property
    def number(self) -> int:
        """Its mark, counted from 1."""

    @property
    def quote(self) -> str:
        """Its words."""


@dataclass(frozen=True, slots=True)
class CitedFinding:
    """A finding and the citations of its quotes, best first; reprints and the other language come after."""

    finding: Finding
    citations: tuple[Citation, ...]


def no_evidence(
    question: str,
    language: Language,
    related: Sequence[Hit],
    missing: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Answer:
    """The answer that says so, with the nearest hits as related reading and what they have nothing of: words of the
    question, or messages for what has no word there. ``notes`` are messages too."""
    language = language if language is Language.ES else Language.EN
    words = say("no_evidence").said(language)
    if missing:
        named = ", ".join(said(one, language) for one in missing)
        nearest = related[0].document if related else None
        title = (nearest.title or nearest.source_id) if nearest else ""
        quoted = language.facts.quoted(title)
        lacking = say("nearest_says_nothing", title=quoted, named=named) if title else say("says_nothing", named=named)
        words += " " + lacking.said(language)
    beside = tuple(said(note, language) for note in notes)
    return Answer(question, language, Status.NO_EVIDENCE, words, (), (), tuple(related), beside)


def compose(
    question: str,
    language: Language,
    findings: Sequence[CitedFinding],
    related: Sequence[Hit] = (),
    notes: Sequence[str] = (),
) -> Answer:
    """The answer that the findings carry, a statement each, in their order, with what is near and does not answer.

    Every line of a statement is the quote of one of its citations, character for character; the same words in
    several sources are one line. ``notes`` are messages, said in ``language``. Raises ValueError without findings, or
    for one without citations.
    """
    if not findings or not all(one.citations for one in findings):
        raise ValueError("an answer needs at least one citation for each finding")
    statements: list[Statement] = []
    citations: list[Citation] = []
    marked: list[str] = []
    for one in findings:
        first = len(citations) + 1
        numbered = [replace(citation, number=first + offset) for offset, citation in enumerate(one.citations)]
        citations += numbered
        numbers = tuple(citation.number for citation in numbered)
        statements.append(Statement("\n".join(distinct_quotes(numbered)), numbers, one.finding))
        marked.append(marked_quotes(numbered))
    beside = tuple(said(note, language) for note in notes)
    text = "\n\n".join(marked)
    return Answer(
        question, language, Status.ANSWERED, text, tuple(statements), tuple(citations), tuple(related), beside
    )


def marked_quotes(citations: Sequence[Numbered]) -> str:
    """The quotes of numbered citations, one a line, each with its marks: "… [1][3]"."""
    return "\n".join(f"{line} {marks_of(held)}" for line, held in distinct_quotes(citations).items())


def marks_of(numbers: Sequence[int]) -> str:
    """The marks of these citations: "[1][2]"."""
    return "".join(f"[{number}]" for number in numbers)


def distinct_quotes(citations: Sequence[Numbered]) -> dict[str, list[int]]:
    """Each distinct quote, as it was met first, with the numbers of the citations that have it."""
    spelt: dict[str, str] = {}
    lines: dict[str, list[int]] = {}
    for citation in citations:
        quote = spelt.setdefault(" ".join(citation.quote.split()).casefold(), citation.quote)
        lines.setdefault(quote, []).append(citation.number)
    return lines
