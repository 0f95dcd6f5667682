"""The proof of a figure: its quote, read again by itself, gives the same value, kind and hedge.

Knows nothing of the document the quote came from; what only the document could decide is not proven here.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.figures.reading import read_passages
from kb.records.document import Document, Passage, Span
from kb.records.statistic import Statistic

_MEDIA_TYPE = "text/plain"


def reread(statistic: Statistic) -> Statistic | None:
    """The statistic that its quote alone gives at the same characters, with spans of the document it came from; null
    when none is there."""
    offset = statistic.quote_span.start
    text = statistic.quote
    document = Document("", "", None, (), None, None, None, _MEDIA_TYPE, "", text, (), ())
    whole = Span(0, len(text))
    passage = Passage(statistic.passage_id, "", whole, text, statistic.language, sentences=(whole,))
    for found in read_passages(document, [passage]).statistics:
        if found.span.shifted(offset) == statistic.span:
            return replace(found, span=statistic.span, quote_span=statistic.quote_span)
    return None


def is_proven(statistic: Statistic) -> bool:
    """Whether the quote alone gives this value, range, kind, unit and hedge."""
    again = reread(statistic)
    return again is not None and _said(again) == _said(statistic)


def _said(one: Statistic) -> tuple[object, ...]:
    return (one.value, one.high, one.kind, one.unit, one.comparator)
