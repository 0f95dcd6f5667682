"""One message over the network: pinned to the address that was judged, bounded in time, no redirect followed.

Owns the connection. Refuses to read more of an answer than its status: what a receiver says is not looked at.
"""

import base64
import hashlib
import hmac
import http.client
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kb.outside.addresses import Address, Target, connected, is_public, resolve
from kb.records.errors import InputError, SourceError
from kb.records.messages import code_of, say

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
# Below this stand mail, remote shells and the like, none of which is meant to be told of jobs: a message posted there
# would make this server speak to them in its own name. Receivers listen at 80 and 443, or at a port of their own.
_OPEN_PORTS = 1024
_WEB_PORTS = frozenset({80, 443})
_PORT_HINT = say("use_a_web_port")
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
        return _any if self.private else is_public

    def check(self, url: str) -> None:
        """Nothing; InputError for what is no address, has no host, or may not be reached from here."""
        try:
            self._resolved(url)
        except SourceError as error:
            hint = _PRIVATE_HINT if code_of(error.reason) in _NOT_OPEN else error.hint
            raise InputError(say("address", url=url[:200]), error.reason, hint) from error

    def _resolved(self, url: str) -> Target:
        """Where a message goes; SourceError for an address or a port that none may go to."""
        target = resolve(url, self._allowed)
        if not self.private and target.port < _OPEN_PORTS and target.port not in _WEB_PORTS:
            raise SourceError(url, say("the_port_is_not", port=target.port), _PORT_HINT)
        return target

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


def _any(address: Address) -> bool:
    return True


def _refused(status: int) -> str:
    if 300 <= status < 400:
        return say("the_receiver_answered_redirects_are_not", status=status)
    return say("the_receiver_answered", status=status)
