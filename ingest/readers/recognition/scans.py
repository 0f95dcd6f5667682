"""Originals read as always, and what of them is a picture read off it: marked as such, block by block.

Owns which pages are recognised. Refuses to replace text that a file holds, and to recognise what nobody asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from ingest.readers.extract import Extract, RawBlock
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.recognition.tesseract import Recognised, missing, recognise
from kb.records.document import BlockKind, Box, Place
from kb.records.errors import InputError, SourceError
from kb.records.file_format import FileFormat, format_of
from kb.records.messages import Message, code_of, say
from kb.records.ports import PagePicture

# What is asked for beside the rules that take nothing out; it stands in the reading of a document as they do.
OCR = "ocr"
# Print of nine points is 30 pixels high, which is what Tesseract is trained on; about 250 dots an inch of A4.
_WIDTH = 2100
# Of pictures, stains and stamps the program makes words that it is not sure of.
_LEAST_SURENESS = 50.0
UNSURE = "unsure_recognition"
_NO_TEXT = ("has_pages_and_no_text", "page_holds_no_text", "pages_hold_no_text")


class DrawingReader(Protocol):
    """Reads originals, and draws pages of PDFs, in a process of its own."""

    def read(self, data: bytes, media_type: str, name: str) -> Extract:
        """The blocks of an original; raises SourceError."""
        ...

    def draw(self, data: bytes, page: int, name: str, *, width: int | None = None) -> PagePicture:
        """A page (from 1) as a picture, so many pixels wide at most; raises SourceError."""
        ...


def check_recognition(asked_by: str = "--ocr") -> None:
    """Nothing; InputError, with how to install it, where the program is missing or lacks a language."""
    if lack := missing():
        raise InputError(asked_by, lack, say("install_tesseract"))


class ScanReader:
    """Reads as its reader does, and pictures of text too."""

    def __init__(self, reader: DrawingReader) -> None:
        self._reader = reader

    def read(self, data: bytes, media_type: str, name: str) -> Extract:
        """The blocks of an original with those read off its pictures; raises SourceError as the reader does.

        ``notes`` say which pages were recognised.
        """
        form = format_of(media_type)
        if form is not None and form.is_picture:
            return self._picture(data, media_type, name)
        if form is not FileFormat.PDF:
            return self._reader.read(data, media_type, name)
        try:
            extract = self._reader.read(data, media_type, name)
        except SourceError as error:
            if code_of(error.reason) not in _NO_TEXT:
                raise
            extract = Extract((), SourceMetadata(), media_type)
        else:
            if not any(code_of(note) in _NO_TEXT for note in extract.notes):
                return extract
        return self._scanned(data, extract, name)

    def _picture(self, data: bytes, media_type: str, name: str) -> Extract:
        self._require(name)
        found = recognise(data, name)
        several = max((one.page for one in found), default=1) > 1
        blocks = tuple(_block(one, Place(page=one.page if several else None, recognised=True)) for one in found)
        return _checked(Extract(blocks, SourceMetadata(), media_type, (say("was_recognised"),)), name)

    def _scanned(self, data: bytes, extract: Extract, name: str) -> Extract:
        """The extract with the blocks of its pages without text, in the order of the pages."""
        self._require(name)
        written = {block.place.page for block in extract.blocks}
        pages: int | None = None  # told by the first picture; one page at least has none of the text
        read: list[int] = []
        blocks: list[RawBlock] = list(extract.blocks)
        number = 1
        while pages is None or number <= pages:
            if number not in written:
                picture = self._reader.draw(data, number, name, width=_WIDTH)
                pages = picture.pages
                found = list(_placed(recognise(picture.png, name), picture, number))
                blocks += found
                read += [number] if found else []
            number += 1
        notes = (*(note for note in extract.notes if code_of(note) not in _NO_TEXT), *_said(read))
        blocks.sort(key=lambda block: block.place.page or 0)
        return _checked(replace(extract, blocks=tuple(blocks), notes=notes), name)

    def _require(self, name: str) -> None:
        if lack := missing():
            raise SourceError(name, lack, say("install_tesseract"))


def _placed(found: Iterable[Recognised], picture: PagePicture, number: int) -> Iterator[RawBlock]:
    """Blocks with their boxes on the page, where it is not turned."""
    across = int.from_bytes(picture.png[16:20], "big") or 1  # where a PNG says its width
    point = picture.width / across
    for one in found:
        left, top, right, bottom = (side * point for side in one.box)
        upper = picture.bottom + picture.height
        box = Box(number, picture.left + left, upper - bottom, picture.left + right, upper - top)
        yield _block(one, Place(page=number, boxes=() if picture.turned else (box,), recognised=True))


def _block(one: Recognised, place: Place) -> RawBlock:
    rule = None if one.sureness >= _LEAST_SURENESS else UNSURE
    return RawBlock(one.text, BlockKind.PARAGRAPH, 0, place, rule)


def _said(pages: list[int]) -> tuple[Message, ...]:
    return (say("pages_were_recognised", pages=", ".join(map(str, pages))),) if pages else ()


def _checked(extract: Extract, name: str) -> Extract:
    if not any(character.isalnum() for block in extract.blocks for character in block.text):
        raise SourceError(name, say("holds_no_text_that_can_be_recognised"), say("check_the_file_or_leave"))
    return extract
