"""Topics given anew to a whole base: what is written, what is reported, and that a dry run writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.search import lexical
from ingest.pipeline import Pipeline
from ingest.sources.sources import SourceFile
from ingest.tagging import Tagger, retag, shipped_passages, train
from ingest.tagging.applying import Retagging
from ingest.tagging.coverage import LabelTally
from ingest.tagging.head import TunedLayer
from ingest.tagging.lexicon import TopicLexicon
from kb.records.language import Language
from kb.records.ports import FloatArray
from kb.records.search import StatisticQuery
from kb.records.topics import Example, OwnTopic, Topic
from kb.store import Store
from tests.fakes import FakeEmbedder

ES, EN = Language.ES, Language.EN
TEXT = "Our NPS survey of customer loyalty gives a score of 41%.\n"
WET = "Rain fell on the town and the rain went on.\n"
RAIN = OwnTopic(
    "rain", Example(EN, "the rain"), (Example(EN, "rain today"), Example(ES, "lluvia"), Example(ES, "lluvia y más"))
)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    """A tagger trained for the fake vectors."""
    return Tagger(TopicLexicon.load(), train(shipped_passages()[::3], FakeEmbedder()).head, None, "v2")


def pipeline_of(store: Store, tagger: Tagger) -> Pipeline:
    return Pipeline(store, FakeEmbedder, lexical, lambda embedder: tagger)


@pytest.fixture
def store(tmp_path: Path, tagger: Tagger) -> Iterator[Store]:
    """A base of two documents whose topics were then taken away."""
    store = Store.open(tmp_path / "base", create=True)
    texts = {"a.txt": TEXT, "wet.txt": WET}
    pipeline_of(store, tagger).run(SourceFile.of(name, one.encode(), "text/plain") for name, one in texts.items())
    bare = {key: replace(one, topics=()) for key, one in store.passages(list(store.vector_keys())).items()}
    store.tagging.replace(bare, "v1", [], since=store.version())
    yield store
    store.close()


def test_a_base_is_tagged_anew_from_its_stored_vectors(store: Store, tagger: Tagger) -> None:
    """Passages, statistics and versions change together; the report says what changed."""
    report = retag(store, tagger)
    (statistic,) = store.statistics(StatisticQuery())

    assert report.versions_before == {"v1": 2}
    assert (report.version, report.written, report.note, report.own_topics) == ("v2", True, None, ())
    assert report.tallies == (LabelTally("topic", "metrics", 1, 0, 0), LabelTally("subtopic", "nps", 1, 0, 0))
    assert [(one.label, one.gained, one.text[:7]) for one in report.changes] == [
        ("metrics", True, "Our NPS"),
        ("nps", True, "Our NPS"),
    ]
    assert store.tagging.versions() == {"v2": 2}
    assert store.topic_counts() == {Topic.METRICS: 1}
    assert statistic.topics == (Topic.METRICS,)


def test_a_second_run_changes_nothing(store: Store, tagger: Tagger) -> None:
    """Only the tallies of what is kept are left."""
    retag(store, tagger)
    again = retag(store, tagger)

    assert (again.changed_passages, again.changes) == (0, ())
    assert {tally.label: tally.kept for tally in again.tallies} == {"metrics": 1, "nps": 1}


def test_a_long_document_is_read_whole_as_when_it_was_ingested(tmp_path: Path, tagger: Tagger) -> None:
    """Though it has more passages than are tagged at a time, all of which say how often it names a topic."""
    more = " It was a long and quiet year in the town, and the rain went on and on." * 6
    first = [f"Our NPS fell in week {number}.{more}" for number in range(500)]
    rest = [f"Ask every visitor {number} times and keep the answers.{more}" for number in range(100)]
    store = Store.open(tmp_path / "long", create=True)
    pipeline_of(store, tagger).run([SourceFile.of("long.txt", "\n\n".join(first + rest).encode(), "text/plain")])
    before = store.passages(list(store.vector_keys()))
    report = retag(store, tagger)

    assert report.passages > 512
    assert store.passages(list(before)) == before
    store.close()


def test_a_dry_run_reports_the_same_and_writes_nothing(store: Store, tagger: Tagger) -> None:
    """The state of the base does not move."""
    before = store.version()
    dry = retag(store, tagger, dry_run=True)
    wet = retag(store, tagger)

    assert before + 1 == store.version()
    assert isinstance(dry, Retagging)
    assert replace(dry, written=True) == wet


class TopicReader(FakeEmbedder):
    """Vectors of topics beside the others, and what was read for them."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode_passages_with_tokens(self, texts: Sequence[str]) -> tuple[FloatArray, list[bytes]]:
        return self.encode_passages(texts), [b""] * len(texts)

    def encode_passages_for_topics(self, texts: Sequence[str]) -> tuple[FloatArray, list[bytes], FloatArray]:
        self.read += texts
        vectors = self.encode_passages(texts)
        return vectors, [b""] * len(texts), -vectors


def test_vectors_of_topics_are_made_at_ingestion_and_again_for_a_base(tmp_path: Path, tagger: Tagger) -> None:
    """None is kept; what a base is given anew is what ingestion gave, and not what it has without them."""
    head = train(shipped_passages()[::3], FakeEmbedder()).head
    tuned = Tagger(TopicLexicon.load(), head, None, "v3", TunedLayer(head.meaning, head.means, ""))
    reader = TopicReader()
    store = Store.open(tmp_path / "base", create=True)
    Pipeline(store, lambda: reader, lexical, lambda _: tuned).run([SourceFile.of("a.txt", TEXT.encode(), "text/plain")])
    (before,) = store.passages(list(store.vector_keys())).values()
    again, without = retag(store, tuned, embedder=reader, dry_run=True), retag(store, tuned)
    (after,) = store.passages(list(store.vector_keys())).values()

    assert reader.read == [before.text] * 2
    assert again.changed_passages == 0
    assert [one.score for one in before.topics] != [one.score for one in after.topics]
    assert without.written
    store.close()


def test_own_topics_are_kept_and_given_to_what_comes_later(store: Store, tagger: Tagger) -> None:
    """The base remembers them, and the next document that is ingested has them too."""
    report = retag(store, tagger, [RAIN], tagger.own([RAIN], FakeEmbedder()))
    later = SourceFile.of("b.txt", b"Lluvia otra vez en la ciudad.\n", "text/plain")
    pipeline_of(store, tagger).run([later])

    assert report.own_topics == ("rain",)
    assert LabelTally("own_topic", "rain", 1, 0, 0) in report.tallies
    assert store.tagging.own_counts() == {"rain": 2}
