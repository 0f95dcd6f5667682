"""A base of any format there ever was is brought to the newest when it is opened: copied first, all or nothing."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kb.records.errors import BaseError, NoSpaceError, NotFoundError
from kb.records.language import Language
from kb.records.search import StatisticQuery, WordQuery
from kb.records.topics import Topic, TopicCount
from kb.store import Store
from kb.store.base import DATABASE
from kb.store.tables.steps import FORMAT, lacking
from kb.store.upkeep.backup import restore
from kb.store.upkeep.checking import check
from kb.store.upkeep.checking_rows import StoreFault
from tests.cli.conftest import Kb, kb
from tests.disks import fill, small_disk
from tests.kb.making import as_format_1, make_document, make_entry

__all__ = ["kb"]

BASES = Path(__file__).parents[1] / "cases" / "bases"
# Bases that each kind of format 1 left: with documents alone, then with what came while the number stayed; and 2.
OLD = sorted(path.name.removesuffix(".sqlite.gz") for path in BASES.glob("*.sqlite.gz"))
WHOLE = "9_corrections"
SECOND = "f2_columns"
# What the way to the newest format calls of SQLite and of the file system.
_CHANGING = {"execute", "backup", "mkdir", "link", "rename", "rmdir", "unlink", "fsync"}


def old_base(name: str, folder: Path) -> Path:
    """A base in ``folder`` as a program of that time left it."""
    folder.mkdir()
    database = folder / DATABASE
    database.write_bytes(gzip.decompress((BASES / f"{name}.sqlite.gz").read_bytes()))
    database.chmod(0o600)
    for path in BASES.glob("*.txt"):
        data = path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        kept = folder / "originals" / sha256[:2] / sha256
        kept.parent.mkdir(mode=0o700, parents=True)
        kept.write_bytes(data)
    (folder / "originals").chmod(0o700)
    folder.chmod(0o700)
    return folder


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        return connection.execute(query).fetchall()


def ids(folder: Path) -> list[list[tuple[object, ...]]]:
    """What permalinks lead to."""
    return [rows(folder, f"SELECT id FROM {name} ORDER BY id") for name in ("documents", "passages", "statistics")]  # noqa: S608


def written(folder: Path) -> list[list[tuple[object, ...]]]:
    return [rows(folder, f"SELECT * FROM {table} ORDER BY 1") for table in ("documents", "passages", "vectors")]  # noqa: S608


def format_in(folder: Path) -> object:
    return rows(folder, "PRAGMA user_version")[0][0]


@pytest.mark.parametrize("name", OLD)
def test_every_format_is_brought_forward(name: str, tmp_path: Path) -> None:
    """Documents, permalinks, statistics and words are what they were; nothing of the newest format is lacking; the
    doctor finds tokens alone, where there were none yet."""
    folder = old_base(name, tmp_path / "base")
    assert format_in(folder) == (2 if name == SECOND else 1)
    links = ids(folder)

    store = Store.open(folder)

    assert lacking(store._connections.read()) == []
    assert format_in(folder) == FORMAT
    assert ids(folder) == links
    assert [document.source_id for document in store.documents()] == ["corpus/lealtad.txt", "corpus/loyalty.txt"]
    assert len(store.statistics(StatisticQuery())) == len(links[2])
    assert len(store.word_search(WordQuery(("clientes",), ("client",)), Language.ES, 9)) > 0
    assert {document.media_type for document in store.documents()} == {"text/plain"}
    assert rows(folder, "SELECT media_type, duplicate_of, translation_of FROM documents") == [
        ("text/plain", None, None),
        ("text/plain", None, None),
    ]
    assert rows(folder, "SELECT count(*) FROM passage_topics WHERE score IS NULL") == [(0,)]
    sampled = "SELECT coalesce(sum(min(32, length(runs) / 4)), 0) FROM fingerprints"
    assert rows(folder, "SELECT count(*) FROM fingerprint_samples") == rows(folder, sampled)
    faults = {finding.kind for finding in check(store)}
    assert faults <= {StoreFault.VECTORS, StoreFault.ROW} if name[0] in "123" else not faults
    store.close()


@pytest.mark.parametrize("name", OLD)
def test_what_it_was_before_is_a_backup(name: str, tmp_path: Path) -> None:
    """The copy holds the old format, its originals are the same files, and kb restore makes a base of it."""
    folder = old_base(name, tmp_path / "base")
    before = written(folder)
    Store.open(folder).close()

    (copy,) = (folder / "set-aside").iterdir()
    originals = [path for path in sorted((copy / "originals").rglob("*")) if path.is_file()]

    number = 2 if name == SECOND else 1
    assert copy.name.startswith(f"format-{number}-")
    assert format_in(copy) == number
    assert written(copy) == before
    assert [path.stat().st_nlink for path in originals] == [2, 2]
    assert copy.stat().st_mode & 0o077 == 0
    report = restore(copy, tmp_path / "restored")
    assert (report.documents, report.originals) == (2, 2)
    again = Store.open(tmp_path / "restored")
    assert [document.source_id for document in again.documents()] == ["corpus/lealtad.txt", "corpus/loyalty.txt"]
    again.close()


def _killed_at(folder: Path, statement: int) -> bool:
    """Open a base in a process that is killed before it calls SQLite or names a file for so many times; whether it came
    so far."""
    child = os.fork()
    if child == 0:
        seen = 0

        def look(_: object, event: str, called: object) -> None:
            nonlocal seen
            seen += event == "c_call" and getattr(called, "__name__", "") in _CHANGING
            if seen == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(look)
        try:
            Store.open(folder)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_killed_at_any_statement_it_is_the_one_or_the_other(tmp_path: Path) -> None:
    """Before every third statement of copying and bringing forward in turn: the next opening has the newest format,
    whole, and one copy of what was before."""
    template = old_base("3_repeats", tmp_path / "template")
    formats = set()
    statement, came = 0, True
    while came:
        statement += 3
        folder = tmp_path / f"base-{statement}"
        shutil.copytree(template, folder)
        came = _killed_at(folder, statement)
        formats.add(format_in(folder))
        store = Store.open(folder)
        copies = sorted((folder / "set-aside").iterdir())
        assert lacking(store._connections.read()) == []
        assert store.counts() == {"documents": 2, "passages": 2, "statistics": 5}
        assert [format_in(copy) for copy in copies] == [1]
        assert not list((folder / "set-aside").glob("*.part"))
        store.close()
        shutil.rmtree(folder)

    assert statement > 60  # every statement of the steps was one at which it ended
    assert formats == {1, FORMAT}


def test_numbers_of_fingerprints_are_read_again(tmp_path: Path) -> None:
    """Without them a corrected figure would pass for a reprint."""
    folder = old_base("3_repeats", tmp_path / "base")

    Store.open(folder).close()

    assert rows(folder, "SELECT numbers FROM fingerprints ORDER BY numbers") == [("1,200 2024 41",), ("2023 62",)]


def test_scores_of_topics_are_filled_in(tmp_path: Path) -> None:
    """Coverage counts what is unsure by them."""
    folder = tmp_path / "base"
    store = Store.open(folder, create=True)
    store.add(make_entry(make_document("a.txt", "some words"), topics=(Topic.METRICS,)), b"some words")
    store.close()
    as_format_1(folder)

    opened = Store.open(folder)

    assert rows(folder, "SELECT topic, score FROM passage_topics") == [("metrics", 0.9)]
    assert opened.topic_cells() == {(Topic.METRICS, Language.EN, None): TopicCount(1, 0, 1)}
    opened.close()


def test_a_damaged_record_does_not_stop_it(tmp_path: Path) -> None:
    """The doctor names it afterwards; the rest is brought forward."""
    folder = old_base(WHOLE, tmp_path / "base")
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute("UPDATE documents SET record = '{' WHERE source_id = 'corpus/loyalty.txt'")
        connection.execute("UPDATE passages SET record = '[' WHERE language = 'es'")
    connection.close()

    store = Store.open(folder)

    assert rows(folder, "SELECT media_type FROM documents ORDER BY source_id") == [("text/plain",), (None,)]
    assert {finding.kind for finding in check(store)} == {StoreFault.ROW, StoreFault.LABELS}
    store.close()


# What a record may hold that is JSON and no record, and what somebody may have made beside the tables.
ODD = {
    "a topic that is a word": """UPDATE passages SET record = json_set(record, '$.topics', json('["quality"]'))""",
    "topics that are a word": "UPDATE passages SET record = json_set(record, '$.topics', 'quality')",
    "a score that is a word": """UPDATE passages SET record =
        json_set(record, '$.topics', json('[{"topic": "metrics", "score": "high", "subtopics": "nps"}]'))""",
    "a text that is a number": "UPDATE documents SET record = json_set(record, '$.text', 5)",
    "a text that is no UTF-8": """UPDATE documents SET record = CAST(x'7b2274657874223a22ff227d' AS TEXT)""",
    "a table": 'CREATE TABLE "my ""table" (a)',
    "an index": "CREATE INDEX documents_by_bytes ON documents (sha256)",
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", ["3_repeats", WHOLE])
def test_what_is_odd_does_not_stop_it(name: str, odd: str, tmp_path: Path) -> None:
    """Nobody could open the base otherwise, the doctor neither."""
    folder = old_base(name, tmp_path / "base")
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as connection:
        connection.execute(ODD[odd])

    store = Store.open(folder)

    assert (format_in(folder), store.counts()["documents"]) == (FORMAT, 2)
    store.close()


def test_a_newer_base_names_the_copy_of_before(tmp_path: Path) -> None:
    """What a newer program left is refused, with the copy that it had set aside; nothing is written."""
    folder = old_base(WHOLE, tmp_path / "base")
    Store.open(folder).close()
    copy = folder / "set-aside" / f"format-{FORMAT}-0123456789ab"
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    before = (folder / DATABASE).read_bytes()

    with pytest.raises(BaseError, match=f"base {folder}: is in format 4, .* up to format 3") as refused:
        Store.open(folder)
    copy.mkdir()
    with pytest.raises(BaseError) as with_copy:
        Store.open(folder)

    assert refused.value.hint == "Update the program to its newest version (docs/operate.md)"
    assert with_copy.value.hint == (
        "Update the program to its newest version (docs/operate.md); or restore what the base was before: "
        f"kb restore {copy} --base NEW"
    )
    assert (folder / DATABASE).read_bytes() == before


def test_a_program_that_runs_does_not_write_what_is_newer_by_then(tmp_path: Path) -> None:
    """A server that was not stopped for the upgrade: reading goes on, a change is refused."""
    folder = old_base(WHOLE, tmp_path / "base")
    store = Store.open(folder)
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()

    with pytest.raises(BaseError, match="is in format 4"):
        store.remove(store.documents()[0].id)

    assert len(store.documents()) == 2
    store.close()


def test_a_full_disk_leaves_the_old_format(tmp_path: Path) -> None:
    """There is no room for the copy: the reason is said, and nothing is changed."""
    with small_disk(tmp_path / "disk", 4 << 20) as disk:
        folder = old_base(WHOLE, disk / "base")
        before = (folder / DATABASE).read_bytes()
        filler = fill(disk, 220_000)
        with pytest.raises(NoSpaceError):
            Store.open(folder)
        after = (format_in(folder), sorted(path.name for path in (folder / "set-aside").rglob("*")))
        filler.unlink()
        store = Store.open(folder)
        counts = store.counts()
        store.close()

    assert len(before) > 220_000
    assert after == (1, [])
    assert counts["documents"] == 2


def test_the_doctor_looks_without_bringing_forward(kb: Kb, tmp_path: Path) -> None:
    """It says so, finds nothing wrong and changes nothing; another command brings the base forward."""
    folder = old_base(WHOLE, tmp_path / "base")
    before = (folder / DATABASE).read_bytes()

    looked = kb("doctor", "--base", str(folder))

    assert "older format than 3" in looked.stderr
    assert (folder / DATABASE).read_bytes() == before
    assert not (folder / "set-aside").exists()
    assert kb("documents", "--base", str(folder)).exit_code == 0
    assert format_in(folder) == FORMAT


def test_a_table_that_is_gone_is_found(tmp_path: Path) -> None:
    """A base of the newest format that lacks a part of it is named."""
    store = Store.open(tmp_path / "base", create=True)
    with store._connections.write() as connection:
        connection.execute("DROP TABLE replies")
        connection.execute("DROP INDEX documents_by_bytes")

    (finding, *_) = check(store)

    assert finding.kind is StoreFault.FILE
    assert finding.fault == (
        "lacks of format 3: documents_by_bytes, replies.body, replies.caller, replies.made, replies.name, "
        "replies.request, replies.status"
    )
    store.close()


def test_duplicates_are_found_by_their_column(tmp_path: Path) -> None:
    """A document that goes away frees those that repeat it, in the column as in the record."""
    store = Store.open(tmp_path / "base", create=True)
    first, second = make_document("a.txt", "one text"), make_document("b.txt", "another text")
    store.add(make_entry(first), b"one text")
    repeat = make_entry(second)
    object.__setattr__(repeat.document, "duplicate_of", first.id)
    store.add(repeat, b"another text")
    before = store.repeats()

    store.remove(first.id)

    assert before == {second.id: first.id}
    assert store.repeats() == {}
    assert store.document(second.id).duplicate_of is None
    with pytest.raises(NotFoundError):
        store.document(first.id)
    store.close()
