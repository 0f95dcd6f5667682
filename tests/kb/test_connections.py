"""Connections to a base: what threads that come and go leave behind, and what they wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kb.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "base", create=True)
    yield opened
    opened.close()


def at_once(count: int, ask: Callable[[], object]) -> None:
    """So many threads that all hold their connection at the same moment, and then end."""
    together = threading.Barrier(count)

    def run() -> None:
        ask()
        together.wait(10)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)


def open_files(folder: Path) -> int:
    """How many files of the base this process has open (Linux)."""
    inside = 0
    for handle in Path("/proc/self/fd").iterdir():
        try:
            inside += handle.readlink().is_relative_to(folder.resolve())
        except OSError:  # the handle of the listing itself
            continue
    return inside


def test_threads_that_end_leave_no_open_files_behind(store: Store) -> None:
    """As in a server, whose worker threads end when there is little to do and are new ones for the next burst."""
    held = []
    for _ in range(5):
        at_once(8, store.version)
        held.append(open_files(store.folder))

    assert held[-1] == held[0] <= 24


def test_what_all_readers_keep_of_the_file_is_bounded(store: Store) -> None:
    """16 MB each, and 96 of all of a program, however many threads ask."""
    reader = store._connections.read()

    assert reader.execute("PRAGMA cache_size").fetchone() == (-16_384,)
    assert reader.execute("PRAGMA soft_heap_limit").fetchone() == (96 * 2**20,)


def test_a_first_question_does_not_wait_for_a_writer(store: Store) -> None:
    """A thread without a connection gets one while another thread is in the middle of a transaction."""
    answered = threading.Event()

    def ask() -> None:
        store.version()
        answered.set()

    with store._connections.write():
        thread = threading.Thread(target=ask)
        thread.start()
        in_time = answered.wait(5)
    thread.join(10)

    assert in_time


def test_a_closed_base_closes_the_readers_of_every_thread(tmp_path: Path) -> None:
    """Nothing of it stays open."""
    opened = Store.open(tmp_path / "base", create=True)
    go, asked = threading.Event(), threading.Event()

    def ask() -> None:
        opened.version()
        asked.set()
        go.wait(10)

    thread = threading.Thread(target=ask)
    thread.start()
    asked.wait(10)
    opened.close()
    left = open_files(tmp_path / "base")
    go.set()
    thread.join(10)

    assert left == 0
