"""What PostgreSQL refuses is said with its name and the next step, and never with a password."""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import pwd
import secrets
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.database import NoServerError, postgresql_here
from kb.records.errors import BaseError, InputError, ModelError, NoSpaceError, ReadOnlyError
from kb.records.language import Language
from kb.records.operation import Job, JobState
from kb.records.search import WordQuery
from kb.store import Store
from kb.store.tables.cells import COUNTED
from kb.store.tables.steps import FORMAT
from tests.disks import fill, small_disk
from tests.kb.making import STAMP, make_document, make_entry

psycopg = pytest.importorskip("psycopg")
from kb.store.postgresql.connections import PostgresConnections  # noqa: E402 - where psycopg is

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def opened(address: str, folder: Path, *, create: bool = True) -> Store:
    from kb.store.postgresql.opening import open_postgresql

    return open_postgresql(address, folder / "base", create=create)


def run(address: str, statement: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


def wrong_password(address: str) -> str:
    return address.replace("s3cret", "wr0ng")


def no_password(address: str) -> str:
    return address.replace(":s3cret", "")


def no_server(address: str) -> str:
    return address.split("@")[0] + "@127.0.0.1:1/kb"


def no_host(address: str) -> str:
    return address.split("@")[0] + "@nowhere.invalid/kb"


def no_database(address: str) -> str:
    return address.rpartition("/")[0] + "/none"


def no_port(address: str) -> str:
    return address.split("@")[0] + "@127.0.0.1:999999/kb"


def no_option(address: str) -> str:
    return f"{address}?sslmode=s3cret"


def no_bracket(address: str) -> str:
    return address.split("@")[0] + "@[::1/kb"


def slash_in_password(address: str) -> str:
    """As it is typed, where it should be %2F: libpq takes what is before for the host."""
    return address.replace("s3cret", "s3cret/wr0ng")


REFUSED = [
    (wrong_password, "refuses the user or the password", "Look at KB_STORE"),
    (no_password, "refuses the user or the password", "Look at KB_STORE"),
    (no_server, "cannot be reached", "Start it"),
    (no_host, "cannot be reached", "Start it"),
    (no_database, "has no such database", "createdb"),
    (no_port, "is no address of PostgreSQL", "Look at KB_STORE"),
    (no_option, "is no address of PostgreSQL", "Look at KB_STORE"),
    (no_bracket, "is no address of PostgreSQL", "Look at KB_STORE"),
]


@pytest.mark.parametrize(("address", "reason", "hint"), REFUSED)
def test_what_cannot_be_opened(
    postgresql: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    address: Callable[[str], str],
    reason: str,
    hint: str,
) -> None:
    """The server and the database are named, the reason and the next step; no user and no password, nor in a log."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(BaseError) as refused:
        opened(address(postgresql), tmp_path)

    assert reason in refused.value.reason
    assert hint in (refused.value.hint or "")
    chain = repr(refused.value) + str(refused.value) + repr(refused.value.__cause__) + caplog.text
    assert "s3cret" not in chain
    assert "wr0ng" not in chain
    assert refused.value.thing.startswith("base in PostgreSQL at ")


def test_what_is_typed_wrong_is_not_repeated(postgresql: str, tmp_path: Path) -> None:
    """A password that was not escaped is no host and no database to name."""
    with pytest.raises(BaseError) as refused:
        opened(slash_in_password(postgresql), tmp_path)

    assert refused.value.thing == f"base in PostgreSQL at {postgresql.rpartition('@')[2]}"


def test_a_user_that_is_not_there(postgresql: str, tmp_path: Path) -> None:
    """Is no missing database, though the server says of both that they do not exist."""
    with psycopg.connect(postgresql) as connection:
        folder = connection.execute("SHOW unix_socket_directories").fetchone()[0]
    port = postgresql.rpartition(":")[2].partition("/")[0]
    address = f"postgresql://nobody@/{postgresql.rpartition('/')[2]}?host={folder}&port={port}"

    with pytest.raises(BaseError, match="refuses the user or the password"):
        opened(address, tmp_path)


@pytest.mark.parametrize("kind", ["ENCODING 'LATIN1' LOCALE 'C'", "ENCODING 'SQL_ASCII' LOCALE 'C'", "LOCALE 'C'"])
def test_a_database_without_all_letters_is_refused(postgresql: str, tmp_path: Path, kind: str) -> None:
    """Names would be refused one by one, or not found by a word in capitals."""
    other = f"{postgresql.rpartition('/')[2]}_other"
    run(postgresql, f"CREATE DATABASE {other} TEMPLATE template0 {kind}")

    with pytest.raises(BaseError, match="does not keep all letters") as refused:
        opened(f"{postgresql}_other", tmp_path)

    assert "--encoding UTF8" in (refused.value.hint or "")


def test_the_encoding_of_the_caller_is_not_asked(
    postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    store = opened(postgresql, tmp_path)

    store.add(make_entry(make_document("ñ✓.txt", "ñandú ✓")), b"x")

    assert [document.source_id for document in store.documents()] == ["ñ✓.txt"]
    store.close()


def test_no_base_yet(postgresql: str, tmp_path: Path) -> None:
    """Only what ingests makes one."""
    with pytest.raises(BaseError, match="there is no base here"):
        opened(postgresql, tmp_path, create=False)


def test_a_newer_format_is_refused(postgresql: str, tmp_path: Path) -> None:
    """When it is opened, and by a program that had it open before: reading goes on, nothing is written."""
    store = opened(postgresql, tmp_path)
    run(postgresql, f"UPDATE kb.meta SET value = '{FORMAT + 1}' WHERE key = 'format'")  # noqa: S608
    reason = f"is in format {FORMAT + 1}, and this program reads up to format {FORMAT}"

    with pytest.raises(BaseError, match=reason) as refused:
        opened(postgresql, tmp_path)
    with pytest.raises(BaseError, match=reason):
        store.claim(STAMP)
    with pytest.raises(BaseError, match=reason):
        store.jobs.put_back()

    assert "Update the program" in refused.value.hint
    assert store.counts()["documents"] == 0
    store.close()


def old_base(address: str) -> None:
    """A base of format 2 with two documents, as a program of that time left it."""
    dump = Path(__file__).parents[2] / "cases" / "bases" / "f2_columns.postgresql.sql.gz"
    run(address, gzip.decompress(dump.read_bytes()).decode())


def parts(address: str) -> list[tuple[object, ...]]:
    """Every column, index, function and trigger of a base."""
    query = """
    SELECT 'column', table_name || '.' || column_name || ' ' || data_type || coalesce(collation_name, '')
    FROM information_schema.columns WHERE table_schema = 'kb'
    UNION SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'kb'
    UNION SELECT 'trigger', trigger_name || event_manipulation FROM information_schema.triggers
    UNION SELECT 'routine', routine_name FROM information_schema.routines WHERE routine_schema = 'kb' ORDER BY 1, 2
    """
    with psycopg.connect(address) as connection:
        return list(connection.execute(query).fetchall())


def test_an_older_format_is_brought_forward(postgresql: str, postgresql_server: str, tmp_path: Path) -> None:
    """To the very parts of a new base, whoever opens it first of several at once; documents and permalinks stay."""
    old_base(postgresql)
    with psycopg.connect(postgresql) as looking:
        links = looking.execute("SELECT id FROM kb.documents ORDER BY id").fetchall()
    run(f"{postgresql_server}/postgres", f"CREATE DATABASE {postgresql.rpartition('/')[2]}_new")
    opened(f"{postgresql}_new", tmp_path).close()

    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda number: opened(postgresql, tmp_path / str(number)), range(4)))

    assert parts(postgresql) == parts(f"{postgresql}_new")
    assert [(identity,) for identity in sorted(stores[0].document_ids())] == links
    assert stores[0]._connections.fetch("SELECT count(*) FROM fingerprint_samples", (), COUNTED) == [(64,)]
    assert len(stores[0].word_search(WordQuery(("clientes",), ("client",)), Language.ES, 9)) > 0
    for store in stores:
        store.close()


def test_a_step_that_does_not_come_about_leaves_the_old_format(postgresql: str, tmp_path: Path) -> None:
    """All of it or nothing: the next opening has the rest, once what was in the way is gone."""
    old_base(postgresql)
    run(postgresql, "CREATE FUNCTION kb.tell_of_jobs() RETURNS int LANGUAGE sql RETURN 1")
    before = parts(postgresql)

    with pytest.raises(BaseError, match="already exists"):
        opened(postgresql, tmp_path)

    assert parts(postgresql) == before
    run(postgresql, "DROP FUNCTION kb.tell_of_jobs()")
    opened(postgresql, tmp_path).close()
    assert len(parts(postgresql)) > len(before)


def test_who_cannot_bring_it_forward_is_told_who_can(postgresql: str, tmp_path: Path) -> None:
    """A replica, and a user who may write rows and not change tables."""
    old_base(postgresql)
    user = f"writer_{postgresql.rpartition('/')[2]}"
    run(postgresql, f"CREATE ROLE {user} LOGIN PASSWORD 'wr1te'")
    run(postgresql, f"GRANT USAGE ON SCHEMA kb TO {user}")
    run(postgresql, f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA kb TO {user}")
    reason = f"is in format 2, older than {FORMAT}, and cannot be changed from here"

    with pytest.raises(BaseError, match=reason):
        opened(postgresql.replace("kb:s3cret", f"{user}:wr1te"), tmp_path)
    run(postgresql, f"ALTER DATABASE {postgresql.rpartition('/')[2]} SET default_transaction_read_only = on")
    with pytest.raises(BaseError, match=reason) as refused:
        opened(postgresql, tmp_path)

    assert refused.value.hint == "Open it once on the primary server as the user who made it: kb documents"


def test_a_job_that_is_queued_anywhere_is_heard_of(postgresql: str, tmp_path: Path) -> None:
    """By whoever listens, on other connections too, and after a cut."""
    here, there = opened(postgresql, tmp_path / "here"), opened(postgresql, tmp_path / "there")
    heard, until = threading.Event(), threading.Event()
    listening = threading.Thread(target=there.listen, args=(heard.set, until))
    listening.start()

    def queued(number: int) -> bool:
        heard.clear()
        for _ in range(20):  # it may be about to listen
            here.jobs.queue(Job(f"j{number}{secrets.token_hex(4)}", JobState.QUEUED, NOW, 1), "me")
            if heard.wait(0.5):
                return True
        return False

    first = queued(1)
    run(postgresql, CUT)
    second = queued(2)
    until.set()
    listening.join()

    assert (first, second) == (True, True)
    here.close()
    there.close()


def test_jobs_are_taken_while_a_document_is_written(postgresql: str, tmp_path: Path) -> None:
    """Whoever writes into the base keeps nobody from the queue."""
    here, there = opened(postgresql, tmp_path / "here"), opened(postgresql, tmp_path / "there")

    with here._connections.write():
        there.jobs.queue(Job("j1", JobState.QUEUED, NOW, 1), "me")
        taken = there.jobs.of("w").take(NOW)

    assert taken is not None
    assert taken.id == "j1"
    here.close()
    there.close()


def test_a_server_that_takes_no_changes_is_read(postgresql: str, tmp_path: Path) -> None:
    """As a replica is: everything is read, and a change is refused by its own error."""
    store = opened(postgresql, tmp_path)
    store.claim(STAMP)
    store.add(make_entry(make_document("a.txt", "one text")), b"one text")
    store.close()
    run(postgresql, f"ALTER DATABASE {postgresql.rpartition('/')[2]} SET default_transaction_read_only = on")

    store = opened(postgresql, tmp_path)

    assert store.read_only
    assert store.counts()["documents"] == 1
    assert len(store.word_search(WordQuery(("text",), ("text",)), Language.EN, 5)) == 1
    with pytest.raises(ReadOnlyError, match="takes no changes"):
        store.remove(store.documents()[0].id)
    store.close()


def test_a_server_that_is_too_old(tmp_path: Path) -> None:
    """By its own word, where this machine has one."""
    older = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if int(path.parent.name) < 16]
    if not older:
        pytest.skip("this machine has no PostgreSQL that is too old")
    with ExitStack() as server:
        try:
            address = server.enter_context(postgresql_here(programs=older[0]))
        except NoServerError as error:
            pytest.skip(str(error))
        with pytest.raises(
            BaseError, match=f"its server is PostgreSQL {older[0].parent.name}, older than 16"
        ) as refused:
            opened(f"{address}/postgres", tmp_path)

    assert refused.value.hint == "Update the server"


def test_a_server_that_has_no_more_room(postgresql: str, postgresql_server: str, tmp_path: Path) -> None:
    """Nothing of the document is kept, reading goes on, and so does writing once there is room."""
    user = pwd.getpwnam("nobody")
    with small_disk(Path(tempfile.mkdtemp()) / "disk", 24 << 20) as disk:
        if os.geteuid() == 0:
            os.chown(disk, user.pw_uid, user.pw_gid)
        disk.parent.chmod(0o755)
        name = f"full_{postgresql.rpartition('/')[2]}"
        run(f"{postgresql_server}/postgres", f"CREATE TABLESPACE {name} LOCATION '{disk}'")
        run(f"{postgresql_server}/postgres", f"CREATE DATABASE {name} TABLESPACE {name}")
        store = opened(f"{postgresql_server}/{name}", tmp_path)
        store.add(make_entry(make_document("a.txt", "one text")), b"one text")
        filler = fill(disk, 1 << 20)

        with pytest.raises(NoSpaceError, match="its server has no more room"):
            store.add(make_entry(make_document("b.txt", "another text")), os.urandom(4 << 20))

        assert store.counts()["documents"] == 1
        filler.unlink()
        store.add(make_entry(make_document("b.txt", "another text")), os.urandom(1 << 20))
        assert store.counts()["documents"] == 2
        store.close()
        run(f"{postgresql_server}/postgres", f"DROP DATABASE {name}")
        run(f"{postgresql_server}/postgres", f"DROP TABLESPACE {name}")


def test_a_server_that_is_slow(postgresql: str) -> None:
    """Whoever waits for what another holds is told so in time; what the other does is not undone."""
    slow = PostgresConnections(postgresql, create=True, wait_seconds=1)
    with psycopg.connect(postgresql) as other:
        other.execute("SELECT pg_advisory_lock(CAST(x'6b627772' AS int))")
        with pytest.raises(BaseError, match=r"cannot be written .another run is writing"), slow.write():
            pass
    with pytest.raises(BaseError, match="its server takes too long to answer") as refused:
        slow.fetch("SELECT CAST(1 AS bigint) FROM pg_sleep(20)", (), COUNTED)

    assert refused.value.hint == "Look at what its server does (pg_stat_activity), then try again"
    assert slow.fetch("SELECT CAST(1 AS bigint)", (), COUNTED) == [(1,)]
    slow.close()


def test_connections_that_were_cut_are_made_anew(postgresql: str, tmp_path: Path) -> None:
    """The server was started again: reading and writing go on."""
    store = opened(postgresql, tmp_path)
    store.claim(STAMP)
    store.add(make_entry(make_document("a.txt", "one text")), b"one text")
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kb'"

    run(postgresql, cut)
    counts = [store.counts()["documents"]]
    run(postgresql, cut)
    store.add(make_entry(make_document("b.txt", "another text")), b"another text")
    counts.append(store.counts()["documents"])

    assert counts == [1, 2]
    store.close()


CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kb'"


def test_a_connection_cut_in_the_middle_of_a_write_keeps_nothing(postgresql: str, tmp_path: Path) -> None:
    """What follows inside the transaction does not go on in another one, and the caller is told."""
    store = opened(postgresql, tmp_path)
    before = store.version()

    def cut(within: AbstractContextManager[None]) -> None:
        with store._connections.write() as connection:
            connection.execute("INSERT INTO meta VALUES ('version', '9')")
            run(postgresql, CUT)
            with within:
                store._originals.keep(b"half")

    for within in (nullcontext(), suppress(BaseError)):
        with pytest.raises(BaseError, match="its server ended the connection"):
            cut(within)

    with psycopg.connect(postgresql) as looking:
        originals = looking.execute("SELECT count(*) FROM kb.originals").fetchone()
    assert (originals, store.version()) == ((0,), before)
    store.add(make_entry(make_document("a.txt", "one text")), b"one text")
    assert store.counts()["documents"] == 1
    store.close()


def test_a_reader_that_was_cut_is_made_anew_between_two_moments_alone(postgresql: str, tmp_path: Path) -> None:
    """Whatever asks it; inside a moment another connection would read another one."""
    store = opened(postgresql, tmp_path)
    store.add(make_entry(make_document("a.txt", "one text")), b"one text")
    asked: list[Callable[[], object]] = [
        lambda: store.next_version("a.txt"),
        lambda: store.jobs.reply("caller", "name"),
        lambda: store.jobs.set_aside(),
        lambda: store._connections.last_key("passages"),
    ]
    answers = []
    for ask in asked:
        store.counts()
        run(postgresql, CUT)
        answers.append(ask())
    run(postgresql, CUT)

    with store._connections.snapshot():
        counted = store.counts()["documents"]
        run(postgresql, CUT)
        with pytest.raises(BaseError, match="its server ended the connection"):
            store.counts()

    assert answers == [2, None, [], 1]
    assert (counted, store.counts()["documents"]) == (1, 1)
    store.close()


def test_what_an_index_cannot_hold_is_said(postgresql: str, tmp_path: Path) -> None:
    """The server has not gone: it says what is too long, and nothing is kept."""
    store = opened(postgresql, tmp_path)
    name = "".join(hashlib.sha256(str(number).encode()).hexdigest() for number in range(100))

    with pytest.raises(BaseError, match="exceeds btree") as refused:
        store.add(make_entry(make_document(name, "one text")), b"one text")

    assert refused.value.hint == "Nothing of this document was kept"
    assert store.counts()["documents"] == 0
    store.close()


def test_a_user_who_may_only_read_has_a_closed_base(postgresql: str, tmp_path: Path) -> None:
    store = opened(postgresql, tmp_path)
    store.add(make_entry(make_document("a.txt", "one text")), b"one text")
    user = f"reader_{postgresql.rpartition('/')[2]}"
    run(postgresql, f"CREATE ROLE {user} LOGIN PASSWORD 'r3ad'")
    run(postgresql, f"GRANT USAGE ON SCHEMA kb TO {user}")
    run(postgresql, f"GRANT SELECT ON ALL TABLES IN SCHEMA kb TO {user}")

    reader = opened(postgresql.replace("kb:s3cret", f"{user}:r3ad"), tmp_path)

    assert (store.read_only, reader.read_only) == (False, True)
    assert reader.counts()["documents"] == 1
    reader.close()
    store.close()


def test_one_program_has_a_place(postgresql: str, tmp_path: Path) -> None:
    """Which it loses with its connection."""
    first, second = opened(postgresql, tmp_path), opened(postgresql, tmp_path)
    mine, other = first.place(".lock"), second.place(".lock")

    before = (mine.held(), other.held(), mine.taken, second.place(".courier").held())
    run(postgresql, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kb'")

    assert before == (True, False, True, True)
    assert (mine.taken, other.held()) == (False, True)
    other.let_go()
    first.close()
    second.close()


def test_advice_names_no_folder(postgresql: str, tmp_path: Path) -> None:
    """Whoever followed it would make a second base, in the folder of the index."""
    store = opened(postgresql, tmp_path)
    store.claim(STAMP)

    with pytest.raises(ModelError) as refused:
        store.claim(replace(STAMP, name="other"))

    assert refused.value.reason.startswith(f"base in PostgreSQL at {postgresql.rpartition('@')[2]} was built with")
    assert refused.value.hint == "Set KB_MODEL back, or embed it anew: kb ingest PATH --re-embed"
    store.close()


def test_files_of_jobs_are_where_they_are_needed(postgresql: str, tmp_path: Path) -> None:
    """Taken in on one machine, run on another: its folder is filled from the base, and emptied with it."""
    from io import BytesIO

    from api.jobs.intake import Inbox, Incoming

    here, there = opened(postgresql, tmp_path / "here"), opened(postgresql, tmp_path / "there")
    sent = [Incoming("a.txt", BytesIO(b"one text"), {"title": "T"}), Incoming("b.txt", BytesIO(b"b"), None)]
    Inbox(here).keep("j1", sent)

    kept = Inbox(there).kept("j1")
    read = [(path.name, path.read_bytes()) for path in kept]
    shutil.rmtree(kept[0].parent)
    Inbox(there)._share("j1")
    left = [path.name for path in (*Inbox(there).kept("j1"), *Inbox(here).kept("j1"))]
    Inbox(here).discard("j1")

    assert left == ["b.txt", "b.txt"]
    assert read == [("a.txt", b"one text"), ("b.txt", b"b")]
    assert Inbox(there).kept("j1") == []
    here.close()
    there.close()


def test_the_setting(postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """KB_STORE names the base; a folder that is named is one on disk; what is for folders alone says so."""
    from api.cli.wiring import Wiring
    from api.settings import Settings

    monkeypatch.setenv("KB_STORE", postgresql)
    settings = Settings(base=tmp_path / "local")
    store = Wiring(settings).store(create=True)

    assert "s3cret" not in repr(settings)
    assert store.name == f"base in PostgreSQL at {postgresql.partition('@')[2]}"
    assert Wiring(settings, tmp_path / "disk").store(create=True).name == str(tmp_path / "disk")
    with pytest.raises(InputError, match="is for a base in a folder"):
        Wiring(settings).require_folder("kb doctor")
    monkeypatch.setenv("KB_STORE", "mysql://user:s3cret@host/kb")
    with pytest.raises(InputError, match="is no address of PostgreSQL") as refused:
        Settings()
    assert "s3cret" not in str(refused.value)
    store.close()


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="what a system without it waits is its own")
def test_a_server_that_went_without_a_word_is_given_up(postgresql: str, tmp_path: Path) -> None:
    """In 30 s, by who waits for an answer and by who asks: a switched-off machine ends no connection."""
    store = opened(postgresql, tmp_path)
    connections = store._connections
    assert isinstance(connections, PostgresConnections)
    for one in (connections.read(), connections._writer.sql):
        with socket.socket(fileno=os.dup(one.connection.fileno())) as line:
            names = ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")
            idle, each, times, unheard = (line.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in names)
        assert (idle + each * times, unheard) == (30, 30_000)
    store.close()
