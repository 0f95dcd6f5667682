"""Two places are two documents and one place is one, however named; what came from elsewhere too is not taken away."""

from __future__ import annotations

import io
import json
import shutil
import unicodedata
import zipfile
from pathlib import Path

import pytest

from index.search import lexical
from ingest.pipeline import Pipeline
from ingest.recovering import Recovery
from ingest.sources.naming import NOT_YOURS
from ingest.sources.places import Origin, sent_place
from ingest.sources.report import FileReport, Outcome, RunReport
from ingest.sources.sources import SourceFailure, SourceFile, find_file, find_sources
from kb.records.document import document_id
from kb.records.operation import NOBODY, OPERATOR, Sender
from kb.store import Store
from kb.store.disk.acknowledged import Did, acknowledged_in
from kb.store.tables.labels import claims_in
from kb.store.upkeep.losses import do_again
from tests.fakes import FakeEmbedder
from tests.ingest.test_pipeline import load_tagger

EFFORT = "Customer effort explains churn better than satisfaction does."
LOYALTY = "Loyalty is not a card in a wallet, says the customer of the bank."
EMPATHY = "Empathy grows where people listen to customers and take their time."
ANA, BEA, ADMIN = Sender("kana"), Sender("kbea"), Sender("kroot", is_admin=True)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty base."""
    return Store.open(tmp_path / "base", create=True)


def pipeline_of(store: Store) -> Pipeline:
    return Pipeline(store, FakeEmbedder, lexical, load_tagger)


def run(store: Store, *paths: Path, prune: bool = False) -> dict[str, Outcome]:
    """The outcomes of a run, as ``kb ingest`` in a new process makes it."""
    pipeline = pipeline_of(store)
    report = pipeline.run(find_sources(paths))
    folders = [path for path in paths if path.is_dir()]
    return outcomes(pipeline.prune(report, folders) if prune else report)


def send(store: Store, sender: Sender, folder: Path, **files: str) -> RunReport:
    """What a job makes of files that were sent with a key; a suffix is written with two underscores."""
    folder.mkdir(exist_ok=True)
    sources: list[SourceFile | SourceFailure] = []
    for name, text in files.items():
        path = folder / name.replace("__", ".")
        path.write_text(text)
        sources += find_file(path, path.name, sent_place(sender.owner, path.name))
    return pipeline_of(store).run(sources, sender=sender)


def outcomes(report: RunReport) -> dict[str, Outcome]:
    return {file.source_id: file.outcome for file in report.files}


def texts(store: Store) -> dict[str, str]:
    return {document.source_id: document.text for document in store.documents()}


def files(root: Path, **contents: str) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    for name, text in contents.items():
        (root / name.replace("__", ".")).write_text(text)
    return root


def without_places(store: Store) -> None:
    """Make the base one of an earlier version, which kept names alone."""
    with store._connections.write() as connection:
        connection.execute("DELETE FROM sources")
        connection.execute("DELETE FROM places")


def test_files_of_one_name_in_two_folders_are_two_documents(store: Store, tmp_path: Path) -> None:
    """Named one by one, in one run or in two; each goes on as itself when it changes."""
    a, b = files(tmp_path / "a", report__md=EFFORT), files(tmp_path / "b", report__md=LOYALTY)

    assert run(store, a / "report.md") == {"report.md": Outcome.ADDED}
    assert run(store, b / "report.md") == {"b/report.md": Outcome.ADDED}
    assert texts(store) == {"report.md": EFFORT, "b/report.md": LOYALTY}

    (a / "report.md").write_text(EMPATHY)
    both = {"report.md": Outcome.UPDATED, "b/report.md": Outcome.UNCHANGED}
    assert run(store, a / "report.md", b / "report.md") == both
    assert texts(store) == {"report.md": EMPATHY, "b/report.md": LOYALTY}


def test_folders_of_one_name_are_two_also_in_one_run(store: Store, tmp_path: Path) -> None:
    """More of the place is said until the name is its own."""
    first = files(tmp_path / "2023" / "reports", x__md=EFFORT)
    second = files(tmp_path / "2024" / "reports", x__md=LOYALTY)

    assert run(store, first, second) == {"reports/x.md": Outcome.ADDED, "2024/reports/x.md": Outcome.ADDED}
    assert run(store, second) == {"2024/reports/x.md": Outcome.UNCHANGED}


def test_archives_of_one_name_are_two(store: Store, tmp_path: Path) -> None:
    """A member is known by the archive's place; a member that stands there twice is named, not put over the other."""
    for name, text in (("a", EFFORT), ("b", LOYALTY)):
        (tmp_path / name).mkdir()
        with zipfile.ZipFile(tmp_path / name / "all.zip", "w") as archive:
            archive.writestr("report.md", text)
            if name == "b":
                with pytest.warns(UserWarning, match="Duplicate name"):
                    archive.writestr("report.md", EMPATHY)

    report = pipeline_of(store).run(find_sources([tmp_path / "a" / "all.zip", tmp_path / "b" / "all.zip"]))

    assert [(file.source_id, file.outcome, file.reason) for file in report.files] == [
        ("all.zip/report.md", Outcome.ADDED, None),
        ("b/all.zip/report.md", Outcome.ADDED, None),
        ("b/all.zip/report.md", Outcome.FAILED, "stands in the archive twice"),
    ]
    assert texts(store) == {"all.zip/report.md": EFFORT, "b/all.zip/report.md": LOYALTY}


