"""Plain text to blocks: paragraphs, headings, list items and quotes told by their lines.

Owns how lines make blocks. Refuses to judge what is furniture, and changes no character
inside a line: quotes are checked against it.
"""

import re
from collections.abc import Iterator

from ingest.readers.encodings import decode_noted
from ingest.readers.extract import Extract, RawBlock, normal_text, same_line
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import TEXT
from kb.records.document import FIRST_LINE, BlockKind, Place

_LINE = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
LIST_MARK = re.compile(r"\s*(?:[•●○▪■◦‣·*+–—-]|\(?\d{1,2}\s?[.)]-?|\(?[a-z]\)|#\d{1,2})\s{1,20}(?=\S)")
_URL_LINE = re.compile(r"https?://\S{4,500}$")
_BYLINE_START = re.compile(
    r"(?:(?:art[íi]culo|texto|entrevista|escrito|written|article|story)\s)?(?:por|by|de)\s(?=[A-ZÁÉÍÓÚÑ])", re.I
)
_MAX_HEADING_CHARS = 110
# A wrapped file has most of its paragraph lines between these lengths; unwrapped prose runs far longer.
_WRAP_CHARS = (45, 100)


def read_plain_text(data: bytes, name: str) -> Extract:
    """The blocks of a text file; raises SourceError when it cannot be decoded."""
    decoded = decode_noted(data, name)
    blocks = text_blocks(decoded.text)
    return Extract(blocks, _guessed(blocks), TEXT, decoded.notes)


def text_blocks(text: str) -> tuple[RawBlock, ...]:
    """The blocks of a text by its lines, each with the number of its first (from 1)."""
    return tuple(_blocks(_LINE.split(text)))


def _guessed(blocks: tuple[RawBlock, ...]) -> SourceMetadata:
    """The address from a first line that is nothing else."""
    url = blocks[0].text if blocks and _URL_LINE.match(blocks[0].text) else None
    return SourceMetadata.of(FIRST_LINE, url=url)


def _blocks(lines: list[str]) -> Iterator[RawBlock]:
    groups = list(_groups(lines))
    wrapped = _is_wrapped(groups)
    for number, group in groups:
        for offset, text in _paragraphs(group, wrapped=wrapped):
            visible = same_line(text)
            if visible:
                alone = len(group) == 1 or offset == 0
                yield _block(visible, number + offset, may_be_heading=alone)


def _groups(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines without a blank line between, with the number of the first (from 1)."""
    group: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if normal_text(line).strip():
            group.append(line)
        elif group:
            yield number - len(group), group
            group = []


def _is_wrapped(groups: list[tuple[int, list[str]]]) -> bool:
    """Whether lines were broken at a width, so that a paragraph runs over several of them."""
    inner = [len(line.rstrip()) for _, group in groups for line in group[:-1] if not LIST_MARK.match(line)]
    longest = max((len(line) for _, group in groups for line in group), default=0)
    if len(inner) < 2 or longest > 2 * _WRAP_CHARS[1]:
        return False
    return sum(_WRAP_CHARS[0] <= length <= _WRAP_CHARS[1] for length in inner) >= 0.7 * len(inner)


def _paragraphs(group: list[str], *, wrapped: bool) -> Iterator[tuple[int, str]]:
    if not wrapped:
        yield from enumerate(group)
        return
    start, paragraph = 0, ""
    for offset, line in enumerate(group):
        if paragraph and LIST_MARK.match(line):
            yield start, paragraph
            start, paragraph = offset, ""
        paragraph = joined(paragraph, line.strip())
    yield start, paragraph


def joined(before: str, line: str) -> str:
    """Two lines of a paragraph as one; a word that was broken between them is whole again."""
    if before.endswith("-") and before[-2:-1].isalpha() and line[:1].islower():
        return before[:-1] + line
    return f"{before} {line}" if before else line


def _block(text: str, line: int, *, may_be_heading: bool) -> RawBlock:
    place = Place(line=line)
    if may_be_heading and _reads_like_heading(text):
        return RawBlock(text, BlockKind.HEADING, 2, place)
    if LIST_MARK.match(text):
        return RawBlock(text, BlockKind.LIST_ITEM, 1, place)
    if text.startswith("> "):
        return RawBlock(text, BlockKind.QUOTE, 0, place)
    return RawBlock(text, BlockKind.PARAGRAPH, 0, place)


def _reads_like_heading(text: str) -> bool:
    """Whether a line standing apart looks like a title: short, begun like one, without the end of a sentence."""
    if len(text) > _MAX_HEADING_CHARS or not any(character.isalpha() for character in text):
        return False
    if _URL_LINE.match(text) or text[0] in "\"“«‘'([{>•●-–—*" or text[-1] in ".,;:!…":
        return False
    if LIST_MARK.match(text) or _BYLINE_START.match(text):
        return False
    return text[0].isupper() or text[0] in "¿¡" or text[0].isdigit()
