"""What is done to a base while the file system fails or the process is killed, and what may be seen afterwards."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from api.http.auth import rotate_key
from index.search import lexical
from index.vectors.sync import IndexKeeper
from ingest.entries import embed
from kb.records.errors import KnowledgeBaseError
from kb.store import Store
from kb.store.upkeep.backup import back_up, restore
from kb.store.upkeep.checking import check
from kb.store.upkeep.checking_rows import StoreFault
from kb.store.upkeep.repairing import Repairer
from tests.fakes import FakeEmbedder
from tests.kb.test_migrating import OLD, format_in, ids, old_base
from tests.torture.clock import NOW
from tests.torture.notes import KEY, corrected, made, note, pipeline_of, state

# What a process that was killed may leave, and the next one or the doctor takes away.
LITTER = {StoreFault.TEMPORARY, StoreFault.STRAY_ORIGINAL}


@dataclass(frozen=True, slots=True)
class Action:
    """Something that is done in a folder that holds a base. ``look`` gives what must be that of before or of after."""

    prepare: Callable[[Path], object]
    act: Callable[[Path], None]
    look: Callable[[Path], object]
    clear: Callable[[Path], None] = lambda folder: None


def look(folder: Path) -> object:
    """All that the base holds, and what the doctor says of it but for litter."""
    return _look_at(folder / "base")


def _look_at(base: Path) -> object:
    store = Store.open(base)
    try:
        return state(store), sorted({one.kind.name for one in check(store, lexical) if one.kind not in LITTER})
    finally:
        store.close()


def _sound(folder: Path) -> None:
    made(folder / "base")


def _with(act: Callable[[Store], object]) -> Callable[[Path], None]:
    def run(folder: Path) -> None:
        store = Store.open(folder / "base")
        try:
            act(store)
        finally:
            store.close()

    return run


def _add(store: Store) -> None:
    _ended(store, note(90))


def _update(store: Store) -> None:
    _ended(store, note(1, more=" Más se dijo después."))


def _ended(store: Store, source: object) -> None:
    """Ingest; a line that says failed is an error here, as it is a refusal to whoever asked."""
    (line,) = pipeline_of(store).run([source]).files  # type: ignore[list-item]
    if line.outcome.value == "failed":
        raise KnowledgeBaseError(line.source_id, line.reason or "", line.hint or "")


def _remove(store: Store) -> None:
    if any(one.source_id == note(4).source_id for one in store.documents()):
        store.remove(next(one.id for one in store.documents() if one.source_id == note(4).source_id))


def _correct(store: Store) -> None:
    document = next(one for one in store.documents() if one.source_id == note(5).source_id)
    if document.title != "Otro título":
        corrected(store, document, "Otro título")


def _rotate(store: Store) -> None:
    if len(store.keys.all()) == 1:
        rotate_key(store.keys, KEY.id)


# -- backup and restore ----------------------------------------------------------------------


def _back_up(store: Store) -> None:
    report = back_up(store, store.folder.with_name("copy"))
    for lacking in report.lacking:  # it is said, and such a copy is not kept here
        shutil.rmtree(store.folder.with_name("copy"), ignore_errors=True)
        raise KnowledgeBaseError(lacking.sha256, lacking.reason, "Back up again")


def _look_at_copy(folder: Path) -> object:
    """The base, and what the backup makes when it is one."""
    new = folder / "from-copy"
    shutil.rmtree(new, ignore_errors=True)
    try:
        restore(folder / "copy", new)
    except KnowledgeBaseError:
        return look(folder), None
    return look(folder), _look_at(new)


def _backed_up(folder: Path) -> None:
    _sound(folder)
    _with(_back_up)(folder)


def _restore(folder: Path) -> None:
    restore(folder / "copy", folder / "new")


def _look_at_new(folder: Path) -> object:
    return _look_at(folder / "new") if (folder / "new").exists() and any((folder / "new").iterdir()) else None


def _gone(name: str) -> Callable[[Path], None]:
    return lambda folder: shutil.rmtree(folder / name, ignore_errors=True)


# -- what is derived, and old formats --------------------------------------------------------


def _without_words(folder: Path) -> None:
    _sound(folder)
    with closing(sqlite3.connect(folder / "base" / "kb.sqlite", isolation_level=None)) as connection:
        connection.execute("DELETE FROM words_es")


def _mend(store: Store) -> None:
    repairs = Repairer(store, lexical, lambda passages: embed(FakeEmbedder(), passages), NOW).repair(
        check(store, lexical)
    )
    for refused in (one for one in repairs if not one.done):
        raise KnowledgeBaseError(refused.thing, refused.what, "Try again")


def _index(store: Store) -> None:
    IndexKeeper(store, store.folder / "index").save()


def _look_at_index(folder: Path) -> object:
    store = Store.open(folder / "base")
    try:
        keeper = IndexKeeper(store, store.folder / "index")
        return keeper.fault, keeper.index.keys() == store.vector_keys()
    finally:
        store.close()


def _old(name: str) -> Action:
    """Opening a base of an older format: the newest, whole, with one copy of what was before."""

    def look_at(folder: Path) -> object:
        found = look(folder)
        copies = sorted((folder / "base" / "set-aside").iterdir())
        return found, ids(folder / "base"), [format_in(copy) for copy in copies], format_in(folder / "base")

    return Action(lambda folder: old_base(name, folder / "base"), _with(lambda store: None), look_at)


ACTIONS = {
    "add": Action(_sound, _with(_add), look),
    "update": Action(_sound, _with(_update), look),
    "correct": Action(_sound, _with(_correct), look),
    "remove": Action(_sound, _with(_remove), look),
    "rotate a key": Action(_sound, _with(_rotate), look),
    "back up": Action(_sound, _with(_back_up), _look_at_copy, _gone("copy")),
    "restore": Action(_backed_up, _restore, _look_at_new, _gone("new")),
    "mend": Action(_without_words, _with(_mend), look),
    "save the index": Action(_sound, _with(_index), _look_at_index),
}
MIGRATIONS = {name: _old(name) for name in OLD}
EVERY = ACTIONS | MIGRATIONS
