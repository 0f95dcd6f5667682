"""An answer from hits: sentences taken whole from the sources, each with its numbered citation.

Extractive: nothing is written but the words around the quotes. Whether the hits are evidence
at all is decided elsewhere and handed in. Knows no store, no vectors.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.answer import Answer, Statement, Status
from kb.citation import Citation, permalink
from kb.document import Span
from kb.language import Language
from kb.search import Hit

MAX_STATEMENTS = 4
# A further statement must come this near to the best one's score; hits below it are mostly about something else.
NEAR_THE_BEST = 0.85

_NO_EVIDENCE = {
    Language.ES: "No hay evidencia en la base que responda a esta pregunta.",
    Language.EN: "The base holds no evidence that answers this question.",
}
_LIST_LEAD_IN = re.compile(r":\s*$")


def no_evidence(question: str, language: Language, related: Sequence[Hit]) -> Answer:
    """The answer that says so, with the nearest hits as related reading."""
    words = _NO_EVIDENCE.get(language, _NO_EVIDENCE[Language.EN])
    return Answer(question, language, Status.NO_EVIDENCE, words, (), (), tuple(related))


def compose(question: str, language: Language, hits: Sequence[Hit]) -> Answer:
    """The answer that the hits carry, best first; a text that stands in several hits is cited once for each.

    Every statement is a span of its passage, character for character. Raises ValueError without hits.
    """
    if not hits:
        raise ValueError("an answer needs at least one hit")
    grouped: dict[str, list[Citation]] = {}
    for hit in hits:
        if hit.score < NEAR_THE_BEST * hits[0].score:
            continue
        citation = cite(hit)
        key = " ".join(citation.quote.split()).casefold()
        if key in grouped or len(grouped) < MAX_STATEMENTS:
            grouped.setdefault(key, []).append(citation)
    return _numbered(question, language, list(grouped.values()))


def cite(hit: Hit) -> Citation:
    """The citation of a hit's answering sentence; a sentence that announces a list takes the list with it."""
    span = _with_list(hit)
    quote = span.shifted(-hit.passage.span.start).cut(hit.passage.text)
    return replace(hit.citation, quote=quote, span=span, permalink=permalink(hit.passage.id, span))


def _with_list(hit: Hit) -> Span:
    passage, span = hit.passage, hit.why.sentence_span
    sentence = span.shifted(-passage.span.start).cut(passage.text)
    if _LIST_LEAD_IN.search(sentence):
        return Span(span.start, passage.span.end)
    return span


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
