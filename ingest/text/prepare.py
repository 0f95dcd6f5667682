"""One source to a document and its passages: read, clean, compose, tell languages, split.

Owns the order of these steps and the composing of the canonical text, in which every span is made
while writing and none is searched for. Pure: same bytes, same result. Refuses to know the store.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from ingest.readers.dispatch import read_document
from ingest.readers.extract import Extract, RawBlock
from ingest.readers.properties.metadata import SourceMetadata
from ingest.sources.sources import SourceFile
from ingest.text.clean import Cleaned, clean
from ingest.text.detect import block_languages
from ingest.text.printed_metadata import printed_metadata
from ingest.text.split import split
from kb.outside.strings import whole
from kb.records.document import (
    FIRST_LINE,
    Block,
    BlockKind,
    Document,
    LanguageShare,
    Passage,
    Place,
    Span,
    document_id,
    is_prose,
)
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from kb.records.language import Language
from kb.records.messages import Message, say
from kb.words.lexicon import lexicon
from kb.words.tokens import tokenize

_PAGES = frozenset(form.media_type for form in (FileFormat.HTML, FileFormat.MHTML, FileFormat.WEBARCHIVE))
# On 1,120 public pages: the shortest text of a page that holds its own has 143 characters; no page is headed as an
# error, and the most that one says of cookies is .17 of it.
_MIN_CHARS = 100
# An article may be called "Not Found"; what a server says of a page is short.
_MAX_ERROR_CHARS = 1_000
_MAX_NOTICE_CHARS = 6_000
_MIN_NOTICE_SHARE = 0.4
_FIRST_ERROR = 400
_PARTS = re.compile(r"\s[|–—·•:/<>«»-]+\s|[|:()!¡?¿.…]+")
_STATUS = re.compile(r"(?<!\d)[45]\d\d(?!\d)")
_REASONS = frozenset(one.phrase.casefold() for one in HTTPStatus if one >= _FIRST_ERROR)
_ERRORS = lexicon().phrases("page_error")
_FAILURE = "failure"
_NOTICES = lexicon().phrases("page_notice")


def notice_doubts(document: Document, passages: tuple[Passage, ...]) -> tuple[Message, ...]:
    """Why a web page may hold a notice and no text, in a message at most; none for other documents."""
    if document.media_type not in _PAGES:
        return ()
    chars = len(document.text)
    if chars <= _MAX_ERROR_CHARS and any(map(_is_error, _heads(document))):
        return (say("may_be_an_error_page", document=document.id),)
    if chars <= _MAX_NOTICE_CHARS and _notice_share(document, passages) >= _MIN_NOTICE_SHARE:
        return (say("may_be_a_notice_on_cookies", document=document.id),)
    if chars < _MIN_CHARS:
        return (say("holds_so_little_text", chars=chars, document=document.id),)
    return ()


def _heads(document: Document) -> Iterator[str]:
    """The title and the first block."""
    yield document.title or ""
    yield document.blocks[0].span.cut(document.text)


def _is_error(head: str) -> bool:
    """Whether a part of a head is nothing but what servers call an error, in words or by its number."""
    return any(map(_is_error_part, _PARTS.split(head)))


def _is_error_part(part: str) -> bool:
    if " ".join(part.strip(" 0123456789").split()).casefold() in _REASONS:
        return True
    tokens = [token for token in tokenize(part) if token.kind == "w"]
    found = list(_ERRORS.found(tokens))
    said = {at for first, stop, _ in found for at in range(first, stop)}
    if not tokens:
        return bool(_STATUS.fullmatch(part.strip()))
    return len(said) == len(tokens) and any(row.effect == _FAILURE for _, _, row in found)


def _notice_share(document: Document, passages: tuple[Passage, ...]) -> float:
    """The share of the text in sentences that speak of cookies and of what a browser must allow."""
    sentences = {span for passage in passages for span in passage.sentences}
    told = sum(len(text) for span in sentences if any(_NOTICES.found(tokenize(text := span.cut(document.text)))))
    return told / max(1, sum(span.end - span.start for span in sentences))


# Raised when a step reads better than before: files whose bytes did not change are then read again.
READING = "9"
_GAP = "\n\n"
_SERIES = re.compile(r"(?:^|[\s(–—-])(parte?\s\d{1,2}\s(?:de|of)\s\d{1,2})(?=$|[\s).–—-])", re.I)
_MAX_SERIES_CHARS = 160
_MIN_TITLE_WORDS, _MAX_TITLE_CHARS = 2, 120
# What ends as a sentence or a lead does, or is an address or a field, is no title.
_LINE_OF_PROSE = re.compile(r"[.,;:…]\s*$|@|https?:|www\.|^\w+: ")
_PARAGRAPH = re.compile(r"\S(?:[^\n]|\n(?![ \t]*(?:\n|$)))*")


ReadDocument = Callable[[bytes, str, str], Extract]
"""Original bytes, media type and name to an extract; raises SourceError."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with its passages; no topics and no statistics yet.

    ``notes`` say what of its metadata was mended, ``doubts`` why its text may not be that of the original.
    """

    document: Document
    passages: tuple[Passage, ...]
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def prepare(
    source: SourceFile,
    *,
    version: int = 1,
    keep: frozenset[str] = frozenset(),
    read: ReadDocument = read_document,
) -> Prepared:
    """The document and passages of a source.

    ``keep`` names cleaning rules that take nothing out ("all" for every rule). ``read`` is what reads
    the original: ``IsolatedReader.read`` for files that nobody vouches for. Raises SourceError
    when the file cannot be read or no text is left.
    """
    extract = read(source.data, source.media_type, source.source_id)
    cleaned = clean(extract.blocks, keep)
    if not any(character.isalnum() for block in cleaned.kept for character in block.text):
        reason = say("holds_nothing_but_furniture_menus_notices")
        raise SourceError(source.source_id, reason, say("check_the_file_keep_all_keeps"))
    text, blocks = _compose(cleaned.kept)
    languages = block_languages([block.text for block in cleaned.kept])
    known = source.metadata.or_else(extract.metadata).or_else(_read_from_text(cleaned, extract.blocks, languages))
    identity = document_id(source.sha256)
    document = Document(
        id=identity,
        source_id=source.source_id,
        title=known.title,
        authors=known.authors,
        publisher=known.publisher,
        published=known.published,
        url=known.url,
        media_type=extract.media_type,
        sha256=source.sha256,
        text=text,
        blocks=blocks,
        language_mix=_language_mix(blocks, languages),
        series=known.series,
        version=version,
        removed=cleaned.removed,
        origins=known.origins,
        corrections=source.corrections,
    )
    passages = split(identity, text, blocks, languages)
    return Prepared(
        document, passages, known.notes, (*extract.notes, *_doubts(document), *notice_doubts(document, passages))
    )


def _doubts(document: Document) -> tuple[str, ...]:
    """What is to be said of a document of which more prose was left out than kept."""
    share = document.removed_prose_share
    return (say("of_its_prose_was_left_out", share=f"{share:.0%}", document=document.id),) if share > 0.5 else ()


def prepare_text(text: str, language: Language | None) -> Prepared:
    """The document and passages of a text given by a caller, as it stands: NFC, nothing removed or joined.

    Spans count in the NFC form of ``text``. ``language`` holds for all of it when given.
    """
    canonical = unicodedata.normalize("NFC", text)
    blocks = tuple(
        Block(Span(match.start(), match.start() + len(match.group().rstrip())), BlockKind.PARAGRAPH, 0, Place())
        for match in _PARAGRAPH.finditer(canonical)
    )
    languages = tuple(
        [language] * len(blocks) if language else block_languages([block.span.cut(canonical) for block in blocks])
    )
    source = SourceFile.of("text", text.encode("utf-8", "surrogatepass"), "text/plain")
    identity = document_id(source.sha256)
    document = Document(
        id=identity,
        source_id=source.source_id,
        title=None,
        authors=(),
        publisher=None,
        published=None,
        url=None,
        media_type=source.media_type,
        sha256=source.sha256,
        text=canonical,
        blocks=blocks,
        language_mix=_language_mix(blocks, languages),
    )
    return Prepared(document, split(identity, canonical, blocks, languages))


def _compose(raw: Sequence[RawBlock]) -> tuple[str, tuple[Block, ...]]:
    """The canonical text and its blocks; the span of each is known because it is written here."""
    pieces: list[str] = []
    blocks: list[Block] = []
    offset = 0
    for block in raw:
        text = unicodedata.normalize("NFC", whole(block.text))
        blocks.append(Block(Span(offset, offset + len(text)), block.kind, block.level, block.place))
        pieces.append(text)
        offset += len(text) + len(_GAP)
    return _GAP.join(pieces), tuple(blocks)


def _language_mix(blocks: Sequence[Block], languages: Sequence[Language]) -> tuple[LanguageShare, ...]:
    """The share of each language, the largest first, to three decimals."""
    chars = dict.fromkeys(Language, 0)
    for block, language in zip(blocks, languages, strict=True):
        chars[language] += block.span.end - block.span.start
    total = sum(chars.values())
    shares = [LanguageShare(language, round(count / total, 3)) for language, count in chars.items() if count]
    return tuple(sorted(shares, key=lambda share: -share.share))


def _read_from_text(cleaned: Cleaned, blocks: Sequence[RawBlock], languages: Sequence[Language]) -> SourceMetadata:
    """What the text itself says: its first heading, author and date printed beside it, a series line."""
    title = next((block for index, block in enumerate(cleaned.kept[:5]) if _is_title(block, index)), None)
    place = (title or cleaned.kept[0]).place
    at = next((index for index, block in enumerate(blocks) if block.place == place and not block.furniture), 0)
    main = Counter(languages).most_common(1)[0][0]
    known = printed_metadata(blocks, at, main)
    known = known.or_else(SourceMetadata.of("first heading", title=title.text if title else None))
    known = known.or_else(SourceMetadata.of(FIRST_LINE, title=_first_line(cleaned.kept)))
    return known.or_else(SourceMetadata.of("series line", series=_series(blocks)))


def _is_title(block: RawBlock, index: int) -> bool:
    return block.kind is BlockKind.HEADING and (index == 0 or block.level == 1)


def _first_line(blocks: Sequence[RawBlock]) -> str | None:
    """The first block where it stands alone above prose, as a title does; null where it is a sentence or a label."""
    first, below = blocks[0], next((block for block in blocks[1:4] if is_prose(block.text)), None)
    words = first.text.split()
    is_line = first.kind is BlockKind.PARAGRAPH and "\n" not in first.text and len(words) >= _MIN_TITLE_WORDS
    if not is_line or len(first.text) > _MAX_TITLE_CHARS or below is None or _LINE_OF_PROSE.search(first.text):
        return None
    return first.text if words[0][:1].isupper() or not words[0][:1].isalpha() else None


def _series(blocks: Sequence[RawBlock]) -> str | None:
    matches = (_SERIES.search(block.text) for block in blocks[:12] if len(block.text) <= _MAX_SERIES_CHARS)
    return next((match.group(1) for match in matches if match), None)
