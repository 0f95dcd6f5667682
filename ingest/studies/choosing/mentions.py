"""The mentions of one candidate in the order of the lines, with what the words around each weigh.

All that a line asks of them is found by halving: a document may name one organisation beside each of its figures.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ingest.studies.candidates import Mention
from ingest.studies.choosing.wording import signs_of
from ingest.studies.discourse import DiscourseLine, Role

NEVER = -9.0
"""The weight of the words around a mention that is not there: below what any had on the documents learned from."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Mentions with their weights in log-odds, the most up to each and from each on, and the latest line up to each
    where the words speak for it (-1: none); ``sections`` are those whose headings mention it."""

    mentions: Sequence[Mention]
    lines: Sequence[int]
    strong: Sequence[Mention]
    roles: frozenset[Role]
    sections: frozenset[int]
    weights: Sequence[float]
    before: Sequence[float]
    behind: Sequence[float]
    told: Sequence[int]

    @classmethod
    def of(cls, mentions: Sequence[Mention], lines: Sequence[DiscourseLine], weights: Mapping[str, float]) -> Mentions:
        """The mentions of a candidate in these lines; ``weights`` are those of the signs around a mention."""
        said = [weight_of(weights, signs_of(lines[one.line], one.at, one.stop, one.form)) for one in mentions]
        told = (one.line if weight > 0 else -1 for one, weight in zip(mentions, said, strict=True))
        places = [lines[one.line] for one in mentions]
        return cls(
            mentions,
            [one.line for one in mentions],
            [one for one in mentions if one.strong],
            frozenset(one.role for one in places),
            frozenset(one.section for one in places if one.role is Role.HEADING),
            said,
            list(accumulate(said, max)),
            list(accumulate(reversed(said), max))[::-1],
            list(accumulate(told, max)),
        )

    @property
    def most(self) -> float:
        """The most that the words around a mention weigh."""
        return self.before[-1] if self.before else NEVER

    def here(self, line: int) -> Sequence[Mention]:
        """The mentions in this line."""
        return self.mentions[bisect_left(self.lines, line) : bisect_right(self.lines, line)]

    def seen_from(self, line: int) -> list[float]:
        """The most of all, in this line, of the last mention up to it, up to it, and behind it."""
        first, stop = bisect_left(self.lines, line), bisect_right(self.lines, line)
        return [
            self.most,
            max(self.weights[first:stop], default=NEVER),
            self.weights[stop - 1] if stop else NEVER,
            self.before[stop - 1] if stop else NEVER,
            self.behind[stop] if stop < len(self.behind) else NEVER,
        ]

    def told_up_to(self, line: int) -> int:
        """The latest line up to this one where the words speak for it; -1: none."""
        stop = bisect_right(self.lines, line)
        return self.told[stop - 1] if stop else -1


def weight_of(weights: Mapping[str, float], signs: Iterable[str]) -> float:
    """What these signs weigh together, in log-odds."""
    return sum(weights.get(sign, 0.0) for sign in signs)


def last_up_to(mentions: Sequence[Mention], line: int) -> Mention | None:
    """The last mention in this line or before it."""
    stop = _behind(mentions, line)
    return mentions[stop - 1] if stop else None


def next_after(mentions: Sequence[Mention], line: int) -> Mention | None:
    """The first mention behind this line."""
    stop = _behind(mentions, line)
    return mentions[stop] if stop < len(mentions) else None


def _behind(mentions: Sequence[Mention], line: int) -> int:
    return bisect_right(mentions, line, key=lambda one: one.line)
