"""Characters of a PDF page to its lines, and to the cells of a line that white keeps apart.

Owns what stands on one line: the baseline, raised and lowered characters, gaps. Refuses to know the library
that found the characters, and what lines mean together.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from ingest.readers.extract import raised_runs, read_raised
from kb.records.document import Box

_LONE_MARK = re.compile(r"(?:[•●○▪■◦‣·*–—-]|\(?\w{1,2}[.)])$")
# White wider than this many times the size is no word space.
_CELL_GAP = 1.1
_WORD_GAP = 0.15
# A raised character is smaller than its line by this much, and stands higher by these shares of the line's size.
_RAISED_SIZE = 0.82
_RAISED_LOW, _RAISED_HIGH = 0.12, 0.9


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of a page, or a cell of one: text, box, font size in points, weight, and the page's height.

    ``baseline`` is the height that its letters stand on. U+00AD stands where a hyphen surely splits a word at the
    end. ``marks`` are the marks of notes that were raised above it, ``opening`` one that opens it, as of a note.
    ``column`` tells the columns of running text apart; 0 where a page has none. ``turned`` lines do not run across.
    """

    text: str
    box: Box
    size: float
    bold: bool
    page_height: float
    baseline: float
    begins_bold: bool = False
    ends_bold: bool = False
    marks: tuple[str, ...] = ()
    opening: str = ""
    column: int = 0
    turned: bool = False


class TextStyle(NamedTuple):
    """What the characters of one piece of drawn text share: size and baseline on the page, weight, direction."""

    size: float
    baseline: float
    bold: bool
    turned: bool


class Glyph(NamedTuple):
    """A character with its edges in points on the page; ``style`` is null for white and for the end of a line."""

    character: str
    left: float
    bottom: float
    right: float
    top: float
    style: TextStyle | None


_WHITE = Glyph(" ", 0.0, 0.0, 0.0, 0.0, None)


class _LinePiece:
    """A line while it is put together: its characters, and which of them are raised."""

    __slots__ = ("glyphs", "last", "opens_raised", "raised", "style")

    def __init__(self, glyph: Glyph, style: TextStyle) -> None:
        self.glyphs = [glyph]
        self.raised: set[int] = set()
        self.last = glyph
        self.style = style
        self.opens_raised = False

    def takes(self, glyph: Glyph, style: TextStyle, *, broken: bool) -> bool:
        """Whether the character goes on with this line; it is taken in then."""
        if style.turned or self.style.turned:
            fits = style.turned and self.style.turned and not broken
        else:
            fits = self._continues(glyph, style, broken=broken)
        if fits:
            self.glyphs.append(glyph)
            self.last = glyph
        return fits

    def _continues(self, glyph: Glyph, style: TextStyle, *, broken: bool) -> bool:
        size = max(self.style.size, style.size, 4.0)
        gap, rise = glyph.left - self.last.right, style.baseline - self.style.baseline
        if abs(rise) <= 0.1 * size:
            return -0.6 * size < gap and (gap <= _CELL_GAP * size or self._is_list_mark())
        if not -0.4 * size < gap < 0.7 * size:
            return False
        is_small = style.size <= _RAISED_SIZE * self.style.size and not self._is_initial(style)
        if is_small and _RAISED_LOW * size < rise < _RAISED_HIGH * size:
            self.raised.add(len(self.glyphs))
            return True
        if self._is_small_above(style, rise):
            self.raised.update(range(len(self.glyphs)))
            self.style, self.opens_raised = style, True
            return True
        return not broken and abs(rise) < 0.35 * size

    def _is_initial(self, style: TextStyle) -> bool:
        """Whether this is the large letter that a paragraph begins with, beside its first line."""
        return len(self.glyphs) == 1 and self.last.character.isalpha() and style.size < 0.6 * self.style.size

    def _is_small_above(self, style: TextStyle, rise: float) -> bool:
        """Whether all so far was a raised mark before a line that begins now."""
        is_small = self.style.size <= _RAISED_SIZE * style.size and len(self.glyphs) <= 5 and not self.raised
        return is_small and _RAISED_LOW * style.size < -rise < _RAISED_HIGH * style.size

    def _is_list_mark(self) -> bool:
        """Whether this is only the bullet or number of a list item, set apart from its text."""
        if len(self.glyphs) > 6:
            return False
        return bool(_LONE_MARK.match("".join(glyph.character for glyph in self.glyphs).strip()))


def page_lines(glyphs: Sequence[Glyph], page: int, height: float) -> tuple[PrintedLine, ...]:
    """The lines of a page in the order in which they were drawn."""
    return tuple(line for piece in _pieces(glyphs) if (line := _line(piece, page, height)))


def _pieces(glyphs: Sequence[Glyph]) -> Iterator[_LinePiece]:
    piece: _LinePiece | None = None
    white: Glyph | None = None
    broken = False
    for glyph in glyphs:
        if glyph.style is None:
            # The library ends a line before what is raised: there is white only where a gap is.
            broken = broken or glyph.character == "\n"
            white = white if glyph.character == "\n" else glyph
            continue
        waiting, white = white, None
        if piece is not None:
            if waiting is not None:
                piece.glyphs.append(waiting)
            elif broken and glyph.left - piece.last.right > _WORD_GAP * piece.style.size:
                piece.glyphs.append(_WHITE)
            if piece.takes(glyph, glyph.style, broken=broken):
                broken = False
                continue
            yield piece
        piece, broken = _LinePiece(glyph, glyph.style), False
    if piece is not None:
        yield piece


