"""The evidence pack: same bytes for the same answer, checked without a base, every damage told or refused."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import stat
import subprocess
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kb.quotes.verdict import Verdict
from kb.records.answer import Answer, Statement, Status
from kb.records.document import Document, LanguageShare, Place, Span, document_id
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.search import Citation, DocumentReference
from kb.saved import EXCERPT_MARGIN, read_pack, verify_pack, write_pack
from kb.saved.parsing import seal_of
from kb.saved.verify import SourceState

QUOTE = "El 66 % de los hogares compara precios."
TEXT = "Ñ" * 2_000 + "\n\n" + QUOTE + "\n\n" + "Ñ" * 2_000
ORIGINAL = TEXT.encode()
SHA = hashlib.sha256(ORIGINAL).hexdigest()
DOCUMENT = Document(
    document_id(SHA),
    "informe.txt",
    "Informe de ejemplo",
    ("Organización de Ejemplo",),
    None,
    "2022",
    "https://example.org/informe",
    "text/plain",
    SHA,
    TEXT,
    (),
    (LanguageShare(Language.ES, 1.0),),
)
SPAN = Span(2_002, 2_002 + len(QUOTE))
CITATION = Citation(1, DocumentReference.of(DOCUMENT), "p1", QUOTE, SPAN, SHA, "/passages/p1", (Place(paragraph=2),))
ANSWER = Answer("¿Quién compara?", Language.ES, Status.ANSWERED, f"{QUOTE} [1]", (Statement(QUOTE, (1,)),), (CITATION,))
DOCUMENTS = {DOCUMENT.id: DOCUMENT}
SEEN = date(2026, 11, 21)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "pack.zip"
    write_pack(ANSWER, DOCUMENTS, {SHA: ORIGINAL}, path, accessed=SEEN)
    return path


def rewritten(path: Path, name: str, data: bytes | None) -> Path:
    """The pack with one member changed, added or (null) left out."""
    with zipfile.ZipFile(path) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    members |= {name: data or b""}
    if data is None:
        del members[name]
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def test_a_pack_is_sound_on_another_machine(pack: Path) -> None:
    """Files, quote and source are as written."""
    report = verify_pack(pack)

    assert report.ok
    assert [(quote.judgement.verdict, quote.source) for quote in report.report.quotes] == [
        (Verdict.EXACT, SourceState.CONFIRMED)
    ]


def test_a_pack_holds_what_its_readme_says(pack: Path) -> None:
    """Every part, by name."""
    with zipfile.ZipFile(pack) as archive:
        assert archive.namelist() == [
            "README.txt",
            "SHA256SUMS",
            "answer.json",
            "bibliography.bib",
            "bibliography.json",
            "bibliography.ris",
            "bibliography.txt",
            "manifest.json",
            f"originals/{SHA}.txt",
            "quotes.json",
            f"texts/{SHA}.txt",
        ]
        assert archive.read(f"originals/{SHA}.txt") == ORIGINAL
        assert archive.read("bibliography.txt").decode() == (
            "Organización de Ejemplo. (2022). Informe de ejemplo. https://example.org/informe\n"
        )


def test_the_same_answer_gives_the_same_bytes(pack: Path, tmp_path: Path) -> None:
    """Written twice, at different times."""
    write_pack(ANSWER, DOCUMENTS, {SHA: ORIGINAL}, tmp_path / "again.zip", accessed=SEEN)

    assert pack.read_bytes() == (tmp_path / "again.zip").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.zip", "pack.zip"]


def test_sha256sum_checks_the_files(pack: Path, tmp_path: Path) -> None:
    """The command of the README works."""
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(tmp_path / "out")

    subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "out", check=True, capture_output=True)


def test_excerpts_hold_the_quote_at_its_place(tmp_path: Path) -> None:
    """Nothing far from the quote is passed on, and the quote is still judged."""
    write_pack(ANSWER, DOCUMENTS, {}, tmp_path / "excerpts.zip", excerpts_only=True)
    pack = read_pack(tmp_path / "excerpts.zip")
    report = verify_pack(tmp_path / "excerpts.zip")

    assert report.ok
    assert SPAN.cut(pack.texts[SHA]) == QUOTE
    assert pack.texts[SHA].count("Ñ") == 2 * (EXCERPT_MARGIN - 2)
    assert [quote.source for quote in report.report.quotes] == [SourceState.EXCERPT]


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        (f"texts/{SHA}.txt", TEXT.replace("66", "67").encode(), f"texts/{SHA}.txt was changed"),
        (f"texts/{SHA}.txt", None, f"texts/{SHA}.txt is missing"),
        ("extra.txt", b"x", "extra.txt was added to the pack"),
        ("README.txt", b"", "README.txt was changed"),
    ],
)
def test_changed_files_are_told(pack: Path, name: str, data: bytes | None, problem: str) -> None:
    """Each by name; the pack is not sound."""
    report = verify_pack(rewritten(pack, name, data))

    assert problem in report.problems
    assert not report.ok


def members_of(path: Path) -> dict[str, bytes]:
    """The files of a pack by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def summed(path: Path, members: dict[str, bytes]) -> Path:
    """A pack of these files with sums that fit, as a forger would write it."""
    rest = {name: data for name, data in members.items() if name != "SHA256SUMS"}
    rest["SHA256SUMS"] = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in rest.items()
    ).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in rest.items():
            archive.writestr(name, data)
    return path


