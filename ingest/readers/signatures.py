"""Formats told by the bytes that they begin with or hold: archives of parts, messages, compound files.

Owns the signatures and the next step for a format that is not read. Refuses to know what a file is called.
"""

import io
import re
import zipfile
from pathlib import PurePosixPath

from kb.records.errors import SourceError
from kb.records.file_format import FileFormat, format_of
from kb.records.messages import Message, say

_FOREIGN = (
    (b"GIF8", say("an_image"), say("save_it_as_png_and_ocr")),
    (b"\x1f\x8b", say("a_gzip_archive"), say("unpack_it_or_pack")),
    (b"7z\xbc\xaf", say("a_7z_archive"), say("unpack_it_or_pack")),
    (b"Rar!", say("a_rar_archive"), say("unpack_it_or_pack")),
    (b"SQLite format 3", say("a_database"), say("export_its_texts_as_json_lines")),
    (b"\x7fELF", say("a_program"), say("leave_it_out")),
    (b"MZ\x90", say("a_program"), say("leave_it_out")),
    (b"ID3", say("a_sound_recording"), say("transcribe_it_and_ingest_the_text")),
    (b"!BDN", say("an_outlook_data_file_pst"), say("save_the_mails_that_matter")),
)
# What stands in a folder under these endings is not read; each has a next step of its own.
_HINTS = {
    **dict.fromkeys(("doc", "dot", "wps", "pages", "wpd", "odm", "fodt"), say("save_it_as_docx_or_odt")),
    **dict.fromkeys(
        ("xls", "xlsb", "ods", "numbers", "fods", "sav", "dta", "rdata", "parquet"), say("save_it_as_xlsx_or_csv")
    ),
    **dict.fromkeys(("ppt", "pps", "pot", "key", "fodp"), say("save_it_as_pptx_or_pdf")),
    **dict.fromkeys(("mbox", "pst", "ost", "emlx", "oft"), say("save_the_mails_that_matter")),
    **dict.fromkeys(("sbv", "ass", "ssa", "ttml"), say("save_it_as_vtt_or_srt")),
    **dict.fromkeys(("gif", "bmp", "webp", "heic"), say("save_it_as_png_and_ocr")),
    **dict.fromkeys(
        ("mp3", "m4a", "wav", "ogg", "mp4", "mov", "avi", "mkv", "webm"),
        say("transcribe_it_and_ingest_the_text"),
    ),
    **dict.fromkeys(("7z", "rar", "gz", "tgz", "tar", "bz2", "xz"), say("unpack_it_or_pack")),
    **dict.fromkeys(("json", "xml", "yaml", "yml", "db", "sqlite"), say("export_its_texts_as_json_lines")),
    **dict.fromkeys(
        ("mobi", "azw", "azw3", "djvu", "ps", "xps", "rst", "adoc", "tex"), say("save_it_as_epub_pdf_or_text")
    ),
    **dict.fromkeys(("url", "lnk", "webloc"), say("name_the_address_it_leads_to")),
    **dict.fromkeys(("log", "bak", "py", "sql", "ipynb", "r", "sps"), say("if_it_is_text_save_it_as_txt")),
    **dict.fromkeys(
        (
            *("css", "js", "exe", "dll", "woff", "woff2", "ttf", "ico", "svg", "ics", "vcf", "ini", "tmp"),
            *("part", "crdownload", "torrent", "emf", "wmf"),
        ),
        say("it_holds_no_text_to_read"),
    ),
}
_OTHER_HINT = say("save_it_as_pdf_docx_or_text")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The names of streams in a compound file, which tell its program; the locked ones first.
_STREAMS = (
    ("EncryptedPackage", say("a_password_protected_office_file"), say("save_it_without_a_password")),
    ("WordDocument", say("an_old_word_document_doc"), say("save_it_as_docx")),
    ("PowerPoint Document", say("an_old_slide_deck_ppt"), say("save_it_as_pptx_or_pdf")),
    ("Workbook", say("an_old_spreadsheet_xls"), say("save_it_as_xlsx")),
    ("Book", say("an_old_spreadsheet_xls"), say("save_it_as_xlsx")),
)
_OPEN_DOCUMENTS = {
    "application/vnd.oasis.opendocument.text": FileFormat.ODT,
    "application/vnd.oasis.opendocument.text-template": FileFormat.ODT,
    "application/vnd.oasis.opendocument.presentation": FileFormat.ODP,
    "application/vnd.oasis.opendocument.presentation-template": FileFormat.ODP,
}
_MARKED = {mark: one for one in FileFormat for mark in one.marks}
# The stream that every Outlook message has, and the folders of what it holds.
_MESSAGE_STREAM = "__properties_version1.0".encode("utf-16-le")
_HEADER_LINE = rb"[!-9;-~]{1,80}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,200}"
_HEADER = re.compile(rb"(?:From [^\n]{1,200}\n)?((?:%s){2,300})" % _HEADER_LINE)
_FIELDS = re.compile(rb"^(mime-version|from|to|subject|date|received|message-id|content-type):", re.I | re.M)
_PAGE_FIELDS = re.compile(rb"^snapshot-content-location:|^from:[^\n]{0,40}saved by", re.I | re.M)
_LETTER_FIELDS = re.compile(rb"^(?:to|received|message-id|delivered-to|return-path):", re.I | re.M)
_HEAD_BYTES = 64 * 1024


