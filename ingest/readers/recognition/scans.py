"""Originals read as always, and what of them is a picture read off it: marked as such, block by block. Tesseract reads,
in a process that can be killed.

Owns which pages are recognised. Refuses to replace text that a file holds, and to recognise what nobody asked for.
"""

import re
import resource
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Protocol

from ingest.readers.extract import Extract, RawBlock, one_line
from ingest.readers.plain_text import joined
from ingest.readers.properties.metadata import SourceMetadata
from kb.outside.own_path import closed_environment
from kb.records.document import BlockKind, Box, Place
from kb.records.errors import InputError, SourceError
from kb.records.file_format import FileFormat, format_of
from kb.records.messages import Message, code_of, say
from kb.records.ports import PagePicture

_PROGRAM = "tesseract"
_LANGUAGES = ("spa", "eng")
_SECONDS = 120
_BYTES = 1024 * 2**20
_WORD_LEVEL = "5"
_COLUMNS = 12
# What is no picture the program takes for a list of files of this machine, and reads those.
_MARKS = tuple(mark.encode("latin-1") for one in FileFormat if one.is_picture for mark in one.marks)
# Lines of a paragraph stand closer than their own height.
_LINE_GAP = 1.2
_SENTENCE_END = re.compile(r"[.!?:;…][\"'»”’)\]]*$")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A paragraph on a picture: its text, the page (from 1) of a file of several, its box in pixels from the upper left
    corner (left, top, right, bottom), and how sure the program is of its words on average (0 to 100).
    """

    text: str
    page: int
    box: tuple[int, int, int, int]
    sureness: float


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    paragraph: tuple[int, int, int]
    line: int
    box: tuple[int, int, int, int]
    sureness: float


def missing() -> Message | None:
    """What of Tesseract is not installed; null where it is here with Spanish and English."""
    if shutil.which(_PROGRAM) is None:
        return say("tesseract_is_not_installed")
    listed = set(_run(["--list-langs"], b"").decode("utf-8", "replace").split())
    absent = [language for language in _LANGUAGES if language not in listed]
    return say("tesseract_lacks_its_language", languages=", ".join(absent)) if absent else None


def recognise(picture: bytes, name: str) -> tuple[Recognised, ...]:
    """The paragraphs on a picture (PNG, JPEG, TIFF) in reading order; raises SourceError where it cannot be read."""
    hint = say("check_the_file_or_leave")
    if not picture.startswith(_MARKS):
        raise SourceError(name, say("is_no_picture_that_is_read"), hint)
    try:
        table = _run(["-", "-", "-l", "+".join(_LANGUAGES), "tsv"], picture).decode("utf-8", "replace")
    except subprocess.TimeoutExpired as error:
        raise SourceError(name, say("was_not_read_within_s", seconds=_SECONDS), hint) from error
    except (subprocess.CalledProcessError, OSError) as error:
        detail = getattr(error, "stderr", b"") or str(error).encode()
        reason = say("tesseract_could_not_read_it", detail=one_line(detail.decode("utf-8", "replace"))[-120:])
        raise SourceError(name, reason, hint) from error
    groups = groupby(_words(table), key=lambda word: word.paragraph)
    return tuple(_paragraph(words) for words in _whole([list(words) for _, words in groups]))


def _whole(groups: list[list[_Word]]) -> Iterator[list[_Word]]:
    """Groups of words, one that goes on in the next together with it: there every ragged line begins a paragraph."""
    waiting: list[_Word] = []
    for words in groups:
        if waiting and not _goes_on(waiting, words):
            yield waiting
            waiting = []
        waiting = [*waiting, *words]
    if waiting:
        yield waiting


def _goes_on(before: list[_Word], after: list[_Word]) -> bool:
    """Whether a sentence is open and the next line begins below it, at the same edge and the distance of a line."""
    last, first = before[-1], after[0]
    height = max(word.box[3] - word.box[1] for word in before if word.line == last.line)
    gap = min(word.box[1] for word in after) - max(word.box[3] for word in before)
    is_below = -height < gap <= _LINE_GAP * height
    is_aligned = abs(min(word.box[0] for word in before) - first.box[0]) <= 2 * height
    is_open = not _SENTENCE_END.search(last.text)
    return is_below and is_aligned and is_open and last.paragraph[0] == first.paragraph[0]


def _run(words: list[str], given: bytes) -> bytes:
    """What the program prints, within its limits."""
    done = subprocess.run(  # noqa: S603 - the program that was asked for, found on the path
        [shutil.which(_PROGRAM) or _PROGRAM, *words],
        input=given,
        capture_output=True,
        check=True,
        timeout=_SECONDS,
        env={**closed_environment(), "OMP_THREAD_LIMIT": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (_BYTES, _BYTES)),
    )
    return done.stdout


def _words(table: str) -> Iterator[_Word]:
    for row in table.split("\n"):
        cells = row.rstrip("\r").split("\t")
        if len(cells) != _COLUMNS or cells[0] != _WORD_LEVEL or not cells[11].strip():
            continue
        page, block, paragraph, line = map(int, cells[1:5])
        left, top, width, height = map(int, cells[6:10])
        box = (left, top, left + width, top + height)
        yield _Word(one_line(cells[11]), (page, block, paragraph), line, box, float(cells[10]))


def _paragraph(words: list[_Word]) -> Recognised:
    text = ""
    for _, line in groupby(words, key=lambda word: (word.paragraph, word.line)):
        text = joined(text, " ".join(word.text for word in line))
    lefts, tops, rights, bottoms = zip(*(word.box for word in words), strict=True)
    sureness = sum(word.sureness for word in words) / len(words)
    return Recognised(text, words[0].paragraph[0], (min(lefts), min(tops), max(rights), max(bottoms)), sureness)


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
