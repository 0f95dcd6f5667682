"""Pages sent by their addresses over HTTP: what is refused at once, what the job refuses, and what a cut leaves."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.cli.job_process import runner_of
from api.cli.wiring import Wiring
from api.http.auth import utc_now
from api.http.limits import RequestLimits
from api.jobs.intake import Inbox, Incoming
from api.jobs.runner import JobRunner
from api.settings import Settings
from kb.records.operation import Job, JobState, Scope
from kb.store import Store
from tests.api.conftest import Serve, bearer, pipeline_of
from tests.api.test_cut_off_jobs import run
from tests.api.test_uploads import UNLIMITED, finished
from tests.ingest.test_network import (
    CANARY,
    FETCHER,
    HOSTS,
    NAMES,
    RSS,
    SCHEMES,
    SERVER,
    TRICKS,
    Canary,
    Reply,
    answers,
    page,
    redirect,
    running,
    site,
)
from tests.ingest.test_network import names as names

ROUTE = "/v1/ingest/urls"
STUDY = (
    b"<html><head><title>On effort</title></head><body><p>Churn grows where customer effort grows.</p></body></html>"
)
NOTE = (
    b"<html><head><title>A note</title></head><body><p>Loyalty is what customers keep to themselves.</p></body></html>"
)


@pytest.fixture(autouse=True)
def site_name(names: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of the server of pages, which the fetcher of the tests may reach: its number is refused at once."""
    others = socket.getaddrinfo

    def look_up(host: Any, port: Any, *rest: Any, **named: Any) -> Any:
        by_name = host == "site.example" and named.get("flags") != socket.AI_NUMERICHOST
        return answers(host, SERVER) if by_name else others(host, port, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.fixture
def writer(store: Store) -> dict[str, str]:
    return bearer(store, Scope.INGEST, Scope.READ)


def named(address: str) -> str:
    """The address of the server of pages by its name."""
    return address.replace(SERVER, "site.example")


def sent(client: TestClient, headers: dict[str, str], *urls: str, **more: Any) -> dict[str, Any]:
    """The job of these addresses once it has ended."""
    response = client.post(ROUTE, json={"urls": urls, **more}, headers=headers)
    assert response.status_code == 202, response.text
    assert response.headers["location"] == f"/v1/jobs/{response.json()['id']}"
    return finished(client, response.json()["id"], headers)


def lines(job: dict[str, Any]) -> list[tuple[str, str]]:
    return [(file["source_id"], file["outcome"]) for file in job["files"]]


def test_pages_become_documents(serve: Serve, store: Store, writer: dict[str, str]) -> None:
    """A page, what is known of it, and the pages of a feed, each under its address; one that is none is told."""
    client = serve(limits=UNLIMITED, network=True, fetcher=FETCHER)
    replies: dict[str, Reply] = {"/study": page(STUDY), "/a": page(NOTE), "/b": lambda handler: handler.send_error(404)}
    with site(replies) as address:
        base = named(address)
        replies["/feed"] = page(RSS.format(base=base).encode(), "application/rss+xml")
        known = {"title": "The right title", "authors": ["Ana Ruiz"], "published": "2026-02"}
        ended = sent(client, writer, f"{base}/study", f"{base}/feed", metadata={f"{base}/study": known})
        again = sent(client, writer, f"{base}/study", metadata={f"{base}/study": known})

    assert (ended["state"], ended["total"], ended["stage"], ended["working_on"]) == ("done", 2, None, None)
    assert lines(ended) == [(f"{base}/study", "added"), (f"{base}/a", "added"), (f"{base}/b", "failed")]
    assert (ended["files"][2]["stage"], ended["files"][2]["reason"]) == ("fetch", "the server answered 404")
    document = store.document(ended["files"][0]["document_id"])
    assert (document.title, document.authors, document.published) == ("The right title", ("Ana Ruiz",), "2026-02")
    assert document.url == f"{base}/study"
    assert lines(again) == [(f"{base}/study", "unchanged")]


def test_what_is_said_of_a_feed_is_of_none_of_its_pages(serve: Serve, store: Store, writer: dict[str, str]) -> None:
    """Its pages go in with their own records, and the line of the feed says so."""
    client = serve(limits=UNLIMITED, network=True, fetcher=FETCHER)
    replies: dict[str, Reply] = {"/a": page(NOTE), "/b": page(STUDY)}
    with site(replies) as address:
        base = named(address)
        replies["/feed"] = page(RSS.format(base=base).encode(), "application/rss+xml")
        ended = sent(client, writer, f"{base}/feed", metadata={f"{base}/feed": {"title": "Wrong"}})

    assert lines(ended) == [(f"{base}/feed", "failed"), (f"{base}/a", "added"), (f"{base}/b", "added")]
    assert ended["files"][0]["reason"] == "lists pages: what was said of it is of none of them"
    assert store.document(ended["files"][1]["document_id"]).title == "A note"


def test_no_spelling_redirect_or_name_reaches_a_private_address(
    serve: Serve, store: Store, writer: dict[str, str]
) -> None:
    """What can be told by the spelling is refused at once, each name and each redirect by the job: nothing connects."""
    client = serve(limits=UNLIMITED, network=True, fetcher=FETCHER)
    canary = Canary()
    with running(canary) as port:
        hosts = [f"{scheme}://{host}:{port}/x" for host in HOSTS for scheme in ("http", "https")]
        urls = [*hosts, *(trick.format(canary=f"{CANARY}:{port}") for trick in TRICKS), *SCHEMES]
        asked = [client.post(ROUTE, json={"urls": [url]}, headers=writer) for url in urls]
        taken = [url for url, response in zip(urls, asked, strict=True) if response.status_code == 202]
        replies: dict[str, Reply] = {f"/{number}": redirect(url) for number, url in enumerate(urls) if "\r" not in url}
        with site(replies) as address:
            places = [named(address) + path for path in replies]
            ended = [sent(client, writer, *places[start : start + 100]) for start in range(0, len(places), 100)]
        ended += [finished(client, response.json()["id"], writer) for response in asked if response.status_code == 202]

    assert {url.split("//")[1].split(":")[0] for url in taken} <= {*NAMES}
    assert {(one.status_code, one.json().get("code")) for one in asked if one.status_code != 202} == {
        (422, "invalid_input")
    }
    assert {file["outcome"] for job in ended for file in job["files"]} == {"failed"}
    assert sum(len(job["files"]) for job in ended) == len(places) + len(taken)
    assert canary.hits == 0


def test_where_nothing_may_be_fetched_nothing_is(serve: Serve, store: Store, writer: dict[str, str]) -> None:
    """The problem names the setting in both languages; a job that was sent before it was taken back says it too."""
    client = serve(limits=UNLIMITED)
    body = {"urls": ["https://www.example.org/"]}
    refused = [client.post(ROUTE, json=body, headers={**writer, "Accept-Language": one}) for one in ("en", "es")]
    allowed = serve(limits=UNLIMITED, network=True)
    ended = sent(allowed, writer, *body["urls"])

    assert [(one.status_code, one.json()["code"]) for one in refused] == [(403, "network_off")] * 2
    assert all("KB_NETWORK=1" in one.json()["hint"] for one in refused)
    assert lines(ended) == [("https://www.example.org/", "failed")]
    assert (ended["files"][0]["stage"], ended["files"][0]["reason"], ended["files"][0]["hint"]) == (
        "fetch",
        "nothing is fetched unless asked",
        "Set KB_NETWORK=1 and start the server again, or send the page as a file",
    )


BAD: list[tuple[str, dict[str, Any]]] = [
    ("none", {"urls": []}),
    ("not said", {}),
    ("too many", {"urls": [f"https://www.example.org/{number}" for number in range(101)]}),
    ("too long", {"urls": ["https://www.example.org/" + "a" * 2_000]}),
    ("no list", {"urls": "https://www.example.org/"}),
    ("empty", {"urls": [""]}),
    ("no address", {"urls": ["report.pdf"]}),
    ("a file", {"urls": ["file:///etc/passwd"]}),
    ("another scheme", {"urls": ["ftp://ftp.example.org/a"]}),
    ("loopback", {"urls": ["http://127.0.0.1:8000/v1/jobs"]}),
    ("this machine by name", {"urls": ["http://localhost:8000/"]}),
    ("below that name", {"urls": ["http://kb.localhost./"]}),
    ("private", {"urls": ["https://www.example.org/", "http://192.168.1.1/"]}),
    ("a user", {"urls": ["https://ana@www.example.org/"]}),
    ("broken", {"urls": ["http://[::1/"]}),
    ("the port of mail", {"urls": ["https://www.example.org:25/"]}),
    ("of another", {"urls": ["https://www.example.org/"], "metadata": {"https://www.example.org": {}}}),
    ("unknown field", {"urls": ["https://www.example.org/"], "metadata": {"https://www.example.org/": {"tags": []}}}),
    ("unknown member", {"urls": ["https://www.example.org/"], "url": "x"}),
]


@pytest.mark.parametrize("body", [row[1] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_requests(serve: Serve, store: Store, writer: dict[str, str], body: dict[str, Any]) -> None:
    """Told at once, and nothing of them is kept, the good addresses among them neither."""
    response = serve(limits=UNLIMITED, network=True, run_jobs=False).post(ROUTE, json=body, headers=writer)

    assert (response.status_code, response.json()["code"]) == (422, "invalid_input")
    assert response.json()["detail"]
    assert list(store.folder.glob("incoming/*")) == []
    assert store.jobs.count(JobState.QUEUED) == 0


@pytest.mark.parametrize("name", [".address", ".address.meta.json", " .address", "\u200b.address", "．address/"])
def test_no_upload_becomes_an_address(serve: Serve, store: Store, writer: dict[str, str], name: str) -> None:
    """The name under which addresses are kept is none that a file can have."""
    client = serve(limits=UNLIMITED, network=True, run_jobs=False)
    response = client.post("/v1/documents", files={"file": (name, b"http://site.example/")}, headers=writer)

    assert (response.status_code, response.json()["code"]) == (422, "invalid_input")
    assert list(store.folder.glob("incoming/*/*/*")) == []


def test_a_repeated_request_is_done_once(serve: Serve, store: Store, writer: dict[str, str]) -> None:
    """One address twice is one; what is said of a page belongs to the request."""
    client = serve(limits=UNLIMITED, network=True, run_jobs=False)
    once = {**writer, "Idempotency-Key": "once"}
    url = "https://www.example.org/"
    first = client.post(ROUTE, json={"urls": [url, url]}, headers=once)
    again = client.post(ROUTE, json={"urls": [url]}, headers=once)
    other = client.post(ROUTE, json={"urls": [url], "metadata": {url: {"title": "T"}}}, headers=once)

    assert (first.status_code, first.json()["total"]) == (202, 1)
    assert (again.json(), again.headers["idempotent-replayed"]) == (first.json(), "true")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")


def queue(store: Store, job: str, *urls: str) -> None:
    """A job with these addresses, as the server queues it."""
    Inbox(store).keep(job, [Incoming.at(url, None) for url in urls])
    store.jobs.queue(Job(job, JobState.QUEUED, utc_now(), len(urls)), "tests")


def test_a_job_survives_a_kill(store: Store) -> None:
    """What was in stays as it was told, the rest is fetched by the next process."""
    tries = []

    def deadly_once(handler: BaseHTTPRequestHandler) -> None:
        tries.append(handler.path)
        page(STUDY.replace(b"Churn", b"A deadly churn") if len(tries) == 1 else STUDY)(handler)

    with site({"/a": page(NOTE), "/b": deadly_once}) as address:
        queue(store, "j1", f"{address}/a", f"{address}/b")
        codes = [run(store), run(store)]
    ended = store.jobs.get("j1")

    assert codes == [9, 0]
    assert (ended.state, ended.attempt, ended.cut_off) == (JobState.DONE, 2, (f"{address}/b",))
    assert [(file.source_id, file.outcome) for file in ended.files] == [
        (f"{address}/a", "added"),
        (f"{address}/b", "added"),
    ]
    assert not (store.folder / "incoming" / "j1").exists()


def test_a_job_is_called_off(store: Store) -> None:
    """The page that was read goes in, the one that comes meanwhile does not, the next is not fetched."""
    asked = []

    def calls_off(handler: BaseHTTPRequestHandler) -> None:
        asked.append(store.jobs.get("j1").stage)
        store.jobs.cancel("j1", utc_now())
        page(STUDY)(handler)

    with site({"/a": page(NOTE), "/b": calls_off, "/c": calls_off}) as address:
        queue(store, "j1", f"{address}/a", f"{address}/b", f"{address}/c")
        runner = JobRunner(store, lambda: pipeline_of(store), fetcher=FETCHER)
        runner.start()
        while not store.jobs.get("j1").state.ended:
            time.sleep(0.02)
        runner.stop()
    ended = store.jobs.get("j1")

    assert (ended.state, [(file.source_id, file.outcome) for file in ended.files]) == (
        JobState.CANCELLED,
        [(f"{address}/a", "added")],
    )
    assert asked == ["fetching"]
    assert not (store.folder / "incoming" / "j1").exists()


def test_what_failed_can_be_sent_again(serve: Serve, store: Store, writer: dict[str, str]) -> None:
    """From the page of the job too: the address that failed, with what was said of it, and no other."""
    client = serve(limits=RequestLimits(rate_per_minute=0), network=True, fetcher=FETCHER)
    replies: dict[str, Reply] = {"/a": page(NOTE), "/b": lambda handler: handler.send_error(503)}
    with site(replies) as address:
        base = named(address)
        ended = sent(client, writer, f"{base}/a", f"{base}/b", metadata={f"{base}/b": {"title": "B"}})
        again = Inbox(store).failed(ended["id"])
        kept = [(file.data.read().decode(), file.metadata, file.is_address) for file in again]
        for file in again:
            file.data.close()

    assert kept == [(f"{base}/b", {"title": "B"}, True)]


def test_a_job_has_its_time(serve: Serve, store: Store, writer: dict[str, str]) -> None:
    """What is asked for after it is told and not fetched, so that the jobs behind it are run."""
    asked = []
    client = serve(limits=UNLIMITED, network=True, fetcher=replace(FETCHER, job_seconds=0))
    with site({"/a": lambda handler: asked.append(handler.path)}) as address:
        ended = sent(client, writer, f"{named(address)}/a")

    assert (lines(ended), asked) == ([(f"{named(address)}/a", "failed")], [])
    assert ended["files"][0]["reason"] == "was not fetched in the 0 minutes that a job may fetch"


@pytest.mark.parametrize("network", [False, True])
def test_the_job_process_fetches_where_the_setting_allows_it(tmp_path: Path, network: bool) -> None:
    """The setting is that of the command line."""
    wiring = Wiring(Settings(base=tmp_path / "base", network=network))
    runner = runner_of(wiring, wiring.store(create=True), lambda fault: None)
    wiring.reader.close()

    assert (runner._fetcher is not None) is network