def foreign(data: bytes) -> tuple[str, str] | None:
    """What a file is that is not read, and what to do; null where nothing tells that it is such a one."""
    if data.startswith(_COMPOUND):
        if _MESSAGE_STREAM in data:
            return None
        for stream, what, hint in _STREAMS:
            if stream.encode("utf-16-le") in data:
                return what, hint
        return say("an_old_or_password_protected_office"), say("save_it_as_docx_without")
    return next(((what, hint) for signature, what, hint in _FOREIGN if data.startswith(signature)), None)


def hint_for(ending: str) -> str:
    """What to do with a file of an ending (without the point, lower case) that is not read."""
    return _HINTS.get(ending, _OTHER_HINT)


def format_in(data: bytes, name: str) -> FileFormat | None:
    """The format that the bytes themselves tell, null where they tell none; an archive of files gives none either.

    Raises SourceError for a damaged archive and for one of a program whose files are not read.
    """
    if b"%PDF-" in data[:1024]:
        return FileFormat.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(data, name)
    if data.startswith(_COMPOUND):
        return FileFormat.MSG if _MESSAGE_STREAM in data else None
    if data.startswith(b"bplist00") and b"WebMainResource" in data:
        return FileFormat.WEBARCHIVE
    head = data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    told = next((one for mark, one in _MARKED.items() if head.startswith(mark.encode("latin-1"))), None)
    return told or _lined(head)


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a ZIP."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def message_format(data: bytes) -> FileFormat | None:
    """EML or MHTML for bytes that open with the header of a message, with or without MIME; else null."""
    found = _HEADER.match(data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").replace(b"\r\n", b"\n"))
    head = found.group(1) if found else b""
    if len({field.lower() for field in _FIELDS.findall(head)}) < 2:
        return None
    related = re.search(rb"^content-type:\s{0,9}multipart/related", head, re.I | re.M)
    is_page = _PAGE_FIELDS.search(head) or (related and not _LETTER_FIELDS.search(head))
    return FileFormat.MHTML if is_page else FileFormat.EML


def _lined(head: bytes) -> FileFormat | None:
    message = message_format(head)
    return message if message and re.search(rb"^mime-version:", head, re.I | re.M) else None


def _packed(data: bytes, name: str) -> FileFormat | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {info.filename for info in archive.infolist()}
            kind = archive.open("mimetype").read(200) if "mimetype" in members else b""
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise SourceError(
            name, say("is_a_damaged_archive", error=error), say("fetch_or_pack_the_file_again")
        ) from error
    declared = kind.decode("ascii", "replace").strip()
    if declared.startswith("application/vnd.oasis.opendocument."):
        if declared in _OPEN_DOCUMENTS:
            return _OPEN_DOCUMENTS[declared]
        if "spreadsheet" in declared:
            raise _unread(name, say("a_spreadsheet_ods"), say("save_it_as_xlsx_or_csv"))
        raise _unread(name, say("a_drawing_or_formula"), say("export_it_as_pdf_or_text"))
    found = next((one for mark, one in _MARKED.items() if mark in members), None)
    if found is None:
        _refuse_other_office(members, name)
    return found


def _refuse_other_office(members: set[str], name: str) -> None:
    if any(member.startswith("Index/") and member.endswith(".iwa") for member in members):
        raise _unread(name, say("a_document_of_apple_iwork"), say("export_it_as_pdf_docx_or_xlsx"))
    if "xl/workbook.bin" in members:
        raise _unread(name, say("a_binary_spreadsheet_xlsb"), say("save_it_as_xlsx_or_csv"))


def _unread(name: str, what: str, hint: str) -> SourceError:
    return SourceError(name, say("is_which_is_not_read", what=what), hint)


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
    **{ending: one.media_type for one in FileFormat for ending in (one.value, *one.endings)},
    "zip": ZIP,
    "jsonl": JSON_LINES,
    "ndjson": JSON_LINES,
}
_NOT_DOCUMENTS = {ZIP: say("a_zip_archive"), JSON_LINES: say("json_lines")}
_TEXTUAL = frozenset(
    {TEXT, MARKDOWN, HTML, JSON_LINES, CSV, TSV, *(one.media_type for one in (FileFormat.VTT, FileFormat.SRT))}
)
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
        raise _unread(name, *unread)
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
        say("is_wrongly_named_the_name_says", named=_called(named or found), found=_called(found)),
        say("rename_it_to_end", extension=extension),
    )


def _called(media_type: str) -> Message:
    known = format_of(media_type)
    return known.called if known else _NOT_DOCUMENTS[media_type]


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
