"""What a reader gives: raw blocks in reading order, with their places in the original; and the raised
digits that are kept apart.

Owns the records and the tidying of one block's text. Refuses to know any format, and to judge
what is furniture: a reader only passes on what the markup itself says.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

from ingest.readers.properties.metadata import SourceMetadata
from kb.records.document import BlockKind, Place

# Characters that are never text: controls, soft hyphen, zero width, bidi marks, byte order mark, non-characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
)
# U+200C and U+200D join emoji and Persian letters: kept.
# Only from where a run of blanks begins: tried from each of 25,000 blanks it took 4 s.
_BLANK = r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_SPACES = re.compile(rf"(?<!{_BLANK}){_BLANK}*[\r\n\x0b\x0c\x85\u2028\u2029][\s\u00a0]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block as it stands in the original.

    ``level`` is 1 to 6 for headings, the nesting depth for list items, else 0. ``furniture`` is the name
    of the rule by which the markup itself says that this is not the text ("navigation", "comments").
    """

    text: str
    kind: BlockKind
    level: int
    place: Place
    furniture: str | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """All blocks of one original, furniture included, and what it says of itself.

    ``notes`` say what of it could not be read as it should, in a line each.
    """

    blocks: tuple[RawBlock, ...]
    metadata: SourceMetadata
    media_type: str
    notes: tuple[str, ...] = ()


def normal_text(text: str) -> str:
    """The text in NFC without invisible characters and lone surrogates; nothing visible is changed."""
    return unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text)))


def one_line(text: str) -> str:
    """The normal text on one line: runs of white space become one space."""
    return " ".join(normal_text(text).split())


def same_line(text: str) -> str:
    """The normal text with line breaks turned to single spaces, inner spaces kept, outer ones cut."""
    return _SPACES.sub(" ", normal_text(text)).strip()


# The rule under which marks of notes stand in the ledger.
NOTE_MARK = "note_mark"
_POWERS = str.maketrans("0123456789+-−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾")
_MARK = re.compile(
    r"[\[(]?(?:\d{1,3}|[a-z]|[ivx]{1,5}|[*†‡§¶#]{1,3})(?:\s?[,;–-]\s?(?:\d{1,3}|[a-z]|[*†‡§¶]))*[\])]?[,.]?$"
)
# After these a raised number is a power: units of length, what is counted in powers of ten, letters of statistics.
_BASE = re.compile(r"(?:(?<![^\W_])(?:[kcdmµn]?m|ft|in|yd|mi|s|[RrxX]|χ|σ)|(?<![\d.,])10)$")
_ORDINAL = re.compile(
    r"(?<=\d)\.?(?:[oaºª]|os|as|er|ra|ro|do|da|to|ta|mo|vo|no|st|nd|rd|th|e|è)$|(?<![^\W_])(?:[nN]|(?:[nN]|[A-Z][a-z]{0,3})\.)[oaºª]s?$"
)
_LOOSE = " \t\u00a0[]()"


def read_runs(pieces: Iterable[tuple[bool, str]]) -> tuple[str, tuple[str, ...]]:
    """The text of pieces in their order, each with whether it stands raised, and the marks of notes among them."""
    text, marks = "", []
    for is_raised, characters, after in raised_runs(piece for piece in pieces if piece[1]):
        shown, mark = read_raised(text, characters, after) if is_raised else (characters, "")
        text += shown
        marks += [mark] if mark else []
    return text, tuple(marks)


def raised_runs(pieces: Iterable[tuple[bool, str]]) -> Iterator[tuple[bool, str, str]]:
    """The runs of pieces that are raised or not, as ``(is_raised, characters, what follows)``."""
    runs = [(is_raised, "".join(text for _, text in group)) for is_raised, group in groupby(pieces, itemgetter(0))]
    for (is_raised, characters), (_, after) in pairwise([*runs, (False, "")]):
        yield is_raised, characters, after


def read_raised(before: str, raised: str, after: str) -> tuple[str, str]:
    """The raised characters as they stand in the line, and those of them that are marks of notes; one is empty.

    ``before`` and ``after`` are what stands beside them in the line.
    """
    text = raised.strip()
    if _ORDINAL.search(before.rstrip() + text) and text.strip(".").isalpha():
        return raised, ""
    digits = text.strip("+-−()")
    if digits.isdigit() and _BASE.search(before.rstrip()):
        return text.translate(_POWERS), ""
    is_fraction = digits.isdigit() and after.lstrip()[:1] in ("/", "⁄")
    if _MARK.match(text) and not is_fraction:
        return "", text.strip(_LOOSE)
    if digits.isdigit() and not is_fraction:  # a year, say
        return text.translate(_POWERS), ""
    # "48" and a raised "1/2" are no 481/2.
    return (f" {text}" if before[-1:].isdigit() and text[:1].isdigit() else raised), ""
