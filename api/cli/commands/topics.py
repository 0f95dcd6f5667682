"""``kb topics``: train the tagger and see how well it learns, tag a base anew, and see what a base covers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options
from api.cli.evaluations.topic_learning import curve, held_out
from api.cli.output import messages, print_json
from api.cli.shown.topic_tables import (
    LabelCount,
    TopicsOfBase,
    TrainingReport,
    print_agreement,
    print_coverage,
    print_curve,
    print_retagging,
    print_topics_of_base,
    print_training,
)
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.records.errors import InputError, ModelError
from kb.records.messages import say
from kb.records.topics import SubTopic, Topic
from kb.store import Store

if TYPE_CHECKING:
    from ingest.tagging import OwnTopicTagger, Tagger
    from kb.records.ports import Embedder
    from kb.records.topics import OwnTopic

topics = typer.Typer(help="Topics: list, coverage, apply to a base, train, curve, agreement.", no_args_is_help=True)


@topics.command("list")
def list_topics(base: options.BaseOption = None, as_json: options.JsonOption = False) -> None:
    """The topics, sub-topics and own topics of a base, with how many passages have each.

    Example: kb topics list
    """
    tagging = Wiring(Settings(), base).store().tagging
    counts = Wiring(Settings(), base).store().topic_counts()
    below = tagging.subtopic_counts()
    own = tagging.own_counts()
    found = TopicsOfBase(
        tuple(LabelCount(one.value, one.label_es, one.label_en, counts.get(one, 0)) for one in Topic),
        tuple(LabelCount(one.value, one.label_es, one.label_en, below.get(one, 0)) for one in SubTopic),
        tuple(LabelCount(one.name, one.name, one.name, own.get(one.name, 0)) for one in tagging.own_topics()),
        tagging.versions(),
    )
    print_json(found) if as_json else print_topics_of_base(found)


@topics.command("coverage")
def show_coverage(
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Passages by topic, language and year; a cell without any is a gap.

    Example: kb topics coverage
    """
    from ingest.tagging import coverage

    found = coverage(Wiring(Settings(), base).store().tagging.facts())
    print_json(found) if as_json else print_coverage(found)


@topics.command("apply")
def apply(
    own: Annotated[Path | None, typer.Option(help="Your own topics (JSON); they replace those the base has.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Give every passage its topics anew, all or nothing, and show what changed. Where the bundled model is the base's,
    the passages are read again, which takes about a third of what ingesting them took.

    Example: kb topics apply --own my-topics.json --dry-run
    """
    from ingest.tagging import read_own_topics, retag

    wiring = Wiring(Settings(), base)
    store = wiring.store()
    tagger = wiring.tagger_for(store.stamp())
    asked = store.tagging.own_topics() if own is None else read_own_topics(own)
    own_tagger = _own_tagger(wiring, store, tagger, asked)
    embedder = _embedder_of(wiring, store) if tagger.reads_topic_vectors else None
    report = retag(store, tagger, asked, own_tagger, embedder=embedder, dry_run=dry_run)
    if report.note:
        messages.print(report.note, style="yellow", markup=False)
    print_json(report) if as_json else print_retagging(report)


@topics.command("train")
def train_head(
    file: Annotated[
        Path | None, typer.Argument(help="Labelled passages (JSON lines). [default: the project's]")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the head is written.")] = Path("topics_head.npz"),
    as_json: options.JsonOption = False,
) -> None:
    """Learn the topics from labelled passages (docs/topics.md); the same passages give the same file.

    The shipped head is: kb topics train --out ingest/data/topics_head.npz. Use another one with KB_TOPIC_HEAD=FILE.

    Example: kb topics train labelled.jsonl --out my-head.npz
    """
    from ingest.tagging import read_passages, shipped_passages, train

    passages = shipped_passages() if file is None else read_passages(file)
    messages.print(f"training on {len(passages)} passages …", style="dim")
    trained = train(passages, Wiring(Settings()).embedder)
    data = trained.head.to_bytes()
    try:
        out.write_bytes(data)
    except OSError as error:
        raise InputError(str(out), say("cannot_be_written", error=error.strerror), say("choose_another_out")) from error
    report = TrainingReport.of(str(out), data, passages, held_out(trained, passages))
    print_json(report) if as_json else print_training(report)


@topics.command("curve")
def show_curve(
    judged: Annotated[Path, typer.Argument(help="Judged passages (JSON lines) that nothing is learned from.")],
    file: Annotated[
        Path | None, typer.Option("--from", help="Labelled passages (JSON lines). [default: the project's]")
    ] = None,
    as_json: options.JsonOption = False,
) -> None:
    """What more labelled passages bring: heads learned from 500, 1,000, 2,500 and all; none is written.

    Example: kb topics curve bench/topics_unseen.jsonl
    """
    from ingest.tagging import read_passages, shipped_passages

    passages = shipped_passages() if file is None else read_passages(file)
    steps = curve(passages, Wiring(Settings()).embedder, judged)
    print_json(steps) if as_json else print_curve(steps)


@topics.command("agreement")
def show_agreement(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Labelled passages (JSON lines). [default: the project's]")
    ] = None,
    as_json: options.JsonOption = False,
) -> None:
    """How far the readers of labelled passages agree: Cohen's kappa of each topic.

    Example: kb topics agreement bench/topics_unseen.jsonl
    """
    from ingest.tagging import agreement, read_passages, shipped_passages

    passages = [one for path in files for one in read_passages(path)] if files else shipped_passages()
    found = agreement(passages)
    print_json(found) if as_json else print_agreement(found)


def _own_tagger(wiring: Wiring, store: Store, tagger: Tagger, asked: tuple[OwnTopic, ...]) -> OwnTopicTagger | None:
    """The tagger of users' topics, null without any; the model is loaded only for them."""
    return tagger.own(asked, _embedder_of(wiring, store)) if asked else None


def _embedder_of(wiring: Wiring, store: Store) -> Embedder:
    """The model that is set; ModelError where the base was made with another."""
    stamp = store.stamp()
    if stamp is not None and stamp != wiring.embedder.stamp:
        raise ModelError(
            say("model", stamp=wiring.embedder.stamp.name),
            say("is_not_the_one_of_the_base", stamp=stamp.name),
            say("set_kb_model_back"),
        )
    return wiring.embedder
