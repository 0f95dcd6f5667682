"""Originals that are missing or were changed, looked for by their SHA-256: in backups and in folders that are named.

Whatever has another name or place is the same file when it has the same hash; nothing else is ever taken.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from kb.records.errors import KnowledgeBaseError
from kb.records.messages import say, told
from kb.store.base import Store
from kb.store.tables.cells import Cell, text
from kb.store.upkeep.mending import Repair

# Where the backups of a base were written is remembered for this many.
_REMEMBERED = 20
_PLACES = "backups"
_VALUE = Cell("meta", "value", text)


def remember_backup(store: Store, folder: Path) -> None:
    """Write down where a backup is; the oldest of many are forgotten."""
    places = [str(folder.resolve()), *(str(place) for place in _known_backups(store) if place != folder.resolve())]
    with store._connections.write() as connection:
        row = (_PLACES, json.dumps(places[:_REMEMBERED]))
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", row)


def _known_backups(store: Store) -> list[Path]:
    """Where the backups of this base were written, the newest first."""
    rows = store._all("SELECT value FROM meta WHERE key = ?", (_PLACES,), _VALUE)
    try:
        return [Path(place) for place in json.loads(rows[0][0])] if rows else []
    except (ValueError, TypeError):
        return []


def put_back(store: Store, documents: Collection[str], folders: Sequence[Path]) -> list[Repair]:
    """A line for each of these documents (ids) whose original was found in a backup of this base or below one of the
    folders, and is put back."""
    wanted = {document_id: store.document(document_id) for document_id in documents}
    repairs = []
    for identity, document in wanted.items():
        found = _found(document.sha256, [*_known_backups(store), *folders])
        if found is None:
            continue
        data, place = found
        thing = say("document_of_source", document=identity, source=document.source_id)
        try:
            store.put_back_original(data)
            repairs.append(Repair(thing, True, say("its_original_was_put_back", place=place)))
        except KnowledgeBaseError as error:
            repairs.append(Repair(thing, False, told(error)))
    return repairs


def _found(sha256: str, folders: Sequence[Path]) -> tuple[bytes, Path] | None:
    """The bytes with this hash and where they lie, first where a backup keeps them."""
    for folder in folders:
        for path in _candidates(sha256, folder):
            try:
                data = path.read_bytes()
            except OSError:
                continue
            if hashlib.sha256(data).hexdigest() == sha256:
                return data, path
    return None


def _candidates(sha256: str, folder: Path) -> Iterator[Path]:
    kept = folder / "originals" / sha256[:2] / sha256
    if (folder / "originals").is_dir():
        yield kept
        return
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file()) if folder.is_dir() else [folder]
