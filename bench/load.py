"""How a server bears load: search while others search and ingest, over real HTTP, and its memory over many searches.

    python -m bench.load [--base FOLDER] [--seconds 60] [--readers 16] [--ingesters 2] [--pause 1] [--searches 10000]

Copies the base (the bundled samples, ingested, unless one is named), starts ``kb serve`` on the copy in a process of
its own, asks every question once, and measures three times: one reader alone (idle), all readers, all readers while
others ingest. A reader asks, gets the answer and waits ``--pause`` seconds, as people do; an ingester sends a new
document as soon as the last one is done. Then ``--searches`` searches go one after the other, and the memory of the
server is printed. On a shared machine compare the processor time of a search: ``running`` is what the server took
for each, ``waiting`` what its threads waited for a processor.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import httpx

from bench.clients import QUESTIONS, Tally, phase, search
from bench.output import say
from bench.serving import Running, fill, serving


def main(argv: list[str]) -> int:
    """Measure and print; 1 when there was an error, else 0."""
    asked = _arguments().parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="kb-load-") as folder:
        base = Path(folder) / "base"
        fill(base, asked.base)
        with serving(base) as server:
            say(f"ready after {server.ready_after:.2f} s")
            failed = _first(server) | _phases(server, asked)
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


def _first(server: Running) -> bool:
    """Ask every question once: what is read for the first time is no part of the idle value. Whether any went wrong."""
    tally = Tally()
    with httpx.Client(base_url=server.address, timeout=60) as client:
        for question in QUESTIONS:
            tally.errors += search(client, tally, question)
    p50, p95 = tally.at(0.5), tally.at(0.95)
    say(f"{'each question once':<20} searches {len(tally.seconds):>6}  p50 {p50:7.1f} ms  p95 {p95:7.1f} ms")
    return bool(tally.errors)


def _phases(server: Running, asked: argparse.Namespace) -> bool:
    """Print the three phases; whether anything went wrong in them."""
    before, files = server.megabytes(), server.open_files()
    phases = (("idle: one reader", 1, 0), ("readers", asked.readers, 0), ("readers + ingesters", asked.readers, None))
    tallies = []
    for name, readers, ingesters in phases:
        start = server.spent()
        tally = phase(server, readers, asked.ingesters if ingesters is None else 0, asked.seconds, asked.pause)
        took = server.spent() - start
        tallies.append(tally)
        each = 1000 / max(1, len(tally.seconds))
        say(
            f"{name:<20} searches {len(tally.seconds):>6}  p50 {tally.at(0.5):7.1f} ms  p95 {tally.at(0.95):7.1f} ms  "
            f"running {took.running * each:6.1f} ms  waiting {took.waiting * each:6.1f} ms  "
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
    say(f"open files {files} -> {server.open_files()}")
    return any(tally.errors for tally in tallies)


def _many(server: Running, searches: int) -> bool:
    """Print the memory of the server along so many searches; whether any went wrong."""
    tally, held = Tally(), [server.megabytes()[0]]
    step = max(1, searches // 10)
    with httpx.Client(base_url=server.address, timeout=60) as client:
        for number in range(searches):
            tally.errors += search(client, tally, f"{QUESTIONS[number % len(QUESTIONS)]} {number}")
            if (number + 1) % step == 0:
                held.append(server.megabytes()[0])
                say(f"{number + 1:>7} searches: server {held[-1]:.0f} MB, errors {len(tally.errors)}")
    say(f"{searches / sum(tally.seconds):.1f} searches/s one after the other, p95 {tally.at(0.95):.1f} ms")
    say(
        f"memory over {searches} searches {held[0]:.0f} -> {held[-1]:.0f} MB ({held[-1] / held[0] - 1:+.1%}), "
        f"the last half {held[len(held) // 2]:.0f} -> {held[-1]:.0f} MB"
    )
    return bool(tally.errors)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
