"""``kb stats``: the ledger of statistics on a terminal, as JSON, as CSV and as a workbook."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli import options
from api.cli.output import messages, print_json
from api.cli.shown.figures_shown import print_history, print_sentences, print_statistics
from api.cli.wiring import Wiring
from api.files.delimited import UTF8_MARK, Separators, delimited, parse_separators
from api.files.figure_rows import figure_rows
from api.service.asking.filters import FIGURES, FilterWords, make_statistic_query
from api.service.asking.names import read_order, read_wording
from api.service.asking.paging import Order
from api.service.knowledge_base import KnowledgeBase
from api.settings import Settings
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.search import StatisticQuery


@options.filtered_by(FIGURES)
def stats(
    words: FilterWords,
    query: Annotated[
        str | None, typer.Argument(help="What the figures should be about, in Spanish or English.")
    ] = None,
    order: Annotated[
        str | None,
        typer.Option(help="relevance, value, year, sample_size, source …; -value puts the greatest first."),
    ] = None,
    wording: options.WordingOption = None,
    sentences: Annotated[str | None, typer.Option(help="es or en: one sentence to copy for each figure.")] = None,
    csv: Annotated[str | None, typer.Option(metavar="FILE", help="All figures found as CSV; - is stdout.")] = None,
    separators: Annotated[
        str | None,
        typer.Option(help="Of the CSV: en is , and 0.5; es is ; and 0,5. Citations follow, in XLSX too. [default: en]"),
    ] = None,
    bom: Annotated[bool, typer.Option(help="Begin the CSV with the UTF-8 mark that spreadsheets look for.")] = False,
    xlsx: Annotated[Path | None, typer.Option(metavar="FILE", help="All figures found as a workbook.")] = None,
    claim: Annotated[
        str | None,
        typer.Option(metavar="ID", help="One figure: where it stands first, who repeats it, what each changed."),
    ] = None,
    limit: options.LimitOption = 20,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Statistics with what they say, who measured them, and the sentence they stand in.

    A figure that stands in several places comes once, with its other places. With words, figures too
    far from them are left out.

    Example: kb stats "personalización" --kind percent --min 0.5
    """
    if claim is not None:
        _tell_history(Wiring(Settings(), base).knowledge_base(), claim, as_json, options.wording_of(wording, query))
        return
    # Only the base knows its users' topics; other words are judged before it is opened.
    own = Wiring(Settings(), base).knowledge_base().own_topics() if words.get("topic") else ()
    asked = make_statistic_query(query, words, limit, own)
    wanted, shown_in = _order(order, asked), None if sentences is None else read_wording(sentences)
    language = options.wording_of(wording, query)
    marks = parse_separators(separators or "en")
    knowledge_base = Wiring(Settings(), base).knowledge_base()
    if csv is not None or xlsx is not None:
        _write(knowledge_base, asked, wanted, csv, xlsx, marks, UTF8_MARK if bom else "")
        return
    response = knowledge_base.statistics(asked, order=wanted)
    if as_json:
        print_json(response)
    elif shown_in is not None:
        print_sentences(response, shown_in)
    else:
        print_statistics(response, language)


def _tell_history(knowledge_base: KnowledgeBase, claim: str, as_json: bool, language: Language) -> None:
    history = knowledge_base.history(claim)
    print_json(history) if as_json else print_history(history, language)


def _order(name: str | None, asked: StatisticQuery) -> Order | None:
    if name is None:
        return None
    if name.strip().lower() != "relevance":
        return read_order(name)
    if asked.text is None:
        raise InputError(say("order_relevance"), say("needs_words_to_be_near"), say("write_them_kb_stats"))
    return None


def _write(
    base: KnowledgeBase,
    asked: StatisticQuery,
    order: Order | None,
    csv: str | None,
    xlsx: Path | None,
    separators: Separators,
    mark: str,
) -> None:
    """Write every figure that fulfils the query, whatever the limit, and say on stderr how many."""
    language = Language.ES if separators is Separators.ES else Language.EN
    rows = figure_rows(base.every_statistic(asked, order), language, base.public_url)
    if csv is not None:
        data = (mark + delimited(rows, separators)).encode("utf-8", "replace")
        if csv == "-":
            sys.stdout.buffer.write(data)
        else:
            _save(Path(csv), data)
    if xlsx is not None:
        from api.files.workbook import workbook

        _save(xlsx, workbook(rows))
    for path in (None if csv == "-" else csv, xlsx):
        if path is not None:
            messages.print(f"{len(rows)} figures in {path}", markup=False)


def _save(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InputError(
            say("file", target=path), say("cannot_be_written", error=error.strerror), say("choose_another")
        ) from error
