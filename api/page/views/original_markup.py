"""An original in HTML or plain text as harmless HTML: the text and the shape of it, with the cited words marked.

Nothing of the original's markup is passed on. Elements of a closed list are written anew without their attributes,
text is escaped, and all else is left out. The words are marked where they stand exactly once, else nowhere.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

_SHAPES = frozenset(
    {"article", "aside", "section", "main", "header", "footer", "nav", "div", "p", "h1", "h2", "h3", "h4", "h5",
     "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "figure", "figcaption", "address", "table",
     "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "em", "strong", "b", "i", "u", "s", "small", "sub",
     "sup", "q", "cite", "code", "span"}
)  # fmt: skip
_EMPTY = frozenset({"br", "hr"})
# What stands in these is no text of the page.
_DROPPED = frozenset(
    {"script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "head", "title",
     "select", "textarea", "canvas", "audio", "video", "button", "datalist", "dialog", "map", "applet", "frameset",
     "noframes", "noembed"}
)  # fmt: skip
_INLINE = frozenset({"em", "strong", "b", "i", "u", "s", "small", "sub", "sup", "q", "cite", "code", "span"})
# A run of the same elements inside each other; deeper ones would make the browser slow and show nothing more.
_MAX_DEPTH = 60
# In these tags are words until their own end tag.
_RAW = frozenset({"script", "style", "noscript", "iframe", "noembed", "noframes", "title", "textarea"})
_MARK = re.compile(r"(?P<aside><!--|<!|<\?)|<(?P<slash>/?)(?P<tag>[A-Za-z][A-Za-z0-9]{0,30})(?![A-Za-z0-9])")
_META = re.compile(rb"<meta[^>]{0,200}charset\s{0,5}=\s{0,5}[\"']?([\w-]{2,30})", re.I)


@dataclass(frozen=True, slots=True)
class Shown:
    """Harmless HTML, and whether the cited words are marked in it (null: none were asked for)."""

    body: str
    marked: bool | None


def html_shown(data: bytes, quote: str | None) -> Shown:
    """The page, with the quote marked."""
    return _written(_read(decoded(data)), quote)


def text_shown(data: bytes, quote: str | None) -> Shown:
    """The text as it is, with the quote marked."""
    return _written([("open", "pre"), ("text", decoded(data)), ("close", "pre")], quote)


def decoded(data: bytes) -> str:
    """The text of the bytes: by their mark, by what the page says, as UTF-8, else as Windows-1252."""
    named = _META.search(data[:4096])
    for encoding in (_by_mark(data), named[1].decode("ascii") if named else None, "utf-8"):
        try:
            if encoding is not None:
                return data.decode(encoding).replace("\r\n", "\n")
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("windows-1252", "replace").replace("\r\n", "\n")


def _by_mark(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else None


# A piece of the page: ("open", name), ("close", name) or ("text", words).
_Piece = tuple[str, str]


class _MarkupReader:
    """Takes a page apart into pieces; what is opened is closed, in order."""

    def __init__(self) -> None:
        self.pieces: list[_Piece] = []
        self._opened: list[str] = []
        self._dropped: list[str] = []

    def open(self, tag: str, *, whole: bool) -> None:
        """Open an element of the list, or begin to leave out; ``whole`` elements hold nothing."""
        if tag in _DROPPED:
            self._dropped += [] if whole else [tag]
        elif self._dropped or (tag not in _SHAPES and tag not in _EMPTY):
            return
        elif tag in _EMPTY:
            self.pieces.append(("open", tag))
        elif len(self._opened) < _MAX_DEPTH:
            self.pieces.append(("open", tag))
            self._opened.append(tag)

    def close(self, tag: str) -> None:
        """Close the element, and those left open inside it."""
        if tag in self._dropped:
            del self._dropped[self._dropped.index(tag) :]
        elif not self._dropped and tag in self._opened:
            while self._opened:
                last = self._opened.pop()
                self.pieces.append(("close", last))
                if last == tag:
                    break

    def say(self, text: str) -> None:
        """Keep text that is shown."""
        if not self._dropped and text:
            self.pieces.append(("text", unescape(text)))

    def finish(self) -> list[_Piece]:
        """The pieces, all closed."""
        return [*self.pieces, *(("close", name) for name in reversed(self._opened))]


def _read(text: str) -> list[_Piece]:
    """The pieces of a page, in one pass from left to right: Python's own parser takes 16 s for 20 kB of "<a "."""
    reader = _MarkupReader()
    place = 0
    while found := _MARK.search(text, place):
        reader.say(text[place : found.start()])
        ending = "-->" if found["aside"] == "<!--" else ">"
        closed = text.find(ending, found.end())
        if closed < 0:
            return reader.finish()
        place = closed + len(ending)
        tag = (found["tag"] or "").lower()
        if found["slash"]:
            reader.close(tag)
        elif tag:
            reader.open(tag, whole=text[closed - 1] == "/")
        if tag in _RAW and not found["slash"]:
            place = _after_raw(text, tag, place)
    reader.say(text[place:])
    return reader.finish()


