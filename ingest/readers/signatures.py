"""Formats told by the bytes that they begin with or hold: archives of parts, messages, compound files.

Owns the signatures and the next step for a format that is not read. Refuses to know what a file is called.
"""

from __future__ import annotations

import io
import re
import zipfile

from kb.records.document import FileFormat
from kb.records.errors import SourceError

_OCR = "Run text recognition (OCR) and ingest the text"
_FOREIGN = (
    (b"\x89PNG", "an image", _OCR),
    (b"\xff\xd8\xff", "an image", _OCR),
    (b"GIF8", "an image", _OCR),
    (b"II*\0", "an image", _OCR),
    (b"MM\0*", "an image", _OCR),
    (b"\x1f\x8b", "a gzip archive", "Unpack it, or pack it as ZIP"),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it, or pack it as ZIP"),
    (b"Rar!", "a RAR archive", "Unpack it, or pack it as ZIP"),
    (b"SQLite format 3", "a database", "Export its texts as JSON lines"),
    (b"\x7fELF", "a program", "Leave it out"),
    (b"MZ\x90", "a program", "Leave it out"),
    (b"{\\rtf", "a rich-text file (RTF)", "Save it as DOCX or plain text"),
    (b"ID3", "a sound recording", "Transcribe it and ingest the text"),
    (b"!BDN", "an Outlook data file (PST)", "Save the mails that matter as .eml"),
)
# What stands in a folder under these endings is not read; each has a next step of its own.
HINTS = {
    **dict.fromkeys(("doc", "docm", "dot", "dotx", "wps", "pages", "wpd", "odm", "fodt"), "Save it as DOCX or ODT"),
    **dict.fromkeys(("xls", "xlsb", "ods", "numbers", "fods"), "Save it as XLSX or CSV"),
    **dict.fromkeys(("ppt", "pptx", "pptm", "pps", "ppsx", "key", "fodp"), "Save it as ODP or PDF"),
    **dict.fromkeys(("mbox", "pst", "ost", "emlx", "oft", "msg"), "Save the mails that matter as .eml"),
    **dict.fromkeys(("srt", "vtt", "sbv"), "Save its text as .txt"),
    "rtf": "Save it as DOCX or plain text",
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "tif", "tiff", "bmp", "webp", "heic"), _OCR),
    **dict.fromkeys(
        ("mp3", "m4a", "wav", "ogg", "mp4", "mov", "avi", "mkv", "webm"),
        "Transcribe it and ingest the text",
    ),
    **dict.fromkeys(("7z", "rar", "gz", "tgz", "tar", "bz2", "xz"), "Unpack it, or pack it as ZIP"),
    **dict.fromkeys(("json", "xml", "yaml", "yml", "db", "sqlite", "parquet"), "Export its texts as JSON lines"),
    **dict.fromkeys(("mobi", "azw", "azw3", "djvu", "ps", "xps", "rst", "adoc", "tex"), "Save it as EPUB, PDF or text"),
    **dict.fromkeys(("css", "js", "exe", "dll", "woff", "woff2", "ttf", "ico", "svg"), "It holds no text to read"),
}
_OTHER_HINT = "Save it as PDF, DOCX or text"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The names of streams in a compound file, which tell its program; the locked ones first.
_STREAMS = (
    ("EncryptedPackage", "a password-protected Office file", "Save it without a password"),
    ("WordDocument", "an old Word document (DOC)", "Save it as DOCX"),
    ("PowerPoint Document", "an old slide deck (PPT)", "Save it as ODP or PDF"),
    ("Workbook", "an old spreadsheet (XLS)", "Save it as XLSX"),
    ("__properties_version1.0", "an Outlook message (MSG)", "Save it as .eml"),
    ("Book", "an old spreadsheet (XLS)", "Save it as XLSX"),
)
_OPEN_DOCUMENTS = {
    "application/vnd.oasis.opendocument.text": FileFormat.ODT,
    "application/vnd.oasis.opendocument.text-template": FileFormat.ODT,
    "application/vnd.oasis.opendocument.presentation": FileFormat.ODP,
    "application/vnd.oasis.opendocument.presentation-template": FileFormat.ODP,
}
_MEMBERS = (
    ("word/document.xml", FileFormat.DOCX),
    ("META-INF/container.xml", FileFormat.EPUB),
    ("xl/workbook.xml", FileFormat.XLSX),
)
_HEADER_LINE = rb"[!-9;-~]{1,80}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,200}"
_HEADER = re.compile(rb"(?:From [^\n]{1,200}\n)?((?:%s){2,300})" % _HEADER_LINE)
_FIELDS = re.compile(rb"^(mime-version|from|to|subject|date|received|message-id|content-type):", re.I | re.M)
_PAGE_FIELDS = re.compile(rb"^snapshot-content-location:|^from:[^\n]{0,40}saved by", re.I | re.M)
_LETTER_FIELDS = re.compile(rb"^(?:to|received|message-id|delivered-to|return-path):", re.I | re.M)
_HEAD_BYTES = 64 * 1024


def foreign(data: bytes) -> tuple[str, str] | None:
    """What a file is that is not read, and what to do; null where nothing tells that it is such a one."""
    if data.startswith(_COMPOUND):
        for stream, what, hint in _STREAMS:
            if stream.encode("utf-16-le") in data:
                return what, hint
        return "an old or password-protected Office file", "Save it as DOCX, XLSX or PDF without a password"
    return next(((what, hint) for signature, what, hint in _FOREIGN if data.startswith(signature)), None)


def hint_for(ending: str) -> str:
    """What to do with a file of an ending (without the point, lower case) that is not read."""
    return HINTS.get(ending, _OTHER_HINT)


def format_in(data: bytes, name: str) -> FileFormat | None:
    """The format that the bytes themselves tell, null where they tell none; an archive of files gives none either.

    Raises SourceError for a damaged archive and for one of a program whose files are not read.
    """
    if b"%PDF-" in data[:1024]:
        return FileFormat.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(data, name)
    if data.startswith(b"bplist00") and b"WebMainResource" in data:
        return FileFormat.WEBARCHIVE
    return _lined(data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))


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
        raise SourceError(name, f"is a damaged archive ({error})", "Fetch or pack the file again") from error
    declared = kind.decode("ascii", "replace").strip()
    if declared.startswith("application/vnd.oasis.opendocument."):
        if declared in _OPEN_DOCUMENTS:
            return _OPEN_DOCUMENTS[declared]
        if "spreadsheet" in declared:
            raise SourceError(name, "is a spreadsheet (ODS), which is not read", "Save it as XLSX or CSV")
        raise SourceError(name, "is a drawing or formula (OpenDocument), which is not read", "Export it as PDF or text")
    found = next((one for member, one in _MEMBERS if member in members), None)
    if found is None:
        _refuse_other_office(members, name)
    return found


def _refuse_other_office(members: set[str], name: str) -> None:
    if any(member.startswith("Index/") and member.endswith(".iwa") for member in members):
        raise SourceError(name, "is a document of Apple's Pages, Numbers or Keynote", "Export it as PDF, DOCX or XLSX")
    if "ppt/presentation.xml" in members:
        raise SourceError(name, "is a slide deck (PPTX), which is not read", "Save it as ODP or PDF")
    if "xl/workbook.bin" in members:
        raise SourceError(name, "is a binary spreadsheet (XLSB), which is not read", "Save it as XLSX or CSV")
