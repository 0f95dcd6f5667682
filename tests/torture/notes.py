"""A small base of notes made by the real steps over exact fake vectors, and all that can be read of one."""

from __future__ import annotations

import hashlib
import shutil
from functools import cache
from pathlib import Path

from index.search import lexical
from ingest.pipeline import Pipeline
from ingest.sources.sources import SourceFile
from ingest.tagging import Tagger
from kb.records.document import Document
from kb.records.operation import Key, Scope
from kb.records.ports import Embedder, ModelStamp
from kb.records.source import BY_HAND
from kb.store import Store
from tests.fakes import FakeEmbedder
from tests.torture.clock import NOW

State = dict[str, object]
NOTES = 8
KEY = Key("k0000000000", "desk", frozenset({Scope.READ}), NOW)


@cache
def _tagger(stamp: ModelStamp) -> Tagger:
    return Tagger.load(stamp)


def tagger_of(embedder: Embedder) -> Tagger:
    """The shipped tagger, read once a process."""
    return _tagger(embedder.stamp)


def pipeline_of(store: Store) -> Pipeline:
    """The steps of ingestion, but for the model."""
    return Pipeline(store, FakeEmbedder, lexical, tagger_of)


def note(number: int, *, more: str = "") -> SourceFile:
    """A short text with a figure; half of them in Spanish."""
    text = f"Loyalty and churn, note {number}. In 2024, {number + 30} % of customers left.{more}"
    if number % 2:
        text = f"La lealtad y el abandono, nota {number}. En 2024, el {number + 30} % de los clientes se fue.{more}"
    return SourceFile.of(f"notes/note-{number}.txt", text.encode(), "text/plain")


def corrected(store: Store, document: Document, title: str) -> None:
    """Correct the title of a document by hand."""
    store.correct(document.corrected({"title": title}, NOW, "operator", BY_HAND), None, document.revision)


def made(folder: Path) -> State:
    """Make a base in the folder: notes, a former version, a correction, a removal, a key; its last changes stand in the
    log alone, as a killed process leaves them. Gives all that it holds."""
    store = Store.open(folder.with_name("making"), create=True)
    pipeline = pipeline_of(store)
    pipeline.run([note(number) for number in range(NOTES)])
    store.keys.add(KEY, hashlib.sha256(b"secret").hexdigest())
    store._connections._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    pipeline.run([note(2, more=" More was said later.")])
    store.remove(store.documents()[-1].id)
    corrected(store, store.documents()[0], "Corrected")
    found = state(store)
    shutil.copytree(store.folder, folder, ignore=shutil.ignore_patterns("*-shm"))
    store.close()
    shutil.rmtree(folder.with_name("making"))
    return found


def state(store: Store) -> State:
    """Everything that can be read of a base but times, ids of keys and what is derived."""
    documents = store.documents(all_versions=True)
    for document in documents:
        store.original(document.sha256)
    return {
        "documents": [(one.id, one.source_id, one.title, one.text, one.version) for one in documents],
        "passages": {one.id: [(each.id, each.text) for each in store.passages_of(one.id)] for one in documents},
        "vectors": len(store.vector_keys()),
        "keys": sorted((one.name, sorted(scope.value for scope in one.scopes)) for one in store.keys.all()),
        "counts": store.counts(),
    }
