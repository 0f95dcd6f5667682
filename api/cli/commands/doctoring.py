"""``kb doctor``: whether a base is whole, and the repair of what can be made again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options
from api.cli.bringing_back import NOT_MADE_AGAIN, bring_back, still_lost
from api.cli.bringing_back import rebuild as rebuild_base
from api.cli.output import messages, out, print_json
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.records.errors import BaseError, InputError, ModelError, ReadOnlyError
from kb.records.messages import say
from kb.store import Store
from kb.store.tables.steps import FORMAT
from kb.store.upkeep.mending import Repair

if TYPE_CHECKING:
    from ingest.recovering import MakePipeline
    from kb.records.document import Document, Passage
    from kb.records.ports import Embedder, FloatArray, ModelStamp, PassageVectors
    from kb.store.upkeep.checking_rows import StoreFinding
    from kb.store.upkeep.mending import Makers
    from kb.store.upkeep.repairing import Repairer


_LOOKS = 3
_OLDER = (
    f"This base is of an older format than {FORMAT}, and a copy of it was looked at. The next command that opens it "
    "brings it forward, and sets aside what it was before."
)
# Two runs of one model agree to .9999; another model's vectors of the same dimension have nothing in common.
_SAME = 0.99


def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", help="Repair what can be made again; a copy of what was there is set aside.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="With --fix: make a lost database again from the originals beside it.")
    ] = False,
    look_in: Annotated[
        list[Path] | None,
        typer.Option(
            "--from", help="With --fix: a backup or folder in which lost originals are looked for (several times)."
        ),
    ] = None,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Check every value, what was acknowledged, words, vectors, spans, originals, jobs and the index. 1 when something
    is left.

    Without --fix nothing is changed. With it no document, and no original that a document has, is ever removed,
    unless that was acknowledged before. A document with damaged rows is read again from its original. Lost originals
    are looked for in the backups that this base made.

    Example: kb doctor --json
    """
    if (rebuild or look_in) and not fix:
        raise InputError("--rebuild" if rebuild else "--from", say("changes_the_base"), say("say_so_kb_doctor_fix"))
    wiring = Wiring(Settings(), base)
    wiring.require_folder("kb doctor")
    if fix and Store.is_closed(wiring.base):
        raise ReadOnlyError(say("base", folder=wiring.base), say("can_be_read_and_not"), say("leave_fix_out"))
    made, replaced = _rebuilt(wiring) if rebuild else ([], None)
    older = Store.is_older(wiring.base)
    apart = Store.is_closed(wiring.base) or (older and not fix)  # a look changes nothing, the format neither
    store = Store.open(wiring.base, despite_loss=True, apart=apart)
    if older and not fix:
        messages.print(_OLDER, markup=False)
    findings = find_faults(store)
    if not fix:
        show_findings(findings, as_json)
        raise typer.Exit(1 if findings else 0)
    mended, aside = _mended(wiring, store, findings, look_in or [])
    repairs, aside = [*made, *mended], aside or replaced
    left = find_faults(store)
    if as_json:
        print_json({"repairs": repairs, "set_aside": aside, "left": left})
    else:
        _show_repairs(repairs, aside, left)
    if made:
        messages.print(f"Not made again: {NOT_MADE_AGAIN}", markup=False)
    # What was acknowledged and cannot be done again is named now, and then no longer part of the base.
    raise typer.Exit(1 if left or any(not repair.done for repair in repairs) else 0)


def _rebuilt(wiring: Wiring) -> tuple[list[Repair], str | None]:
    """What was made again, and where what lay in its place is."""
    from api.http.auth import utc_now
    from kb.store.upkeep.repairing import folder_aside

    aside = folder_aside(wiring.base, utc_now())
    repairs = rebuild_base(wiring.base, lambda store: _makes(wiring, store), aside)
    return repairs, str(aside) if aside.exists() else None


def _makes(wiring: Wiring, store: Store) -> MakePipeline:
    return lambda keep: wiring.pipeline(create=False, keep=keep, store=store)


def _mended(
    wiring: Wiring, store: Store, findings: Sequence[StoreFinding], look_in: Sequence[Path]
) -> tuple[list[Repair], str | None]:
    """What was lost brought back first, for the rest depends on it; then every other fault."""
    from api.http.auth import utc_now
    from index.search import lexical
    from kb.store.upkeep.checking_rows import StoreFault
    from kb.store.upkeep.repairing import Repairer, put_back

    makers = _makers(wiring, store)
    repairer = Repairer(
        store, lexical, partial(_vectors, wiring, store), utc_now(), makers, lambda: _token_bytes(store)
    )
    repairs: list[Repair] = []
    if lost := [finding for finding in findings if finding.kind is StoreFault.ORIGINAL]:
        documents = [finding.thing.removeprefix("document ") for finding in lost]
        repairs += put_back(store, documents, look_in)
    if rows := [finding for finding in findings if finding.kind is StoreFault.ROW]:
        repairs += repairer.repair(rows)
        findings = find_faults(store)
    if any(finding.kind is StoreFault.LOSS for finding in findings):
        repairer.set_aside_all()
        repairs += bring_back(store, _makes(wiring, store)) or [
            Repair(say("the_count_of_what_was_acknowledged"), True, say("set_right"))
        ]
    if not any(finding.kind is StoreFault.FILE for finding in findings):
        with suppress(BaseError):  # nothing of a base that cannot be written was mended
            store.settle(still_lost(store))
    if repairs:
        findings = find_faults(store)
    for _ in range(_LOOKS):  # what is made of a row can be told to be wrong only once that row is mended
        repairs += _repaired(store, repairer, findings)
        before, findings = findings, find_faults(store)
        if not findings or findings == before or not any(finding.kind.repairable for finding in findings):
            break
    return _said_once(repairs), str(repairer.folder) if repairer.set_aside else None


