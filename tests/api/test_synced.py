"""An acknowledgement means that everything is on disk: what was synced, and in which order, before it was given."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from api.http.limits import RequestLimits
from api.jobs.runner import JobRunner
from kb.records.operation import Scope
from kb.store import Store
from tests.api.conftest import Serve, bearer, pipeline_of
from tests.api.test_uploads import SPANISH, finished


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Path]]:
    """What is asked of the system from now on: syncs and renames, by the path that they are about."""
    asked: list[tuple[str, Path]] = []
    sync, rename = os.fsync, os.replace

    def recorded_sync(handle: int) -> None:
        sync(handle)
        asked.append(("fsync", Path(f"/proc/self/fd/{handle}").readlink()))

    def recorded_rename(source: str | Path, target: str | Path) -> None:
        rename(source, target)
        asked.append(("rename", Path(target)))

    monkeypatch.setattr(os, "fsync", recorded_sync)
    monkeypatch.setattr(os, "replace", recorded_rename)
    return asked


def test_everything_sent_is_synced_before_it_is_acknowledged(
    serve: Serve, store: Store, calls: list[tuple[str, Path]]
) -> None:
    """The file, what is said of it, and each folder that names one of them, after what it names."""
    headers = bearer(store, Scope.INGEST)
    client = serve(limits=RequestLimits(rate_per_minute=0), run_jobs=False)
    about = json.dumps({"nota.txt": {"title": "Nota"}})
    files = [("file", ("nota.txt", SPANISH.encode(), "text/plain"))]
    response = client.post("/v1/documents", files=files, data={"metadata": about}, headers=headers)
    folder = store.folder.resolve() / "incoming" / response.json()["id"]
    synced = [path for call, path in calls if call == "fsync"]
    inside = [path for path in folder.rglob("*") if path.is_file()]

    assert response.status_code == 202
    assert len(inside) == 2
    assert {*inside, folder / "0000", folder, folder.parent, folder.parent.parent} <= set(synced)
    assert max(map(synced.index, inside)) < synced.index(folder / "0000") < synced.index(folder)


def test_an_original_and_its_folders_are_synced_before_its_document_is_told_of(
    serve: Serve, store: Store, calls: list[tuple[str, Path]]
) -> None:
    """Renamed into its folder, then the folder synced; a new folder in the one above it."""
    headers = bearer(store, Scope.INGEST, Scope.READ)
    client = serve(limits=RequestLimits(rate_per_minute=0), run_jobs=False)
    files = [("file", ("nota.txt", SPANISH.encode(), "text/plain"))]
    job = client.post("/v1/documents", files=files, headers=headers).json()["id"]
    runner = JobRunner(store, lambda: pipeline_of(store))
    runner.start()
    document = finished(client, job, headers)["files"][0]["document_id"]
    runner.stop()
    sha256 = store.document(document).sha256
    original = store.folder.resolve() / "originals" / sha256[:2] / sha256
    renamed = next(at for at, call in enumerate(calls) if call[0] == "rename" and call[1].resolve() == original)

    assert original.exists()
    assert ("fsync", original.parent) in calls[renamed:]
    assert ("fsync", original.parent.parent) in calls
