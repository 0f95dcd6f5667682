"""An answer from citations: sentences taken whole from the sources, each with its numbered citation.

Extractive: nothing is written but the words around the quotes. Whether they are evidence
at all is decided elsewhere. Knows no store, no vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kb.answer import Answer, Statement, Status
from kb.citation import Citation
from kb.language import Language
from kb.search import Hit

MAX_STATEMENTS = 5

_NO_EVIDENCE = {
    Language.ES: "No hay evidencia en la base que responda a esta pregunta.",
    Language.EN: "The base holds no evidence that answers this question.",
}
_LACKING = {
    Language.ES: "Lo más próximo no menciona: {}.",
    Language.EN: "The nearest passages do not mention: {}.",
}


def no_evidence(question: str, language: Language, related: Sequence[Hit], missing: Sequence[str] = ()) -> Answer:
    """The answer that says so, with the nearest hits as related reading and what none of them mentions."""
    words = _NO_EVIDENCE.get(language, _NO_EVIDENCE[Language.EN])
    if missing:
        words += " " + _LACKING.get(language, _LACKING[Language.EN]).format(", ".join(missing))
    return Answer(question, language, Status.NO_EVIDENCE, words, (), (), tuple(related))


def compose(question: str, language: Language, citations: Sequence[Citation]) -> Answer:
    """The answer that the citations carry, best first; a text that stands in several sources is one statement.

    Every statement is a quote, character for character. Raises ValueError without citations.
    """
    if not citations:
        raise ValueError("an answer needs at least one citation")
    grouped: dict[str, list[Citation]] = {}
    for citation in citations:
        key = " ".join(citation.quote.split()).casefold()
        if key in grouped or len(grouped) < MAX_STATEMENTS:
            grouped.setdefault(key, []).append(citation)
    return _numbered(question, language, list(grouped.values()))


def _numbered(question: str, language: Language, groups: Sequence[Sequence[Citation]]) -> Answer:
    statements: list[Statement] = []
    citations: list[Citation] = []
    for group in groups:
        first = len(citations) + 1
        citations += [replace(citation, number=first + offset) for offset, citation in enumerate(group)]
        statements.append(Statement(group[0].quote, tuple(range(first, len(citations) + 1))))
    text = "\n\n".join(
        statement.text + " " + "".join(f"[{number}]" for number in statement.citations) for statement in statements
    )
    return Answer(question, language, Status.ANSWERED, text, tuple(statements), tuple(citations))