def _line(piece: _LinePiece, page: int, height: float) -> PrintedLine | None:
    text, marks, opening = _read(piece)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    if not text and not opening:
        return None
    placed = [glyph for glyph in piece.glyphs if glyph.style is not None]
    box = Box(
        page,
        round(min(glyph.left for glyph in placed), 1),
        round(min(glyph.bottom for glyph in placed), 1),
        round(max(glyph.right for glyph in placed), 1),
        round(max(glyph.top for glyph in placed), 1),
    )
    styles = Counter(glyph.style for glyph in placed)
    usual = max(styles, key=lambda style: (styles[style], style.size if style else 0.0)) or piece.style
    bold = sum(map(_is_bold, placed)) > 0.5 * len(placed)
    return PrintedLine(
        text,
        box,
        usual.size,
        bold,
        height,
        piece.style.baseline,
        begins_bold=_is_bold(placed[0]),
        ends_bold=_is_bold(placed[-1]),
        marks=marks,
        opening=opening,
        turned=piece.style.turned,
    )


def _is_bold(glyph: Glyph) -> bool:
    return glyph.style is not None and glyph.style.bold


def _read(piece: _LinePiece) -> tuple[str, tuple[str, ...], str]:
    """The text of a line, the marks of notes in it, and the one that opens it."""
    characters = [" " if glyph.style is None else glyph.character for glyph in piece.glyphs]
    if not piece.raised:
        return "".join(characters), (), ""
    text, marks, opening = "", [], ""
    pieces = ((index in piece.raised, character) for index, character in enumerate(characters))
    for is_raised, run, after in raised_runs(pieces):
        if not is_raised:
            text += run
            continue
        shown, mark = read_raised(text, run, after)
        is_opening = bool(mark) and piece.opens_raised and not text.strip()
        text += shown
        if is_opening:
            opening = mark
        elif mark:
            marks.append(mark)
    return text, tuple(marks), opening


_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]{1,40}-){1,6}$")
_FIRST = re.compile(r"[^\W\d_]+")
_VOWELS = re.compile(r"[aeiouáéíóúü]+", re.I)
_ACCENT = re.compile(r"[áéíóú]", re.I)
# Shorter halves are words of their own by accident ("con-" and "tacto").
_LEAST_HALF = 4
# These begin as many whole words as they stand before hyphens.
_BEGINNINGS = frozenset(
    [
        *("ante", "anti", "auto", "bajo", "bien", "contra", "entre", "extra", "fuera", "inter", "intra", "micro"),
        *("multi", "para", "post", "sobre", "super", "supra", "tele", "trans", "ultra", "down", "every", "fore"),
        *("free", "hand", "high", "home", "light", "long", "mail", "mark", "over", "part", "some", "time", "type"),
        *("under", "with", "work"),
    ]
)


class Hyphens:
    """Judges hyphens at line ends by the words of one text."""

    def __init__(self, lines: Iterable[str]) -> None:
        words: set[str] = set()
        before = ""
        for line in lines:
            found = [match.group().casefold() for match in _WORDS.finditer(line)]
            # Halves of broken words are no words.
            first = 1 if before.endswith("-") else 0
            words.update(found[first : len(found) - 1 if line.endswith("-") else None])
            before = line
        self._words = words

    def joined(self, texts: Sequence[str]) -> str:
        """The lines as running text."""
        made = ""
        for text in texts:
            made = self._pair(made, text.strip()) if made else text.strip()
        return made

    def _pair(self, before: str, after: str) -> str:
        if before.endswith("\u00ad"):
            return before[:-1] + after
        if not before.endswith("-") or not before[-2:-1].isalnum() or not after[:1].isalnum():
            return f"{before} {after}"
        is_broken = before[-2].isalpha() and after[:1].islower() and self._is_one_word(before, after)
        return (before[:-1] if is_broken else before) + after

    def _is_one_word(self, before: str, after: str) -> bool:
        last, first = _LAST.search(before), _FIRST.match(after)
        if last is None or first is None:
            return True
        head, tail = last.group()[:-1].casefold(), first.group().casefold()
        if head + tail in self._words:
            return True
        if f"{head}-{tail}" in self._words or "-" in head:
            return False
        return not (_is_misaccented(head + tail) or self._are_two_words(head, tail))

    def _are_two_words(self, head: str, tail: str) -> bool:
        if min(len(head), len(tail)) < _LEAST_HALF or head in _BEGINNINGS or head + tail in _words_of_the_field():
            return False
        return all(half in self._words or half in _words_of_the_field() for half in (head, tail))


def _is_misaccented(word: str) -> bool:
    """Whether a word has an accent before its last four vowels, which no Spanish word has, adverbs in -mente aside."""
    accent = _ACCENT.search(word)
    return accent is not None and not word.endswith("mente") and len(_VOWELS.findall(word, accent.end())) > 3


@cache
def _words_of_the_field() -> frozenset[str]:
    """The words of the texts that topics were learned from, in both languages."""
    text = files("ingest").joinpath("data/topics_training.jsonl").read_text("utf-8")
    return frozenset(match.group() for match in _FIRST.finditer(text.casefold()))
