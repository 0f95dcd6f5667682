"""The process that runs a server's jobs: ``python -m api.cli.job_process BASE``, started by ``api.jobs_apart``.

It lives as long as its standard input is open, so a server that is killed leaves no process behind; a line there
says that a job was queued. Everything else it learns from the base.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

# Ingestion takes what the answers to people leave over.
_NICENESS = 15


def main(base: Path) -> None:
    """Run jobs until standard input ends, or until told to stop."""
    os.nice(_NICENESS)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    from api.cli.wiring import Wiring
    from api.jobs import JobRunner
    from api.logs import write_to_stderr
    from api.settings import Settings

    write_to_stderr()
    wiring = Wiring(Settings(), base)
    store = wiring.store()
    runner = JobRunner(store, lambda: wiring.pipeline(create=False, store=store))
    runner.start()
    try:
        for _ in sys.stdin.buffer:
            runner.wake()
    finally:
        runner.stop()
        store.close()


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
