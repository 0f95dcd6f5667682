"""From a keystroke to new results, in Chromium against ``kb serve``, and what of it is waiting, server and browser.

    python -m bench.keystrokes [--base FOLDER] [--passages 10000] [--rounds 3]

Without ``--base`` one is made of the bundled samples: their sentences in new orders, ingested by ``kb ingest`` with the
real model (minutes). Types questions in both languages letter by letter and prints p50 and p95 from the input event of
a letter to the paint of a list for these words; a letter that the next one overtook counts until a newer list stands.
Wants an otherwise idle machine, Chromium and playwright.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.outside.processes import python_command, python_environment
from kb.store import Store

ROOT = Path(__file__).parents[1]
KB = python_command("api.cli")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
QUESTIONS = (
    "esfuerzo del cliente",
    "first contact resolution",
    "fases de madurez",
    "who owns the customer experience",
    "redes sociales",
    "employee engagement",
)
# A person writes five to eight letters a second.
LETTER_SECONDS = 0.15
_PARAGRAPHS = 24
# Told by the page itself: when words went in, and when a list was painted and for which words. It looks at the page
# alone (``data-asked``), whatever puts the list there.
_WATCH = """() => {
  window.typed = []; window.shown = [];
  const field = document.querySelector("#q");
  const asked = () => document.querySelector("[data-asked]")?.dataset.asked;
  let said = asked();
  field.addEventListener("input", event => {
    const words = field.value.trim();
    if (words !== (typed.at(-1) || [""])[0]) typed.push([words, event.timeStamp]);
  });
  new MutationObserver(() => {
    const words = asked();
    if (words === undefined || words === said) return;
    said = words;
    requestAnimationFrame(() => setTimeout(() => shown.push([words, performance.now()])));
  }).observe(document.querySelector("#results"), {subtree: true, childList: true, attributeFilter: ["data-asked"]});
}"""
# When each list was asked for and had come, from the browser's own records.
_ASKED = """() => performance.getEntriesByType("resource")
  .filter(one => ["fetch", "xmlhttprequest"].includes(one.initiatorType) && !one.name.includes("/answer?"))
  .map(one => [(new URL(one.name).searchParams.get("q") || "").trim(), one.startTime, one.responseEnd])"""
PARTS = ("waiting", "server", "browser")


@dataclass(slots=True)
class Times:
    """Milliseconds of each letter to the first list that is not older than it; ``passed`` counts those that were shown
    with a newer one; ``parts`` says of the others how long they waited, the server took, and the browser built."""

    milliseconds: list[float] = field(default_factory=list)
    passed: int = 0
    parts: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in PARTS})

    def add(self, typed: list[Any], shown: list[Any], asked: list[Any]) -> None:
        """Take in what a page told of one question: ``[words, at]`` of letters and of lists, ``[words, from, to]`` of
        requests."""
        order = {words: number for number, (words, _) in enumerate(typed)}
        painted = [(order[words], at) for words, at in shown if words in order]
        for number, (words, at) in enumerate(typed):
            own = [(one, moment) for one, moment in painted if one >= number]
            if not words or not own:
                continue
            first, moment = min(own, key=lambda pair: pair[1])
            self.milliseconds.append(moment - at)
            request = next(((begun, come) for said, begun, come in asked if said == words and begun >= at), None)
            if first != number or request is None:
                self.passed += 1
                continue
            for name, part in zip(PARTS, (request[0] - at, request[1] - request[0], moment - request[1]), strict=True):
                self.parts[name].append(part)

    def at(self, share: float) -> float:
        """The milliseconds that this share of the letters took at most."""
        return at_share(self.milliseconds, share)

    def lines(self) -> list[str]:
        """Each part of a letter's time at the middle and at p95."""
        return [_line(name, values) for name, values in self.parts.items()]


