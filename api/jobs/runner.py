"""The job runner: takes in what was sent, keeps it on disk until it is ingested, and does one job at a time.

Beside the command line the only part of the doors that knows ingestion. An acknowledged job survives
a kill: its files lie in ``incoming`` and its row says that it is not done. A row that cannot be read is kept beside the
base, and replaced by a job that can be run or told of.
"""

import contextlib
import io
import logging
import os
import secrets
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from api.http.auth import sender_of, utc_now
from api.jobs.apart import BUSY, FULL, Delays, delay_after
from api.jobs.intake import ADDRESS, Inbox
from ingest.pipeline import Pipeline
from ingest.sources.libraries import is_library, sent_libraries
from ingest.sources.pages import Fetcher, find_sent
from ingest.sources.places import sent_place
from ingest.sources.report import FileReport, Stage
from ingest.sources.sources import SourceFailure, SourceFile, find_file
from kb.records.errors import BaseError, KnowledgeBaseError, NotFoundError, TakenError
from kb.records.likeness import like
from kb.records.messages import say
from kb.records.operation import Job, JobFile, JobState, Sender
from kb.store import Store
from kb.store.disk.originals import LEFT_OVER_SECONDS, LOCK, SET_ASIDE
from kb.store.disk.space import cannot_write, disk_time, is_full, make_folder, sync, write_synced
from kb.store.operation.jobs import RENEWED_SECONDS, UnreadableJob

_POLL_SECONDS = 1.0
# How often jobs of workers that have died are looked for, where new ones are told of.
_LEFT_SECONDS = 5.0
# What a job is at while a page comes; the pipeline names the other stages.
_FETCHING = "fetching"
# A source at which the runner was cut off so often is given up: it may be what ends it, or what it never ends.
_CUT_OFFS = 5
# How often a job is tried that the base stops (another program holds it, say); a full disk is waited for.
_TRIES = 6
# So many failures in a row are none that passes, such as another program that holds the base for a while.
_FEW = 3
# Longer than any client that lost an answer goes on asking.
_REPLIES_LIVE = timedelta(days=7)
_log = logging.getLogger("kb.jobs")


