"""E-mails and saved pages: the body once, who sent it and when, attachments as documents of their own."""

from __future__ import annotations

import plistlib
from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest.readers.dispatch import read_document
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import EML, MHTML, TEXT, WEBARCHIVE, media_type_of
from ingest.sources.sources import SourceFailure, SourceFile, find_sources
from kb.records.document import BlockKind, FieldOrigin, Place
from kb.records.errors import SourceError


def letter(subject: str = "Encuesta de mayo") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"] = subject, "Área de Estudios <estudios@example.org>"
    message["To"], message["Date"] = "todos@example.org", "Tue, 04 Apr 2023 23:30:00 -0500"
    return message


def blocks_of(message: EmailMessage) -> list[tuple[str, str | None]]:
    return [(block.text, block.place.part) for block in read_document(bytes(message), EML, "a.eml").blocks]


def test_the_body_of_a_mail_is_read_once_with_its_header() -> None:
    """Of two alternatives the richer; the subject as heading; the date as its sender wrote it."""
    message = letter()
    message.set_content("Repite el 62 % de los clientes.\n\nVolverán en otoño.")
    message.add_alternative(
        "<html><body><h2>Resumen</h2><p>Repite el <b>62 %</b> de los clientes.</p><p>Volverán en otoño.</p>"
        "<img src='http://127.0.0.1:9/x.png'></body></html>",
        subtype="html",
    )

    extract = read_document(bytes(message), EML, "a.eml")

    assert [(block.kind, block.text) for block in extract.blocks] == [
        (BlockKind.HEADING, "Encuesta de mayo"),
        (BlockKind.HEADING, "Resumen"),
        (BlockKind.PARAGRAPH, "Repite el 62 % de los clientes."),
        (BlockKind.PARAGRAPH, "Volverán en otoño."),
    ]
    assert [block.place for block in extract.blocks[:2]] == [
        Place(part="header"),
        Place(element="/html/body/h2", part="1.2"),
    ]
    assert extract.metadata == SourceMetadata(
        title="Encuesta de mayo",
        authors=("Área de Estudios",),
        published="2023-04-04",
        origins=tuple(FieldOrigin(field, "mail header") for field in ("title", "authors", "published")),
    )


def test_html_that_says_less_than_half_gives_way_to_the_text() -> None:
    message = letter()
    message.set_content("Repite el 62 % de los clientes que llamaron por teléfono a la oficina en abril.")
    message.add_alternative("<p>Vea el boletín en su navegador.</p>", subtype="html")

    assert blocks_of(message)[1:] == [
        ("Repite el 62 % de los clientes que llamaron por teléfono a la oficina en abril.", "1.1")
    ]


def test_texts_around_a_picture_are_all_read() -> None:
    """Some programs write a body in pieces around its pictures."""
    message = letter()
    message.set_content("Primero el 62 %.")
    message.add_attachment(b"\x89PNG", "image", "png", disposition="inline")
    message.add_attachment("Después el 18 %.", disposition="inline")

    assert blocks_of(message)[1:] == [("Primero el 62 %.", "1.1"), ("Después el 18 %.", "1.3")]


def test_an_address_alone_is_no_author() -> None:
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = "jgarcia@example.org", "Hola a todos", "no date at all"
    message.set_content("Repite el 62 %.")

    metadata = read_document(bytes(message), EML, "a.eml").metadata

    assert (metadata.authors, metadata.published, metadata.title) == ((), None, "Hola a todos")


def test_attachments_are_documents_of_their_own(tmp_path: Path) -> None:
    """Pictures in the text are none; a name twice gets a number; what is not read has its hint."""
    inner = letter("Reenviado: tabla/final")
    inner.set_content("Dentro del otro.")
    inner.add_attachment("Anexo del anexo.", filename="nota.txt")
    message = letter()
    message.set_content("Van los archivos.")
    message.add_attachment("Uno.", filename="nota.txt")
    message.add_attachment("Dos.", filename="../nota.txt")
    message.add_attachment(b"\x89PNG", "image", "png", disposition="inline")
    message.add_attachment(b"abc", "application", "msword", filename="viejo.doc")
    message.add_attachment(inner)
    (tmp_path / "a.eml").write_bytes(bytes(message))

    found = list(find_sources([tmp_path / "a.eml"]))

    assert [(one.source_id, one.media_type) for one in found if isinstance(one, SourceFile)] == [
        ("a.eml", EML),
        ("a.eml/nota.txt", TEXT),
        ("a.eml/nota (2).txt", TEXT),
        ("a.eml/Reenviado: tabla final.eml", EML),
        ("a.eml/Reenviado: tabla final.eml/nota.txt", TEXT),
    ]
    assert [(one.source_id, one.stage, one.hint) for one in found if isinstance(one, SourceFailure)] == [
        ("a.eml/viejo.doc", "skipped", "Save it as DOCX or ODT")
    ]
    assert blocks_of(message) == [("Encuesta de mayo", "header"), ("Van los archivos.", "1.1")]
    assert len({one.origin.place for one in found if one.origin}) == len(found)


