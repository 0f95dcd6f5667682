"""The knowledge base on disk: one SQLite file and the original bytes."""

from kb.store.base import Store
from kb.store.entry import Entry, PassageIndexing, StoredFailure, StoredFingerprint

__all__ = ["Entry", "PassageIndexing", "Store", "StoredFailure", "StoredFingerprint"]
