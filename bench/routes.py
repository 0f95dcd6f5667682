"""How each route grows with the base: p50 and p95 over HTTP, side by side for both engines.

    python -m bench.routes REAL [--sizes 1000,10000] [--rounds 40] [--keep FOLDER]
                           [--store postgresql://USER@HOST:PORT/DATABASE]

REAL is a base of real documents. Bases of each size are made of its passages (``bench.made_bases``) in a folder that
goes again, or in ``--keep``, where those that are there are taken; with ``--store`` (for one size) each is also copied
into that database, which has to be empty. A server in a process of its own answers each route in turn, the bundled
questions; a route that has taken 30 s is not asked again. Then ``kb ingest`` takes in one more document, and its
seconds and most memory are printed, beside those in an empty base.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.answer_time import questions
from bench.clients import document as made_document
from bench.made_bases import PASSAGES, make_base
from bench.output import machine, say
from bench.serving import KB, ROOT, Running, serving
from kb.outside.processes import python_environment
from kb.store import Store
from kb.store.moving import move

# Seconds after which a route is not asked again.
_PATIENCE = 30.0


def main(argv: list[str]) -> int:
    """Make, serve, ask and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("real", type=Path)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--without", default="", help='routes that are not asked, as they are printed, with ";"')
    parser.add_argument("--keep", type=Path, help="a folder for the bases, each named by its number of documents")
    parser.add_argument("--store", help="the address of an empty database")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="kb-routes-") as folder:
        _ingested("SQLite, an empty base", Path(folder) / "base")
    for size in map(int, asked.sizes.split(",")):
        with _made(asked.real, asked.keep, size) as base:
            _say_size("SQLite", size, sum(path.stat().st_size for path in base.rglob("*") if path.is_file()))
            _measure("SQLite", base, asked.rounds, asked.without.split(";"))
            _ingested("SQLite", base)
            if asked.store:
                _measure_postgresql(asked.store, base, size, asked.rounds, asked.without.split(";"))
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


def _measure_postgresql(address: str, base: Path, size: int, rounds: int, without: Sequence[str]) -> None:
    from kb.store.postgresql.opening import open_postgresql

    with tempfile.TemporaryDirectory(prefix="kb-routes-") as folder:
        local = Path(folder) / "local"
        source, target = Store.open(base), open_postgresql(address, local, create=True)
        started = time.perf_counter()
        move(source, target)
        say(f"copied and compared in {time.perf_counter() - started:.0f} s")
        (held,) = target._connections.read().execute("SELECT pg_database_size(current_database())").fetchone()
        _say_size("PostgreSQL", size, held)
        source.close()
        with _set(address, local):
            _measure("PostgreSQL", local, rounds, without, open_postgresql(address, local))
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
    # Another one each time: that of a base came along into its copy.
    made = made_document(7, sum(map(ord, engine)))
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


def _measure(engine: str, base: Path, rounds: int, without: Sequence[str], other: Store | None = None) -> None:
    with serving(base, other) as server, httpx.Client(base_url=server.address, timeout=120) as client:
        say(f"{engine}: ready after {server.ready_after:.1f} s, {server.megabytes()[0]:.0f} MB")
        for name, seconds in _asked(client, server, rounds, without).items():
            ordered = sorted(1000 * one for one in seconds)
            p50, p95 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
            say(f"  {engine:<11} {name:<34} p50 {p50:8.1f} ms  p95 {p95:8.1f} ms  of {len(ordered)}")


def _asked(client: httpx.Client, server: Running, rounds: int, without: Sequence[str]) -> dict[str, list[float]]:
    asked = questions()
    listed = client.get("/v1/documents", params={"limit": 50}).json()
    one = listed["documents"][7]
    document = one.get("id") or one["document"]["id"]
    found = client.get("/v1/search", params={"q": asked[0]}).json()["hits"][0]["passage"]["id"]
    ways: dict[str, tuple[str, dict[str, str | int]]] = {
        "documents?limit=50": ("/v1/documents", {"limit": 50}),
        "documents, next page": ("/v1/documents", {"limit": 50, "cursor": str(listed.get("next") or "")}),
        "documents/ID": (f"/v1/documents/{document}", {}),
        "passages/ID": (f"/v1/passages/{found}", {}),
        "topics": ("/v1/topics", {}),
        "coverage": ("/v1/coverage", {}),
        "statistics?limit=20": ("/v1/statistics", {"limit": 20}),
        "search": ("/v1/search", {"q": ""}),
        "search, one year": ("/v1/search", {"q": "", "year_from": 2020, "year_to": 2020}),
        "search, a language and a topic": ("/v1/search", {"q": "", "language": "es", "topic": "empathy"}),
        "answers": ("/v1/answers", {}),
    }
    ways = {name: way for name, way in ways.items() if name not in without}
    # Every figure of a base at once: what one of these takes shall not fall on the others.
    last = {"statistics?limit=20"}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn, name in [
        *((turn, name) for turn in range(rounds + 1) for name in ways if name not in last),
        *((turn, name) for name in last & ways.keys() for turn in range(rounds + 1)),
    ]:
        question = asked[turn * 7 % len(asked)]
        path, values = ways[name]
        if sum(taken[name]) > _PATIENCE:
            continue
        started = time.perf_counter()
        try:
            if name == "answers":
                response = client.post(path, json={"question": question})
            else:
                named = {key: question if key == "q" else one for key, one in values.items()}
                response = client.get(path, params=named)
        except httpx.TimeoutException:
            taken[name].append(time.perf_counter() - started)
            continue
        response.raise_for_status()
        if turn:  # the first reads everything for the first time
            taken[name].append(time.perf_counter() - started)
    return taken


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
