"""Documents sent over HTTP: jobs, events, repeats, removal, and what survives a cut."""

from __future__ import annotations

import io
import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.http.auth import rotate_key
from api.http.limits import RequestLimits
from api.jobs.intake import Incoming
from api.jobs.runner import JobRunner
from kb.records.operation import Job, JobState, Scope
from kb.store import Store
from tests.api.conftest import JSON, Serve, bearer, pipeline_of

SPANISH = "La empatía con los clientes reduce el abandono, según la nota."
UNLIMITED = RequestLimits(rate_per_minute=0)
DOCUMENTS = {
    "documents": [
        {"id": "notes/es", "text": SPANISH, "title": "Nota", "published": "2026-02"},
        {"id": "notes/en", "text": "Loyalty falls where effort grows, the note says."},
    ]
}


def finished(client: TestClient, job: str, headers: dict[str, str]) -> dict[str, Any]:
    """The job once it has ended; at most ten seconds."""
    for _ in range(200):
        found: dict[str, Any] = client.get(f"/v1/jobs/{job}", headers=headers).json()
        if found["state"] in ("done", "failed"):
            return found
        time.sleep(0.05)
    raise AssertionError(f"job {job} has not ended")


@pytest.fixture
def writer(store: Store) -> dict[str, str]:
    return bearer(store, Scope.INGEST, Scope.READ, Scope.ADMIN)


def test_files_become_documents(serve: Serve, store: Store, writer: dict[str, str]) -> None:
    """Two files and what is known of one; the job tells of each, and search finds them at once."""
    client = serve(limits=UNLIMITED)
    files = [
        ("file", ("empatía.txt", SPANISH.encode(), "text/plain")),
        ("file", ("empty.txt", b"", "text/plain")),
    ]
    about = json.dumps({"empatía.txt": {"title": "Sobre la empatía", "authors": ["Ana Ruiz"], "published": "2026"}})
    response = client.post("/v1/documents", files=files, data={"metadata": about}, headers=writer)
    job = response.json()
    ended = finished(client, job["id"], writer)

    assert (response.status_code, response.headers["location"]) == (202, f"/v1/jobs/{job['id']}")
    assert {key: job[key] for key in ("state", "total", "files", "attempt", "error")} == {
        "state": "queued",
        "total": 2,
        "files": [],
        "attempt": 0,
        "error": None,
    }
    assert [(file["source_id"], file["outcome"]) for file in ended["files"]] == [
        ("empatía.txt", "added"),
        ("empty.txt", "failed"),
    ]
    assert ended["state"] == "done"
    assert ended["files"][1]["reason"]
    document = store.document(ended["files"][0]["document_id"])
    assert (document.title, document.authors, document.published) == ("Sobre la empatía", ("Ana Ruiz",), "2026")
    found = client.get("/v1/search", params={"q": "empatía", "source": "empatía.txt"}).json()
    assert [hit["citation"]["quote"] for hit in found["hits"]] == [SPANISH]
    assert ended["stage"] is ended["working_on"] is None


def test_documents_as_json(serve: Serve, store: Store, writer: dict[str, str]) -> None:
    """Each under the id that its sender gave it."""
    client = serve(limits=UNLIMITED)
    job = client.post("/v1/documents", json=DOCUMENTS, headers=writer).json()
    ended = finished(client, job["id"], writer)

    assert [(file["source_id"], file["outcome"]) for file in ended["files"]] == [
        ("notes/es", "added"),
        ("notes/en", "added"),
    ]
    assert store.document(ended["files"][0]["document_id"]).text == SPANISH


def test_events_follow_a_job_to_its_end(serve: Serve, writer: dict[str, str]) -> None:
    """Server-sent events; the last one is the job as it ended."""
    client = serve(limits=UNLIMITED)
    job = client.post("/v1/documents", json=DOCUMENTS, headers=writer).json()
    response = client.get(f"/v1/jobs/{job['id']}/events", headers=writer)
    events = [block.split("\n") for block in response.text.strip().split("\n\n")]
    last = json.loads(events[-1][1].removeprefix("data: "))

    assert response.headers["content-type"].startswith("text/event-stream")
    assert {event[0] for event in events} == {"event: job"}
    assert last == client.get(f"/v1/jobs/{job['id']}", headers=writer).json()
    assert last["state"] == "done"


