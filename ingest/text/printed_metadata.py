"""The author and the date that a document prints beside its title, in Spanish and English.

Owns the forms of such lines. Refuses to guess: a line that holds anything else, a day that could be a month, a date
of a revision are left alone.
"""

import re
from collections.abc import Iterator, Sequence

from ingest.readers.extract import RawBlock
from ingest.readers.properties.metadata import SourceMetadata, named_authors, read_date
from kb.records.document import BlockKind
from kb.records.language import Language

_ABOVE, _BELOW = 4, 8
_MAX_LINE_CHARS = 200
_BODY_CHARS = 120
_GAP = re.compile(r"\s+")
_PARTS = re.compile(r"[|·•\n]| [–—/-] ")
_NAME = r"[A-ZÁÉÍÓÚÑÜ][\w.'’-]{0,30}"
_NAMES = re.compile(
    r"(?:(?:escrito |publicado |art[íi]culo |texto |written |posted |published |article )?(?:por|by):?|"
    r"(?:autor(?:es|a)?|authors?|texto):)\s+"
    rf"(?-i:({_NAME}(?:(?:\s+(?:de|del|la|las|los|van|von|da|di|y|e|and|&))*\s+{_NAME}|,\s+{_NAME}(?=\s+{_NAME}))*))",
    re.I,
)
_DATE_LEAD = re.compile(
    r"\A(?:(?:publicado|publicada|published|posted|fecha|date|fecha de publicaci[óo]n|publication date)"
    r"(?:\s+(?:el|on|en))?:?\s+|,\s*|(?:el|on)\s+)+",
    re.I,
)
_WEEKDAY = re.compile(
    r"\A(?:lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)\.?,?\s+",
    re.I,
)
_TIME = r"(?:,?\s+(?:a las\s+|at\s+)?\d{1,2}[:.h]\d{2}(?::\d{2})?\s?(?:h|hrs?|horas|am|pm|a\.m\.|p\.m\.)?\.?)?"
_WRITTEN = re.compile(
    rf"((?:\d{{1,2}}(?:st|nd|rd|th|º)?\s+(?:de\s+)?[a-záéíóú]{{3,10}}\.?,?\s+(?:de[l]?\s+)?\d{{4}}"
    rf"|[a-záéíóú]{{3,10}}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|[a-záéíóú]{{3,10}}\.?,?\s+(?:del?\s+)?\d{{4}})){_TIME}\.?",
    re.I,
)
_NUMBERS = re.compile(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}){_TIME}")


def printed_metadata(blocks: Sequence[RawBlock], title: int, language: Language | None) -> SourceMetadata:
    """The author and date printed around the block of the title (by index), in the language of the text."""
    authors: tuple[str, ...] = ()
    published: str | None = None
    for line in _lines(blocks, title):
        for part in filter(None, map(str.strip, _PARTS.split(line))):
            names, rest = _byline_and_date(part, language) or _byline(part)
            authors = authors or names
            published = published or _date(rest, language)
    known = SourceMetadata.of("byline on the page", authors=authors)
    return known.or_else(SourceMetadata.of("date on the page", published=published))


def _lines(blocks: Sequence[RawBlock], title: int) -> Iterator[str]:
    """The short blocks below the title, up to the first paragraph, then those above it."""
    for block in blocks[title + 1 : title + 1 + _BELOW]:
        if len(block.text) > _BODY_CHARS and block.kind is not BlockKind.HEADING and block.furniture is None:
            break
        if len(block.text) <= _MAX_LINE_CHARS:
            yield block.text
    for block in reversed(blocks[max(0, title - _ABOVE) : title]):
        if len(block.text) <= _MAX_LINE_CHARS:
            yield block.text


def _byline_and_date(part: str, language: Language | None) -> tuple[tuple[str, ...], str] | None:
    """The names and the date of a byline with a date at its end, as two lines of a page come together; else null."""
    for gap in _GAP.finditer(part):
        head, tail = part[: gap.start()], part[gap.end() :]
        if _date(tail, language) is not None:
            names, _ = _byline(head)
            return (names, tail) if names else None
    return None


def _byline(part: str) -> tuple[tuple[str, ...], str]:
    """The names of a byline and what stands after them; no names and the whole where it is none."""
    match = _NAMES.match(part)
    if match is None:
        return (), part
    rest = part[match.end() :].strip()
    if rest and not rest.startswith((",", "(")) and _date(rest, None) is None:
        return (), part  # "Por Navidad compran más": a sentence that begins like a byline
    return named_authors((match.group(1),)), rest


def _date(part: str, language: Language | None) -> str | None:
    """The date of a line that holds a date and nothing else."""
    text = _WEEKDAY.sub("", _DATE_LEAD.sub("", part.strip(" ()"), count=1), count=1).strip()
    if match := _WRITTEN.fullmatch(text):
        return read_date(match.group(1))
    match = _NUMBERS.fullmatch(text)
    return None if match is None else _numbered(int(match.group(1)), int(match.group(2)), match.group(3), language)


def _numbered(first: int, second: int, year: str, language: Language | None) -> str | None:
    if first > 12 or language is Language.ES or first == second:
        return read_date(f"{year}-{second:02}-{first:02}")
    return read_date(f"{year}-{first:02}-{second:02}") if second > 12 else None
