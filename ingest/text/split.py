"""Blocks of a document to passages, by structure and sentence, spans assigned on the way.

Owns what stays together: a heading with what it heads, a list with its lead-in, a quote with its
attribution, table rows. A passage never mixes languages. Refuses to know formats and topics.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.text.sentences import sentence_spans
from kb.records.document import Block, BlockKind, Passage, Span, passage_id
from kb.records.language import Language

_NOT_WORD = re.compile(r"\W+")
# Shorter repetitions ("Yes.", "Read on", a table's "n/a") are the language's, not the page's.
_MIN_LETTERS = 40


def find_echoes(texts: Sequence[str]) -> dict[int, int]:
    """For each text (by index) that repeats another, the index of that other, which repeats none itself.

    Of two equal texts the later one is the echo. Quotation marks, case and spacing do not count. Empty
    texts and short ones are never echoes. Linear in the length of all texts.
    """
    sentences = [_sentence_keys(text) for text in texts]
    holders: dict[str, list[int]] = {}
    for index in sorted(range(len(texts)), key=lambda index: (-len(sentences[index]), index)):
        for key in set(sentences[index]):
            holders.setdefault(key, []).append(index)
    echoes: dict[int, int] = {}
    for index, keys in enumerate(sentences):
        host = _host(index, keys, sentences, holders)
        if host is not None:
            echoes[index] = host
    return {echo: _last_host(host, echoes) for echo, host in echoes.items()}


def _sentence_keys(text: str) -> tuple[str, ...]:
    if len(text) < _MIN_LETTERS:
        return ()
    keys = (_NOT_WORD.sub("", span.cut(text)).casefold() for span in sentence_spans(text))
    return tuple(key for key in keys if key)


def _host(
    index: int, keys: tuple[str, ...], sentences: Sequence[tuple[str, ...]], holders: dict[str, list[int]]
) -> int | None:
    """The block with the most sentences that holds all of these, unless it is this one or a later equal."""
    if sum(map(len, keys)) < _MIN_LETTERS:
        return None
    host = holders[keys[0]][0]
    if host == index or not set(keys) <= set(sentences[host]):
        return None
    return host if len(sentences[host]) > len(keys) or host < index else None


def _last_host(host: int, echoes: dict[int, int]) -> int:
    while host in echoes:
        host = echoes[host]
    return host


# The model reads 512 tokens; Spanish prose of this domain takes one token for 3.6 characters or more,
# so 1,600 characters stay within it with the prompt and a heading.
_SOFT_CHARS = 1200
_HARD_CHARS = 1600
# Shorter blocks are rarely understood alone ("But technology is only part of the story.").
_TINY_CHARS = 160
# List items from this length stand alone: each says one thing fully.
_LONG_ITEM_CHARS = 200
_ATTRIBUTION = re.compile(r"[—–-]\s?\S|\((?:fuente|source)\b", re.I)
_FIGURE = re.compile(r"\d")
_LIST_NUMBER = re.compile(r"\A\s*(?:#\d{1,2}|\(?\d{1,2}\s?[.):])-?\s")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A block, or a part of a long one, with its language and the headings above it."""

    span: Span
    kind: BlockKind
    language: Language
    path: tuple[str, ...]
    ends_open: bool
    opens_with_attribution: bool

    @property
    def chars(self) -> int:
        return self.span.end - self.span.start

    @property
    def is_heading(self) -> bool:
        return self.kind is BlockKind.HEADING


def split(document_id: str, text: str, blocks: Sequence[Block], languages: Sequence[Language]) -> tuple[Passage, ...]:
    """The passages of a document in order; with their other places they cover all blocks but a repeated one's heading.

    ``languages`` has one language a block. A block whose sentences all stand in another (a pull quote, a
    repeated paragraph) is no passage: the other has its place in ``other_spans``.
    """
    units = list(_units(text, blocks, languages))
    echoes = find_echoes(["" if unit.is_heading else unit.span.cut(text) for unit in units])
    groups = _groups(units, frozenset(echoes))
    passages = [_passage(document_id, text, group) for group in groups]
    return _with_other_places(passages, [(units[host].span, units[echo].span) for echo, host in echoes.items()])


