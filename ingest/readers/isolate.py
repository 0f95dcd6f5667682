"""Reading in a process of its own, which can be killed: a hostile file costs a line of the report, no more.

Owns the child's life and the limits. Refuses to know formats: the child runs the readers.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from ingest.readers.extract import Extract
from ingest.readers.mail.mime import Attachment
from ingest.readers.signatures import PDF
from ingest.readers.wire import attachments_from_json, extract_from_json, picture_from_json
from kb.outside.processes import python_command, python_environment
from kb.records.errors import SourceError
from kb.records.messages import restored, say
from kb.records.ports import PagePicture

# The guarantee is 20 s and 512 MB a file; the rest is for starting again and for the program itself.
MAX_SECONDS = 15
_MAX_MEGABYTES = 448
# What a child waits for a processor is no file's fault, up to so many times its seconds in all: jobs of a server run
# only when nothing else wants to.
_PATIENCE = 10
# Importing the readers takes 1 s alone and several on a busy machine; it is no file's fault.
_START_SECONDS = 60
# Tries of a file whose reader was ended from outside: by somebody, or by a system that is short of memory, which a rest
# may help. Each try has a reader that has read nothing before.
_TRIES = 3
_REST_SECONDS = 1.0
_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT})
_LEAVING_SECONDS = 5.0
_MAX_ANSWER_BYTES = 256 * 2**20
_HINT = say("leave_the_file_out_or_save")
Made = TypeVar("Made")


class IsolatedReader:
    """Reads documents as ``read_document`` does, in a child process with limits on time and memory.

    Use as a context manager, or ``close`` it. The child is started at the first file and again after it was killed.
    """

    def __init__(self, seconds: int = MAX_SECONDS, megabytes: int = _MAX_MEGABYTES) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        self._child: subprocess.Popen[bytes] | None = None
        # The files that the child was given.
        self._read = 0
        # Seconds that the last file took, without those it waited for a processor.
        self._spent = 0.0
        # One file at a time: pages are drawn for several readers at once.
        self._lock = threading.Lock()

    def __enter__(self) -> IsolatedReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, if one runs."""
        if self._child is None:
            return
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._child = None

    def read(self, data: bytes, media_type: str, name: str) -> Extract:
        """The blocks of an original; raises SourceError, also when a limit was met or the reader crashed.

        A reader that is ended from outside while it reads is no file's fault: it gets a second try and a third.
        """
        return self._guarded(data, {"name": name, "media_type": media_type}, extract_from_json)

    def _guarded(self, data: bytes, request: dict[str, str | int], decoded: Callable[[bytes], Made]) -> Made:
        with self._lock:
            answer = self._answer(data, request)
            try:
                return decoded(answer)
            except (ValueError, KeyError, TypeError):
                raise self._refusal(answer, str(request["name"])) from None

    def _answer(self, data: bytes, request: dict[str, str | int]) -> bytes:
        """What the child answers, in as many tries as are due; it is ended where it went too far."""
        name = str(request["name"])
        ends: list[_End] = []
        while True:
            try:
                return self._asked(data, request, self._left(ends))
            except (BrokenPipeError, ConnectionError, EOFError) as error:
                ends.append(self._end())
                if self._is_due_again(ends):
                    time.sleep(_REST_SECONDS * (len(ends) - 1))
                    continue
                raise self._bad(name, ends) from error
            except TimeoutError as error:
                self.close()
                raise self._late(name) from error

    def _left(self, ends: list[_End]) -> float:
        """Seconds for the next try: a file that crashes its reader has no more for two tries than for one."""
        return self._seconds - sum(end.seconds for end in ends if not end.from_outside)

    def _end(self) -> _End:
        """How the child ended that gives no answer."""
        child, read = self._child, self._read
        try:
            code = child.wait(_LEAVING_SECONDS) if child is not None else 0
        except subprocess.TimeoutExpired:  # it lives and says too much, or no more
            code = 0
        self.close()
        return _End(code, read, self._spent)

    def _is_due_again(self, ends: list[_End]) -> bool:
        """Whether the file is tried again: ended from outside, or crashed where files before may be the reason."""
        last = ends[-1]
        if last.from_outside:
            return sum(end.from_outside for end in ends) < _TRIES
        return last.read > 1 and len(ends) < _TRIES

    def _bad(self, name: str, ends: list[_End]) -> SourceError:
        last = ends[-1]
        if last.from_outside:
            reason = say("its_reader_was_ended_from_outside", times=_TRIES, signal=-last.code)
            return SourceError(name, reason, say("ingest_it_again_the_system"))
        if last.code == -signal.SIGPROF:
            return self._late(name)
        if last.read == 0:
            reason = say("its_reader_did_not_start", status=last.code)
            return SourceError(name, reason, say("install_the_program_again_then_ingest"))
        return SourceError(name, say("crashed_its_reader_or_needs", megabytes=self._megabytes), _HINT)

    def _late(self, name: str) -> SourceError:
        return SourceError(name, say("was_not_read_within_s", seconds=self._seconds), _HINT)

    def unpack(self, data: bytes, media_type: str, name: str) -> tuple[Attachment, ...]:
        """The files attached to a mail, in order; raises SourceError as reading."""
        request: dict[str, str | int] = {"name": name, "media_type": media_type, "unpack": 1}
        return self._guarded(data, request, attachments_from_json)

    def draw(self, data: bytes, page: int, name: str, *, width: int | None = None) -> PagePicture:
        """The page (counted from 1) of a PDF as a picture, so wide in pixels at most; raises SourceError as reading."""
        request: dict[str, str | int] = {"name": name, "media_type": PDF, "page": page, "width": width or 0}
        return self._guarded(data, request, picture_from_json)

    def _refusal(self, answer: bytes, name: str) -> SourceError:
        """The child's reason for having no extract."""
        try:
            fields = json.loads(answer)
        except ValueError:
            fields = {"fault": "answer"}
        if fields.get("memory"):
            self.close()
            return SourceError(name, say("needs_more_than_mb", megabytes=self._megabytes), _HINT)
        if "reason" in fields:
            return SourceError(name, restored(fields["reason"]), restored(fields.get("hint", "")))
        return SourceError(name, say("cannot_be_read", error=fields.get("fault", "unknown fault")), _HINT)

    def _asked(self, data: bytes, request: dict[str, str | int], seconds: float) -> bytes:
        child = self._running_child()
        self._spent = 0.0
        if child.stdin is None or child.stdout is None:
            raise EOFError
        self._read += 1
        child.stdin.write(json.dumps({**request, "size": len(data)}).encode() + b"\n" + data)
        child.stdin.flush()
        clock = _Time(child.pid, seconds)
        try:
            answer, is_last = _received(child.stdout.fileno(), clock.left)
        finally:
            self._spent = seconds - clock.left()
        if is_last:
            self.close()
        return answer

    def _running_child(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._read = 0
            command = python_command("ingest.readers.reading_child", str(self._megabytes), str(self._seconds + 5))
            self._child = subprocess.Popen(  # noqa: S603 - our own module by our own interpreter
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=python_environment(),
                cwd=os.sep,  # it is given bytes: no file that a library looks for by itself is an archive's
            )
            if self._child.stdout is not None:
                _received(self._child.stdout.fileno(), _Time(self._child.pid, _START_SECONDS).left)
        return self._child


@dataclass(frozen=True, slots=True)
class _End:
    """How a child ended: its exit code (a signal as a negative number), how many files it had been given, and the
    seconds that it spent on the last."""

    code: int
    read: int
    seconds: float

    @property
    def from_outside(self) -> bool:
        return -self.code in _OUTSIDE


class _Time:
    """What is left of the seconds of a child: those it waited for a processor do not count, within ``_PATIENCE``."""

    def __init__(self, process: int, seconds: float) -> None:
        self._process = process
        self._seconds = seconds
        self._started = time.monotonic()
        self._waited = _waited(process)

    def left(self) -> float:
        """Seconds; none are left at 0 and below."""
        passed = time.monotonic() - self._started
        waited = max(0.0, _waited(self._process) - self._waited)
        return min(self._seconds - (passed - waited), _PATIENCE * self._seconds - passed)


def _waited(process: int) -> float:
    """Seconds that a process was ready to run and did not; 0 where the system does not say (it does on Linux)."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _received(pipe: int, seconds_left: Callable[[], float]) -> tuple[bytes, bool]:
    """The child's answer and whether it was its last.

    Raises TimeoutError when no seconds are left and EOFError when the child ended.
    """
    received = bytearray()
    wanted = -1
    state = b""
    while wanted < 0 or len(received) < wanted:
        left = seconds_left()
        if left <= 0:
            raise TimeoutError
        if not select.select([pipe], [], [], left)[0]:
            continue
        piece = os.read(pipe, 1 << 20)
        if not piece:
            raise EOFError
        received += piece
        if wanted < 0 and b"\n" in received:
            header, _, rest = bytes(received).partition(b"\n")
            length, _, state = header.partition(b" ")
            wanted, received = int(length), bytearray(rest)
        if max(len(received), wanted) > _MAX_ANSWER_BYTES:
            raise EOFError
    return bytes(received), state == b"last"