def at_share(milliseconds: Sequence[float], share: float) -> float:
    """The milliseconds that this share of them is not above; nan when there are none."""
    ordered = sorted(milliseconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def _line(name: str, milliseconds: Sequence[float]) -> str:
    return f"{name:8} p50 {at_share(milliseconds, 0.5):6.0f} ms   p95 {at_share(milliseconds, 0.95):6.0f} ms"


def make_base(folder: Path, passages: int) -> None:
    """Make a base of about so many passages out of the sentences of the bundled samples."""
    with tempfile.TemporaryDirectory() as sources:
        _write_sources(Path(sources), passages)
        command = [*KB, "ingest", sources, "--base", str(folder)]
        subprocess.run(command, check=True, cwd=ROOT, env=python_environment(), stdout=subprocess.DEVNULL)  # noqa: S603 - our own program


def _write_sources(folder: Path, passages: int) -> None:
    chance = random.Random(20_261_122)  # noqa: S311 - an order, not a secret
    pools = [_sentences(language) for language in ("es", "en")]
    for number in range(-(-passages // _PARAGRAPHS)):
        pool = pools[number % 2]
        paragraphs = [" ".join(chance.sample(pool, 4)) for _ in range(_PARAGRAPHS)]
        title = f"# {chance.choice(pool)[:60]} {number}\n\n"
        (folder / f"{number:04}.md").write_text(title + "\n\n".join(paragraphs) + "\n", encoding="utf-8")


def _sentences(language: str) -> list[str]:
    articles = sorted((ROOT / "samples" / "articles").glob(f"{language}-*.*"))
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in articles if path.suffix in (".md", ".txt")]
    lines = [line for text in texts for line in text.splitlines() if len(line) > 80 and line[0].isalpha()]
    found = (one.strip() for line in lines for one in re.findall(r"[^.!?]{30,300}[.!?]", line))
    return sorted({one for one in found if "\ufffd" not in one})


@contextmanager
def serving(base: Path) -> Iterator[str]:
    """The address of a server on the base, ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*KB, "serve", "--base", str(base), "--port", str(port)]
    environment = {**python_environment(), "KB_RATE_PER_MINUTE": "0"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603 - the same
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_ready(address)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_ready(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{address}/readyz") as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{address} is not ready")


def measure(page: Any, questions: tuple[str, ...]) -> Times:
    """Type the questions, a letter at a time, and take the times."""
    times = Times()
    for question in questions:
        page.goto("/")
        page.evaluate(_WATCH)
        page.type("#q", question, delay=LETTER_SECONDS * 1000)
        page.wait_for_function("words => shown.some(one => one[0] === words)", arg=question, timeout=20_000)
        times.add(*page.evaluate(f"[typed, shown, ({_ASKED})()]"))
    return times


def server_parts(address: str) -> list[str]:
    """What the server spends, asked by nobody else, on what a letter asks for, on the whole list and on the answer."""
    lines = []
    for name, path in (("a letter", "/hits"), ("list", "/search"), ("answer", "/answer")):
        milliseconds = []
        for question in QUESTIONS:
            for length in range(3, len(question), 2):
                words = urllib.parse.quote(question[:length])
                request = urllib.request.Request(f"{address}{path}?q={words}", headers={"HX-Request": "true"})  # noqa: S310
                started = time.perf_counter()
                with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own address
                    answer.read()
                milliseconds.append(1000 * (time.perf_counter() - started))
        lines.append(_line(name, milliseconds))
    return lines


def main() -> None:
    """Make or take a base, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        parser.error("there is no chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        base = asked.base or Path(folder) / "base"
        if asked.base is None or not asked.base.exists():
            make_base(base, asked.passages)
        store = Store.open(base)
        held = store.counts()["passages"]
        store.close()
        _report(base, held, chromium, asked.rounds)


def _report(base: Path, held: int, chromium: str, rounds: int) -> None:
    from playwright.sync_api import sync_playwright

    with serving(base) as address, sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_context(locale="es-ES", base_url=address).new_page()
        measure(page, QUESTIONS[:2])  # the first searches load what all later ones use
        times = measure(page, QUESTIONS * rounds)
        browser.close()
        shown = f"{len(times.milliseconds)} letters, {times.passed} of them shown with a newer one"
        print(f"{held} passages: p50 {times.at(0.5):.0f} ms, p95 {times.at(0.95):.0f} ms ({shown})")  # noqa: T201
        print("of a letter's time:", *times.lines(), sep="\n  ")  # noqa: T201
        print("the server alone:", *server_parts(address), sep="\n  ")  # noqa: T201


if __name__ == "__main__":
    main()
