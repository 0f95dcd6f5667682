"""What a file is, told by its first bytes before its name.

Owns the names of formats, and the sentence for a file that is wrongly named
or of a format that holds no text to read. Refuses to read documents.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from ingest.readers.signatures import foreign, format_in, is_archive, message_format
from kb.records.document import FileFormat
from kb.records.errors import SourceError
from kb.records.messages import say

TEXT = FileFormat.TEXT.media_type
MARKDOWN = FileFormat.MARKDOWN.media_type
HTML = FileFormat.HTML.media_type
PDF = FileFormat.PDF.media_type
DOCX = FileFormat.DOCX.media_type
EPUB = FileFormat.EPUB.media_type
EML = FileFormat.EML.media_type
MHTML = FileFormat.MHTML.media_type
WEBARCHIVE = FileFormat.WEBARCHIVE.media_type
ODT = FileFormat.ODT.media_type
ODP = FileFormat.ODP.media_type
CSV = FileFormat.CSV.media_type
TSV = FileFormat.TSV.media_type
XLSX = FileFormat.XLSX.media_type
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
    "eml": EML,
    "mhtml": MHTML,
    "mht": MHTML,
    "webarchive": WEBARCHIVE,
    "odt": ODT,
    "ott": ODT,
    "odp": ODP,
    "csv": CSV,
    "tsv": TSV,
    "tab": TSV,
    "xlsx": XLSX,
    "xlsm": XLSX,
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
    EML: say("an_email_eml"),
    MHTML: say("a_saved_page_mhtml"),
    WEBARCHIVE: say("a_web_archive_of_safari"),
    ODT: say("an_opendocument_text_odt"),
    ODP: say("an_opendocument_presentation_odp"),
    CSV: say("a_table_csv"),
    TSV: say("a_table_tsv"),
    XLSX: say("a_spreadsheet_xlsx"),
    ZIP: say("a_zip_archive"),
    JSON_LINES: say("json_lines"),
}
_TEXTUAL = frozenset({TEXT, MARKDOWN, HTML, JSON_LINES, CSV, TSV})
# Told apart by what their header says, not by how they are called.
_MESSAGES = frozenset({EML, MHTML})
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
    if unread := foreign(data):
        raise SourceError(name, say("is_which_is_not_read", what=unread[0]), unread[1])
    named = BY_EXTENSION.get(extension_of(name))
    found = _found(name, data, named)
    if found or (named and named not in _TEXTUAL):
        return _agreed(name, named, found or _text_type(data, TEXT))
    if named != HTML and _looks_binary(data):
        raise SourceError(name, say("is_a_binary_file"), say("save_it_as_text_markdown_html"))
    return _text_type(data, named or TEXT)


def _found(name: str, data: bytes, named: str | None) -> str | None:
    """The type that the content tells by itself; a name that promises a message needs no more than its header."""
    told = format_in(data, name)
    if told is None and named in _MESSAGES:
        told = message_format(data)
    if told is None:
        return ZIP if is_archive(data) else None
    return told.media_type


def _agreed(name: str, named: str | None, found: str) -> str:
    if named in (None, found, ZIP) or (named in _TEXTUAL and found in _MESSAGES):
        return found
    if {named, found} <= _MESSAGES:
        return found
    extension = next(ending for ending, kind in BY_EXTENSION.items() if kind == found)
    raise SourceError(
        name,
        say("is_wrongly_named_the_name_says", named=_NAMES[named], found=_NAMES[found]),
        say("rename_it_to_end", extension=extension),
    )


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
