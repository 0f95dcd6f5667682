"""How well topics are learned: the tagger over judged passages, a head on what it was kept from, and a curve."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.wiring import Wiring
from index.evaluate.figures.judged_figures import lines_of_file
from index.evaluate.topics import CurveStep, GoldTopics, Prediction, TopicReport, read_gold, score_topics
from kb.records.ports import Embedder, FloatArray, for_topics
from kb.records.topics import Topic

if TYPE_CHECKING:
    from ingest.tagging import LabelledPassage, Tagger, Trained

_STEPS = (500, 1000, 2500)


def topics(wiring: Wiring, path: Path) -> TopicReport:
    """The tagger over judged passages, with the vectors of the model that is set."""
    gold = read_gold(lines_of_file(path))
    vectors, _, topic_vectors = for_topics(wiring.embedder, [row.text for row in gold])
    return _judged(wiring.tagger, gold, vectors, topic_vectors)


def held_out(trained: Trained, passages: Sequence[LabelledPassage]) -> TopicReport:
    """What heads say of the passages of documents that they were kept from, in cross-validation."""
    gold = [GoldTopics(one.id, one.language, one.text, one.tags, one.borderline) for one in passages]
    levels = trained.head.meaning.thresholds
    return score_topics(gold, [_prediction(row, row >= levels) for row in trained.held_out])


def curve(passages: Sequence[LabelledPassage], embedder: Embedder, path: Path) -> tuple[CurveStep, ...]:
    """Heads learned from 500, 1,000, 2,500 and all passages, whole documents by the hash of their ids."""
    from ingest.tagging import Tagger, first_of, train_on_vectors

    gold = read_gold(lines_of_file(path))
    judged = embedder.encode_passages([row.text for row in gold])
    vectors = embedder.encode_passages([one.text for one in passages])
    steps = []
    for number in (*(one for one in _STEPS if one < len(passages)), len(passages)):
        chosen = first_of(passages, number)
        part = [passages[row] for row in chosen]
        trained = train_on_vectors(part, vectors[chosen], embedder.stamp)
        report = _judged(Tagger.of(trained.head), gold, judged)
        seen = held_out(trained, part)
        by_topic = {one.topic: one.f1 for one in report.topics}
        steps.append(CurveStep(len(part), seen.macro_f1, report.macro_f1, by_topic, report.calibration_error))
    return tuple(steps)


def _judged(
    tagger: Tagger, gold: Sequence[GoldTopics], vectors: FloatArray, topic_vectors: FloatArray | None = None
) -> TopicReport:
    from ingest.tagging import TextToTag

    texts = [TextToTag(row.text, row.language, row.heading, (), row.document) for row in gold]
    chances = tagger.probabilities(texts, vectors, topic_vectors)
    tagged = tagger.tag(texts, vectors, topic_vectors=topic_vectors)
    given = [{one.topic for one in row} for row in tagged]
    rows = zip(chances, given, strict=True)
    return score_topics(gold, [_prediction(row, [topic in found for topic in Topic]) for row, found in rows])


def _prediction(chances: FloatArray, given: Sequence[bool] | FloatArray) -> Prediction:
    return Prediction(
        frozenset(topic for topic, one in zip(Topic, given, strict=True) if one),
        {topic: float(chance) for topic, chance in zip(Topic, chances, strict=True)},
    )
