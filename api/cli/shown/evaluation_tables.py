"""The figures of ``kb evaluate`` for topics, statistics, main text, quotes and citations, for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.cli.output import messages, new_table, out, print_table
from index.evaluate.answers import AnswerCaseReport, AnswerFigures, chosen
from index.evaluate.citations import CitationFigures
from index.evaluate.evidence import EvidenceReport
from index.evaluate.extraction import ExtractionComparison, ExtractionFigures
from index.evaluate.figures.attributions import AttributionReport
from index.evaluate.figures.figure_cases import CaseReport, CaseScores
from index.evaluate.figures.figure_documents import DocumentReport
from index.evaluate.figures.statistic_scores import StatisticReport
from index.evaluate.judged import DetectionFigures, DraftFigures
from index.evaluate.manners import MannerFigures
from index.evaluate.measures import Figures
from index.evaluate.quotes.verify import VerifyFigures
from index.evaluate.retrieval import RetrievalReport
from index.evaluate.topics import TopicReport
from index.evaluate.words_of_files import WordsReport


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A measure, for whose questions and in which passages, with both figures (0 to 1, or null)."""

    measure: str
    ours: float | None
    plain_cosine: float | None


@dataclass(frozen=True, slots=True)
class RetrievalTable:
    """What ``kb evaluate retrieval --json`` gives."""

    set: str
    passages: int
    questions: int
    rows: tuple[FigureRow, ...]
    notes: tuple[str, ...]


def retrieval_table(report: RetrievalReport) -> RetrievalTable:
    """The rows of a report."""
    ours, plain = _flat(report.ours), _flat(report.plain_cosine)
    rows = tuple(FigureRow(name, value, plain.get(name)) for name, value in ours.items())
    return RetrievalTable(report.name, report.passages, report.questions, rows, report.notes)


def _flat(figures: Figures) -> dict[str, float | None]:
    flat: dict[str, float | None] = {}
    for language, mixed in figures.mixed.items():
        for name in ("hit_at_1", "recall_at_1", "recall_at_10", "both_at_2", "both_at_10", "other_share"):
            flat[f"{name} ({language.value})"] = getattr(mixed, name)
    for (asked, found), direction in figures.directions.items():
        arrow = f"{asked.value}→{found.value}"
        flat[f"hit_at_1 {arrow}"] = direction.hit_at_1
        flat[f"recall_at_10 {arrow}"] = direction.recall_at_10
    flat["overlap_at_10"] = figures.overlap_at_10
    flat["peer"] = figures.peer
    return flat


def print_retrieval(table: RetrievalTable, verbose: bool) -> None:
    """The rows as a table."""
    for note in table.notes:
        messages.print(note, markup=False)
    out.print(f"{table.set}: {table.questions} questions over {table.passages} passages of both languages in one pool")
    shown = new_table("measure", "ours", "plain cosine", numbers_from=1)
    for row in table.rows:
        shown.add_row(row.measure, share(row.ours), share(row.plain_cosine))
    print_table(shown)


def share(value: float | None) -> str:
    """A share with three decimals, or a dash."""
    return "–" if value is None else f"{value:.3f}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = new_table(*header, numbers_from=1)
    for row in rows:
        table.add_row(*row)
    print_table(table)


def _cells(record: object, names: str) -> tuple[str, ...]:
    """Counts as they are and shares with three decimals: the fields of a record, their names with blanks between."""
    values = [getattr(record, name) for name in names.split()]
    return tuple(str(one) if isinstance(one, int) else share(one) for one in values)


_READ = ("recall", "precision", "value", "kind", "comparator")


def _line(*parts: object) -> None:
    out.print("  ".join(str(part) for part in parts), markup=False)


def print_topics(report: TopicReport, verbose: bool) -> None:
    """F1 by topic and language, and the calibration error; with ``verbose`` every miss, surest first."""
    _line(f"{report.passages} passages, {report.pairs} pairs that count")
    _table(
        ("topic", "precision", "recall", "F1", "right", "wrong", "missed", "rightly not"),
        [(t.topic.value, *_cells(t, "precision recall f1 right wrong missed rightly_not")) for t in report.topics],
    )
    _line("micro F1", share(report.micro_f1), "  macro F1", share(report.macro_f1))
    for row in report.languages:
        _line(
            row.language.value, f"{row.passages} passages", "micro", share(row.micro_f1), "macro", share(row.macro_f1)
        )
    _line("expected calibration error", share(report.calibration_error))
    for miss in report.misses if verbose else ():
        _line(miss.kind, miss.topic.value, share(miss.probability), miss.id, miss.text)


def _read(scores: CaseScores) -> tuple[str, ...]:
    return _cells(scores, " ".join(("gold found wrong false", *_READ)))


