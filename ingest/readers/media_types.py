"""What a file is, told by its first bytes before its name.

Owns the signatures and the names of formats, and the sentence for a file that is wrongly named
or of a format that holds no text to read. Refuses to read documents.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

from kb.records.errors import SourceError
from kb.records.messages import say

TEXT = "text/plain"
MARKDOWN = "text/markdown"
HTML = "text/html"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EPUB = "application/epub+zip"
ZIP = "application/zip"
JSON_LINES = "application/x-ndjson"

BY_EXTENSION = {
    "txt": TEXT,
    "text": TEXT,
    "": TEXT,
    "md": MARKDOWN,
    "markdown": MARKDOWN,
    "html": HTML,
    "htm": HTML,
    "xhtml": HTML,
    "pdf": PDF,
    "docx": DOCX,
    "epub": EPUB,
    "zip": ZIP,
    "jsonl": JSON_LINES,
    "ndjson": JSON_LINES,
}
_NAMES = {
    TEXT: say("plain_text"),
    MARKDOWN: say("markdown"),
    HTML: say("an_html_page"),
    PDF: say("a_pdf"),
    DOCX: say("a_word_document_docx"),
    EPUB: say("an_epub_book"),
    ZIP: say("a_zip_archive"),
    JSON_LINES: say("json_lines"),
}
_TEXTUAL = frozenset({TEXT, MARKDOWN, HTML, JSON_LINES})
_FOREIGN = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        say("an_old_or_password_protected_office"),
        say("save_it_as_docx_without"),
    ),
    (b"{\\rtf", say("a_rich_text_file_rtf"), say("save_it_as_docx_or_plain")),
    (b"\x89PNG", say("an_image"), say("run_text_recognition_ocr_and_ingest")),
    (b"\xff\xd8\xff", say("an_image"), say("run_text_recognition_ocr_and_ingest")),
    (b"GIF8", say("an_image"), say("run_text_recognition_ocr_and_ingest")),
    (b"\x1f\x8b", say("a_gzip_archive"), say("unpack_it_or_pack")),
    (b"7z\xbc\xaf", say("a_7z_archive"), say("unpack_it_or_pack")),
    (b"Rar!", say("a_rar_archive"), say("unpack_it_or_pack")),
    (b"SQLite format 3", say("a_database"), say("export_its_texts_as_json_lines")),
    (b"\x7fELF", say("a_program"), say("leave_it_out")),
    (b"MZ\x90", say("a_program"), say("leave_it_out")),
)
_HTML_START = re.compile(
    rb"\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,50})?(?:<!--.{0,2000}?-->\s{0,50})?<(?:!doctype\s+html|html\b)", re.I | re.S
)


def extension_of(name: str) -> str:
    """The extension of a file name in lower case, without the point."""
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def media_type_of(name: str, data: bytes) -> str:
    """The media type of a file by its content, then its name.

    Raises SourceError for an empty file, a format that is not read, and a file whose name
    promises one binary format while its content is something else.
    """
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise SourceError(name, say("is_empty"), say("check_the_file_or_leave"))
    for signature, what, hint in _FOREIGN:
        if data.startswith(signature):
            raise SourceError(name, say("is_which_is_not_read", what=what), hint)
    named = BY_EXTENSION.get(extension_of(name))
    found = _binary_type(name, data)
    if found or (named and named not in _TEXTUAL):
        return _agreed(name, named, found or _text_type(data, TEXT))
    if named != HTML and _looks_binary(data):
        raise SourceError(name, say("is_a_binary_file"), say("save_it_as_text_markdown_html"))
    return _text_type(data, named or TEXT)


def _agreed(name: str, named: str | None, found: str) -> str:
    if named is None or named == found or (named == ZIP and found in (DOCX, EPUB)):
        return found
    extension = next(ending for ending, kind in BY_EXTENSION.items() if kind == found)
    raise SourceError(
        name,
        say("is_wrongly_named_the_name_says", named=_NAMES[named], found=_NAMES[found]),
        say("rename_it_to_end", extension=extension),
    )


def _binary_type(name: str, data: bytes) -> str | None:
    if b"%PDF-" in data[:1024]:
        return PDF
    return _zip_type(name, data) if data.startswith((b"PK\x03\x04", b"PK\x05\x06")) else None


def _zip_type(name: str, data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {info.filename for info in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise SourceError(
            name, say("is_a_damaged_archive", error=error), say("fetch_or_pack_the_file_again")
        ) from error
    if "word/document.xml" in members:
        return DOCX
    if "META-INF/container.xml" in members:
        return EPUB
    for folder, what in (("xl/", say("a_spreadsheet")), ("ppt/", say("a_slide_deck"))):
        if any(member.startswith(folder) for member in members):
            raise SourceError(name, say("is_which_is_not_read", what=what), say("export_it_as_pdf_or_text"))
    return ZIP


def _text_type(data: bytes, named: str) -> str:
    return HTML if named in (TEXT, HTML) and (named == HTML or _HTML_START.match(data[:4096])) else named


def _looks_binary(data: bytes) -> bool:
    """NUL bytes outside UTF-16, or many control characters."""
    head = data[:8192]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    if b"\0" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        return not (max(even, odd) > len(head) * 0.35 and min(even, odd) < len(head) * 0.02)
    controls = sum(byte < 9 or 13 < byte < 27 for byte in head)
    return controls > len(head) * 0.05
