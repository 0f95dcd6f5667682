"""``kb index``: the vector index, made equal to the base and written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.cli import options
from api.cli.output import out, print_json
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.records.errors import BaseError
from kb.records.messages import say

if TYPE_CHECKING:
    from index.vectors.sync import SyncReport


def index(base: options.BaseOption = None, as_json: options.JsonOption = False) -> None:
    """Make the vector index equal to the base and write it: after damage, or before a large base is first searched.

    Example: kb index --base my-base
    """
    wiring = Wiring(Settings(), base)
    keeper = wiring.whole_index(wiring.store())
    if keeper.fault is not None:
        raise BaseError(say("base", folder=keeper.folder.parent), keeper.fault)
    if not keeper.save():
        raise BaseError(
            say("index", folder=keeper.folder), say("cannot_be_written_here"), say("free_some_space_or_check")
        )
    _show(keeper.last_report, sum(map(keeper.index.count, keeper.index.languages())), as_json)


def _show(report: SyncReport, vectors: int, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    why = f" ({report.rebuilt})" if report.rebuilt else ""
    out.print(f"{vectors} vectors: {report.added} added, {report.removed} removed{why}", markup=False)
