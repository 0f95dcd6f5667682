"""How each route grows with the base: p50 and p95 over HTTP, side by side for both engines.

    python -m bench.routes REAL [--sizes 1000,10000] [--rounds 60] [--keep FOLDER] [--out docs/bench]
                           [--store postgresql://USER@HOST:PORT/DATABASE]

REAL is a base of real documents. Bases of each size are made of its passages (``bench.made_bases``) in a folder that
goes again, or in ``--keep``, where those that are there are taken; with ``--store`` (for one size) it is copied into
that database, unless one is there already, and asked there. A server in a process of its own answers each route in
turn, the bundled questions; a route that has taken 30 s is not asked again. Then ``kb ingest`` takes in one more
document, and its seconds and most memory are printed, beside those in an empty base. ``--out`` keeps the figures
beside those of other sizes and engines that are there, in ``routes.json``, as a table and as a plot.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from api.cli.wiring import Wiring
from api.settings import Settings
from bench.answer_time import questions
from bench.clients import document as made_document
from bench.made_bases import PASSAGES, make_base
from bench.output import machine, say, table, write
from bench.serving import KB, ROOT, serving
from kb.outside.processes import python_environment
from kb.store import Store
from kb.store.moving import move

# Seconds after which a route is not asked again.
_PATIENCE = 30.0
_EVERY_FIGURE = "statistics?limit=20"
_NAME = "routes"
# p50 and p95 in ms by route.
Figures = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Way:
    """How many documents are asked for how often, without which routes, and where the figures are kept."""

    size: int
    rounds: int
    without: Sequence[str]
    out: Path | None


def main(argv: list[str]) -> int:
    """Make, serve, ask and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("real", type=Path)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--without", default="", help='routes that are not asked, as they are printed, with ";"')
    parser.add_argument("--keep", type=Path, help="a folder for the bases, each named by its number of documents")
    parser.add_argument("--out", type=Path, help="a folder for the figures")
    parser.add_argument("--store", help="the address of a database that is empty or has the base")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="kb-routes-") as folder:
        _ingested("SQLite, an empty base", Path(folder) / "base")
    for size in map(int, asked.sizes.split(",")):
        with _made(asked.real, asked.keep, size) as base:
            _say_size("SQLite", size, sum(path.stat().st_size for path in base.rglob("*") if path.is_file()))
            way = Way(size, asked.rounds, asked.without.split(";"), asked.out)
            if asked.store:
                _measure_postgresql(asked.store, base, way)
            else:
                _measure("SQLite", base, way)
                _ingested("SQLite", base)
    return 0


@contextmanager
def _made(real: Path, keep: Path | None, size: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kb-routes-") as folder:
        base = (keep or Path(folder)) / str(size)
        started = time.perf_counter()
        there = base.exists()
        if not there:
            make_base(real, base, size)
        how = "taken" if there else f"made in {time.perf_counter() - started:.0f} s"
        say(f"{size:,} documents: {how}; {machine()}")
        yield base


def _measure_postgresql(address: str, base: Path, way: Way) -> None:
    from kb.store.postgresql.opening import open_postgresql

    with tempfile.TemporaryDirectory(prefix="kb-routes-") as folder:
        local = Path(folder) / "local"
        target = open_postgresql(address, local, create=True)
        if not target.document_count():
            source, started = Store.open(base), time.perf_counter()
            move(source, target)
            source.close()
            say(f"copied and compared in {time.perf_counter() - started:.0f} s")
        way = replace(way, size=target.document_count())
        (held,) = target._connections.read().execute("SELECT pg_database_size(current_database())").fetchone()
        _say_size("PostgreSQL", way.size, held)
        with _set(address, local):
            Wiring(Settings()).whole_index(target)  # of a large base a server answers by words alone meanwhile
            _measure("PostgreSQL", local, way, open_postgresql(address, local))
            _ingested("PostgreSQL", local)
        target.close()


def _say_size(engine: str, size: int, held: int) -> None:
    say(f"  {engine}: {held / 2**20:.0f} MB, {held / (size * PASSAGES) / 1000:.1f} kB a passage")


@contextmanager
def _set(store: str, base: Path) -> Iterator[None]:
    os.environ |= {"KB_STORE": store, "KB_BASE": str(base)}
    try:
        yield
    finally:
        del os.environ["KB_STORE"], os.environ["KB_BASE"]


def _ingested(engine: str, base: Path) -> None:
    """Print what it takes to ingest one document, from the start of the program to its end."""
    made = made_document(7, time.time_ns() % 1_000_000)  # another one each time
    with tempfile.TemporaryDirectory(prefix="kb-routes-new-") as folder:
        path = Path(folder) / f"{made['id']}.txt"
        path.write_text(made["text"], encoding="utf-8")
        place = () if "KB_STORE" in os.environ else ("--base", str(base))
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*KB, "ingest", str(path), *place], cwd=ROOT, env=python_environment(), stdout=subprocess.DEVNULL
        )
        _, code, used = os.wait4(process.pid, 0)
        taken = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(code)
    say(
        f"  {engine}: one document ingested in {taken:.1f} s ({used.ru_utime + used.ru_stime:.1f} s of a processor), "
        f"{used.ru_maxrss / 1024:.0f} MB, exit {process.returncode}"
    )


