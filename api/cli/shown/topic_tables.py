"""What ``kb topics`` shows: tables for people of what the taggings, the training and the coverage are."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from api.cli.output import out
from api.cli.shown.retrieval_tables import share
from kb.records.language import Language
from kb.records.topics import UNSURE_BELOW, Topic

if TYPE_CHECKING:
    from api.cli.evaluations.topic_learning import CurveStep
    from index.evaluate.topics import TopicReport
    from ingest.tagging import Agreement, LabelledPassage
    from ingest.tagging.applying import Retagging
    from ingest.tagging.coverage import Coverage, LabelChange

_SHOWN = 3
_EXCERPT = 150


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
            table = _table(title, "español", "English", "passages")
            for row in rows:
                table.add_row(escape(row.name), escape(row.label_es), escape(row.label_en), str(row.passages))
            out.print(table)
            out.print()
    out.print(f"tagged by: {_versions(found.versions)}", markup=False)


def print_training(report: TrainingReport) -> None:
    """The head and what it learned from."""
    table = _table("topic", "español", "English", "precision", "recall", "F1")
    for (topic, spanish, english), found in zip(report.by_topic, report.held_out.topics, strict=True):
        figures = (share(found.precision), share(found.recall), share(found.f1))
        table.add_row(topic, str(spanish), str(english), *figures)
    out.print(table)
    out.print(
        f"on documents kept apart: macro F1 {share(report.held_out.macro_f1)}, "
        f"calibration error {share(report.held_out.calibration_error)}",
        markup=False,
    )
    out.print(f"{report.passages} passages, head {report.head} (sha256 {report.sha256[:12]})", markup=False)


def print_curve(steps: Sequence[CurveStep]) -> None:
    """A row for each number of passages that were learned from."""
    names = [topic.value for topic in Topic]
    table = _table("passages", "held out", "judged", *names, "calibration error")
    for step in steps:
        by_topic = (share(step.by_topic[topic]) for topic in Topic)
        figures = (share(step.held_out), share(step.judged), *by_topic, share(step.calibration_error))
        table.add_row(str(step.passages), *figures)
    out.print(table)
    out.print("macro F1: held out, on documents kept apart in cross-validation; judged, on the file", markup=False)


def print_agreement(rows: Sequence[Agreement]) -> None:
    """Kappa by topic, over all pairs of readings and over those that are not borderline."""
    table = _table("topic", "pairs", "kappa", "without borderline")
    for row in rows:
        table.add_row(row.topic.value, str(row.pairs), share(row.kappa), share(row.settled))
    out.print(table)


def print_retagging(report: Retagging) -> None:
    """The counts of each label, then a few passages of each that changed."""
    table = _table("kind", "label", "added", "removed", "kept")
    for tally in report.tallies:
        table.add_row(tally.kind, escape(tally.label), str(tally.added), str(tally.removed), str(tally.kept))
    if report.tallies:
        out.print(table)
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
        out.print(Text.assemble((f"{sign} {change.label}{score}", style), (f"  {change.passage_id}  ", "dim"), text))
    if len(changes) > _SHOWN:
        out.print(f"  … and {len(changes) - _SHOWN} more (all with --json)", style="dim")


def print_coverage(found: Coverage) -> None:
    """A row a topic and language, a column a year; gaps stand out, and are counted under the table."""
    years = sorted({cell.year for cell in found.cells if cell.year is not None})
    span = list(range(years[0], years[-1] + 1)) if years else []
    undated = any(cell.year is None for cell in found.cells)
    columns: list[int | None] = [*span, *([None] if undated else [])]
    counted = {(cell.topic, cell.language, cell.year): (cell.passages, cell.unsure) for cell in found.cells}
    table = _table(
        "tema / topic", "language", *("sin año / undated" if year is None else str(year) for year in columns)
    )
    table.add_column("all", justify="right")
    for topic in (*Topic, None):
        for language in Language:
            row = [counted.get((topic, language, year), (0, 0)) for year in columns]
            total = sum(passages for passages, _ in row), sum(unsure for _, unsure in row)
            if language is not Language.OTHER or total[0]:
                table.add_row(_name(topic), language.value, *(_cell(*one) for one in row), _cell(*total))
    out.print(table)
    whole = [gap for gap in found.gaps if gap.year is None]
    for gap in whole:
        out.print(f"gap: {_name(gap.topic)} has no passage in {gap.language.facts.name_en}", style="red")
    out.print(f"{found.passages} passages; {len(found.gaps)} gaps ({len(whole)} over all years); · is no passage")
    if any(cell.unsure for cell in found.cells):
        out.print(f"?3 is three of these passages with a probability under {UNSURE_BELOW}: read them before you count")


def _name(topic: Topic | None) -> str:
    return "ninguno / none" if topic is None else f"{topic.label_es} / {topic.label_en}"


def _cell(passages: int, unsure: int) -> str:
    doubt = f" ?{unsure}" if unsure else ""
    return f"{passages}{doubt}" if passages else "[red]·[/]"


def _versions(versions: Mapping[str | None, int]) -> str:
    return (
        ", ".join(f"{version or 'not noted'} ({count} documents)" for version, count in versions.items()) or "nothing"
    )


def _table(*names: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for place, name in enumerate(names):
        table.add_column(name, justify="left" if place == 0 or not name[:1].isdigit() else "right", overflow="fold")
    return table
