"""The process that runs a server's jobs: ``python -m api.cli.job_process [BASE]``, started by ``api.jobs.apart``.

It lives as long as its standard input is open, so a server that is killed leaves no process behind; a line there
says that a job was queued. Everything else it learns from the base. On its standard output it says, a line of JSON each
time, why it runs no jobs (null when all is well), and it ends when the thread that runs them has.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.cli.wiring import Wiring
    from api.jobs.runner import JobRunner
    from kb.store import Store

_NICENESS = 19


def main(base: Path | None) -> None:
    """Run jobs of the base in a folder, or of the one that is set, until standard input ends, or until told to stop."""
    _step_back()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    from api.cli.wiring import Wiring
    from api.http.metrics import write_to_stderr
    from api.settings import Settings

    write_to_stderr()
    spoken = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # a library that prints must not speak there

    def tell(fault: str | None) -> None:
        with suppress(OSError):  # the server has ended, and so does this process
            spoken.write(f"{json.dumps(fault)}\n")

    wiring = Wiring(Settings(), base)
    store = wiring.store()
    runner = runner_of(wiring, store, tell)
    threading.excepthook = _end
    runner.start()
    tell(None)
    try:
        for _ in sys.stdin.buffer:
            runner.wake()
    finally:
        runner.stop()
        store.close()


def runner_of(wiring: Wiring, store: Store, tell: Callable[[str | None], None]) -> JobRunner:
    """The runner of a base's jobs: mails are taken apart where files are read; pictures are read, and addresses
    fetched, where that is set."""
    from api.jobs.runner import JobRunner
    from ingest.sources.pages import Fetcher
    from ingest.sources.sources import find_file

    find = partial(find_file, pictures=wiring.settings.ocr, unpack=wiring.reader.unpack)
    fetcher = Fetcher() if wiring.settings.network else None
    return JobRunner(store, lambda: wiring.pipeline(create=False, store=store), tell, find, fetcher)


def _step_back() -> None:
    """Take what the answers to people leave over: on Linux a processor is taken from this process at once when the
    server needs it, and half of them never see it; elsewhere it has the lowest priority.

    Two cores, three pairs of runs of ``bench.load``: on both cores a search ran 4.4 to 7.3 ms longer while documents
    came in, on one 2.0 to 4.1 ms, for the other core keeps what searches have in its caches. It costs an eighth of the
    speed.
    """
    os.nice(_NICENESS)
    if hasattr(os, "SCHED_IDLE"):
        with suppress(OSError):  # where a container forbids it
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
            processors = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(0, processors[len(processors) // 2 :])


def _end(fault: threading.ExceptHookArgs) -> None:
    """End with the thread that runs jobs: the server starts another process, and nothing is done twice."""
    threading.__excepthook__(fault)
    sys.stderr.flush()
    os._exit(1)


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