def _measure(engine: str, base: Path, way: Way, other: Store | None = None) -> None:
    found: Figures = {}
    with serving(base, other) as server, httpx.Client(base_url=server.address, timeout=120) as client:
        say(f"{engine}: ready after {server.ready_after:.1f} s, {server.megabytes()[0]:.0f} MB")
        for name, seconds in _asked(client, way).items():
            ordered = sorted(1000 * one for one in seconds)
            p50, p95 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
            say(f"  {engine:<11} {name:<34} p50 {p50:8.1f} ms  p95 {p95:8.1f} ms  of {len(ordered)}")
            found[name] = p50, p95
    if way.out is not None:
        _keep(way.out, f"{engine}, {way.size:,} documents", found)


def _keep(folder: Path, column: str, found: Figures) -> None:
    """Put these figures beside those that are there."""
    from bench.plots import draw_routes

    path = folder / f"{_NAME}.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept[column] = {"taken": machine(), "ms": {name: [round(one, 1) for one in pair] for name, pair in found.items()}}
    kept = dict(sorted(kept.items(), key=lambda one: (one[0][:1], len(one[0]), one[0])))
    names = list(dict.fromkeys(name for one in kept.values() for name in one["ms"]))
    rows = [
        [
            f"`{name}`",
            *("–" if name not in one["ms"] else "{:.0f} / {:.0f}".format(*one["ms"][name]) for one in kept.values()),
        ]
        for name in names
    ]
    taken = "\n".join(f"- {column}: {one['taken']}" for column, one in kept.items())
    head = "# How routes grow\n\np50 / p95 in ms over HTTP: [how](../scale.md#how-routes-grow)."
    write(folder, _NAME, f"{head} ![routes]({_NAME}.svg)\n\n{table(['route', *kept], rows)}\n\n{taken}", kept)
    draw_routes(kept, folder)


def _asked(client: httpx.Client, way: Way) -> dict[str, list[float]]:
    ways = {name: call for name, call in _ways(client).items() if name not in way.without}
    # Every figure of a base at once: what one of these takes shall not fall on the others.
    last = [name for name in ways if name == _EVERY_FIGURE]
    taken: dict[str, list[float]] = {name: [] for name in ways}
    asked = questions()
    for turn, name in [
        *((turn, name) for turn in range(way.rounds + 1) for name in ways if name not in last),
        *((turn, name) for name in last for turn in range(way.rounds + 1)),
    ]:
        if sum(taken[name]) > _PATIENCE:
            continue
        started = time.perf_counter()
        try:
            ways[name](asked[turn * 7 % len(asked)]).raise_for_status()
        except httpx.TimeoutException:
            taken[name].append(time.perf_counter() - started)
            continue
        if turn:  # the first reads everything for the first time
            taken[name].append(time.perf_counter() - started)
    return taken


def _ways(client: httpx.Client) -> dict[str, Callable[[str], httpx.Response]]:
    """The routes by what they are called in the table, each as what asks it a question."""

    def got(path: str, **values: str | int) -> Callable[[str], httpx.Response]:
        return lambda question: client.get(path, params={key: one or question for key, one in values.items()})

    def sent(path: str, body: Callable[[str], object]) -> Callable[[str], httpx.Response]:
        return lambda question: client.post(path, json=body(question))

    question = questions()[0]
    listed = client.get("/v1/documents", params={"limit": 50}).json()
    document = listed["documents"][7]["document"]
    one = f"/v1/documents/{document['id']}"
    found = client.get("/v1/search", params={"q": question}).json()["hits"][0]["passage"]["id"]
    figures = client.get("/v1/statistics", params={"q": question, "limit": 20}).json()["statistics"]
    answer = next(
        given
        for each in questions()
        if (given := client.post("/v1/answers", json={"question": each}).json())["citations"]
    )
    return {
        "documents?limit=50": got("/v1/documents", limit=50),
        "documents, next page": got("/v1/documents", limit=50, cursor=str(listed["next"])),
        "documents?source_id": got("/v1/documents", source_id=document["source_id"]),
        "documents/ID": got(one),
        "documents/ID/record": got(f"{one}/record"),
        "documents/ID/text": got(f"{one}/text"),
        "passages/ID": got(f"/v1/passages/{found}"),
        "statistics/ID/history": got(f"/v1/statistics/{figures[0]['statistic']['id']}/history"),
        "topics": got("/v1/topics"),
        "coverage": got("/v1/coverage"),
        "info": got("/v1/info"),
        "search": got("/v1/search", q=""),
        "search, one year": got("/v1/search", q="", year_from=2020, year_to=2020),
        "search, a language and a topic": got("/v1/search", q="", language="es", topic="empathy"),
        "statistics, words": got("/v1/statistics", q="", limit=20),
        "answers": sent("/v1/answers", lambda asked: {"question": asked}),
        "citations": sent("/v1/citations", lambda asked: {"ids": [found], "style": "apa"}),
        "verify": sent("/v1/verify", lambda asked: answer),
        _EVERY_FIGURE: got("/v1/statistics", limit=20),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
