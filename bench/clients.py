"""Those who use a server while it is measured: readers who ask and wait, ingesters who send one document after another.

Knows HTTP and what a right answer looks like; prints nothing.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.serving import SAMPLES, Running

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
            tally.errors += search(client, tally, chosen.choice(QUESTIONS))
            time.sleep(pause * chosen.uniform(0.5, 1.5))


def search(client: httpx.Client, tally: Tally, question: str) -> list[str]:
    """Ask once and note the seconds; what was wrong with the answer, empty when nothing was."""
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
                ended = _ended(client, document(number, turn), until + 60)
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


def document(number: int, turn: int) -> dict[str, str]:
    """A document of about 600 words out of sentences of the samples, unlike any other."""
    mixed = random.Random(number * 100_000 + turn)  # noqa: S311 - the same documents in every run
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.md"))]
    blocks = [block for text in texts for block in text.split("\n\n") if len(block) > 200]
    chosen = [f"{block} ({number}.{turn}.{place})" for place, block in enumerate(mixed.sample(blocks, 6))]
    return {"id": f"load-{number}-{turn}", "title": f"Load {number}.{turn}", "text": "\n\n".join(chosen)}
