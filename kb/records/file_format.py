"""The formats of originals, a row each: how its files end, its media type, what it is called, how it is told.

Refuses to know how any of them is read.
"""

from __future__ import annotations

from enum import Enum

from kb.records.errors import InputError, nearest
from kb.records.messages import Message, say

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"


class FileFormat(Enum):
    """A format of originals: its value is the usual ending of such a file."""

    # What a document of this format has; the other endings of its files; what its files begin with or, of an archive,
    # the member that no other format has (none where that tells nothing). The contract shows the docstring alone.
    media_type: str
    _called: str
    endings: tuple[str, ...]
    marks: tuple[str, ...]

    def __new__(
        cls, value: str, media_type: str, called: str, endings: tuple[str, ...] = (), *marks: str
    ) -> FileFormat:
        """A row; ``called`` is the code of the message that names it."""
        made = object.__new__(cls)
        made._value_ = value
        made.media_type, made._called, made.endings, made.marks = media_type, called, endings, marks
        return made

    PDF = "pdf", "application/pdf", "a_pdf"
    HTML = "html", "text/html", "an_html_page", ("htm", "xhtml")
    DOCX = (
        "docx", f"{_OFFICE}.wordprocessingml.document", "a_word_document_docx", ("docm", "dotx", "dotm"),
        "word/document.xml",
    )  # fmt: skip
    EPUB = "epub", "application/epub+zip", "an_epub_book", (), "META-INF/container.xml"
    MARKDOWN = "md", "text/markdown", "markdown", ("markdown",)
    TEXT = "txt", "text/plain", "plain_text", ("text", "")
    EML = "eml", "message/rfc822", "an_email_eml"
    MHTML = "mhtml", "multipart/related", "a_saved_page_mhtml", ("mht",)
    WEBARCHIVE = "webarchive", "application/x-webarchive", "a_web_archive_of_safari"
    ODT = "odt", f"{_OPEN}.text", "an_opendocument_text_odt", ("ott",)
    ODP = "odp", f"{_OPEN}.presentation", "an_opendocument_presentation_odp"
    CSV = "csv", "text/csv", "a_table_csv"
    TSV = "tsv", "text/tab-separated-values", "a_table_tsv", ("tab",)
    XLSX = "xlsx", f"{_OFFICE}.spreadsheetml.sheet", "a_spreadsheet_xlsx", ("xlsm",), "xl/workbook.xml"
    PPTX = (
        "pptx", f"{_OFFICE}.presentationml.presentation", "a_slide_deck_pptx", ("pptm", "ppsx", "ppsm", "potx"),
        "ppt/presentation.xml",
    )  # fmt: skip
    RTF = "rtf", "application/rtf", "a_rich_text_file_rtf", (), "{\\rtf"
    MSG = "msg", "application/vnd.ms-outlook", "an_outlook_message_msg"
    VTT = "vtt", "text/vtt", "subtitles_vtt", (), "WEBVTT"
    SRT = "srt", "application/x-subrip", "subtitles_srt"
    PNG = "png", "image/png", "a_picture_png", (), "\x89PNG\r\n\x1a\n"
    JPEG = "jpg", "image/jpeg", "a_picture_jpeg", ("jpeg",), "\xff\xd8\xff"
    TIFF = "tif", "image/tiff", "a_picture_tiff", ("tiff",), "II*\0", "MM\0*"

    @property
    def is_picture(self) -> bool:
        """Whether its files hold text only as a picture of it."""
        return self.media_type.startswith("image/")

    @property
    def called(self) -> Message:
        """What a file of this format is ("a PDF")."""
        return say(self._called)


_BY_MEDIA_TYPE = {one.media_type: one for one in FileFormat}
_SPELLINGS = {
    "excel": FileFormat.XLSX,
    "word": FileFormat.DOCX,
    "powerpoint": FileFormat.PPTX,
    **{ending: one for one in FileFormat for ending in (one.value, *one.endings) if ending},
}


def format_of(media_type: str) -> FileFormat | None:
    """The format with this media type; null for one that is not known."""
    return _BY_MEDIA_TYPE.get(media_type)


def parse_format(name: str) -> FileFormat:
    """The format of this name ("pdf", ".PDF", "htm"); raises InputError for any other."""
    found = _SPELLINGS.get(name.strip().lower().removeprefix("."))
    if found is None:
        hint = nearest(name.strip().lower(), [one.value for one in FileFormat])
        raise InputError(say("format_named", name=name), say("is_not_known"), hint)
    return found
