"""The courier: takes messages to webhooks, each until it is taken or was tried often enough.

What is to be told lies in the base, so a stopped or killed server goes on where it was; a message may then come
twice, with the same id. Of several servers on one base only one delivers.
"""

import base64
import hashlib
import hmac
import http.client
import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from api.http.auth import utc_now
from api.service.knowledge_base import KnowledgeBase
from api.service.parts import Outgoing, Watching
from api.service.schemas import to_wire
from api.watching.saved_searches import found_since
from kb.outside.addresses import Address, Target, connected, is_public, resolve
from kb.records.errors import InputError, ModelError, SourceError
from kb.records.messages import code_of, say
from kb.records.operation import Attempt, Delivery, DeliveryState, Job, SavedSearch, Webhook
from kb.records.search import Hit

_PREFIX = "whsec_"


def new_secret() -> str:
    """256 random bits, to be shown once; in base64, as Standard Webhooks has them."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(secret: str, message: str, time: int, body: bytes) -> dict[str, str]:
    """The headers of a message of this id, sent at this time (seconds since 1970), in both ways of signing."""
    digest = hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "webhook-id": message,
        "webhook-timestamp": str(time),
        "webhook-signature": f"v1,{_standard(secret, message, time, body)}",
        "KB-Signature": f"t={time},v1={digest}",
    }


def _standard(secret: str, message: str, time: int, body: bytes) -> str:
    signed = f"{message}.{time}.".encode() + body
    return base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    """The bits of a secret; those made by earlier versions are in the other alphabet of base64, and end without "="."""
    written = secret.removeprefix(_PREFIX).replace("-", "+").replace("_", "/")
    return base64.b64decode(written + "=" * (-len(written) % 4))


MAX_SECONDS = 10.0
_CONNECT_SECONDS = 5.0
_NOT_OPEN = ("its_host_is_at_no_open_address", "its_host_is_not_on_the_open_internet")
_PRIVATE_HINT = say("use_an_address_on_the_open")


@dataclass(frozen=True, slots=True)
class Sent:
    """What came back: the status, or the reason why there is none; and the milliseconds it took."""

    status: int | None
    reason: str | None
    milliseconds: int

    @property
    def taken(self) -> bool:
        """Whether the receiver has it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class MessageSender:
    """Sends messages. ``private`` lets them go to loopback and private addresses too, and to every port."""

    private: bool = False
    seconds: float = MAX_SECONDS

    @property
    def _allowed(self) -> Callable[[Address], bool]:
        return (lambda _: True) if self.private else is_public

    def check(self, url: str) -> None:
        """Nothing; InputError for what is no address, has no host, or may not be reached from here."""
        try:
            self._resolved(url)
        except SourceError as error:
            hint = _PRIVATE_HINT if code_of(error.reason) in _NOT_OPEN else error.hint
            raise InputError(say("address", url=url[:200]), error.reason, hint) from error

    def _resolved(self, url: str) -> Target:
        """Where a message goes; SourceError for an address or a port that none may go to."""
        return resolve(url, self._allowed, any_port=self.private)

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Sent:
        """Post the body; never raises for what the network or the receiver does."""
        started = time.perf_counter()
        try:
            # Resolved again for every try: a name that has moved to a private address gets nothing.
            status = self._post(self._resolved(url), headers, body)
            reason = None if 200 <= status < 300 else _refused(status)
        except SourceError as error:
            status, reason = None, error.reason
        except (http.client.HTTPException, OSError, ValueError) as error:
            status, reason = None, say("could_not_be_delivered", error=str(error) or type(error).__name__)
        return Sent(status, reason, round(1000 * (time.perf_counter() - started)))

    def _post(self, target: Target, headers: Mapping[str, str], body: bytes) -> int:
        """The status of the answer."""
        with connected(target, self.seconds, _CONNECT_SECONDS) as connection:
            connection.request("POST", target.path, body, {"Host": target.host_header, **headers})
            with connection.getresponse() as answer:
                return answer.status


def _refused(status: int) -> str:
    if 300 <= status < 400:
        return say("the_receiver_answered_redirects_are_not", status=status)
    return say("the_receiver_answered", status=status)


# A message is told to come and look: it names the first hits and says how many there are.
_HITS_NAMED = 20


def job_body(delivery: Delivery, job: Job) -> str:
    """That a job has ended, with what became of each file."""
    return _text(delivery, {"job": to_wire(job)})


def search_body(delivery: Delivery, search: SavedSearch, hits: Sequence[Hit]) -> str:
    """That a saved search has new hits: the first of them, in the order in which they were added, and their number."""
    told = {
        "job_id": delivery.job_id,
        "search": {"id": search.id, "name": search.name, "text": search.text},
        "total": len(hits),
        "hits": [_named(hit) for hit in hits[:_HITS_NAMED]],
    }
    return _text(delivery, told)


def _named(hit: Hit) -> dict[str, Any]:
    return {
        "passage_id": hit.passage.id,
        "language": hit.passage.language.value,
        "quote": hit.citation.quote,
        "permalink": hit.citation.permalink,
        "document": to_wire(hit.document),
    }


def _text(delivery: Delivery, told: dict[str, Any]) -> str:
    head = {"id": delivery.id, "event": delivery.event.value, "created": delivery.created.isoformat()}
    return json.dumps({**head, **told})


