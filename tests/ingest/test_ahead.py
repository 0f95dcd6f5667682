"""What workers made ahead becomes the base that the run alone would make, whatever they did and did not make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from bench.ray_ingest import Contents
from index.search import lexical
from ingest.on_ray import Answer, Found, Made, Preparer, WantedSource
from ingest.pipeline import Pipeline
from ingest.readers.dispatch import read_document
from ingest.sources.report import FileReport, Outcome
from ingest.sources.sources import SourceFile, find_sources
from ingest.tagging import Tagger
from kb.records.errors import ModelError, SourceError
from kb.records.ports import Embedder
from kb.store import Store
from tests.fakes import FakeEmbedder

ARTICLE = "Customer effort explains churn.\n\nIn 2023, {} percent of customers left after one failure in region {}.\n"
LONG = "\n\n".join(
    f"Paragraph {number} of the press release says at some length what the company did in region {number} and why."
    for number in range(1, 13)
)


class AtOnce:
    """Makes everything before the first is given back, and remembers what it was asked for."""

    def __init__(self, embedder: type[FakeEmbedder] = FakeEmbedder) -> None:
        self._preparer = Preparer(embedder, read_document)
        self.asked: list[str] = []

    def over(self, found: Iterable[tuple[Found, WantedSource | None]]) -> Iterator[tuple[Found, Answer | None]]:
        pairs = list(found)
        wanted = [one for _, one in pairs if one is not None]
        self.asked += [one.source.source_id for one in wanted]
        made = iter(self._preparer.made(wanted))
        yield from [(source, None if one is None else next(made)) for source, one in pairs]


class NoModel(FakeEmbedder):
    def __init__(self) -> None:
        raise ModelError("the model", "is missing", "Install it")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Articles, one twice by its bytes, a reprint, an empty file and one that cannot be read, also twice."""
    archive = tmp_path / "archive"
    archive.mkdir()
    for number in range(5):
        (archive / f"{number}.txt").write_text(ARTICLE.format(20 + number, number))
    (archive / "5-again.txt").write_text(ARTICLE.format(21, 1))
    (archive / "6-release.txt").write_text(LONG)
    (archive / "7-reprint.txt").write_text(LONG + "\n\nFirst printed elsewhere.")
    (archive / "8-empty.txt").write_text("")
    for name in ("9.pdf", "9.too.pdf"):
        (archive / name).write_bytes(b"%PDF-1.4 broken")
    return archive


def run(store: Store, folder: Path, ahead: AtOnce | None, *, dry_run: bool = False) -> list[FileReport]:
    def load_tagger(made: Embedder) -> Tagger:
        return Tagger.load(made.stamp)

    pipeline = Pipeline(store, FakeEmbedder, lexical, load_tagger, ahead=ahead)
    return list(pipeline.run(find_sources([folder]), dry_run=dry_run, texts_together=128).files)


@pytest.mark.parametrize("dry_run", [False, True])
def test_it_is_the_base_and_the_report_of_the_run_alone(tmp_path: Path, folder: Path, dry_run: bool) -> None:
    """Line by line; what has the bytes of another is made once."""
    alone, helped = (Store.open(tmp_path / name, create=True) for name in ("alone", "helped"))
    ahead = AtOnce()

    assert run(helped, folder, ahead, dry_run=dry_run) == run(alone, folder, None, dry_run=dry_run)
    assert Contents.of(helped) == Contents.of(alone)
    assert (helped.failures(), helped.stamp()) == (alone.failures(), alone.stamp())
    assert "archive/5-again.txt" not in ahead.asked
    assert "archive/1.txt" in ahead.asked


def test_what_is_in_the_base_is_not_asked_for(tmp_path: Path, folder: Path) -> None:
    """A run that goes on has workers make what is missing; a new version of a source counts on."""
    store = Store.open(tmp_path / "base", create=True)
    run(store, folder, None)
    (folder / "0.txt").write_text(ARTICLE.format(50, 9))
    ahead = AtOnce()
    lines = {line.source_id: line.outcome for line in run(store, folder, ahead)}

    assert ahead.asked == ["archive/0.txt", "archive/9.pdf"]
    assert (lines["archive/0.txt"], lines["archive/1.txt"]) == (Outcome.UPDATED, Outcome.UNCHANGED)
    assert [one.version for one in store.documents() if one.source_id == "archive/0.txt"] == [2]


def test_a_worker_without_a_model_ends_the_run(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(ModelError, match="is missing"):
        run(Store.open(tmp_path / "base", create=True), folder, AtOnce(NoModel))


def test_a_worker_gives_back_errors_in_their_places(folder: Path) -> None:
    sources = [one for one in find_sources([folder]) if isinstance(one, SourceFile)]
    made = Preparer(FakeEmbedder, read_document).made(
        [WantedSource(one, frozenset(), embedded=True) for one in sources]
    )

    assert [type(one) for one in made] == [Made] * 8 + [SourceError] * 2
