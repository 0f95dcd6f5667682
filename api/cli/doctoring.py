"""``kb doctor``: whether a base is whole, and the repair of what can be made again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options
from api.cli.output import out, print_json
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.errors import BaseError, ModelError, ReadOnlyError
from kb.store import Store

if TYPE_CHECKING:
    from kb.document import Passage
    from kb.ports import PassageVectors
    from kb.store.faults import Finding
    from kb.store.repairing import Repair


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
    """Check the file, words, vectors, spans, originals, jobs, permissions and the index. 1 when something is left.

    Without --fix nothing is changed. With it no document, and no original that a document has, is ever removed.

    Example: kb doctor --json
    """
    wiring = Wiring(Settings(), base)
    store = wiring.store()
    if store.read_only:
        if fix:
            raise ReadOnlyError(f"base {store.folder}", "can be read and not be changed", "Leave --fix out")
        store.close()
        store = Store.open(wiring.base, apart=True)
    findings = find_faults(store)
    if not fix:
        show_findings(findings, as_json)
        raise typer.Exit(1 if findings else 0)
    repairs, aside = _repaired(wiring, store, findings)
    left = find_faults(store)
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

    findings = check(store, lexical)
    try:
        return [*findings, *check_index(store, store.folder / "index")]
    except BaseError:
        if not findings:
            raise
        return findings  # what cannot be read is named among them


def _repaired(wiring: Wiring, store: Store, findings: Sequence[Finding]) -> tuple[list[Repair], str | None]:
    """What was done about each kind of fault, and where the copy of what was there before is."""
    from api.auth import utc_now
    from index import lexical
    from index.checking import remake_index
    from kb.store.faults import Fault
    from kb.store.repairing import Repair, Repairer

    def embed(passages: Sequence[Passage]) -> Sequence[PassageVectors]:
        return _vectors(wiring, store, passages)

    repairer = Repairer(store, lexical, embed, utc_now())
    repairs = repairer.repair(findings)
    if {Fault.INDEX, Fault.VECTORS} & {finding.kind for finding in findings}:
        try:
            vectors, removed = remake_index(store, store.folder / "index")
            repairs.append(Repair("vector index", True, f"made anew with {vectors} vectors, removed {removed} files"))
        except OSError as error:
            repairs.append(Repair("vector index", False, f"cannot be written ({error.strerror})"))
    return repairs, str(repairer.folder) if repairer.set_aside else None


def _vectors(wiring: Wiring, store: Store, passages: Sequence[Passage]) -> Sequence[PassageVectors]:
    """What the model of the base makes of these passages; ModelError where another model is set."""
    from ingest.embedding import embed

    stamp, embedder = store.stamp(), wiring.embedder
    if embedder.stamp != stamp:
        name = "no model" if stamp is None else stamp.name
        reason = f"base {store.folder} was built with {name}, and models never mix"
        raise ModelError(f"model {embedder.stamp.name}", reason, "Set KB_MODEL back, or: kb ingest --re-embed")
    return embed(embedder, passages)


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
