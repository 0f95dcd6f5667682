"""How a server bears load: search while others search and ingest, over real HTTP, and its memory over many searches.

    python -m bench.load [--base FOLDER] [--seconds 60] [--readers 16] [--ingesters 2] [--pause 1] [--searches 10000]

Copies the base (the bundled samples, ingested, unless one is named), starts ``kb serve`` on the copy in a process of
its own, and measures three times: one reader alone (idle), all readers, all readers while others ingest. A reader
asks, gets the answer and waits ``--pause`` seconds, as people do; an ingester sends a new document as soon as the
last one is done. Then ``--searches`` searches go one after the other, and the memory of the server is printed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from api.auth import create_key
from kb.access import Scope
from kb.store import Store

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples" / "articles"
KB = [sys.executable, "-c", "from api.cli import main; main()"]
QUESTIONS = (
    "¿Cómo se mide el esfuerzo del cliente?",
    "How is customer effort measured?",
    "¿Qué porcentaje de los clientes abandona tras una mala experiencia?",
    "How many customers leave after one bad experience?",
    "fases de madurez de la experiencia de cliente",
    "who owns the customer experience in a company",
    "atención en redes sociales y tiempo de respuesta",
    "employee engagement and customer satisfaction",
    "voz del cliente y empatía",
    "first contact resolution",
    "brecha tecnológica entre canales",
    "personas and journey maps",
    "retención, abandono y programas de fidelización",
    "What does a net promoter score tell?",
    "autoservicio",
    "chatbots and artificial intelligence in service",
)


@dataclass(slots=True)
class Tally:
    """What became of the requests of one phase: seconds of each search, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    documents: int = 0
    errors: list[str] = field(default_factory=list)

    def at(self, share: float) -> float:
        """The milliseconds that this share of the searches took at most."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is ready: its process, address, the key that may ingest, and the seconds until it was ready."""

    process: subprocess.Popen[bytes]
    address: str
    key: str
    ready_after: float

    def megabytes(self) -> tuple[float, float]:
        """The memory that the server holds, and that of the processes it has started (Linux)."""
        children = [_megabytes(one) for one in _descendants(self.process.pid)]
        return _megabytes(self.process.pid), sum(children)


def main(argv: list[str]) -> int:
    """Measure and print; 1 when there was an error, else 0."""
    asked = _arguments().parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="kb-load-") as folder:
        base = Path(folder) / "base"
        fill(base, asked.base)
        with serving(base) as server:
            say(f"ready after {server.ready_after:.2f} s")
            failed = _phases(server, asked)
            if asked.searches:
                failed |= _many(server, asked.searches)
    return int(failed)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--base", type=Path, help="a base to copy; without one the samples are ingested")
    parser.add_argument("--seconds", type=float, default=60, help="of each phase")
    parser.add_argument("--readers", type=int, default=16)
    parser.add_argument("--ingesters", type=int, default=2)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds a reader waits between two searches")
    parser.add_argument("--searches", type=int, default=10_000, help="for the memory; 0 leaves that out")
    return parser


def fill(base: Path, given: Path | None) -> None:
    """Put a copy of the given base here, or one made of the bundled samples."""
    if given is not None:
        shutil.copytree(given, base)
        return
    subprocess.run([*KB, "ingest", str(SAMPLES), "--base", str(base)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program


@contextmanager
def serving(base: Path) -> Iterator[Running]:
    """``kb serve`` on this base until the block ends."""
    store = Store.open(base)
    key = create_key(store, "load", frozenset({Scope.READ, Scope.INGEST}), None)[1]
    store.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.perf_counter()
    command = [*KB, "serve", "--base", str(base), "--port", str(port)]
    log = (base.parent / "server.log").open("wb")
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "KB_RATE_PER_MINUTE": "0"}, stderr=log)  # noqa: S603 - our own program
    address = f"http://127.0.0.1:{port}"
    try:
        yield Running(process, address, key, _until_ready(process, address, started))
    finally:
        process.terminate()
        process.wait(60)
        log.close()


def _until_ready(process: subprocess.Popen[bytes], address: str, started: float) -> float:
    while time.perf_counter() - started < 120 and process.poll() is None:
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return time.perf_counter() - started
        except httpx.TransportError:
            time.sleep(0.02)
    raise SystemExit("the server did not become ready")


