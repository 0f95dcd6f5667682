"""What a webhook is, and what became of each message that was sent to it. Knows neither HTTP nor how it is signed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from kb.records.search import Filters


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
