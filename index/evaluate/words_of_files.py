"""How many of the words that stand in office files and books come out, and how many paragraphs of PDFs begin in the
middle of a sentence.

Owns the plain walk over the XML of a file, which knows nothing of how it is read. Refuses to know readers: the function
that turns bytes into blocks is handed in.
"""

import io
import json
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from kb.records.errors import InputError, SourceError
from kb.records.messages import say

_GOLD_NAMES = ("extract_gold.jsonl", "expected.jsonl")
_CHUNKS_NAME = "evaldata.json"
_PAGE_NAME, _EXPECTED_NAME = "source.html", "expected.html"
_FOLDERS = ("cache", "eval", ".")
_INLINE_NAMES = "a abbr b bdi bdo cite code del dfn em font i ins kbd mark q s samp small span strong sub sup u var"
_INLINE = frozenset(_INLINE_NAMES.split())


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page as a reader sees it: its main text (null where only strings are given), and strings that must and must
    not come out. ``file`` stands below the folder of the set."""

    file: str
    main_text: str | None
    must_contain: tuple[str, ...]
    must_not_contain: tuple[str, ...]

    @property
    def gold(self) -> str:
        """All that is known of the main text."""
        return self.main_text if self.main_text is not None else "\n".join(self.must_contain)


def read_gold_pages(folder: Path) -> tuple[GoldPage, ...]:
    """The judged pages of a folder; raises InputError when there are none or a row is broken."""
    for name in _GOLD_NAMES:
        if (folder / name).is_file():
            return _filled(tuple(_from_lines(folder / name)), folder / name)
    if (folder / _CHUNKS_NAME).is_file():
        return _filled(tuple(_from_chunks(folder)), folder / _CHUNKS_NAME)
    pages = sorted(path.parent for path in folder.glob(f"*/{_EXPECTED_NAME}"))
    if not pages:
        files = ", ".join(_GOLD_NAMES)
        hint = say("name_a_folder_with_pages", files=files, chunks=_CHUNKS_NAME, expected=_EXPECTED_NAME)
        raise InputError(str(folder / _GOLD_NAMES[0]), say("cannot_be_read_at_all"), hint)
    return tuple(_from_expected(page) for page in pages)


def _filled(pages: tuple[GoldPage, ...], path: Path) -> tuple[GoldPage, ...]:
    if not pages:
        raise InputError(str(path), say("holds_no_rows"), say("give_one_json_object_a_line"))
    return pages


def _from_lines(path: Path) -> Iterator[GoldPage]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            yield _gold_page(f"{path}:{number}", partial(json.loads, line))


def _gold_page(name: str, read: Callable[[], dict[str, Any]]) -> GoldPage:
    try:
        row = read()
        must, must_not = tuple(row.get("must_contain", ())), tuple(row.get("must_not_contain", ()))
        return GoldPage(
            row["file"], row["main_text"] if "must_contain" not in row else row.get("main_text"), must, must_not
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        shape = say("give_file_main_text_must_contain")
        raise InputError(name, say("is_not_a_gold_page", error=error), shape) from error


def _from_chunks(folder: Path) -> Iterator[GoldPage]:
    path = folder / _CHUNKS_NAME
    try:
        rows = list(json.loads(path.read_text(encoding="utf-8")).values())
        chunks = [(row["file"], tuple(row["with"]), tuple(row["without"])) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = say("is_not_a_set_of_judged_pages", error=error)
        raise InputError(str(path), reason, say("give_the_fields", fields="file, with, without")) from error
    for file, must, must_not in chunks:
        found = next((place for place in _FOLDERS if (folder / place / file).is_file()), None)
        if found is None:
            hint = say("put_the_pages_into", places=", ".join(_FOLDERS[:2]))
            raise InputError(str(folder / file), say("cannot_be_read_at_all"), hint)
        yield GoldPage(f"{found}/{file}", None, must, must_not)


def _from_expected(folder: Path) -> GoldPage:
    words = markup_words((folder / _EXPECTED_NAME).read_text(encoding="utf-8"))
    return GoldPage(f"{folder.name}/{_PAGE_NAME}", words, (), ())


def markup_words(markup: str) -> str:
    """The words of a markup, apart wherever an element that is no part of a line begins or ends."""
    words = _Words()
    words.feed(markup)
    words.close()
    return "".join(words.pieces)


class _Words(HTMLParser):
    """The pieces of text of a markup, and a blank for each edge."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        """A piece of text."""
        self.pieces.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The edge of an element."""
        self._edge(tag)

    def handle_endtag(self, tag: str) -> None:
        """The other edge."""
        self._edge(tag)

    def _edge(self, tag: str) -> None:
        if tag not in _INLINE:
            self.pieces.append(" ")


