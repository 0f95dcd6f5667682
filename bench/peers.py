"""Ours and the peers on the same passages, questions and model, one after the other, each in its own process.

Owns the order, the clock around cold starts, and the figures; the systems are modules of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from bench.corpora import ROOT, judged
from bench.output import say
from bench.peer_task import DEPTH, Result, Task, read_result
from bench.serving import serving
from index.evaluate.judged import JudgedSet
from index.evaluate.measures import Figures, Ranked, figures
from index.model.prompts import PASSAGE_PROMPT, QUERY_PROMPT
from kb.outside.own_path import closed_environment
from kb.outside.processes import python_command, python_environment

_TIMEOUT_S = 1800
# The model reads no further; what is longer is cut off by sentence-transformers and read in windows by ours.
_LONGEST = 512


@dataclass(frozen=True, slots=True)
class Measured:
    """A system's row; ``figures`` are null when it did not answer, for the ``reason``."""

    name: str
    result: Result | None
    figures: Figures | None
    cold_s: float | None
    cold_mb: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoders alone, on the same passages: passages a second, and the least cosine between their vectors."""

    ours_a_second: float
    plain_a_second: float
    compared: int
    longer: int
    least_cosine: float
    mean_cosine: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything of one run."""

    data: str
    passages: int
    questions: int
    systems: tuple[Measured, ...]
    http: tuple[float, float] | None
    http_notes: str
    encoding: Encoding | None


@dataclass(frozen=True, slots=True)
class _System:
    name: str
    module: str
    variant: str
    python: str


def measure(model: Path, python: str, pairs: int) -> Compared:
    """All systems; a peer that cannot run has a reason in place of figures."""
    data = judged(pairs)
    systems = (
        _System("ours", "bench.peer_ours", "", sys.executable),
        _System("sentence-transformers + FAISS flat", "bench.peer_sentence_transformers", "", python),
        _System("txtai dense", "bench.peer_txtai", "dense", python),
        _System("txtai hybrid", "bench.peer_txtai", "hybrid", python),
    )
    with tempfile.TemporaryDirectory(prefix="kb-peers-") as name:
        folder = Path(name)
        task = folder / "task.json"
        task.write_text(json.dumps(asdict(_task(data, model))), encoding="utf-8")
        measured = []
        for number, system in enumerate(systems):
            measured.append(_measured(system, data, task, folder / str(number)))
            say(f"  {system.name}: {_line(measured[-1])}")
        http, notes = _over_http(data, folder / "0" / "work" / "base")
        say(f"  /v1/search: {notes or http}")
        encoding = _encoding(systems[0], task, folder, measured[1])
        say(f"  encoders alone: {encoding}")
    return Compared(data.name, len(data.passages), len(data.questions), tuple(measured), http, notes, encoding)


def quantile_ms(seconds: Sequence[float], share: float) -> float:
    """Milliseconds that this share of the seconds stays below."""
    return round(1000 * float(np.quantile(seconds, share)), 1)


def _task(data: JudgedSet, model: Path) -> Task:
    def rows(texts: Any) -> list[dict[str, str]]:
        return [{"id": text.id, "lang": text.language.value, "text": text.text} for text in texts]

    return Task(str(model), rows(data.passages), rows(data.questions), PASSAGE_PROMPT, QUERY_PROMPT)


def _measured(system: _System, data: JudgedSet, task: Path, folder: Path) -> Measured:
    try:
        result = _run(system, "build", task, folder)
        started = time.perf_counter()
        cold = _run(system, "cold", task, folder)
        cold_s = time.perf_counter() - started
    except (OSError, subprocess.SubprocessError) as error:
        return Measured(system.name, None, None, None, None, _reason(error))
    if system.module == "bench.peer_ours":
        cold_s, cold_mb = _cold_command(folder / "work" / "base", data.questions[0].text)
    else:
        cold_mb = cold.rss_mb
    languages = {passage.id: passage.language for passage in data.passages}
    ranked = [
        Ranked(question.id, question.language, data.gold[question.id], tuple(result.rankings[question.id]))
        for question in data.questions
    ]
    return Measured(system.name, result, figures(ranked, languages), round(cold_s, 2), round(cold_mb))


