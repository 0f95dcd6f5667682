"""What a document and its passages are.

The law of this module: a passage's text *is* ``document.text[span]``. Offsets count
code points of the canonical text (NFC), half-open. Knows no file format.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from urllib.parse import quote

from kb.records.errors import member_of
from kb.records.language import Language
from kb.records.messages import say
from kb.records.source import RECORD_FIELDS, Correction, FieldChange, FieldValue
from kb.records.topics import OwnTopicAssignment, TopicAssignment

_LIST_NUMBER = re.compile(r"\A\d{1,4}\. ")
_MIN_WORDS = 5
_LONG_WORDS = 15
_END = re.compile(r"[.!?…][\s»”\"'’)\]]*$")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points, ``0 <= start <= end``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def cut(self, text: str) -> str:
        """The characters of ``text`` inside the span; raises ValueError if it reaches past the end."""
        if self.end > len(text):
            raise ValueError(f"span {self.start}..{self.end} ends after {len(text)} characters")
        return text[self.start : self.end]

    def shifted(self, offset: int) -> Span:
        """The same range, ``offset`` code points further on."""
        return Span(self.start + offset, self.end + offset)

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end


class BlockKind(Enum):
    """What a block of the original is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    TABLE_ROW = "table_row"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a PDF page, in points from the lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands in the original file; what does not apply is null.

    ``page``, ``paragraph`` and ``line`` count from 1. ``element`` is an XPath in HTML or EPUB.
    ``part`` is the member file inside an archive (EPUB, ZIP) or the part of a mail ("1.2"). ``slide`` counts from 1,
    ``cell`` is the first cell of a row with its sheet ("Datos!B7"). ``fragment`` ("#:~:text=…") takes a browser to the
    words on a web page; it is made where a place is asked for and not kept. ``page_label`` is the number printed on
    the page ("15", "xii") where it is another than ``page``, which counts the pages of the file. ``time`` is that of
    a recording, from its beginning ("0:12:31"). ``recognised`` says that the text was read off a picture (OCR).
    """

    page: int | None = None
    boxes: tuple[Box, ...] = ()
    element: str | None = None
    paragraph: int | None = None
    line: int | None = None
    part: str | None = None
    fragment: str | None = None
    page_label: str | None = None
    slide: int | None = None
    cell: str | None = None
    time: str | None = None
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the canonical text: its span, what it is, and where it stands in the original.

    ``level`` is 1 to 6 for headings, the nesting depth (from 1) for list items, else 0.
    """

    span: Span
    kind: BlockKind
    level: int
    place: Place


@dataclass(frozen=True, slots=True)
class RemovedBlock:
    """A block that cleaning took out: its text, the rule that did it, and its place in the original."""

    text: str
    rule: str
    place: Place


@dataclass(frozen=True, slots=True)
class LanguageShare:
    """The share (0 to 1) of a document's characters that stand in a language."""

    language: Language
    share: float


