"""Workers of Ray, on this machine or on a cluster: the one door to that library; and what they make ready ahead of
the pipeline.

Owns where workers run, what each is given, and that sources come back in their order whatever becomes of a worker.
Refuses to write: that is the run's, one document after another.
"""

import os
import secrets
import socket
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from ingest.entries import embed
from ingest.sources.sources import SourceFailure, SourceFile
from ingest.text.prepare import READING, Prepared, ReadDocument, prepare
from kb.outside.own_path import close_path
from kb.records.errors import InputError, KnowledgeBaseError, SourceError
from kb.records.messages import say
from kb.records.ports import Embedder, ModelStamp, PassageVectors

Found = SourceFile | SourceFailure


@dataclass(frozen=True, slots=True)
class WantedSource:
    """A source under its name in the base, the cleaning rules that take nothing out of it, and whether its passages are
    to be embedded."""

    source: SourceFile
    keep: frozenset[str]
    embedded: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A source as it was prepared, and the vectors of its passages in order with the model that made them (none and
    null where none were wanted)."""

    prepared: Prepared
    vectors: tuple[PassageVectors, ...]
    stamp: ModelStamp | None


Answer = Made | KnowledgeBaseError
"""What became of a source; an error is raised where the run comes to it."""


class Ahead(Protocol):
    """Has sources made by workers while the run writes those before them."""

    def over(self, found: Iterable[tuple[Found, WantedSource | None]]) -> Iterator[tuple[Found, Answer | None]]:
        """Every source in its order, with what was made of it; null where nothing was wanted."""
        ...


class Preparer:
    """Does what a worker does. The embedder is asked for at the first text."""

    def __init__(self, embedder: Callable[[], Embedder], read: ReadDocument) -> None:
        self._make_embedder = embedder
        self._embedder: Embedder | None = None
        self._read = read

    def made(self, wanted: Sequence[WantedSource]) -> list[Answer]:
        """What became of each source; the passages of all of them are embedded together."""
        prepared = [self._prepared(one) for one in wanted]
        try:
            return self._with_vectors(wanted, prepared)
        except KnowledgeBaseError as error:  # of the model: whichever of them the run comes to first says it
            return [error for _ in wanted]

    def _prepared(self, wanted: WantedSource) -> Prepared | KnowledgeBaseError:
        try:
            return prepare(wanted.source, keep=wanted.keep, read=self._read)
        except KnowledgeBaseError as error:
            return error

    def _with_vectors(
        self, wanted: Sequence[WantedSource], prepared: Sequence[Prepared | KnowledgeBaseError]
    ) -> list[Answer]:
        ready = [
            one.passages if isinstance(one, Prepared) and asked.embedded else ()
            for asked, one in zip(wanted, prepared, strict=True)
        ]
        passages = [passage for some in ready for passage in some]
        vectors: list[PassageVectors] = []
        stamp: ModelStamp | None = None
        if passages:
            if self._embedder is None:
                self._embedder = self._make_embedder()
            vectors, stamp = embed(self._embedder, passages), self._embedder.stamp
        answers: list[Answer] = []
        for one, some in zip(prepared, ready, strict=True):
            mine, vectors = vectors[: len(some)], vectors[len(some) :]
            answers.append(Made(one, tuple(mine), stamp if some else None) if isinstance(one, Prepared) else one)
        return answers


LOCAL = "local"
# A worker is given so many sources at once, whose short texts then share batches; what waits for its turn is bounded
# by the bytes, however many sources have nothing new.
_TOGETHER, _MET_TOGETHER, _BYTES_TOGETHER = 2, 64, 256 * 1024
# Sources in hand, in groups a worker: with fewer, workers wait for the one that has the longest document.
_GROUPS_AHEAD = 4
# A group whose worker was ended so often is named as failed: a source may be what ends them.
_TRIES = 16
_CONNECT_SECONDS, _START_SECONDS = 5, 300
_SHARED_BYTES = 512 * 2**20
_MOST_SAID = 200


@dataclass(slots=True)
class _Group:
    """Sources in their order, with what of them is wanted, and the answer that is awaited (null where nothing is)."""

    found: list[tuple[Found, WantedSource | None]] = field(default_factory=list)
    answer: Any = None

    @property
    def wanted(self) -> list[WantedSource]:
        return [wanted for _, wanted in self.found if wanted is not None]

    @property
    def is_full(self) -> bool:
        size = sum(len(one.data) for one, _ in self.found if isinstance(one, SourceFile))
        return len(self.wanted) >= _TOGETHER or len(self.found) >= _MET_TOGETHER or size >= _BYTES_TOGETHER


class RayWorker:
    """What runs in a process of Ray's: a ``Preparer`` that is made there."""

    def __init__(self, make: Callable[[], Preparer]) -> None:
        close_path()  # Ray adds the current folder to it
        self._preparer = make()

    def reading(self) -> str:
        """Which steps of reading this worker has."""
        return READING

    def made(self, wanted: list[WantedSource]) -> list[Answer]:
        """What became of each source."""
        return self._preparer.made(wanted)


