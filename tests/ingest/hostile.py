"""Hostile files made by code: the sixty of S1. Each is a label, a media type, and how its bytes are made.

Run as ``python -m tests.ingest.hostile quick|full`` it reads them all, one after another, in one isolated
reader and prints a JSON line for each with what became of it, its seconds without those that its reader waited for a
processor, and the memory of the child.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.readers.isolate import IsolatedReader
from ingest.readers.signatures import (
    CSV,
    DOCX,
    EML,
    EPUB,
    HTML,
    MARKDOWN,
    MHTML,
    ODP,
    ODT,
    PDF,
    TEXT,
    TSV,
    WEBARCHIVE,
    XLSX,
)
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from tests.ingest.formats.compound import compound, properties
from tests.ingest.formats.compound import stream as stream_name

MEGA = 2**20
Make = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Hostile:
    """``slow`` files wait for a limit to be met, or are large to make."""

    label: str
    media_type: str
    data: Make
    slow: bool = False


def pdf(*objects: bytes, root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1, with a true cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, start)
    return bytes(out)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """A stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (extra, len(data), data)


_CATALOG, _FONT = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def page_pdf(content: bytes, box: bytes = b"[0 0 600 800]", extra: bytes = b"") -> bytes:
    """One page with this content object."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox%s/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>>>" % (box, extra)
    return pdf(_CATALOG, _PAGES, page, content, _FONT)


def _bomb(megabytes: int, filters: int = 1) -> bytes:
    data = b" " * (megabytes * MEGA)
    for _ in range(filters):
        data = zlib.compress(data, 9)
    return stream(data, b"/Filter[%s]" % (b"/FlateDecode" * filters))


def _pdfs() -> Iterator[Hostile]:
    def make(label: str, data: Make, slow: bool = False) -> Hostile:
        return Hostile(f"PDF {label}", PDF, data, slow)

    yield make("page tree that holds itself", lambda: pdf(_CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"))
    yield make(
        "page tree in a ring",
        lambda: pdf(_CATALOG, b"<</Kids[3 0 R]/Count 9>>", b"<</Type/Pages/Kids[2 0 R]/Count 9>>"),
    )
    yield make("a million pages claimed", lambda: pdf(_CATALOG, b"<</Type/Pages/Kids[]/Count 1000000>>"))
    yield make("no pages", lambda: pdf(_CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"))
    yield make("stream bomb 300 MB", lambda: page_pdf(_bomb(300)), slow=True)
    yield make("stream bomb packed three times", lambda: page_pdf(_bomb(200, 3)), slow=True)
    yield make("deep arrays", lambda: page_pdf(stream(b"[" * 200_000 + b"]" * 200_000)))
    yield make("deep dictionaries", lambda: pdf(b"<</Type/Catalog/Pages" + b"<</a" * 50_000 + b">>" * 50_000 + b">>"))
    yield make("saved states without end", lambda: page_pdf(stream(b"q " * 500_000)), slow=True)
    yield make("form that draws itself", lambda: _self_drawing_form())
    yield make("length that refers to itself", lambda: page_pdf(b"<</Length 4 0 R>>\nstream\nBT ET\nendstream"))
    yield make("root is missing", lambda: pdf(_CATALOG, root=99))
    yield make("xref points at itself", lambda: b"%PDF-1.7\nxref\n0 0\ntrailer<</Prev 9/Size 1>>\nstartxref\n9\n%%EOF")
    yield make("previous xref in a ring", lambda: _ring_of_xrefs())
    yield make("endless header", lambda: b"%PDF-1.7\n" + b"%" * (4 * MEGA))
    yield make("objects never closed", lambda: b"%PDF-1.7\n" + b"1 0 obj<<" * 10_000, slow=True)
    yield make(
        "page wider than the world", lambda: page_pdf(stream(b"BT /F 9 Tf (a) Tj ET"), b"[-1e30 -1e30 1e30 1e30]")
    )
    yield make("two million letters on one spot", lambda: page_pdf(_letters(2_000_000)), slow=True)
    yield make("encrypted by an unknown lock", lambda: _locked())
    yield make("cut in the middle", lambda: page_pdf(stream(b"BT /F 9 Tf (hola) Tj ET"))[:250])
    yield make("letters without any meaning", lambda: page_pdf(stream(b"BT /F 9 Tf <0102030405> Tj ET")))
    yield make("signature and noise", lambda: b"%PDF-1.4\n" + bytes(range(256)) * 400)


def _letters(number: int) -> bytes:
    packed = zlib.compress(b"BT /F 9 Tf " + b"(aaaaaaaaaa) Tj " * (number // 10) + b"ET")
    return stream(packed, b"/Filter/FlateDecode")


def _self_drawing_form() -> bytes:
    form = stream(b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 6 0 R>>>>>>"
    return pdf(_CATALOG, _PAGES, page, stream(b"/X Do"), _FONT, form)


def _ring_of_xrefs() -> bytes:
    first = b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Prev "
    return first + b"%d>>\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Prev 9>>\nstartxref\n9\n%%%%EOF" % (
        len(first) + 6
    )


def _locked() -> bytes:
    return page_pdf(stream(b"x")).replace(b"/Root", b"/Encrypt<</Filter/Nobody/V 9/R 9/O(x)/U(x)/P 1>>/Root")


_WORD_SPACE = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_WORD_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    b'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_WORD_RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="word/document.xml"/></Relationships>'
)


def packed(members: dict[str, bytes]) -> bytes:
    """A ZIP archive of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def word(body: bytes, doctype: bytes = b"", **others: bytes) -> bytes:
    """A Word file with this body; ``others`` are further members, also with "__" for "/" and "_" for "."."""
    document = b"<w:document %s><w:body>%s</w:body></w:document>" % (_WORD_SPACE, body)
    members = {
        "[Content_Types].xml": _WORD_TYPES,
        "_rels/.rels": _WORD_RELATIONS,
        "word/document.xml": doctype + document,
    }
    named = {name if "/" in name else name.replace("__", "/").replace("_", "."): data for name, data in others.items()}
    return packed(members | named)


