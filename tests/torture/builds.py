"""The same archive made into a base twice, in other places: what comes out must be the same."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import httpx

from bench.serving import KB, ROOT, SAMPLES
from kb.outside.processes import python_environment
from tests.torture.rows import Row, Tally
from tests.torture.servers import key_of, started

# What a machine elsewhere has set: its language, its time, how Python orders sets, how many threads.
PLACES: tuple[dict[str, str], ...] = (
    {"LC_ALL": "C", "LANG": "C", "TZ": "UTC", "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"},
    {"LC_ALL": "tr_TR.UTF-8", "LANG": "es_ES.UTF-8", "LC_NUMERIC": "de_DE.UTF-8", "TZ": "Pacific/Kiritimati",
     "PYTHONHASHSEED": "4711", "OMP_NUM_THREADS": "2"},
)  # fmt: skip
_SENTENCE = re.compile(r"[^.!?\n#*|>]{40,160}[.!?]")


def asked(count: int) -> list[str]:
    """Sentences of the samples in both languages, evenly spread: each is a question that has an answer."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.md"))]
    sentences = [found.strip() for text in texts for found in _SENTENCE.findall(text)]
    return [sentences[number * len(sentences) // count] for number in range(count)]


def two_builds(start: int, count: int, folder: Path) -> Tally:
    """R22: the same ids, the same statistics, and for each query the same ten hits in their order."""
    first, second = (_built(folder / f"base-{number}", place, asked(count)) for number, place in enumerate(PLACES))
    lost = [f"{name} differ" for name in ("documents", "statistics") if first[name] != second[name]]
    lost += [
        f"query {query!r}: {one} and {other}"[:500]
        for query, one, other in zip(asked(count), first["hits"], second["hits"], strict=True)
        if one != other
    ]
    return Tally(
        len(first["hits"]), lost, {"documents": len(first["documents"]), "statistics": len(first["statistics"])}
    )


def _built(base: Path, place: dict[str, str], queries: list[str]) -> dict[str, Any]:
    environment = {**python_environment(), **place}
    command = [*KB, "ingest", str(SAMPLES), "--base", str(base)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    server = started(base, key_of(base), base.with_suffix(".log"), **place)
    try:
        with httpx.Client(base_url=server.address, timeout=120) as client:
            documents = client.get("/v1/documents", params={"limit": 100}).json()["documents"]
            statistics = client.get("/v1/statistics", params={"limit": 100}).json()["statistics"]
            hits = [client.get("/v1/search", params={"q": query, "limit": 10}).json()["hits"] for query in queries]
    finally:
        server.process.terminate()
        server.process.wait(60)
    return {
        "documents": [one["document"]["id"] for one in documents],
        "statistics": [json.dumps(one, sort_keys=True) for one in statistics],
        "hits": [[hit["passage"]["id"] for hit in found] for found in hits],
    }


ROWS = (
    Row(
        "R22", "two builds in other locales, time zones and hash seeds", "same ids, same top ten for 100 queries",
        "a query to both, with the bundled model; the locales are named, not installed", 100, 0, 100, two_builds,
    ),
)  # fmt: skip
