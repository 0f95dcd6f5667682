"""Shares of somebody side by side: which figures may be bars, and what each says that it measures.

A bar is a figure of which it is known of whom it is a share; a change, a multiple and a row of a table are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from api.page.marks import Marked, stretched
from api.service.schemas import CitedStatistic
from api.words.formats import measured_when
from kb.quotes.judge import judge
from kb.records.document import Span
from kb.records.language import Language
from kb.records.statistic import Kind, Statistic

SHARES = (Kind.PERCENT, Kind.FRACTION, Kind.RATIO)
# What may not stand between what was measured and the end of the sentence, if that end is to be its own.
_GOES_ON = frozenset(',;:()«»“”"—–|')


@dataclass(frozen=True, slots=True)
class Bar:
    """A share in the comparison: from ``low`` to ``high`` of 100, or from 0 where it is one value. ``claim`` are whole
    words of its sentence with the figure marked; ``beside`` who measured it and when, where that is known."""

    cited: CitedStatistic
    low: float
    high: float
    claim: tuple[Marked, ...]
    beside: str


def bars_of(figures: Sequence[CitedStatistic], language: Language) -> list[Bar]:
    """The shares between 0 and 100 %, the largest first; periods in ``language``."""
    bars = []
    for cited in figures:
        one = cited.statistic
        if one.value is None or not _is_share(one):
            continue
        low, high = (Decimal(0), one.value) if one.high is None else (one.value, one.high)
        measured = ", ".join(filter(None, (one.source, measured_when(one, language))))
        bars.append(Bar(cited, float(low * 100), float(high * 100), _claim(one), measured))
    return sorted(bars, key=lambda bar: -bar.high)


def _is_share(one: Statistic) -> bool:
    within = one.value is not None and 0 <= one.value <= (one.high or one.value) <= 1
    of_whom = one.population is not None and one.direction is None
    return one.kind in SHARES and within and of_whom and one.quote_span.contains(one.span) and "|" not in one.quote


def _claim(one: Statistic) -> tuple[Marked, ...]:
    """The words from the figure to the end of its sentence where they say what they say in it, else the sentence."""
    figure = one.span.shifted(-one.quote_span.start)
    end = len(one.quote.rstrip(" ."))
    piece = one.quote[figure.start : end]
    subject = one.subject or ""
    last = one.quote.find(subject, figure.end) + len(subject)
    is_whole = (
        len(subject) > len(one.population or "")
        and subject in piece
        and not _GOES_ON & set(one.quote[last:end])
        and judge(piece, Span(figure.start, end), one.quote, {}).verdict.accepted
    )
    start = figure.start if is_whole else 0
    return stretched(one.quote[start : end if is_whole else None], [figure.shifted(-start)])
