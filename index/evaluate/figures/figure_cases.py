"""Short texts with the figures that each holds, to what a reader finds in them: scores by language, and every miss.

A row is ``{"id", "lang", "text", "expected": [{"raw", "value", "kind", "comparator", "year"?, "source"?,
"population"?}], "kind_of_fault"?}``. A reading matches an expected figure when its span overlaps and its value is
equal; kind and comparator are told on the matches. A figure that is not expected is a false one, unless the row says of
whom or by whom a figure is: such a row lists only the figures it asks about. Rows without figures to read (a filter's
total) are left out. Pure: the reader of figures is handed in.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from index.evaluate.figures.statistic_scores import same_value
from index.evaluate.measures import share
from kb.records.document import Span, parse_language
from kb.records.language import Language
from kb.records.statistic import Kind, Statistic

_CaseReader = Callable[[str, Language], Sequence[Statistic]]
"""A text and its language to the statistics in it, with spans of that text."""
_ATTRIBUTES = ("year", "source", "population")
_ARTICLES = ("los ", "las ", "la ", "el ", "the ")


@dataclass(frozen=True, slots=True)
class CaseFault:
    """A case that is not read as judged, and what differs."""

    id: str
    kind: str
    text: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseScores:
    """Counts and shares (0 to 1, null over nothing) of one language: ``wrong`` are places read with another value,
    ``value`` the share of places read that have the right one; kind and comparator are on the matches."""

    gold: int
    found: int
    wrong: int
    false: int
    recall: float | None
    precision: float | None
    value: float | None
    kind: float | None
    comparator: float | None


@dataclass(frozen=True, slots=True)
class CaseReport:
    """How many cases were read, how many as judged, the scores by language, and each case with a fault."""

    cases: int
    right: int
    scores: dict[Language, CaseScores]
    faults: tuple[CaseFault, ...]


@dataclass(slots=True)
class Counts:
    """What is counted while cases or documents are gone through."""

    gold: int = 0
    found: int = 0
    wrong: int = 0
    false: int = 0
    kind: int = 0
    comparator: int = 0

    def scores(self) -> CaseScores:
        """The shares that follow."""
        read = self.found + self.wrong
        return CaseScores(
            self.gold, self.found, self.wrong, self.false,
            share(self.found, self.gold), share(self.found, read + self.false), share(self.found, read),
            share(self.kind, self.found), share(self.comparator, self.found),
        )  # fmt: skip


def score_cases(rows: Iterable[dict[str, Any]], reader: _CaseReader) -> CaseReport:
    """What ``reader`` finds in every case against what was judged. Raises InputError for an unknown language."""
    rows = [row for row in rows if not any("total" in one for one in row["expected"])]
    counts: dict[Language, Counts] = {}
    faults = []
    for row in rows:
        language = parse_language(row["lang"])
        wrong = list(_faults(row, list(reader(row["text"], language)), counts.setdefault(language, Counts())))
        if wrong:
            faults.append(CaseFault(row["id"], row.get("kind_of_fault", ""), row["text"], tuple(wrong)))
    scores = {language: one.scores() for language, one in counts.items()}
    return CaseReport(len(rows), len(rows) - len(faults), scores, tuple(faults))


def _faults(row: dict[str, Any], found: list[Statistic], counts: Counts) -> Iterator[str]:
    place = 0
    for expected in row["expected"]:
        span = _span(row["text"], expected["raw"], place)
        place = span.start + 1
        counts.gold += 1
        near = [one for one in found if one.span.overlaps(span)]
        match = next((one for one in near if agrees(one, expected)), None)
        if match is not None:
            found.remove(match)
            counts.found += 1
            yield from _differences(match, expected, counts)
            continue
        yield f"not found: {expected['raw']!r} = {expected['value']}"
        if near:
            found.remove(near[0])
            counts.wrong += 1
            yield f"read as {near[0].value}: {near[0].raw!r}"
    attributed = any(name in one for one in row["expected"] for name in _ATTRIBUTES[1:])
    if not attributed:
        counts.false += len(found)
        yield from (f"no figure: {one.raw!r} = {one.value}" for one in found)


def _span(text: str, raw: str, place: int) -> Span:
    """Where the raw form stands, from ``place`` on when it does, else wherever it does."""
    start = text.find(raw, place)
    start = start if start >= 0 else max(text.find(raw), 0)
    return Span(start, start + len(raw))


def agrees(found: Statistic, expected: dict[str, Any]) -> bool:
    """Whether a statistic has the value that is judged."""
    theirs = Decimal(str(expected["value"]))
    if found.value is None:
        return False
    # The same difference said as a share: "3 pp" judged as 0.03.
    points = found.unit == "percentage points" and found.kind is Kind.SCORE
    return same_value(found.value, theirs) or (points and same_value(found.value / 100, theirs))


def is_kind(found: Statistic, expected: dict[str, Any]) -> bool:
    """Whether a statistic is of the kind, or of one of the kinds, that is judged."""
    kinds = expected["kind"].split("|")
    points = found.unit == "percentage points" and Kind.PERCENT.value in kinds
    return found.kind.value in kinds or points


def _differences(found: Statistic, expected: dict[str, Any], counts: Counts) -> Iterator[str]:
    if is_kind(found, expected):
        counts.kind += 1
    else:
        yield f"{found.raw!r} is {found.kind.value}, not {expected['kind']}"
    if found.comparator.value == expected["comparator"]:
        counts.comparator += 1
    else:
        yield f"{found.raw!r} is {found.comparator.value}, not {expected['comparator']}"
    for name in _ATTRIBUTES:
        if name in expected and _bare(getattr(found, name)) != _bare(expected[name]):
            yield f"{found.raw!r} has {name} {getattr(found, name)!r}, not {expected[name]!r}"


def _bare(value: object) -> object:
    """A name without its article."""
    if not isinstance(value, str):
        return value
    return next((value[len(one) :] for one in _ARTICLES if value.startswith(one)), value)
