"""The closed vocabulary: names, labels, homes and the order of the stages."""

import pytest

from kb.records.errors import InputError
from kb.records.topics import STAGES, SubTopic, Topic, parse_subtopic, parse_topic


@pytest.mark.parametrize(
    ("written", "topic"),
    [
        ("social media", Topic.SOCIAL_MEDIA),
        ("Social-Media", Topic.SOCIAL_MEDIA),
        (" technology_gap ", Topic.TECHNOLOGY_GAP),
        ("metrics", Topic.METRICS),
    ],
)
def test_topic_names_are_read_in_every_spelling(written: str, topic: Topic) -> None:
    """Spaces, hyphens and capitals make no difference."""
    assert topic is parse_topic(written)


@pytest.mark.parametrize(
    ("written", "subtopic"),
    [("NPS", SubTopic.NPS), ("stage:initial", SubTopic.STAGE_INITIAL), ("Journey maps", SubTopic.JOURNEY_MAPS)],
)
def test_subtopic_names_are_read_in_every_spelling(written: str, subtopic: SubTopic) -> None:
    """Spaces, hyphens and capitals make no difference."""
    assert subtopic is parse_subtopic(written)


@pytest.mark.parametrize("written", ["", "loyalty gap", "etapa"])
def test_unknown_names_are_refused(written: str) -> None:
    """The vocabulary is closed."""
    with pytest.raises(InputError):
        parse_topic(written)
    with pytest.raises(InputError):
        parse_subtopic(written)


def test_stages_are_ordered() -> None:
    """From the initial one to the disruptive one, and nothing else is a stage."""
    names = ("initial", "controlled", "defined", "strategic", "optimised", "disruptive")

    assert tuple(stage.value for stage in STAGES) == tuple(f"stage:{name}" for name in names)
    assert set(STAGES) == {one for one in SubTopic if one.value.startswith("stage:")}


def test_every_value_has_labels_in_both_languages_and_a_home() -> None:
    """No label is empty, none is used twice within a language."""
    for labels in ([s.label_es for s in SubTopic], [s.label_en for s in SubTopic], [t.label_es for t in Topic]):
        assert all(labels)
        assert len(labels) == len(set(labels))
    assert all(subtopic.homes for subtopic in SubTopic)