BESIDE_TITLE = "time element beside the title"
"""The origin of a date that no name says to be that of publication."""
FIRST_LINE = "first line"
"""The origin of a title that no mark says to be one, and of an address that nothing stands before."""
_INFERRED = (("published", BESIDE_TITLE), ("title", FIRST_LINE))


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """Where a metadata field came from ("json-ld", "front matter", "sidecar", "byline on the page")."""

    field: str
    origin: str

    @property
    def is_inferred(self) -> bool:
        """Whether nothing says that this is the field: the only date near the title may be another than its own, the
        line above the text none of its title."""
        return (self.field, self.origin) in _INFERRED


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one source, as canonical text with its metadata. Unknown fields are null.

    ``id`` comes from the SHA-256 of the original bytes; ``source_id`` is the name given by
    whoever sent it; ``published`` is an ISO 8601 date of any precision ("2022", "2022-09-30").
    ``duplicate_of`` is the id of the document that this one repeats, ``translation_of`` of the one that
    says the same in another language (which of the two was written first is not known). ``corrections`` are
    the changes of its record since it was read, the oldest first.
    """

    id: str
    source_id: str
    title: str | None
    authors: tuple[str, ...]
    publisher: str | None
    published: str | None
    url: str | None
    media_type: str
    sha256: str
    text: str
    blocks: tuple[Block, ...]
    language_mix: tuple[LanguageShare, ...]
    series: str | None = None
    version: int = 1
    duplicate_of: str | None = None
    translation_of: str | None = None
    removed: tuple[RemovedBlock, ...] = ()
    origins: tuple[FieldOrigin, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def inferred(self) -> tuple[str, ...]:
        """The fields of the record that are inferred, as citations say beside them."""
        return tuple(one.field for one in self.origins if one.is_inferred)

    @property
    def revision(self) -> int:
        """How often the record was corrected."""
        return len(self.corrections)

    @property
    def corrected_at(self) -> datetime | None:
        """When the record was last corrected, or null."""
        return self.corrections[-1].at if self.corrections else None

    def corrected(self, values: Mapping[str, FieldValue], at: datetime, by: str, origin: str) -> Document:
        """The document with these fields of its record, and the change in its history; the same document where no field
        differs."""
        changes = tuple(
            FieldChange(name, getattr(self, name), values[name])
            for name in RECORD_FIELDS
            if name in values and values[name] != getattr(self, name)
        )
        if not changes:
            return self
        changed = {change.field: change.after for change in changes}
        origins = (one for one in self.origins if one.field not in changed)
        named = (FieldOrigin(name, origin) for name, value in changed.items() if value)
        corrections = (*self.corrections, Correction(at, by, origin, changes))
        return replace(self, **changed, origins=(*origins, *named), corrections=corrections)  # type: ignore[arg-type]

    def as_corrected_in(self, earlier: Document) -> Document:
        """This new reading with what was corrected in an earlier one of its source.

        Of the same bytes every correction holds; of other bytes those of fields in which they still say what was
        corrected.
        """
        last = {change.field: change for correction in earlier.corrections for change in correction.changes}
        if earlier.sha256 != self.sha256:
            last = {name: one for name, one in last.items() if getattr(self, name) in earlier.said_before(name)}
        kept = (
            replace(one, changes=tuple(change for change in one.changes if change.field in last))
            for one in earlier.corrections
        )
        origins = (one for one in self.origins if one.field not in last)
        return replace(
            self,
            **{name: change.after for name, change in last.items()},  # type: ignore[arg-type]
            origins=(*origins, *(one for one in earlier.origins if one.field in last)),
            corrections=tuple(one for one in kept if one.changes),
        )

    def said_before(self, name: str) -> tuple[FieldValue, ...]:
        """What a field of the record was before its corrections, the oldest first."""
        return tuple(change.before for one in self.corrections for change in one.changes if change.field == name)

    def is_superseded(self, name: str, value: FieldValue, origin: str) -> bool:
        """Whether a field had this value before somebody else than this origin corrected it."""
        last = next((one for one in reversed(self.corrections) if name in one.fields), None)
        return last is not None and last.origin != origin and value in self.said_before(name)

    @property
    def removed_prose_share(self) -> float:
        """The share (0 to 1) of the original's prose that cleaning took out; the ledger says by which rules."""
        return sum(self.removed_shares)

    @property
    def removed_shares(self) -> tuple[float, ...]:
        """For every removed block the share (0 to 1) of the original's prose that went with it."""
        out = [prose_chars(block.text) for block in self.removed]
        kept = sum(prose_chars(block.span.cut(self.text)) for block in self.blocks)
        return tuple(chars / max(1, kept + sum(out)) for chars in out)

    @property
    def year(self) -> int | None:
        """The year of publication, or null."""
        return int(self.published[:4]) if self.published else None

    def place_of(self, span: Span) -> tuple[Place, ...]:
        """The places in the original of the blocks that ``span`` touches, in order, on web pages with their words."""
        return tuple(self._place_in(block, span) for block in self.blocks if block.span.overlaps(span))

    def _place_in(self, block: Block, span: Span) -> Place:
        if block.place.element is None or block.place.part is not None:
            return block.place
        inside = Span(max(block.span.start, span.start), min(block.span.end, span.end)).cut(self.text)
        return replace(block.place, fragment=_fragment(inside, block.kind))


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that can be found, read and cited by itself.

    ``sentences`` are spans of the document's text inside ``span``, in order;
    ``other_spans`` are other places of the document where the same text stands (pull quotes).
    """

    id: str
    document_id: str
    span: Span
    text: str
    language: Language
    heading_path: tuple[str, ...] = ()
    sentences: tuple[Span, ...] = ()
    topics: tuple[TopicAssignment, ...] = ()
    other_spans: tuple[Span, ...] = ()
    own_topics: tuple[OwnTopicAssignment, ...] = ()


def is_prose(text: str) -> bool:
    """Whether a block holds a sentence: five words that end as one does, or fifteen however they end."""
    words = len(text.split())
    return words >= _LONG_WORDS or (words >= _MIN_WORDS and bool(_END.search(text)))


def prose_chars(text: str) -> int:
    """The characters of a block that is prose, else 0: labels, menus and names are none."""
    return len(text) if is_prose(text) else 0


def _fragment(text: str, kind: BlockKind) -> str:
    """The text fragment of (a part of) a block: without the number or the bars that stand in no page's text."""
    if kind is BlockKind.TABLE_ROW:
        cells = [cell for cell in text.split(" | ") if cell.strip()]
        return _range_fragment(cells[0].strip(), cells[-1].strip() if len(cells) > 1 else "") if cells else ""
    return text_fragment(_LIST_NUMBER.sub("", text, count=1) if kind is BlockKind.LIST_ITEM else text)


def content_id(prefix: str, *parts: str) -> str:
    """A stable id: ``prefix`` and 16 hex digits of the SHA-256 of the parts, NUL-separated."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{prefix}{digest[:16]}"


def document_id(sha256: str) -> str:
    """The id of the document whose original bytes have this SHA-256 (hex)."""
    return f"d{sha256[:16]}"


def passage_id(document: str, span: Span, text: str) -> str:
    """The id of a passage; the same input always gives the same id."""
    return content_id("p", document, str(span.start), str(span.end), text)


def text_hash(text: str) -> str:
    """The SHA-256 (hex) of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# A browser looks for the whole of a short text, and for the first and last words of a long one.
_MAX_WHOLE_CHARS = 60


_EDGE_WORDS = 4


def text_fragment(text: str) -> str:
    """The fragment, with its "#", for a text as it stands on a page: append it to the page's address.

    >>> text_fragment("Casi la mitad, un 47 %")
    '#:~:text=Casi%20la%20mitad%2C%20un%2047%20%25'
    """
    words = text.split()
    if len(" ".join(words)) <= _MAX_WHOLE_CHARS or len(words) <= 2 * _EDGE_WORDS:
        return _range_fragment(" ".join(words), "")
    return _range_fragment(" ".join(words[:_EDGE_WORDS]), " ".join(words[-_EDGE_WORDS:]))


def _range_fragment(start: str, end: str) -> str:
    """The fragment for what runs from one text to another; ``end`` may be empty."""
    return "#:~:text=" + ",".join(_encoded(part) for part in (start, end) if part)


def _encoded(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D")  # a dash marks context in this syntax


def parse_language(code: str) -> Language:
    """The language with this code ("es", "en", "other"); raises InputError for any other."""
    return member_of(Language, code.strip().lower(), say("language_named", code=code))