_WORD = re.compile(r"\w+")
# Powers and marks of notes are read as such; raised digits are left out on both sides.
_RAISED = re.compile("[⁰¹²³⁴-⁹₀-₉]+")
# A small letter alone is a mark of a list or of a formula, unless it is a word of Spanish; www begins an address.
_FIRST_WORD = re.compile(r"(?!www\b)(?:[^\W\d_]{2,}|[aeouy](?= [a-záéíóúñ]))")
_ENOUGH = 0.995


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """A block that a reader gives: its text, and whether it is a paragraph of prose."""

    text: str
    is_paragraph: bool


_ReadBlocks = Callable[[bytes, str], Sequence[ReadBlock]]
"""Original bytes and a file name to its blocks; raises SourceError."""


@dataclass(frozen=True, slots=True)
class FileWords:
    """One file: how many words (paragraphs of a PDF) it has, how many came out (begin as a sentence does), and the
    first of those that did not. ``error`` says why it could not be read; then none came out."""

    file: str
    of: int
    right: int
    missing: tuple[str, ...] = ()
    error: str | None = None

    @property
    def share(self) -> float:
        """The share that is right, 1 of nothing."""
        return self.right / self.of if self.of else 1.0

    @property
    def is_right(self) -> bool:
        """Whether it was read and nothing is missing."""
        return self.error is None and self.right == self.of


@dataclass(frozen=True, slots=True)
class FormatWords:
    """The files of a format that can be judged: the share of their words that came out, or of paragraphs that begin as
    sentences do, and how many files are below .995 and refused."""

    ending: str
    files: int
    of: int
    right: int
    share: float
    below: int
    refused: int


@dataclass(frozen=True, slots=True)
class WordsReport:
    """All files by format, and each by itself; ``unjudged`` are damaged or hold nothing to compare with."""

    formats: tuple[FormatWords, ...]
    files: tuple[FileWords, ...]
    unjudged: tuple[str, ...]


