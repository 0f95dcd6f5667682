"""The typed client against a real server, and against one that stumbles."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from api.app import create_app
from api.client import ApiProblem, Client
from api.client.sending import RequestSender
from api.http.limits import RequestLimits
from api.jobs.runner import JobRunner
from api.routes import all_routes
from kb.records.access import Scope
from kb.records.answer import Status
from kb.records.job import JobState
from kb.records.search import StatisticQuery
from kb.store import Store
from tests.api.conftest import bearer, knowledge_base_of, pipeline_of

EFFORT = "d989ec333805a03c5"


@pytest.fixture
def kb(store: Store) -> Iterator[Client]:
    """A client with every scope."""
    intake = JobRunner(store, lambda: pipeline_of(store))
    app = create_app(knowledge_base_of(store), limits=RequestLimits(rate_per_minute=0), intake=intake)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    key = bearer(store, Scope.ADMIN)["Authorization"].split()[1]
    with Client(f"http://127.0.0.1:{port}", key, language="es") as client:
        yield client
    server.should_exit = True
    thread.join(10)


def test_the_client_reads(kb: Client, store: Store) -> None:
    """Records of kb, with iterators that follow the cursors."""
    hits = list(kb.search("esfuerzo", limit=3))
    answer = kb.ask("effort and churn", source=["en-effort"])
    figures = list(kb.statistics(limit=2))

    assert len(hits) == kb.search_page("esfuerzo").total
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert (answer.status, answer.citations[0].document.id) == (Status.ANSWERED, EFFORT)
    assert [one.statistic for one in figures] == store.statistics(StatisticQuery())
    assert kb.document(EFFORT).document == store.document(EFFORT)
    assert kb.passage(hits[0].passage.id).passage == hits[0].passage
    assert [line.document.source_id for line in kb.documents()] == [one.source_id for one in store.documents()]
    assert kb.text(EFFORT) == store.document(EFFORT).text
    assert kb.original(EFFORT) == store.original(store.document(EFFORT).sha256)
    assert [line["id"] for line in kb.export()] == [one.source_id for one in store.documents()]
    assert len(kb.topics()) == 5
    assert kb.cite([EFFORT], "bibtex", "en").citations[0].id == EFFORT
    assert kb.verify(answer).ok
    assert kb.analyze("El 37,5 % se fue.").statistics[0].raw == "37,5 %"


def test_the_client_writes(kb: Client, store: Store, tmp_path: Path) -> None:
    """A file and a document come in as jobs; a document goes."""
    path = tmp_path / "nota.txt"
    path.write_text("La lealtad pide empatía.", encoding="utf-8")
    first = kb.wait(kb.upload_files([path], {"nota.txt": {"title": "Nota"}}), every=0.05)
    second = kb.wait(kb.upload_documents([{"id": "x", "text": "Churn asks for loyalty."}]), every=0.05)

    assert [job.state for job in (first, second)] == [JobState.DONE] * 2
    document = first.files[0].document_id
    assert document
    assert kb.document(document).document.title == "Nota"
    kb.remove(document)
    with pytest.raises(ApiProblem) as raised:
        kb.document(document)
    assert (raised.value.status, raised.value.code) == (404, "not_found")
    assert raised.value.detail == f"el documento {document}: no está en esta base"


def stumbling(*answers: httpx.Response | Exception) -> tuple[RequestSender, list[httpx.Request], list[float]]:
    """A sender whose server gives these answers, one after the other."""
    left = list(answers)
    asked: list[httpx.Request] = []
    slept: list[float] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        one = left.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    http = httpx.Client(base_url="http://test", transport=httpx.MockTransport(answer))
    return RequestSender(http, 3, slept.append), asked, slept


def test_what_may_pass_is_tried_again() -> None:
    """429 after as long as the server says, 503, a lost connection; a write keeps its key."""
    sender, asked, slept = stumbling(
        httpx.Response(429, headers={"Retry-After": "7"}), httpx.ConnectError("gone"), httpx.Response(202, json={})
    )
    response = sender.send("POST", "/v1/documents", json={})

    assert response.status_code == 202
    assert slept == [7.0, 2.0]
    assert len({request.headers["idempotency-key"] for request in asked}) == 1


def test_what_stays_wrong_is_a_problem() -> None:
    """No second try for a 4xx; after the last try the problem as it is, also when it is no JSON."""
    refused, asked, _ = stumbling(httpx.Response(422, json={"code": "invalid_input", "title": "No"}))
    down, tries, _ = stumbling(*[httpx.Response(503, text="<html>") for _ in range(3)])
    with pytest.raises(ApiProblem, match="422 invalid_input: No"):
        refused.send("GET", "/v1/search")
    with pytest.raises(ApiProblem, match="503 http_error"):
        down.send("GET", "/v1/search")

    assert (len(asked), len(tries)) == (1, 3)


def test_an_id_is_no_path() -> None:
    """An id that would lead elsewhere is not sent."""
    with pytest.raises(ValueError, match="is not an id"), Client() as client:
        client.document("../keys")


def test_it_comes_back_for_what_is_new(kb: Client) -> None:
    """A saved search, its new hits once, and a webhook that is refused for where it leads."""
    saved = kb.save_search("effort", "customer effort", language=["en"])
    job = kb.upload_documents([{"id": "n1", "text": "Customer effort fell when the forms became shorter."}])
    kb.wait(job, every=0.05)
    found = [hit.document.source_id for hit in kb.new_hits(saved.id)]
    again = list(kb.new_hits(saved.id))
    kb.forget_search(saved.id)

    assert (found, again, kb.saved_searches(), kb.webhooks()) == (["n1"], [], (), ())
    with pytest.raises(ApiProblem, match="internet abierta"):
        kb.add_webhook("http://127.0.0.1:9/")


def test_it_gives_what_the_page_shows(kb: Client, store: Store) -> None:
    """Coverage, the places of a basket with their notes, and a draft judged."""
    passage = store.passages_of(EFFORT)[0]
    place = f"{passage.id}:{passage.span.start}-{passage.span.end}"
    (entry,) = kb.basket({place: "para el informe"})
    draft = kb.check_draft("El esfuerzo del cliente bajó un 12 %.")

    assert sum(cell.passages for cell in kb.coverage()) > 0
    assert (entry.note, entry.citation.quote) == ("para el informe", passage.text)
    assert [figure.figure.raw for figure in draft.figures] == ["12 %"]
    assert kb.basket({}) == ()


def test_what_is_made_or_removed_carries_a_key_of_its_own() -> None:
    """A lost answer is asked for again under the same name, so that nothing is done twice."""
    seen: list[str] = []

    def lose_the_first(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["idempotency-key"])
        if len(seen) % 2:
            raise httpx.ReadError("gone")
        return httpx.Response(200, json={})

    sender = RequestSender(
        httpx.Client(base_url="http://x", transport=httpx.MockTransport(lose_the_first)), 2, lambda _: None
    )
    for method, path in [("POST", "/v1/searches"), ("POST", "/v1/webhooks"), ("DELETE", "/v1/searches/q1")]:
        sender.send(method, path)

    assert seen[::2] == seen[1::2]
    assert len(set(seen)) == 3


def test_the_client_knows_every_route_of_the_api() -> None:
    """Kept in step: a route is in the client, or is named here as one that it leaves out."""
    modules = (Path(__file__).parents[2] / "api" / "client").glob("*.py")
    source = "".join(module.read_text(encoding="utf-8") for module in modules)
    called = {path for path in (route.path.split("{")[0].rstrip("/") for route in all_routes()) if path in source}
    left_out = {"/v1/problems", "/healthz", "/readyz", "/metrics"}

    assert {route.path.split("{")[0].rstrip("/") for route in all_routes()} - called == left_out


def test_the_client_corrects_a_record(kb: Client) -> None:
    """By the names of its fields, with the history."""
    told = kb.correct(EFFORT, {"title": "Effort, measured", "publisher": None}, revision=0)

    assert (told.document.title, told.document.publisher, told.revision) == ("Effort, measured", None, 1)
    assert kb.record(EFFORT) == told


def test_the_client_lists_jobs_and_says_what_the_server_is(kb: Client) -> None:
    """As the routes give them."""
    assert kb.jobs().total == len(kb.jobs().jobs)
    assert kb.info().counts["documents"] == len(list(kb.documents()))