class JobRunner(Inbox):
    """Runs the jobs of a base in a thread of its own, one at a time.

    Of several on a base in a folder only one does; on a shared one each takes jobs of its own, and says again and again
    that it lives: what a dead one had is taken by another.

    ``tell`` hears of every change of ``fault``; ``find`` makes the sources of a file that was sent; ``fetcher`` fetches
    the pages whose addresses were sent (null: each is refused).
    """

    def __init__(
        self,
        store: Store,
        make_pipeline: Callable[[], Pipeline],
        tell: Callable[[str | None], None] = lambda fault: None,
        find: Callable[..., Iterator[SourceFile | SourceFailure]] = find_file,
        fetcher: Fetcher | None = None,
    ) -> None:
        super().__init__(store)
        self._make_pipeline = make_pipeline
        self._find = find
        self._fetcher = fetcher
        self._pipeline: Pipeline | None = None
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._jobs = store.jobs.of(secrets.token_hex(8)) if store.shared else store.jobs
        self._place = None if store.shared else store.place(LOCK)
        self._in_order = False
        self._delays = Delays()
        self._owed: tuple[str, str] | None = None
        self._fault: str | None = None
        self._tell = tell

    def wake(self) -> None:
        """Say that a job was queued."""
        self._wake.set()

    def start(self) -> None:
        """Begin to run jobs, first those that were cut off; on a base that can only be read there is nothing to run."""
        if self._store.read_only:
            return
        self._stopping.clear()
        self._thread = threading.Thread(target=self._guarded, name="kb-jobs", daemon=True)
        self._thread.start()
        if self._store.shared:
            told = (self.wake, self._stopping)
            threading.Thread(target=self._store.listen, args=told, name="kb-jobs-told", daemon=True).start()
            threading.Thread(target=self._live, name="kb-jobs-alive", daemon=True).start()

    def fault(self) -> str | None:
        """Why no job runs though some may wait, null when nothing is wrong."""
        return self._fault

    def stop(self, seconds: float = 20.0) -> None:
        """Finish the file in hand, put the rest of the job back, and end."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(seconds)
            self._thread = None

    def _guarded(self) -> None:
        try:
            self._loop()
        except BaseException as error:
            self._say(f"the thread that runs jobs has ended ({type(error).__name__})")
            if self._place is not None:
                self._place.let_go()  # another server on this base may go on
            raise

    def _live(self) -> None:
        """Say again and again that this worker lives, for the jobs that it holds."""
        while not self._stopping.wait(RENEWED_SECONDS):
            try:
                self._jobs.renew()
            except BaseError as error:  # where it lasts the job is another's, and this one is told so
                _log.warning("the base could not be told that this worker lives", exc_info=error)

    def _say(self, fault: str | None) -> None:
        if fault != self._fault:
            self._fault = fault
            self._tell(fault)

    def _loop(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                ran = self._is_runner() and self._run_next()
            except BaseError as error:  # a full disk, say: nothing is lost, the job waits
                _log.error("jobs wait", exc_info=error)
                failures += 1
                if failures >= _FEW and not is_full(error):
                    self._say("the base cannot be written: the server's log has more")
            except Exception as error:  # noqa: BLE001 - nothing in the base may end the thread
                _log.error("jobs cannot be run", exc_info=error)
                self._say(f"jobs cannot be run ({type(error).__name__}): the server's log has more")
                failures += 1
            else:
                self._say(None)
                failures = 0
                if ran:
                    continue
            if failures:
                self._stopping.wait(delay_after(failures))
            else:
                self._wake.wait(_LEFT_SECONDS if self._store.shared else _POLL_SECONDS)
                self._wake.clear()
        self._let_go()

    def _is_runner(self) -> bool:
        """Whether this process runs the jobs of the base; what a runner before it left behind is put in order once."""
        if self._in_order and (self._place is None or self._place.taken):
            return True
        if self._place is not None and not self._place.held():
            return False
        self._jobs.put_back(cut_off=True)
        self._jobs.forget_replies(utc_now() - _REPLIES_LIVE)
        mend_jobs(self._store, self)
        self._sweep()
        self._in_order = True
        return True

    def _sweep(self) -> None:
        """Remove what nobody asked for in an hour: failed files, and those of requests that never became a job."""
        folders = [folder for folder in self._folder.glob("*") if folder.is_dir()]
        latest = disk_time(self._folder) - LEFT_OVER_SECONDS if folders else 0.0
        for folder in folders:
            if folder.stat().st_mtime < latest:
                try:
                    ended = self._store.jobs.get(folder.name).state.ended
                except NotFoundError:
                    ended = True
                if ended:
                    self.discard(folder.name)

    def _let_go(self) -> None:
        if self._place is not None and not self._place.taken:
            return
        with contextlib.suppress(BaseError):
            self._jobs.put_back()
        if self._place is not None:
            self._place.let_go()

    def _run_next(self) -> bool:
        jobs = self._jobs
        self._settle()
        if jobs.count(JobState.RUNNING):  # this thread runs none: the disk took not even the end of the last one
            jobs.put_back()
        job = jobs.take(utc_now(), self._delays.waiting())
        mend_jobs(self._store, self)
        if job is None:
            return False
        try:
            self._ingest(job)
        except TakenError as error:
            _log.warning("this worker was taken for dead", exc_info=error)
        except Exception as error:  # noqa: BLE001 - a job that fails must never end the runner
            with contextlib.suppress(TakenError):
                self._failed(job, error)
        else:
            self._delays.forget(job.id)
        return True

    def _settle(self) -> None:
        """Write that a job waits, which a full disk may not take at first."""
        if self._owed is not None:
            with contextlib.suppress(TakenError):
                self._jobs.put_off(*self._owed)
            self._owed = None

    def _failed(self, job: Job, error: Exception) -> None:
        """Put a job off that the base or its disk stopped; end any other as failed, and one that was stopped often."""
        full = is_full(error)
        if full or (isinstance(error, BaseError) and self._delays.tries(job.id) + 1 < _TRIES):
            _log.error("job %s waits", job.id, exc_info=error)
            self._delays.put_off(job.id)
            self._owed = job.id, FULL if full else BUSY
            self._settle()
            return
        _log.error("job %s failed", job.id, exc_info=error)
        self._delays.forget(job.id)
        reason = error.reason if isinstance(error, KnowledgeBaseError) else say("the_servers_log_has_more")
        self._end(job, say("thing_and_reason", first=type(error).__name__, then=reason))

    def _ingest(self, job: Job) -> None:
        if not job.files and not self.kept(job.id):  # nothing read is no success
            self._end(job, say("its_files_are_gone_send_them"))
            return
        if self._pipeline is None:
            self._pipeline = self._make_pipeline()

        def note(report: FileReport) -> None:
            self._jobs.note(job.id, _line(report))

        def begin(stage: Stage, source_id: str) -> None:
            self._jobs.begin(job.id, stage.value, source_id)

        sender = self._sender(job)
        self._pipeline.run(self._sources(job), on_file=note, on_stage=begin, sender=sender)
        if not self._stopping.is_set():
            failed = self._pipeline.failed_files
            self._end(job, None, [path for path in self.kept(job.id) if _place(sender, path) not in failed])

    def _sender(self, job: Job) -> Sender:
        return sender_of(self._store.keys, self._store.jobs.caller_of(job.id))

    def _sources(self, job: Job) -> Iterator[SourceFile | SourceFailure]:
        """The sources of a job, until the server stops or the job is cancelled: last those at which it was cut off
        before."""
        cut_off = Counter(job.cut_off)
        waiting: list[SourceFile | SourceFailure] = []
        for source in self._found(job):
            if self._stopping.is_set() or self._store.jobs.get(job.id).cancelling:
                return
            if cut_off[source.source_id]:
                waiting.append(source)
            else:
                yield source
        for source in sorted(waiting, key=lambda one: cut_off[one.source_id]):
            if self._stopping.is_set() or self._store.jobs.get(job.id).cancelling:
                return
            yield _given_up(source, cut_off[source.source_id]) if cut_off[source.source_id] >= _CUT_OFFS else source

    def _found(self, job: Job) -> Iterator[SourceFile | SourceFailure]:
        sender, kept = self._sender(job), self.kept(job.id)
        beside, faults = sent_libraries([path for path in kept if is_library(path.name)])
        yield from faults
        fetcher = self._fetcher and self._fetcher.for_a_job()
        for path in kept:
            if path.name == ADDRESS:
                self._jobs.begin(job.id, _FETCHING, _place(sender, path))
                yield from find_sent(path, fetcher)
            elif not is_library(path.name):
                yield from self._find(path, path.name, _place(sender, path), beside=beside)
        yield from beside.lines()

    def _end(self, job: Job, error: str | None, done: Sequence[Path] = ()) -> None:
        """Remove the job's files and end it; those that are not ``done`` stay a while, to be tried again."""
        self._jobs.hold(job.id)
        for path in done:
            shutil.rmtree(path.parent, ignore_errors=True)
        self._share(job.id)  # first: what is done is not to come back
        if self.kept(job.id):
            os.utime(self._folder / job.id)
        else:
            self.discard(job.id)
        self._jobs.finish(job.id, utc_now(), error)
        self._sweep()


