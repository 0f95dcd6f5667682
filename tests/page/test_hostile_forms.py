"""200 payloads in what people send: file names, what a job says of them, a key, where to go on: no live node."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.http.auth import Access
from api.http.limits import RequestLimits
from api.page import mount
from kb.records.operation import Job, JobFile, JobState, Scope
from kb.store import Store
from tests.api.conftest import knowledge_base_of
from tests.page.reading_html import read
from tests.page.test_hostile_text import HARMLESS, PAYLOADS

OUTCOMES = ("failed", "added", "duplicate", "skipped")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(page_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("forms") / "base"
    shutil.copytree(page_base, folder)
    opened = Store.open(folder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[TestClient]:
    access = Access(without_key=frozenset({Scope.READ, Scope.INGEST}))
    app = create_app(knowledge_base_of(store), access=access, limits=RequestLimits(rate_per_minute=0))
    mount(app)
    with TestClient(app, headers={"Accept": "text/html", "Accept-Language": "es"}) as opened:
        yield opened


def shapes(html: str) -> set[tuple[str, tuple[str, ...]]]:
    return set(read(html).elements)


def job_page(client: TestClient, store: Store, name: str, words: str, *, ended: bool) -> str:
    """The page of a job that says these words everywhere."""
    job = Job(name, JobState.QUEUED, NOW, 4)
    store.jobs.queue(job, "test")
    store.jobs.begin(name, "reading", words)
    for outcome in OUTCOMES:
        file = JobFile(f"{words} {outcome}", outcome, words, 1, 2, words, words, words, words, words)
        store.jobs.note(name, file)
    if ended:
        store.jobs.finish(name, datetime.now(UTC), words)
    return client.get(f"/add/{name}").text


@pytest.mark.parametrize("ended", [True, False])
def test_no_payload_lives_on_the_page_of_a_job(client: TestClient, store: Store, ended: bool) -> None:
    known = shapes(job_page(client, store, f"jharmless{ended}", HARMLESS, ended=ended))
    for number, evil in enumerate(PAYLOADS):
        html = job_page(client, store, f"j{number}{ended}", evil, ended=ended)

        assert shapes(html) <= known, evil


def test_no_payload_lives_in_the_form_for_a_key(client: TestClient) -> None:
    known = shapes(client.post("/session", data={"key": HARMLESS, "next": HARMLESS}).text)
    known |= shapes(client.get("/session").text)
    for evil in PAYLOADS:
        sent = evil.encode("utf-8", "replace").decode()
        asked = client.get("/session", params={"next": f"/{sent}"})
        refused = client.post("/session", data={"key": sent, "next": f"/{sent}"})

        assert (asked.status_code, refused.status_code) == (200, 401)
        assert shapes(asked.text) | shapes(refused.text) <= known, evil


def test_no_payload_lives_in_what_is_said_of_an_upload(client: TestClient) -> None:
    """Names that are no names come back in the message beside the form."""
    known = shapes(client.post("/add", files=[("file", ("a?.txt", b"x"))]).text)
    for evil in PAYLOADS:
        name = evil.replace("\r", "").replace("\n", "").encode("utf-8", "replace").decode()
        response = client.post("/add", files=[("file", (f"{name}?", b"x"))])

        assert response.status_code == 422
        assert shapes(response.text) <= known, evil