def print_statistics(report: StatisticReport | CaseReport, verbose: bool) -> None:
    """Of a file of cases how many are read as judged, the scores by language, and every other case. Of a folder recall
    and precision by language, then the fields on the matches; with ``verbose`` misses and false figures."""
    if isinstance(report, CaseReport):
        _line("cases read as judged", f"{report.right} of {report.cases}")
        rows = [(language.value, *_read(scores)) for language, scores in report.scores.items()]
        _table(("language", "gold", "found", "wrong", "false", *_READ), rows)
        for case in report.faults:
            _line(case.id, case.kind, repr(case.text), "; ".join(case.faults))
        return
    names = "gold found predicted recall precision kind comparator source year"
    _table(
        ("language", *names.split()),
        [(language.value, *_cells(scores, names)) for language, scores in report.scores.items()],
    )
    if not verbose:
        return
    for miss in report.misses:
        seen = f"read as {miss.seen.value} ({miss.seen.raw})" if miss.seen else "not read"
        _line("missed", miss.gold.document, repr(miss.gold.raw), seen, miss.gold.sentence)
    for false in report.false_figures:
        _line("false", false.document, repr(false.found.raw), false.found.value, false.reason or "", false.found.quote)


def print_figures(report: DocumentReport, verbose: bool) -> None:
    """The scores and the kinds of fault by language, of documents that may be looked at and of those held out; with
    ``verbose`` every fault of the former."""
    _table(
        ("part", "documents", "gold", "found", "wrong", "false", *_READ),
        [
            (f"{'held out' if one.held_out else 'open'} {one.language.value}", str(one.documents), *_read(one.scores))
            for one in report.parts
        ],
    )
    for one in report.parts:
        _line(one.language.value, "held out:" if one.held_out else "open:")
        for fault, count in one.faults.items():
            _line(f"  {count:4}", fault)
    for each in report.faults if verbose else ():
        _line(each.fault, each.document, repr(each.raw), each.told, "|", repr(each.sentence))


def print_language(figures: DetectionFigures, verbose: bool) -> None:
    """The share of texts told right; with ``verbose`` each that was not."""
    _line("language right", share(figures.share), f"{figures.right} of {figures.texts}")
    for miss in figures.misses if verbose else ():
        _line(miss.expected.value, f"told {miss.told.value}", miss.text)


def print_extraction(report: ExtractionComparison, verbose: bool) -> None:
    """Both readers in one table, by language, and the pages lost; with ``verbose`` every page, what was lost and what
    slipped in."""
    both = (report.ours, report.plain)
    _table(
        ("reader", "language", "of", "pages", "precision", "recall", "F1", "lost"),
        [row for rows in zip(*map(_reader_rows, both), strict=True) for row in rows],
    )
    for figures in both if report.ours.must_contain else ():
        kept = f"{figures.contained} of {figures.must_contain}"
        out_of = f"{figures.kept_out} of {figures.must_not_contain}"
        _line(figures.reader, "must contain", kept, "must not contain, kept out", out_of)
    _line(f"pages lost that {report.plain.reader} keeps:", len(report.ours.lost))
    for file in report.ours.lost:
        _line(" ", file)
    for page in report.ours.pages if verbose else ():
        _line(page.file, share(page.precision), share(page.recall), share(page.f1), page.error or "")
        for what, strings in (("lost", page.lost), ("slipped in", page.slipped_in)):
            for string in strings:
                _line(what, page.file, string)


def _reader_rows(figures: ExtractionFigures) -> list[tuple[str, ...]]:
    return [
        (
            figures.reader,
            part.language.value if part.language else "all",
            *(measure, *_cells(score, "pages precision recall f1"), str(part.lost)),
        )
        for part in figures.parts
        for measure, score in (("words", part.words), ("strings", part.strings))
        if score
    ]


def print_words(report: WordsReport, verbose: bool) -> None:
    """By format the share of words that came out; of PDFs, that of paragraphs that begin as a sentence does. With
    ``verbose`` every file with a fault, and what could not be judged."""
    _table(
        ("format", "files", "refused", "words", "came out", "share", "files below .995"),
        [
            (one.ending, *_cells(one, "files refused of right share below"))
            for one in report.formats
            if one.ending != ".pdf"
        ],
    )
    for pdf in (one for one in report.formats if one.ending == ".pdf"):
        _line(f".pdf  {pdf.files} files, {pdf.of} paragraphs, {pdf.of - pdf.right} begin in the middle of a sentence")
    _line(f"{len(report.unjudged)} files could not be judged")
    for file in report.files if verbose else ():
        if file.error or file.right < file.of:
            _line(file.file, f"{file.right} of {file.of}", file.error or " | ".join(file.missing))
    for name in report.unjudged if verbose else ():
        _line("not judged", name)


def print_verify(figures: VerifyFigures, verbose: bool) -> None:
    """Quotes tried and accepted by kind; with ``verbose`` every one judged wrongly."""
    _table(
        ("kind", "language", "honest", "tried", "accepted"),
        [
            (row.kind, row.language.value, "yes" if row.honest else "no", str(row.tried), str(row.accepted))
            for row in figures.rows
        ],
    )
    _line(f"bad quotes accepted: {figures.bad_accepted()} of {figures.tried(False)}")
    _line(f"honest quotes refused: {share(figures.honest_refused())} of {figures.tried(True)}")
    for mutation in figures.wrong if verbose else ():
        _line("honest" if mutation.honest else "bad", mutation.kind, mutation.name, mutation.quote)


