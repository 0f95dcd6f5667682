"""What a base keeps of a tagging: filters by sub-topic and own topic, who tagged, and replacing all at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.records.errors import BaseError, InputError
from kb.records.language import Language
from kb.records.search import Filters
from kb.records.topics import Example, OwnTopic, OwnTopicAssignment, SubTopic, Topic, TopicAssignment, own_topic_name
from kb.store import Store
from kb.store.base import DATABASE
from kb.store.tagging import LabelledPassageFacts
from tests.kb.making import STAMP, as_format_1, make_document, make_entry

EN = Language.EN
NPS = TopicAssignment(Topic.METRICS, 0.9, ("metrics.nps: NPS",), ("nps",))
STAGE = TopicAssignment(Topic.MATURITY, 0.8, (), ("stage:defined",))
RAIN = OwnTopic("rain", Example(EN, "the rain"), (Example(EN, "rain"), Example(EN, "wet"), Example(EN, "drops")))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A base of two documents: a dated one with NPS and a stage, and one without topics."""
    store = Store.open(tmp_path / "base", create=True)
    store.claim(STAMP)
    entry = make_entry(make_document("a.txt", "NPS\nstage", published="2024"))
    first, second = entry.passages
    labelled = (replace(first, topics=(NPS,)), replace(second, topics=(STAGE,)))
    store.add(replace(entry, passages=labelled, tagging="v1"), b"NPS\nstage")
    store.add(make_entry(make_document("b.txt", "rain")), b"rain")
    yield store
    store.close()


def matching(store: Store, filters: Filters) -> list[int]:
    keys = store.keys_matching(filters)
    assert keys is not None
    return [int(key) for key in keys]


def test_sub_topics_are_a_filter(store: Store) -> None:
    """One, several, and none that is there."""
    assert matching(store, Filters(subtopics=frozenset({SubTopic.NPS}))) == [1]
    assert matching(store, Filters(subtopics=frozenset({SubTopic.NPS, SubTopic.STAGE_DEFINED}))) == [1, 2]
    assert matching(store, Filters(subtopics=frozenset({SubTopic.CES}))) == []
    assert store.tagging.subtopic_counts() == {SubTopic.NPS: 1, SubTopic.STAGE_DEFINED: 1}


def test_a_base_made_before_the_tables_is_completed(store: Store) -> None:
    """Its sub-topics are filled in from the passages' records, and nobody is said to have tagged it."""
    folder = store.folder
    store.close()
    as_format_1(folder)
    connection = sqlite3.connect(folder / DATABASE)
    for table in ("passage_subtopics", "passage_own_topics", "own_topics", "taggings"):
        connection.execute(f"DROP TABLE {table}")
    connection.commit()
    connection.close()

    opened = Store.open(folder)

    assert opened.tagging.subtopic_counts() == {SubTopic.NPS: 1, SubTopic.STAGE_DEFINED: 1}
    assert opened.tagging.versions() == {None: 2}
    opened.close()


def test_labels_are_replaced_in_one_go(store: Store) -> None:
    """Records, filters, own topics and versions afterwards."""
    passages = store.passages([1, 2, 3])
    rain = OwnTopicAssignment("rain", 0.7, ("like the definition (0.80)",))
    after = {
        1: replace(passages[1], topics=()),
        2: passages[2],
        3: replace(passages[3], topics=(NPS,), own_topics=(rain,)),
    }

    assert store.tagging.versions() == {"v1": 1, None: 1}

    store.tagging.replace(after, "v2", [RAIN], since=store.version())

    assert store.passages([1, 2, 3]) == after
    assert store.tagging.versions() == {"v2": 2}
    assert store.tagging.own_topics() == (RAIN,)
    assert store.tagging.own_counts() == {"rain": 1}
    assert store.topic_counts() == {Topic.METRICS: 1, Topic.MATURITY: 1}
    assert matching(store, Filters(own_topics=frozenset({"rain"}))) == [3]
    assert matching(store, Filters(topics=frozenset({Topic.MATURITY}), own_topics=frozenset({"rain"}))) == [2, 3]
    assert matching(store, Filters(topics=frozenset({Topic.METRICS}))) == [3]
    dated, undated = passages[1].document_id, passages[3].document_id
    assert store.tagging.facts() == [
        LabelledPassageFacts(frozenset(), EN, 2024, frozenset(), dated),
        LabelledPassageFacts(frozenset({Topic.MATURITY}), EN, 2024, frozenset(), dated),
        LabelledPassageFacts(frozenset({Topic.METRICS}), EN, None, frozenset(), undated),
    ]


def test_a_base_that_changed_meanwhile_is_left_alone(store: Store) -> None:
    """Nothing of the new labels is written."""
    since = store.version()
    passages = store.passages([1, 2, 3])
    store.add(make_entry(make_document("c.txt", "more")), b"more")

    with pytest.raises(BaseError, match="changed while"):
        store.tagging.replace({key: replace(one, topics=()) for key, one in passages.items()}, "v2", [], since=since)

    assert store.passages([1, 2, 3]) == passages
    assert store.tagging.versions() == {None: 2, "v1": 1}


@pytest.mark.parametrize(
    ("written", "name"), [("Pricing", "pricing"), (" Mi  tema-nuevo ", "mi_tema_nuevo"), ("año_1", "año_1")]
)
def test_own_names_have_one_spelling(written: str, name: str) -> None:
    """Case, spaces and hyphens do not part names."""
    assert own_topic_name(written) == name


@pytest.mark.parametrize("written", ["", "  ", "metrics", "Social Media", "NPS", "stage:initial", "x" * 61])
def test_a_name_that_is_taken_or_none_is_refused(written: str) -> None:
    """Topics and sub-topics keep their names."""
    with pytest.raises(InputError):
        own_topic_name(written)