def _after_raw(text: str, tag: str, place: int) -> int:
    """Where the end tag of an element begins in which tags are words."""
    ending = re.compile(f"</{tag}", re.I).search(text, place)
    return ending.start() if ending else len(text)


def _written(pieces: list[_Piece], quote: str | None) -> Shown:
    found = _place(pieces, quote) if quote else None
    body = "".join(_markup(piece, marks) for piece, marks in zip(pieces, _marks(pieces, found), strict=True))
    return Shown(_with_anchor(body), None if quote is None else found is not None)


def _markup(piece: _Piece, marks: tuple[int, int] | None) -> str:
    kind, what = piece
    if kind == "open":
        return f"<{what}>"
    if kind == "close":
        return f"</{what}>"
    if marks is None:
        return escape(what)
    start, end = marks
    return f"{escape(what[:start])}<mark>{escape(what[start:end])}</mark>{escape(what[end:])}"


def _with_anchor(body: str) -> str:
    """The first mark as the place to scroll to."""
    return body.replace("<mark>", '<mark id="cited">', 1)


def _place(pieces: list[_Piece], quote: str) -> tuple[int, int] | None:
    """Where the quote stands in the joined text of the pieces; null unless it stands there exactly once.

    White space of any length is one space on both sides, letters are compared in their composed form.
    """
    letters, places = _normal(pieces)
    wanted = " ".join(unicodedata.normalize("NFC", quote).split())
    first = letters.find(wanted)
    if not wanted or first < 0 or letters.find(wanted, first + 1) >= 0:
        return None
    return places[first], places[first + len(wanted) - 1] + 1


def _normal(pieces: list[_Piece]) -> tuple[str, list[int]]:
    """The joined text with white space made one, and for each of its characters the place in the joined text."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in _characters(pieces):
        if character.isspace():
            if letters and letters[-1] != " ":
                letters.append(" ")
                places.append(place)
            continue
        for one in unicodedata.normalize("NFC", character):
            letters.append(one)
            places.append(place)
    return "".join(letters), places


def _characters(pieces: list[_Piece]) -> Iterator[tuple[int, str]]:
    """Each character with its place; where a block begins or ends there is a space that stands nowhere."""
    place = 0
    for kind, what in pieces:
        if kind == "text":
            for character in what:
                yield place, character
                place += 1
        elif what not in _INLINE:
            yield place, " "


def _marks(pieces: list[_Piece], found: tuple[int, int] | None) -> Iterator[tuple[int, int] | None]:
    """For each piece the part of its text that is marked."""
    place = 0
    for kind, what in pieces:
        length = len(what) if kind == "text" else 0
        start, end = (max(found[0] - place, 0), min(found[1] - place, length)) if found else (0, 0)
        yield (start, end) if start < end and what[start:end].strip() else None
        place += length