WORD_PARAGRAPH = b"<w:p><w:r><w:t>hola</w:t></w:r></w:p>"
_CELL = b"<w:tbl><w:tr><w:tc>"
LAUGHS = b"<!DOCTYPE x [<!ENTITY a0 'ja'>%s]>" % b"".join(
    b"<!ENTITY a%d '%s'>" % (number, b"&a%d;" % (number - 1) * 10) for number in range(1, 10)
)


def _words() -> Iterator[Hostile]:
    def make(label: str, data: Make, slow: bool = False) -> Hostile:
        return Hostile(f"Word {label}", DOCX, data, slow)

    yield make("bomb", lambda: word(WORD_PARAGRAPH * 900_000), slow=True)
    yield make("bomb refused unread", lambda: word(WORD_PARAGRAPH * 2_000_000), slow=True)
    yield make(
        "one word of 60 MB", lambda: word(b"<w:p><w:r><w:t>" + b"a" * 60 * MEGA + b"</w:t></w:r></w:p>"), slow=True
    )
    yield make("tables in tables", lambda: word(_CELL * 3_000 + WORD_PARAGRAPH + b"</w:tc></w:tr></w:tbl>" * 3_000))
    yield make(
        "table of a million cells", lambda: word(b"<w:tbl><w:tr>" + b"<w:tc><w:p/></w:tc>" * 1_000_000), slow=True
    )
    yield make("a billion laughs", lambda: word(b"<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", LAUGHS))
    yield make("no body", lambda: packed({"word/document.xml": b"<x/>", "[Content_Types].xml": _WORD_TYPES}))
    yield make("body is no XML", lambda: word(b"<w:p><<<&"))
    yield make("body of another encoding", lambda: word(WORD_PARAGRAPH, b'<?xml version="1.0" encoding="klingon"?>'))
    yield make("picture bomb", lambda: word(b"<w:p/>", word__media__image1_png=b"\0" * 64 * MEGA), slow=True)
    yield make("deep runs", lambda: word(b"<w:p>" + b"<w:ins>" * 100_000))
    yield make("empty", lambda: word(b""))
    yield make("charts of one chart", lambda: word(_CHARTED * 20_000, **_charts(b"<c:x/>" * 90_000)), slow=True)
    yield make("chart that is the document", lambda: word(_CHARTED, **_charts(b"", b"document.xml")))
    yield make("chart laughs", lambda: word(_CHARTED, **{**_charts(b""), "word/chart.xml": LAUGHS + b"<a>&a9;</a>"}))
    yield make("cut in the middle", lambda: word(WORD_PARAGRAPH * 100)[:-200])
    yield make("noise after the signature", lambda: b"PK\x03\x04" + bytes(range(256)) * 100)