def _run(system: _System, mode: str, task: Path, folder: Path) -> Result:
    folder.mkdir(parents=True, exist_ok=True)
    answer = folder / f"{mode}.json"
    command = [
        system.python,
        "-P",
        "-m",
        system.module,
        mode,
        str(task),
        str(answer),
        str(folder / "work"),
        system.variant,
    ]
    done = subprocess.run(  # noqa: S603 - our own programs
        command, cwd=ROOT, env=_offline(), capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
    )
    if done.returncode:
        (folder / "errors.txt").write_text(done.stderr, encoding="utf-8")
        raise subprocess.SubprocessError((done.stderr.strip().splitlines() or ["no message"])[-1][:300])
    return read_result(answer)


def _cold_command(base: Path, question: str) -> tuple[float, float]:
    """Seconds and memory (MB) of ``kb search`` as people start it."""
    command = python_command("api.cli", "search", question, "--base", str(base))
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=ROOT, env=python_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def _over_http(data: JudgedSet, base: Path) -> tuple[tuple[float, float] | None, str]:
    """Milliseconds (p50, p95) of ``/v1/search`` on loopback, every question once, after ten that warm it up."""
    seconds = []
    try:
        with serving(base) as server, httpx.Client(base_url=server.address, timeout=60) as client:
            for question in (*data.questions[:10], *data.questions):
                started = time.perf_counter()
                client.get("/v1/search", params={"q": question.text, "limit": DEPTH}).raise_for_status()
                seconds.append(time.perf_counter() - started)
            seconds = seconds[len(data.questions[:10]) :]
    except (httpx.HTTPError, OSError, SystemExit, subprocess.SubprocessError) as error:
        return None, _reason(error)
    return (quantile_ms(seconds, 0.5), quantile_ms(seconds, 0.95)), ""


def _encoding(ours: _System, task: Path, folder: Path, plain: Measured) -> Encoding | None:
    """Our encoder alone, in a process of its own, beside what sentence-transformers needed and made."""
    if plain.result is None or plain.result.encode_s is None:
        return None
    alone = _System(ours.name, ours.module, "encode", ours.python)
    try:
        result = _run(alone, "build", task, folder / "encode")
    except (OSError, subprocess.SubprocessError) as error:
        say(f"  encoding failed: {_reason(error)}")
        return None
    ours_made = np.load(folder / "encode" / "work" / "vectors.npy")
    plain_made = np.load(folder / "1" / "work" / "vectors.npy")
    whole = np.array(plain.result.tokens) <= _LONGEST
    cosines = np.einsum("ij,ij->i", ours_made, plain_made)[whole]
    return Encoding(
        round(len(ours_made) / (result.encode_s or np.nan), 1),
        round(len(plain_made) / plain.result.encode_s, 1),
        int(whole.sum()),
        int((~whole).sum()),
        round(float(cosines.min()), 5),
        round(float(cosines.mean()), 5),
    )


def _offline() -> Mapping[str, str]:
    """The environment of the systems: no hub is asked, and nothing draws progress."""
    return {
        **closed_environment(),
        "PYTHONPATH": str(ROOT),
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "TQDM_DISABLE": "1",
    }


def _reason(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]


def _line(one: Measured) -> str:
    if one.result is None:
        return f"did not run: {one.reason}"
    p50, p95 = quantile_ms(one.result.query_s, 0.5), quantile_ms(one.result.query_s, 0.95)
    return (
        f"{one.result.build_s:.1f} s to searchable, query p50 {p50} ms, p95 {p95} ms, {one.result.rss_mb:.0f} MB, "
        f"cold {one.cold_s} s {', '.join(one.result.notes)}"
    )
