"""Messages of Outlook: their body once, their header, what is attached; on files made by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.readers.dispatch import read_document
from ingest.readers.extract import RawBlock
from ingest.readers.mail.outlook import outlook_attachments
from ingest.readers.signatures import media_type_of
from ingest.sources.sources import SourceFailure, SourceFile, find_sources
from kb.records.document import BlockKind, FieldOrigin, Place
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from tests.ingest.formats.compound import Tree, compound, properties, stream, texts, time_of

MSG = FileFormat.MSG.media_type
SENT = {0x39: time_of(datetime(2024, 3, 5, 9, 30, tzinfo=UTC))}
HTML = "<p>El 62 % repite su problema.</p><p>Y el 18&nbsp;% no vuelve.</p>"


def message(more: Tree | None = None, head: int = 32) -> Tree:
    return {
        **properties(head, {**SENT, 0x3FDE: (3, 65001)}),
        **texts(p0037="Resultados del año", p0C1A="Ana Gil", p5D01="ana@example.org", p1000="El 62 % repite."),
        stream(0x1013, 0x102): HTML.encode(),
        **(more or {}),
    }


def attached(name: str, data: bytes) -> Tree:
    return {**properties(8, {0x3705: (3, 1)}), **texts(p3707=name), stream(0x3701, 0x102): data}


def test_a_message_is_read_under_its_subject_with_sender_and_day() -> None:
    data = compound(message())

    extract = read_document(data, media_type_of("a.msg", data), "a.msg")

    assert [(one.kind, one.text, one.place.part) for one in extract.blocks] == [
        (BlockKind.HEADING, "Resultados del año", "header"),
        (BlockKind.PARAGRAPH, "El 62 % repite su problema.", "1.1.2"),
        (BlockKind.PARAGRAPH, "Y el 18 % no vuelve.", "1.1.2"),
    ]
    known = extract.metadata
    assert (known.title, known.authors, known.published) == ("Resultados del año", ("Ana Gil",), "2024-03-05")
    assert known.origins[0] == FieldOrigin("title", "mail header")


# The example of MS-OXRTFCP 3.1.1: "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}".
PACKED = "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"


@pytest.mark.parametrize(
    ("rich", "text"),
    [
        (bytes.fromhex(PACKED), "hello world"),
        (
            b"\x60\0\0\0\x60\0\0\0MELA\0\0\0\0{\\rtf1\\ansi\\ansicpg1252 Repite el 62 % en Espa\\'f1a.\\par}",
            "Repite el 62 % en España.",
        ),
    ],
    ids=["packed", "plain"],
)
def test_a_body_kept_only_as_packed_rich_text_is_read(rich: bytes, text: str) -> None:
    """What a signed message keeps, and one that never had another body."""
    only = {**properties(32, SENT), **texts(p0037="Resultados"), stream(0x1009, 0x102): rich}

    extract = read_document(compound(only), MSG, "a.msg")

    assert [one.text for one in extract.blocks] == ["Resultados", text]


def test_bytes_of_an_old_code_page_and_a_plain_body() -> None:
    """A message of an old Outlook keeps its text in bytes, and says in which page."""
    old = {
        **properties(32, {0x3FFD: (3, 1252)}),
        stream(0x37, 0x1E): "Año".encode("cp1252"),
        stream(0x1000, 0x1E): "Repite el 62 % en España.\r\n".encode("cp1252"),
    }

    blocks = read_document(compound(old), MSG, "a.msg").blocks

    assert blocks[1:] == (RawBlock("Repite el 62 % en España.", BlockKind.PARAGRAPH, 0, Place(line=1, part="1.1.1")),)


def test_what_is_attached_is_a_document_of_its_own(tmp_path: Path) -> None:
    """Files and a message inside; a picture of the signature is none."""
    picture: Tree = {**attached("logo.png", b"\x89PNG"), **texts(p3712="logo@x")}
    inner: Tree = {
        stream(0x3701, 0x0D): message(head=24),
        **properties(8, {0x3705: (3, 5)}),
        **texts(p3001="Resultados"),
    }
    data = compound(
        message(
            {
                "__attach_version1.0_#00000000": attached("Año en cifras.txt", b"Repite el 62 %."),
                "__attach_version1.0_#00000001": picture,
                "__attach_version1.0_#00000002": inner,
                "__attach_version1.0_#00000003": attached("x.mp4", b"\0\0\0"),
            }
        )
    )
    (tmp_path / "a.msg").write_bytes(data)

    found = list(find_sources([tmp_path / "a.msg"]))

    assert [(one.source_id, one.media_type) for one in found if isinstance(one, SourceFile)] == [
        ("a.msg", MSG),
        ("a.msg/Año en cifras.txt", "text/plain"),
        ("a.msg/Resultados del año.eml", "message/rfc822"),
    ]
    assert [(one.source_id, one.stage) for one in found if isinstance(one, SourceFailure)] == [
        ("a.msg/x.mp4", "skipped")
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (compound(properties(32, {})), "is an email without text"),
        (compound({**properties(32, {}), stream(0x1009, 0x102): b"LZFu"}), "damaged Outlook message"),
        (compound(message())[:2000], "is a damaged Outlook message"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        read_document(data, MSG, "a.msg")
    assert caught.value.hint


def test_messages_in_messages_end() -> None:
    """Five deep is a long chain."""
    tree: Tree = message(head=24)
    for _ in range(6):
        tree = message({"__attach_version1.0_#00000000": {stream(0x3701, 0x0D): tree, **properties(8, {})}}, 24)

    with pytest.raises(SourceError, match="nests mails more than 5 deep"):
        list(outlook_attachments(compound(tree), "a.msg"))


def test_streams_that_share_their_sectors_are_refused() -> None:
    """A lying size: each of a thousand files would be the whole message again."""
    files: Tree = {f"__attach_version1.0_#{number:08X}": attached("a.txt", b"x" * 9000) for number in range(3)}
    data = bytearray(compound(message(files)))
    name = stream(0x3701, 0x102).encode("utf-16-le")
    start = 0
    while (start := data.find(name, start)) >= 0:
        data[start + 120 : start + 124] = (30_000).to_bytes(4, "little")
        start += 128

    with pytest.raises(SourceError, match="is a damaged Outlook message"):
        read_document(bytes(data), MSG, "a.msg")
