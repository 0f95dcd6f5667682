"""Where a candidate stands to a figure, as numbers: the features of place and of words beside it, for the chooser.

Far is capped, absent is ABSENT: trees need no scale. Knows nothing of what is chosen.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.studies.candidates import Candidate, Mention
from ingest.studies.choosing.mentions import NEVER, Mentions, last_up_to, next_after, weight_of
from ingest.studies.choosing.wording import SignWeights, signs_between, signs_of_figure
from ingest.studies.discourse import Discourse, DiscourseLine, Role
from ingest.studies.study_words import FOUND, MAKES, STUDY_NOUNS
from kb.records.statistic import Kind, Statistic
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, lower_at

ABSENT = 99.0
_FAR = 40.0
_FORMS = (
    "",
    "study",
    "finding",
    "bracket",
    "speaker",
    "year",
    "month",
    "relative",
    "noun",
    "sample",
    "range",
    "compared",
    "begun",
    "target",
)
_ROLES = tuple(Role)
_KINDS = {Kind.PERCENT: 0, Kind.FRACTION: 0, Kind.RATIO: 0, Kind.SCORE: 1, Kind.COUNT: 2, Kind.DURATION: 3}
_DEFINITE = words_of("pointing_word")
_OURS = words_of("own_voice_word")
_ASKS = words_of("sample_asks") | words_of("sample_asked") | words_of("sample_responded") | words_of("sample_surveys")
_AMONG = words_of("group_opener")
_ANAPHORS = STUDY_NOUNS | words_of("study_anaphor")
_DOES = words_of("stranger_does")
_COMPARES = words_of("comparing_word")
# By their place in the table: the trees learnt these numbers.
_BEFORE = {row.form: place for place, row in enumerate(lexicon().of("before_year"), start=1)}
_TURNS = re.compile(r"[;:.(«“\"]")


@dataclass(frozen=True, slots=True)
class FigureStanding:
    """A figure: its line, its characters there, and what kind of figure it is (a share, a score, a count …)."""

    line: int
    at: int
    stop: int
    kind: float

    @classmethod
    def of(cls, statistic: Statistic, discourse: Discourse) -> FigureStanding:
        """The place of a statistic in its document."""
        start = statistic.quote_span.start
        at, stop = statistic.span.start - start, statistic.span.end - start
        return cls(discourse.index_of(start), at, stop, float(_KINDS.get(statistic.kind, 4)))


class Places:
    """The features of figures and candidates of one document; what depends on the line alone is made once."""

    def __init__(self, discourse: Discourse) -> None:
        self._discourse = discourse
        self._lines = discourse.lines
        self._told = [_told(line) for line in self._lines]
        self._paragraphs: dict[int, list[float]] = {}
        for line, told in zip(self._lines, self._told, strict=True):
            most = self._paragraphs.setdefault(line.paragraph, [0.0] * 3)
            most[:] = map(max, most, told[:3])
        self._candidates: Sequence[Candidate] = ()
        self._said: list[Mentions] = []
        self._figures: dict[tuple[int, int, int], list[str]] = {}
        self._around: dict[tuple[int, int], list[float]] = {}

    @cached_property
    def _document(self) -> list[float]:
        """What holds for all figures of the document."""
        own = sum(told[0] for told in self._told)
        studies = sum(bool(line.attributions) for line in self._lines)
        sources = len({one.source for line in self._lines for one in line.attributions})
        return [
            min(own / max(1, len(self._lines)), 1.0),
            float(self._discourse.document.publisher is not None),
            float(min(studies, 20)),
            float(min(sources, 20)),
            float(min(len(self._lines), 100)),
            sum(line.text[:1] in "—–[" or line.text[:30].split(":")[0].isupper() for line in self._lines)
            / max(1, len(self._lines)),
        ]

    def figure(self, figure: FigureStanding) -> list[float]:
        """The features of a figure by itself."""
        line = self._lines[figure.line]
        own, definite, vague, asks, among, _ = self._told[figure.line]
        before = line.text[: figure.at]
        return [
            figure.kind,
            float(_ROLES.index(line.role)),
            float(line.listed),
            own, definite, vague, asks, among,
            *self._paragraphs[line.paragraph],
            float(bool(line.attributions)),
            float(bool(line.names)),
            float(before.count("«") + before.count("“") > before.count("»") + before.count("”")),
            float(min(figure.at, 200)),
            *self._document,
        ]  # fmt: skip

    def pairs(self, figure: FigureStanding, candidates: Sequence[Candidate], weights: SignWeights) -> list[list[float]]:
        """The features of the figure with each candidate; ``weights`` are those of the signs around a mention."""
        if candidates is not self._candidates:
            self._candidates, self._around = candidates, {}
            self._said = [Mentions.of(one.mentions, self._lines, weights.mention) for one in candidates]
        around = [self._near(figure.line, number) for number in range(len(candidates))]
        latest = max((one[_LATEST] for one in around), default=0.0)
        strongest = max((one[_LATEST_STRONG] for one in around), default=0.0)
        alone = [
            float(len(candidates)),
            float(sum(one[_LATEST] > 0 for one in around)),
            float(sum(one[_LATEST_STRONG] > 0 for one in around)),
        ]
        here = [one.here(figure.line) for one in self._said]
        words, beside = self._words(figure.line), [self._beside_it(figure, mine, weights) for mine in here]
        nearest = max(beside, default=NEVER)
        none = weight_of(weights.none, self._figure_signs(figure))
        rows = []
        for one, mine, near, said, weight in zip(candidates, here, around, words, beside, strict=True):
            row = [*self._within(figure, mine), *near, *one.facts]
            row += [float(near[_LATEST] == latest), float(near[_LATEST_STRONG] == strongest), *alone, *said]
            row += [none, weight, nearest, float(weight == nearest > NEVER)]
            rows.append(row)
        return rows

    def _figure_signs(self, figure: FigureStanding) -> list[str]:
        """The signs of a figure's sentence, made once for all fields."""
        key = figure.line, figure.at, figure.stop
        if key not in self._figures:
            self._figures[key] = list(signs_of_figure(self._lines[figure.line], figure.at, figure.stop))
        return self._figures[key]

    def _beside_it(self, figure: FigureStanding, mentions: Sequence[Mention], weights: SignWeights) -> float:
        """What the words between a figure and a mention in its line weigh at most, in log-odds."""
        line, place = self._lines[figure.line], (figure.at, figure.stop)
        signs = (signs_between(line, (one.at, one.stop), place) for one in mentions)
        return max((weight_of(weights.beside, these) for these in signs), default=NEVER)

    def _words(self, line: int) -> list[list[float]]:
        """Of each candidate, what the words around its mentions weigh: at most, in this line, at the last mention up
        to it, up to it and behind it at most; how many candidates have more, and the latest line where they speak for
        it."""
        most = [one.most for one in self._said]
        place = {number: rank for rank, number in enumerate(sorted(range(len(most)), key=lambda one: -most[one]))}
        likely = float(sum(one > 0 for one in most))
        rows = [[*one.seen_from(line), float(place[number])] for number, one in enumerate(self._said)]
        told = [float(one.told_up_to(line)) for one in self._said]
        latest = max(told, default=-1.0)
        return [[*row, one, likely, float(one == latest >= 0)] for row, one in zip(rows, told, strict=True)]

    def _within(self, figure: FigureStanding, mine: Sequence[Mention]) -> list[float]:
        """The features of the candidate's mentions in the figure's own line."""
        line = self._lines[figure.line]
        if not mine:
            return [ABSENT, ABSENT, *[0.0] * 9]
        before = [figure.at - one.stop for one in mine if one.stop <= figure.at]
        after = [one.at - figure.stop for one in mine if one.at >= figure.stop]
        nearest = min(mine, key=lambda one: min(abs(figure.at - one.stop), abs(one.at - figure.stop)))
        first, second = sorted([(figure.at, figure.stop), (nearest.at, nearest.stop)])
        between = line.text[first[1] : second[0]]
        return [
            float(min(before, default=ABSENT)),
            float(min(after, default=ABSENT)),
            float(any(one.at < figure.stop and figure.at < one.stop for one in mine)),
            float(len(_TURNS.findall(between))),
            float(between.count(",")),
            float(sum(map(str.isdigit, between))),
            *_beside(line.tokens, nearest),
        ]

    def _near(self, line: int, number: int) -> list[float]:
        """The features of the candidate's mentions as seen from a line; made once a line and place in the list."""
        key = line, number
        if key not in self._around:
            self._around[key] = self._seen(line, self._said[number])
        return self._around[key]

    def _seen(self, line: int, said: Mentions) -> list[float]:
        mentions, strong, roles = said.mentions, said.strong, said.roles
        heading = self._lines[line].section in said.sections
        prior, next_ = last_up_to(mentions, line), next_after(mentions, line)
        prior_strong, next_strong = last_up_to(strong, line), next_after(strong, line)
        return [
            float(prior.line + 1 if prior else 0),
            float(prior_strong.line + 1 if prior_strong else 0),
            *self._distance(line, prior),
            *self._distance(line, next_),
            *self._distance(line, prior_strong),
            *self._distance(line, next_strong),
            float(Role.TITLE in roles), float(heading), float(Role.LEAD in roles), float(Role.NOTE in roles),
            float(min(len(mentions), 10)), float(min(len(strong), 10)),
            float(mentions[0].line if mentions else ABSENT),
        ]  # fmt: skip

    def _distance(self, line: int, mention: Mention | None) -> list[float]:
        """Lines and paragraphs to a mention, whether under the same heading, its form, and what its line tells."""
        if mention is None:
            return [ABSENT, ABSENT, 0.0, -1.0, 0.0, 0.0]
        here, there = self._lines[line], self._lines[mention.line]
        told = self._told[mention.line]
        return [
            min(float(abs(line - mention.line)), _FAR),
            min(float(abs(here.paragraph - there.paragraph)), _FAR),
            float(here.section == there.section),
            float(_FORMS.index(mention.form) if mention.form in _FORMS else -1),
            told[3],
            told[5],
        ]