_POLL_SECONDS = 0.5
_AT_ONCE = 4
# What a receiver says when it wants no more of this.
_GONE = 410
_log = logging.getLogger("kb.webhooks")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait after each try that failed; after the last one the message is given up (2 h 40 min in all)."""

    waits: tuple[timedelta, ...] = (
        timedelta(seconds=10),
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
    )

    def next_try(self, tries: int, now: datetime) -> datetime | None:
        """When to try again after so many tries; null when it was enough."""
        return now + self.waits[tries - 1] if tries <= len(self.waits) else None


@dataclass(slots=True)
class Courier:
    """Delivers what waits in the base, in a thread of its own; messages to one webhook keep their order."""

    base: KnowledgeBase
    sender: MessageSender = field(default_factory=MessageSender)
    patience: Patience = field(default_factory=Patience)
    now: Callable[[], datetime] = utc_now
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to deliver, first what was left."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._loop, name="kb-webhooks", daemon=True)
        self._thread.start()

    def stop(self, seconds: float = 12.0) -> None:
        """Finish the tries under way and end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(seconds)
            self._thread = None

    def _loop(self) -> None:
        sole = self.base.place(".courier")
        with ThreadPoolExecutor(_AT_ONCE, "kb-webhook") as pool:
            while not self._stopping.is_set():
                try:
                    if sole.held():
                        list(pool.map(self.deliver, self.base.watching.webhooks.due(self.now())))
                except Exception as error:  # noqa: BLE001 - a full disk, say: the messages wait, the courier goes on
                    _log.error("webhooks wait", exc_info=error)
                self._stopping.wait(_POLL_SECONDS)
        sole.let_go()

    def deliver(self, outgoing: Outgoing) -> Delivery:
        """Try one message once; what became of it, as it stands in the base now."""
        delivery = outgoing.delivery
        try:
            body = outgoing.body or self._written(outgoing)
        except ModelError as error:  # counted as a try, so that it ends
            sent = Sent(None, f"its hits could not be found ({type(error).__name__})", 0)
        else:
            if body is None:
                return replace(delivery, state=DeliveryState.EMPTY, due=None)
            sent = self._send(replace(outgoing, body=body))
        tried = self._judged(delivery, sent)
        self.base.watching.webhooks.keep(tried)
        _log.info("webhook %s delivery %s: %s", tried.webhook_id, tried.id, tried.state.value)
        return tried

    def _written(self, outgoing: Outgoing) -> str | None:
        """The body, written into the base so that each try says the same; null when there is nothing to tell."""
        watching, delivery, webhook = self.base.watching, outgoing.delivery, outgoing.webhook
        if webhook.search_id is None:
            body: str | None = job_body(delivery, self.base.jobs.get(delivery.job_id))
            watching.webhooks.write_body(delivery, body, outgoing.told)
            return body
        newest = watching.searches.newest()
        search = watching.searches.get(webhook.search_id)
        found, _ = found_since(self.base, search, outgoing.told)
        hits = [hit for place, hit in found if place <= newest]
        body = search_body(delivery, search, hits) if hits else None
        left = delivery if hits else replace(delivery, state=DeliveryState.EMPTY, due=None)
        watching.webhooks.write_body(left, body, newest)
        return body

    def _send(self, outgoing: Outgoing) -> Sent:
        body = (outgoing.body or "").encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "cx-knowledge-base/0.1",
            "KB-Event": outgoing.delivery.event.value,
            "KB-Delivery": outgoing.delivery.id,
            **signed_headers(outgoing.secret, outgoing.delivery.id, int(self.now().timestamp()), body),
            "Connection": "close",
        }
        return self.sender.send(outgoing.webhook.url, headers, body)

    def _judged(self, delivery: Delivery, sent: Sent) -> Delivery:
        """The delivery with one more try."""
        now = self.now()
        attempts = (*delivery.attempts, Attempt(now, sent.status, sent.reason, sent.milliseconds))
        if sent.taken:
            return replace(delivery, attempts=attempts, state=DeliveryState.DELIVERED, due=None)
        due = None if sent.status == _GONE else self.patience.next_try(len(attempts), now)
        state = DeliveryState.FAILED if due is None else DeliveryState.WAITING
        return replace(delivery, attempts=attempts, state=state, due=due)


# Every ended job is told to each of them.
MAX_WEBHOOKS = 50


def register(watching: Watching, sender: MessageSender, url: str, search: str | None) -> tuple[Webhook, str]:
    """The webhook as it is in the base now, and its secret, which nothing shows again. Errors as ``new_webhook``."""
    webhook, secret = new_webhook(watching, sender, url, search)
    watching.webhooks.add(webhook, secret, watching.searches.newest())
    return webhook, secret


def new_webhook(watching: Watching, sender: MessageSender, url: str, search: str | None) -> tuple[Webhook, str]:
    """A webhook that is not yet in the base, and its secret.

    ``search`` is the id or name of a saved search (NotFoundError when there is none); null for ended jobs. InputError
    for an address that may not be reached, or for one webhook too many.
    """
    sender.check(url)
    search_id = None if search is None else watching.searches.get(search).id
    if len(watching.webhooks.all()) >= MAX_WEBHOOKS:
        raise InputError(
            say("webhooks"), say("are_as_many_already", most=MAX_WEBHOOKS), say("remove_one_kb_webhook_delete_id")
        )
    return Webhook(f"w{secrets.token_hex(5)}", url, utc_now(), search_id), new_secret()
