"""What others have put where the program looks: modules, settings and programs in every folder, and the environment."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.serving import KB, SAMPLES
from kb.outside.own_path import ROOT
from tests.torture.rows import Row, Tally
from tests.torture.servers import sample_base

_MODULES = (
    "sitecustomize", "usercustomize", "kb", "ingest", "index", "api", "json", "re", "numpy", "openvino", "faiss",
    "lxml", "typer", "rich", "pydantic", "httpx", "uvicorn", "fastapi", "certifi", "encodings", "conftest",
    "__main__", "setup",
)  # fmt: skip
_PROGRAMS = ("git", "file", "pdftotext", "tesseract", "soffice", "antiword", "uname", "sh", "ldconfig", "cc", "python3")
# A word of it in what the program writes would show that it was read.
MARK = "zz-planted-setting"
_SETTINGS = {
    ".env": f"KB_BASE=/{MARK}\nKB_NAME={MARK}\nKB_MODEL={MARK}\nKB_CHAT_URL=http://127.0.0.1:9/{MARK}\n",
    "kb.toml": f'base = "/{MARK}"\nmodel = "{MARK}"\n', "kb.ini": f"[kb]\nbase = /{MARK}\n",
    "kb.yaml": f"base: /{MARK}\n", ".kbrc": f"base=/{MARK}\n",
    "pyproject.toml": f'[tool.kb]\nbase = "/{MARK}"\n', "setup.cfg": f"[kb]\nbase = /{MARK}\n",
    "config.json": f'{{"base": "/{MARK}", "model": "{MARK}"}}', "settings.json": f'{{"KB_BASE": "/{MARK}"}}',
    "logging.conf": f"[loggers]\nkeys={MARK}\n", "trafilatura.cfg": f"[DEFAULT]\nMIN_EXTRACTED_SIZE = {MARK}\n",
    "settings.cfg": f"[DEFAULT]\nEXTRACTION_TIMEOUT = {MARK}\n", "pip.conf": f"[global]\nindex-url = http://{MARK}/\n",
    ".netrc": f"default login {MARK} password x\n", ".pythonrc.py": "", "openvino.xml": f"<{MARK}/>", ".tokens": MARK,
    "catalog.xml": f"<catalog><{MARK}/></catalog>", "openssl.cnf": f"{MARK} = {MARK}\n",
    "a.pth": "import planted_by_pth\n",
}  # fmt: skip
# Where: relative to the folder of the try.
PLACES = (
    "here",
    "archive",
    "base",
    "base/index",
    "base/originals",
    "home",
    "home/.config/kb",
    "home/.cache",
    "temporary",
)
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("ingest", "archive"), ("search", "customer effort"), ("stats", "loyalty"), ("doctor",),
)  # fmt: skip
# A variable and what it is set to; {folder} is full of what was planted, {canary} an address that nobody may ask.
VARIABLES = (
    ("PYTHONPATH", ""), ("PYTHONPATH", "."), ("PYTHONSTARTUP", "{folder}/json.py"),
    ("PYTHONBREAKPOINT", "sitecustomize.x"), ("PYTHONUSERBASE", "{folder}"),
    ("PYTHONPLATLIBDIR", "lib"), ("PYTHONPYCACHEPREFIX", "{folder}"),
    ("PATH", ":{folder}:/usr/bin:/bin"), ("LD_LIBRARY_PATH", ":{folder}"), ("HTTP_PROXY", "{canary}"),
    ("HTTPS_PROXY", "{canary}"), ("ALL_PROXY", "{canary}"), ("all_proxy", "socks5://127.0.0.1:9"), ("NO_PROXY", "*"),
    ("HF_ENDPOINT", "{canary}"), ("HF_HUB_ENABLE_HF_TRANSFER", "1"), ("REQUESTS_CA_BUNDLE", "{folder}/a.pth"),
    ("SSL_CERT_FILE", "{folder}/a.pth"), ("OPENSSL_CONF", "{folder}/openssl.cnf"),
    ("XML_CATALOG_FILES", "{folder}/catalog.xml"), ("SGML_CATALOG_FILES", "{folder}/catalog.xml"),
    ("NETRC", "{folder}/.netrc"), ("XDG_CONFIG_HOME", "{folder}"),
    ("XDG_DATA_HOME", "{folder}"), ("XDG_CACHE_HOME", "{folder}"), ("LC_ALL", "tr_TR.UTF-8"), ("LANGUAGE", "{folder}"),
    ("PAGER", "{folder}/sh"), ("EDITOR", "{folder}/sh"), ("BROWSER", "{folder}/sh"), ("SHELL", "{folder}/sh"),
    ("COLUMNS", "-1"), ("TERM", "../../x"), ("TZ", "{folder}/openssl.cnf"), ("OMP_NUM_THREADS", "1"), ("IFS", "/"),
    ("PGSERVICEFILE", "{folder}/kb.ini"), ("PGHOST", "{folder}"), ("PGPASSFILE", "{folder}/.netrc"),
    ("GIT_DIR", "{folder}"), ("TYPER_USE_RICH", "0"), ("PYDANTIC_DISABLE_PLUGINS", "0"),
)  # fmt: skip
TRIES: list[tuple[str, str | tuple[str, ...]]] = [
    *((place, command) for place in PLACES for command in COMMANDS),
    *VARIABLES,
]


@contextmanager
def canary() -> Iterator[tuple[str, list[str]]]:
    """An address, and who has connected to it."""
    calls, over = list[str](), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)

        def listen() -> None:
            while not over.is_set():
                with suppress(TimeoutError, OSError):
                    connection, caller = server.accept()
                    calls.append(str(caller))
                    connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", calls
        finally:
            over.set()
            thread.join()


def plant(folder: Path, marks: Path, *, spared: frozenset[str] = frozenset()) -> int:
    """Put everything into the folder; each module and program leaves a mark when it is run. How much that is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in set(_MODULES) - spared:
        code = f"open({str(marks / name)!r}, 'a').close()\n"
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    for name in _PROGRAMS:
        (folder / name).write_text(f"#!/bin/sh\n/usr/bin/touch {marks / name}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    for name, text in _SETTINGS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(_MODULES) + len(_PROGRAMS) + len(_SETTINGS)


class Met:
    """A folder for one try: a base, an archive, a home and a place for temporary files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.marks = folder, folder / "marks"
        for name in ("marks", "here", "archive", "home", "temporary"):
            (folder / name).mkdir(parents=True)
        sample_base(folder / "base")
        shutil.copy(SAMPLES / "es-madurez-seis-fases.html", folder / "archive")

    def run(self, command: tuple[str, ...], **variables: str) -> tuple[int, str]:
        """How the command ended, and all that it wrote, without what differs between two folders."""
        words = [str(self.folder / word) if word == "archive" else word for word in command]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "KB_"))}
        environment |= {"HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "temporary"), **variables}
        done = subprocess.run(
            [*KB, *words, "--base", str(self.folder / "base"), "--json"][: None if command[0] != "ingest" else -1],
            cwd=self.folder / "here", env=environment, capture_output=True, text=True,
        )  # fmt: skip
        return done.returncode, done.stdout.replace(str(self.folder), "") + done.stderr.replace(str(self.folder), "")

    def wrong(self, calls: list[str], whole: tuple[int, str] | None, found: tuple[int, str]) -> list[str]:
        """What shows that something planted was met."""
        seen = [f"{path.name} was run" for path in sorted(self.marks.iterdir())]
        seen += [f"somebody was asked: {call}" for call in calls]
        seen += [f"a planted setting was read: {found[1][:200]}"] if MARK in found[1] else []
        # The doctor names what lies among the originals.
        named = "stray_original" in found[1]
        if whole is not None and found != whole and not named:
            seen.append(f"another end: {found[0]} {found[1][-300:]}")
        return seen


def _read_before() -> frozenset[str]:
    """The modules that a bare interpreter imports before any line of a program: nobody can keep those from it."""
    code = "import sys; print(*sys.modules, 'sitecustomize', 'usercustomize')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return frozenset(name.partition(".")[0] for name in done.stdout.split())


def planted(start: int, count: int, folder: Path) -> Tally:
    """S25: a command does what it does without all that, asks nobody, and runs nothing of it."""
    lost, seen, whole = list[str](), Counter[str](), dict[tuple[str, ...], tuple[int, str]]()
    early = _read_before()
    for number, (what, how) in enumerate(TRIES[start : start + count], start=start):
        command = COMMANDS[1] if isinstance(how, str) else how
        if command not in whole and command[0] != "ingest":
            whole[command] = Met(folder / f"plain-{len(whole)}").run(command)
        met = Met(folder / f"met-{number}")
        with canary() as (address, calls):
            if isinstance(how, str):
                # A list with such an entry makes the interpreter itself look here, for our first modules too, before
                # any line of ours.
                spared = early | {"api", "kb"} if what == "PYTHONPATH" else frozenset[str]()
                seen["things planted"] += plant(met.folder / "here", met.marks, spared=spared)
                plant(met.folder / "full", met.marks, spared=spared)
                found = met.run(command, **{what: how.format(folder=met.folder / "full", canary=address)})
            else:
                seen["things planted"] += plant(met.folder / what, met.marks)
                found = met.run(command)
            wrong = met.wrong(calls, whole.get(command), found)
            if command[0] == "ingest" and found[0] != 0 and what != "archive":
                wrong.append(f"it did not come through: {found[1][-300:]}")
        lost += [f"{what}, {json.dumps(how)}: {one}" for one in wrong]
        if not wrong:
            shutil.rmtree(met.folder)
    return Tally(count, lost, seen)


ROWS = (
    Row(
        "S25", "planted modules, settings and variables", "nothing of a folder that is met is run or read as ours",
        "a command with everything planted in one of nine folders, or one variable set, beside `test_planted_modules`",
        len(TRIES), 6, 16, planted,
    ),
)  # fmt: skip
