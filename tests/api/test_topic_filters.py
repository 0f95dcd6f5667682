"""Sub-topics, ranges of stages and users' own topics, from the words of a request to the hits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api.agents.agent_tools import AgentTools
from api.service.asking.facets import hit_facets
from api.service.asking.filters import make_filters
from api.service.asking.names import read_subtopics
from api.service.schemas import FacetCount
from kb.records.document import Passage, Span
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.search import StatisticQuery
from kb.records.topics import STAGES, Example, OwnTopic, OwnTopicAssignment, SubTopic, Topic, TopicAssignment
from kb.store import Store
from tests.kb.making import make_document


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("nps", {SubTopic.NPS}),
        ("Journey maps", {SubTopic.JOURNEY_MAPS}),
        ("stage:defined", {SubTopic.STAGE_DEFINED}),
        ("stage:3", {SubTopic.STAGE_DEFINED}),
        ("stage:2..4", set(STAGES[1:4])),
        ("stage:strategic..", set(STAGES[3:])),
        ("stage:..controlled", set(STAGES[:2])),
        ("stage:..", set(STAGES)),
        ("variable:tools", {SubTopic.VARIABLE_TOOLS}),
    ],
)
def test_sub_topics_and_ranges_of_stages(written: str, wanted: set[SubTopic]) -> None:
    """Stages are ordered, so a range of them is a filter."""
    assert read_subtopics(written) == wanted


@pytest.mark.parametrize(
    ("written", "hint"),
    [("nsp", "Did you mean nps"), ("stage:defind", "Did you mean stage:defined"), ("stage:5..2", "Swap"), ("", "Use")],
)
def test_another_word_is_refused_with_the_nearest(written: str, hint: str) -> None:
    """So that a misspelt filter does not find everything."""
    with pytest.raises(InputError, match=hint):
        read_subtopics(written)


def test_a_topic_may_be_ones_own() -> None:
    """In every spelling of its name; the five stay what they are."""
    filters = make_filters({"topic": ["Mi-tema", "metrics"]}, own={"mi_tema"})

    assert filters.topics == {Topic.METRICS}
    assert filters.own_topics == {"mi_tema"}
    with pytest.raises(InputError, match="Did you mean mi_tema"):
        make_filters({"topic": ["mi_tem"]}, own={"mi_tema"})


def test_stages_are_facets_in_their_order() -> None:
    """Sub-topics by count; own topics beside the five."""
    document = make_document("a.txt", "text")
    bare = Passage("p1", document.id, Span(0, 4), "text", Language.EN)
    late = TopicAssignment(Topic.MATURITY, 0.9, (), ("nps", "stage:disruptive"))
    early = TopicAssignment(Topic.MATURITY, 0.9, (), ("stage:initial",))
    found = [
        replace(bare, topics=(late,)),
        replace(bare, topics=(late,)),
        replace(bare, topics=(early,), own_topics=(OwnTopicAssignment("rain", 0.6, ()),)),
    ]
    facets = hit_facets(((passage, document) for passage in found), set())

    assert facets["stage"] == (FacetCount("stage:initial", 1), FacetCount("stage:disruptive", 2))
    assert facets["subtopic"] == (FacetCount("nps", 2),)
    assert facets["own_topic"] == (FacetCount("rain", 1),)


def test_a_search_takes_them(client: TestClient, store: Store) -> None:
    """By the query string and in the body of a question; what nothing has finds nothing."""
    found = client.get("/v1/search", params={"q": "NPS", "subtopic": "nps"}).json()
    none = client.get("/v1/search", params={"q": "NPS", "subtopic": "stage:6"}).json()
    wrong = client.get("/v1/search", params={"q": "NPS", "subtopic": "nsp"})
    body = {"question": "NPS", "filters": {"subtopic": ["stage:6"]}}

    assert found["total"] == store.tagging.subtopic_counts()[SubTopic.NPS]
    assert {"value": "nps", "count": found["total"]} in found["facets"]["subtopic"]
    assert none["hits"] == []
    assert wrong.status_code == 422
    assert client.post("/v1/answers", json=body).json()["status"] == "no_evidence"


def test_own_topics_are_served(client: TestClient, store: Store) -> None:
    """After they were given to a base, search filters and counts by them."""
    passages = store.passages(list(store.vector_keys()))
    key, passage = next((key, one) for key, one in passages.items() if "Rain" in one.text)
    passages[key] = replace(passage, own_topics=(OwnTopicAssignment("rain", 0.6, ("like it",)),))
    rain = OwnTopic("rain", Example(Language.EN, "the rain"), ())
    store.tagging.replace(passages, "v2", [rain], since=store.version())

    found = client.get("/v1/search", params={"q": "rain", "topic": "Rain"}).json()

    assert [hit["passage"]["own_topics"][0]["name"] for hit in found["hits"]] == ["rain"]
    assert found["facets"]["own_topic"] == [{"value": "rain", "count": 1}]


def test_figures_and_tools_take_them_too(client: TestClient, store: Store) -> None:
    """Own topics and sub-topics mean in the ledger and in the tools what they mean in a search."""
    passages = store.passages(list(store.vector_keys()))
    key, passage = next((key, one) for key, one in passages.items() if "37,5" in one.text)
    passages[key] = replace(passage, own_topics=(OwnTopicAssignment("leavers", 0.6, ("like it",)),))
    leavers = OwnTopic("leavers", Example(Language.EN, "those who left"), ())
    store.tagging.replace(passages, "v2", [leavers], since=store.version())
    tools = AgentTools(client.app.state.knowledge_base)  # type: ignore[attr-defined]

    own = client.get("/v1/statistics", params={"topic": "Leavers"}).json()
    wrong = client.get("/v1/statistics", params={"topic": "leavrs"})
    nps = client.get("/v1/statistics", params={"subtopic": ["nps", "csat"]}).json()
    none = client.get("/v1/statistics", params={"subtopic": "stage:6"}).json()

    assert [one["statistic"]["raw"] for one in own["statistics"]] == ["37,5 %"]
    assert "Did you mean leavers" in wrong.json()["hint"]
    with_either = {
        passage.id
        for passage in passages.values()
        if {"nps", "csat"} & {name for topic in passage.topics for name in topic.subtopics}
    }
    assert {one["statistic"]["passage_id"] for one in nps["statistics"]} == {
        one.passage_id for one in store.statistics(StatisticQuery()) if one.passage_id in with_either
    }
    assert none["total"] == 0
    assert tools.find_statistics(topic="leavers").result["total"] == 1
    assert tools.search("clientes", topics=("leavers",)).result["total"] == 1
    assert tools.search("NPS", subtopics=("stage:6",)).result["total"] == 0
    assert tools.ask("NPS", subtopics=("stage:6",)).result["status"] == "no_evidence"
