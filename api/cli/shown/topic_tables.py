"""What ``kb topics`` shows: tables for people of what the taggings, the training and the coverage are."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.text import Text

from api.cli.output import Hanging, new_table, out, print_table
from api.cli.shown.evaluation_tables import share
from index.evaluate.topics import CurveStep, TopicReport
from kb.records.language import Language
from kb.records.topics import UNSURE_BELOW, Topic

if TYPE_CHECKING:
    from ingest.tagging import Agreement, LabelledPassage
    from ingest.tagging.applying import Retagging
    from ingest.tagging.coverage import Coverage, LabelChange

_SHOWN = 3
_EXCERPT = 150
# A year; before it stand two spaces.
_YEAR, _GAP = 4, 2


@dataclass(frozen=True, slots=True)
class LabelCount:
    """A topic, sub-topic or own topic with its labels and how many live passages have it."""

    name: str
    label_es: str
    label_en: str
    passages: int


@dataclass(frozen=True, slots=True)
class TopicsOfBase:
    """The labels of a base; ``versions`` counts documents by the tagger that tagged them (null: not noted)."""

    topics: tuple[LabelCount, ...]
    subtopics: tuple[LabelCount, ...]
    own_topics: tuple[LabelCount, ...]
    versions: Mapping[str | None, int]


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """Where a head was written, its SHA-256, the passages it learned from by topic and language, and what
    cross-validation by document says of it."""

    head: str
    sha256: str
    passages: int
    by_topic: tuple[tuple[str, int, int], ...]
    held_out: TopicReport

    @classmethod
    def of(cls, head: str, data: bytes, passages: Sequence[LabelledPassage], held_out: TopicReport) -> TrainingReport:
        """The report on the bytes of a head; a row is the topic, the Spanish and the English passages."""
        counted = Counter((topic, passage.language) for passage in passages for topic in passage.tags)
        rows = tuple((topic.value, counted[topic, Language.ES], counted[topic, Language.EN]) for topic in Topic)
        return cls(head, hashlib.sha256(data).hexdigest(), len(passages), rows, held_out)


def print_topics_of_base(found: TopicsOfBase) -> None:
    """Three tables, and who tagged the documents."""
    for title, rows in (("topic", found.topics), ("sub-topic", found.subtopics), ("own topic", found.own_topics)):
        if rows:
            table = new_table(title, "español", "English", "passages", numbers_from=3)
            for row in rows:
                table.add_row(escape(row.name), escape(row.label_es), escape(row.label_en), str(row.passages))
            print_table(table)
            out.print()
    out.print(f"tagged by: {_versions(found.versions)}", markup=False)


def print_training(report: TrainingReport) -> None:
    """The head and what it learned from."""
    table = new_table("topic", "español", "English", "precision", "recall", "F1", numbers_from=1)
    for (topic, spanish, english), found in zip(report.by_topic, report.held_out.topics, strict=True):
        figures = (share(found.precision), share(found.recall), share(found.f1))
        table.add_row(topic, str(spanish), str(english), *figures)
    print_table(table)
    out.print(
        f"on documents kept apart: macro F1 {share(report.held_out.macro_f1)}, "
        f"calibration error {share(report.held_out.calibration_error)}",
        markup=False,
    )
    out.print(f"{report.passages} passages, head {report.head} (sha256 {report.sha256[:12]})", markup=False)


def print_curve(steps: Sequence[CurveStep]) -> None:
    """A row for each number of passages that were learned from."""
    names = [topic.value for topic in Topic]
    table = new_table("passages", "held out", "judged", *names, "calibration error", numbers_from=0)
    for step in steps:
        by_topic = (share(step.by_topic[topic]) for topic in Topic)
        figures = (share(step.held_out), share(step.judged), *by_topic, share(step.calibration_error))
        table.add_row(str(step.passages), *figures)
    print_table(table)
    out.print("macro F1: held out, on documents kept apart in cross-validation; judged, on the file", markup=False)


def print_agreement(rows: Sequence[Agreement]) -> None:
    """Kappa by topic, over all pairs of readings and over those that are not borderline."""
    table = new_table("topic", "pairs", "kappa", "without borderline", numbers_from=1)
    for row in rows:
        table.add_row(row.topic.value, str(row.pairs), share(row.kappa), share(row.settled))
    print_table(table)


def print_retagging(report: Retagging) -> None:
    """The counts of each label, then a few passages of each that changed."""
    table = new_table("kind", "label", "added", "removed", "kept", numbers_from=2)
    for tally in report.tallies:
        table.add_row(tally.kind, escape(tally.label), str(tally.added), str(tally.removed), str(tally.kept))
    if report.tallies:
        print_table(table)
    for tally in report.tallies:
        for gained in (True, False):
            named = (tally.kind, tally.label, gained)
            _print_changes([one for one in report.changes if (one.kind, one.label, one.gained) == named])
    for own in report.own_figures:
        out.print(
            f"{own.name}: {own.found} of {own.examples} examples are found by the others; "
            f"{own.wrongly} of {own.background} passages of other subjects would get it",
            markup=False,
        )
    said = "changed" if report.written else "would change"
    out.print(
        f"{report.changed_passages} of {report.passages} passages {said}; tagger {report.version}, "
        f"before: {_versions(report.versions_before)}",
        markup=False,
    )


def _print_changes(changes: Sequence[LabelChange]) -> None:
    for change in changes[:_SHOWN]:
        text = " ".join(change.text.split())
        text = text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]} …"
        score = "" if change.score is None else f" {change.score:.2f}"
        sign, style = ("+", "green") if change.gained else ("−", "red")
        out.print(
            Hanging(
                Text.assemble((f"{change.label}{score}", style), (f"  {change.passage_id}  ", "dim"), text), f"{sign} "
            )
        )
    if len(changes) > _SHOWN:
        out.print(f"  … and {len(changes) - _SHOWN} more (all with --json)", style="dim")


def print_coverage(found: Coverage) -> None:
    """A row a topic and language, the total and a column a year, the newest first; as many tables below each other as
    the years need. Gaps stand out, and are counted under the table."""
    years = sorted({cell.year for cell in found.cells if cell.year is not None}, reverse=True)
    columns: list[int | None] = list(range(years[0], years[-1] - 1, -1)) if years else []
    if any(cell.year is None for cell in found.cells):
        columns.append(None)
    counted = {(cell.topic, cell.language, cell.year): (cell.passages, cell.unsure) for cell in found.cells}
    lines = [
        (topic, language, [counted.get((topic, language, year), (0, 0)) for year in columns])
        for topic in (*Topic, None)
        for language in Language
    ]
    lines = [line for line in lines if line[1] is not Language.OTHER or any(passages for passages, _ in line[2])]
    named = max(len(_name(topic)) for topic, _, _ in lines) + sum(map(len, ("  language", "  total")))
    widest = max((len(f"{passages} ?{unsure}") for _, _, row in lines for passages, unsure in row if unsure), default=0)
    fit = max(1, (out.width - named) // (_GAP + max(_YEAR, widest)))
    for first in range(0, max(len(columns), 1), fit):
        heads = ["undated" if year is None else str(year) for year in columns[first : first + fit]]
        table = new_table("topic", "language", *(["total"] if not first else []), *heads, numbers_from=2)
        for topic, language, row in lines:
            total = [str(sum(passages for passages, _ in row))] if not first else []
            table.add_row(_name(topic), language.value, *total, *(_cell(*one) for one in row[first : first + fit]))
        print_table(table)
        out.print()
    whole = [gap for gap in found.gaps if gap.year is None]
    for gap in whole:
        out.print(f"gap: {_name(gap.topic)} has no passage in {gap.language.facts.name_en}", style="red")
    out.print(f"{found.passages} passages; {len(found.gaps)} gaps ({len(whole)} over all years); · is no passage")
    if any(cell.unsure for cell in found.cells):
        out.print(f"?3 is three of these passages with a probability under {UNSURE_BELOW}: read them before you count")


def _name(topic: Topic | None) -> str:
    return "no topic" if topic is None else topic.label_en


def _cell(passages: int, unsure: int) -> str:
    doubt = f" ?{unsure}" if unsure else ""
    return f"{passages}{doubt}" if passages else "[red]·[/]"


def _versions(versions: Mapping[str | None, int]) -> str:
    return (
        ", ".join(f"{version or 'not noted'} ({count} documents)" for version, count in versions.items()) or "nothing"
    )