def _units(text: str, blocks: Sequence[Block], languages: Sequence[Language]) -> Iterator[_Unit]:
    headings: list[tuple[int, str]] = []
    for block, language in zip(blocks, languages, strict=True):
        cut = block.span.cut(text)
        if block.kind is BlockKind.HEADING:
            headings = [(level, heading) for level, heading in headings if level < block.level]
            headings.append((block.level, " ".join(cut.split())))
        path = tuple(heading for _, heading in headings)
        for span in _pieces(text, block.span):
            piece = span.cut(text)
            yield _Unit(
                span,
                block.kind,
                language,
                path,
                piece.endswith(":"),
                bool(_ATTRIBUTION.match(piece)) and len(piece) < 200,
            )


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """The block whole, or cut between sentences into about equal parts when it is too long for one passage."""
    length = span.end - span.start
    if length <= _HARD_CHARS:
        yield span
        return
    target = length / -(-length // _SOFT_CHARS)
    start = end = span.start
    for sentence in sentence_spans(span.cut(text)):
        for part in _cut_hard(text, sentence.shifted(span.start)):
            if end > start and (part.end - start > _HARD_CHARS or end - start >= target):
                yield Span(start, end)
                start = part.start
            end = part.end
    if end > start:
        yield Span(start, end)


def _cut_hard(text: str, sentence: Span) -> Iterator[Span]:
    """A sentence, or, when even it is too long, parts of it that end between words."""
    start = sentence.start
    while sentence.end - start > _HARD_CHARS:
        space = text.rfind(" ", start + _SOFT_CHARS, start + _HARD_CHARS)
        cut = space if space > 0 else start + _HARD_CHARS
        yield Span(start, cut)
        start = cut
        while start < sentence.end and text[start].isspace():
            start += 1
    if start < sentence.end:
        yield Span(start, sentence.end)


def _groups(units: Sequence[_Unit], echoes: frozenset[int]) -> list[list[_Unit]]:
    """The units that make a passage each. Echoes make none, nor do headings with nothing under them but an echo."""
    groups: list[list[_Unit]] = []
    after_echo = False
    for index, unit in enumerate(units):
        if index in echoes:
            if groups and not after_echo and all(other.is_heading for other in groups[-1]):
                groups.pop()
            after_echo = True
            continue
        following = units[index + 1] if index + 1 < len(units) and index + 1 not in echoes else None
        if groups and not after_echo and _fits(groups[-1], unit) and _belongs(groups[-1], unit, following):
            groups[-1].append(unit)
        else:
            groups.append([unit])
        after_echo = False
    return groups


def _fits(group: Sequence[_Unit], unit: _Unit) -> bool:
    if unit.language is not group[-1].language:
        return False
    limit = _HARD_CHARS if _is_opening(group) or unit.chars < _TINY_CHARS else _SOFT_CHARS
    return unit.span.end - group[0].span.start <= limit


def _is_opening(group: Sequence[_Unit]) -> bool:
    """Whether a group has said nothing by itself yet: headings, a lead-in, a line too short to be understood."""
    body = [unit for unit in group if not unit.is_heading]
    return not body or group[-1].ends_open or sum(unit.chars for unit in body) < _TINY_CHARS


def _belongs(group: Sequence[_Unit], unit: _Unit, following: _Unit | None) -> bool:
    last = group[-1]
    if unit.is_heading:
        return last.is_heading
    if last.is_heading or last.ends_open or unit.opens_with_attribution:
        return True
    if unit.kind is BlockKind.TABLE_ROW and last.kind is BlockKind.TABLE_ROW:
        return True
    if unit.kind is BlockKind.LIST_ITEM and last.kind is BlockKind.LIST_ITEM:
        return last.chars < _LONG_ITEM_CHARS and unit.chars < _LONG_ITEM_CHARS
    if _is_opening(group):
        return True
    leads_nowhere = following is None or following.is_heading or following.language is not unit.language
    return unit.chars < _TINY_CHARS and leads_nowhere and not unit.ends_open


def _passage(document_id: str, text: str, group: Sequence[_Unit]) -> Passage:
    span = Span(group[0].span.start, group[-1].span.end)
    cut = span.cut(text)
    sentences = tuple(
        sentence.shifted(unit.span.start)
        for unit in group
        if _is_quotable(unit, text, group)
        for sentence in sentence_spans(unit.span.cut(text))
    )
    path = group[-1].path
    return Passage(passage_id(document_id, span, cut), document_id, span, cut, group[0].language, path, sentences)


def _is_quotable(unit: _Unit, text: str, group: Sequence[_Unit]) -> bool:
    """Headings name a passage and do not answer anything, unless they hold a figure or stand alone."""
    if not unit.is_heading or all(other.is_heading for other in group):
        return True
    return bool(_FIGURE.search(_LIST_NUMBER.sub("", unit.span.cut(text), count=1)))


def _with_other_places(passages: Sequence[Passage], echoes: Sequence[tuple[Span, Span]]) -> tuple[Passage, ...]:
    """The passages with the spans of their echoes; ``echoes`` are pairs of where a text stands and stands again."""
    starts = [passage.span.start for passage in passages]
    others: dict[int, list[Span]] = {}
    for host, echo in echoes:
        others.setdefault(bisect_right(starts, host.start) - 1, []).append(echo)
    return tuple(
        replace(passage, other_spans=tuple(sorted(others[index]))) if index in others else passage
        for index, passage in enumerate(passages)
    )
