"""Topics that users add: read from a file, given by nearness in either language."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.tagging import OwnTopicTagger, read_own_topics, shipped_passages, train
from ingest.tagging.head import TopicHead
from ingest.tagging.own import OwnTopicFigures
from kb.records.errors import InputError, ModelError
from kb.records.language import Language
from kb.records.ports import ModelStamp
from kb.records.topics import Example, OwnTopic
from tests.fakes import FakeEmbedder

ES, EN = Language.ES, Language.EN
RAIN = OwnTopic(
    "rain", Example(EN, "the rain"), (Example(EN, "rain today"), Example(ES, "lluvia"), Example(ES, "lluvia y más"))
)


@pytest.fixture(scope="module")
def head() -> TopicHead:
    return train(shipped_passages()[::3], FakeEmbedder()).head


def test_a_passage_near_the_examples_gets_the_topic(head: TopicHead) -> None:
    """In the language of the examples or the other one; another subject gets none."""
    embedder = FakeEmbedder()
    texts, languages = ["lluvia otra vez", "rain again", "un perro", "loyalty"], [ES, EN, ES, EN]
    found = OwnTopicTagger([RAIN], embedder, head).tag(languages, embedder.encode_passages(texts))

    assert [[own.name for own in row] for row in found] == [["rain"], ["rain"], [], []]
    assert all(own.score >= 0.5 and own.evidence[0].startswith("like ") for row in found for own in row)


def test_a_topic_says_how_sure_it_is(head: TopicHead) -> None:
    """Each example is looked for by the others; a stray one is not found, and no labelled passage is about rain."""
    stray = replace(RAIN, examples=(*RAIN.examples, Example(EN, "loyalty of customers")))
    near, far = OwnTopicTagger([RAIN, stray], FakeEmbedder(), head).figures

    assert near == OwnTopicFigures("rain", 3, 3, len(head.examples.texts), near.wrongly)
    assert (far.examples, far.found) == (4, 3)
    assert near.wrongly <= 0.02 * near.background


def test_another_model_than_the_heads_is_refused(head: TopicHead) -> None:
    """Its examples could not be compared."""
    embedder = FakeEmbedder()
    embedder.stamp = ModelStamp("fake", "2", embedder.stamp.dimension)

    with pytest.raises(ModelError, match="kb topics train"):
        OwnTopicTagger([RAIN], embedder, head)


def test_topics_are_read_from_a_file(tmp_path: Path) -> None:
    """An example is a text in the topic's language, or names its own."""
    path = tmp_path / "topics.json"
    row = {"name": "rain", "lang": "en", "definition": "the rain", "examples": ["rain today"]}
    spanish = [{"lang": "es", "text": "lluvia"}, {"lang": "es", "text": "lluvia y más"}]
    path.write_text(json.dumps({"topics": [row | {"examples": ["rain today", *spanish]}]}), "utf-8")

    assert read_own_topics(path) == (RAIN,)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "not a file of topics"),
        ("[]", "not a file of topics"),
        ('{"topics": [{"name": "x", "lang": "en", "definition": "d", "examples": ["a"]}]}', "has 1 examples"),
        ('{"topics": [{"name": "x", "lang": "fr", "definition": "d", "examples": ["a"]}]}', "'fr'"),
        ('{"topics": [{"name": "", "lang": "en", "definition": "d", "examples": ["a", "b", "c"]}]}', "empty name"),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    """With the reason."""
    path = tmp_path / "topics.json"
    path.write_text(content, "utf-8")

    with pytest.raises(InputError, match=reason):
        read_own_topics(path)
