"""``kb topics``: what it prints and writes, over a small base without a model; training with the real one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import Result

from api.cli.evaluations.topic_learning import curve
from ingest.tagging import TopicHead, shipped_passages
from kb.records.document import Passage
from kb.records.language import Language
from kb.records.topics import Topic, TopicAssignment
from kb.store import Store
from tests.fakes import FakeEmbedder
from tests.kb.making import STAMP, make_document, make_entry

Kb = Callable[..., Result]
SHIPPED = Path(__file__).parents[2] / "ingest" / "data" / "topics_head.npz"
NPS = TopicAssignment(Topic.METRICS, 0.6, ("metrics.nps: NPS",), ("nps",))
STAGE = TopicAssignment(Topic.MATURITY, 0.8, ("test",), ("stage:initial",))


@pytest.fixture
def base(tmp_path: Path) -> str:
    """A base of three documents, with topics that the tagger would not give."""
    store = Store.open(tmp_path / "base", create=True)
    store.claim(STAMP)
    for name, text, language, year, topics in (
        ("a.txt", "Our NPS is 41.", Language.EN, "2020", ()),
        ("b.txt", "Calculamos el NPS cada mes.", Language.ES, "2022", (NPS,)),
        ("c.txt", "The hotel has two pools.", Language.EN, None, (STAGE,)),
    ):
        entry = make_entry(make_document(name, text, published=year), language=language)
        passages: tuple[Passage, ...] = tuple(replace(one, topics=topics) for one in entry.passages)
        store.add(replace(entry, passages=passages, tagging="old"), text.encode())
    store.close()
    return str(tmp_path / "base")


def shown(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_base_is_listed(kb: Kb, base: str) -> None:
    """Every topic and sub-topic with its count, and who tagged the documents."""
    found = shown(kb("topics", "list", "--base", base, "--json"))
    prose = kb("topics", "list", "--base", base).stdout

    assert {row["name"]: row["passages"] for row in found["topics"] if row["passages"]} == {"metrics": 1, "maturity": 1}
    assert {row["name"]: row["passages"] for row in found["subtopics"] if row["passages"]} == {
        "nps": 1,
        "stage:initial": 1,
    }
    assert (found["own_topics"], found["versions"]) == ([], {"old": 3})
    assert "brecha tecnológica" in prose
    assert "tagged by: old (3 documents)" in prose


def test_coverage_shows_its_gaps(kb: Kb, base: str) -> None:
    """A year without passages between two others, and a topic that a language lacks."""
    found = shown(kb("topics", "coverage", "--base", base, "--json"))
    lines = kb("topics", "coverage", "--base", base).stdout.splitlines()
    row = next(line for line in lines if line.startswith("metrics ") and " es " in line)

    assert found["passages"] == 3
    assert {"topic": "metrics", "language": "es", "year": 2021} in found["gaps"]
    assert row.split()[2:] == ["1", "1", "?1", "·", "·", "·"]  # the total, the years from the newest on, none
    assert {"topic": "metrics", "language": "es", "year": 2022, "passages": 1, "unsure": 1, "documents": 1} in found[
        "cells"
    ]
    assert "gap: empathy has no passage in Spanish" in lines
    assert lines[-2].startswith("3 passages; ")
    assert lines[-1].startswith("?3 is three")


def test_apply_shows_what_changed(kb: Kb, base: str) -> None:
    """First only said, then done; without the base's model on words alone, and this is said."""
    dry = kb("topics", "apply", "--base", base, "--dry-run")
    found = shown(kb("topics", "apply", "--base", base, "--json"))
    after = shown(kb("topics", "list", "--base", base, "--json"))

    assert "2 of 3 passages would change" in dry.stdout
    assert "topics from words alone" in dry.stderr
    assert "+ metrics" in dry.stdout
    assert "− maturity 0.80" in dry.stdout
    assert {(one["label"], one["added"], one["removed"], one["kept"]) for one in found["tallies"]} == {
        ("metrics", 1, 0, 1),
        ("nps", 1, 0, 1),
        ("maturity", 0, 1, 0),
        ("stage:initial", 0, 1, 0),
    }
    assert after["versions"] == {found["version"]: 3}
    assert found["version"].endswith("-words")


