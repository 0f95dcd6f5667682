"""A base that cannot be written is read whole, in place or from a copy, and left as it is."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.search import lexical
from kb.records.errors import ReadOnlyError
from kb.store import Store
from kb.store.disk.frozen import address, copied
from kb.store.upkeep.backup import back_up, restore
from kb.store.upkeep.checking import check
from tests.api.conftest import corpus_base  # noqa: F401 - the base of the small corpus
from tests.disks import closed
from tests.kb.making import as_format_1, make_document, make_entry

ROOT = Path(__file__).parents[2]
# A process that adds a key and is killed: what it committed stands in the log alone.
KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from kb.records.operation import Key, Scope
from kb.store import Store
store = Store.open(Path(sys.argv[1]))
store.keys.add(Key("late", "late", frozenset({Scope.READ}), datetime.now(UTC)), "0" * 64)
os._exit(0)
"""


def whole(folder: Path) -> None:
    """As the last program left it that closed it."""


def with_log(folder: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(folder)], cwd=ROOT, check=True)


def without_log_index(folder: Path) -> None:
    with_log(folder)
    (folder / "kb.sqlite-shm").unlink()


def of_an_older_format(folder: Path) -> None:
    as_format_1(folder)
    connection = sqlite3.connect(folder / "kb.sqlite")
    for table in ("deliveries", "webhooks", "searches", "passage_subtopics"):
        connection.execute(f"DROP TABLE {table}")
    connection.close()


def without_folders(folder: Path) -> None:
    shutil.rmtree(folder / "incoming", ignore_errors=True)
    shutil.rmtree(folder / "index", ignore_errors=True)


SHAPES = [whole, with_log, without_log_index, of_an_older_format, without_folders]


def contents(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


@pytest.mark.parametrize("shape", SHAPES)
def test_everything_is_read_and_nothing_changed(
    corpus_base: Path,  # noqa: F811
    tmp_path: Path,
    shape: Callable[[Path], None],
) -> None:
    """Documents, originals, statistics, the words, the doctor and a backup; a change is refused by its own error."""
    folder = tmp_path / "base"
    shutil.copytree(corpus_base, folder)
    shape(folder)
    late = ["late"] if shape in (with_log, without_log_index) else []
    before = contents(folder)
    with closed(folder):
        store = Store.open(folder)
        documents = store.documents()
        originals = [len(store.original(document.sha256)) for document in documents]
        keys = [key.id for key in store.keys.all()]
        with pytest.raises(ReadOnlyError, match="can be read and not be changed"):
            store.remove(documents[0].id)
        apart = Store.open(folder, apart=True)
        faults = check(apart, lexical)
        apart.close()
        report = back_up(store, tmp_path / "backup")
        store.close()
        after = contents(folder)
    restored = restore(tmp_path / "backup", tmp_path / "restored")

    assert store.read_only
    assert len(documents) == report.documents == restored.documents == 4
    assert all(originals)
    assert keys == late
    assert faults == []
    assert after == before


def test_what_another_program_writes_is_read(corpus_base: Path, tmp_path: Path) -> None:  # noqa: F811
    """A base that is mounted read-only here and written elsewhere, before and after it has a log."""
    folder, mounted = tmp_path / "base", tmp_path / "mounted"
    shutil.copytree(corpus_base, folder)
    mounted.mkdir()
    bound = subprocess.run(["mount", "--bind", str(folder), str(mounted)], capture_output=True, check=False)
    if bound.returncode:
        pytest.skip("no mounts on this machine")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(mounted)], check=True)
        store = Store.open(mounted)
        counts = [store.counts()["documents"]]
        writer = Store.open(folder)
        writer.remove(writer.documents()[0].id)
        counts.append(store.counts()["documents"])
        writer.remove(writer.documents()[0].id)
        counts.append(store.counts()["documents"])
        writer.close()
        counts.append(store.counts()["documents"])
        store.close()
    finally:
        subprocess.run(["umount", "--lazy", str(mounted)], check=True)

    assert counts == [4, 3, 2, 2]


def test_the_log_of_a_database_behind_a_link_is_read(tmp_path: Path) -> None:
    """SQLite keeps it beside the file and not beside the link: without it the last changes would be missing."""
    store = Store.open(tmp_path / "real", create=True)
    store.add(make_entry(make_document("a.txt", "one text")), b"one text")
    (tmp_path / "linked").mkdir()
    link = tmp_path / "linked" / "kb.sqlite"
    link.symlink_to(tmp_path / "real" / "kb.sqlite")
    query = "SELECT count(*) FROM documents"

    uri = address(link)
    assert uri is not None
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        in_place = connection.execute(query).fetchone()
    copy = copied(link)
    with closing(sqlite3.connect(copy / "kb.sqlite")) as connection:
        apart = connection.execute(query).fetchone()
    shutil.rmtree(copy)

    assert (in_place, apart) == ((1,), (1,))
    store.close()
