"""The texts of an RTF that run beside each other: that of the document, of notes, boxes, headers; each to blocks.

Owns where a paragraph, a cell and a row end and what kind they are. Refuses to know words of control and groups.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingest.readers.extract import NOTE_MARK, RawBlock, one_line, read_runs
from ingest.readers.office.package import kind_named
from kb.records.document import BlockKind, Place

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9A-Fa-f]{2})|\\(\r\n|[^A-Za-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)|(\\)",
    re.S,
)


@dataclass(frozen=True, slots=True)
class RichToken:
    """One token: a ``word`` of control with its number, a ``brace``, or bytes of ``text``; the others are empty."""

    word: str = ""
    number: int | None = None
    brace: str = ""
    text: bytes = b""


def tokens(data: bytes) -> Iterator[RichToken]:
    """The tokens of a file; raises ValueError where it holds bytes of its own beyond its end."""
    place = 0
    while found := _TOKEN.match(data, place):
        place = found.end()
        word, number, code, symbol, brace, text, _ = found.groups()
        if word:
            value = None if number is None else int(number)
            if word == b"bin":
                place += max(0, value or 0)
                if place > len(data):
                    raise ValueError("bin")
            else:
                yield RichToken(word=word.decode("ascii"), number=value)
        elif code:
            yield RichToken(text=bytes([int(code, 16)]))
        elif symbol:
            yield RichToken(word=symbol.decode("latin-1"))
        elif brace:
            yield RichToken(brace=brace.decode("ascii"))
        elif text:
            yield RichToken(text=text)


CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}
CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
CHARACTERS = {
    "tab": " ", "line": " ", "softline": " ", "~": "\u00a0", "_": "‑", "emdash": "—", "endash": "–", "lquote": "‘",
    "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
    "nestcell": " ", "nestrow": " ", "\\": "\\", "{": "{", "}": "}",
}  # fmt: skip
ENDS = frozenset(("par", "sect", "page", "column", "\n", "\r", "\r\n"))
# Groups whose text is a text of its own, told after the paragraph, and those whose text stands on every page.
APART = frozenset(("footnote", "shptxt", "dptxbxtext"))
BESIDE = frozenset(("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"))
# Groups marked as to be passed over by those who do not know them; what they hold is text.
PASSED = frozenset(("shpinst", "do", "ud", "nesttableprops"))
_NOT_TEXT_WORDS = (
    "colortbl stylesheet fonttbl info pict objdata fldinst datafield listtext pntext sp upr filetbl revtbl listtable "
    "listoverridetable rsidtbl generator themedata colorschememapping latentstyles datastore xmlnstbl mmathPr template "
    "bkmkstart bkmkend annotation atnid atnauthor atndate atnref xe tc rxe txe comment doccomm operator nonshppict "
    "ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn shprslt nonesttables"
)
NOT_TEXT = frozenset(_NOT_TEXT_WORDS.split())


def code_page(number: int) -> str:
    """The codec of a code page by its number; that of Western Europe for one that is not known."""
    name = {65001: "utf-8", 10000: "mac_roman"}.get(number, f"cp{number}")
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name


@dataclass(slots=True)
class Flow:
    """A text of its own, with what it is about to end."""

    furniture: str | None = None
    runs: list[tuple[bool, str]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    apart: list[RawBlock] = field(default_factory=list)
    style: int = 0
    outline: int | None = None
    listed: bool = False
    in_table: bool = False


class Flows:
    """The open texts, the newest last, and the blocks that they gave; ``styles`` are names by their number."""

    def __init__(self) -> None:
        self.styles: dict[int, str] = {}
        self._open = [Flow()]
        self._blocks: list[RawBlock] = []
        self._paragraphs = 0

    @property
    def newest(self) -> Flow:
        """The text that was opened last."""
        return self._open[-1]

    def at(self, place: int) -> Flow:
        """The open text at a place, which ``enter`` gave; the document's is 0."""
        return self._open[place]

    def enter(self, furniture: str | None) -> int:
        """Open a text, furniture by a rule or none; its place."""
        self._open.append(Flow(furniture))
        return len(self._open) - 1

    def leave(self) -> None:
        """Close the newest text; what it holds stands after what it hangs on."""
        self.end_paragraph()
        self.end_row()
        done = self._open.pop()
        (self._blocks if done.furniture else self.newest.apart).extend(done.apart)

    def finish(self) -> list[RawBlock]:
        """All blocks in the order of the file."""
        while len(self._open) > 1:
            self.leave()
        self.end_paragraph()
        self.end_row()
        return self._blocks

    def end_paragraph(self) -> None:
        """What was read since the last end is a paragraph of the newest text."""
        text = self._text()
        if text:
            self._put(text, *self._kind(self.newest))
        if not self.newest.cells:
            self._put_apart()

    def end_cell(self) -> None:
        """What was read since the last end is a cell."""
        self.newest.cells.append(self._text())

    def end_row(self) -> None:
        """The cells since the last row are one."""
        flow = self.newest
        if any(flow.cells):
            self._put(" | ".join(flow.cells), BlockKind.TABLE_ROW, 0)
        flow.cells = []
        self._put_apart()

    def _text(self) -> str:
        """What was read since the last end, on one line; marks of notes are taken out of it and told after it."""
        flow = self.newest
        text, marks = read_runs(flow.runs)
        flow.runs = []
        if marks:
            flow.apart.append(RawBlock(" ".join(marks), BlockKind.PARAGRAPH, 0, Place(), NOTE_MARK))
        return one_line(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))

    def _put(self, text: str, kind: BlockKind, level: int) -> None:
        if len(self._open) > 1:
            self.newest.apart.append(RawBlock(text, kind, level, Place(), self.newest.furniture))
            return
        self._paragraphs += 1
        self._blocks.append(RawBlock(text, kind, level, Place(paragraph=self._paragraphs)))

    def _put_apart(self) -> None:
        """The notes and boxes of what was just put; they count with the paragraph that they hang on."""
        if len(self._open) == 1:
            place = Place(paragraph=self._paragraphs or 1)
            self._blocks += [replace(block, place=place) for block in self.newest.apart]
            self.newest.apart = []

    def _kind(self, flow: Flow) -> tuple[BlockKind, int]:
        named = kind_named(self.styles.get(flow.style, ""))
        if flow.outline is not None and 0 <= flow.outline < 9 and (named is None or named[0] is not BlockKind.HEADING):
            return BlockKind.HEADING, min(6, flow.outline + 1)
        if named:
            return named
        return (BlockKind.LIST_ITEM, 1) if flow.listed else (BlockKind.PARAGRAPH, 0)
