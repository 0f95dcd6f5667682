"""Half a character, NUL or another control in any field of any door: mended and told, and the run goes on."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.search import lexical
from ingest.pipeline import Pipeline
from ingest.readers.isolate import IsolatedReader
from ingest.sources.report import FileReport, Outcome
from ingest.sources.sources import SourceFailure, SourceFile, find_sources
from kb.records.document import Document
from kb.store import Store
from tests.fakes import FakeEmbedder
from tests.ingest import hostile
from tests.ingest.test_pipeline import load_tagger

BODY = "Los clientes que esperan recuerdan la espera y no la respuesta."
TEXT = f"<p>{BODY}</p><p>{BODY}</p>"
HALF, PAIR, CONTROL = "Uno \ud800 dos", "Uno \ud83d\ude00 dos", "Uno\x00 \x01dos"
BROKEN = "a broken character stands as \ufffd"
LEFT_OUT = "control characters were left out"
# Titles of any characters, with at least the halves, the controls and the letters that stop a writer.
TITLES = st.text(st.characters() | st.sampled_from("\ud800\udbff\udc00\udfff\0\x01\x1f\x7f\x85\ufffe\uffff&<\"'\\-"))

Door = Callable[[Path, str], None]


def front_matter(folder: Path, title: str) -> None:
    (folder / "a.md").write_text(f"---\ntitle: {json.dumps(title)}\nauthor: Ana\n---\n\n{BODY}\n")


def sidecar(folder: Path, title: str) -> None:
    (folder / "a.txt").write_text(BODY)
    (folder / "a.txt.meta.json").write_text(json.dumps({"title": title, "authors": ["Ana"]}))


def json_ld(folder: Path, title: str) -> None:
    fields = json.dumps({"@type": "Article", "headline": title, "author": "Ana"}).replace("<", "\\u003c")
    page = f'<html><head><script type="application/ld+json">{fields}</script></head><body>{TEXT}</body></html>'
    (folder / "a.html").write_text(page)


def page_title(folder: Path, title: str) -> None:
    shown = "".join(f"&#{ord(mark)};" for mark in title)
    page = f"<html><head><title>{shown}</title></head><body>{TEXT}</body></html>"
    (folder / "a.html").write_text(page)


def json_lines(folder: Path, title: str) -> None:
    (folder / "a.jsonl").write_text(json.dumps({"id": "a", "text": BODY, "title": title, "authors": ["Ana"]}))


def pdf_information(folder: Path, title: str) -> None:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
    text = hostile.stream(f"BT /F 12 Tf 50 700 Td ({BODY}) Tj ET".encode())
    info = b"<</Title<FEFF%s>/Author(Ana)>>" % title.encode("utf-16-be", "surrogatepass").hex().encode()
    data = hostile.pdf(hostile._CATALOG, hostile._PAGES, page, text, hostile._FONT, info)
    (folder / "a.pdf").write_bytes(data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Info 6 0 R"))


def epub_package(folder: Path, title: str) -> None:
    package = (
        '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>{}</dc:title><dc:creator>Ana'
        '</dc:creator></metadata><manifest><item id="a" href="a.html"/></manifest><spine><itemref idref="a"/></spine>'
        "</package>"
    )
    with zipfile.ZipFile(folder / "a.epub", "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", '<c><r><rootfile full-path="c.opf"/></r></c>')
        archive.writestr("c.opf", package.format(_references(title)))
        archive.writestr("a.html", f"<html><body><p>{BODY}</p></body></html>")


def word_properties(folder: Path, title: str) -> None:
    document, made = docx.Document(), io.BytesIO()
    document.add_paragraph(BODY)
    document.core_properties.title, document.core_properties.author = "TITLE", "Ana"
    document.save(made)
    with zipfile.ZipFile(made) as given_parts, zipfile.ZipFile(folder / "a.docx", "w") as archive:
        for info in given_parts.infolist():
            part = given_parts.read(info)
            if info.filename == "docProps/core.xml":
                part = part.replace(b"TITLE", _references(title).encode())
            archive.writestr(info.filename, part)


def _references(title: str) -> str:
    """A text of XML, what it cannot hold as references."""
    return "".join(f"&#{ord(mark)};" if not mark.isprintable() else escape(mark) for mark in title)


DOORS: list[Door] = [
    front_matter, sidecar, json_ld, page_title, json_lines, pdf_information, epub_package, word_properties,
]  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Iterator[IsolatedReader]:
    """A process that reads, as the program has one."""
    with IsolatedReader() as isolated:
        yield isolated


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty base."""
    return Store.open(tmp_path / "base", create=True)