def test_a_repeated_request_is_done_once(serve: Serve, store: Store, writer: dict[str, str]) -> None:
    """The same Idempotency-Key: the same answer for the same request, a conflict for another one."""
    client = serve(limits=UNLIMITED, run_jobs=False)
    named = {**writer, "Idempotency-Key": "once"}
    first = client.post("/v1/documents", json=DOCUMENTS, headers=named)
    again = client.post("/v1/documents", json=DOCUMENTS, headers=named)
    other = client.post("/v1/documents", json={"documents": DOCUMENTS["documents"][:1]}, headers=named)
    someone = client.post(
        "/v1/documents", json=DOCUMENTS, headers={**bearer(store, Scope.INGEST), "Idempotency-Key": "once"}
    )

    assert (again.status_code, again.json(), again.headers["idempotent-replayed"]) == (202, first.json(), "true")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")
    assert someone.json()["id"] != first.json()["id"]
    assert store.jobs.count(JobState.QUEUED) == 2


def test_a_document_is_removed_once(serve: Serve, store: Store, writer: dict[str, str]) -> None:
    """204, then 404; with the Idempotency-Key of the first request 204 again."""
    client = serve(limits=UNLIMITED)
    named = {**writer, "Idempotency-Key": "gone"}
    path = "/v1/documents/d086756249abdf972"
    statuses = [client.delete(path, headers=headers).status_code for headers in (named, writer, named)]

    assert statuses == [204, 404, 204]
    assert client.delete("/v1/documents/d0", headers=named).json()["code"] == "idempotency_conflict"
    assert client.get("/v1/search", params={"q": "rain", "source": "en-rain"}).json()["total"] == 0


def test_a_job_survives_a_cut(serve: Serve, store: Store, writer: dict[str, str]) -> None:
    """Acknowledged and not begun, then begun and cut off: the next start does the rest, and nothing twice."""
    client = serve(limits=UNLIMITED, run_jobs=False)
    job = client.post("/v1/documents", json=DOCUMENTS, headers=writer).json()["id"]
    cut = JobRunner(store, lambda: pipeline_of(store))
    taken = store.jobs.take(store.keys.all()[0].created)
    assert taken
    note = cut._sources(taken)
    pipeline_of(store).run([next(note)])  # one document is in, and the process dies
    assert store.jobs.get(job).state is JobState.RUNNING

    cut.start()
    ended = finished(client, job, writer)
    cut.stop()

    assert (ended["state"], ended["attempt"]) == ("done", 2)
    assert [file["outcome"] for file in ended["files"]] == ["unchanged", "added"]
    assert len({document.id for document in store.documents()}) == 6


def test_a_stop_puts_the_rest_back(store: Store, serve: Serve, writer: dict[str, str]) -> None:
    """The file in hand is finished; the job is queued again and keeps what it has done."""
    client = serve(limits=UNLIMITED, run_jobs=False)
    job = client.post("/v1/documents", json=DOCUMENTS, headers=writer).json()["id"]
    runner = JobRunner(store, lambda: pipeline_of(store))
    pipeline = pipeline_of(store)
    real_add = store.add

    def add_and_stop(*parts: Any) -> None:
        real_add(*parts)
        runner._stopping.set()

    store.add = add_and_stop  # type: ignore[method-assign,assignment]
    runner._pipeline = pipeline
    runner.start()
    time.sleep(0.5)
    runner.stop()
    half = store.jobs.get(job)
    store.add = real_add  # type: ignore[method-assign]
    rest = JobRunner(store, lambda: pipeline_of(store))
    rest.start()
    ended = finished(client, job, writer)
    rest.stop()

    assert (half.state, [file.outcome for file in half.files]) == (JobState.QUEUED, ["added"])
    assert [file["outcome"] for file in ended["files"]] == ["added", "added"]


