"""Topic predictions to figures, to the digit."""

from pathlib import Path

import pytest

from index.evaluate.figures.judged_figures import lines_of_file
from index.evaluate.topics import (
    GoldTopics,
    LanguageFigures,
    Prediction,
    TopicFigures,
    TopicMiss,
    TopicReport,
    read_gold,
    score_topics,
)
from index.model.bundled_encoder import BundledEncoder
from ingest.tagging import Tagger, TextToTag
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.topics import Topic

METRICS, EMPATHY = Topic.METRICS, Topic.EMPATHY


def gold(name: str, language: Language, tags: set[Topic], borderline: set[Topic] | None = None) -> GoldTopics:
    return GoldTopics(name, language, f"text of {name}", frozenset(tags), frozenset(borderline or ()))


def predicted(scores: dict[Topic, float]) -> Prediction:
    full = {topic: scores.get(topic, 0.0) for topic in Topic}
    return Prediction(frozenset(topic for topic, score in full.items() if score >= 0.5), full)


ROWS = (
    gold("a", Language.ES, {METRICS}),
    gold("b", Language.ES, {METRICS, EMPATHY}),
    gold("c", Language.EN, set()),
    gold("d", Language.EN, {EMPATHY}, {EMPATHY, METRICS}),
)
PREDICTIONS = (
    predicted({METRICS: 1.0}),
    predicted({METRICS: 0.25}),
    predicted({EMPATHY: 0.75}),
    predicted({METRICS: 1.0}),
)


def test_confusion_of_each_topic() -> None:
    """Right, wrong and missed are counted by topic; borderline pairs are left out."""
    report = score_topics(ROWS, PREDICTIONS)

    assert report.topics[0] == TopicFigures(METRICS, 1.0, 0.5, 2 / 3, 1, 0, 1, 1)
    assert report.topics[2] == TopicFigures(EMPATHY, 0.0, 0.0, 0.0, 0, 1, 1, 1)
    assert report.topics[3] == TopicFigures(Topic.SOCIAL_MEDIA, None, None, None, 0, 0, 0, 4)


def test_overall_figures() -> None:
    """Micro over all pairs that count, macro over topics that occur, calibration error over ten bins."""
    report = score_topics(ROWS, PREDICTIONS)

    assert (report.passages, report.pairs) == (4, 18)
    assert report.micro_f1 == pytest.approx(2 / 5)
    assert report.macro_f1 == pytest.approx((2 / 3 + 0) / 2)
    # Off by: 1 (empathy of b, at 0), .75 (metrics of b, at .25), .75 (empathy of c).
    assert report.calibration_error == pytest.approx((1 + 0.75 + 0.75) / 18)


def test_figures_by_language() -> None:
    """A language without any pair given or wanted rightly has F1 of 0 or null."""
    report = score_topics(ROWS, PREDICTIONS)

    assert report.languages == (
        LanguageFigures(Language.ES, 2, 0.5, 1 / 3),
        LanguageFigures(Language.EN, 2, 0.0, 0.0),
    )


def test_misses_begin_with_the_surest_mistake() -> None:
    """Each miss names the passage, the topic, what went wrong and the probability."""
    report = score_topics(ROWS, PREDICTIONS)

    assert report.misses == (
        TopicMiss("b", Language.ES, EMPATHY, "missed", 0.0, "text of b"),
        TopicMiss("b", Language.ES, METRICS, "missed", 0.25, "text of b"),
        TopicMiss("c", Language.EN, EMPATHY, "wrongly given", 0.75, "text of c"),
    )


def test_without_probabilities_there_is_no_calibration_error() -> None:
    """Null, not zero."""
    report = score_topics(ROWS[:1], [Prediction(frozenset({METRICS}), {})])

    assert report.calibration_error is None
    assert report.micro_f1 == 1.0


def test_as_many_predictions_as_passages_are_asked_for() -> None:
    """Nothing is scored against the wrong passage."""
    with pytest.raises(InputError, match="1 for 4"):
        score_topics(ROWS, PREDICTIONS[:1])


def test_gold_lines_are_read_with_their_names() -> None:
    """Topic names with spaces, documents with paragraph numbers."""
    line = '{"doc": "en_01", "lang": "en", "paragraph": 3, "text": "T", "tags": ["social media"], "borderline": []}'

    other = '{"document": "d-1", "id": "a", "lang": "es", "text": "T", "tags": [], "heading": ["NPS"]}'

    assert read_gold([line, "", other]) == (
        GoldTopics("en_01#3", Language.EN, "T", frozenset({Topic.SOCIAL_MEDIA}), document="en_01"),
        GoldTopics("a", Language.ES, "T", frozenset(), heading=("NPS",), document="d-1"),
    )


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"lang": "en", "text": "T"}', '{"lang": "en", "text": "T", "tags": ["weather"]}']
)
def test_a_bad_gold_line_is_named(line: str) -> None:
    """The line number is in the message."""
    with pytest.raises(InputError, match="line 1"):
        read_gold([line])


ROOT = Path(__file__).parents[2]
# Raised freely, lowered only on purpose. The judged pages are outside the repository; of the others nothing is learned.
FLOORS = {
    ROOT.parent / "shared" / "eval" / "tags_gold.jsonl": {"micro": 0.88, "macro": 0.89, "topic": 0.85},
    ROOT / "bench" / "topics_unseen.jsonl": {"micro": 0.78, "macro": 0.775, "topic": 0.70},
    ROOT / "bench" / "topics_apart.jsonl.gz": {"micro": 0.72, "macro": 0.68, "topic": 0.43},
}


@pytest.fixture(scope="module", params=FLOORS, ids=lambda path: path.stem)
def judged(request: pytest.FixtureRequest, bulk_encoder: BundledEncoder) -> tuple[Path, TopicReport]:
    """What the shipped tagger makes of the judged passages of a file, with real vectors."""
    path: Path = request.param
    if not path.exists():
        pytest.skip(f"the judged passages are not at {path}")
    rows = read_gold(lines_of_file(path))
    tagger = Tagger.load(bulk_encoder.stamp)
    texts = [TextToTag(row.text, row.language, row.heading, document=row.document) for row in rows]
    vectors, _, topics = bulk_encoder.encode_passages_for_topics([row.text for row in rows])
    scores = tagger.probabilities(texts, vectors, topics)
    given = [frozenset(one.topic for one in row) for row in tagger.tag(texts, vectors, topic_vectors=topics)]
    assert tagger.degraded is None
    return path, score_topics(
        rows,
        [
            Prediction(topics, dict(zip(Topic, map(float, row), strict=True)))
            for topics, row in zip(given, scores, strict=True)
        ],
    )


@pytest.mark.model
def test_the_shipped_tagger_keeps_its_figures(judged: tuple[Path, TopicReport]) -> None:
    """No figure falls under its floor."""
    path, report = judged
    floors = FLOORS[path]
    assert report.micro_f1 is not None
    assert report.macro_f1 is not None
    assert report.micro_f1 >= floors["micro"]
    assert report.macro_f1 >= floors["macro"]
    assert min(figures.f1 or 0.0 for figures in report.topics) >= floors["topic"]


@pytest.mark.model
def test_the_shipped_tagger_knows_how_sure_it_is(judged: tuple[Path, TopicReport]) -> None:
    _, report = judged
    assert report.calibration_error is not None
    assert report.calibration_error <= 0.04