def _place(sender: Sender, path: Path) -> str:
    """What stands for a file that was kept: its name among those of its sender, or the address that it holds."""
    return path.read_text(encoding="utf-8") if path.name == ADDRESS else sent_place(sender.owner, path.name)


def _given_up(source: SourceFile | SourceFailure, times: int) -> SourceFailure:
    reason = say("was_not_ingested_the_program_ended", times=times)
    hint = say("send_it_again_by_itself")
    return SourceFailure(source.source_id, "ingest", reason, hint, source.path, source.origin)


def _line(report: FileReport) -> JobFile:
    return like(JobFile, report, outcome=report.outcome.value)


LOST = say("its_record_in_the_base")


def mend_jobs(store: Store, inbox: Inbox) -> None:
    """Queue every job whose row was set aside again, or end it as failed when its files are gone; BaseError when the
    row cannot be kept first. For the only runner to call."""
    for row in store.jobs.set_aside():
        # An id that was damaged too must name no place outside the folder.
        kept = inbox.kept(row.id) if row.id.isalnum() else []
        name = _keep(store, row)
        now = utc_now()
        job = Job(row.id, JobState.QUEUED, now, len(kept))
        if not kept:
            job = Job(row.id, JobState.FAILED, now, 0, finished=now, error=LOST)
        store.jobs.replace_row(row.number, job)
        _log.error("job %r: its row was damaged, is kept in %s, and the job is %s", row.id, name, job.state.value)


def _keep(store: Store, row: UnreadableJob) -> str:
    folder = store.folder / SET_ASIDE
    path = folder / f"job-{row.number}.json"
    try:
        make_folder(folder)
        write_synced(path, io.BytesIO(row.record))
        sync(folder)
    except OSError as error:
        raise cannot_write(say("folder", parent=folder), error) from error
    return f"{SET_ASIDE}/{path.name}"
