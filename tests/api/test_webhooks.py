"""Webhooks: what is sent is signed, tried again, ends, survives a restart, and never reaches a private place."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.http.limits import RequestLimits
from api.jobs.runner import JobRunner
from api.service.parts import Watching
from api.watching.courier import MAX_WEBHOOKS, Courier, MessageSender, Patience, Sent, register, signed_headers
from kb.records.errors import InputError
from kb.records.operation import DeliveryState, Event, Job, JobState, Scope
from kb.store import Store
from kb.store.operation.webhooks import REMEMBERED
from tests.api.conftest import bearer, knowledge_base_of, pipeline_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs" / "api.md"


class Receiver(ThreadingHTTPServer):
    """A real server that keeps what it is sent and answers what it was told to: a status, "hang", or a place."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[int | str] = []
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.let_go = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/kb"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        answer = self.server.answers.pop(0) if self.server.answers else 200
        if answer == "hang":
            self.server.let_go.wait(20)
            return
        if answer == "endless":
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while not self.server.let_go.wait(0.01):
                    self.wfile.write(b"x" * 65536)
            return
        self.send_response(answer if isinstance(answer, int) else 307)
        if isinstance(answer, str):
            self.send_header("Location", answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *parts: Any) -> None:
        """Nothing is said."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    started = Receiver()
    yield started
    started.let_go.set()
    started.shutdown()
    started.server_close()


def courier_of(store: Store, now: datetime = NOW, seconds: float = 5.0) -> Courier:
    return Courier(knowledge_base_of(store), MessageSender(private=True, seconds=seconds), now=lambda: now)


def ended_job(store: Store, number: int = 1) -> Job:
    """A job of the base that has ended, at the time of the tests."""
    store.jobs.queue(Job(f"j{number}", JobState.QUEUED, NOW, 1), "test")
    return store.jobs.finish(f"j{number}", NOW)


def delivered(courier: Courier) -> list[DeliveryState]:
    """Try everything that is due, once."""
    return [courier.deliver(one).state for one in courier.base.watching.webhooks.due(courier.now())]


def test_an_ended_job_is_told_signed(store: Store, receiver: Receiver) -> None:
    """The body is the job; the signature is over the time and the body, by the secret that was shown."""
    webhook, secret = register(Watching.of(store), MessageSender(private=True), receiver.url, None)
    job = ended_job(store)
    courier = courier_of(store)

    assert delivered(courier) == [DeliveryState.DELIVERED]
    assert delivered(courier) == []
    ((headers, body),) = receiver.got
    told = json.loads(body)
    assert (told["event"], told["job"]["id"], told["job"]["state"]) == ("job.finished", job.id, "done")
    assert (headers["KB-Event"], headers["KB-Delivery"]) == ("job.finished", told["id"])
    signed = signed_headers(secret, told["id"], int(NOW.timestamp()), body)
    assert {name: headers[name] for name in signed} == signed
    (kept,) = store.webhooks.deliveries(webhook.id, 10)
    assert (kept.state, kept.due, [one.status for one in kept.attempts]) == (DeliveryState.DELIVERED, None, [200])


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "v1,9o7UeFkn1GjVbcY4emAJruJCYqgH2EIf8u/slvVRBZI="),
        ("whsec_Mf-Q9r8GKYqrTwjUPD8ILPZIo2LaLa_wAA", "v1,lLDYfYJkaxvmut+gCD6eucuHqFz6TJZCC0SUlOtAI4A="),
    ],
    ids=["as the standard writes secrets", "as earlier versions wrote them"],
)
def test_the_signature_is_that_of_standard_webhooks(secret: str, expected: str) -> None:
    """As standardwebhooks 1.1.0 signs: the second secret is handed to it as Mf+Q9r8GKYqrTwjUPD8ILPZIo2LaLa/wAA==."""
    headers = signed_headers(secret, "msg_1", 1614265330, b'{"test": 2432232314}')

    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_1", "1614265330")
    assert headers["webhook-signature"] == expected


def test_the_documented_check_is_right(store: Store, receiver: Receiver) -> None:
    """The example of the docs, run on a real message."""
    example = re.search(r"```python\n(import hashlib.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    names: dict[str, Any] = {}
    exec(example[1], names)  # noqa: S102 - our own documentation
    _, secret = register(Watching.of(store), MessageSender(private=True), receiver.url, None)
    ended_job(store)
    now = datetime.now(UTC)
    delivered(courier_of(store, now))
    ((headers, body),) = receiver.got

    assert names["is_from_kb"](secret, headers["KB-Signature"], body)
    assert not names["is_from_kb"](secret, headers["KB-Signature"], body + b" ")


def test_a_failed_message_comes_again_later_and_ends(store: Store, receiver: Receiver) -> None:
    """500 and then 200: the same body, after the wait; one that is never taken is given up after six tries."""
    webhook, _ = register(Watching.of(store), MessageSender(private=True), receiver.url, None)
    ended_job(store)
    receiver.answers = [500]

    assert delivered(courier_of(store)) == [DeliveryState.WAITING]
    assert store.webhooks.due(NOW + timedelta(seconds=9)) == []
    assert delivered(courier_of(store, NOW + timedelta(seconds=10))) == [DeliveryState.DELIVERED]
    assert receiver.got[0][1] == receiver.got[1][1]
    assert receiver.got[0][0]["KB-Delivery"] == receiver.got[1][0]["KB-Delivery"]

    ended_job(store, 2)
    receiver.answers = [503] * 20
    states = [state for days in range(20) for state in delivered(courier_of(store, NOW + timedelta(days=days)))]
    assert states == [DeliveryState.WAITING] * 5 + [DeliveryState.FAILED]
    kept = store.webhooks.deliveries(webhook.id, 10)[0]
    assert [one.reason for one in kept.attempts] == ["the receiver answered 503"] * 6
    assert [wait.total_seconds() for wait in Patience().waits] == [10, 60, 300, 1800, 7200]


def test_a_receiver_that_is_gone_is_not_asked_again(store: Store, receiver: Receiver) -> None:
    """410 says so."""
    register(Watching.of(store), MessageSender(private=True), receiver.url, None)
    ended_job(store)
    receiver.answers = [410]

    assert delivered(courier_of(store)) == [DeliveryState.FAILED]


@pytest.mark.parametrize("answer", ["hang", "endless"])
def test_a_receiver_that_hangs_or_never_ends_is_cut_off(store: Store, receiver: Receiver, answer: str) -> None:
    """Within the time of a try; what comes after the status is not read."""
    webhook, _ = register(Watching.of(store), MessageSender(private=True), receiver.url, None)
    ended_job(store)
    receiver.answers = [answer]
    started = time.monotonic()
    delivered(courier_of(store, seconds=0.5))

    assert time.monotonic() - started < 3
    (attempt,) = store.webhooks.deliveries(webhook.id, 1)[0].attempts
    assert attempt.status == (200 if answer == "endless" else None)
    assert "no whole answer within" in (attempt.reason or "") or answer == "endless"


@pytest.mark.parametrize("place", ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/", "/elsewhere"])
def test_no_redirect_is_followed(store: Store, receiver: Receiver, place: str) -> None:
    """Not to the metadata of a cloud, not to the same server."""
    webhook, _ = register(Watching.of(store), MessageSender(private=True), receiver.url, None)
    ended_job(store)
    receiver.answers = [place]

    assert delivered(courier_of(store)) == [DeliveryState.WAITING]
    assert len(receiver.got) == 1
    (attempt,) = store.webhooks.deliveries(webhook.id, 1)[0].attempts
    assert (attempt.status, attempt.reason) == (307, "the receiver answered 307: redirects are not followed")


_TAKEN = Sent(200, None, 1)
PRIVATE = [
    "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/", "http://10.0.0.1/",
    "http://169.254.169.254/latest/", "http://192.0.0.192/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://intranet.example/",
    "http://metadata.example/", "http://mixed.example/",
]  # fmt: skip
NO_ADDRESS = ["ftp://example.org/", "file:///etc/passwd", "http://user:pw@127.0.0.1/", "http://", "x", "http://a b/"]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names answered here: what each resolves to."""
    known = {
        "intranet.example": ["10.1.2.3"],
        "metadata.example": ["169.254.169.254"],
        "mixed.example": ["93.184.215.14", "127.0.0.1"],
        "moves.example": ["93.184.215.14"],
    }
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *rest: Any, **named: Any) -> Any:
        if host in known:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[host]]
        return real(host, port, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize("url", [*PRIVATE, *NO_ADDRESS])
def test_a_private_address_is_refused_when_it_is_made(
    store: Store, client: TestClient, names: dict[str, list[str]], url: str
) -> None:
    """With the reason and the setting that allows it; nothing is kept."""
    headers = {**bearer(store, Scope.ADMIN), "Accept-Language": "es"}
    answer = client.post("/v1/webhooks", json={"url": url}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    # What is no address is no matter of the network that it lies in.
    cure = r"KB_WEBHOOK_PRIVATE" if url in PRIVATE else r"Compruebe cómo está escrita|Use https?\b|Use http o https"
    assert re.search(cure, answer.json()["hint"])
    assert answer.json()["detail"].startswith("la dirección")
    assert store.webhooks.all() == []


PORTS = [("", None), (":443", None), (":1024", None), (":8443", None), (":25", 25), (":22", 22), (":1023", 1023)]


@pytest.mark.parametrize(("port", "refused"), PORTS)
def test_a_port_of_another_service_is_refused(
    store: Store, client: TestClient, names: dict[str, list[str]], port: str, refused: int | None
) -> None:
    """A message to the port of mail or of a remote shell would speak to it in this server's name."""
    headers = {**bearer(store, Scope.ADMIN), "Accept-Language": "es"}
    answer = client.post("/v1/webhooks", json={"url": f"http://moves.example{port}/"}, headers=headers)
    problem = answer.json()

    assert answer.status_code == (201 if refused is None else 422)
    if refused is not None:
        assert problem["detail"].endswith(f"el puerto {refused} no es de la web")
        assert problem["hint"] == "Use el 80, el 443 o un puerto desde el 1024"


def test_a_name_that_moves_to_a_private_address_gets_nothing(
    store: Store, receiver: Receiver, names: dict[str, list[str]]
) -> None:
    """Judged again for each try, and the judged address is the one that is connected to."""
    port = receiver.server_address[1]
    webhook, _ = register(Watching.of(store), MessageSender(), f"http://moves.example:{port}/", None)
    ended_job(store)
    names["moves.example"] = ["127.0.0.1"]
    courier = Courier(knowledge_base_of(store), MessageSender(), now=lambda: NOW)

    assert delivered(courier) == [DeliveryState.WAITING]
    assert receiver.got == []
    (attempt,) = store.webhooks.deliveries(webhook.id, 1)[0].attempts
    assert attempt.reason == "its host moves.example is not on the open internet (127.0.0.1)"


def test_what_waits_survives_a_restart(store: Store, receiver: Receiver) -> None:
    """The message of a server that was stopped is delivered by the next one, in its own thread."""
    register(Watching.of(store), MessageSender(private=True), receiver.url, None)
    ended_job(store)
    again = Store.open(store.folder)
    try:
        courier = Courier(knowledge_base_of(again), MessageSender(private=True))
        courier.start()
        wait_for(lambda: len(receiver.got) == 1)
        courier.stop()
    finally:
        again.close()


def test_messages_to_one_webhook_keep_their_order(store: Store, receiver: Receiver) -> None:
    """The second waits for the first; another webhook does not."""
    register(Watching.of(store), MessageSender(private=True), receiver.url, None)
    other, _ = register(Watching.of(store), MessageSender(private=True), receiver.url + "/other", None)
    first, second = ended_job(store, 1), ended_job(store, 2)
    receiver.answers = [500]

    assert delivered(courier_of(store)) == [DeliveryState.WAITING, DeliveryState.DELIVERED]
    assert [one.job_id for one in (two.delivery for two in store.webhooks.due(NOW))] == [second.id]
    assert {one.delivery.webhook_id for one in store.webhooks.due(NOW)} == {other.id}
    later = courier_of(store, NOW + timedelta(seconds=10))
    assert [one.delivery.job_id for one in store.webhooks.due(later.now())] == [first.id, second.id]


def test_the_list_of_deliveries_does_not_grow_for_ever(store: Store, receiver: Receiver) -> None:
    """The newest are kept; a webhook that is removed takes them with it, and there are not endlessly many webhooks."""
    webhook, _ = register(Watching.of(store), MessageSender(private=True), receiver.url, None)
    courier = courier_of(store)
    for number in range(REMEMBERED + 5):
        ended_job(store, number)
        for one in store.webhooks.due(NOW):
            store.webhooks.keep(courier._judged(one.delivery, courier.sender.send("http://127.0.0.1:1/", {}, b"")))
        for one in store.webhooks.due(NOW + timedelta(days=9)):
            store.webhooks.keep(courier._judged(one.delivery, _TAKEN))

    assert len(store.webhooks.deliveries(webhook.id, 10_000)) <= REMEMBERED + 1
    store.webhooks.remove(webhook.id)
    assert store.webhooks.due(NOW + timedelta(days=99)) == []
    for _ in range(MAX_WEBHOOKS):
        register(Watching.of(store), MessageSender(private=True), receiver.url, None)
    with pytest.raises(InputError, match="already"):
        register(Watching.of(store), MessageSender(private=True), receiver.url, None)


def test_over_http_from_upload_to_message(store: Store, receiver: Receiver) -> None:
    """A webhook and one bound to a saved search, an upload of two notes, and both are told; then all is listed."""
    base = knowledge_base_of(store)
    courier = Courier(base, MessageSender(private=True))
    intake = JobRunner(store, lambda: pipeline_of(store))
    app = create_app(base, limits=RequestLimits(rate_per_minute=0), intake=intake, courier=courier)
    admin = bearer(store, Scope.ADMIN)
    with TestClient(app) as client:
        saved = {"name": "effort", "text": "customer effort"}
        search = client.post("/v1/searches", json=saved, headers=admin).json()
        plain = client.post("/v1/webhooks", json={"url": receiver.url}, headers=admin).json()
        bound = client.post("/v1/webhooks", json={"url": receiver.url, "search": "effort"}, headers=admin).json()
        documents = [
            {"id": "n1", "text": "Customer effort fell when the forms became shorter."},
            {"id": "n2", "text": "The moon rose over the harbour."},
        ]
        client.post("/v1/documents", json={"documents": documents}, headers=admin)
        wait_for(lambda: len(receiver.got) == 2)
        client.post("/v1/documents", json={"documents": [{"id": "n3", "text": "Snow fell."}]}, headers=admin)
        wait_for(lambda: len(receiver.got) == 3 and store.webhooks.due(NOW + timedelta(days=9999)) == [])
        lists = [
            client.get(f"/v1/webhooks/{one['webhook']['id']}/deliveries", headers=admin).json()["deliveries"]
            for one in (plain, bound)
        ]
        listed = client.get("/v1/webhooks", headers=admin).json()
        gone = client.delete(f"/v1/webhooks/{plain['webhook']['id']}", headers=admin).status_code
    told = {json.loads(body)["event"]: json.loads(body) for _, body in receiver.got[:2]}

    assert [file["outcome"] for file in told["job.finished"]["job"]["files"]] == ["added", "added"]
    matched = told["search.matched"]
    assert (matched["search"]["id"], matched["total"]) == (search["id"], 1)
    assert [hit["document"]["source_id"] for hit in matched["hits"]] == ["n1"]
    assert matched["hits"][0]["quote"] in documents[0]["text"]
    assert [one["state"] for one in lists[0]] == ["delivered", "delivered"]
    assert [one["state"] for one in lists[1]] == ["empty", "delivered"]
    assert [one["event"] for one in listed] == [Event.JOB_FINISHED.value, Event.SEARCH_MATCHED.value]
    assert "secret" not in json.dumps(listed)
    assert gone == 204


def wait_for(what: Any, seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)
