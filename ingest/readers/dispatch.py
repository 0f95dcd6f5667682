"""Which reader reads which media type.

Owns the table. Refuses to know how any of them works.
"""

from collections.abc import Callable
from functools import partial

from ingest.readers.book import read_book
from ingest.readers.extract import Extract
from ingest.readers.html.web_page import read_web_page
from ingest.readers.mail.mime import Attachment, attachments, read_letter, read_mhtml, read_webarchive
from ingest.readers.mail.outlook import outlook_attachments, read_outlook
from ingest.readers.markdown import read_markdown
from ingest.readers.office.header_rows import read_values
from ingest.readers.office.open_document import read_open_document
from ingest.readers.office.rich_text import read_rich_text
from ingest.readers.office.slides import read_slides
from ingest.readers.office.spreadsheet import read_spreadsheet
from ingest.readers.pdf.portable import read_portable
from ingest.readers.plain_text import read_plain_text
from ingest.readers.transcript import read_transcript
from ingest.readers.word.blocks import read_word
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat, format_of
from kb.records.messages import say

# A book of 1,000 pages has 10,000 blocks and 3 million characters. What is larger is no document, and
# the 20 seconds that a file may take would not do for it (measured: 50,000 blocks in 5 s).
_MAX_BLOCKS = 50_000
_MAX_CHARS = 8_000_000

_READERS: dict[FileFormat, Callable[[bytes, str], Extract]] = {
    FileFormat.TEXT: read_plain_text,
    FileFormat.MARKDOWN: read_markdown,
    FileFormat.HTML: read_web_page,
    FileFormat.PDF: read_portable,
    FileFormat.DOCX: read_word,
    FileFormat.EPUB: read_book,
    FileFormat.EML: read_letter,
    FileFormat.MHTML: read_mhtml,
    FileFormat.WEBARCHIVE: read_webarchive,
    **{form: partial(read_open_document, form=form) for form in (FileFormat.ODT, FileFormat.ODP)},
    **{form: partial(read_values, form=form) for form in (FileFormat.CSV, FileFormat.TSV)},
    **{form: partial(read_transcript, form=form) for form in (FileFormat.VTT, FileFormat.SRT)},
    FileFormat.XLSX: read_spreadsheet,
    FileFormat.PPTX: read_slides,
    FileFormat.RTF: read_rich_text,
    FileFormat.MSG: read_outlook,
}


# What takes the files out of a mail, for each kind of mail.
_UNPACKERS = {FileFormat.EML: attachments, FileFormat.MSG: outlook_attachments}


def is_mail(media_type: str) -> bool:
    """Whether files may be attached to an original."""
    return format_of(media_type) in _UNPACKERS


def unpack(data: bytes, media_type: str, name: str) -> tuple[Attachment, ...]:
    """The files attached to a mail, in order; raises SourceError for a damaged one."""
    known = format_of(media_type)
    return tuple(_UNPACKERS[known](data, name)) if known in _UNPACKERS else ()


def read_document(data: bytes, media_type: str, name: str) -> Extract:
    """The blocks of an original; raises SourceError when it cannot be read or no text comes out."""
    known = format_of(media_type)
    if known is not None and known.is_picture:
        raise SourceError(name, say("holds_text_only_as_a_picture", what=known.called), say("ingest_it_with_ocr"))
    reader = _READERS.get(known) if known else None
    if reader is None:
        raise SourceError(name, say("has_the_media_type", media_type=media_type), say("save_it_in_a_format_read"))
    extract = reader(data, name)
    chars = sum(len(block.text) for block in extract.blocks)
    if len(extract.blocks) > _MAX_BLOCKS or chars > _MAX_CHARS:
        reason = say("holds_more_than_blocks_or_characters", blocks=_MAX_BLOCKS, characters=_MAX_CHARS)
        raise SourceError(name, reason, say("split_it_into_parts"))
    if not any(character.isalnum() for block in extract.blocks for character in block.text):
        raise SourceError(name, say("holds_no_text"), say("check_the_file_or_leave"))
    return extract