_CHARTED = (
    b'<w:p><w:r><w:drawing><c:chart xmlns:c="c" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships" r:id="a"/></w:drawing></w:r></w:p>'
)


def _charts(body: bytes, target: bytes = b"chart.xml") -> dict[str, bytes]:
    """The members of a document with one chart."""
    relation = b'<Relationships><Relationship Id="a" Type="x/chart" Target="%s"/></Relationships>' % target
    return {"word/chart.xml": b'<c xmlns:c="c">%s</c>' % body, "word/_rels/document.xml.rels": relation}


def _pages() -> Iterator[Hostile]:
    def make(label: str, data: Make, slow: bool = False) -> Hostile:
        return Hostile(f"HTML {label}", HTML, data, slow)

    yield make("deep elements", lambda: b"<html><body>" + b"<div>" * 50_000 + b"hola")
    yield make("deep and closed", lambda: b"<body>" + b"<div>" * 2_000 + b"hola" + b"</div>" * 2_000)
    yield make("deep inline", lambda: b"<html><body><p>" + b"<b>" * 50_000 + b"hola")
    yield make("deep lists", lambda: b"<html><body>" + b"<ul><li>" * 20_000 + b"hola")
    yield make("deep tables", lambda: b"<html><body>" + b"<table><tr><td>" * 3_000 + b"hola")
    yield make(
        "many attributes", lambda: b"<p " + b" ".join(b"a%d=1" % number for number in range(100_000)) + b">", slow=True
    )
    yield make("endless text node", lambda: b"<html><body><p>" + b"a" * (12 * MEGA), slow=True)
    yield make("many paragraphs", lambda: b"<html><body>" + b"<p>hola" * 200_000, slow=True)
    yield make("many open forms", lambda: b"<html><body>" + b"<form><a href=x>" * 60_000, slow=True)
    yield make("endless comment", lambda: b"<html><body><!--" + b"-" * (4 * MEGA))
    yield make("endless attribute", lambda: b"<html><body><p title='" + b"a" * (4 * MEGA))
    yield make("endless script", lambda: b"<html><body><script>" + b"var a;" * 500_000)
    yield make("nothing but entities", lambda: b"<html><body><p>" + b"&nbsp;" * 300_000)
    yield make("only zero-width letters", lambda: "<html><body><p>\u200b\u2060\ufeff</p>".encode())
    yield make("unclosed declaration", lambda: b"<!DOCTYPE html [" + b"<!ENTITY a 'b'>" * 100_000)
    yield make("frames without text", lambda: b"<html><frameset>" + b"<frame src=x>" * 10_000)


def book(chapter: bytes, package: bytes | None = None, container: bytes | None = None) -> bytes:
    """An EPUB of one chapter."""
    manifest = b'<manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine>'
    return packed(
        {
            "META-INF/container.xml": container or b'<container><rootfile full-path="p.opf"/></container>',
            "p.opf": package or b"<package>" + manifest + b"</package>",
            "a.xhtml": chapter,
        }
    )


