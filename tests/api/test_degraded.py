"""Without its model, its index or its word index a search answers with what is left, and says so everywhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.http.limits import RequestLimits
from api.service.knowledge_base import KnowledgeBase
from index.search.glossary import Glossary
from index.search.searcher import Searcher
from index.vectors import generations
from index.vectors.sync import IndexKeeper
from ingest.analysis import Analyser
from ingest.text.detect import text_language
from kb.records.language import Language
from kb.records.messages import say
from kb.records.ports import Embedder, FloatArray, ModelStamp
from kb.store import Store
from tests.api.conftest import tagger_of
from tests.fakes import FakeEmbedder, exact_prior

GLOSSARY = Glossary([{Language.ES: ["esfuerzo"], Language.EN: ["effort"]}])


class OtherModel(FakeEmbedder):
    stamp = ModelStamp("other", "2", FakeEmbedder.stamp.dimension)


class Held:
    """A store whose vectors are read only when they are let go."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.go = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def vectors(self, keys: Sequence[int]) -> FloatArray:
        self.go.wait(20)
        return self._store.vectors(keys)


def client_of(store: Store, make: Callable[[], Searcher]) -> TestClient:
    base = KnowledgeBase(store, make, text_language, lambda: Analyser(FakeEmbedder, tagger_of))
    return TestClient(create_app(base, limits=RequestLimits(rate_per_minute=0)), raise_server_exceptions=False)


def searching(store: Store, embedder: Embedder | None, missing: str = "no embedding model is loaded") -> TestClient:
    def make() -> Searcher:
        keeper = IndexKeeper(store, store.folder / "index")
        return Searcher(store, keeper, embedder, exact_prior(), GLOSSARY, missing_model=missing)

    return client_of(store, make)


def languages_of(found: dict[str, Any]) -> set[str]:
    return {hit["passage"]["language"] for hit in found["hits"][:2]}


DEGRADED = [
    (
        None,
        "the embedding model cannot be loaded: words only",
        "no se puede cargar el modelo: solo por palabras",
    ),
    (
        OtherModel(),
        "the base was built with fake (1), the model set is other (2), and models never mix: words only",
        "la base se creó con fake (1), el modelo configurado es other (2) y no se mezclan: solo por palabras",
    ),
]


@pytest.mark.parametrize(("embedder", "english", "spanish"), DEGRADED, ids=["missing", "another"])
def test_without_its_model_words_answer(store: Store, embedder: Embedder | None, english: str, spanish: str) -> None:
    """Both languages by the glossary, flagged in field, note, probe and metric, in the caller's language."""
    client = searching(store, embedder, say("the_embedding_model_cannot_be_loaded"))

    found = client.get("/v1/search", params={"q": "effort"}).json()
    told = client.get("/v1/search", params={"q": "effort"}, headers={"Accept-Language": "es"}).json()

    assert languages_of(found) == {"es", "en"}
    assert (found["degraded"], found["notes"][0]) == (True, english)
    assert (told["degraded"], told["notes"][0]) == (True, spanish)
    assert client.get("/readyz").json()["status"] == "degraded"
    assert "kb_degraded 1.0" in client.get("/metrics").text
    assert client.post("/v1/answers", json={"question": "effort?"}).status_code == 200
    assert client.get("/v1/statistics", params={"q": "effort"}).status_code == 200


def delete(folder: Path) -> None:
    next(folder.glob("*.vectors")).unlink()


def truncate(folder: Path) -> None:
    path = next(folder.glob("*.vectors"))
    path.write_bytes(path.read_bytes()[:100])


def of_another_model(folder: Path) -> None:
    pointer = folder / generations.POINTER
    pointer.write_text(pointer.read_text().replace('"fake"', '"other"'))


DAMAGES = [
    (delete, "the file of the vector index was missing", "faltaba el archivo del índice de vectores"),
    (truncate, "the file of the vector index was damaged", "el archivo del índice de vectores estaba dañado"),
    (
        of_another_model,
        "the vector index was made with other, not fake",
        "el índice de vectores se hizo con other, no con fake",
    ),
]


@pytest.mark.parametrize(("damage", "reason", "razon"), DAMAGES, ids=["deleted", "truncated", "another model's"])
def test_while_the_index_is_made_anew_words_answer(
    store: Store, damage: Callable[[Path], None], reason: str, razon: str
) -> None:
    """Until the thread is done each answer says so; then they are whole, and a kept copy is not served as such."""
    folder = store.folder / "index"
    IndexKeeper(store, folder)
    damage(folder)
    held = Held(store)
    keeper = IndexKeeper(held, folder, background=True)
    searcher = Searcher(store, keeper, FakeEmbedder(), exact_prior(), GLOSSARY)
    client = client_of(store, lambda: searcher)

    during = client.get("/v1/search", params={"q": "effort"})
    told = client.get("/v1/search", params={"q": "effort"}, headers={"Accept-Language": "es"}).json()

    assert languages_of(during.json()) == {"es", "en"}
    assert during.json()["degraded"] is True
    assert during.json()["notes"][0] == (
        f"the vector index is being made anew ({reason}): words only until it is there"
    )
    assert told["notes"][0] == (
        f"el índice de vectores se está rehaciendo ({razon}): solo por palabras hasta que esté listo"
    )
    assert client.get("/readyz").json()["status"] == "degraded"

    held.go.set()
    assert keeper.settle(20)
    after = client.get("/v1/search", params={"q": "effort"}, headers={"If-None-Match": during.headers["ETag"]})

    assert after.status_code == 200
    assert after.json()["degraded"] is False
    assert client.get("/readyz").json()["status"] == "ready"
    assert IndexKeeper(store, folder).last_report.rebuilt is None


def test_a_filter_that_nothing_fulfils_is_told(client: TestClient) -> None:
    """An empty list with its reason, in either language."""
    params = {"q": "effort", "year_from": "1900", "year_to": "1901"}

    english = client.get("/v1/search", params=params).json()
    spanish = client.get("/v1/search", params=params, headers={"Accept-Language": "es"}).json()

    assert (english["total"], english["hits"], english["degraded"]) == (0, [], False)
    assert "no passage fulfils the filters" in english["notes"]
    assert "ningún pasaje cumple los filtros" in spanish["notes"]


def test_every_note_of_a_small_base_is_told_in_spanish(client: TestClient) -> None:
    """Those of the means too."""
    notes = client.get("/v1/search", params={"q": "effort"}, headers={"Accept-Language": "es"}).json()["notes"]

    assert notes
    assert all("demasiado pocos" in note for note in notes)
    assert not any(word in " ".join(notes) for word in ("Spanish", "English", "passages"))
