"""What was acknowledged and is not in the base: found by comparing its tables with the file of what was acknowledged.

Changes nothing but what is done again without reading an original (sources, removals, jobs). Reading originals is the
business of whoever ingests.
"""

from collections.abc import Iterable, Iterator, Sequence

from kb.records.messages import say
from kb.store.base import DATABASE, Store
from kb.store.disk.acknowledged import Acknowledged, Change, Did, LedgerLine, claim_of, number_of
from kb.store.disk.originals import INCOMING
from kb.store.tables.cells import lenient
from kb.store.tables.steps import Sql
from kb.store.upkeep.checking_rows import AGAIN, BY_HAND, REPAIR, RESEND, StoreFault, StoreFinding

_IN_TABLES = ("document", "job")


def losses(store: Store) -> list[Change]:
    """The changes that were acknowledged and are not in the base, in their order; later ones that undo earlier ones are
    taken into account. Documents are compared by themselves, anything else by its number."""
    return _compared(store)[0]


def check_losses(store: Store) -> Iterator[StoreFinding]:
    """A finding for each loss; one for a count that is behind though nothing is missing, one for damaged lines."""
    lost, behind, damaged = _compared(store)
    for change in lost:
        yield StoreFinding(
            said_of(change), say("did_and_is_lost", did=change.did.said), _cure(store, change), StoreFault.LOSS
        )
    if behind > 0 and not lost:
        yield StoreFinding(say("the_database"), say("is_changes_behind_none", behind=behind), REPAIR, StoreFault.LOSS)
    if damaged:
        name = Acknowledged(store.folder / DATABASE).path.name
        yield StoreFinding(
            say("file", target=name), say("lines_cannot_be_read", count=damaged), REPAIR, StoreFault.LOSS
        )


def _compared(store: Store) -> tuple[list[Change], int, int]:
    """What is lost, how many changes the database is behind, and how many lines cannot be read: all of one moment."""
    acknowledged = Acknowledged(store.folder / DATABASE)
    with store._connections.write() as connection:  # nobody else commits, nor writes down what was committed
        lines = list(acknowledged.lines())
        number = number_of(connection)
        whole = [line for line in lines if line is not None]
        behind = (whole[-1].number if whole else 0) - number
        # A file that ends before the base does lacks what was committed since, removals too, until the next change
        # writes it anew: what it names and the base does not have may have been removed.
        lost = _not_in(connection, whole, number) if behind >= 0 else []
    return lost, behind, len(lines) - len(whole)


def said_of(change: Change) -> str:
    """How a change's thing is called: "document d… (report.pdf)"."""
    source = change.facts.get("source")
    return say("with_detail", first=change.thing, detail=source) if source else change.thing


def is_document(change: Change) -> bool:
    """Whether it is a document that was added, or corrected since: to be read again from its original."""
    return change.did in (Did.ADDED, Did.CORRECTED)


def do_again(store: Store, change: Change) -> str | None:
    """Do a change again, unless it needs an original, and say what was done; null where only a person can."""
    kind = change.thing.partition(" ")[0]
    if kind == "document" and change.did is Did.NAMED:
        if not store.is_current(change.id):
            return None
        store.add_alias(str(change.facts["source"]), change.id, claim_of(change))
        return say("named_again")
    if kind == "document" and change.did is Did.REMOVED:
        store.remove(change.id)
        return say("removed_again_as_was_acknowledged")
    if kind == "job":
        with store._connections.write() as connection:
            write_job(connection, change)
        return say("written_again")
    return None


def write_job(connection: Sql, change: Change) -> None:
    """The row of a job as it was acknowledged, in place of an older one."""
    query = (
        "INSERT INTO jobs (id, caller, state, record) VALUES (?1, ?2, json_extract(?3, '$.state'), ?3) "
        "ON CONFLICT (id) DO UPDATE SET state = excluded.state, record = excluded.record"
    )
    connection.execute(query, (change.id, str(change.facts.get("caller", "")), str(change.facts["record"])))


def net(lines: Iterable[LedgerLine]) -> list[Change]:
    """The changes that later ones leave standing, in their order."""
    last: dict[object, Change] = {}
    for line in lines:
        for change in line.changes:
            if change.thing.startswith("document") and change.did is Did.REMOVED:
                for key in [key for key, one in last.items() if one.thing == change.thing]:
                    del last[key]
            key = (change.thing, change.facts.get("source")) if change.did is Did.NAMED else _subject(change)
            caller = last[key].facts.get("caller") if key in last and change.thing.startswith("job") else None
            last.pop(key, None)
            last[key] = (
                change if caller is None else Change(change.thing, change.did, {"caller": caller, **change.facts})
            )
    return list(last.values())


def _subject(change: Change) -> object:
    """What a later change of the same subject takes the place of."""
    kind = change.thing.partition(" ")[0]
    return change.thing if kind in _IN_TABLES else (change.thing, change.did)


def _not_in(connection: Sql, lines: Sequence[LedgerLine], number: int) -> list[Change]:
    with lenient(connection):
        documents = {identity for (identity,) in connection.execute("SELECT id FROM documents")}
        aliases = dict(connection.execute("SELECT source_id, document_id FROM aliases").fetchall())
        jobs = dict(connection.execute("SELECT id, state FROM jobs").fetchall())
    late = {(change.thing, change.did) for line in lines if line.number > number for change in line.changes}
    lost = []
    for change in net(lines):
        is_late = (change.thing, change.did) in late
        kind = change.thing.partition(" ")[0]
        if kind == "document" and is_document(change):
            missing = change.id not in documents or (is_late and change.did is Did.CORRECTED)
        elif kind == "document" and change.did is Did.REMOVED:
            missing = is_late and change.id in documents
        elif kind == "document":
            missing = is_late and aliases.get(str(change.facts.get("source"))) != change.id
        elif kind == "job":
            ended = change.did is Did.ENDED
            missing = is_late and (change.id not in jobs or (ended and jobs[change.id] not in ("done", "failed")))
        else:
            missing = is_late
        if missing:
            lost.append(change)
    return lost


def _cure(store: Store, change: Change) -> str:
    if is_document(change):
        fault = store.fault_of_original(str(change.facts["sha256"]))
        return REPAIR if fault is None else say("its_original_then", fault=fault, again=AGAIN)
    if change.did is Did.QUEUED and not (store.folder / INCOMING / change.id).is_dir():
        return RESEND
    return REPAIR if change.thing.partition(" ")[0] in _IN_TABLES else BY_HAND
