"""The named parts of a base, as the doors know them: what it holds (``Records``), who watches it, its jobs and keys.

The one place outside the rooms that run the base (jobs, command line) where the store's own parts have a name.
"""

from __future__ import annotations

from dataclasses import dataclass

from kb.store import Store
from kb.store.operation.jobs import Jobs
from kb.store.operation.keys import Keys
from kb.store.operation.replies import KeptReply
from kb.store.operation.webhooks import Outgoing, SavedSearches, Webhooks
from kb.store.reading import StoreReader as Records
from kb.store.sources import Sources

__all__ = ["Jobs", "KeptReply", "Keys", "Outgoing", "Records", "Sources", "Watching"]


@dataclass(frozen=True, slots=True)
class Watching:
    """Saved searches, and the webhooks that are told of them and of jobs."""

    searches: SavedSearches
    webhooks: Webhooks

    @classmethod
    def of(cls, store: Store) -> Watching:
        """Those of a base."""
        return cls(store.saved_searches, store.webhooks)