def nested(depth: int) -> EmailMessage:
    message = letter("El más hondo")
    message.set_content("En el fondo.")
    for level in range(depth):
        outer = letter(f"Nivel {level}")
        outer.set_content("Sobre otro.")
        outer.add_attachment(message)
        message = outer
    return message


@pytest.mark.parametrize(("depth", "read"), [(3, 4), (50, 5)])
def test_mails_in_mails_are_read_five_deep_and_named_below(tmp_path: Path, depth: int, read: int) -> None:
    (tmp_path / "a.eml").write_bytes(bytes(nested(depth)))

    found = list(find_sources([tmp_path / "a.eml"]))
    failures = [one.reason for one in found if isinstance(one, SourceFailure)]

    assert sum(isinstance(one, SourceFile) for one in found) == read
    assert failures == (["nests mails more than 5 deep"] if depth > 5 else [])


_SAVED = b"""From: <Saved by Blink>
Snapshot-Content-Location: https://example.org/estudio
Subject: Estudio
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="b"

--b
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable
Content-Location: https://example.org/estudio

<!doctype html><html><head><title>El estudio</title></head><body><article><h1>El estudio</h1>
<p>Repite el 62 % de los clientes que llamaron por tel=C3=A9fono a la oficina.</p></article></body></html>
--b
Content-Type: text/css
Content-Location: https://example.org/a.css

body { color: red }
--b--
"""


def test_a_saved_page_is_read_as_the_page(tmp_path: Path) -> None:
    """MHTML: the page and its address; neither its styles nor the frame of MIME; and nothing is attached."""
    (tmp_path / "a.mhtml").write_bytes(_SAVED)
    (source,) = find_sources([tmp_path / "a.mhtml"])
    assert isinstance(source, SourceFile)
    extract = read_document(source.data, source.media_type, "a.mhtml")

    assert source.media_type == extract.media_type == MHTML
    assert [block.text for block in extract.blocks] == [
        "El estudio",
        "Repite el 62 % de los clientes que llamaron por teléfono a la oficina.",
    ]
    assert (extract.metadata.title, extract.metadata.url) == ("El estudio", "https://example.org/estudio")
    assert FieldOrigin("url", "saved from") in extract.metadata.origins


def test_a_page_that_safari_saved_is_read_as_the_page() -> None:
    main = {
        "WebResourceData": "<html><body><p>Repite el 62 % de los clientes.</p></body></html>".encode("utf-16-le"),
        "WebResourceMIMEType": "text/html",
        "WebResourceTextEncodingName": "utf-16-le",
        "WebResourceURL": "https://example.org/a",
    }
    data = plistlib.dumps({"WebMainResource": main, "WebSubresources": []}, fmt=plistlib.FMT_BINARY)

    extract = read_document(data, media_type_of("a.webarchive", data), "a.webarchive")

    assert (extract.media_type, [block.text for block in extract.blocks]) == (
        WEBARCHIVE,
        ["Repite el 62 % de los clientes."],
    )
    assert extract.metadata.url == "https://example.org/a"


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.eml", bytes(letter()), EML),
        ("a.txt", b"MIME-Version: 1.0\r\nFrom: a@example.org\r\nSubject: b\r\n\r\nhola", EML),
        ("a.txt", b"From: Ana\nSubject: la reunion\n\nhola", TEXT),
        ("a.eml", b"From: a@example.org\nSubject: b\n\nhola", EML),
        ("a.mht", _SAVED, MHTML),
        ("a.eml", _SAVED, MHTML),
        ("a", b"Nota: de ayer\nOtra: de hoy\n\nhola", TEXT),
    ],
)
def test_messages_are_told_by_their_header(name: str, data: bytes, media_type: str) -> None:
    assert media_type_of(name, data) == media_type


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.eml", b"una nota cualquiera", "is wrongly named"),
        ("a.mhtml", _SAVED.replace(b"text/html", b"text/css"), "holds no page"),
        ("a.eml", b"From: a\nSubject: b\n\n\n", "is an email without text in its body"),
        ("a.eml", b"From: a\nSubject: b\n" + b"X: boundary=a\n" * 400 + b"\nhola", "has more than 300 parts"),
        (
            "a.eml",
            b"From: a\nSubject: b\n" + b"X: boundary=a\n" * 200 + b"\n" * 200_000 + b"hola",
            "has too many lines",
        ),
        ("a.eml", b"From: a\nSubject: b\nContent-Type: a/b" + b"; a=b" * 3_000 + b"\n\nhola", "has an endless header"),
        ("a.webarchive", b"bplist00WebMainResource", "is a damaged web archive"),
    ],
)
def test_what_is_no_mail_or_page_is_refused_with_a_reason(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        read_document(data, media_type_of(name, data), name)
    assert caught.value.hint
