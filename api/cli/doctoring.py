"""``kb doctor``: whether a base is whole, and the repair of what can be made again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options
from api.cli.output import out, print_json
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.errors import BaseError, ModelError

if TYPE_CHECKING:
    from kb.document import Document, Passage
    from kb.ports import Embedder, FloatArray, ModelStamp, PassageVectors
    from kb.store import Store
    from kb.store.faults import Finding
    from kb.store.mending import Makers
    from kb.store.repairing import Repair


_LOOKS = 3
# Two runs of one model agree to .9999; another model's vectors of the same dimension have nothing in common.
_SAME = 0.99


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("doctor")(doctor)


def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", help="Repair what can be made again; a copy of what was there is set aside.")
    ] = False,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Check every value, words, vectors, spans, originals, jobs, permissions and the index. 1 when something is left.

    Without --fix nothing is changed. With it no document, and no original that a document has, is ever removed; a
    document with damaged rows is read again from its original.

    Example: kb doctor --json
    """
    wiring = Wiring(Settings(), base)
    store = wiring.store()
    findings = find_faults(store)
    if not fix:
        show_findings(findings, as_json)
        raise typer.Exit(1 if findings else 0)
    repairs, aside, left = _repaired(wiring, store, findings)
    if as_json:
        print_json({"repairs": repairs, "set_aside": aside, "left": left})
    else:
        _show_repairs(repairs, aside, left)
    raise typer.Exit(1 if left else 0)


def find_faults(store: Store) -> list[Finding]:
    """Every fault of an open base and of its saved index."""
    from index import lexical
    from index.checking import check_index
    from kb.store.checking import check

    findings = check(store, lexical, _token_bytes(store))
    try:
        return [*findings, *check_index(store, store.folder / "index")]
    except BaseError:
        if not findings:
            raise
        return findings  # what cannot be read is named among them


def _token_bytes(store: Store) -> int | None:
    """The bytes of one token of a passage, null where the model of the base makes none or is not known."""
    from index.token_space import load_token_space

    try:
        stamp = store.stamp()
    except BaseError:  # a finding of its own
        return None
    space = None if stamp is None else load_token_space(stamp)
    return None if space is None else space.kept


def _repaired(
    wiring: Wiring, store: Store, findings: Sequence[Finding]
) -> tuple[list[Repair], str | None, list[Finding]]:
    """What was done about each kind of fault, where the copy of what was there before is, and what is left.

    What is made again from a row can be told to be wrong only once that row is mended: so there is a second look, and
    a third.
    """
    from api.auth import utc_now

    now = utc_now()
    repairs: list[Repair] = []
    aside: str | None = None
    for _ in range(_LOOKS):
        some, place = _repaired_once(wiring, store, findings, now)
        known = {(one.thing, one.what) for one in repairs}
        repairs += [one for one in some if (one.thing, one.what) not in known]
        aside = aside or place
        before, findings = findings, find_faults(store)
        if not findings or list(findings) == list(before):
            break
    # What was refused and then done all the same, once something else was mended, is not said.
    done = {one.thing for one in repairs if one.done}
    return [one for one in repairs if one.done or one.thing not in done], aside, list(findings)


def _repaired_once(
    wiring: Wiring, store: Store, findings: Sequence[Finding], now: datetime
) -> tuple[list[Repair], str | None]:
    from index import lexical
    from index.checking import remake_index
    from kb.store.faults import Fault
    from kb.store.repairing import Repair, Repairer

    def embed(passages: Sequence[Passage]) -> Sequence[PassageVectors]:
        return _vectors(wiring, store, passages)

    repairer = Repairer(store, lexical, embed, now, _makers(wiring, store), _token_bytes(store))
    repairs = repairer.repair(findings)
    if {Fault.INDEX, Fault.VECTORS} & {finding.kind for finding in findings}:
        try:
            vectors, removed = remake_index(store, store.folder / "index")
            repairs.append(Repair("vector index", True, f"made anew with {vectors} vectors, removed {removed} files"))
        except OSError as error:
            repairs.append(Repair("vector index", False, f"cannot be written ({error.strerror})"))
    return repairs, str(repairer.folder) if repairer.set_aside else None


def _makers(wiring: Wiring, store: Store) -> Makers:
    """What reads a document again and tells whose a vector is."""
    from ingest.again import read_again
    from ingest.duplicates import fingerprint
    from kb.store import StoredFingerprint
    from kb.store.mending import Makers

    def print_of(document: Document) -> StoredFingerprint:
        made = fingerprint(document)
        return StoredFingerprint(made.document_id, made.sha256, made.words_key, made.runs, made.numbers)

    def model(passage: Passage, vector: FloatArray) -> ModelStamp | None:
        (own,) = wiring.embedder.encode_passages([passage.text])
        return wiring.embedder.stamp if own.shape == vector.shape and float(own @ vector) > _SAME else None

    def reread(source_id: str, original: bytes, known: Document | None, tried: bool) -> None:
        _same_model(wiring, store)
        read_again(wiring.pipeline(create=False, store=store), source_id, original, known, tried=tried)

    return Makers(print_of, model, reread)


def _vectors(wiring: Wiring, store: Store, passages: Sequence[Passage]) -> Sequence[PassageVectors]:
    """What the model of the base makes of these passages; ModelError where another model is set."""
    from ingest.embedding import embed

    return embed(_same_model(wiring, store), passages)


def _same_model(wiring: Wiring, store: Store) -> Embedder:
    """The model that is set; ModelError where the base was built with another."""
    stamp, embedder = store.stamp(), wiring.embedder
    if embedder.stamp != stamp:
        name = "no model" if stamp is None else stamp.name
        reason = f"base {store.folder} was built with {name}, and models never mix"
        raise ModelError(f"model {embedder.stamp.name}", reason, "Set KB_MODEL back, or: kb ingest --re-embed")
    return embedder


def show_findings(findings: Sequence[Finding], as_json: bool) -> None:
    """A line for each finding with its cure, then how many there are."""
    if as_json:
        print_json(findings)
        return
    for finding in findings:
        out.print(f"{finding.thing}: {finding.fault}. {finding.cure}", markup=False)
    out.print(f"{len(findings)} faults", markup=False)


def _show_repairs(repairs: Sequence[Repair], aside: str | None, left: Sequence[Finding]) -> None:
    for repair in repairs:
        out.print(f"{'repaired' if repair.done else 'refused':<9} {repair.thing}: {repair.what}", markup=False)
    if aside is not None:
        out.print(f"What was there before is in {aside}: remove it when all is well.", markup=False)
    out.print(f"{sum(repair.done for repair in repairs)} repaired, {len(left)} faults left", markup=False)