def test_only_one_server_runs_the_jobs_of_a_base(store: Store) -> None:
    """A second runner waits for the first to end."""
    first, second = (JobRunner(store, lambda: pipeline_of(store)) for _ in range(2))

    assert (first._is_runner(), second._is_runner()) == (True, False)
    first._let_go()
    assert second._is_runner()
    second._let_go()


BAD: list[tuple[str, dict[str, Any], int, str]] = [
    ("no file", {"data": {"metadata": "{}"}}, 415, "unsupported_media_type"),
    ("another field", {"files": {"document": ("a.txt", b"a")}}, 422, "invalid_input"),
    ("a path", {"files": {"file": ("../a.txt", b"a")}}, 422, "invalid_input"),
    ("an absolute path", {"files": {"file": ("/etc/passwd", b"a")}}, 422, "invalid_input"),
    ("a hidden file", {"files": {"file": (".env", b"a")}}, 422, "invalid_input"),
    ("a sidecar", {"files": {"file": ("a.txt.meta.json", b"{}")}}, 422, "invalid_input"),
    ("a long name", {"files": {"file": ("a" * 200 + ".txt", b"a")}}, 422, "invalid_input"),
    ("two of one name", {"files": [("file", ("a.txt", b"a")), ("file", ("a.txt", b"b"))]}, 422, "invalid_input"),
    ("metadata of none", {"files": {"file": ("a.txt", b"a")}, "data": {"metadata": '{"b": {}}'}}, 422, "invalid_input"),
    ("metadata no JSON", {"files": {"file": ("a.txt", b"a")}, "data": {"metadata": "{"}}, 422, "invalid_input"),
    (
        "broken form",
        {"content": b"--x\r\n\r\n", "headers": {"Content-Type": "multipart/form-data"}},
        400,
        "malformed_body",
    ),
    ("no JSON", {"content": b"{", "headers": JSON}, 400, "malformed_body"),
    ("deep JSON", {"content": b'{"documents":' * 100_000, "headers": JSON}, 400, "malformed_body"),
    ("no documents", {"json": {"documents": []}}, 422, "invalid_input"),
    ("no text", {"json": {"documents": [{"id": "a"}]}}, 422, "invalid_input"),
    ("unknown field", {"json": {"documents": [{"id": "a", "text": "b", "tags": []}]}}, 422, "invalid_input"),
]


