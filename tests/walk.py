"""The developer's walk in ``docs/walk.md``: really walked by this script, written by ``python -m tests.walk``.

Every command runs in a shell, in an empty folder, against a server of its own. What differs from run to run is
masked (``MASKS``), and of long JSON the members that a step is about are shown: both are said in the document.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
WALK = ROOT / "docs" / "walk.md"
FILES = 200
# Ids, secrets and times differ from run to run, and so do the port and the seconds that are left to wait.
MASKS = (
    (re.compile(r"kb_[A-Za-z0-9_-]{43}"), "kb_…"),
    (re.compile(r"\bj[0-9a-f]{16}\b"), "j…"),
    (re.compile(r"\bk[0-9a-f]{10}\b"), "k…"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)"), "(time)"),
    (re.compile(r"(?i)(retry-after: )\d+"), r"\1(seconds)"),
    # These grow whenever the readers read better.
    (re.compile(r"\b\d+ passages, \d+ statistics"), "(n) passages, (n) statistics"),
)
QUESTIONS = (
    "¿Qué porcentaje de los empleados del mundo estaba comprometido con su trabajo en 2022?",
    "How much more valuable are emotionally connected customers than very satisfied ones?",
    "How tall is the Eiffel Tower?",
)
_INTRO = f"""# A developer's walk

Written by `python -m tests.walk`, which runs every command below in an empty folder; a test runs it again and compares.
Masked, since they differ from run to run: secrets (`kb_…`), ids of keys and jobs (`k…`, `j…`), times, the seconds of
`Retry-After`, and how many passages and statistics the texts give, since the readers improve. Of JSON the members that
a step is about are shown, of lists the first; nothing else is left out. The {FILES} notes are invented for this walk,
as are the figures in them.

"""
_CHANNELS = {
    "es": ("el teléfono", "el correo", "la tienda", "el chat", "la aplicación", "la web", "el mostrador",
           "la red social", "el quiosco", "la videollamada"),
    "en": ("the phone", "e-mail", "the shop", "the chat", "the app", "the web site", "the counter",
           "the social network", "the kiosk", "the video call"),
}  # fmt: skip
_MATTERS = {
    "es": ("una devolución", "una factura", "un envío", "una avería", "un alta", "una baja", "un cambio de tarifa",
           "una garantía", "una reserva", "un duplicado"),
    "en": ("a return", "an invoice", "a delivery", "a breakdown", "a sign-up", "a cancellation", "a change of tariff",
           "a guarantee", "a booking", "a copy"),
}  # fmt: skip


def note(number: int) -> tuple[str, str]:
    """The name and text of one of the notes: half in Spanish, half in English, their figures marked as examples."""
    language = "es" if number % 2 == 0 else "en"
    channel, matter = _CHANNELS[language][number // 2 % 10], _MATTERS[language][number // 20 % 10]
    if language == "es":
        text = (
            f"Nota {number}: quien pide ayuda para {matter} por {channel} quiere una respuesta a la primera. "
            f"Ejemplo inventado: el {10 + number % 80} % de los clientes lo consiguió en {2 + number % 7} minutos.\n"
        )
    else:
        text = (
            f"Note {number}: someone who asks for help with {matter} through {channel} wants an answer the first time. "
            f"An invented example: {10 + number % 80}% of customers got it in {2 + number % 7} minutes.\n"
        )
    return f"note-{number:03}.txt", text


class Walk:
    """Runs commands in a folder and writes down each with what it printed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.port, self.second = _free_ports()
        binaries = folder / ".bin"
        binaries.mkdir()
        program = binaries / "kb"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from api.cli import main; main()" "$@"\n')
        program.chmod(0o755)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("KB_")},
            "PATH": f"{binaries}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "NO_COLOR": "1",
            "LC_ALL": "C.UTF-8",
        }
        self.server: subprocess.Popen[bytes] | None = None

    # -- writing ---------------------------------------------------------------------------

    def say(self, title: str, text: str) -> None:
        """A heading and a paragraph."""
        self.close()
        self.lines += [f"## {title}", "", text, "", "```text"]

    def close(self) -> None:
        """End the block of commands."""
        if self.lines:
            self.lines[-1:] = ["```", ""]

    def text(self) -> str:
        """The whole document, masked."""
        body = "\n".join(line.rstrip() for line in self.lines)
        body = body.replace(f":{self.port}", ":8000").replace(f":{self.second}", ":8001")
        for pattern, mask in MASKS:
            body = pattern.sub(mask, body)
        return _INTRO + body.rstrip() + "\n"

    # -- running ---------------------------------------------------------------------------

    def run(self, command: str, show: object = None, *, expected: int = 0) -> str:
        """The output of a shell command, written down with it; ``show`` picks members of JSON."""
        self.lines.append(f"$ {command}")
        given = command.replace(":8000", f":{self.port}").replace(":8001", f":{self.second}")
        done = subprocess.run(
            ["bash", "-c", given], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=280
        )
        assert done.returncode == expected, (command, done.returncode, done.stdout, done.stderr)
        output = (done.stdout + done.stderr).replace("\r", "").strip()
        shown = output if show is None else json.dumps(picked(json.loads(done.stdout), show), ensure_ascii=False)
        self.lines += [*shown.splitlines(), ""]
        return output

    def serve(self, words: str = "", *, port: int | None = None, **settings: str) -> subprocess.Popen[bytes]:
        """A server that is ready, started as the written command says."""
        set_to = "".join(f"{name}={value} " for name, value in settings.items())
        self.lines.append(f"$ {set_to}kb serve{words} &")
        number = port or self.port
        with (self.folder / ".log").open("ab") as log:
            command = ["kb", "serve", *words.split(), *(() if port else ("--port", str(number)))]
            command = [str(number) if word == "8001" else word for word in command]
            command[0] = str(self.folder / ".bin" / "kb")
            server = subprocess.Popen(
                command, cwd=self.folder, env={**self.environment, **settings}, stdout=log, stderr=log
            )
        for _ in range(1200):
            try:
                with socket.create_connection(("127.0.0.1", number), timeout=1):
                    break
            except OSError:
                assert server.poll() is None, (self.folder / ".log").read_text(encoding="utf-8")
                time.sleep(0.05)
        self.lines += [f"Serving kb-base on http://127.0.0.1:{number}/v1", ""]
        return server