def changed(data: bytes, **changes: object) -> bytes:
    """A JSON object with these members changed; null leaves one out."""
    whole = json.loads(data) | changes
    return json.dumps({key: value for key, value in whole.items() if value is not None}).encode()


def without_hashes(data: bytes) -> bytes:
    """The answer, sealed anew, without the hashes of its texts."""
    whole = json.loads(data)
    whole["citations"] = [row | {"text_sha256": None} for row in whole["citations"]]
    return json.dumps(whole | {"seal": seal_of(whole)}).encode()


@pytest.mark.parametrize(
    ("name", "forge", "problem"),
    [
        ("answer.json", lambda data: changed(data, seal=None, format=None), "answer.json has no seal"),
        ("answer.json", without_hashes, "answer.json does not record the hash of every text"),
        ("quotes.json", lambda data: data.replace(b"66", b"67"), "quotes.json says other than answer.json"),
        ("quotes.json", lambda data: data.replace(b"2002", b"2003"), "quotes.json says other than answer.json"),
        ("quotes.json", lambda data: b"[]", "quotes.json says other than answer.json"),
        ("quotes.json", lambda data: b'{"a": 1}', "quotes.json says other than answer.json"),
        ("extra.txt", lambda data: b"x", "extra.txt was added to the pack"),
        (f"originals/{SHA}.txt", lambda data: b"other", f"originals/{SHA}.txt is not the original with this SHA-256"),
    ],
)
def test_sums_that_fit_hide_nothing(pack: Path, name: str, forge: Callable[[bytes], bytes], problem: str) -> None:
    """Parts are held against one another, not against the sums alone."""
    members = members_of(pack)
    report = verify_pack(summed(pack, members | {name: forge(members.get(name, b""))}))

    assert report.problems == (problem,)
    assert not report.ok


def test_the_files_of_another_source_are_refused(pack: Path) -> None:
    """The manifest may not give a source the text of another."""
    members = members_of(pack)
    other = members["manifest.json"].replace(f"texts/{SHA}".encode(), b"texts/" + b"0" * 64)

    with pytest.raises(InputError, match="the files of another"):
        verify_pack(summed(pack, members | {"manifest.json": other}))


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt", "/etc/passwd", "texts/../../evil", "C:/evil", "..\\evil", "a\u202eb", ".bashrc", "-rf", "~/x",
        "a/" * 20 + "b", "x\ny",
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(pack: Path, name: str) -> None:
    """Even where their sums fit: whoever unpacks the pack by hand is safe too."""
    with pytest.raises(InputError, match="is not an evidence pack: it holds"):
        verify_pack(summed(pack, members_of(pack) | {name: b"x"}))


def test_a_link_is_refused(pack: Path) -> None:
    """A pack holds plain files."""
    with zipfile.ZipFile(pack, "a") as archive:
        entry = zipfile.ZipInfo("extra.txt")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")

    with pytest.raises(InputError, match=r"it holds 'extra\.txt'"):
        verify_pack(pack)