@pytest.mark.parametrize(("sent", "status", "code"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_uploads(
    serve: Serve, store: Store, writer: dict[str, str], sent: dict[str, Any], status: int, code: str
) -> None:
    """The documented problem; no job, and nothing left in the folder."""
    client = serve(limits=UNLIMITED, run_jobs=False)
    response = client.post("/v1/documents", **{**sent, "headers": {**writer, **sent.get("headers", {})}})

    assert (response.status_code, response.json()["code"]) == (status, code), response.text
    assert store.jobs.count(JobState.QUEUED) == 0
    assert not list((store.folder / "incoming").glob("j*"))


def test_uploads_have_limits_of_their_own(serve: Serve, store: Store, writer: dict[str, str]) -> None:
    """Larger than other bodies, and a number of files."""
    client = serve(
        limits=RequestLimits(rate_per_minute=0, body_bytes=10, upload_bytes=2000, upload_files=2), run_jobs=False
    )
    three = [("file", (f"{number}.txt", b"a")) for number in range(3)]
    large = client.post("/v1/documents", files={"file": ("a.txt", b"x" * 2001)}, headers=writer)
    many = client.post("/v1/documents", files=three, headers=writer)
    fits = client.post("/v1/documents", files={"file": ("a.txt", b"x" * 1000)}, headers=writer)

    assert [one.status_code for one in (large, many, fits)] == [413, 422, 202]


def test_what_failed_is_kept_for_an_hour(serve: Serve, store: Store, writer: dict[str, str]) -> None:
    """Only the failed file, with what its sender said of it; of a job that is not over nothing."""
    client = serve(limits=UNLIMITED)
    sent = [("file", ("good.txt", SPANISH.encode())), ("file", ("bad.pdf", b"%PDF-1.4 broken"))]
    about = {"bad.pdf": {"title": "Roto"}}
    job = client.post("/v1/documents", files=sent, data={"metadata": json.dumps(about)}, headers=writer).json()
    finished(client, job["id"], writer)
    intake = client.app.state.intake  # type: ignore[attr-defined]
    [kept] = intake.failed(job["id"])

    assert (kept.name, kept.data.read(), kept.metadata) == ("bad.pdf", b"%PDF-1.4 broken", {"title": "Roto"})
    kept.data.close()
    os.utime(store.folder / "incoming" / job["id"], (0, 0))
    intake._sweep()
    assert intake.failed(job["id"]) == []


def test_a_job_says_what_is_being_done(store: Store) -> None:
    """The stage and the source while they last, nothing at the end."""
    now = datetime.now(UTC)
    store.jobs.queue(Job("j1", JobState.QUEUED, now, 1), "me")
    store.jobs.take(now)

    begun = store.jobs.begin("j1", "embedding", "a.pdf")
    ended = store.jobs.finish("j1", now)

    assert (begun.stage, begun.working_on) == ("embedding", "a.pdf")
    assert (ended.stage, ended.working_on) == (None, None)


def test_what_was_left_of_no_job_is_swept_away(store: Store, tmp_path: Path) -> None:
    """Files kept for a request whose answer was never given do not stay for ever."""
    left_over = store.folder / "incoming" / "j0000"
    left_over.mkdir(parents=True)
    os.utime(left_over, (0, 0))
    runner = JobRunner(store, lambda: pipeline_of(store))

    assert runner._is_runner()
    assert not left_over.exists()
    runner._let_go()


def test_what_was_just_sent_stays_whatever_the_clock_says(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its job is not queued yet when the one before it ends, and the clock of the program was set days ahead."""
    runner = JobRunner(store, lambda: pipeline_of(store))
    runner.keep("j0000", [Incoming("a.txt", io.BytesIO(b"Hola"))])
    ahead = time.time() + 40 * 86_400
    monkeypatch.setattr(time, "time", lambda: ahead)
    runner._sweep()

    assert [path.read_bytes() for path in runner.kept("j0000")] == [b"Hola"]


def test_a_job_whose_files_are_gone_has_failed(store: Store) -> None:
    """Nothing was read, so nothing is said to be done."""
    runner = JobRunner(store, lambda: pipeline_of(store))
    store.jobs.queue(Job("j0000", JobState.QUEUED, datetime.now(UTC), 1), "me")
    runner.start()
    until = time.monotonic() + 20
    while not (ended := store.jobs.get("j0000")).state.ended and time.monotonic() < until:
        time.sleep(0.05)
    runner.stop()

    assert (ended.state, ended.files, ended.error) == (JobState.FAILED, (), "its files are gone: send them again")


def sent(client: TestClient, headers: dict[str, str], name: str, text: str) -> list[tuple[str, str, str | None]]:
    """What became of a file that was sent: name, outcome and reason."""
    files = [("file", (name, text.encode(), "text/plain"))]
    job = client.post("/v1/documents", files=files, headers=headers).json()["id"]
    ended = finished(client, job, headers)
    return [(file["source_id"], file["outcome"], file["reason"]) for file in ended["files"]]


def test_two_keys_send_files_of_one_name(serve: Serve, store: Store) -> None:
    """They are two documents; a key that succeeds another goes on where that one was."""
    client = serve(limits=UNLIMITED)
    first, second = bearer(store, Scope.INGEST), bearer(store, Scope.INGEST)
    keys = {key.id for key in store.keys.all()}
    ana, bea = (key.id for key in store.keys.all()[-2:])

    assert sent(client, first, "report.txt", SPANISH) == [("report.txt", "added", None)]
    assert sent(client, second, "report.txt", "Loyalty falls where effort grows.") == [
        (f"{bea}/report.txt", "added", None)
    ]

    _, successor, secret = rotate_key(store.keys, ana)
    assert successor.id not in keys
    renewed = {"Authorization": f"Bearer {secret}"}
    assert sent(client, renewed, "report.txt", SPANISH) == [("report.txt", "unchanged", None)]
    assert sent(client, first, "report.txt", "Another text of the same report.") == [("report.txt", "updated", None)]


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "This was sent by somebody else"), ("es", "Esto lo envió otra persona")],
)
def test_a_document_of_another_key_is_not_replaced(serve: Serve, store: Store, language: str, title: str) -> None:
    """A JSON document is refused at once with its id, a line of JSON in the job; the owner and an admin may."""
    client = serve(limits=UNLIMITED)
    owner, other, admin = bearer(store, Scope.INGEST), bearer(store, Scope.INGEST), bearer(store, Scope.ADMIN)
    finished(client, client.post("/v1/documents", json=DOCUMENTS, headers=owner).json()["id"], owner)
    changed = {"id": "notes/es", "text": "Otra nota, de otras personas."}

    refused = client.post(
        "/v1/documents", json={"documents": [changed]}, headers={**other, "Accept-Language": language}
    )
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["title"]) == (403, "not_yours", title)
    assert "notes/es" in problem["detail"]
    ((name, outcome, reason),) = sent(client, other, "lines.jsonl", json.dumps(changed))
    assert (name, outcome) == ("notes/es", "failed")
    assert reason == "was brought by somebody else, and this key may replace only what it sent itself"

    for allowed in (owner, admin):
        changed["text"] += " Corregida."
        assert sent(client, allowed, "lines.jsonl", json.dumps(changed)) == [("notes/es", "updated", None)]


def test_half_characters_of_an_upload_are_mended_field_by_field(
    serve: Serve, store: Store, writer: dict[str, str]
) -> None:
    """JSON documents, and a file's name and metadata; the notes say where."""
    client = serve(limits=UNLIMITED)
    row = {"id": "a\ud800", "text": SPANISH, "title": "Una\0 nota \ud83d\ude00", "publisher": "\udc00"}
    body = json.dumps({"documents": [row]}).encode()
    job = client.post("/v1/documents", content=body, headers={**writer, **JSON}).json()["id"]
    (line,) = finished(client, job, writer)["files"]

    broken = "a broken character stands as \ufffd"
    notes = [f"id: {broken}", "title: control characters were left out", f"publisher: {broken}"]
    assert (line["source_id"], line["outcome"], line["note"]) == ("a\ufffd", "added", "; ".join(notes))
    document = store.document(line["document_id"])
    assert (document.title, document.publisher) == ("Una nota 😀", "\ufffd")

    form = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\x01.txt"\r\n\r\nLoyalty falls.\r\n'
        b'--x\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n'
        b'{"a\\u0001.txt": {"title": "Half \\ud800"}}\r\n--x--\r\n'
    )
    headers = {**writer, "Content-Type": "multipart/form-data; boundary=x"}
    response = client.post("/v1/documents", content=form, headers=headers)
    assert response.status_code == 202, response.text
    (line,) = finished(client, response.json()["id"], writer)["files"]
    assert (line["source_id"], line["outcome"], line["note"]) == ("a\ufffd.txt", "added", f"title: {broken}")


def test_a_list_of_records_that_is_sent_along_fills_those_of_its_files(
    serve: Serve, store: Store, writer: dict[str, str]
) -> None:
    """It is no document; the job says how many files it was of."""
    client = serve()
    listed = b"@report{gil, title = {Se\xc3\xb1ales}, author = {Gil, Ana}, file = {Text:files/12/nota.txt:text/plain}}"
    files = [("file", ("nota.txt", b"Loyalty fell by 12 % in 2021, said the bank.")), ("file", ("refs.bib", listed))]

    job = finished(client, client.post("/v1/documents", files=files, headers=writer).json()["id"], writer)

    assert [(one["source_id"], one["outcome"]) for one in job["files"]] == [
        ("nota.txt", "added"),
        ("refs.bib", "skipped"),
    ]
    assert job["files"][1]["reason"] == "is a list of 1 records; the files of 1 were met"
    document = next(one for one in store.documents() if one.source_id == "nota.txt")
    assert (document.title, document.authors) == ("Señales", ("Ana Gil",))
