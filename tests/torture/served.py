"""The real server: killed while it ingests, many readers and writers at once, and its memory."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from bench.clients import QUESTIONS, phase, search
from bench.clients import Tally as Load
from bench.serving import Running
from index.search import lexical
from kb.store import Store
from kb.store.upkeep.checking import check
from tests.torture.actions import LITTER
from tests.torture.killing import in_memory
from tests.torture.rows import Limit, Row, Tally
from tests.torture.servers import children_of, ended, key_of, kill, sample_base, sent, serving, started

_READY, _SLOWER, _GROWN = (
    "seconds until ready again",
    "p95 of a search beside ingesters to readers alone",
    "memory grown",
)


def pair(number: int) -> list[dict[str, Any]]:
    """Two documents with words of their own, one in each language."""
    share = number % 90 + 5
    spanish = f"La lealtad del cliente zorzal{number} creció. El {share} % repitió la compra en 2024."
    english = f"Customer loyalty wombat{number} grew. In 2024, {share}% of customers came back."
    return [{"id": f"kill-{number}-es", "text": spanish}, {"id": f"kill-{number}-en", "text": english}]


def _killed(server: Running, chosen: random.Random) -> str:
    """Kill the server, the process of its jobs, or whatever that one has started; which it was."""
    runners = children_of(server.process.pid)
    readers = [child for runner in runners for child in children_of(runner)]
    named = [
        ("server", server.process.pid),
        *(("job process", one) for one in runners),
        *(("reader", one) for one in readers),
    ]
    what, process = chosen.choice([named[0], named[0], *named[1:]])
    return what if kill(process) else "nobody"


def kills_of_a_server(start: int, count: int, folder: Path) -> Tally:
    """R2: what was acknowledged before a kill is there once, whole, and found in both languages after it."""
    with in_memory(folder) as memory:
        return _kills_of_a_server(start, count, sample_base(memory / "base"), folder / "server.log")


def _kills_of_a_server(start: int, count: int, base: Path, log: Path) -> Tally:
    key, lost, seen, ready = key_of(base), list[str](), Counter[str](), list[float]()
    before: tuple[int, dict[str, Any]] | None = None
    for number in range(start, start + count + 1):
        server = started(base, key, log)
        ready.append(server.ready_after)
        with httpx.Client(base_url=server.address, headers={"Authorization": f"Bearer {key}"}, timeout=120) as client:
            if before is not None:
                lost += [f"kill {before[0]}: {wrong}" for wrong in wrong_with(client, *before)]
            if number < start + count:
                before = number, sent(client, pair(number), f"kill-{number}")
                chosen = random.Random(number)  # noqa: S311 - the same in every run
                time.sleep(chosen.random() * 1.5)
                what = _killed(server, chosen)
                seen[f"kills of the {what}"] += 1
                if what != "server":
                    lost += [f"kill {number} of the {what}: {wrong}" for wrong in wrong_with(client, *before)]
        kill(server.process.pid)
        server.process.wait(30)
    store = Store.open(base)
    lost += [f"the doctor: {one.thing} {one.fault}" for one in check(store, lexical) if one.kind not in LITTER]
    store.close()
    return Tally(seen.total(), lost, seen, {_READY: ready[1:]})


def wrong_with(client: httpx.Client, number: int, job: dict[str, Any]) -> list[str]:
    """What is wrong with two documents that were acknowledged as this job."""
    again = sent(client, pair(number), f"kill-{number}")
    if again["id"] != job["id"]:
        return [f"the same request became another job: {again['id']}, {job['id']}"]
    done = ended(client, job["id"])
    wrong = [] if done["state"] == "done" and len(done["files"]) == 2 else [f"job {done}"[:500]]
    for document, word in zip(pair(number), (f"zorzal{number}", f"wombat{number}"), strict=True):
        hits = client.get("/v1/search", params={"q": word, "limit": 20}).json()["hits"]
        own = [hit for hit in hits if hit["document"]["source_id"] == document["id"]]
        if len(own) != 1 or own[0]["passage"]["text"] != document["text"]:
            wrong.append(f"{document['id']} is found {len(own)} times")
    return wrong


def crowd(start: int, count: int, folder: Path) -> Tally:
    """R11: so many writers and readers for a minute, nobody turned away, no document in part."""
    base = sample_base(folder / "base")
    with serving(base, folder / "server.log") as (server, _):
        load = phase(server, 8, 4, 60, 0.2)
    store = Store.open(base)
    wrong = [f"the doctor: {one.thing} {one.fault}" for one in check(store, lexical) if one.kind not in LITTER]
    found = sum(document.source_id.startswith("load-") for document in store.documents())
    store.close()
    if found < load.documents:
        wrong.append(f"{found} documents, {load.documents} were acknowledged")
    tried = len(load.seconds) + load.documents
    return Tally(tried, [*load.errors, *wrong], {"searches": len(load.seconds), "documents": load.documents})


def beside(start: int, count: int, folder: Path) -> Tally:
    """R12: the same readers alone and beside two ingesters."""
    with serving(sample_base(folder / "base"), folder / "server.log") as (server, _):
        phase(server, 4, 0, 5, 0.2)
        alone, loaded = phase(server, 8, 0, 30, 1.0), phase(server, 8, 2, 30, 1.0)
    slower = loaded.at(0.95) / alone.at(0.95)
    seen = {"searches": len(alone.seconds) + len(loaded.seconds), "documents": loaded.documents}
    return Tally(1, [*alone.errors, *loaded.errors], seen, {_SLOWER: [slower]})


def long_use(start: int, count: int, folder: Path) -> Tally:
    """R19: memory and open files after a tenth of the searches and ingestions, and at the end."""
    load, held, files = Load(), list[float](), list[int]()
    with serving(sample_base(folder / "base"), folder / "server.log") as (server, client):
        for tenth in range(10):
            documents = [
                {"id": f"use-{tenth}-{one}", "text": pair(1000 * tenth + one)[one % 2]["text"]}
                for one in range(count * 3 // 1000)
            ]
            job = sent(client, documents)["id"]
            for number in range(count // 10):
                load.errors += search(client, load, f"{QUESTIONS[number % len(QUESTIONS)]} {tenth * count + number}")
            if ended(client, job, 300)["state"] != "done":
                load.errors.append(f"job {job}")
            held.append(server.megabytes()[0])
            files.append(server.open_files())
    wrong = [*load.errors] + ([f"open files {files}"] if files[-1] > files[0] + 2 else [])
    seen = {
        "searches": len(load.seconds),
        "documents": 10 * (count * 3 // 1000),
        "MB after a tenth": round(held[0]),
        "MB at the end": round(held[-1]),
    }
    return Tally(len(load.seconds), wrong, seen, {_GROWN: [held[-1] / held[0]]})


ROWS = (
    Row(
        "R2",
        "a kill of the server while it ingests loses nothing acknowledged",
        "150 kills; every acknowledged document once, whole, searchable in both languages; ready again in 3 s (p95)",
        "a SIGKILL of `kb serve`, of its job process or of a reader, with the bundled model, the base in memory",
        150, 4, 10, kills_of_a_server, (Limit(_READY, 0.95, 3.0),),
    ),
    Row(
        "R11", "4 writers and 8 readers for a minute", "0 locked, 0 5xx, 0 half documents seen",
        "a search, or a document", 1, 0, 1, crowd,
    ),
    Row(
        "R12", "search beside ingestion", "p95 at most twice that of the same readers alone",
        "two times half a minute, 8 readers, then 2 ingesters beside them", 1, 0, 1, beside, (Limit(_SLOWER, 1, 2.0),),
    ),
    Row(
        "R19", "memory and open files in long use",
        "10,000 searches and 300 ingests: at most +5 % after the first tenth",
        "a search", 10_000, 0, 10_000, long_use, (Limit(_GROWN, 1, 1.05),),
    ),
)  # fmt: skip
