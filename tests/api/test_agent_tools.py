"""The tools for agents through a real client, in process and over stdio."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.types import INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR

from api.agents.agent_tools import NOTICE, create_tools
from ingest.sources.sources import find_sources
from kb.records.language import Language
from kb.records.search import Filters, Query
from kb.records.topics import Topic
from kb.store import Store
from tests.api.conftest import SAMPLES, knowledge_base_of, pipeline_of

Use = Callable[[Client], Awaitable[Any]]
SERVER = """
import sys
from pathlib import Path
from api.agents.agent_tools import create_tools, serve_lines
from kb.store import Store
from tests.api.conftest import knowledge_base_of
serve_lines(create_tools(knowledge_base_of(Store.open(Path(sys.argv[1])))))
"""


def used(server: Any, use: Use) -> Any:
    async def run() -> Any:
        async with Client(server) as client:
            return await use(client)

    return anyio.run(run)


def call(store: Store, name: str, **arguments: Any) -> Any:
    """The result of one tool over this base."""

    async def use(client: Client) -> Any:
        return await client.call_tool(name, arguments)

    return used(create_tools(knowledge_base_of(store)), use)


def test_the_tools_are_seven_and_only_read(store: Store) -> None:
    """Each with a strict schema and the hint that it changes nothing."""

    async def use(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = used(create_tools(knowledge_base_of(store)), use)

    expected = ["search", "ask", "find_statistics", "list_topics", "read_passage", "cite", "verify"]
    assert [tool.name for tool in tools] == expected
    for tool in tools:
        assert tool.description
        assert tool.input_schema["additionalProperties"] is False
        assert [name for name, one in tool.input_schema["properties"].items() if not one.get("description")] == []
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        assert tool.annotations.open_world_hint is False


def test_an_agent_asks_cites_and_verifies(store: Store) -> None:
    """The way of an answer: found, cited, checked; all of it marked as untrusted."""
    answer = call(store, "ask", question="effort and churn").structured_content
    passage = answer["result"]["citations"][0]["passage_id"]
    read = call(store, "read_passage", passage_id=passage).structured_content
    cited = call(store, "cite", ids=[passage], style="apa", language="en").structured_content
    checked = call(store, "verify", answer=answer["result"]).structured_content

    assert (answer["notice"], answer["untrusted"]) == (NOTICE, True)
    assert answer["result"]["citations"][0]["quote"] in read["result"]["passage"]["text"]
    assert cited["result"]["citations"][0]["passage_id"] == passage
    assert checked["result"]["ok"] is True


def test_search_and_statistics_give_what_http_gives(store: Store) -> None:
    """The same records as the service's, in their short form."""
    found = call(store, "search", query="esfuerzo", languages=["en"], limit=2).structured_content["result"]
    figures = call(store, "find_statistics", kind="percent", minimum=0.3, maximum=0.4).structured_content["result"]

    base = knowledge_base_of(store)
    hits = base.search(Query("esfuerzo", Filters(languages=frozenset({Language.EN})), 2)).hits

    assert found["hits"] == [
        {
            "rank": hit.rank,
            "passage_id": hit.passage.id,
            "quote": hit.citation.quote,
            "language": "en",
            "title": hit.document.title,
            "publisher": hit.document.publisher,
            "published": hit.document.published,
        }
        for hit in hits
    ]
    assert "Almost 40%" in [one["raw"] for one in figures["statistics"]]


def test_topics_a_passage_and_prompts_are_there_to_be_read(store: Store) -> None:
    """A passage by its address, the topics with what each has, and the prompts in both languages."""
    passage = store.passages_of("d989ec333805a03c5")[0]

    async def use(client: Client) -> Any:
        (template,) = (await client.list_resource_templates()).resource_templates
        read: Any = (await client.read_resource(f"passage://{passage.id}")).contents[0]
        prompt: Any = await client.get_prompt("cited_answer", {"question": "¿Qué mide el NPS?", "language": "es"})
        return template.uri_template, json.loads(read.text), prompt.messages[0].content.text

    template, read, prompt = used(create_tools(knowledge_base_of(store)), use)
    topics = call(store, "list_topics").structured_content["result"]

    assert template == "passage://{passage_id}"
    assert (read["notice"], read["result"]["passage"]["text"]) == (NOTICE, passage.text)
    assert prompt.startswith("Responda con las herramientas")
    assert prompt.endswith("La pregunta: ¿Qué mide el NPS?")
    assert [one["topic"] for one in topics["topics"]] == [topic.value for topic in Topic]


def test_an_unknown_passage_is_no_fault_of_the_server(store: Store) -> None:
    """The code of an argument that names nothing, with the words of the tool, and not that of an internal error."""

    async def use(client: Client) -> Any:
        with pytest.raises(MCPError) as refused:
            await client.read_resource("passage://p0")
        return refused.value

    refused = used(create_tools(knowledge_base_of(store)), use)

    assert (refused.code, refused.message) == (
        INVALID_PARAMS,
        "passage p0: is not in this base. Search for it: kb search WORDS",
    )