def _others() -> Iterator[Hostile]:
    refs = b'<itemref idref="a"/>' * 100_000
    package = b'<package><manifest><item id="a" href="a.xhtml"/></manifest><spine>' + refs + b"</spine></package>"
    empty = b"<html><body></body></html>"
    yield Hostile("EPUB chapter bomb", EPUB, lambda: book(b"<p>" + b" " * 64 * MEGA), slow=True)
    yield Hostile("EPUB spine of one chapter a hundred thousand times", EPUB, lambda: book(empty, package), slow=True)
    yield Hostile(
        "EPUB package out of the book", EPUB, lambda: book(empty, container=b'<c><r full-path="../../x"/></c>')
    )
    yield Hostile("EPUB laughs", EPUB, lambda: book(empty, LAUGHS + b"<package>&a9;</package>"))
    yield Hostile("EPUB without a spine", EPUB, lambda: book(empty, b"<package/>"))
    yield Hostile("EPUB container is noise", EPUB, lambda: book(empty, container=b"\0\1\2"))
    yield Hostile("Markdown brackets", MARKDOWN, lambda: b"[" * 300_000, slow=True)
    yield Hostile("Markdown quotes in quotes", MARKDOWN, lambda: b">" * 50_000 + b" ", slow=True)
    yield Hostile("Markdown front matter alone", MARKDOWN, lambda: b"---\n" + b"a: [" * 5_000 + b"\n---\n")
    yield Hostile("Markdown anchors that multiply", MARKDOWN, lambda: _yaml_laughs())
    yield Hostile("text of marks", TEXT, lambda: b"-=*" * 100_000)
    yield Hostile("text of broken UTF-16", TEXT, lambda: b"\xff\xfe" + b"\x00\xd8" * 1_000 + b"\x00")


def _office() -> Iterator[Hostile]:
    """Bombs, entities and depth for each office and mail format."""
    sheet = b"<worksheet><sheetData>" + b"<row><c t='n'><v>1</v></c></row>" * 900_000 + b"</sheetData></worksheet>"
    odt = {"mimetype": ODT.encode()}
    yield Hostile("ODT bomb", ODT, lambda: packed({**odt, "content.xml": b"<a>" + b" " * 64 * MEGA}), slow=True)
    yield Hostile("ODT laughs", ODT, lambda: packed({**odt, "content.xml": LAUGHS + b"<a>&a9;</a>"}))
    yield Hostile("ODT deep", ODT, lambda: packed({**odt, "content.xml": b"<a>" * 100_000}))
    yield Hostile("ODT cut", ODT, lambda: packed({**odt, "content.xml": b"<a/>" * 50})[:-40])
    yield Hostile(
        "ODP of pages in pages", ODP, lambda: packed({"mimetype": ODP.encode(), "content.xml": b"<page>" * 9**6})
    )
    yield Hostile("ODP laughs", ODP, lambda: packed({"mimetype": ODP.encode(), "content.xml": LAUGHS + b"<a>&a9;</a>"}))
    yield Hostile("XLSX bomb", XLSX, lambda: packed({"xl/worksheets/a.xml": b" " * 64 * MEGA}), slow=True)
    yield Hostile("XLSX of a million rows and no book", XLSX, lambda: packed({"xl/worksheets/a.xml": sheet}), slow=True)
    yield Hostile("XLSX laughs", XLSX, lambda: packed({"xl/workbook.xml": LAUGHS + b"<a>&a9;</a>"}))
    yield Hostile("CSV of one open quote", CSV, lambda: b'a;b\n"' + b"x" * 4 * MEGA)
    yield Hostile("TSV of tabs", TSV, lambda: b"\t" * 3 * MEGA)
    yield Hostile("CSV of marks", CSV, lambda: b";" * 3 * MEGA)
    yield Hostile("mail of a thousand parts", EML, lambda: b"From: a\nSubject: b\n" + b"X: boundary=a\n" * 1_000)
    yield Hostile("mail in mails", EML, lambda: b"MIME-Version: 1.0\nContent-Type: message/rfc822\n\n" * 250)
    yield Hostile("mail with an endless header", EML, lambda: b"From: a\nSubject: " + b"(" * 2 * MEGA + b"\n\n\n")
    yield Hostile("mail of open comments", EML, lambda: b"Subject: \nFrom: " + b"(" * 500_000 + b"\n\n\n")
    yield Hostile("saved page without a page", MHTML, lambda: b"From: a\nSubject: b\n\n" + b"\0" * MEGA)
    yield from _newer()
    yield Hostile("web archive that points at itself", WEBARCHIVE, lambda: b"bplist00\xa1\0" + b"\0" * 40)


