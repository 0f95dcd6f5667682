"""Records that were read once, kept while they do not change: a search reads the same few again and again.

Owns the bound and the moment of forgetting. Knows neither SQL nor what the records are.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key")
Record = TypeVar("Record")


class Remembered(Generic[Key, Record]):
    """At most ``most`` records by key, the least used forgotten first; all of them when the version changes."""

    def __init__(self, version: Callable[[], int], most: int) -> None:
        self._version = version
        self._most = most
        self._lock = threading.Lock()
        self._at = -1
        self._records: OrderedDict[Key, Record] = OrderedDict()

    def get(self, keys: Iterable[Key], read: Callable[[list[Key]], Mapping[Key, Record]]) -> dict[Key, Record]:
        """The records of these keys in their order, ``read`` being asked for those not at hand; unknown ones are left
        out."""
        # Taken before anything is read: a record may then be newer than its version, which only forgets it sooner.
        version = self._version()
        wanted = list(dict.fromkeys(keys))
        found = self._at_hand(wanted, version)
        missing = [key for key in wanted if key not in found]
        if missing:
            read_now = read(missing)
            self._keep(read_now, version)
            found |= read_now
        return {key: found[key] for key in wanted if key in found}

    def _at_hand(self, keys: Iterable[Key], version: int) -> dict[Key, Record]:
        with self._lock:
            if version != self._at:
                self._records.clear()
                self._at = version
            found = {key: self._records[key] for key in keys if key in self._records}
            for key in found:
                self._records.move_to_end(key)
            return found

    def _keep(self, read_now: Mapping[Key, Record], version: int) -> None:
        with self._lock:
            if version != self._at:
                return
            self._records.update(read_now)
            while len(self._records) > self._most:
                self._records.popitem(last=False)
