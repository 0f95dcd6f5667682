"""Originals of a base in PostgreSQL in a bucket: whole, gone with their documents; a refusal names the cure."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from kb.records.errors import BaseError, NotFoundError
from kb.store import Store
from kb.store.moving import move
from tests.kb.making import STAMP, make_document, make_entry

pytest.importorskip("psycopg", reason="psycopg is not installed: pip install -e '.[postgresql]'")
boto3 = pytest.importorskip("boto3", reason="boto3 is not installed: pip install -e '.[s3]'")
if not all(map(find_spec, ("moto", "flask", "flask_cors"))):
    pytest.skip("moto is not installed: pip install 'moto[s3]' flask flask-cors", allow_module_level=True)
from kb.store.postgresql.opening import open_postgresql  # noqa: E402 - where psycopg is

PLACE = "s3://kb-originals/one/base"
SECRET = "never-t0-be-said"  # noqa: S105 - of a server that ends with the test


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a store on loopback that speaks S3."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        for _ in range(600):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        run.kill()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An empty bucket, and the environment in which it is reached."""
    point_to(server, monkeypatch)
    found = boto3.resource("s3").Bucket("kb-originals")
    found.create()
    found.objects.all().delete()
    return found


def point_to(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"ENDPOINT_URL_S3": server, "ACCESS_KEY_ID": "AKIAKB", "SECRET_ACCESS_KEY": SECRET}
    for name, value in {**settings, "DEFAULT_REGION": "us-east-1", "EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)


def opened(address: str, folder: Path, place: str | None = PLACE) -> Store:
    store = open_postgresql(address, folder / "base", create=True, originals=place)
    store.claim(STAMP)
    return store


def add(store: Store, name: str, text: str) -> tuple[str, str]:
    """The id and the hash of a new document."""
    document = make_document(name, text, version=store.next_version(name))
    store.add(make_entry(document), text.encode())
    return document.id, document.sha256


def keys(bucket: Any) -> list[str]:
    return sorted(one.key for one in bucket.objects.all())


def test_an_original_is_there_as_long_as_a_document_has_it(postgresql: str, tmp_path: Path, bucket: Any) -> None:
    store = opened(postgresql, tmp_path)
    first, sha256 = add(store, "a.txt", "the words of it")
    add(store, "b.txt", "other words")

    assert f"one/base/{sha256[:2]}/{sha256}" in keys(bucket)
    assert len(keys(bucket)) == 2
    assert store.original(sha256) == b"the words of it"
    assert store.fault_of_original(sha256) is None

    store.remove(first)
    assert len(keys(bucket)) == 1
    with pytest.raises(NotFoundError, match="is not kept in s3://kb-originals/one/base"):
        store.original(sha256)
    store.close()


def test_what_is_lost_or_changed_is_said_and_put_back(postgresql: str, tmp_path: Path, bucket: Any) -> None:
    store = opened(postgresql, tmp_path)
    _, sha256 = add(store, "a.txt", "the words of it")
    key = keys(bucket)[0]

    bucket.Object(key).put(Body=b"other")
    assert store.fault_of_original(sha256) == f"was changed in {PLACE}"
    with pytest.raises(BaseError, match="was changed in"):
        store.original(sha256)
    bucket.Object(key).delete()
    assert store.fault_of_original(sha256) == f"is not kept in {PLACE}"

    store.put_back_original(b"the words of it")
    assert store.original(sha256) == b"the words of it"
    store.close()


def test_a_removal_while_the_bucket_is_gone_is_done_later(
    postgresql: str, server: str, tmp_path: Path, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The document goes at once; its bytes with the next program that opens the base, but for those added again."""
    store = opened(postgresql, tmp_path)
    documents = [add(store, f"{number}.txt", f"text {number}") for number in range(2)]
    store.close()
    point_to(f"http://127.0.0.1:{free_port()}", monkeypatch)
    cut_off = opened(postgresql, tmp_path)
    for document, _ in documents:
        cut_off.remove(document)
    assert cut_off.counts()["documents"] == 0
    cut_off.close()
    assert len(keys(bucket)) == 2

    point_to(server, monkeypatch)
    again = opened(postgresql, tmp_path)
    assert keys(bucket) == []
    assert add(again, "0.txt", "text 0") == documents[0]
    assert again.original(documents[0][1]) == b"text 0"
    again.close()


def test_the_base_knows_where_its_originals_are(postgresql: str, tmp_path: Path, bucket: Any) -> None:
    """Without the setting too; another place is refused."""
    store = opened(postgresql, tmp_path)
    _, sha256 = add(store, "a.txt", "the words of it")
    store.close()

    unset = opened(postgresql, tmp_path, None)
    assert unset.original(sha256) == b"the words of it"
    unset.close()
    with pytest.raises(BaseError, match=f"keeps its originals in {PLACE}, and KB_ORIGINALS says otherwise"):
        opened(postgresql, tmp_path, "s3://elsewhere")


def test_a_base_with_originals_in_its_tables_keeps_them_there(postgresql: str, tmp_path: Path, bucket: Any) -> None:
    store = opened(postgresql, tmp_path, None)
    add(store, "a.txt", "the words of it")
    store.close()

    with pytest.raises(BaseError, match=r"keeps its originals in its own tables.*kb move"):
        opened(postgresql, tmp_path)
    assert keys(bucket) == []


def test_a_base_is_moved_into_a_bucket_and_out_of_it(postgresql: str, tmp_path: Path, bucket: Any) -> None:
    before, after = Store.open(tmp_path / "before", create=True), Store.open(tmp_path / "after", create=True)
    before.claim(STAMP)
    _, sha256 = add(before, "a.txt", "the words of it")
    middle = open_postgresql(postgresql, tmp_path / "base", create=True, originals=PLACE)

    first, second = move(before, middle), move(middle, after)

    assert first == second
    assert len(keys(bucket)) == first.originals == 1
    assert after.original(sha256) == b"the words of it"
    for store in (before, middle, after):
        store.close()


class Refusing(BaseHTTPRequestHandler):
    """A store that knows no key."""

    def _refuse(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b"<Error><Code>InvalidAccessKeyId</Code><Message>no such key</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_DELETE = _refuse  # noqa: N815 - the names that the library calls

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def no_server(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    point_to(f"http://127.0.0.1:{free_port()}", monkeypatch)


def no_key(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.delenv(f"AWS_{name}")
    for name in ("CONFIG_FILE", "SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(f"AWS_{name}", "/nowhere")


def wrong_key(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing = HTTPServer(("127.0.0.1", 0), Refusing)
    Thread(target=refusing.serve_forever, daemon=True).start()
    point_to(f"http://127.0.0.1:{refusing.server_port}", monkeypatch)


def no_bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = boto3.resource("s3").Bucket("kb-originals")
    found.objects.all().delete()
    found.delete()


REFUSED = [
    (no_server, "its server cannot be reached", "AWS_ENDPOINT_URL_S3"),
    (no_key, "no key for its server is set", "AWS_ACCESS_KEY_ID"),
    (wrong_key, "its server refuses the key", "AWS_ACCESS_KEY_ID"),
    (no_bucket, "there is no such bucket", "KB_ORIGINALS"),
]


@pytest.mark.parametrize(("broken", "reason", "hint"), REFUSED)
def test_what_cannot_be_written_is_named_and_the_rest_is_read(
    postgresql: str,
    server: str,
    tmp_path: Path,
    bucket: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    broken: Callable[[str, pytest.MonkeyPatch], None],
    reason: str,
    hint: str,
) -> None:
    """Nothing of a document without its original is kept; passages and records are read as ever; no key is said."""
    store = opened(postgresql, tmp_path)
    document, sha256 = add(store, "a.txt", "the words of it")
    store.close()
    broken(server, monkeypatch)
    caplog.set_level(logging.DEBUG)
    again = opened(postgresql, tmp_path)

    with pytest.raises(BaseError) as refused:
        add(again, "b.txt", "other words")
    assert (refused.value.thing, refused.value.reason) == (f"the originals in {PLACE}", reason)
    assert hint in refused.value.hint
    assert SECRET not in repr(refused.value) + str(refused.value) + repr(refused.value.__cause__) + caplog.text

    assert again.counts()["documents"] == 1
    assert again.document(document).source_id == "a.txt"
    assert len(again.passages_of(document)) > 0
    with pytest.raises((BaseError, NotFoundError)):
        again.original(sha256)
    again.close()


def test_a_removal_that_is_rolled_back_takes_nothing_out(postgresql: str, tmp_path: Path, bucket: Any) -> None:
    """What was to go with a transaction that failed stays."""
    store = opened(postgresql, tmp_path)
    document, sha256 = add(store, "a.txt", "the words of it")
    with suppress(RuntimeError), store._connections.write():
        store.remove(document)
        raise RuntimeError

    add(store, "b.txt", "other words")
    assert store.document(document).source_id == "a.txt"
    assert store.original(sha256) == b"the words of it"
    store.close()