def print_citations(figures: CitationFigures, verbose: bool) -> None:
    """How many are written exactly as expected; with ``verbose`` those that are not."""
    _line(f"{figures.tried - len(figures.wrong)} of {figures.tried} exact ({share(figures.exact)})")
    for wrong in figures.wrong if verbose else ():
        _line(wrong.id, wrong.style.value, wrong.language.value)
        _line("  expected", wrong.expected)
        _line("  written ", wrong.written)


def print_attribution(report: AttributionReport, verbose: bool) -> None:
    """By language and field the shares that are right, given but wrong, and missing; with ``verbose`` every fault."""
    for language, scores in report.scores.items():
        _line(language.value, f"{scores.judged} figures judged, {scores.read} read")
    _table(
        ("language", "field", "right", "given but wrong", "missing"),
        [
            (language.value, name, *_cells(one, "right wrong missing"))
            for language, scores in report.scores.items()
            for name, one in scores.fields.items()
        ],
    )
    for fault in report.faults if verbose else ():
        _line(fault.document, fault.field, repr(fault.raw), f"judged {fault.judged!r}, found {fault.found!r}")
        _line("   ", fault.sentence)


def print_drafts(figures: DraftFigures, verbose: bool) -> None:
    """How many verdicts are right and how many "supported" are false; with ``verbose`` every wrong one."""
    _line(f"{figures.right} of {figures.claims} verdicts right ({share(figures.right / max(1, figures.claims))})")
    _line(f"false “supported”: {figures.false_supported}")
    for wrong in figures.wrong if verbose else ():
        _line(wrong.id, f"expected {wrong.expected}", f"said {wrong.said}", wrong.claim)


def print_answers(figures: AnswerFigures, verbose: bool) -> None:
    """The shares; with ``verbose`` the calibration, every question that went wrong and what was cited."""
    out.print(f"{figures.answerable} answerable questions, {figures.unanswerable} unanswerable")
    for name in ("cited", "first", "refusal_precision", "refusal_recall", "verbatim"):
        out.print(f"{name:<20}{share(getattr(figures, name))}")
    if not verbose:
        return
    if figures.calibration:
        out.print(f"{'margin over null':<20}{'answered':>10}{'refused':>9}")
        for row in figures.calibration:
            out.print(f"{row.threshold:<20.2f}{share(row.answered):>10}{share(row.refused):>9}")
        out.print(f"best balance at {chosen(figures.calibration):.2f}")
    for outcome in figures.outcomes:
        if outcome.verdict not in ("first", "refused"):
            out.print(f"{outcome.verdict}  {outcome.id}  {outcome.question}", markup=False)
            for quote in outcome.cited:
                out.print(f"    {quote}", markup=False)


def print_manners(figures: MannerFigures, verbose: bool) -> None:
    """Right answers lost by manner, and questions answered to the letter as in the plain one; with ``verbose`` each
    question that lost its answer."""
    _line(
        f"{figures.questions} questions in {len(figures.manners)} manners, {share(figures.lost)} of right answers lost"
    )
    _table(
        ("manner", "right", "lost", "share", "same answer"),
        (
            (one.manner, str(one.right), str(len(one.lost)), share(len(one.lost) / max(one.right, 1)),
             share(one.same / max(figures.questions, 1)))
            for one in figures.manners
        ),
    )  # fmt: skip
    for one in figures.manners if verbose else ():
        for outcome in one.lost:
            _line(one.manner, outcome.verdict, outcome.id, outcome.question)


def print_evidence(report: EvidenceReport, verbose: bool) -> None:
    """The shares by part and language; with ``verbose`` each open question whose findings are not those judged."""
    fields = "questions answered first given had lists near far refusal_precision findings"
    _table(
        ("part", "asked", "answ.", "first", "given", "had", "lists", "near", "far", "prec.", "findings"),
        [
            (
                f"{'held out' if one.held_out else 'open'} {one.language.value if one.language else 'both'}",
                *_cells(one, fields),
            )
            for one in report.figures
        ],
    )
    for one in report.outcomes if verbose else ():
        asked = one.question
        if one.refused != (not asked.answers) or not (all(one.findings) and all(one.cited)):
            _line(
                asked.kind, asked.id, asked.language.value, "refused:" if one.refused else "answered:", asked.question
            )
            for right, quote in zip(one.findings, one.quotes, strict=True):
                _line("    +" if right else "    -", quote)
            for cited, gold in zip(one.cited, asked.answers, strict=True):
                _line("    had " if cited else "    lost", gold.quote)


def print_cases(report: AnswerCaseReport, verbose: bool) -> None:
    """How many cases hold, and what the others lack; with ``verbose`` their answers."""
    _line(f"{report.cases - len(report.faults)} of {report.cases} cases hold")
    for one in report.faults:
        _line(one.id, one.question, "|", "; ".join(one.faults))
        if verbose:
            _line("   ", one.answer)
