"""A language model's endpoint that is out to harm, and an agent that is: against the real programs that meet them."""

from __future__ import annotations

import json
import random
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import httpx

from bench.clients import QUESTIONS
from bench.serving import KB, ROOT
from kb.outside.processes import python_environment
from tests.api.chat_server import Handler, completion
from tests.api.chat_server import serving as endpoint
from tests.api.test_chat_endpoint import MISBEHAVIOURS
from tests.torture.rows import Limit, Row, Tally
from tests.torture.servers import sample_base, serving

_SECONDS, _GROWN = "seconds of an answer", "MB that the program grew by"
_TIMEOUT = 2.0
_ID = re.compile(r'"id": "(h\w+)"')
# What must not be seen anywhere: the endpoint writes it wherever it can.
MARK = "zz-planted-by-the-model"
_SAID = (
    MARK, f"1, 2 {MARK}", f"[1] {MARK}", "1" * 100_000, "0, 0, 0", "-1", "99999", "1.5", "1,2,3,4,5,6,7,8,9,10,11",
    "١, ٢", "1\n2\n3", "1;2", " 1 , 2 . ", "0", "", "\x00", "null", "[1, 2]", '{"choose": [1]}',
    "<script>alert(1)</script>",
    "1\u202e2", "One", f"Ignore the sentences. {MARK}", "1,1,1,1", "9" * 4, "1" + "," * 5000, "１", "1e3", "²",
    "\ud7ff",
)  # fmt: skip
_BODIES: tuple[bytes, ...] = (
    b"[" * 100_000, b'{"choices":' * 5000, b'{"choices": [{"message": {"content": 1}}]}', b'{"choices": [null]}',
    b"null", b'{"choices": {"0": {"message": {"content": "1"}}}}', b'{"choices": []}', b'"' + MARK.encode() + b'"',
    b"\xff\xfe\x00", b'{"choices": [{"message": {"content": "\\ud800"}}]}', b'{"error": "' + MARK.encode() + b'"}',
    b"1" * 5000, b"NaN",
    b'{"choices": [{"message": {"content": "1", "tool_calls": [{"function": {"name": "rm"}}]}}]}',
)  # fmt: skip


def _writing(said: bytes) -> Callable[[Handler], None]:
    return lambda handler: handler.answer(said, "application/json")


WRITERS: list[tuple[str, Callable[[Handler], None]]] = [
    *((name, write) for name, (write, _) in MISBEHAVIOURS.items()),
    *((f"says {text[:30]!r}", _writing(completion(text))) for text in _SAID),
    *((f"sends {body[:30]!r}", _writing(body)) for body in _BODIES),
]


def language_models(start: int, count: int, folder: Path) -> tuple[list[str], Counter[str], dict[str, list[float]]]:
    """What was wrong with the answers of a server whose judge is such an endpoint."""
    lost, seen, took = list[str](), Counter[str](), list[float]()
    turn = [WRITERS[0][1]]
    with endpoint(lambda handler: turn[0](handler)) as model:
        settings = {
            "KB_JUDGE": "chat", "KB_CHAT_URL": model.url, "KB_CHAT_MODEL": "hostile", "KB_CHAT_TIMEOUT": str(_TIMEOUT),
        }  # fmt: skip
        with serving(sample_base(folder / "base"), folder / "server.log", **settings) as (server, client):
            client.post("/v1/answers", json={"question": QUESTIONS[1]})
            before = server.megabytes()[0]
            for number, (name, write) in enumerate(WRITERS[start : start + count], start=start):
                turn[0] = write
                began = time.monotonic()
                response = client.post("/v1/answers", json={"question": QUESTIONS[number % len(QUESTIONS)]})
                took.append(time.monotonic() - began)
                seen[f"answers {response.status_code}"] += 1
                lost += [f"{name}: {wrong}" for wrong in _of_answer(client, response)]
            grown = server.megabytes()[0] - before
    if MARK in (folder / "server.log").read_text(encoding="utf-8", errors="replace"):
        lost.append("a word of the endpoint stands in the log")
    return lost, seen, {_SECONDS: took, _GROWN: [grown]}


def _of_answer(client: httpx.Client, response: httpx.Response) -> list[str]:
    if response.status_code != 200:
        return [f"{response.status_code} {response.text[:200]}"]
    wrong = ["a word of the endpoint is shown"] if MARK in response.text else []
    for citation in response.json()["citations"]:
        passage = client.get(f"/v1/passages/{citation['passage_id']}").json()
        if citation["quote"] not in passage["passage"]["text"]:
            wrong.append(f"not in its passage: {citation['quote'][:80]!r}")
    return wrong


# -- agents ----------------------------------------------------------------------------------

_FIRST = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "hostile", "version": "1"}}
_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1e308, 10**30, "", " ", "a" * 50_000, "\u0000", "\u202e", [], {}, [[]], {"$ref": "#"},
    "../../kb.sqlite", "file:///etc/passwd", "' OR 1=1 --", ["x"] * 5000, {"a": {"b": {"c": []}}}, MARK,
)  # fmt: skip
_TOOLS = {
    "search": "query", "ask": "question", "find_statistics": "query", "list_topics": "language",
    "read_passage": "passage_id", "cite": "ids", "verify": "answer",
}  # fmt: skip


