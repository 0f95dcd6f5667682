"""Failures and kills at each call to the file system: open, write, sync, rename, link, remove, cut.

A small library that the dynamic linker puts before the system's (``shim.c``) counts the calls below a folder and lets
the k-th fail, or kills the process there, also in the middle of a write. ``python -m tests.torture.calls ACTION MODE
FOLDER START STEP`` does one action for k = START, START + STEP … until it comes through, and prints what was seen.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from kb.records.errors import KnowledgeBaseError
from tests.torture.actions import ACTIONS, EVERY, MIGRATIONS, Action
from tests.torture.killing import in_memory
from tests.torture.rows import NotHereError, Row, Tally

ROOT = Path(__file__).parents[2]
SHIM = ROOT / "build" / "torture" / "shim.so"
MODES = {"EIO": 1, "no space": 2, "dead disk": 3, "kill": 4, "kill in a write": 5}
FAILS, KILLS = ("EIO", "no space", "dead disk"), ("kill", "kill in a write")
DONE, REFUSED, BROKEN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Came:
    """How an action ended: its exit code or the signal, the calls that it made, and what it said."""

    code: int
    calls: int
    said: str


def shim() -> Path:
    """The library, compiled when it is not there; NotHereError without a compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if sys.platform != "linux" or compiler is None:
        raise NotHereError("no C compiler on Linux")
    source = Path(__file__).with_name("shim.c")
    if not SHIM.exists() or SHIM.stat().st_mtime < source.stat().st_mtime:
        SHIM.parent.mkdir(parents=True, exist_ok=True)
        made = SHIM.with_name(f"shim.{os.getpid()}.so")
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", made, source, "-ldl"], check=True)
        made.replace(SHIM)
    return SHIM


def came(action: Action, folder: Path, at: int, mode: int) -> Came:
    """Do the action in a fork whose calls below the folder are counted, with what happens at one of them."""
    library = ctypes.CDLL(None)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code, said = DONE, ""
        library.torture_arm(str(folder).encode(), at, mode)
        try:
            action.act(folder)
        except KnowledgeBaseError as error:
            code, said = REFUSED, f"{error} ({error.hint})" if error.hint else f"without a next step: {error}"
        except BaseException:  # noqa: BLE001 - told by the parent
            code, said = BROKEN, traceback.format_exc()
        calls = library.torture_disarm()
        os.write(writer, json.dumps([calls, said[-2000:]]).encode())
        os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read()
    calls, said = json.loads(told) if told else (0, "")
    return Came(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), calls, said)


def judged(action: Action, folder: Path, seen: Came, old: object, new: object) -> str:
    """What is wrong after the action; empty when it is the one or the other, as it was said, and can be done again."""
    if seen.code == BROKEN:
        return f"ended with an error of no name: {seen.said[-600:]}"
    if seen.code == REFUSED and seen.said.startswith("without a next step"):
        return seen.said
    try:
        found = action.look(folder)
        if found not in ([new] if seen.code == DONE else [old, new]):
            return f"neither as before nor as after (code {seen.code}, {seen.said}): {found}"[:1500]
        if found != new:
            action.clear(folder)
            action.act(folder)
            if action.look(folder) != new:
                return "done again it is not as it should be"
    except Exception:  # noqa: BLE001 - a base that cannot be used is what is looked for
        return f"cannot be used afterwards: {traceback.format_exc()[-900:]}"
    return ""


def every_call(name: str, mode: str, left: Path, start: int, step: int) -> dict[str, object]:
    """One action with a fault at each call in turn; what is wrong, and how each ended."""
    action, ends, lost = EVERY[name], Counter[str](), []
    with in_memory(left) as memory:
        template = memory / "template"
        template.mkdir()
        action.prepare(template)
        work = memory / "work"
        _anew(template, work)
        old = None if name in MIGRATIONS else action.look(work)
        _anew(template, work)
        whole = came(action, work, 0, 0)
        new = action.look(work)
        assert whole.code == DONE, whole.said
        for at in range(start, whole.calls + 1, step):
            _anew(template, work)
            seen = came(action, work, at, MODES[mode])
            wrong = judged(action, work, seen, old, new)
            if wrong:
                lost.append(f"{name}, {mode} at call {at} of {whole.calls}: {wrong}")
                shutil.copytree(work, left / f"call-{at}", dirs_exist_ok=True)
            ends["killed" if seen.code == -signal.SIGKILL else ("done", "refused", "broken")[seen.code]] += 1
    return {"tried": ends.total(), "lost": lost, "counted": ends}