@pytest.mark.model
def test_own_topics_are_added_and_searched_by(kb: Kb, sample_base: str, tmp_path: Path) -> None:
    """From a file to hits of ``kb search --topic``; an empty file takes them away again."""
    file = tmp_path / "own.json"
    store = Store.open(Path(sample_base))
    document = next(one for one in store.documents() if one.source_id.endswith("en-answering-in-public.md"))
    quotes = [passage.text for passage in store.passages_of(document.id)[1:4]]
    store.close()
    topic = {"name": "Public answers", "lang": "en", "definition": "Answering in public.", "examples": quotes}
    file.write_text(json.dumps({"topics": [topic]}), encoding="utf-8")
    applied = shown(kb("topics", "apply", "--own", str(file), "--base", sample_base, "--json"))
    found = shown(kb("search", "complaints", "--topic", "public-answers", "--base", sample_base, "--json"))
    file.write_text('{"topics": []}', encoding="utf-8")
    taken = shown(kb("topics", "apply", "--own", str(file), "--base", sample_base, "--json"))

    assert applied["own_topics"] == ["public_answers"]
    assert applied["note"] is None
    assert found["hits"]
    assert all(hit["passage"]["own_topics"][0]["name"] == "public_answers" for hit in found["hits"])
    assert [(one["kind"], one["added"]) for one in taken["tallies"] if one["removed"]] == [("own_topic", 0)]


@pytest.mark.model
def test_the_shipped_head_is_what_training_writes(kb: Kb, tmp_path: Path) -> None:
    """From the project's passages and the bundled model; twice the same bytes on one machine.

    Processors with and without bfloat16 give vectors that differ in the third digit, hence the margin.
    """
    out = tmp_path / "head.npz"
    found = shown(kb("topics", "train", "--out", str(out), "--json"))
    made, shipped = TopicHead.from_bytes(out.read_bytes()), TopicHead.from_bytes(SHIPPED.read_bytes())

    assert found["head"] == str(out)
    assert (made.stamp, made.feature_names, made.examples.texts) == (
        shipped.stamp,
        shipped.feature_names,
        shipped.examples.texts,
    )
    assert np.abs(made.examples.unit() - shipped.examples.unit()).max() < 0.003
    assert np.abs(made.meaning.weights - shipped.meaning.weights).max() < 0.03
    assert np.abs(made.words.weights - shipped.words.weights).max() < 0.005


def test_agreement_of_the_readers_of_a_file(kb: Kb, tmp_path: Path) -> None:
    """Kappa by topic as a table and as JSON; two passages, on one of which the readers differ."""
    file = tmp_path / "rows.jsonl"
    row = {"lang": "en", "text": "T", "tags": ["metrics"], "second": ["metrics"]}
    rows = [row | {"id": "a", "first": ["metrics"]}, row | {"id": "b", "first": []}]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = shown(kb("topics", "agreement", str(file), "--json"))

    assert found[0] == {"topic": "metrics", "pairs": 2, "kappa": 0.0, "settled": 0.0}
    assert found[1] == {"topic": "maturity", "pairs": 2, "kappa": None, "settled": None}
    assert kb("topics", "agreement", str(file)).stdout.splitlines()[1].split() == ["metrics", "2", "0.000", "0.000"]


def test_a_curve_learns_from_ever_more_passages(tmp_path: Path) -> None:
    """500 and all of 560, judged on another file; whoever judges is not learned from."""
    file = tmp_path / "judged.jsonl"
    file.write_text(json.dumps({"id": "j", "lang": "en", "text": "Our NPS is 41.", "tags": ["metrics"]}), "utf-8")
    steps = curve(shipped_passages()[::6][:560], FakeEmbedder(), file)

    assert [step.passages for step in steps] == [500, 560]
    assert all(0 < (step.held_out or 0) < 1 for step in steps)
    assert steps[1].by_topic[Topic.MATURITY] is None
