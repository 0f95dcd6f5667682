"""Lists in documents: what announces one, and its items, whatever form these have and wherever splitting put them.

Items are points, headings of one level (or lines of their own that name what follows), paragraphs numbered in order, or
sentences that count themselves ("First, …"). Owns what belongs to a list; knows no scores.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from index.answers.question_things import count_of
from kb.records.document import Block, BlockKind, Document, Passage, Span
from kb.words.lexicon import lexicon
from kb.words.tokens import tokenize

# A title may run to a line and a half; what ends without a mark and is longer is a paragraph that lost its stop.
_TITLE_WORDS = 20
_NUMBERED_HEAD = re.compile(r"\d{1,3}[.)]\s")
_STOPS = ".!?…:;,"
_CLOSING = "\"'”»’)]"


def is_headline(document: Document, span: Span) -> bool:
    """Whether these characters are a line that names what follows: a heading, or a short line of its own that ends
    without a mark or asks something, as titles do in plain text. A point of a list is none; a numbered line that stands
    alone between paragraphs is ("8. Map your journey")."""
    place = next((place for place, block in enumerate(document.blocks) if block.span.overlaps(span)), None)
    if place is None:
        return False
    block = document.blocks[place]
    line = block.span.cut(document.text).strip()
    if line != span.cut(document.text).strip():
        return False
    if block.kind is BlockKind.HEADING:
        return True
    beside = document.blocks[max(0, place - 1) : place] + document.blocks[place + 1 : place + 2]
    alone = _NUMBERED_HEAD.match(line) and not any(other.kind is BlockKind.LIST_ITEM for other in beside)
    if block.kind is not BlockKind.PARAGRAPH and not (block.kind is BlockKind.LIST_ITEM and alone):
        return False
    short = len(line.split()) <= _TITLE_WORDS and "\n" not in line
    asks = line.endswith("?") and block.kind is BlockKind.PARAGRAPH
    return short and (asks or line.rstrip(_CLOSING)[-1:] not in _STOPS)


# A list that is short enough to be read as it stands is one quote.
_MAX_WHOLE = 900
# An item that goes on for longer is cut to its first sentence.
_MAX_ITEM = 500
_FEWEST = 2
_ANNOUNCES = re.compile(r"[:?]\s*$")
_NUMBERED = re.compile(r"\W{0,3}(?:[^\W\d_]{3,12} )?(\d{1,2})(?:[.):]|\.º|º) ?\W{0,3}\S")
_LEAD = 300
# A line of its own that names what follows ranks below every heading.
_LINE = 9
# Words in which an ordinal opens a sentence: "First, …", "The second is …", "En tercer lugar, …".
_OPENING = 3


@dataclass(frozen=True, slots=True)
class AnnouncedList:
    """A list of a document: the paragraph that announces it (null without one), the headings above it, the spans of its
    items, and all the characters from the first to the end of what the last one names; ``by_name`` says that the items
    are lines that name what follows them, as sections do that are no list."""

    lead: Span | None
    above: tuple[str, ...]
    items: tuple[Span, ...]
    reach: Span
    by_name: bool = False


def announced_lists(document: Document, passages: Sequence[Passage]) -> tuple[AnnouncedList, ...]:
    """The lists of a document that have at least two items; inner points belong to their outer one.

    ``passages`` are those of the document, in order.
    """
    found: list[AnnouncedList] = []
    for one in (*_points(document), *_named(document), *_counted(document), *_in_sentences(document, passages)):
        known = any(item.overlaps(other) for item in one.items for each in found for other in each.items)
        if len(one.items) >= _FEWEST and not known:
            found.append(one)
    return tuple(found)


def lists_at(lists: Sequence[AnnouncedList], span: Span) -> list[AnnouncedList]:
    """The lists whose announcement or items, or what these name, these characters touch."""
    return [one for one in lists if (one.lead and one.lead.overlaps(span)) or one.reach.overlaps(span)]


def _points(document: Document) -> Iterator[AnnouncedList]:
    items: list[Span] = []
    level, before = 0, 0
    for place, block in enumerate((*document.blocks, None)):
        if block is not None and block.kind is BlockKind.LIST_ITEM:
            if items and block.level > level:
                items[-1] = Span(items[-1].start, block.span.end)
            else:
                level = block.level
                items.append(block.span)
            continue
        if items:
            yield _list(document, before, items, items[-1].end)
        items, before = [], place


def _named(document: Document) -> Iterator[AnnouncedList]:
    """Headings of one level under one heading, and lines of their own that name what follows; where some of them are
    numbered, these alone."""
    blocks = document.blocks
    levels = [_level(document, block) for block in blocks]
    for level in sorted({level for level in levels if level}):
        group: list[int] = []
        for place, own in enumerate((*levels, 1)):
            if own == level and place < len(blocks):
                group.append(place)
            elif (own and own < level) or place == len(blocks):
                numbered = _in_order([(at, blocks[at].span.cut(document.text)) for at in group])
                taken = numbered or group[: _announced_count(document, group)]
                if len(taken) >= _FEWEST:
                    last = next(
                        (at for at in range(taken[-1] + 1, len(blocks)) if 0 < levels[at] <= level), len(blocks)
                    )
                    yield replace(
                        _list(document, taken[0] - 1, [blocks[at].span for at in taken], blocks[last - 1].span.end),
                        by_name=True,
                    )
                group = []


def _announced_count(document: Document, group: Sequence[int]) -> int | None:
    """How many of these headings the one above them or the paragraph before them says that there are; null where
    neither says it, or more than there are."""
    if not group:
        return None
    first = document.blocks[group[0]].span
    told = [
        *_above(document, first.start)[-1:],
        document.blocks[group[0] - 1].span.cut(document.text) if group[0] else "",
    ]
    return next((count for line in told if (count := count_of(line)) and _FEWEST <= count <= len(group)), None)


def _level(document: Document, block: Block) -> int:
    """The level of what names what follows (1 the highest), 0 of anything else."""
    if block.kind is BlockKind.HEADING:
        return max(block.level, 1)
    return _LINE if block.kind is BlockKind.PARAGRAPH and is_headline(document, block.span) else 0


def _counted(document: Document) -> Iterator[AnnouncedList]:
    """Paragraphs that are numbered from 1 ("1. …", "2) …"), whatever stands between them."""
    blocks = document.blocks
    rows = [(at, one.span.cut(document.text)) for at, one in enumerate(blocks) if one.kind is BlockKind.PARAGRAPH]
    taken = _in_order(rows)
    if len(taken) >= _FEWEST:
        yield _list(document, taken[0] - 1, [blocks[at].span for at in taken], blocks[taken[-1]].span.end)


def _in_order(rows: Sequence[tuple[int, str]]) -> list[int]:
    """The places of the texts that are numbered 1, 2, 3 … in this order, at least two of them."""
    taken: list[int] = []
    for place, text in rows:
        match = _NUMBERED.match(text)
        if match and int(match[1]) == len(taken) + 1:
            taken.append(place)
    return taken if len(taken) >= _FEWEST else []


def _in_sentences(document: Document, passages: Sequence[Passage]) -> Iterator[AnnouncedList]:
    """Sentences that count themselves: each item goes on to the next one, the last to the end of its passage."""
    sentences = [(passage, span) for passage in passages for span in passage.sentences]
    starts: list[int] = []
    for place, (_, span) in enumerate(sentences):
        counted = _ordinal(span.cut(document.text))
        if counted == 1 and len(starts) < _FEWEST:
            starts = [place]
        elif starts and counted == len(starts) + 1:
            starts.append(place)
    if len(starts) < _FEWEST:
        return
    items = []
    for start, following in zip(starts, [*starts[1:], starts[-1] + 1], strict=True):
        passage = sentences[start][0]
        last = max(at for at in range(start, following) if sentences[at][0] is passage)
        items.append(Span(sentences[start][1].start, sentences[last][1].end))
    before = sentences[starts[0] - 1][1] if starts[0] else None
    lead = before if before and before.end > items[0].start - 3 else None
    yield AnnouncedList(lead, sentences[starts[0]][0].heading_path, tuple(items), Span(items[0].start, items[-1].end))


def _ordinal(sentence: str) -> int | None:
    """The number that a sentence opens with in words, null for none."""
    opening = tokenize(sentence[:60])[:_OPENING]
    return next((_ordinals()[token.lower] for token in opening if token.lower in _ordinals()), None)


@cache
def _ordinals() -> dict[str, int]:
    return {row.form: int(row.number) for row in lexicon().of("ordinal")}


def _list(document: Document, before: int, items: Sequence[Span], end: int) -> AnnouncedList:
    """A list with the paragraph at ``before`` when that announces it, or simply stands before it and is short."""
    lead = None
    if before >= 0 and document.blocks[before].kind is not BlockKind.HEADING:
        paragraph = document.blocks[before].span.cut(document.text)
        if _ANNOUNCES.search(paragraph) or len(paragraph) < _LEAD:
            lead = document.blocks[before].span
    return AnnouncedList(lead, _above(document, items[0].start), tuple(items), Span(items[0].start, end))


def _above(document: Document, start: int) -> tuple[str, ...]:
    """The headings that what begins here stands under, the highest first."""
    own = next((block for block in document.blocks if block.span.start == start), None)
    under = own.level if own is not None and own.kind is BlockKind.HEADING else _LINE
    found: list[str] = []
    for block in reversed([one for one in document.blocks if one.span.end <= start]):
        if block.kind is BlockKind.HEADING and block.level < under:
            found.insert(0, block.span.cut(document.text))
            under = block.level
    return tuple(found)


def quotes_of(one: AnnouncedList, passages: Sequence[Passage], text: str) -> list[tuple[Passage, Span]]:
    """The list as quotes: whole where that is short and in one passage, else its announcement and its items, long ones
    cut to their first sentence.

    Each is inside its passage, or names it (a heading); ``passages`` are those of the document, in order.
    """
    parts = [*([_last_sentence(one.lead, passages, text)] if one.lead else []), *one.items]
    whole = Span(parts[0].start, parts[-1].end)
    home = _passage_of(whole, passages)
    if home is not None and home.span.contains(whole) and whole.end - whole.start <= _MAX_WHOLE:
        return [(home, whole)]
    quotes = []
    for part in parts:
        home = _passage_of(part, passages)
        if home is not None:
            long = part.end > home.span.end or part.end - part.start > _MAX_ITEM
            quotes.append((home, _head(part, home) if long and part.start >= home.span.start else part))
    return quotes


def _last_sentence(lead: Span, passages: Sequence[Passage], text: str) -> Span:
    """The sentence that announces: the last of its paragraph."""
    inside = [span for passage in passages for span in passage.sentences if lead.contains(span)]
    return inside[-1] if inside and _ANNOUNCES.search(inside[-1].cut(text)) else lead


def _head(item: Span, passage: Passage) -> Span:
    """The first sentence of an item."""
    inside = [span for span in passage.sentences if item.overlaps(span)]
    return Span(item.start, min(item.end, inside[0].end)) if inside else item


def _passage_of(span: Span, passages: Sequence[Passage]) -> Passage | None:
    """The passage that holds these characters, or begins with them, or is the next after a heading."""
    return (
        next((passage for passage in passages if passage.span.contains(span)), None)
        or next((passage for passage in passages if passage.span.start <= span.start < passage.span.end), None)
        or next((passage for passage in passages if passage.span.start >= span.end), None)
    )
