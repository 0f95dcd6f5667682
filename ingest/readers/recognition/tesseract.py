"""The program Tesseract: whether it is here with both languages, and the paragraphs that it reads off a picture.

Owns its command, its limits and its table of words. The one module that starts it; refuses to know where a picture is
from.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from ingest.readers.extract import one_line
from ingest.readers.plain_text import joined
from kb.outside.own_path import closed_environment
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from kb.records.messages import Message, say

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