@contextmanager
def workers_of_ray(address: str, count: int | None, make: Callable[[], Preparer]) -> Iterator[Ahead]:
    """So many workers (null: as many as there are processors) on this machine (``LOCAL``) or on the cluster at an
    address, until the end of the block. ``make`` makes what each does.

    InputError where Ray is not installed, cannot be reached, starts no worker, or has another version of this program.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if address == LOCAL:
        _keep_to_oneself()
    try:
        import ray
    except ImportError:
        raise InputError("--ray", say("needs_ray"), say("install_the_extra_ray")) from None
    with tempfile.TemporaryDirectory(prefix="kb-ray-", ignore_cleanup_errors=True) as folder:
        _begin(ray, address, count, folder)
        try:
            found = count or int(ray.cluster_resources().get("CPU", 1))
            kind = ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=_TRIES - 1)(RayWorker)
            workers = [kind.remote(make) for _ in range(found)]
            _wait_for_one(ray, address, workers)
            yield RayAhead(ray, workers)
        finally:
            ray.shutdown()


def _keep_to_oneself() -> None:
    """Have Ray listen on loopback alone (its name for that is of other systems), and to nobody but this program."""
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    os.environ["RAY_AUTH_MODE"], os.environ["RAY_AUTH_TOKEN"] = "token", secrets.token_hex(32)


def _begin(ray: Any, address: str, count: int | None, folder: str) -> None:
    """Begin a cluster of this machine alone, or join the one that is named."""
    settings: dict[str, Any] = {"address": address, "logging_level": "error", "log_to_driver": False}
    if address == LOCAL:
        settings |= {"num_cpus": count or len(os.sched_getaffinity(0)), "include_dashboard": False}
        settings |= {"object_store_memory": _SHARED_BYTES, "_temp_dir": folder}
    else:
        _reach(address)
    for last in (address != LOCAL, True):
        try:
            ray.init(**settings)
        except Exception as error:  # Ray's own words: it gave its processes 30 s, and the machine had more to do
            ray.shutdown()
            if last:
                raise _unreached(address, error) from error
        else:
            return


def _reach(address: str) -> None:
    """Nothing, where somebody listens; Ray itself tries for minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise InputError(f"--ray {address}", say("is_no_host_and_port"), say("start_ray_or_use_local"))
    try:
        socket.create_connection((host, int(port)), timeout=_CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise _unreached(address, error) from error


def _unreached(address: str, error: Exception) -> InputError:
    hint = say("do_without_ray" if address == LOCAL else "start_ray_or_use_local")
    return InputError(f"--ray {address}", say("ray_cannot_be_reached", error=_first_line(error)), hint)


def _wait_for_one(ray: Any, address: str, workers: list[Any]) -> None:
    """Nothing, once one of the workers lives and reads as this program does."""
    first = [worker.reading.remote() for worker in workers]
    ready, _ = ray.wait(first, num_returns=1, timeout=_START_SECONDS)
    named, same = f"--ray {address}", say("install_the_same_on_each_node")
    if not ready:
        raise InputError(named, say("no_worker_started", seconds=_START_SECONDS), say("look_at_ray_status"))
    try:
        reading = ray.get(ready[0])
    except ray.exceptions.RayError as error:
        raise InputError(named, say("its_workers_do_not_start", error=_first_line(error)), same) from error
    if reading != READING:
        raise InputError(named, say("its_workers_read_otherwise", found=reading, own=READING), same)


def _first_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[-1 if "Traceback" in str(error) else 0][:_MOST_SAID]


class RayAhead:
    """Sources made by workers, some groups ahead of the run. A group whose worker is ended is another try's."""

    def __init__(self, ray: Any, workers: list[Any]) -> None:
        self._ray = ray
        self._in_hand: list[list[Any]] = [[] for _ in workers]
        self._workers = workers

    def over(self, found: Iterable[tuple[Found, WantedSource | None]]) -> Iterator[tuple[Found, Answer | None]]:
        """Every source in its order, with what was made of it; null where nothing was wanted."""
        sent: deque[_Group] = deque()
        group = _Group()
        for one in found:
            group.found.append(one)
            if group.is_full:
                sent.append(self._sent(group))
                group = _Group()
            if len(sent) >= _GROUPS_AHEAD * len(self._workers):
                yield from self._received(sent.popleft())
        sent.append(self._sent(group))
        for one_sent in sent:
            yield from self._received(one_sent)

    def _sent(self, group: _Group) -> _Group:
        """The group, given to the worker that has the least in hand."""
        if not group.wanted:
            return group
        for place, mine in enumerate(self._in_hand):
            if mine:
                self._in_hand[place] = self._ray.wait(mine, num_returns=len(mine), timeout=0, fetch_local=False)[1]
        place = min(range(len(self._workers)), key=lambda one: len(self._in_hand[one]))
        group.answer = self._workers[place].made.remote(group.wanted)
        self._in_hand[place].append(group.answer)
        return group

    def _received(self, group: _Group) -> Iterator[tuple[Found, Answer | None]]:
        answers = iter(self._answers(group))
        for found, wanted in group.found:
            yield found, None if wanted is None else next(answers)

    def _answers(self, group: _Group) -> Iterable[Answer]:
        if group.answer is None:
            return ()
        try:
            answers: list[Answer] = self._ray.get(group.answer)
        except (self._ray.exceptions.RayActorError, self._ray.exceptions.OutOfMemoryError):
            reason, hint = say("its_worker_was_ended", times=_TRIES), say("ingest_it_alone_without_ray")
            return [SourceError(wanted.source.source_id, reason, hint) for wanted in group.wanted]
        return answers
