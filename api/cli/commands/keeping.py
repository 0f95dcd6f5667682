"""``kb backup``, ``kb restore``: copies of a base that can be trusted."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from api.cli import options
from api.cli.commands.doctoring import find_faults, show_findings
from api.cli.output import messages, out, print_json
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.records.errors import BaseError
from kb.store import Store
from kb.store.disk.copies import BackupReport
from kb.store.upkeep.backup import back_up
from kb.store.upkeep.lost_originals import remember_backup
from kb.store.upkeep.restoring import restore as restore_backup


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Copy the base into a new folder, also while it is served. 1 when originals are lost: it has all the rest.

    Example: kb backup backups/2026-11-21
    """
    store = Wiring(Settings(), base).store()
    report = back_up(store, folder)
    with suppress(BaseError):  # a base that cannot be written can be backed up
        remember_backup(store, folder)
    _show_report(report, f"backed up to {folder}", as_json)
    _end(report)


def restore(
    folder: Annotated[Path, typer.Argument(help="The folder of a backup.")],
    verify: Annotated[
        bool, typer.Option("--verify", help="Afterwards also look at all of it as kb doctor does.")
    ] = False,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Make a new base of a backup whose every file is as it was; an existing base is never touched. 1 when the backup
    lacks originals.

    Example: kb restore backups/2026-11-21 --base restored --verify
    """
    wiring = Wiring(Settings(), base)
    report = restore_backup(folder, wiring.base)
    findings = find_faults(Store.open(wiring.base)) if verify else []
    if findings:
        show_findings(findings, as_json)
        messages.print(f"{wiring.base} was made and is not whole: look at it, or restore another backup", markup=False)
        raise typer.Exit(1)
    _show_report(report, f"restored to {wiring.base}", as_json)
    _end(report)


def _show_report(report: BackupReport, done: str, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    counts = f"{report.documents} documents, {report.passages} passages, {report.statistics} statistics"
    waiting = f", {report.waiting} jobs that wait" if report.waiting else ""
    out.print(f"{done}: {counts}, {report.originals} originals{waiting}", markup=False)


def _end(report: BackupReport) -> None:
    """Name what a backup lacks; then it ends with 1."""
    for lack in report.lacking:
        messages.print(
            f"lacking: the original of {', '.join(lack.sources)}: {lack.reason} ({lack.sha256})", markup=False
        )
    if report.lacking:
        messages.print(
            "Ingest these sources again, or name where copies are (kb doctor --fix --from FOLDER); then: kb backup NEW",
            markup=False,
        )
        raise typer.Exit(1)