def measure_words(folder: Path, read: _ReadBlocks) -> WordsReport:
    """Every DOCX, PPTX, ODT, ODP, EPUB and PDF below a folder; raises InputError where there is none."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (*_OWN, ".pdf") and path.is_file())
    if not paths:
        raise InputError(str(folder), say("the_folder_holds_no_files"), say("name_a_folder_with_documents"))
    judged = {path: _judged(path, path.relative_to(folder).as_posix(), read) for path in paths}
    rows = [(path.suffix.lower(), found) for path, found in judged.items() if found]
    formats = tuple(
        _format(ending, [found for one, found in rows if one == ending]) for ending in sorted({one for one, _ in rows})
    )
    unjudged = tuple(path.relative_to(folder).as_posix() for path, found in judged.items() if found is None)
    return WordsReport(formats, tuple(found for _, found in rows), unjudged)


def _format(ending: str, files: Sequence[FileWords]) -> FormatWords:
    read = [one for one in files if one.error is None]
    of, right = sum(one.of for one in read), sum(one.right for one in read)
    below = sum(one.share < _ENOUGH for one in read)
    return FormatWords(ending, len(files), of, right, right / of if of else 1.0, below, len(files) - len(read))


def _judged(path: Path, name: str, read: _ReadBlocks) -> FileWords | None:
    data, ending = path.read_bytes(), path.suffix.lower()
    own: Counter[str] | None = None
    if ending != ".pdf":
        try:
            own = _words("\n".join(_OWN[ending](data)))
        except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, OSError, NotImplementedError):
            return None
        if not own:
            return None
    try:
        blocks = read(data, name)
    except SourceError as fault:
        return FileWords(name, own.total(), 0, error=str(fault)) if own else None
    if own is None:
        return _paragraphs(name, blocks)
    missing = own - _words("\n".join(block.text for block in blocks))
    return FileWords(name, own.total(), own.total() - missing.total(), tuple(missing)[:8])


def _paragraphs(name: str, blocks: Sequence[ReadBlock]) -> FileWords:
    """Paragraphs of a PDF: one that begins with a small letter goes on a sentence that was cut."""
    paragraphs = [block.text for block in blocks if block.is_paragraph and len(block.text.split()) > 2]
    cut = tuple(text[:60] for text in paragraphs if (word := _FIRST_WORD.match(text)) and word[0][0].islower())
    return FileWords(name, len(paragraphs), len(paragraphs) - len(cut), cut[:8])


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_RAISED.sub(" ", unicodedata.normalize("NFC", text)).lower()))


def _parts(data: bytes, pattern: str) -> Iterator[ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if re.fullmatch(pattern, name):
                yield ElementTree.fromstring(archive.read(name))  # noqa: S314 - judged files, which somebody chose


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


# Elements whose text is deleted, an old program's copy, said beside the text or never shown; and those that part words.
_GONE = frozenset(("del", "moveFrom", "Fallback", "rt", "fld", "tracked-changes", "annotation", "note-citation"))
_PARTING = frozenset(("p", "tab", "ptab", "br", "cr", "tc", "s", "line-break", "h", "note", "frame", "table-cell"))


def _drawn(element: ElementTree.Element) -> Iterator[str]:
    """The text of Word and PowerPoint: that of elements called ``t``."""
    name = _local(element)
    if name in _GONE or (name == "r" and _is_raised_number(element)):
        return
    if name in _PARTING:
        yield " "
    if name == "noBreakHyphen":
        yield "-"
    if name == "t":
        yield element.text or ""
    for child in element:
        yield from _drawn(child)
    if name in _PARTING:
        yield " "


def _is_raised_number(run: ElementTree.Element) -> bool:
    text = "".join(one.text or "" for one in run if _local(one) == "t")
    properties = next((one for one in run if _local(one) == "rPr"), None)
    if properties is None or not text.strip().isdigit():
        return False
    marks = [one for one in properties if _local(one) == "vertAlign"]
    return any("superscript" in one.attrib.values() for one in marks) or properties.get("baseline", "0") != "0"


def _written(element: ElementTree.Element, *, inside: bool = False) -> Iterator[str]:
    """The text of OpenDocument: that of paragraphs and headings and of what stands in them."""
    name = _local(element)
    if name in _GONE:
        return
    here = inside or name in ("p", "h")
    if name in _PARTING:
        yield " "
    if here:
        yield element.text or ""
    for child in element:
        yield from _written(child, inside=here and _local(child) != "frame")
        if here:
            yield child.tail or ""
    if name in _PARTING:
        yield " "


def _own(pattern: str, text: Callable[[ElementTree.Element], Iterator[str]], data: bytes) -> Iterator[str]:
    """The text of each part of a file whose name is of this pattern; of no slide that is hidden."""
    for root in _parts(data, pattern):
        if root.get("show") not in ("0", "false"):
            yield "".join(text(root))


def _own_of_book(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            page = archive.read(name).decode("utf-8", "replace") if re.search(r"\.x?html?$", name) else ""
            body = page.partition("<body")[2]
            if body and "<nav" not in body:
                yield markup_words("<body" + body)


_OWN: dict[str, Callable[[bytes], Iterator[str]]] = {
    ".docx": partial(_own, r"word/(?:document|footnotes|endnotes)\d?\.xml", _drawn),
    ".pptx": partial(_own, r"ppt/(?:slides/slide|notesSlides/notesSlide)\d+\.xml", _drawn),
    ".odt": partial(_own, r"content\.xml", _written),
    ".odp": partial(_own, r"content\.xml", _written),
    ".epub": _own_of_book,
}