def picked(value: Any, show: Any) -> Any:
    """The members of a JSON value that are named: ``{"a": None}`` all of a, ``[…]`` the first of a list."""
    if isinstance(show, dict) and isinstance(value, dict):
        return {name: picked(value[name], inside) for name, inside in show.items() if name in value}
    if isinstance(show, list) and isinstance(value, list):
        return [picked(one, show[0]) for one in value[:1]]
    return value


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


# -- the walk ---------------------------------------------------------------------------------

KEY = '-H "Authorization: Bearer $KEY"'
HIT = {"total": None, "hits": [{"document": {"source_id": None}, "citation": {"quote": None, "span": None}}]}
ANSWER = {"status": None, "text": None, "citations": [{"document": {"source_id": None}, "span": None}]}
PROBLEM = {"code": None, "title": None, "detail": None, "hint": None}
JOB = {"id": None, "state": None, "total": None, "attempt": None}
SITE = "http://127.0.0.1:8000"


def begin(walk: Walk) -> None:
    """A base, a key, a server."""
    shutil.copytree(ROOT / "samples" / "articles", walk.folder / "articles")
    walk.say("A base, a key, a server", "The base is made of the bundled samples. A secret is shown once.")
    walk.run("kb ingest articles | tail -n 1")
    secret = walk.run("kb key create newsroom --scope read --scope ingest --scope admin").splitlines()[0]
    walk.environment["KEY"] = secret
    walk.lines[-1:] = ["$ KEY=kb_…", ""]
    walk.server = walk.serve(" --require-key")
    walk.run(f"curl -s {SITE}/readyz", {"status": None, "documents": None})
    walk.run(f"curl -s {SITE}/v1/topics -H 'Accept-Language: es'", PROBLEM)


def ask(walk: Walk) -> None:
    """Search and answers in both languages."""
    walk.say("A question in each language", "Each finds its evidence in the other language as well as in its own.")
    for words in ("esfuerzo+del+cliente", "customer+effort"):
        walk.run(f"curl -s '{SITE}/v1/search?q={words}&limit=1' {KEY}", HIT)
    for question in QUESTIONS:
        body = json.dumps({"question": question}, ensure_ascii=False)
        walk.run(f"curl -s {SITE}/v1/answers {KEY} -H 'Content-Type: application/json' -d '{body}'", ANSWER)


def mistype(walk: Walk) -> None:
    """A typo is answered with the nearest right word, in the caller's language."""
    walk.say("A typo", "What is not known is refused with the nearest right word, in the caller's language.")
    walk.run(f"curl -s '{SITE}/v1/search?q=NPS&topic=metrcs' {KEY}", PROBLEM)
    walk.run(f"curl -s '{SITE}/v1/search?q=NPS&langauge=es' {KEY} -H 'Accept-Language: es'", PROBLEM)
    walk.run("kb search NPS --topic metrcs", expected=2)


