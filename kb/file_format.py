"""The formats that a document's original can have, by the names that people search with.

Knows names and media types; how a format is recognised or read is not its business.
"""

from __future__ import annotations

from enum import Enum

from kb.errors import InputError


class FileFormat(Enum):
    """A format of originals: its value is the usual ending of such a file."""

    PDF = "pdf"
    HTML = "html"
    DOCX = "docx"
    EPUB = "epub"
    MARKDOWN = "md"
    TEXT = "txt"

    @property
    def media_type(self) -> str:
        """What a document of this format has as its media type."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    FileFormat.PDF: "application/pdf",
    FileFormat.HTML: "text/html",
    FileFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileFormat.EPUB: "application/epub+zip",
    FileFormat.MARKDOWN: "text/markdown",
    FileFormat.TEXT: "text/plain",
}
_BY_MEDIA_TYPE = {media_type: one for one, media_type in _MEDIA_TYPES.items()}
_SPELLINGS = {
    "htm": FileFormat.HTML,
    "word": FileFormat.DOCX,
    "markdown": FileFormat.MARKDOWN,
    "text": FileFormat.TEXT,
    **{one.value: one for one in FileFormat},
}


def format_of(media_type: str) -> FileFormat | None:
    """The format with this media type; null for one that is not known."""
    return _BY_MEDIA_TYPE.get(media_type)


def parse_format(name: str) -> FileFormat:
    """The format of this name ("pdf", ".PDF", "htm"); raises InputError for any other."""
    found = _SPELLINGS.get(name.strip().lower().removeprefix("."))
    if found is None:
        known = ", ".join(one.value for one in FileFormat)
        raise InputError(f"format {name!r}", "is not known", f"Use one of: {known}")
    return found
