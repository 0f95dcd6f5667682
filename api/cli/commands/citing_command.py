"""``kb cite``, ``kb verify``: quotes that can be printed, and their proof."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import options
from api.cli.output import messages, out, print_json, print_verification
from api.cli.wiring import Wiring
from api.service.asking.names import read_wording
from api.service.schemas import to_wire
from api.settings import Settings
from kb.citing.citation_words import Style, parse_style
from kb.records.errors import BaseError, InputError
from kb.records.messages import say
from kb.saved.pack_reading import read_pack, verify_pack
from kb.saved.parsing import parse_answer, read_answer_file
from kb.saved.verify import verify_answer

if TYPE_CHECKING:
    from api.service.verifying import VerifyResponse
    from kb.saved.verify import Report


def cite(
    ids: Annotated[list[str], typer.Argument(help="Ids of passages, statistics or documents.")],
    style: Annotated[
        str,
        typer.Option(help=f"{', '.join(one.value for one in Style)}.", autocompletion=options.styles),
    ] = "apa",
    language: Annotated[str, typer.Option(help="Wording: es or en.", autocompletion=options.wordings)] = "es",
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """The finished citation of each id, with the quote where there is one.

    Example: kb cite d0123456789abcdef --style mla --language en
    """
    wanted, wording = parse_style(style), read_wording(language)
    response = Wiring(Settings(), base).knowledge_base().cite(ids, wanted, wording)
    if as_json:
        print_json(response)
        return
    told: set[str] = set()
    for citation in response.citations:
        if not wanted.is_data or citation.entry not in told:
            out.print(citation.entry, markup=False)
        told.add(citation.entry)
        if citation.with_quote and not wanted.is_data:
            out.print(citation.with_quote, markup=False)
        if citation.corrected:
            when = citation.corrected.date().isoformat()
            messages.print(
                f"{citation.id}: its record was corrected on {when} (kb documents ID --record)", markup=False
            )
        if not citation.current:
            messages.print(f"{citation.id}: an older version; the base has a newer one of this source", markup=False)


def verify(
    file: Annotated[Path, typer.Argument(help="A saved answer (kb ask --json) or an evidence pack (.zip).")],
    source: Annotated[
        list[Path],
        typer.Option(
            "--source", help="Original files to read instead of a base, or of a pack's texts (several times)."
        ),
    ] = [],
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Judge every quote of a saved answer against its source, without any model.

    Example: kb verify answer.json --source study.pdf
    """
    if not file.is_file():
        raise InputError(str(file), say("there_is_no_such_file"), say("check_the_spelling"))
    report, problems, notes = _checked(file, _texts(source), base)
    ok = report.ok and not problems
    if as_json:
        wire = to_wire(report)
        print_json({"ok": ok, **wire, "problems": [*problems, *report.problems], "notes": list(notes)})
    else:
        print_verification(report, problems)
        for note in notes:
            messages.print(note, markup=False)
    if not ok:
        raise typer.Exit(1)


def _checked(
    file: Path, texts: Mapping[str, str], base: Path | None
) -> tuple[Report, tuple[str, ...], tuple[str, ...]]:
    """The report on an answer or a pack, what is wrong with the pack's files, and what was not looked at."""
    if _is_pack(file):
        pack = verify_pack(file, texts)
        return pack.report, pack.problems, _unused(texts, read_pack(file).saved)
    saved = read_answer_file(file)
    if texts:
        return verify_answer(saved, texts), (), _unused(texts, saved)
    checked = _from_base(saved, base)
    return checked.report, (), checked.notes


def _is_pack(file: Path) -> bool:
    """Whether the file is a pack, or the beginning of one."""
    with file.open("rb") as opened:
        begins = opened.read(2)
    return begins == b"PK" or zipfile.is_zipfile(file)


def _unused(texts: Mapping[str, str], saved: Mapping[str, Any]) -> tuple[str, ...]:
    """What is said of source files that no citation is of."""
    cited = {citation.sha256 for citation in parse_answer(saved).citations}
    left = [sha256 for sha256 in texts if sha256 not in cited]
    return tuple(f"the source file with the SHA-256 {sha256} is cited nowhere in this answer" for sha256 in left)


def _from_base(saved: Mapping[str, Any], base: Path | None) -> VerifyResponse:
    """The report from the base; where there is none, with what else can be read."""
    try:
        knowledge_base = Wiring(Settings(), base).knowledge_base()
    except BaseError as error:
        hint = say("or_name_the_originals", hint=error.hint)
        raise BaseError(error.thing, error.reason, hint) from None
    return knowledge_base.verify(saved)


def _texts(paths: list[Path]) -> Mapping[str, str]:
    """The canonical text of each source file, by the SHA-256 of its bytes."""
    from ingest.sources.sources import SourceFailure, find_sources
    from ingest.text.prepare import prepare

    texts = {}
    for found in find_sources(paths):
        if isinstance(found, SourceFailure):
            raise InputError(found.source_id, found.reason, found.hint or "")
        texts[found.sha256] = prepare(found).document.text
    return texts
