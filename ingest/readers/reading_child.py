"""The process that reads one file after another for ``ingest.readers.isolate``; started with ``python -m``.

Owns its own limits: memory by the kernel, processor time by a timer that ends it even when nobody is left to.
Takes a JSON line ``{"name", "media_type", "size"}``, with a "page" to have that drawn or "unpack" for what is attached,
and the bytes; answers with a line "LENGTH more" (or "last", before it ends) and JSON.
"""

import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from ingest.readers.dispatch import read_document, unpack
from ingest.readers.pdf.portable import WIDTH, draw_page
from ingest.readers.wire import attachments_to_json, extract_to_json, picture_to_json
from kb.records.errors import SourceError
from kb.records.messages import stored

# Above this the process ends after its answer and a fresh one is started: memory stays flat over an archive.
_TIRED_KILOBYTES = 320 * 1024


def main(megabytes: int, seconds: int) -> None:
    """Answer requests until the input closes."""
    # RLIMIT_DATA counts what is written to, not the libraries mapped in: this is the memory that a bomb takes.
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20, megabytes * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not speak on the wire
    _send(answers, b"", is_last=False)  # ready: what follows counts against the limit of time
    while header := requests.readline():
        request = json.loads(header)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        payload = _answer(requests.read(request["size"]), request).encode("utf-8", "surrogatepass")
        signal.setitimer(signal.ITIMER_PROF, 0)
        tired = _peak_kilobytes() > _TIRED_KILOBYTES
        _send(answers, payload, is_last=tired)
        if tired:
            return


def _peak_kilobytes() -> int:
    """The most memory this process has held.

    Not ``ru_maxrss``: Linux hands a child that of its parent, and under a parent that holds a model (800 MB)
    every child was tired after its first file (1.5 s a file against 0.02 s).
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    except (OSError, StopIteration, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _answer(data: bytes, request: dict[str, str]) -> str:
    try:
        if "page" in request:
            width = int(request.get("width") or WIDTH)
            return picture_to_json(draw_page(data, int(request["page"]), request["name"], width))
        if "unpack" in request:
            return attachments_to_json(unpack(data, request["media_type"], request["name"]))
        return extract_to_json(read_document(data, request["media_type"], request["name"]))
    except SourceError as error:
        return json.dumps({"thing": error.thing, "reason": stored(error.reason), "hint": stored(error.hint)})
    except MemoryError:
        return json.dumps({"memory": True})
    except Exception as error:  # noqa: BLE001 - a reader's unforeseen fault is a line of the report, not a crash
        return json.dumps({"fault": type(error).__name__})


def _send(answers: BinaryIO, payload: bytes, *, is_last: bool) -> None:
    answers.write(b"%d %s\n" % (len(payload), b"last" if is_last else b"more"))
    answers.write(payload)
    answers.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
