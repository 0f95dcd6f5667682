"""Judged passages to figures: how well topics were given, by topic and language, and how honest scores are.

Pure: the tagging itself is handed in as predictions. Pairs of passage and topic listed as borderline count
neither way. Measures as in the README of the evaluation data.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.evaluate.measures import share
from kb.records.document import parse_language
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say, told
from kb.records.topics import Topic, parse_topic

_BINS = 10


@dataclass(frozen=True, slots=True)
class GoldTopics:
    """A passage with the topics a reader gave it; ``borderline`` pairs count neither way.

    ``heading`` are the headings above it and ``document`` is where it stands, as far as its line has them.
    """

    id: str
    language: Language
    text: str
    tags: frozenset[Topic]
    borderline: frozenset[Topic] = frozenset()
    heading: tuple[str, ...] = ()
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """The topics given to a passage, and the probability (0 to 1) of every topic, given or not.

    ``probabilities`` may be empty: then there is no calibration error.
    """

    given: frozenset[Topic]
    probabilities: Mapping[Topic, float]


@dataclass(frozen=True, slots=True)
class TopicFigures:
    """One topic: precision, recall and F1 (null over nothing), and the confusion they come from."""

    topic: Topic
    precision: float | None
    recall: float | None
    f1: float | None
    right: int
    wrong: int
    missed: int
    rightly_not: int


@dataclass(frozen=True, slots=True)
class LanguageFigures:
    """Micro and macro F1 over the passages of one language."""

    language: Language
    passages: int
    micro_f1: float | None
    macro_f1: float | None


@dataclass(frozen=True, slots=True)
class TopicMiss:
    """A topic wrongly given or missed; ``probability`` is null when none was handed in."""

    id: str
    language: Language
    topic: Topic
    kind: str
    probability: float | None
    text: str


@dataclass(frozen=True, slots=True)
class TopicReport:
    """All figures, and the misses, the surest mistakes first.

    ``calibration_error`` is the expected one (Guo 2017) over ten bins of equal width and all pairs that count.
    """

    passages: int
    pairs: int
    micro_f1: float | None
    macro_f1: float | None
    calibration_error: float | None
    topics: tuple[TopicFigures, ...]
    languages: tuple[LanguageFigures, ...]
    misses: tuple[TopicMiss, ...]


@dataclass(frozen=True, slots=True)
class CurveStep:
    """Of a head that learned from so many passages: macro F1 on documents it was kept from, then on the judged ones,
    there by topic too, and the calibration error there."""

    passages: int
    held_out: float | None
    judged: float | None
    by_topic: Mapping[Topic, float | None]
    calibration_error: float | None


@dataclass(frozen=True, slots=True)
class _Pair:
    gold: GoldTopics
    topic: Topic
    wanted: bool
    given: bool
    probability: float | None


def read_gold(lines: Iterable[str]) -> tuple[GoldTopics, ...]:
    """Gold passages of lines ``{doc?, paragraph?, id?, lang, text, tags, borderline?, heading?}``; else InputError.

    ``document`` stands for ``doc``.
    """
    gold = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            gold.append(
                GoldTopics(
                    str(row.get("id") or f"{row.get('doc', 'line')}#{row.get('paragraph', number)}"),
                    parse_language(row["lang"]),
                    str(row["text"]),
                    frozenset(parse_topic(name) for name in row["tags"]),
                    frozenset(parse_topic(name) for name in row.get("borderline", ())),
                    tuple(row.get("heading", ())),
                    row.get("document") or row.get("doc"),
                )
            )
        except InputError as error:
            raise InputError(say("gold_topics_line", number=number), told(error)) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(say("gold_topics_line", number=number), say("is_no_object_with_tags")) from error
    return tuple(gold)


def score_topics(gold: Sequence[GoldTopics], predictions: Sequence[Prediction]) -> TopicReport:
    """The figures of predictions in the order of the gold; raises InputError when the numbers differ."""
    if len(gold) != len(predictions):
        raise InputError(
            say("topic_predictions"), say("are_not_as_many_as_passages", found=len(predictions), wanted=len(gold))
        )
    pairs = [
        _Pair(row, topic, topic in row.tags, topic in predicted.given, predicted.probabilities.get(topic))
        for row, predicted in zip(gold, predictions, strict=True)
        for topic in Topic
        if topic not in row.borderline
    ]
    topics = _by_topic(pairs)
    return TopicReport(
        len(gold),
        len(pairs),
        _micro_f1(topics),
        _macro_f1(topics),
        _calibration_error(pairs),
        topics,
        tuple(_language(language, gold, pairs) for language in Language if any(r.language is language for r in gold)),
        _misses(pairs),
    )


def _by_topic(pairs: Sequence[_Pair]) -> tuple[TopicFigures, ...]:
    return tuple(_figures(topic, [pair for pair in pairs if pair.topic is topic]) for topic in Topic)


def _figures(topic: Topic, pairs: Sequence[_Pair]) -> TopicFigures:
    right = sum(pair.wanted and pair.given for pair in pairs)
    wrong = sum(pair.given and not pair.wanted for pair in pairs)
    missed = sum(pair.wanted and not pair.given for pair in pairs)
    return TopicFigures(
        topic,
        share(right, right + wrong),
        share(right, right + missed),
        share(2 * right, 2 * right + wrong + missed),
        right,
        wrong,
        missed,
        len(pairs) - right - wrong - missed,
    )


def _micro_f1(topics: Sequence[TopicFigures]) -> float | None:
    right = sum(figures.right for figures in topics)
    return share(2 * right, 2 * right + sum(figures.wrong + figures.missed for figures in topics))


def _macro_f1(topics: Sequence[TopicFigures]) -> float | None:
    """The mean over topics that are wanted or given at all."""
    known = [figures.f1 for figures in topics if figures.f1 is not None]
    return sum(known) / len(known) if known else None


def _language(language: Language, gold: Sequence[GoldTopics], pairs: Sequence[_Pair]) -> LanguageFigures:
    topics = _by_topic([pair for pair in pairs if pair.gold.language is language])
    number = sum(row.language is language for row in gold)
    return LanguageFigures(language, number, _micro_f1(topics), _macro_f1(topics))


def _calibration_error(pairs: Sequence[_Pair]) -> float | None:
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for pair in pairs:
        if pair.probability is not None:
            bins[min(int(pair.probability * _BINS), _BINS - 1)].append((pair.probability, pair.wanted))
    number = sum(map(len, bins))
    gaps = (abs(sum(score for score, _ in rows) - sum(wanted for _, wanted in rows)) for rows in bins)
    return sum(gaps) / number if number else None


def _misses(pairs: Sequence[_Pair]) -> tuple[TopicMiss, ...]:
    missed = [pair for pair in pairs if pair.wanted is not pair.given]
    missed.sort(key=lambda pair: -abs((pair.probability if pair.probability is not None else 0.5) - pair.wanted))
    return tuple(
        TopicMiss(
            pair.gold.id,
            pair.gold.language,
            pair.topic,
            "missed" if pair.wanted else "wrongly given",
            pair.probability,
            pair.gold.text,
        )
        for pair in missed
    )