_MAIN = b'<Relationships><Relationship Id="a" Type="x/officeDocument" Target="p.xml"/></Relationships>'


def deck(main: bytes, **others: bytes) -> bytes:
    """A slide deck with this main part."""
    return packed({"_rels/.rels": _MAIN, "ppt/presentation.xml": b"<a/>", "p.xml": main, **others})


def newer_files() -> list[tuple[str, bytes]]:
    """A sound file of each of the formats that the samples do not have."""
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
    shape = f'<sp xmlns:a="{drawing}"><txBody><a:p><a:r><a:t>Repite el 62 % de ellos.</a:t></a:r></a:p></txBody></sp>'
    slide = f"<sld><cSld><spTree>{shape}</spTree></cSld></sld>".encode()
    related = {"_rels/p.xml.rels": _MAIN.replace(b'"p.xml"', b'"s.xml"'), "s.xml": slide}
    listing = b'<a xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sldId r:id="a"/></a>'
    note = rb"{\footnote\pard Encuesta a 2.400 personas.}{\shp{\*\shpinst{\shptxt\pard Al lado.\par}}}"
    rich = rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\pard\f0 Repite el 62\~% de ellos" + note + rb".\par\u241?andu\par}"
    cues = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>Repite el 62 %\n\n00:02.000 --> 00:03.000\n<v Ana>de ellos.\n"
    return [("a.pptx", deck(listing, **related)), ("a.rtf", rich), ("a.msg", _message()), ("a.vtt", cues)]


