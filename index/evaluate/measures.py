"""Rankings and gold to figures: hits, recall, both languages, the other language's share, overlap, fairness.

Pure arithmetic over ids and languages; knows neither search nor files. Every figure is 0 to 1.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from kb.records.language import Language

PAIR = (Language.ES, Language.EN)
_PEER_DEPTH = 20


def share(part: int, whole: int) -> float | None:
    """0 to 1; null of nothing."""
    return part / whole if whole else None


def flat(text: str) -> str:
    """The text on one line, with single blanks."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question with its gold, and the passages found for it, best first."""

    question_id: str
    language: Language
    gold: frozenset[str]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MixedFigures:
    """The mixed pool, for the questions of one language.

    ``both_at_2``/``both_at_10`` count questions with gold in both languages only; null without any.
    """

    questions: int
    hit_at_1: float
    recall_at_1: float
    hit_at_10: float
    recall_at_10: float
    both_at_2: float | None
    both_at_10: float | None
    other_share: float


@dataclass(frozen=True, slots=True)
class DirectionFigures:
    """Questions of one language against the passages of one language."""

    questions: int
    hit_at_1: float
    recall_at_10: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything measured of one system on one set."""

    mixed: Mapping[Language, MixedFigures]
    directions: Mapping[tuple[Language, Language], DirectionFigures]
    overlap_at_10: float | None
    peer: float | None


def figures(ranked: Sequence[Ranked], languages: Mapping[str, Language]) -> Figures:
    """The figures of rankings deep enough to hold ten passages of each language."""
    asked = [language for language in PAIR if any(one.language is language for one in ranked)]
    mixed = {language: _mixed([one for one in ranked if one.language is language], languages) for language in asked}
    directions = {}
    for language in asked:
        for target in PAIR:
            rows = [_within(one, target, languages) for one in ranked if one.language is language]
            rows = [one for one in rows if one.gold]
            if rows:
                directions[language, target] = _direction(rows)
    return Figures(mixed, directions, overlap_at_10(ranked), _mean_or_null([peer(one, languages) for one in ranked]))


def overlap_at_10(ranked: Sequence[Ranked]) -> float | None:
    """The share of the first ten that a question and its translation have in common; null without pairs.

    Pairs are ids that differ in the language code alone: "en-56be" and "es-56be".
    """
    by_name: dict[str, dict[Language, tuple[str, ...]]] = {}
    for one in ranked:
        name = "-".join(part for part in one.question_id.split("-") if part != one.language.value)
        by_name.setdefault(name, {})[one.language] = one.found[:10]
    pairs = [pair for pair in by_name.values() if len(pair) == 2]
    return _mean_or_null([len(set(pair[PAIR[0]]) & set(pair[PAIR[1]])) / 10 for pair in pairs])


def peer(one: Ranked, languages: Mapping[str, Language]) -> float:
    """The probability of equal expected rank of the two languages, 0 (unfair) to 1.

    Yang et al., "Language Fairness in Multilingual Information Retrieval" (SIGIR 2024): the
    p-value of a Kruskal-Wallis test over the ranks of each language, at each relevance level,
    the levels weighted alike; here over the first _PEER_DEPTH passages.
    """
    values = []
    for relevant in (True, False):
        ranks: dict[Language, list[int]] = {language: [] for language in PAIR}
        for rank, passage in enumerate(one.found[:_PEER_DEPTH], start=1):
            if (passage in one.gold) is relevant and languages[passage] in ranks:
                ranks[languages[passage]].append(rank)
        if any(ranks.values()):
            values.append(_kruskal_wallis(list(ranks.values())))
    return fmean(values) if values else 1.0


def _kruskal_wallis(groups: Sequence[Sequence[int]]) -> float:
    """The p-value for two groups without ties; a group that is not there at all is treated unfairly: 0."""
    if not all(groups):
        return 0.0
    pooled = sorted(rank for group in groups for rank in group)
    place = {rank: index for index, rank in enumerate(pooled, start=1)}
    total = len(pooled)
    spread = sum(sum(place[rank] for rank in group) ** 2 / len(group) for group in groups)
    statistic = 12 / (total * (total + 1)) * spread - 3 * (total + 1)
    # One degree of freedom: the chi-square tail is erfc(sqrt(x / 2)).
    return math.erfc(math.sqrt(max(statistic, 0.0) / 2))


def _mixed(ranked: Sequence[Ranked], languages: Mapping[str, Language]) -> MixedFigures:
    paired = [one for one in ranked if {languages[gold] for gold in one.gold} >= set(PAIR)]
    return MixedFigures(
        questions=len(ranked),
        hit_at_1=fmean(_hit(one, 1) for one in ranked),
        recall_at_1=fmean(_recall(one, 1) for one in ranked),
        hit_at_10=fmean(_hit(one, 10) for one in ranked),
        recall_at_10=fmean(_recall(one, 10) for one in ranked),
        both_at_2=_mean_or_null([_both(one, 2, languages) for one in paired]),
        both_at_10=_mean_or_null([_both(one, 10, languages) for one in paired]),
        other_share=fmean(_other_share(one, languages) for one in ranked),
    )


def _direction(ranked: Sequence[Ranked]) -> DirectionFigures:
    return DirectionFigures(
        len(ranked), fmean(_hit(one, 1) for one in ranked), fmean(_recall(one, 10) for one in ranked)
    )


def _within(one: Ranked, target: Language, languages: Mapping[str, Language]) -> Ranked:
    """The same question against the passages of one language alone."""
    gold = frozenset(passage for passage in one.gold if languages[passage] is target)
    found = tuple(passage for passage in one.found if languages[passage] is target)
    return Ranked(one.question_id, one.language, gold, found)


def _hit(one: Ranked, depth: int) -> float:
    return float(any(passage in one.gold for passage in one.found[:depth]))


def _recall(one: Ranked, depth: int) -> float:
    return len(one.gold.intersection(one.found[:depth])) / len(one.gold)


def _both(one: Ranked, depth: int, languages: Mapping[str, Language]) -> float:
    met = {languages[passage] for passage in one.found[:depth] if passage in one.gold}
    return float(met >= set(PAIR))


def _other_share(one: Ranked, languages: Mapping[str, Language]) -> float:
    first: Collection[str] = one.found[:10]
    return sum(languages[passage] is not one.language for passage in first) / max(len(first), 1)


def _mean_or_null(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
