"""Which source of the base a found one is, and the name it stands under.

Two places are two sources, whatever they are called: where a name is taken, more of the place is said before it. A
source that has moved is known again by its bytes and name, one that an earlier version brought by its name alone.
Writes nothing.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.sources.places import Origin, folded, is_gone
from kb.records.errors import SourceError
from kb.records.messages import say
from kb.records.operation import OPERATOR, Sender
from kb.records.source import Claim, KnownSource
from kb.store import Store

NOT_YOURS = say("was_brought_by_somebody_else")


@dataclass(frozen=True, slots=True)
class Claimed:
    """The claim of a found source on the base, and what is to be said of it, null where nothing is."""

    claim: Claim
    note: str | None = None


class Naming:
    """The claims of one run: a name that one of its sources took is taken, written or not."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sender = OPERATOR
        self._by_identity: dict[str, KnownSource] = {}
        self._by_name: dict[str, Claim] = {}

    def begin(self, sender: Sender) -> None:
        """Begin a run in which this sender brings everything."""
        self._sender = sender
        self._by_identity.clear()
        self._by_name.clear()

    def claim_of(self, source_id: str) -> Claim | None:
        """The claim that a source of this run made, by the name it got; null for one that has a name and no place."""
        claim = self._by_name.get(source_id)
        return None if claim is None or Origin.again(claim).is_nowhere else claim

    def claimed(self, wanted: str, origin: Origin, sha256: str | None) -> Claimed:
        """The claim of a source that would be called ``wanted``; ``sha256`` is null where it has no bytes to compare.

        Raises SourceError when the source is somebody else's.
        """
        found = self._found(wanted, origin, sha256)
        if not self._sender.may_replace(found.claim.source.owner):
            raise SourceError(wanted, NOT_YOURS, say("send_it_under_another_id"))
        source = replace(found.claim.source, owner=found.claim.source.owner or self._sender.owner)
        claim = replace(found.claim, source=source)
        self._by_identity[source.identity] = source
        self._by_name[source.source_id] = claim
        return replace(found, claim=claim)

    def _found(self, wanted: str, origin: Origin, sha256: str | None) -> Claimed:
        known = self._known(wanted, origin)
        if known is not None:
            return Claimed(Claim(known, origin.place, origin.file, folded(known.identity)))
        moved = None if origin.by_name or not _is_on_disk(origin.file) else self._moved(wanted, origin, sha256)
        if moved is not None:
            claim = _new(moved.source_id, origin, moved.owner)
            return Claimed(replace(claim, former=moved.identity), say("has_moved_here", identity=moved.identity))
        name = self._name_of_an_earlier_version(wanted, origin, sha256)
        if name is not None:
            return Claimed(_new(name, origin, None), self._note_on(name, sha256))
        return Claimed(_new(self._free_name(wanted, origin), origin, None))

    def _known(self, wanted: str, origin: Origin) -> KnownSource | None:
        """The source at this place; for what its sender named, the source of that name."""
        if origin.by_name:
            claim = self._by_name.get(wanted)
            return self._store.sources.named(wanted) if claim is None else claim.source
        return self._by_identity.get(origin.identity) or self._store.sources.known_as(origin.identity)

    def _moved(self, wanted: str, origin: Origin, sha256: str | None) -> KnownSource | None:
        """The source that this one was before its file was renamed in capitals or accents, or moved as it is."""
        for near in self._store.sources.like(folded(origin.identity)):
            if self._has_left(near):
                return near
        named = self._store.sources.named(wanted)
        if named is None or sha256 is None or not self._has_left(named):
            return None
        known = self._store.known(named.source_id)
        return named if known is not None and known[0] == sha256 else None

    def _has_left(self, source: KnownSource) -> bool:
        places = self._store.sources.places_of(source.source_id)
        here = [place for place in places if place.place == source.identity]
        return bool(here) and len(places) == 1 and _is_on_disk(here[0].file) and is_gone(here[0].file)

    def _name_of_an_earlier_version(self, wanted: str, origin: Origin, sha256: str | None) -> str | None:
        """The name, without a place, under which an earlier version brought this source, or null."""
        twin = None if sha256 is None else self._store.current_with_bytes(sha256)
        names = [wanted, unicodedata.normalize("NFD", wanted)]
        if twin is not None and origin.place.endswith(f"/{twin.source_id}"):
            names.insert(0, twin.source_id)
        for name in names:
            if not self._is_claimed(name) and self._store.sources.has_name(name):
                return name
        return None

    def _note_on(self, name: str, sha256: str | None) -> str | None:
        known = self._store.known(name)
        if sha256 is None or known is None or known[0] == sha256:
            return None
        return say("is_taken_for_a_new_version")

    def _free_name(self, wanted: str, origin: Origin) -> str:
        for name in _names(wanted, origin.place):
            if not self._is_claimed(name) and not self._store.sources.has_name(name):
                return name
        raise AssertionError("there is always another number")

    def _is_claimed(self, name: str) -> bool:
        return name in self._by_name or self._store.sources.named(name) is not None


def _is_on_disk(file: str) -> bool:
    return file.startswith("/")


def _new(name: str, origin: Origin, owner: str | None) -> Claim:
    source = KnownSource(origin.identity, name, owner)
    return Claim(source, origin.place, origin.file, folded(origin.identity))


def _names(wanted: str, place: str) -> Iterator[str]:
    """The name, then with ever more of the place before it, then with a number."""
    yield wanted
    parts = place.partition("upload:")[2].split("/") if place.startswith("upload:") else place.split("/")
    parts = [part for part in parts if part]
    for count in range(wanted.count("/") + 2, len(parts) + 1):
        yield "/".join(parts[-count:])
    number = 2
    while True:
        yield f"{wanted} ({number})"
        number += 1