def _said_once(repairs: Sequence[Repair]) -> list[Repair]:
    """The repairs without what was refused and done all the same once something else was mended."""
    done = {one.thing for one in repairs if one.done}
    return [one for one in dict.fromkeys(repairs) if one.done or one.thing not in done]


def find_faults(store: Store) -> list[StoreFinding]:
    """Every fault of an open base and of its saved index."""
    from index.search import lexical
    from index.vectors.sync import check_index
    from kb.store.upkeep.checking import check

    findings = check(store, lexical, _token_bytes(store))
    try:
        return [*findings, *check_index(store, store.folder / "index")]
    except BaseError:
        if not findings:
            raise
        return findings  # what cannot be read is named among them


def _token_bytes(store: Store) -> int | None:
    """The bytes of one token of a passage, null where the model of the base makes none or is not known."""
    from index.model.token_space import load_token_space

    try:
        stamp = store.stamp()
    except BaseError:  # a finding of its own
        return None
    space = None if stamp is None else load_token_space(stamp)
    return None if space is None else space.kept


def _makers(wiring: Wiring, store: Store) -> Makers:
    """What reads a document again and tells whose a vector is."""
    from ingest.recovering import read_again
    from ingest.repeats.duplicates import fingerprint
    from kb.store.upkeep.mending import Makers

    def model(passage: Passage, vector: FloatArray) -> ModelStamp | None:
        (own,) = wiring.embedder.encode_passages([passage.text])
        return wiring.embedder.stamp if own.shape == vector.shape and float(own @ vector) > _SAME else None

    def reread(source_id: str, original: bytes, known: Document | None, tried: bool) -> None:
        _same_model(wiring, store)
        read_again(store, wiring.pipeline(create=False, store=store), source_id, original, known, tried=tried)

    return Makers(fingerprint, model, reread)


def _repaired(store: Store, repairer: Repairer, findings: Sequence[StoreFinding]) -> list[Repair]:
    """What was done about each kind of fault."""
    from index.vectors.sync import remake_index
    from kb.store.upkeep.checking_rows import StoreFault

    repairs = repairer.repair(findings)
    if {StoreFault.INDEX, StoreFault.VECTORS} & {finding.kind for finding in findings}:
        try:
            vectors, removed = remake_index(store, store.folder / "index")
            repairs.append(
                Repair(
                    say("vector_index"),
                    True,
                    say("made_anew_with_vectors_removed_files", vectors=vectors, files=removed),
                )
            )
        except OSError as error:
            repairs.append(Repair(say("vector_index"), False, say("cannot_be_written", error=error.strerror)))
    return repairs


def _vectors(wiring: Wiring, store: Store, passages: Sequence[Passage]) -> Sequence[PassageVectors]:
    """What the model of the base makes of these passages; ModelError where another model is set."""
    from ingest.entries import embed

    return embed(_same_model(wiring, store), passages)


def _same_model(wiring: Wiring, store: Store) -> Embedder:
    """The model that is set; ModelError where the base was built with another."""
    stamp, embedder = store.stamp(), wiring.embedder
    if embedder.stamp != stamp:
        name = "no model" if stamp is None else stamp.name
        reason = say("base_built_with_model", folder=store.folder, name=name)
        raise ModelError(say("model", stamp=embedder.stamp.name), reason, say("set_kb_model_back_or_ingest"))
    return embedder


def show_findings(findings: Sequence[StoreFinding], as_json: bool) -> None:
    """A line for each finding with its cure, then how many there are."""
    if as_json:
        print_json(findings)
        return
    for finding in findings:
        out.print(f"{finding.thing}: {finding.fault}. {finding.cure}", markup=False)
    out.print(f"{len(findings)} faults", markup=False)


def _show_repairs(repairs: Sequence[Repair], aside: str | None, left: Sequence[StoreFinding]) -> None:
    for repair in repairs:
        out.print(f"{'repaired' if repair.done else 'refused':<9} {repair.thing}: {repair.what}", markup=False)
    if aside is not None:
        out.print(f"What was there before is in {aside}: remove it when all is well.", markup=False)
    out.print(f"{sum(repair.done for repair in repairs)} repaired, {len(left)} faults left", markup=False)