def test_two_files_of_one_name_are_refused(pack: Path) -> None:
    """Programs unpack another one of the two each."""
    with zipfile.ZipFile(pack, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("answer.json", "{}")

    with pytest.raises(InputError, match="two files of one name"):
        verify_pack(pack)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_cannot_be_undone_piece_by_piece_is_refused(pack: Path, packing: int) -> None:
    """Of these a few kilobytes may unpack to gigabytes at once."""
    with zipfile.ZipFile(pack, "a", packing) as archive:
        archive.writestr("extra.txt", b"x" * 1000)

    with pytest.raises(InputError, match=r"it holds 'extra\.txt'"):
        verify_pack(pack)


def test_a_bomb_that_lies_about_its_size_is_refused_in_little_room(pack: Path) -> None:
    """It says 10 bytes and unpacks to 200 MB."""
    with zipfile.ZipFile(pack, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("extra.txt", "w") as member:
        for _ in range(200):
            member.write(bytes(1_000_000))
    whole = pack.read_bytes()
    size = (200_000_000).to_bytes(4, "little")
    assert whole.count(size) == 2
    pack.write_bytes(whole.replace(size, (10).to_bytes(4, "little")))

    tracemalloc.start()
    with pytest.raises(InputError, match="not a whole evidence pack"):
        verify_pack(pack)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize("version", [0, -1, 2, True, "1", None])
def test_a_pack_of_another_version_is_refused(pack: Path, version: object) -> None:
    """Whatever it says it is."""
    members = members_of(pack)
    manifest = json.dumps(json.loads(members["manifest.json"]) | {"format": version}).encode()

    with pytest.raises(InputError, match="has pack format"):
        verify_pack(summed(pack, members | {"manifest.json": manifest}))


def test_the_original_read_anew_takes_the_place_of_the_packs_text(pack: Path) -> None:
    """A forger can write text, answer and sums that fit one another; the original's reading shows it."""
    lie = QUOTE.replace("66", "67")
    forged = dataclasses.replace(DOCUMENT, text=TEXT.replace("66", "67"))
    citation = dataclasses.replace(CITATION, quote=lie)
    answer = dataclasses.replace(ANSWER, text=f"{lie} [1]", statements=(Statement(lie, (1,)),), citations=(citation,))
    write_pack(answer, {DOCUMENT.id: forged}, {SHA: ORIGINAL}, pack)

    assert verify_pack(pack).ok
    assert verify_pack(pack, {SHA: TEXT}).report.quotes[0].judgement.verdict is Verdict.NUMBER_CHANGED
    assert not verify_pack(pack, {SHA: TEXT}).ok


def test_a_changed_number_in_the_text_is_judged(pack: Path) -> None:
    """The quote no longer stands there, whatever the sums say."""
    report = verify_pack(rewritten(pack, f"texts/{SHA}.txt", TEXT.replace("66", "67").encode()))

    assert [(quote.judgement.verdict, quote.source) for quote in report.report.quotes] == [
        (Verdict.NUMBER_CHANGED, SourceState.HASH_MISMATCH)
    ]


@pytest.mark.parametrize("name", ["answer.json", "manifest.json", "SHA256SUMS", "quotes.json", "README.txt"])
def test_a_pack_without_a_part_is_refused(pack: Path, name: str) -> None:
    """By the name of the part."""
    with pytest.raises(InputError, match=f"has no {name}"):
        verify_pack(rewritten(pack, name, None))


def test_a_newer_pack_is_refused(pack: Path) -> None:
    """With what to do."""
    with pytest.raises(InputError, match="Update the program"):
        verify_pack(rewritten(pack, "manifest.json", b'{"format": 2, "sources": []}'))


def test_a_truncated_pack_is_refused(pack: Path, tmp_path: Path) -> None:
    """At any length."""
    whole = pack.read_bytes()
    short = tmp_path / "short.zip"
    for length in range(0, len(whole), 211):
        short.write_bytes(whole[:length])
        with pytest.raises(InputError, match="not a whole evidence pack"):
            verify_pack(short)


def test_any_flipped_byte_is_refused_or_told(pack: Path, tmp_path: Path) -> None:
    """Damage inside a member never passes as sound."""
    whole = pack.read_bytes()
    with zipfile.ZipFile(pack) as archive:
        starts = [info.header_offset + 30 + len(info.filename) + 3 for info in archive.infolist()]
    for at in starts:
        path = tmp_path / "bad.zip"
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with pytest.raises(InputError):
            verify_pack(path)


def test_a_document_that_is_not_given_is_refused(tmp_path: Path) -> None:
    """Nothing is written."""
    with pytest.raises(InputError, match="was not given"):
        write_pack(ANSWER, {}, {}, tmp_path / "x.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_pack_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """Where its name is a folder's."""
    (tmp_path / "taken").mkdir()

    with pytest.raises(OSError, match="taken"):
        write_pack(ANSWER, DOCUMENTS, {}, tmp_path / "taken")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_an_original_with_another_hash_is_refused(tmp_path: Path) -> None:
    """A pack never says that bytes are what they are not."""
    with pytest.raises(InputError, match="does not have the document's SHA-256"):
        write_pack(ANSWER, DOCUMENTS, {SHA: b"other"}, tmp_path / "x.zip")


def test_no_evidence_makes_a_pack_too(tmp_path: Path) -> None:
    """An honest “nothing found” can be kept as well."""
    empty = dataclasses.replace(ANSWER, status=Status.NO_EVIDENCE, statements=(), citations=(), text="")
    write_pack(empty, {}, {}, tmp_path / "none.zip")

    assert verify_pack(tmp_path / "none.zip").ok
