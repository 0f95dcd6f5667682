"""The periods that a document offers for its figures, with every mention.

Proposed by grammar alone, and generously: which of them is a figure's is for the chooser. Knows nothing of figures.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.studies.candidates import Candidate, Mention
from ingest.studies.discourse import Discourse
from ingest.studies.when.periods import NamedPeriod, PeriodRole, named_periods, placed_at, publication_of, whole_year
from kb.records.statistic import Granularity, Period

_MAX_LINE_CHARS = 2000


def periods(discourse: Discourse) -> list[Candidate]:
    """Every period that the document names or points to, and the year of its publication."""
    published = publication_of(discourse.document)
    named: dict[tuple[str, str], list[tuple[NamedPeriod, Mention]]] = {}
    for index, line in enumerate(discourse.lines):
        for one in named_periods(line.text[:_MAX_LINE_CHARS], line.tokens, published):
            period = placed_at(one.period, line.start)
            key = period.start, period.end
            told = NamedPeriod(period, one.at, one.stop, one.role, one.placed, one.turn)
            named.setdefault(key, []).append((told, Mention(index, one.at, one.stop, _form_of(one))))
    if published is not None:
        named.setdefault((str(published[0]), str(published[0])), [])
    last = max((end[:4] for _, end in named), default="")
    return [
        Candidate(
            _clearest([one for one, _ in mentions]) if mentions else whole_year(int(key[0])),
            tuple(mention for _, mention in mentions),
            _facts_of(key, [one for one, _ in mentions], published, last, len(named)),
        )
        for key, mentions in sorted(named.items())
    ]


def _form_of(one: NamedPeriod) -> str:
    """What a line says of a period: compared with, begun or expected then, told from today, or how it is placed."""
    if one.role in (PeriodRole.BEGUN, PeriodRole.TARGET, PeriodRole.RELATIVE):
        return str(one.role.value)
    if one.turn is not None:
        return "compared"
    if one.period.start != one.period.end:
        return "range"
    if one.period.granularity is Granularity.YEAR:
        return "year" if one.placed else ""
    return "month"


def _clearest(told: Sequence[NamedPeriod]) -> Period:
    """Of the mentions of one period the words that say the most."""
    return max((one.period for one in told), key=lambda period: (not period.target, len(period.quote or "")))


def _facts_of(
    key: tuple[str, str], told: Sequence[NamedPeriod], published: tuple[int, int] | None, last: str, count: int
) -> tuple[float, ...]:
    start, end = (int(one[:4]) for one in key)
    own = "" if published is None else f"{published[0]}-{published[1]:02d}"
    return (
        float(published is not None and start == end == published[0]),
        float(published[0] - end if published else 9),
        float(key[1][:4] == last),
        float(count),
        float(published is not None),
        float(own == key[0][:7]),
        float(len(key[0])),
        float(key[0] != key[1]),
        float(end - start),
        float(any(one.placed for one in told)),
        float(any(one.role is PeriodRole.TARGET for one in told)),
        float(any(one.role is PeriodRole.BEGUN for one in told)),
    )