def hurry(walk: Walk) -> None:
    """A second server on the base, with a low limit: the fourth request of a minute waits."""
    walk.say(
        "A rate limit",
        "A second server on the same base, with three requests a minute: the fourth is told when to come back.",
    )
    server = walk.serve(" --require-key --port 8001", port=walk.second, KB_RATE_PER_MINUTE="3")
    try:
        walk.run(
            "for n in 1 2 3; do curl -s -o /dev/null -w '%{http_code}\\n' "
            f"http://127.0.0.1:8001/v1/topics {KEY}; done"
        )
        walk.run(
            f"curl -s -i http://127.0.0.1:8001/v1/topics {KEY} | "
            "grep -iE '^(HTTP|retry-after)|rate_limited' | cut -c1-90"
        )
    finally:
        server.terminate()
        server.wait(30)


def kill(walk: Walk) -> None:
    """An upload of many files; the server is killed in the middle and goes on after its next start."""
    (walk.folder / "notes").mkdir()
    for number in range(FILES):
        name, text = note(number)
        (walk.folder / "notes" / name).write_text(text, encoding="utf-8")
    walk.say(
        f"{FILES} files, and a server that is killed",
        "`202` means that everything sent is on disk. The server is killed with `kill -9` when some files are done and "
        "most are not; the next one goes on, and no file is lost or there twice.",
    )
    sent = walk.run(f"curl -s {SITE}/v1/documents {KEY} $(printf -- '-F file=@%s ' notes/*.txt)", JOB)
    job = json.loads(sent)["id"]
    done = _wait(walk, job, lambda one: len(one["files"]) >= 10)
    assert done["state"] == "running", done["state"]
    assert walk.server is not None
    walk.server.kill()
    walk.server.wait()
    walk.lines += ["$ kill -9 $SERVER", ""]
    walk.run(f"curl -s {SITE}/v1/jobs/{job} {KEY} || echo nobody answers")
    walk.server = walk.serve(" --require-key")
    done = _wait(walk, job, lambda one: one["state"] == "done")
    outcomes = {file["outcome"] for file in done["files"]}
    assert len(done["files"]) == FILES, len(done["files"])
    assert outcomes <= {"added", "duplicate", "unchanged"}, outcomes
    walk.run(f"curl -s {SITE}/v1/jobs/{job} {KEY}", JOB)
    walk.run('kb documents --json | grep -c \'"source_id": "note-\'')
    walk.run("kb doctor")


def _wait(walk: Walk, job: str, ready: Any) -> dict[str, Any]:
    """The job as soon as it is ready; at most five minutes."""
    command = ["curl", "-s", f"http://127.0.0.1:{walk.port}/v1/jobs/{job}", "-H"]
    for _ in range(1500):
        asked = [*command, f"Authorization: Bearer {walk.environment['KEY']}"]
        found: dict[str, Any] = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)
        if ready(found):
            return found
        time.sleep(0.2)
    raise AssertionError(found)


def lose(walk: Walk) -> None:
    """Backup, wipe, restore, and the same answers to the last byte."""
    walk.say(
        "Backup, wipe, restore",
        "The backup is taken while the server runs. Then the base is lost and made again of it: the answers are the "
        "same, byte for byte.",
    )
    asking = "; ".join(
        f"curl -s {SITE}/v1/answers {KEY} -H 'Content-Type: application/json' "
        f"-d '{json.dumps({'question': question}, ensure_ascii=False)}'"
        for question in QUESTIONS
    )
    lists = (f"curl -s '{SITE}/v1/{one}' {KEY}" for one in ("search?q=esfuerzo&limit=50", "statistics?limit=100"))
    script = "; ".join((asking, *lists)).replace(":8000", f":{walk.port}")
    (walk.folder / "ask.sh").write_text(f"{script}\n", encoding="utf-8")
    walk.lines += ["$ cat ask.sh   # the three questions from above, a search for 50 hits, and 100 statistics", ""]
    walk.run("sh ask.sh > before.json")
    walk.run("kb backup backups/today")
    assert walk.server is not None
    walk.server.terminate()
    walk.server.wait(30)
    walk.lines += ["$ kill $SERVER", ""]
    walk.run("rm -r kb-base")
    walk.run("kb restore backups/today --verify")
    walk.server = walk.serve(" --require-key")
    walk.run("sh ask.sh > after.json")
    walk.run("cmp before.json after.json && echo identical")


STEPS = (begin, ask, mistype, hurry, kill, lose)


def walked(steps: Sequence[Any] = STEPS) -> str:
    """The document, from a walk through all steps in a folder that goes away."""
    with tempfile.TemporaryDirectory() as name:
        walk = Walk(Path(name))
        try:
            for step in steps:
                step(walk)
        finally:
            if walk.server is not None:
                walk.server.kill()
                walk.server.wait()
        walk.close()
        return walk.text()


if __name__ == "__main__":
    WALK.write_text(walked(), encoding="utf-8")
