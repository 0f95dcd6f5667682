"""What a document offers for when a figure was measured and how many were asked: every period and number, with its
mentions.

Proposed by grammar alone, and generously: which of them is a figure's is for the chooser. Knows nothing of figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.studies.candidates import Candidate, Mention
from ingest.studies.discourse import Discourse
from ingest.studies.when.periods import NamedPeriod, PeriodRole, named_periods, placed_at, publication_of, whole_year
from kb.records.statistic import Granularity, Period
from kb.words.lexicon import words_of
from kb.words.tokens import Token, is_yearlike, lower_at

_MAX_LINE_CHARS = 2000
_ASKED = words_of("respondent_noun") | words_of("interview_noun") | words_of("measured_noun")
_SAMPLES = words_of("sample_samples") | {"n"}
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’]\d{2,3})*[.,'’]\d{3}|\d+")
_FEWEST_ASKED = 5


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


def sizes(discourse: Discourse) -> list[Candidate]:
    """Every whole number that may say how many were asked: all but shares, sums of money and years."""
    found: dict[int, list[Mention]] = {}
    for index, line in enumerate(discourse.lines):
        for place, token in enumerate(line.tokens):
            value = _whole(line.tokens, place) if token.kind == "n" else None
            if value is not None and value >= _FEWEST_ASKED:
                mention = Mention(index, token.start, token.end, _asked(line.tokens, place))
                found.setdefault(value, []).append(mention)
    largest = max(found, default=0)
    return [
        Candidate(size, tuple(mentions), (
            float(len(str(size))),
            float(size == largest),
            float(len(found)),
            float(any(mention.form for mention in mentions)),
            float(size % 10 == 0),
        ))
        for size, mentions in sorted(found.items())
    ]  # fmt: skip


def _whole(tokens: Sequence[Token], place: int) -> int | None:
    """The whole number that these digits are, their groups read ("6.240", "6 240"); null for a share, money, a year."""
    text, before, after = tokens[place].text, lower_at(tokens, place - 1), lower_at(tokens, place + 1)
    if _GROUPED.fullmatch(text) is None or len(text) > 12 or after in ("%", "°") or before in ("$", "€", "£", "₹"):
        return None
    if before.isdigit() and len(text) == 3 and len(before) <= 3:
        return None  # the rest of "6 240"
    joined = place + 1 < len(tokens) and len(after) == 3 and after.isdigit() and len(text) <= 3
    if is_yearlike(text) and (before in ("en", "in") or _asked(tokens, place) == ""):
        return None
    return int(re.sub(r"\D", "", text + after if joined else text))


def _asked(tokens: Sequence[Token], place: int) -> str:
    """How the number is said to count people: "noun" within a few words after it, "sample" before it; or nothing."""
    if any(lower_at(tokens, place - step) in _SAMPLES for step in (1, 2, 3, 4)):
        return "sample"
    for step in range(1, 6):
        word = lower_at(tokens, place + step)
        if word in _ASKED:
            return "noun"
        if not word or word in ",.;:()%":
            break
    return ""
