"""Counting what a base covers, and what a new tagging changed."""

from dataclasses import replace

from ingest.tagging.coverage import (
    Coverage,
    CoverageGap,
    LabelChange,
    LabelDiff,
    LabelTally,
    TopicCell,
    coverage,
    diff_labels,
)
from kb.records.document import Passage, Span
from kb.records.language import Language
from kb.records.topics import OwnTopicAssignment, Topic, TopicAssignment
from kb.store.tagging import LabelledPassageFacts

ES, EN = Language.ES, Language.EN


def test_cells_and_gaps() -> None:
    """A passage with two topics counts in two cells; years between the first and the last may be gaps."""
    rows = [
        LabelledPassageFacts(frozenset({Topic.METRICS, Topic.EMPATHY}), ES, 2020, frozenset({Topic.EMPATHY}), "a"),
        LabelledPassageFacts(frozenset({Topic.METRICS}), ES, 2022, frozenset({Topic.METRICS}), "b"),
        LabelledPassageFacts(frozenset({Topic.METRICS}), ES, 2022, frozenset(), "b"),
        LabelledPassageFacts(frozenset({Topic.METRICS}), EN, 2021, frozenset(), "c"),
        LabelledPassageFacts(frozenset(), EN, None, frozenset(), "d"),
    ]
    found = coverage(rows)

    assert found.passages == 5
    assert found.cells == (
        TopicCell(Topic.METRICS, ES, 2020, 1, 0, 1),
        TopicCell(Topic.METRICS, ES, 2022, 2, 1, 1),
        TopicCell(Topic.METRICS, EN, 2021, 1, 0, 1),
        TopicCell(Topic.EMPATHY, ES, 2020, 1, 1, 1),
        TopicCell(None, EN, None, 1, 0, 1),
    )
    assert [gap for gap in found.gaps if gap.topic in (Topic.METRICS, Topic.EMPATHY)] == [
        CoverageGap(Topic.METRICS, ES, 2021),
        CoverageGap(Topic.METRICS, EN, 2020),
        CoverageGap(Topic.METRICS, EN, 2022),
        CoverageGap(Topic.EMPATHY, ES, 2021),
        CoverageGap(Topic.EMPATHY, ES, 2022),
        CoverageGap(Topic.EMPATHY, EN, None),
    ]


def test_an_empty_base_is_all_gaps() -> None:
    """Every topic in both languages, without years."""
    gaps = tuple(CoverageGap(topic, language, None) for topic in Topic for language in (ES, EN))

    assert coverage([]) == Coverage(0, (), gaps)


def test_a_diff_names_what_was_gained_and_lost() -> None:
    """Topics, sub-topics and own topics, each with its tally; a changed score alone is no change."""
    metrics = TopicAssignment(Topic.METRICS, 0.9, ())
    bare = Passage("p1", "d1", Span(0, 4), "text", EN)
    kept = replace(bare, topics=(metrics,)), replace(bare, topics=(replace(metrics, score=0.7),))
    lost = replace(bare, id="p2", topics=(replace(metrics, subtopics=("nps",)),)), replace(bare, id="p2")
    gained = (
        replace(bare, id="p3", topics=(TopicAssignment(Topic.EMPATHY, 0.6, ()),)),
        replace(bare, id="p3", topics=(metrics,), own_topics=(OwnTopicAssignment("rain", 0.5, ("like it",)),)),
    )

    assert diff_labels([kept, lost, gained]) == LabelDiff(
        (
            LabelTally("topic", "metrics", 1, 1, 1),
            LabelTally("topic", "empathy", 0, 1, 0),
            LabelTally("subtopic", "nps", 0, 1, 0),
            LabelTally("own_topic", "rain", 1, 0, 0),
        ),
        (
            LabelChange("topic", "metrics", True, "p3", 0.9, "text"),
            LabelChange("topic", "metrics", False, "p2", 0.9, "text"),
            LabelChange("topic", "empathy", False, "p3", 0.6, "text"),
            LabelChange("subtopic", "nps", False, "p2", None, "text"),
            LabelChange("own_topic", "rain", True, "p3", 0.5, "text"),
        ),
        2,
    )
