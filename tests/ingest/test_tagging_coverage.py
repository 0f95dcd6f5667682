"""Counting what a base covers, and what a new tagging changed."""

from ingest.tagging.coverage import (
    Coverage,
    CoverageCell,
    CoverageGap,
    CoverageRow,
    TaggingDiff,
    TopicChange,
    coverage,
    diff_topics,
)
from kb.language import Language
from kb.topics import Topic, TopicAssignment

ES, EN = Language.ES, Language.EN


def test_cells_and_gaps() -> None:
    """A passage with two topics counts in two cells; years between the first and the last may be gaps."""
    rows = [
        CoverageRow(frozenset({Topic.METRICS, Topic.EMPATHY}), ES, 2020),
        CoverageRow(frozenset({Topic.METRICS}), ES, 2022),
        CoverageRow(frozenset({Topic.METRICS}), EN, 2021),
        CoverageRow(frozenset(), EN, None),
    ]
    found = coverage(rows)

    assert found.passages == 4
    assert found.cells == (
        CoverageCell(Topic.METRICS, ES, 2020, 1),
        CoverageCell(Topic.METRICS, ES, 2022, 1),
        CoverageCell(Topic.METRICS, EN, 2021, 1),
        CoverageCell(Topic.EMPATHY, ES, 2020, 1),
        CoverageCell(None, EN, None, 1),
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
    """A changed score alone is no change; unknown passages had no topic."""
    given = TopicAssignment(Topic.METRICS, 0.9, ())
    before = {"p1": [given], "p2": [given], "p4": [TopicAssignment(Topic.EMPATHY, 0.6, ())]}
    after = {"p1": [TopicAssignment(Topic.METRICS, 0.7, ())], "p2": [], "p3": [given], "p4": [given]}

    assert diff_topics(before, after) == TaggingDiff(
        (
            TopicChange("p2", Topic.METRICS, False, 0.9),
            TopicChange("p3", Topic.METRICS, True, 0.9),
            TopicChange("p4", Topic.METRICS, True, 0.9),
            TopicChange("p4", Topic.EMPATHY, False, 0.6),
        ),
        3,
        1,
    )
