"""Which reader reads which media type.

Owns the table. Refuses to know how any of them works.
"""

from __future__ import annotations

from collections.abc import Callable

from ingest.readers.book import read_book
from ingest.readers.extract import Extract
from ingest.readers.html.web_page import read_web_page
from ingest.readers.mail.letter import read_letter
from ingest.readers.mail.saved_page import read_mhtml, read_webarchive
from ingest.readers.markdown import read_markdown
from ingest.readers.media_types import (
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
)  # fmt: skip
from ingest.readers.office.delimited import read_commas, read_tabs
from ingest.readers.office.open_document import read_open_slides, read_open_text
from ingest.readers.office.spreadsheet import read_spreadsheet
from ingest.readers.pdf.portable import read_portable
from ingest.readers.plain_text import read_plain_text
from ingest.readers.word.document import read_word
from kb.records.errors import SourceError
from kb.records.messages import say

# A book of 1,000 pages has 10,000 blocks and 3 million characters. What is larger is no document, and
# the 20 seconds that a file may take would not do for it (measured: 50,000 blocks in 5 s).
MAX_BLOCKS = 50_000
MAX_CHARS = 8_000_000

_READERS: dict[str, Callable[[bytes, str], Extract]] = {
    TEXT: read_plain_text,
    MARKDOWN: read_markdown,
    HTML: read_web_page,
    PDF: read_portable,
    DOCX: read_word,
    EPUB: read_book,
    EML: read_letter,
    MHTML: read_mhtml,
    WEBARCHIVE: read_webarchive,
    ODT: read_open_text,
    ODP: read_open_slides,
    CSV: read_commas,
    TSV: read_tabs,
    XLSX: read_spreadsheet,
}


def read_document(data: bytes, media_type: str, name: str) -> Extract:
    """The blocks of an original; raises SourceError when it cannot be read or no text comes out."""
    reader = _READERS.get(media_type)
    if reader is None:
        raise SourceError(name, say("has_the_media_type", media_type=media_type), say("save_it_in_a_format_read"))
    extract = reader(data, name)
    chars = sum(len(block.text) for block in extract.blocks)
    if len(extract.blocks) > MAX_BLOCKS or chars > MAX_CHARS:
        reason = say("holds_more_than_blocks_or_characters", blocks=MAX_BLOCKS, characters=MAX_CHARS)
        raise SourceError(name, reason, say("split_it_into_parts"))
    if not any(character.isalnum() for block in extract.blocks for character in block.text):
        raise SourceError(name, say("holds_no_text"), say("check_the_file_or_leave"))
    return extract
