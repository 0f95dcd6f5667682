"""``kb backup``, ``kb restore``: copies of a base that can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import options
from api.cli.doctoring import find_faults, show_findings
from api.cli.output import messages, out, print_json
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.store import Store
from kb.store.backup import BackupReport, back_up
from kb.store.backup import restore as restore_backup


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Copy the base into a new folder, also while it is served.

    Example: kb backup backups/2026-11-21
    """
    _show_report(back_up(Wiring(Settings(), base).store(), folder), f"backed up to {folder}", as_json)


def restore(
    folder: Annotated[Path, typer.Argument(help="The folder of a backup.")],
    verify: Annotated[bool, typer.Option("--verify", help="Check the restored base as kb doctor does.")] = False,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Make a new base of a backup; an existing base is never touched.

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


def _show_report(report: BackupReport, done: str, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    counts = f"{report.documents} documents, {report.passages} passages, {report.statistics} statistics"
    waiting = f", {report.waiting} jobs that wait" if report.waiting else ""
    out.print(f"{done}: {counts}, {report.originals} originals{waiting}", markup=False)
