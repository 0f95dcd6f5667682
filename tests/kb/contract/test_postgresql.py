"""What PostgreSQL refuses is said with its name and the next step, and never with a password."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.records.errors import BaseError, InputError, ReadOnlyError
from kb.records.language import Language
from kb.records.search import WordQuery
from kb.store import Store
from kb.store.tables.steps import FORMAT
from tests.kb.making import STAMP, make_document, make_entry

psycopg = pytest.importorskip("psycopg")


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


REFUSED = [
    (wrong_password, "refuses the user or the password", "Look at KB_STORE"),
    (no_password, "refuses the user or the password", "Look at KB_STORE"),
    (no_server, "cannot be reached", "Start it"),
    (no_host, "cannot be reached", "Start it"),
    (no_database, "has no such database", "createdb"),
]


@pytest.mark.parametrize(("address", "reason", "hint"), REFUSED)
def test_what_cannot_be_opened(
    postgresql: str, tmp_path: Path, address: Callable[[str], str], reason: str, hint: str
) -> None:
    """The server and the database are named, the reason and the next step; no user and no password."""
    with pytest.raises(BaseError) as refused:
        opened(address(postgresql), tmp_path)

    assert reason in refused.value.reason
    assert hint in (refused.value.hint or "")
    chain = repr(refused.value) + str(refused.value) + repr(refused.value.__cause__)
    assert "s3cret" not in chain
    assert "wr0ng" not in chain
    assert refused.value.thing.startswith("base in PostgreSQL at ")


def test_no_base_yet(postgresql: str, tmp_path: Path) -> None:
    """Only what ingests makes one."""
    with pytest.raises(BaseError, match="there is no base here"):
        opened(postgresql, tmp_path, create=False)


def test_another_format_is_refused(postgresql: str, tmp_path: Path) -> None:
    opened(postgresql, tmp_path).close()
    run(postgresql, f"UPDATE kb.meta SET value = '{FORMAT + 1}' WHERE key = 'format'")  # noqa: S608

    with pytest.raises(BaseError, match=f"is in format {FORMAT + 1}, and this program reads up to format {FORMAT}"):
        opened(postgresql, tmp_path)


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


def test_files_of_jobs_are_where_they_are_needed(postgresql: str, tmp_path: Path) -> None:
    """Taken in on one machine, run on another: its folder is filled from the base, and emptied with it."""
    from io import BytesIO

    from api.jobs.inbox import Inbox
    from api.jobs.intake import Incoming

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
