"""``kb backup``, ``kb restore``, ``kb move``: copies of a base that can be trusted; ``kb index``: its vector index."""

from __future__ import annotations

import tempfile
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options
from api.cli.commands.doctoring import find_faults, show_findings
from api.cli.output import messages, out, print_json
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.records.errors import BaseError, InputError
from kb.records.messages import say
from kb.records.search import Filters, Query
from kb.store import Store
from kb.store.disk.copies import BackupReport
from kb.store.upkeep.backup import back_up
from kb.store.upkeep.backup import restore as restore_backup
from kb.store.upkeep.repairing import remember_backup

if TYPE_CHECKING:
    from api.service.knowledge_base import KnowledgeBase
    from index.vectors.sync import SyncReport

# A question is the beginning of a passage: all languages and kinds of text of a base are asked for.
_QUESTION_CHARACTERS = 200
_FIRST = 10


def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Copy the base into a new folder, also while it is served. 1 when originals are lost: it has all the rest.

    Example: kb backup backups/2026-11-21
    """
    wiring = Wiring(Settings(), base)
    wiring.require_folder("kb backup")
    store = wiring.store()
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
    wiring.require_folder("kb restore")
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


def move(
    source: Annotated[str, typer.Argument(metavar="FROM", help="A folder, or postgresql://USER@HOST:PORT/DATABASE.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="A new folder, or the address of an empty database.")],
    questions: Annotated[int, typer.Option(min=0, help="How many questions both bases are asked.")] = 60,
    as_json: options.JsonOption = False,
) -> None:
    """Copy a base and prove the copy: every row, original and upload by hash, and the same answers to questions of it.

    FROM stays as it is, brought forward where its format is older, and is not to be written meanwhile. A database keeps
    originals in its tables, or in the bucket that KB_ORIGINALS names. A password is better not typed here, where others
    may read it: PostgreSQL's own PGPASSWORD or ~/.pgpass is asked. 1 when an answer differs.

    Example: kb move kb-base moved
    """
    from kb.store.moving import move as copy

    if source == target:
        raise InputError("TO", say("names_the_same_base"), say("name_a_new_base"))
    with tempfile.TemporaryDirectory(prefix="kb-move-") as scratch:
        before = _wiring(source, Path(scratch) / "from", Settings(originals=None))
        after = _wiring(target, Path(scratch) / "to", Settings())
        with closing(before.store()) as old, closing(after.store(create=True)) as new:
            report = copy(old, new)
            asked = _questions(old, questions)
            for wiring, store in ((before, old), (after, new)) if asked else ():
                wiring.whole_index(store)  # to answer from a large base no other command waits for it
        differing = _differing(before.knowledge_base(), after.knowledge_base(), asked)
    rows = sum(table.rows for table in report.tables)
    if as_json:
        print_json({**asdict(report), "questions": len(asked), "differing": differing})
    else:
        out.print(
            f"moved {rows} rows, {report.originals} originals, {report.uploads} files of jobs: "
            f"the same by hash; {len(asked) - len(differing)} of {len(asked)} questions answered the same",
            markup=False,
        )
        for question in differing:
            out.print(f"differs: {question}", markup=False)
    raise typer.Exit(1 if differing else 0)


def _wiring(named: str, scratch: Path, settings: Settings) -> Wiring:
    """What opens the base of this name; of one in PostgreSQL the index is made in ``scratch``, and goes."""
    if "://" not in named:
        return Wiring(settings, Path(named))
    return Wiring(settings.model_copy(update={"base": scratch, "store": Settings(store=named).store}))


def _questions(store: Store, most: int) -> list[str]:
    """The beginnings of sentences of passages at even steps."""
    keys = list(store.vector_keys())
    chosen = keys[:: max(1, len(keys) // max(1, most))][:most]
    texts = [passage.text for passage in store.passages(chosen).values()]
    return [" ".join(text.split())[:_QUESTION_CHARACTERS] for text in texts]


def _differing(before: KnowledgeBase, after: KnowledgeBase, questions: list[str]) -> list[str]:
    """The questions to which the bases find other first hits or answer otherwise; BaseError where one cannot."""
    for base in (before, after):
        if questions and base.degraded() is not None:
            raise BaseError(base.name, base.degraded() or "", say("move_it_again"))
        if questions:
            base.warm_up()  # of a million passages one question after the other waited six seconds for its words
    return [one for one in questions if _said(before, one) != _said(after, one)]


def _said(base: KnowledgeBase, question: str) -> tuple[list[str], object]:
    hits = base.search(Query(question, Filters(), _FIRST)).hits
    return [hit.passage.id for hit in hits], base.answer(question, None, Filters())


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