def test_ten_hits_take_four_thousand_characters(store: Store) -> None:
    """With the notice; a hit in full took 1,900. The short form over HTTP is the same records."""
    pipeline_of(store).run(find_sources([SAMPLES]))
    found = call(store, "search", query="satisfacción del cliente", limit=10)
    hits = found.structured_content["result"]["hits"]

    assert len(hits) == 10
    assert len(found.content[0].text) <= 4000
    assert json.loads(found.content[0].text) == found.structured_content


def test_bad_arguments_are_an_error_with_its_cure(store: Store) -> None:
    """Wrong words, wrong types, unknown ids: an error for the agent, and the server goes on."""
    misspelt = call(store, "search", query="a", topics=["metrcs"])
    empty = call(store, "ask", question="")
    unknown = call(store, "read_passage", passage_id="p0")
    no_answer = call(store, "verify", answer={})
    unasked = call(store, "search", query="a", topic="metrics")

    assert [one.is_error for one in (misspelt, empty, unknown, no_answer, unasked)] == [True] * 5
    assert "Did you mean metrics?" in misspelt.content[0].text
    assert "is not in this base" in unknown.content[0].text


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("search", {"query": "a", "topic": "metrics"}, "argument 'topic' is not known here. Did you mean topics?"),
    (
        "search",
        {"query": "a", "limit": 50},
        "argument 'limit' must be at most 20. Correct that and call search again",
    ),
    ("search", {"qury": "a"}, "argument 'query' is required; argument 'qury' is not known here. Did you mean query?"),
    ("ask", {"question": ""}, "argument 'question' must not be empty. Correct that and call ask again"),
    (
        "ask",
        {"question": "a", "language": "fr"},
        "argument 'language' must be one of 'es' or 'en'. Correct that and call ask again",
    ),
    ("cite", {"ids": []}, "argument 'ids' must not be empty. Correct that and call cite again"),
    ("verify", {"answer": 3}, "argument 'answer' must be a JSON object. Correct that and call verify again"),
    (
        "find_statistics",
        {"minimum": "half"},
        "argument 'minimum' must be a number. Correct that and call find_statistics again",
    ),
]


@pytest.mark.parametrize(("name", "arguments", "said"), REFUSED, ids=[f"{one[0]} {one[1]}" for one in REFUSED])
def test_wrong_arguments_are_named_with_reason_and_next_step(
    store: Store, name: str, arguments: dict[str, Any], said: str
) -> None:
    """In words that an agent can act on: nothing of the validator's types, and no address of its makers."""
    answer = call(store, name, **arguments)

    assert (answer.is_error, answer.content[0].text) == (True, said)


def test_the_tools_speak_over_stdio(store: Store) -> None:
    """A process of its own, as an agent starts it."""
    root = Path(__file__).parents[2]
    server = StdioServerParameters(command=sys.executable, args=["-c", SERVER, str(store.folder)], cwd=str(root))

    async def use(client: Client) -> Any:
        return await client.call_tool("ask", {"question": "esfuerzo y abandono"})

    answer = used(server, use).structured_content["result"]

    assert answer["status"] == "answered"
    assert answer["citations"][0]["quote"]


BROKEN = (
    "Invalid JSON: {} at line 1 column {}. Send one JSON object a line, in UTF-8, with whole characters: "
    "no half of a surrogate pair alone"
)
NO_MESSAGE = "No message of the protocol. Send a request of JSON-RPC 2.0: jsonrpc, id, method, params"
LINES: list[tuple[str, str, int | str | None, int, str]] = [
    (
        "half a character in an argument",
        r'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"ask","arguments":{"question":"\ud83d"}}}',
        7,
        PARSE_ERROR,
        BROKEN.format("unexpected end of hex escape", 101),
    ),
    ("no JSON", "{ask", None, PARSE_ERROR, BROKEN.format("key must be a string", 2)),
    ("no method", '{"jsonrpc":"2.0","id":"a"}', "a", INVALID_REQUEST, NO_MESSAGE),
    ("a method that is a number", '{"jsonrpc":"2.0","id":8,"method":1}', 8, INVALID_REQUEST, NO_MESSAGE),
    ("a list", "[]", None, INVALID_REQUEST, NO_MESSAGE),
    (
        "so deep that nothing can read it",
        "[" * 100_000,
        None,
        PARSE_ERROR,
        BROKEN.format("recursion limit exceeded", 202),
    ),
]


def test_a_line_that_is_no_message_is_answered(store: Store) -> None:
    """Under its id where it has one, so that nobody waits for ever; and the next line is answered as ever."""
    root = Path(__file__).parents[2]
    start = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "lines", "version": "1"}}
    whole = json.dumps({"jsonrpc": "2.0", "id": 9, "method": "initialize", "params": start})
    process = subprocess.run(
        [sys.executable, "-c", SERVER, str(store.folder)],
        cwd=root,
        input="\n".join([*(line for _, line, *_ in LINES), whole, ""]),
        capture_output=True,
        text=True,
        check=True,
    )
    *refusals, welcome = map(json.loads, process.stdout.splitlines())

    assert refusals == [
        {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": said}} for _, _, number, code, said in LINES
    ]
    server = welcome["result"]["serverInfo"]
    assert (welcome["id"], server["name"], server["version"]) == (9, "cx-knowledge-base", version("cx-knowledge-base"))