def _newer() -> Iterator[Hostile]:
    """The same for slides, rich text, messages of Outlook and transcripts."""
    forms = (FileFormat.PPTX, FileFormat.RTF, FileFormat.MSG, FileFormat.VTT)
    pptx, rtf, msg, vtt = (form.media_type for form in forms)
    listing = b'<a xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    listed, too_many = (listing + b'<sldId r:id="a"/>' * times + b"</a>" for times in (1_900, 9_000))
    slide = b"<a>" + b"<b/>" * 90_000 + b"</a>"
    again = {"_rels/p.xml.rels": _MAIN.replace(b'"p.xml"', b'"s.xml"'), "s.xml": slide}
    yield Hostile("PPTX bomb", pptx, lambda: deck(b"<a>" + b" " * 64 * MEGA), slow=True)
    yield Hostile("PPTX laughs", pptx, lambda: deck(LAUGHS + b"<a>&a9;</a>"))
    yield Hostile("PPTX deep", pptx, lambda: deck(b"<a>" * 100_000))
    yield Hostile("PPTX of one slide again and again", pptx, lambda: deck(listed, **again), slow=True)
    yield Hostile("PPTX of too many slides", pptx, lambda: deck(too_many, **again))
    yield Hostile("PPTX that leads to itself", pptx, lambda: deck(listed, **{"_rels/p.xml.rels": _MAIN}), slow=True)
    yield Hostile("RTF deep", rtf, lambda: b"{\\rtf1" + b"{" * 4 * MEGA)
    yield Hostile("RTF of braces", rtf, lambda: b"{\\rtf1" + b"{}" * 30 * MEGA, slow=True)
    yield Hostile("RTF of words of control", rtf, lambda: b"{\\rtf1 " + b"\\b" * 20 * MEGA, slow=True)
    yield Hostile("RTF that swallows its end", rtf, lambda: b"{\\rtf1{\\pict\\bin2147483647 " + b"x" * 99)
    yield Hostile("RTF of empty cells", rtf, lambda: b"{\\rtf1 " + b"\\cell" * MEGA + b"\\row}", slow=True)
    yield Hostile("RTF without an end of a number", rtf, lambda: b"{\\rtf1\\u" + b"9" * 4 * MEGA)
    yield Hostile("MSG of packed rich text that says too much", msg, lambda: _packed_message(b"\xff" * 17))
    yield Hostile(
        "MSG of packed rich text that looks back for ever", msg, lambda: _packed_message(b"\xff\0\x0f" * MEGA)
    )
    yield Hostile("MSG cut", msg, lambda: _message()[:1500])
    ring, huge = (b"\xfe\xff\xff\xff", b"\0\0\0\0"), b"\xff\xff\xff\x7f"
    yield Hostile("MSG whose sectors lead in a ring", msg, lambda: _message().replace(*ring))
    yield Hostile("MSG of one huge table of sectors", msg, lambda: _message()[:44] + huge + _message()[48:])
    yield Hostile("MSG of noise", msg, lambda: _message()[:512] + bytes(range(256)) * 4_000)
    yield Hostile("VTT of times alone", vtt, lambda: b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\n" * 200_000)
    yield Hostile("SRT of numbers alone", FileFormat.SRT.media_type, lambda: b"1\n\n" * 700_000)
    yield Hostile(
        "SRT of times that never end", FileFormat.SRT.media_type, lambda: b"1\n00:00:01,000 --> " + b"9" * MEGA
    )
    yield Hostile("VTT of one endless tag", vtt, lambda: b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v " * MEGA)


def _message() -> bytes:
    body = {stream_name(0x1000, 0x1F): "Hola.".encode("utf-16-le") * 2_000}
    return compound({**properties(32, {}), **body})


def _packed_message(rich: bytes) -> bytes:
    head = (2**31).to_bytes(4, "little") * 2 + b"LZFu\0\0\0\0"
    return compound({**properties(32, {}), stream_name(0x1009, 0x102): head + rich})


def _yaml_laughs() -> bytes:
    lines = [b"a0: &a0 [x]"]
    lines += [b"a%d: &a%d [%s]" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 12)]
    return b"---\n" + b"\n".join(lines) + b"\ntitle: *a11\n---\n"


def hostile_files(*, full: bool) -> list[Hostile]:
    """The sixty, or those of them that need no patience."""
    every = [*_pdfs(), *_words(), *_pages(), *_others(), *_office()]
    return [one for one in every if full or not one.slow]


class Waits:
    """What the processes that this one started waited for a processor, watched ten times a second."""

    def __init__(self) -> None:
        self._waited: dict[str, float] = {}
        self._before: dict[str, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Waits:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def pop(self) -> float:
        """Seconds since the last call."""
        now = dict(self._waited)
        since = sum(seconds - self._before.get(process, 0.0) for process, seconds in now.items())
        self._before = now
        return since

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            for listed in Path("/proc/self/task").glob("*/children"):
                for process in listed.read_text().split():
                    with contextlib.suppress(OSError, IndexError):
                        delay = Path(f"/proc/{process}/schedstat").read_text().split()[1]
                        self._waited[process] = int(delay) / 1e9


def main(full: bool) -> None:
    """Read them all and say of each what became of it."""
    with IsolatedReader() as reader, Waits() as waits:
        for one in hostile_files(full=full):
            waits.pop()
            data = one.data()
            start = time.monotonic()
            chars, reason, hint = 0, "", ""
            try:
                extract = reader.read(data, one.media_type, one.label)
                chars = sum(len(block.text) for block in extract.blocks)
                reader.unpack(data, one.media_type, one.label)
            except SourceError as error:
                reason, hint = error.reason, error.hint
            seconds = round(time.monotonic() - start - waits.pop(), 2)
            line = {"label": one.label, "chars": chars, "reason": reason, "hint": hint, "seconds": seconds}
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    sys.stdout.write(json.dumps({"peak_megabytes": peak}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:] == ["full"])
