"""The engines that must keep the contract: a base on disk, and one in PostgreSQL where that starts on this machine."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from bench.database import NoServerError, postgresql_here
from kb.store import Store

Open = Callable[[], Store]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL that this run started, and stops; skipped with the reason where it does not start."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install -e '.[postgresql]'")
    with ExitStack() as server:
        try:
            address = server.enter_context(postgresql_here("max_connections=200"))
        except NoServerError as error:
            pytest.skip(str(error))
        yield address


_NUMBERS = count(1)


@pytest.fixture
def postgresql(postgresql_server: str) -> str:
    """The address of an empty database."""
    import psycopg

    name = f"kb{next(_NUMBERS)}"
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{postgresql_server}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def open_base(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the base of this test, made with the first call; several at a time are several programs on one base."""
    opened: list[Store] = []
    if request.param == "postgresql":
        from kb.store.postgresql.opening import open_postgresql

        address = request.getfixturevalue("postgresql")

        def open_it() -> Store:
            opened.append(open_postgresql(address, tmp_path / "base", create=True))
            return opened[-1]
    else:

        def open_it() -> Store:
            opened.append(Store.open(tmp_path / "base", create=True))
            return opened[-1]

    yield open_it
    for store in opened:
        store.close()
    shutil.rmtree(tmp_path / "base", ignore_errors=True)


@pytest.fixture
def store(open_base: Open) -> Store:
    """An empty base stamped with the model of the tests."""
    from tests.kb.making import STAMP

    made = open_base()
    made.claim(STAMP)
    return made
