"""A backup by another process while a server ingests and removes: whole every time, and the server never stumbles."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import httpx
import pytest
from cx_kb_client import Client

from index.search import lexical
from kb.records.operation import Scope
from kb.store import Store
from kb.store.upkeep.backup import back_up, restore
from kb.store.upkeep.checking import check
from tests.api.conftest import bearer
from tests.api.small_server import started

BACKUPS = 4


@pytest.mark.slow
def test_backups_of_a_base_that_is_served(store: Store, tmp_path: Path) -> None:
    """Each is one moment: every document with its original, every waiting job with its files; no request fails."""
    key = bearer(store, Scope.ADMIN)["Authorization"].split()[1]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = store.folder
    server = started(folder, port)
    stop = threading.Event()
    failed: list[object] = []

    def use() -> None:
        with Client(f"http://127.0.0.1:{port}", key) as client:
            for turn in range(1_000):
                if stop.is_set():
                    return
                texts = [{"id": f"n{turn}-{n}", "text": f"Churn and loyalty, note {turn}-{n}."} for n in range(10)]
                job = client.wait(client.add_documents(texts), every=0.02)
                failed.extend(file for file in job.files if file.outcome != "added")
                for file in job.files[::2]:
                    answer = httpx.delete(
                        f"http://127.0.0.1:{port}/v1/documents/{file.document_id}",
                        headers={"Authorization": f"Bearer {key}"},
                    )
                    failed.extend([answer.text] if answer.status_code != 204 else [])

    user = threading.Thread(target=use)
    user.start()
    try:
        reports = []
        for number in range(BACKUPS):
            visitor = Store.open(folder)
            reports.append(back_up(visitor, tmp_path / f"copy-{number}"))
            visitor.close()
    finally:
        stop.set()
        user.join()
        server.terminate()
        server.wait(30)

    assert failed == []
    for number, report in enumerate(reports):
        assert restore(tmp_path / f"copy-{number}", tmp_path / f"new-{number}") == report
        restored = Store.open(tmp_path / f"new-{number}")

        assert check(restored, lexical) == []
        assert restored.counts()["documents"] == report.documents
        restored.close()
    assert check(store, lexical) == []