def _anew(template: Path, work: Path) -> None:
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(template, work)


def ran(
    combinations: list[tuple[str, str]],
    begin: int,
    count: int,
    folder: Path,
    *,
    step: int = 1,
    first: int | None = None,
) -> Tally:
    """What came of some of these, a fault at every ``step``-th call; each in a process that has the library. ``first``
    is the call to begin with."""
    tried, lost, counted = 0, list[str](), Counter[str]()
    for name, mode in combinations[begin : begin + count]:
        # With a step, the first call is another in each of them.
        command = [
            sys.executable,
            "-m",
            "tests.torture.calls",
            name,
            mode,
            str(folder),
            str(first or 1 + begin % step),
            str(step),
        ]
        environment = {**os.environ, "LD_PRELOAD": str(shim()), "OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        (folder / "log.txt").write_text(done.stderr, encoding="utf-8")
        if done.returncode:
            raise AssertionError(f"{name}, {mode}: {done.stderr[-1500:]}")
        found = json.loads(done.stdout.splitlines()[-1])
        tried += found["tried"]
        lost += found["lost"]
        counted.update(found["counted"])
    return Tally(tried, lost, counted)


FAULTS = [(name, mode) for mode in FAILS for name in ACTIONS]
KILLED = [(name, mode) for mode in KILLS for name in ACTIONS if name not in ("add", "save the index")]
OLD_KILLED = [(name, mode) for mode in KILLS for name in MIGRATIONS]
OLD_TRIED = [(name, mode) for mode in MODES for name in MIGRATIONS]


def kills(start: int, count: int, folder: Path) -> Tally:
    """R4: killed at each call, the base is that of before or of after, and the action can be done again."""
    return ran(KILLED, start, count, folder)


def faults(start: int, count: int, folder: Path) -> Tally:
    """R8: each call fails, once or from then on: done or refused with a reason, never something in between."""
    return ran(FAULTS, start, count, folder)


def some_migrations(start: int, count: int, folder: Path) -> Tally:
    """R15: every old base is brought forward, killed or refused at every seventh call."""
    return ran(OLD_TRIED, start, count, folder, step=7)


def migrations(start: int, count: int, folder: Path) -> Tally:
    """R23: every old base, killed at every call and in every write."""
    return ran(OLD_KILLED, start, count, folder)


ROWS = (
    Row(
        "R4",
        "a kill while something is changed leaves the old or the new",
        "300 kills during remove, re-ingest, backup, restore, migrate, key rotation: old or new state only",
        "a SIGKILL before each call to the file system, and in the middle of each write; migrations are R23",
        len(KILLED), 2, 1, kills,
    ),
    Row(
        "R8",
        "the k-th call to the file system fails",
        "every k survived, 0 inconsistent",
        "each open, write, sync, rename, link, removal fails with EIO, with ENOSPC, and with all after it",
        len(FAULTS), 2, 1, faults,
    ),
    Row(
        "R15",
        "bases of every format there was are brought forward",
        "opened or migrated, 50 kills between steps, 0 lost",
        "a SIGKILL or a failure at every seventh call to the file system, each of nine old bases",
        len(OLD_TRIED), 2, 3, some_migrations,
    ),
    Row(
        "R23",
        "an upgrade from every released format under kills",
        "every old base, killed at every call: the old or the new format, whole, one copy of what was before",
        "a SIGKILL before each call to the file system, and in the middle of each write",
        len(OLD_KILLED), 0, 1, migrations,
    ),
)  # fmt: skip


if __name__ == "__main__":
    name, mode, left, start, step = sys.argv[1:]
    sys.stdout.write(json.dumps(every_call(name, mode, Path(left), int(start), int(step))) + "\n")