def _phases(server: Running, asked: argparse.Namespace) -> bool:
    """Print the three phases; whether anything went wrong in them."""
    before = server.megabytes()
    phases = (("idle: one reader", 1, 0), ("readers", asked.readers, 0), ("readers + ingesters", asked.readers, None))
    tallies = []
    for name, readers, ingesters in phases:
        tally = phase(server, readers, asked.ingesters if ingesters is None else 0, asked.seconds, asked.pause)
        tallies.append(tally)
        say(
            f"{name:<20} searches {len(tally.seconds):>6}  p50 {tally.at(0.5):7.1f} ms  p95 {tally.at(0.95):7.1f} ms  "
            f"documents {tally.documents:>4}  errors {len(tally.errors)}"
        )
        for error in tally.errors[:5]:
            say(f"  {error}")
    idle, readers, loaded = tallies
    say(
        f"p95 loaded / idle {loaded.at(0.95) / idle.at(0.95):.2f}  (target 2)   "
        f"loaded / readers alone {loaded.at(0.95) / readers.at(0.95):.2f}"
    )
    after = server.megabytes()
    say(f"memory MB: server {before[0]:.0f} -> {after[0]:.0f}, its other processes {before[1]:.0f} -> {after[1]:.0f}")
    return any(tally.errors for tally in tallies)


def phase(server: Running, readers: int, ingesters: int, seconds: float, pause: float) -> Tally:
    """So many readers and ingesters at once for so long."""
    tally, until = Tally(), time.perf_counter() + seconds
    threads = [
        *(threading.Thread(target=_read, args=(server, tally, until, pause, number)) for number in range(readers)),
        *(threading.Thread(target=_ingest, args=(server, tally, until, number)) for number in range(ingesters)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def _read(server: Running, tally: Tally, until: float, pause: float, number: int) -> None:
    chosen = random.Random(number)  # noqa: S311 - the same questions in every run
    with httpx.Client(base_url=server.address, timeout=60) as client:
        time.sleep(chosen.random() * pause)
        while time.perf_counter() < until:
            tally.errors += _search(client, tally, chosen.choice(QUESTIONS))
            time.sleep(pause * chosen.uniform(0.5, 1.5))


def _search(client: httpx.Client, tally: Tally, question: str) -> list[str]:
    started = time.perf_counter()
    try:
        response = client.get("/v1/search", params={"q": question})
    except httpx.TransportError as error:
        return [f"search: {type(error).__name__}"]
    tally.seconds.append(time.perf_counter() - started)
    whole = response.status_code == 200 and response.json()["hits"]
    return [] if whole else [f"search: {response.status_code} {response.text[:200]}"]


def _ingest(server: Running, tally: Tally, until: float, number: int) -> None:
    headers = {"Authorization": f"Bearer {server.key}"}
    with httpx.Client(base_url=server.address, timeout=60, headers=headers) as client:
        for turn in itertools.count():
            if time.perf_counter() >= until:
                return
            try:
                ended = _ended(client, _document(number, turn), until + 60)
            except httpx.TransportError as error:
                tally.errors.append(f"ingest: {type(error).__name__}")
                continue
            outcomes = [file["outcome"] for file in ended.get("files", ())]
            tally.documents += outcomes.count("added")
            tally.errors += [] if outcomes == ["added"] else [f"ingest: {ended}"[:300]]


def _ended(client: httpx.Client, document: dict[str, str], until: float) -> dict[str, Any]:
    """The job of a document when it has ended; the problem when it was not taken."""
    sent = client.post("/v1/documents", json={"documents": [document]})
    job = sent.json()
    while sent.status_code == 202 and job["state"] not in ("done", "failed") and time.perf_counter() < until:
        time.sleep(0.1)
        job = client.get(f"/v1/jobs/{job['id']}").json()
    return dict(job)


def _document(number: int, turn: int) -> dict[str, str]:
    """A document of about 600 words out of sentences of the samples, unlike any other."""
    mixed = random.Random(number * 100_000 + turn)  # noqa: S311 - the same documents in every run
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.md"))]
    blocks = [block for text in texts for block in text.split("\n\n") if len(block) > 200]
    chosen = [f"{block} ({number}.{turn}.{place})" for place, block in enumerate(mixed.sample(blocks, 6))]
    return {"id": f"load-{number}-{turn}", "title": f"Load {number}.{turn}", "text": "\n\n".join(chosen)}


def _many(server: Running, searches: int) -> bool:
    """Print the memory of the server along so many searches; whether any went wrong."""
    tally = Tally()
    step = max(1, searches // 10)
    with httpx.Client(base_url=server.address, timeout=60) as client:
        for number in range(searches):
            tally.errors += _search(client, tally, f"{QUESTIONS[number % len(QUESTIONS)]} {number}")
            if (number + 1) % step == 0:
                say(f"{number + 1:>7} searches: server {server.megabytes()[0]:.0f} MB, errors {len(tally.errors)}")
    say(f"{searches / sum(tally.seconds):.1f} searches/s one after the other, p95 {tally.at(0.95):.1f} ms")
    return bool(tally.errors)


def _megabytes(process: int) -> float:
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * 4096 / 2**20
    except OSError:  # it has ended
        return 0.0


def _descendants(process: int) -> list[int]:
    """The processes that any thread of this one, or of those, has started (Linux)."""
    try:
        lists = [found.read_text(encoding="ascii") for found in Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:
        return []
    return [each for child in map(int, " ".join(lists).split()) for each in (child, *_descendants(child))]


def say(line: str) -> None:
    """A line of the result, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