def run(store: Store, reader: IsolatedReader, folder: Path) -> tuple[FileReport, ...]:
    return Pipeline(store, FakeEmbedder, lexical, load_tagger, read=reader.read).run(find_sources([folder])).files


def one_in(store: Store) -> Document:
    (document,) = store.documents()
    return document


@pytest.mark.parametrize("door", DOORS, ids=lambda door: str(door.__name__))
@pytest.mark.parametrize(
    ("title", "mended"),
    [(HALF, "Uno \ufffd dos"), (PAIR, "Uno 😀 dos"), ("\udc00", "\ufffd"), (CONTROL, None)],
    ids=["half", "pair", "nothing else", "controls"],
)
def test_a_title_is_mended_and_the_rest_goes_in(
    store: Store, reader: IsolatedReader, tmp_path: Path, door: Door, title: str, mended: str | None
) -> None:
    """Each door by itself; the note names the field, and the file after it is read."""
    folder = tmp_path / "in"
    folder.mkdir()
    door(folder, title)
    (folder / "z.txt").write_text("Empathy grows where people listen to customers.")

    first, second = run(store, reader, folder)
    document = store.document(first.document_id or "")

    assert (first.outcome, second.outcome) == (Outcome.ADDED, Outcome.ADDED)
    if title == PAIR:
        assert (document.title, first.note) == (mended, None)
    elif mended is not None:
        assert (document.title, first.note) == (mended, f"title: {BROKEN}")
    else:  # XML has no way to write a control: there it is a broken character
        assert (document.title, first.note) in [
            ("Uno dos", f"title: {LEFT_OUT}"),
            ("Uno\ufffd \ufffddos", f"title: {BROKEN}"),
            ("Uno\ufffd dos", f"title: {BROKEN}; title: {LEFT_OUT}"),
        ]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(door=st.sampled_from(DOORS), title=TITLES)
def test_no_title_stops_a_run(
    reader: IsolatedReader, tmp_path_factory: pytest.TempPathFactory, door: Door, title: str
) -> None:
    """Whatever its characters, by whichever door: the file goes in, and all that is kept of it can be written."""
    folder = tmp_path_factory.mktemp("in")
    store = Store.open(folder.parent / f"{folder.name}-base", create=True)
    door(folder, title)

    (line,) = run(store, reader, folder)

    assert line.outcome is Outcome.ADDED, line
    document = one_in(store)
    for text in (document.title, document.text, line.note, *document.authors):
        assert text is None or text.encode().decode() == text
    assert BODY in document.text
    store.close()


FIELDS = {
    "title": ("T\ud800", "T\ufffd", BROKEN),
    "authors": (["Ana", "B\udc00"], ("Ana", "B\ufffd"), BROKEN),
    "publisher": ("P\0Q", "PQ", LEFT_OUT),
    "published": ("2022\ud800-09", "2022-09", "what is not a character was left out"),
    "url": ("https://example.org/\ud800a", "https://example.org/a", "what is not a character was left out"),
    "series": ("parte 1 de 2\x1b", "parte 1 de 2", LEFT_OUT),
}