def test_an_id_that_the_sender_gave_is_known_in_whatever_file_it_comes(store: Store, tmp_path: Path) -> None:
    """JSON lines under another name are the same documents; ids that look like places are ids."""
    line, new = ({"id": "a/report.md", "text": text} for text in (EFFORT, LOYALTY))
    files(tmp_path / "x", may__jsonl="\n".join([json.dumps(line), json.dumps({"id": "b/report.md", "text": EMPATHY})]))
    files(tmp_path / "y", june__jsonl=json.dumps(new))

    assert run(store, tmp_path / "x") == {"a/report.md": Outcome.ADDED, "b/report.md": Outcome.ADDED}
    assert run(store, tmp_path / "y") == {"a/report.md": Outcome.UPDATED}
    assert texts(store) == {"a/report.md": LOYALTY, "b/report.md": EMPATHY}


def test_one_place_is_one_source_however_it_is_named(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Relative, absolute, through links, with a slash at its end, the folder or the file by itself."""
    folder = files(tmp_path / "archive", report__md=EFFORT)
    (tmp_path / "link").symlink_to(folder)
    (tmp_path / "latest.md").symlink_to(folder / "report.md")
    run(store, folder)
    before = (store.version(), store.documents())

    monkeypatch.chdir(folder)
    ways = (Path(), Path("report.md"), Path("../archive/"), Path("../archive/../link/report.md"), Path(f"{folder}/"))
    for way in (*ways, tmp_path / "link", tmp_path / "latest.md"):
        assert run(store, way) == {"archive/report.md": Outcome.UNCHANGED}, way
    assert (store.version(), store.documents()) == before


@pytest.mark.parametrize(
    ("before", "after"),
    [("Report.md", "REPORT.md"), (unicodedata.normalize("NFD", "opinión.md"), "opinión.md")],
)
def test_a_name_in_other_capitals_or_accents_is_the_same_unless_both_are_there(
    store: Store, tmp_path: Path, before: str, after: str
) -> None:
    """A file system or a copy changes them; two files that differ in nothing else are two."""
    folder = files(tmp_path / "archive")
    (folder / before).write_text(EFFORT)
    run(store, folder)
    (folder / before).rename(folder / after)
    (folder / after).write_text(LOYALTY)

    (line,) = pipeline_of(store).run(find_sources([folder])).files
    assert (line.outcome, line.note) == (Outcome.UPDATED, f"has moved here from {folder / before}")
    assert list(texts(store).values()) == [LOYALTY]

    (folder / before).write_text(EMPATHY)
    run(store, folder)
    assert sorted(texts(store).values()) == sorted([LOYALTY, EMPATHY])


def test_a_folder_that_was_moved_is_known_again(store: Store, tmp_path: Path) -> None:
    """The same bytes under the same name, and nothing left where they were."""
    folder = files(tmp_path / "old" / "archive", a__md=EFFORT, b__md=LOYALTY)
    run(store, folder)
    ids = {document.id for document in store.documents()}
    (tmp_path / "new").mkdir()
    folder.rename(tmp_path / "new" / "archive")

    assert run(store, tmp_path / "new" / "archive", prune=True) == {
        "archive/a.md": Outcome.UNCHANGED,
        "archive/b.md": Outcome.UNCHANGED,
    }
    (tmp_path / "new" / "archive" / "a.md").write_text(EMPATHY)
    assert run(store, tmp_path / "new" / "archive")["archive/a.md"] is Outcome.UPDATED
    assert {store.document(one).id for one in ids} == ids  # permalinks


def test_what_an_earlier_version_brought_is_found_again_and_then_has_its_place(store: Store, tmp_path: Path) -> None:
    """Unchanged files are the same documents; a changed one is a new version, and says so; then places count."""
    folder = files(tmp_path / "a" / "archive", same__md=EFFORT, other__md=LOYALTY)
    run(store, folder)
    ids = [document.id for document in store.documents()]
    without_places(store)
    (folder / "other.md").write_text(EMPATHY)

    report = pipeline_of(store).run(find_sources([folder]))

    note = "is taken for a new version of the document of this name, whose place the base did not keep"
    assert [(file.source_id, file.outcome, file.note) for file in report.files] == [
        ("archive/other.md", Outcome.UPDATED, note),
        ("archive/same.md", Outcome.UNCHANGED, None),
    ]
    assert texts(store) == {"archive/same.md": EFFORT, "archive/other.md": EMPATHY}
    assert [store.document(one).id for one in ids] == ids
    assert run(store, files(tmp_path / "b" / "archive", same__md=LOYALTY)) == {"b/archive/same.md": Outcome.ADDED}


def test_what_an_earlier_version_brought_in_a_folder_is_found_by_its_file(store: Store, tmp_path: Path) -> None:
    """The bytes, and a place that ends in the old name."""
    folder = files(tmp_path / "archive", a__md=EFFORT)
    run(store, folder)
    without_places(store)

    assert run(store, folder / "a.md") == {"archive/a.md": Outcome.UNCHANGED}
    assert run(store, folder) == {"archive/a.md": Outcome.UNCHANGED}


def test_pruning_is_bounded_by_the_folder_that_was_named(store: Store, tmp_path: Path) -> None:
    """Not another folder of its name or inside its name's beginning, no upload, no id that looks like it."""
    first = files(tmp_path / "2023" / "reports", x__md=EFFORT)
    second = files(
        tmp_path / "2024" / "reports", y__md=LOYALTY, z__md="Waiting at the telephone is remembered for long."
    )
    beside = files(tmp_path / "2024" / "reports-old", w__md="Journeys cross channels that do not speak to each other.")
    line = json.dumps({"id": "reports/gone.md", "text": EMPATHY})
    run(store, first, second, beside, files(tmp_path / "lines", l__jsonl=line))
    send(store, ANA, tmp_path / "sent", sent__md="A complaint is a gift that nobody wraps.")
    before = set(texts(store))

    (second / "y.md").unlink()
    assert run(store, second, prune=True) == {"reports/y.md": Outcome.REMOVED, "reports/z.md": Outcome.UNCHANGED}
    assert before - set(texts(store)) == {"reports/y.md"}


def test_pruning_keeps_what_came_from_elsewhere_too(store: Store, tmp_path: Path) -> None:
    """The same bytes in another folder, under another name in this one, or the same id in another file."""
    a, b = files(tmp_path / "a", x__md=EFFORT, y__md=LOYALTY), files(tmp_path / "b", x2__md=EFFORT)
    line = json.dumps({"id": "one", "text": EMPATHY})
    files(a, l__jsonl=line)
    files(b, m__jsonl=line)
    run(store, a, b)
    (a / "x.md").unlink()
    (a / "y.md").rename(a / "z.md")
    (a / "l.jsonl").unlink()

    assert run(store, a, prune=True) == {
        "a/z.md": Outcome.DUPLICATE,
        "a/x.md": Outcome.REMOVED,
        "a/y.md": Outcome.REMOVED,
    }
    assert texts(store) == {"b/x2.md": EFFORT, "a/z.md": LOYALTY, "one": EMPATHY}
    (b / "m.jsonl").unlink()
    assert run(store, b, prune=True)["one"] is Outcome.REMOVED


def test_pruning_keeps_what_could_not_be_read(store: Store, tmp_path: Path) -> None:
    """Members of an archive that is damaged now, the other documents of broken JSON lines; a lost member goes."""
    folder = files(tmp_path / "archive", l__jsonl=json.dumps({"id": "one", "text": EFFORT}))
    whole, less = io.BytesIO(), io.BytesIO()
    for stream, members in ((whole, ("a.md", "b.md")), (less, ("a.md",))):
        with zipfile.ZipFile(stream, "w") as archive:
            for name in members:
                archive.writestr(name, LOYALTY if name == "a.md" else EMPATHY)
    (folder / "z.zip").write_bytes(whole.getvalue())
    run(store, folder)
    before = texts(store)

    (folder / "z.zip").write_bytes(whole.getvalue()[:60])
    (folder / "l.jsonl").write_text("{broken")
    assert Outcome.REMOVED not in run(store, folder, prune=True).values()
    assert texts(store) == before

    (folder / "z.zip").write_bytes(less.getvalue())
    assert run(store, folder, prune=True)["archive/z.zip/b.md"] is Outcome.REMOVED
    assert set(texts(store)) == {"one", "archive/z.zip/a.md"}


def test_pruning_names_what_an_earlier_version_brought(store: Store, tmp_path: Path) -> None:
    """Whether its file has gone from this folder or from another of the name is not known: it stays."""
    run(store, files(tmp_path / "a" / "archive", gone__md=EFFORT))
    without_places(store)

    pipeline = pipeline_of(store)
    folder = files(tmp_path / "b" / "archive", new__md=LOYALTY)
    report = pipeline.prune(pipeline.run(find_sources([folder])), [folder])

    identity = document_id(next(one.sha256 for one in store.documents() if one.source_id == "archive/gone.md"))
    assert report.files[1] == FileReport(
        "archive/gone.md",
        Outcome.SKIPPED,
        document_id=identity,
        stage="prune",
        reason="was brought by an earlier version, which kept no places: whether its file has gone is not known",
        hint=f"Remove it if it has: kb remove {identity}",
    )
    assert set(texts(store)) == {"archive/gone.md", "archive/new.md"}


def test_files_of_one_name_sent_by_two_keys_are_two(store: Store, tmp_path: Path) -> None:
    """A key's own second sending is a new version of its own."""
    assert outcomes(send(store, ANA, tmp_path / "1", report__md=EFFORT)) == {"report.md": Outcome.ADDED}
    assert outcomes(send(store, BEA, tmp_path / "2", report__md=LOYALTY)) == {"kbea/report.md": Outcome.ADDED}
    assert outcomes(send(store, ANA, tmp_path / "3", report__md=EMPATHY)) == {"report.md": Outcome.UPDATED}
    assert outcomes(send(store, BEA, tmp_path / "4", report__md=LOYALTY)) == {"kbea/report.md": Outcome.UNCHANGED}
    assert texts(store) == {"report.md": EMPATHY, "kbea/report.md": LOYALTY}


@pytest.mark.parametrize(
    ("first", "second", "allowed"),
    [
        (ANA, ANA, True),
        (ANA, BEA, False),
        (ANA, NOBODY, False),
        (ANA, ADMIN, True),
        (ANA, OPERATOR, True),
        (OPERATOR, ANA, False),
        (OPERATOR, ADMIN, True),
        (ADMIN, ANA, False),
        (NOBODY, BEA, True),
    ],
)
def test_a_document_is_replaced_only_by_whoever_may(
    store: Store, tmp_path: Path, first: Sender, second: Sender, allowed: bool
) -> None:
    """By its id in JSON lines; one that may not is told, and nothing changes."""
    send(store, first, tmp_path / "1", l__jsonl=json.dumps({"id": "one", "text": EFFORT}))

    (line,) = send(store, second, tmp_path / "2", l__jsonl=json.dumps({"id": "one", "text": LOYALTY})).files

    assert texts(store) == {"one": LOYALTY if allowed else EFFORT}
    assert (line.outcome, line.reason) == ((Outcome.UPDATED, None) if allowed else (Outcome.FAILED, NOT_YOURS))


def test_an_id_that_is_the_name_of_a_file_means_that_file(store: Store, tmp_path: Path) -> None:
    """So no key replaces a file of the operator's by its name, and an export that was corrected goes back in."""
    folder = files(tmp_path / "archive", a__md=EFFORT)
    run(store, folder)
    line = json.dumps({"id": "archive/a.md", "text": LOYALTY})

    assert outcomes(send(store, ANA, tmp_path / "1", l__jsonl=line)) == {"archive/a.md": Outcome.FAILED}
    assert outcomes(send(store, ADMIN, tmp_path / "2", l__jsonl=line)) == {"archive/a.md": Outcome.UPDATED}


def test_a_failed_file_is_tried_again_as_itself(store: Store, tmp_path: Path) -> None:
    """Two files of one name fail, and are remembered as two."""
    a, b = files(tmp_path / "a", report__md=""), files(tmp_path / "b", report__md="")
    run(store, a / "report.md")
    run(store, b / "report.md")

    assert [(failure.source_id, failure.path) for failure in store.failures()] == [
        ("b/report.md", str(b / "report.md")),
        ("report.md", str(a / "report.md")),
    ]


def test_a_name_that_another_run_took_meanwhile_is_not_taken_twice(store: Store, tmp_path: Path) -> None:
    """Two runs at once give two files of one name to the base: one of them is told to come again."""
    a, b = files(tmp_path / "a", report__md=EFFORT), files(tmp_path / "b", report__md=LOYALTY)
    inner: list[dict[str, Outcome]] = []
    report = pipeline_of(store).run(
        find_sources([a / "report.md"]),
        on_stage=lambda stage, name: inner.append(run(store, b / "report.md")) if not inner else None,
    )

    assert inner == [{"report.md": Outcome.ADDED}]
    assert [(file.outcome, file.reason) for file in report.files] == [
        (Outcome.FAILED, "another run took its name meanwhile")
    ]
    assert run(store, a / "report.md") == {"a/report.md": Outcome.ADDED}


def test_what_is_brought_back_from_its_original_is_the_same_source(store: Store, tmp_path: Path) -> None:
    """A database that was lost: places, names and owners come back with the documents."""
    a, b = files(tmp_path / "a", report__md=EFFORT), files(tmp_path / "b", report__md=LOYALTY)
    run(store, a / "report.md")
    run(store, b / "report.md")
    send(store, ANA, tmp_path / "1", l__jsonl=json.dumps({"id": "one", "text": EMPATHY}), report__md=EFFORT)
    with store._connections.write() as connection:
        changes = acknowledged_in(connection)
        written = claims_in(connection)

    again = Store.open(tmp_path / "again", create=True)
    shutil.copytree(store.folder / "originals", again.folder / "originals", dirs_exist_ok=True)
    recovery = Recovery(again, lambda keep: pipeline_of(again))
    for change in changes:
        if change.did is Did.ADDED:
            assert recovery.named(change).outcome is Outcome.ADDED
        else:
            do_again(again, change)

    with again._connections.write() as connection:
        assert claims_in(connection) == written
        assert len(written) == 4
    assert texts(again) == texts(store)
    assert run(again, a / "report.md") == {"report.md": Outcome.UNCHANGED}


def test_where_a_name_comes_from(tmp_path: Path) -> None:
    """Every door gives a whole place."""
    files(tmp_path / "f", a__md=EFFORT, l__jsonl=json.dumps({"id": "one", "text": EFFORT}))
    assert [source.origin for source in find_sources([tmp_path / "f"])] == [
        Origin.of_file(f"{tmp_path}/f/a.md"),
        Origin("id:one", f"{tmp_path}/f/l.jsonl/one", f"{tmp_path}/f/l.jsonl", by_name=True),
    ]