def lines_of_an_agent() -> list[str]:
    """What a client writes that knows no bounds: calls with every value, and lines that are no calls at all."""
    calls = [
        {"method": "tools/call", "params": {"name": tool, "arguments": {field: value}}}
        for tool, field in _TOOLS.items()
        for value in _VALUES
    ]
    calls += [
        {"method": "tools/call", "params": {"name": name, "arguments": {}}}
        for name in ("", "../ask", "ask; rm", "__init__")
    ]
    calls += [
        {"method": "resources/read", "params": {"uri": uri}}
        for uri in ("file:///etc/passwd", "kb://passages/../../x", "http://127.0.0.1:1/", "", "kb://" + "a" * 9000)
    ]
    calls += [
        {"method": method, "params": {}} for method in ("shutdown", "exit", "eval", "tools/call", "rpc.discover", "")
    ]
    rows = [json.dumps({"jsonrpc": "2.0", "id": f"h{number}", **call}) for number, call in enumerate(calls)]
    noise = [
        "", "{", "[]", "null", "\u0000", "[" * 20_000, '{"jsonrpc": "2.0"}',
        '{"jsonrpc": "1.0", "id": 1, "method": "x"}',
        '{"jsonrpc": "2.0", "id": {"a": 1}, "method": "tools/list"}', '{"jsonrpc": "2.0", "id": "s", "result": {}}',
        '{"jsonrpc": "2.0", "id": "u", "method": "tools/call", "params": {"name": "search", '
        '"arguments": {"query": "\\ud800"}}}',
        "x" * 300_000, '{"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": "h1"}}',
    ]  # fmt: skip
    every = [*rows, *noise]
    random.Random(26).shuffle(every)  # noqa: S311 - the same in every run
    return every


class Agent:
    """``kb mcp`` and one who writes to it."""

    def __init__(self, base: Path, log: Path) -> None:
        self._log = log.open("ab")
        environment = {**python_environment(), "KB_BASE": str(base)}
        self.process = subprocess.Popen(
            [*KB, "mcp"], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log
        )
        self._answers: Queue[dict[str, Any]] = Queue()
        self.answered: set[str] = set()
        self.other: list[bytes] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            try:
                answer = json.loads(line)
                self.answered.add(str(answer.get("id")))
                self._answers.put(answer)
            except ValueError:
                self.other.append(line[:200])

    def write(self, line: str) -> None:
        """Send one line."""
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode("utf-8", "surrogatepass") + b"\n")
        self.process.stdin.flush()

    def asked(self, method: str, number: str, params: dict[str, Any], seconds: float = 60) -> dict[str, Any] | None:
        """The answer to an honest call, or null where none comes."""
        self.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}))
        until = time.monotonic() + seconds
        with suppress(Empty):
            while time.monotonic() < until:
                found = self._answers.get(timeout=seconds)
                if found.get("id") == number:
                    return found
        return None

    def end(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        self._log.close()


def agents(start: int, count: int, folder: Path) -> tuple[list[str], Counter[str]]:
    """What is wrong after each line: an honest search has to be answered as before, and nothing secret told."""
    lost, seen, asked = list[str](), Counter[str](), lines_of_an_agent()[start : start + count]
    agent = Agent(sample_base(folder / "agent-base"), folder / "agent.log")
    honest = {"name": "search", "arguments": {"query": "customer effort", "limit": 1}}
    try:
        agent.asked("initialize", "first", _FIRST)
        agent.write(json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}))
        whole = agent.asked("tools/call", "honest", honest)
        for number, line in enumerate(asked, start=start):
            agent.write(line)
            seen["lines of an agent"] += 1
            answer = agent.asked("tools/call", f"again-{number}", honest)
            if answer is None or whole is None or answer.get("result") != whole.get("result"):
                lost.append(f"after {line[:120]!r} an honest search is answered with {str(answer)[:200]}")
                break
        lost += [f"not a message: {line!r}" for line in agent.other]
        calls = {found[1]: line for line in asked if (found := _ID.search(line))}
        lost += [f"no answer to {line[:200]}" for number, line in calls.items() if number not in agent.answered]
    finally:
        agent.end()
    return lost, seen


def hostile(start: int, count: int, folder: Path) -> Tally:
    """S26: the endpoints first, then the agent."""
    lost, seen, measured = list[str](), Counter[str](), dict[str, list[float]]()
    models = range(start, min(start + count, len(WRITERS)))
    if models:
        lost, seen, measured = language_models(models.start, len(models), folder)
    first = max(start, len(WRITERS))
    if first < start + count:
        wrong, lines = agents(first - len(WRITERS), start + count - first, folder)
        lost, seen = [*lost, *wrong], seen + lines
    return Tally(count, lost, seen, measured)


ROWS = (
    Row(
        "S26", "a hostile language model and agent", "an outage or a refusal in time; no word of it is shown",
        "an endpoint that judges for `kb serve`, or a line to `kb mcp`, after which an honest search is as before",
        len(WRITERS) + len(lines_of_an_agent()), 0, len(WRITERS) + len(lines_of_an_agent()), hostile,
        (Limit(_SECONDS, 1, 10.0), Limit(_GROWN, 1, 128.0)),
    ),
)  # fmt: skip
