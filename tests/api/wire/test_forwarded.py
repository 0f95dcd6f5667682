"""Whom a request comes from: what a caller says of it reaches neither log nor limits, unless a proxy was named."""

from __future__ import annotations

import logging

import pytest

from api.http.limits import RequestLimits
from api.http.proxies import Proxies
from api.settings import Settings
from kb.records.errors import InputError
from tests.api.wire.conftest import Serving, statuses, talk

FORGED = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP"]


def asked(port: int, *fields: str) -> list[int]:
    head = "\r\n".join(["GET /v1/topics HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *fields, "", ""])
    return statuses(talk(port, head.encode()))


def callers(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.__dict__["fields"]["caller"] for record in caplog.records if record.name == "kb.access"]


def test_nobody_is_believed_without_being_named(serving: Serving, caplog: pytest.LogCaptureFixture) -> None:
    """Not loopback either: three requests a minute stay three, and the log names who really asked."""
    caplog.set_level(logging.INFO, "kb.access")
    with serving(RequestLimits(rate_per_minute=3)) as port:
        codes = [
            asked(port, f"{name}: for=192.0.2.{at}" if name == "Forwarded" else f"{name}: 192.0.2.{at}")
            for at, name in enumerate(FORGED)
        ]

    assert codes == [[200]] * 3 + [[429]] * 3
    assert callers(caplog) == ["address:127.0.0.1"] * 6


def test_a_named_proxy_says_for_whom_it_asks(serving: Serving, caplog: pytest.LogCaptureFixture) -> None:
    """Each client has a count of its own; what a client wrote before the proxy's word changes nothing."""
    caplog.set_level(logging.INFO, "kb.access")
    with serving(RequestLimits(rate_per_minute=2), Proxies.named(["127.0.0.1"])) as port:
        first = [asked(port, f"X-Forwarded-For: 203.0.113.{at}, 192.0.2.1") for at in range(3)]
        other = asked(port, "X-Forwarded-For: 192.0.2.2", "X-Real-IP: 203.0.113.9", "Forwarded: for=203.0.113.9")

    assert (first, other) == ([[200], [200], [429]], [200])
    assert callers(caplog) == ["address:192.0.2.1"] * 3 + ["address:192.0.2.2"]


@pytest.mark.parametrize(
    ("peer", "said", "client"),
    [
        ("198.51.100.9", ["192.0.2.1"], "198.51.100.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["192.0.2.1"], "192.0.2.1"),
        ("10.0.0.1", ["192.0.2.1, 10.0.0.2"], "192.0.2.1"),
        ("10.0.0.1", ["192.0.2.1", "10.0.0.2"], "192.0.2.1"),
        ("10.0.0.1", ["203.0.113.5, 192.0.2.1, 10.0.0.2"], "192.0.2.1"),
        ("10.0.0.1", ["192.0.2.1:4711"], "192.0.2.1"),
        ("10.0.0.1", ["[2001:DB8::0:1]:4711"], "2001:db8::1"),
        ("10.0.0.1", ["2001:db8:0::1"], "2001:db8::1"),
        ("10.0.0.1", ["::ffff:192.0.2.1"], "192.0.2.1"),
        ("::ffff:10.0.0.1", ["192.0.2.1"], "192.0.2.1"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["192.0.2.1, junk"], "10.0.0.1"),
        ("10.0.0.1", ["key:k123, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["unknown"], "10.0.0.1"),
        ("10.0.0.1", ["192.0.2.1, "], "10.0.0.1"),
        ("10.0.0.1", ["192.0.2.1\u00e9"], "10.0.0.1"),
        ("10.0.0.1", ["192.0.2.300"], "10.0.0.1"),
        ("unix", ["192.0.2.1"], "unix"),
    ],
)
def test_the_client_is_found_from_right_to_left(peer: str, said: list[str], client: str) -> None:
    """Past proxies that were named; what is no address ends the search and never becomes a name."""
    headers = [(b"x-forwarded-for", one.encode("latin-1")) for one in said]
    scope = {"type": "http", "client": (peer, 1), "scheme": "http", "headers": headers}

    assert Proxies.named(["10.0.0.0/24"]).behind(scope)["client"][0] == client
    assert Proxies().behind(scope) is scope


@pytest.mark.parametrize(
    ("peer", "said", "scheme"),
    [
        ("10.0.0.1", ["https"], "https"),
        ("10.0.0.1", ["http"], "http"),
        ("10.0.0.1", ["ftp"], "http"),
        ("10.0.0.1", ["https", "http"], "http"),
        ("192.0.2.1", ["https"], "http"),
    ],
)
def test_the_scheme_is_the_proxys_word(peer: str, said: list[str], scheme: str) -> None:
    """Where it is one word; a cookie that a proxy carries over TLS is marked for that."""
    headers = [(b"x-forwarded-proto", one.encode()) for one in said]
    scope = {"type": "http", "client": (peer, 1), "scheme": "http", "headers": headers}

    assert Proxies.named(["10.0.0.0/24"]).behind(scope)["scheme"] == scheme


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("", ()),
        ("127.0.0.1", ("127.0.0.1",)),
        ("127.0.0.1, 10.0.0.0/8,::1", ("127.0.0.1", "10.0.0.0/8", "::1")),
        ('["127.0.0.1"]', ("127.0.0.1",)),
    ],
)
def test_the_setting_names_proxies(monkeypatch: pytest.MonkeyPatch, given: str, named: tuple[str, ...]) -> None:
    """A list with commas or as JSON; none by default."""
    monkeypatch.setenv("KB_TRUSTED_PROXIES", given)

    assert Settings().trusted_proxies == named
    monkeypatch.delenv("KB_TRUSTED_PROXIES")
    assert Settings().trusted_proxies == ()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("*", "has a wrong entry: number 1 is neither an address nor a network"),
        ("127.0.0.1,proxy.example", "has a wrong entry: number 2 is neither an address nor a network"),
        ("10.0.0.1/8", "has a wrong entry: number 1 is neither an address nor a network"),
        ("0.0.0.0/0", "has a wrong entry: number 1 covers everybody"),
        ("::1, ::/0", "has a wrong entry: number 2 covers everybody"),
        ('["127.0.0.1"', "is not a JSON list"),
    ],
)
def test_what_names_no_proxy_is_refused(monkeypatch: pytest.MonkeyPatch, given: str, reason: str) -> None:
    """By the setting, the place in it and the next step, without its value."""
    monkeypatch.setenv("KB_TRUSTED_PROXIES", given)
    with pytest.raises(InputError) as error:
        Settings()

    found = error.value
    assert (found.thing, found.reason, found.hint) == ("setting KB_TRUSTED_PROXIES", reason, "See docs/settings.md")