@pytest.mark.parametrize("door", ["jsonl", "sidecar"])
def test_every_field_that_a_sender_gives_is_mended_by_itself(
    store: Store, reader: IsolatedReader, tmp_path: Path, door: str
) -> None:
    """The other fields are as they were given; a date that is none for its half is dropped, not refused."""
    folder = tmp_path / "in"
    folder.mkdir()
    fields = {name: broken for name, (broken, _, _) in FIELDS.items()}
    if door == "jsonl":
        (folder / "a.jsonl").write_text(json.dumps({"id": "a\ud800", "text": f"{BODY} \ud800", **fields}))
    else:
        (folder / "a.txt").write_text(BODY)
        (folder / "a.txt.meta.json").write_text(json.dumps(fields))

    (line,) = run(store, reader, folder)
    document = one_in(store)

    assert {name: getattr(document, name) for name in FIELDS} == {name: good for name, (_, good, _) in FIELDS.items()}
    notes = [f"{name}: {note}" for name, (_, _, note) in FIELDS.items()]
    own = [f"id: {BROKEN}", f"text: {BROKEN}"] if door == "jsonl" else []
    assert line.note == "; ".join([*own, *notes])
    assert line.source_id == ("a\ufffd" if door == "jsonl" else "in/a.txt")


def test_a_date_that_is_nothing_but_broken_is_dropped(store: Store, reader: IsolatedReader, tmp_path: Path) -> None:
    """A clean date that is none is still an error of its line."""
    folder = tmp_path / "in"
    folder.mkdir()
    rows = [{"id": "a", "text": BODY, "published": "\ud800pronto"}, {"id": "b", "text": BODY, "published": "pronto"}]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))

    first, second = run(store, reader, folder)

    assert (first.outcome, first.note) == (Outcome.ADDED, "published: what is not a character was left out")
    assert (second.outcome, second.reason) == (Outcome.FAILED, "published 'pronto' is not a date")
    assert one_in(store).published is None


def test_file_names_that_are_not_utf8_are_read_and_known_again(
    store: Store, reader: IsolatedReader, tmp_path: Path
) -> None:
    """Two that look alike are two; also the sidecar's, the folder's and an archive's members'."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    folder.mkdir()
    (folder / os.fsdecode(b"n\xe9.txt")).write_text(BODY)
    (folder / os.fsdecode(b"n\xe8.txt")).write_text("Empathy grows where people listen to customers.")
    (folder / os.fsdecode(b"n\xe8.txt.meta.json")).write_text("{broken")
    (folder / "a\x1b.txt").write_text("Loyalty is not a card in a wallet.")
    (folder / os.fsdecode(b"empty\xe8.txt")).write_text("")

    lines = run(store, reader, folder)

    assert {(line.source_id, line.outcome, line.note or line.reason) for line in lines} == {
        ("caf\ufffd/a\ufffd.txt", Outcome.ADDED, f"name: {BROKEN}; name: {LEFT_OUT}"),
        ("caf\ufffd/empty\ufffd.txt", Outcome.FAILED, "is empty"),
        ("caf\ufffd/n\ufffd.txt", Outcome.FAILED, "its sidecar n\ufffd.txt.meta.json is not JSON"),
        (_read(lines), Outcome.ADDED, f"name: {BROKEN}"),
    }
    again = run(store, reader, folder)
    assert [line.outcome for line in again].count(Outcome.UNCHANGED) == 2
    assert {line.source_id for line in again} == {line.source_id for line in lines}


def _read(lines: tuple[FileReport, ...]) -> str:
    """The name of the file that was read and whose name another took."""
    return next(line.source_id for line in lines if line.outcome is Outcome.ADDED and "/n" in line.source_id)


@settings(deadline=None)
@given(st.lists(st.tuples(TITLES, TITLES), max_size=4))
def test_no_line_of_json_stops_the_lines_behind_it(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    """Ids and texts of any characters: sources that can be written, or failures that can."""
    path = tmp_path_factory.mktemp("in") / "a.jsonl"
    lines = [json.dumps({"id": name, "text": text}) for name, text in rows]
    path.write_text("\n".join([*lines, json.dumps({"id": "the last one", "text": BODY})]))

    found: list[SourceFile | SourceFailure] = list(find_sources([path]))

    for source in found:
        for text in (source.source_id, *(source.notes if isinstance(source, SourceFile) else (source.reason,))):
            assert text.encode().decode() == text
    assert isinstance(found[-1], SourceFile)
    assert found[-1].source_id == "the last one"
