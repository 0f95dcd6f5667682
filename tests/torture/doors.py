"""What goes in and out of the real programs: keys, lines of the log, memory, forms of letters, connections outwards."""

from __future__ import annotations

import json
import random
import shutil
import socket
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from bench.clients import QUESTIONS
from bench.serving import KB, ROOT, SAMPLES, Running
from kb.outside.processes import python_environment
from tests.torture.builds import asked
from tests.torture.calls import shim
from tests.torture.rows import Limit, Row, Tally
from tests.torture.servers import ended, key_of, sample_base, sent, serving

_GROWN = "MB that the server grew by"


def command(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """``kb`` with these words."""
    return subprocess.run(
        [*KB, *words], cwd=ROOT, env={**python_environment(), **settings}, capture_output=True, text=True
    )


# -- wiped and restored ----------------------------------------------------------------------


def restored(start: int, count: int, folder: Path) -> Tally:
    """R14: the same search, and the same answer, to the letter, from a base that was wiped and brought back."""
    base, questions = sample_base(folder / "base"), asked(count)
    first = _told(base, questions, folder)
    copy = str(folder / "copy")
    saved = command("backup", copy, "--base", str(base))
    shutil.rmtree(base)
    back = command("restore", copy, "--base", str(base))
    assert (saved.returncode, back.returncode) == (0, 0), saved.stderr + back.stderr
    again = _told(base, questions, folder)
    lost = [
        f"{question!r}: another answer"
        for question, one, other in zip(questions, first, again, strict=True)
        if one != other
    ]
    return Tally(count, lost, {"characters compared": sum(map(len, first))})


def _told(base: Path, questions: list[str], folder: Path) -> list[str]:
    with serving(base, folder / "server.log") as (_, client):
        return [
            client.get("/v1/search", params={"q": question}).text
            + client.post("/v1/answers", json={"question": question}).text
            for question in questions
        ]


# -- keys ------------------------------------------------------------------------------------


def _uses(client: httpx.Client, secret: str) -> Iterator[httpx.Response]:
    """The key where it belongs, and everywhere else where somebody might put it."""
    whole = {"q": "customer effort"}
    for headers in (
        {"Authorization": f"Bearer {secret}"}, {"Authorization": f"bearer  {secret}x"},
        {"Authorization": f"Basic {secret}"},
        {"Authorization": secret}, {"X-Api-Key": secret}, {"Cookie": f"session={secret}"},
        {"Referer": f"/?key={secret}"},
        {"User-Agent": secret}, {"X-Request-Id": secret}, {"X-Forwarded-For": secret}, {"Idempotency-Key": secret},
        {"Host": f"{secret[:40]}.example"}, {"Accept": secret}, {"If-None-Match": secret}, {"Range": secret},
    ):  # fmt: skip
        for route in ("/v1/search", "/v1/documents", "/v1/nowhere", "/"):
            yield client.get(route, params=whole, headers=headers)
    for url in (
        f"/v1/{secret}",
        f"/v1/passages/{secret}",
        f"/v1/documents/{secret}",
        f"/v1/jobs/{secret}",
        f"/{secret}",
    ):
        yield client.get(url)
    for parameter in ("key", "api_key", "token", "access_token", "cursor", "topic", "language", "limit"):
        yield client.get("/v1/search", params={**whole, parameter: secret})
    for body in ({"question": "customer effort", "key": secret}, {"documents": secret}, [secret], secret):
        yield client.post("/v1/answers", json=body)
        yield client.post("/v1/documents", json=body, headers={"Authorization": f"Bearer {secret}"})


def keys(start: int, count: int, folder: Path) -> Tally:
    """S11: after all that the secret is in no log, no file of the base or a backup, no error but that which repeats
    what was sent there, and no list of keys."""
    base, lost, seen = sample_base(folder / "base"), list[str](), Counter[str]()
    secrets = [key_of(base) for _ in range(count)]
    with serving(base, folder / "server.log") as (server, client):
        secrets.append(server.key)
        for secret in secrets[:count]:
            with httpx.Client(base_url=server.address, timeout=60) as bare:
                for response in _uses(bare, secret):
                    seen["requests"] += 1
                    sent_there = secret in str(response.request.url) or secret.encode() in response.request.content
                    if secret in response.text + str(response.headers) and not sent_there:
                        lost.append(f"shown by {response.request.method} {response.request.url.path}")
        listed = client.get("/v1/keys").text + command("key", "list", "--json", "--base", str(base)).stdout
        command("backup", str(folder / "copy"), "--base", str(base))
        listed += command("doctor", "--json", "--base", str(base)).stdout
    lost += ["a list tells it" for secret in secrets if secret in listed]
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        data = path.read_bytes()
        seen["files looked through"] += 1
        lost += [f"it stands in {path.relative_to(folder)}" for secret in secrets if secret.encode() in data]
    return Tally(seen["requests"], lost, seen)


# -- the log ---------------------------------------------------------------------------------

_INTO_A_LINE = (
    "\r\n", "\n", "%0a", "%0d%0a", "\x1b[2J", "\x00", "\u2028", "\u0085", '"}\n{"level":"error"', "\\n", "%00",
    "${jndi:x}", "\x7f", "\x9b31m", "\t", '"', "\\", "%s%n%d", "{0}", "\u202e",
)  # fmt: skip


def log_lines(start: int, count: int, folder: Path) -> Tally:
    """S16: each request is one line of JSON, whatever stands in its target, its query and its headers."""
    tries = [(place, text) for place in ("target", "query", "agent", "id", "method") for text in _INTO_A_LINE]
    lost, answered = list[str](), 0
    with serving(sample_base(folder / "base"), folder / "server.log") as (server, _):
        begun = len((folder / "server.log").read_bytes().splitlines())
        for place, text in tries[start : start + count]:
            parts = {"target": "x", "query": "x", "agent": "x", "id": "x", "method": "GET"}
            parts[place] = ("GET" if place == "method" else "") + f"a{text}planted-line"
            request = (
                f"{parts['method']} /v1/{parts['target']}?q={parts['query']} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                f"User-Agent: {parts['agent']}\r\nX-Request-Id: {parts['id']}\r\nConnection: close\r\n\r\n"
            )
            answered += _raw(server, request.encode("utf-8", "surrogatepass"))
    lines = (folder / "server.log").read_bytes().split(b"\n")[begun:]
    requests = 0
    for line in filter(None, lines):
        try:
            requests += json.loads(line).get("message") == "request"
        except (ValueError, AttributeError):
            lost.append(f"no line of JSON: {line[:200]!r}")
        if any(byte < 32 for byte in line) or b"planted-line" in line:
            lost.append(f"what was sent stands in it: {line[:200]!r}")
    if requests > answered:
        lost.append(f"{requests} lines of requests, {answered} were answered")
    return Tally(
        len(tries[start : start + count]), lost, {"requests answered": answered, "lines of requests": requests}
    )


def _raw(server: Running, request: bytes) -> int:
    """How many answers these bytes get."""
    port = int(server.address.rpartition(":")[2])
    data = b""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.settimeout(10)
        connection.sendall(request)
        while part := connection.recv(65536):
            data += part
    return data.count(b"HTTP/1.1 ")


# -- memory under what is too large ----------------------------------------------------------


def too_large(start: int, count: int, folder: Path) -> Tally:
    """S14: bodies that say they are too large, that lie, and that never end: refused, and the server no larger."""
    lost, seen = list[str](), Counter[str]()
    with serving(sample_base(folder / "base"), folder / "server.log") as (server, client):
        client.get("/v1/search", params={"q": QUESTIONS[0]})
        before = server.megabytes()[0]
        for number in range(start, start + count):
            route = ("/v1/documents", "/v1/answers", "/v1/verify", "/v1/analyze")[number % 4]
            kind = ("says so", "lies", "never ends")[number // 4 % 3]
            status = _sent_too_much(server, route, kind)
            seen[f"{kind}: {status}"] += 1
            if status not in ("413", "400", "cut off") or (kind == "says so" and status != "413"):
                lost.append(f"{route}, {kind}: {status}")
        if client.get("/v1/search", params={"q": QUESTIONS[0]}).status_code != 200:
            lost.append("it does not serve afterwards")
        peak = _peak(server)
    return Tally(count, lost, seen, {_GROWN: [peak - before]})


def _peak(server: Running) -> float:
    lines = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _sent_too_much(server: Running, route: str, kind: str) -> str:
    """The status of the answer to two hundred megabytes, or "cut off"."""
    port = int(server.address.rpartition(":")[2])
    size = {
        "says so": "Content-Length: 209715200",
        "lies": "Content-Length: 1000",
        "never ends": "Transfer-Encoding: chunked",
    }
    head = (
        f"POST {route} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {server.key}\r\n"
        f"Content-Type: application/json\r\n{size[kind]}\r\nConnection: close\r\n\r\n"
    ).encode()
    part = b" " * 65536
    answer = b""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 20) as connection:
        connection.settimeout(20)
        connection.sendall(head)
        with suppress(OSError):
            for _ in range(0 if kind == "says so" else 3200):
                connection.sendall(b"10000\r\n" + part + b"\r\n" if kind == "never ends" else part)
        answer = connection.recv(65536)
    return answer.split(b" ", 2)[1].decode() if answer.startswith(b"HTTP/1.1 ") else "cut off"


# -- forms of letters ------------------------------------------------------------------------

_WORDS = ("año", "pingüino", "corazón", "Ñandú", "résumé", "naïve", "señal", "Ångström", "façade", "ácido")
_FORMS: tuple[tuple[str, Any], ...] = (
    ("NFC", lambda text: unicodedata.normalize("NFC", text)), ("NFD", lambda text: unicodedata.normalize("NFD", text)),
    ("capitals", str.upper), ("soft hyphen", lambda text: f"{text[:3]}\u00ad{text[3:]}"),
    ("wide", lambda text: "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)),
    ("zero width", lambda text: f"{text[:2]}\u200b{text[2:4]}\u2060{text[4:]}\ufeff"),
    ("right to left", lambda text: f"\u2067{text}\u2069"),
    ("marks of direction", lambda text: f"\u202a{text[:3]}\u200e{text[3:]}\u202c"),
)  # fmt: skip


def _word(number: int) -> str:
    letters = random.Random(number)  # noqa: S311 - the same in every run
    tail = "".join(letters.choice("bcdfglmnprstvz") + letters.choice("aeiou") for _ in range(4))
    return f"{_WORDS[number % len(_WORDS)]}{tail}".lower()


def _prepared(text: str) -> str:
    """A text as it is read: composed, and without what nobody sees. Its original keeps both."""
    return unicodedata.normalize("NFC", "".join(one for one in text if unicodedata.category(one) != "Cf"))


def forms_of_letters(start: int, count: int, folder: Path) -> Tally:
    """S18: a text in one form of its letters is found by its word in each of the others, before its neighbour without
    ñ in the same form, is shown as it is read, and its original is what was sent."""
    lost, seen = list[str](), Counter[str]()
    texts = {}
    for number in range(start, start + count):
        form = _FORMS[number // len(_WORDS) % len(_FORMS)][1]
        texts[f"form-{number}"] = f"{form(_word(number))} dice la nota del cliente."
        plain = _word(number).replace("ñ", "n")
        if plain != _word(number):
            texts[f"plain-{number}"] = f"{form(plain)} dice la nota del cliente."
    with serving(sample_base(folder / "base"), folder / "server.log") as (_, client):
        job = sent(client, [{"id": name, "text": text} for name, text in texts.items()])["id"]
        lost += [str(file) for file in ended(client, job, 900)["files"] if file["outcome"] != "added"]
        for number in range(start, start + count):
            for label, form in _FORMS:
                hits = client.get("/v1/search", params={"q": form(_word(number)), "limit": 20}).json()["hits"]
                found = [hit["document"]["source_id"] for hit in hits]
                shown = [hit["passage"]["text"] for hit in hits if hit["document"]["source_id"] == f"form-{number}"]
                seen["searches"] += 1
                if shown != [_prepared(texts[f"form-{number}"])]:
                    lost.append(f"{texts[f'form-{number}']!r} is not found by {label}: {shown}")
                elif f"plain-{number}" in found and found.index(f"plain-{number}") < found.index(f"form-{number}"):
                    lost.append(f"{_word(number)!r} as {label}: the n goes before the ñ")
            kept = {hit["document"]["source_id"]: hit["document"]["id"] for hit in hits}.get(f"form-{number}")
            if kept and client.get(f"/v1/documents/{kept}/original").content != texts[f"form-{number}"].encode():
                lost.append(f"{texts[f'form-{number}']!r} is not what its original holds")
    return Tally(count, lost, seen)


# -- outwards --------------------------------------------------------------------------------


def outwards(start: int, count: int, folder: Path) -> Tally:
    """S22: no command asks anybody who is not on this machine; the files of a base are its owner's alone."""
    base, told, seen = folder / "base", folder / "connected", Counter[str]()
    settings = {"LD_PRELOAD": str(shim()), "TORTURE_CONNECTED": str(told), "KB_BASE": str(base)}
    lost = []
    for words in (
        ("demo",), ("ingest", str(SAMPLES)), ("search", "customer effort"), ("ask", "Who owns the experience?"),
        ("doctor",), ("stats", "loyalty"), ("topics", "list"), ("key", "list"), ("export", str(folder / "x.jsonl")),
        ("documents",), ("backup", str(folder / "copy")), ("index",), ("evaluate", "--help"),
        ("key", "create", "somebody"),
    ):  # fmt: skip
        done = command(*words, **settings)
        seen["commands"] += 1
        if done.returncode not in (0, 1):
            lost.append(f"{' '.join(words)}: {done.returncode} {done.stderr[-300:]}")
    with serving(base, folder / "server.log", **settings) as (_, client):
        ended(client, sent(client, [{"id": "a", "text": "El 40 % de los clientes volvió."}])["id"])
        for question in QUESTIONS:
            client.post("/v1/answers", json={"question": question})
            seen["answers of a server"] += 1
    command("ingest", str(SAMPLES / "es-madurez-seis-fases.html"), "--base", str(folder / "keyless"))
    for host in ("0.0.0.0", "::", socket.gethostname()):  # noqa: S104 - it has to be refused
        done = command("serve", "--host", host, "--base", str(folder / "keyless"), "--port", "8970")
        seen["addresses refused"] += done.returncode != 0
        lost += [f"{host} is served without a key"] if done.returncode == 0 else []
    lost += [f"{path.relative_to(base)} is open to others" for path in base.rglob("*") if path.stat().st_mode & 0o077]
    lost += told.read_text(encoding="ascii").splitlines() if told.exists() else []
    return Tally(seen.total(), lost, seen)


ROWS = (
    Row(
        "R14", "wiped and restored, the same answers", "60 questions, identical JSON",
        "a search and an answer before and after, with the bundled model", 60, 0, 60, restored,
    ),
    Row(
        "S11", "keys are nowhere to be read", "0 leaks",
        "a request that carries a key where it belongs or where it does not", 3, 1, 3, keys,
    ),
    Row(
        "S14", "limits of size and slow clients", "413 before the body is read; memory +64 MB at most",
        "two hundred megabytes to a server; slow clients are `test_real_server`", 24, 4, 24, too_large,
        (Limit(_GROWN, 1, 64.0),),
    ),
    Row(
        "S16", "lines in the log", "one line each", "a request with something in it that would begin a line",
        5 * len(_INTO_A_LINE), 20, 100, log_lines,
    ),
    Row(
        "S18", "forms of letters", "300 strings found in every form, exact ñ outranks n, original bytes kept",
        "a word in one of eight forms, looked for in all of them, with the bundled model", 300, 0, 100,
        forms_of_letters,
    ),
    Row(
        "S22", "defaults", "loopback, refuses 0.0.0.0 without a key, files 0600, nothing goes out",
        "a command, or an answer of a server, that would have been heard asking outwards", 1, 0, 1, outwards,
    ),
)  # fmt: skip
