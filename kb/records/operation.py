"""Who may do what over HTTP: scopes and keys; jobs; webhooks and their deliveries. Knows no HTTP and
never holds a key's secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from kb.records.errors import member_of
from kb.records.messages import say
from kb.records.search import Filters


class Scope(Enum):
    """What a key may do; ``ADMIN`` stands for all of them and for removing documents."""

    READ = "read"
    INGEST = "ingest"
    EXPORT = "export"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret. Times are in UTC; ``expires`` and ``revoked`` are null while they do not apply.

    ``family`` is the id of the first of the keys that succeeded each other by rotation, null for that one itself.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None
    family: str | None = None

    def is_live(self, now: datetime) -> bool:
        """Whether the key opens anything at this time."""
        return self.revoked is None and (self.expires is None or now < self.expires)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who brings documents: ``owner`` is whose they are from then on (null: nobody's), ``is_admin`` whether they may
    replace what is somebody else's."""

    owner: str | None
    is_admin: bool = False

    @classmethod
    def of(cls, key: Key) -> Sender:
        """Whoever holds this key, or one that it succeeded."""
        return cls(key.family or key.id, Scope.ADMIN in key.scopes)

    def may_replace(self, owner: str | None) -> bool:
        """Whether documents of this owner may be replaced."""
        return self.is_admin or owner is None or owner == self.owner


# Whoever can start the program on the base.
OPERATOR = Sender("operator", is_admin=True)
NOBODY = Sender(None)


def allows(scopes: frozenset[Scope], needed: Scope) -> bool:
    """Whether someone with these scopes may do what needs ``needed``."""
    return needed in scopes or Scope.ADMIN in scopes


def parse_scope(name: str) -> Scope:
    """The scope of this name; raises InputError for any other."""
    return member_of(Scope, name.strip().lower(), say("scope", name=name))


class JobState(Enum):
    """Where a job stands. A job that was cut off goes back to ``QUEUED``; what it had done is not done twice."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class JobFile:
    """One file of a job: ``outcome`` is added, updated, unchanged, repaired, duplicate, skipped or failed, with the
    reason.

    ``note`` says what of it was left unread, ``look_at`` whether that is so much that a person should compare it with
    the original.
    """

    source_id: str
    outcome: str
    document_id: str | None = None
    passages: int = 0
    statistics: int = 0
    duplicate_of: str | None = None
    stage: str | None = None
    reason: str | None = None
    hint: str | None = None
    note: str | None = None
    look_at: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """An ingestion. ``total`` counts what was sent; archives, JSON lines and feeds may give more ``files`` than that.

    ``attempt`` counts how often it was started; ``error`` says why the whole job failed, else null. ``stage`` is what
    is being done ("fetching", "reading", "embedding", "writing") and ``working_on`` to which source; null when nothing
    is. ``cut_off`` names the source that was being ingested each time that the job was cut off, "" where none was.
    ``read`` counts the sources that this attempt began to read: they are embedded and written together, later.
    ``waiting`` says why a queued job that was started once is started later again, else null. ``cancelling`` is true
    once somebody asked for its end: what was read by then goes in, nothing more is begun.
    """

    id: str
    state: JobState
    created: datetime
    total: int
    started: datetime | None = None
    finished: datetime | None = None
    attempt: int = 0
    files: tuple[JobFile, ...] = ()
    error: str | None = None
    stage: str | None = None
    working_on: str | None = None
    cut_off: tuple[str, ...] = ()
    waiting: str | None = None
    read: int = 0
    cancelling: bool = False


class Event(Enum):
    """What a webhook is told: that a job has ended, or that a saved search has hits that were not there before."""

    JOB_FINISHED = "job.finished"
    SEARCH_MATCHED = "search.matched"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of events, without the secret that signs them.

    ``search_id`` null: of every job that ends. Otherwise: of new hits of that saved search, after a job.
    """

    id: str
    url: str
    created: datetime
    search_id: str | None = None

    @property
    def event(self) -> Event:
        """What it is told of."""
        return Event.JOB_FINISHED if self.search_id is None else Event.SEARCH_MATCHED


class DeliveryState(Enum):
    """Where a message stands. ``EMPTY`` is one that was not sent, for the saved search had no new hits."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: when, the status that came back or the reason why none did, and the milliseconds it took."""

    at: datetime
    status: int | None
    reason: str | None
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to a webhook, with every try so far; ``due`` is when the next one comes, null when none does."""

    id: str
    webhook_id: str
    event: Event
    created: datetime
    job_id: str
    state: DeliveryState = DeliveryState.WAITING
    due: datetime | None = None
    attempts: tuple[Attempt, ...] = ()


MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search to come back to. ``text`` null asks for everything that fulfils the filters.

    ``seen`` is the place in the base's order of addition up to which its hits were looked at; 0 is before all.
    """

    id: str
    name: str
    created: datetime
    text: str | None = None
    filters: Filters = field(default_factory=Filters)
    seen: int = 0