_LATEST, _LATEST_STRONG = 0, 1


def _told(line: DiscourseLine) -> tuple[float, float, float, float, float, float]:
    """Of a line: own voice, a study pointed back to, a study of nobody, asking, a part of those before, study nouns."""
    own = definite = vague = asks = among = nouns = 0.0
    for place, token in enumerate(line.tokens):
        word = token.lower
        if word in _OURS or (word.endswith("mos") and len(word) > 5):
            own = 1.0
        if word in _ANAPHORS:
            nouns = 1.0
            if lower_at(line.tokens, place - 1) in _DEFINITE or lower_at(line.tokens, place - 2) in _DEFINITE:
                definite = 1.0
            elif lower_at(line.tokens, place - 1) in (
                "un",
                "una",
                "a",
                "an",
                "unos",
                "some",
                "otro",
                "otra",
                "another",
            ):
                vague = 1.0
        if word in _ASKS:
            asks = 1.0
        if place < 4 and word in _AMONG:
            among = 1.0
    return own, definite, vague, asks, among, nouns


def _beside(tokens: Sequence[Token], mention: Mention) -> list[float]:
    """Of the words beside a mention: the one that leads to it, a comparison before it, verbs of finding and making."""
    first = bisect_left(tokens, mention.at, key=lambda token: token.start)
    stop = bisect_left(tokens, mention.stop, key=lambda token: token.start)
    lead = lower_at(tokens, first - 1)
    window = {lower_at(tokens, place) for place in range(first - 8, first)}
    after = {lower_at(tokens, place) for place in range(stop, stop + 5)}
    return [
        float(_BEFORE.get(lead, 0)),
        float(not _COMPARES.isdisjoint(window)),
        float(not (FOUND | MAKES).isdisjoint(after)),
        float(lower_at(tokens, stop) in _DOES or lower_at(tokens, stop + 1) in _DOES),
        float(first == 0 or (first == 1 and lead in _DEFINITE)),
    ]
