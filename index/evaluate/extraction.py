"""How much of a page's main text comes out, and what comes out that should not, beside a plain library.

Owns the figures. Refuses to know readers and formats: the functions that turn bytes into text, and the one that tells
a language, are handed in.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.evaluate.measures import flat
from index.evaluate.words_of_files import GoldPage, read_gold_pages
from kb.records.errors import InputError, SourceError
from kb.records.language import Language
from kb.records.messages import say

_ReadText = Callable[[bytes, str], str]
"""Original bytes and a file name to the text; raises SourceError."""

_TellLanguage = Callable[[str], Language]
"""A text to its language."""

_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class PageFigures:
    """One page: precision, recall and F1 over words (0 to 1; null without a main text), strings lost and slipped in.

    ``error`` says why the page could not be read; then the figures are 0 and every string is lost.
    """

    file: str
    precision: float | None
    recall: float | None
    f1: float | None
    lost: tuple[str, ...]
    slipped_in: tuple[str, ...]
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 (0 to 1) over pages: means over their words, or of the strings that must come out among
    those that did (the score that trafilatura's own evaluation prints)."""

    pages: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class ExtractionPart:
    """The pages in one language, or all (null), as one reader reads them: the score of words where main texts are
    known, that of strings where they are, and how many pages are lost that the other reader keeps."""

    language: Language | None
    words: Score | None
    strings: Score | None
    lost: int


@dataclass(frozen=True, slots=True)
class ExtractionFigures:
    """All pages as one reader reads them: by language, and how many of the strings that must and must not come out are
    right. ``lost`` are pages of which the other reader has a string that must come out, or half of the words, and this
    one none, or less than a tenth."""

    reader: str
    pages: tuple[PageFigures, ...]
    parts: tuple[ExtractionPart, ...]
    contained: int
    must_contain: int
    kept_out: int
    must_not_contain: int
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExtractionComparison:
    """This program beside a plain library."""

    ours: ExtractionFigures
    plain: ExtractionFigures


def compare_extraction(
    folder: Path, ours: tuple[str, _ReadText], plain: tuple[str, _ReadText], tell: _TellLanguage
) -> ExtractionComparison:
    """The judged pages of a folder through both readers, each with its name; raises InputError for a broken set."""
    gold = read_gold_pages(folder)
    languages = tuple(tell(page.gold) for page in gold)
    mine, theirs = (tuple(_page_figures(page, folder, read) for page in gold) for _, read in (ours, plain))
    return ExtractionComparison(
        _figures(ours[0], gold, languages, mine, theirs), _figures(plain[0], gold, languages, theirs, mine)
    )


def _figures(
    reader: str,
    gold: Sequence[GoldPage],
    languages: Sequence[Language],
    pages: tuple[PageFigures, ...],
    others: Sequence[PageFigures],
) -> ExtractionFigures:
    rows = list(zip(gold, languages, pages, others, strict=True))
    lost = {page.file for page, _, found, other in rows if _is_lost(page, found, other)}
    must, must_not = sum(len(page.must_contain) for page in gold), sum(len(page.must_not_contain) for page in gold)
    parts = []
    for language in (None, *(one for one in Language if one in languages)):
        chosen = [(page, found) for page, told, found, _ in rows if language in (None, told)]
        count = sum(page.file in lost for page, _ in chosen)
        parts.append(
            ExtractionPart(language, _word_score([found for _, found in chosen]), _string_score(chosen), count)
        )
    return ExtractionFigures(
        reader=reader,
        pages=pages,
        parts=tuple(parts),
        contained=must - sum(len(page.lost) for page in pages),
        must_contain=must,
        kept_out=must_not - sum(len(page.slipped_in) for page in pages),
        must_not_contain=must_not,
        lost=tuple(page.file for page in gold if page.file in lost),
    )


def _word_score(pages: Sequence[PageFigures]) -> Score | None:
    known = [
        (page.precision, page.recall, page.f1)
        for page in pages
        if page.precision is not None and page.recall is not None and page.f1 is not None
    ]
    if not known:
        return None
    precision, recall, f1 = (sum(values) / len(known) for values in zip(*known, strict=True))
    return Score(len(known), precision, recall, f1)


def _string_score(pages: Sequence[tuple[GoldPage, PageFigures]]) -> Score | None:
    """Strings that came out rightly, wrongly, and not, of all pages together."""
    judged = [(page, found) for page, found in pages if page.must_contain]
    lost, wrong = sum(len(found.lost) for _, found in judged), sum(len(found.slipped_in) for _, found in judged)
    right = sum(len(page.must_contain) for page, _ in judged) - lost
    if not judged:
        return None
    precision = right / (right + wrong) if right + wrong else 0.0
    return Score(len(judged), precision, right / (right + lost), 2 * right / (2 * right + wrong + lost))


def _page_figures(page: GoldPage, folder: Path, read_text: _ReadText) -> PageFigures:
    path = folder / page.file
    try:
        text, error = read_text(path.read_bytes(), page.file), None
    except OSError as fault:
        raise InputError(str(path), say("cannot_be_read_at_all"), say("put_the_pages_beside_the_gold")) from fault
    except SourceError as fault:
        text, error = "", str(fault)
    precision, recall, f1 = (None, None, None) if page.main_text is None else token_f1(text, page.main_text)
    found = flat(text)
    lost = tuple(string for string in page.must_contain if flat(string) not in found)
    slipped_in = tuple(string for string in page.must_not_contain if flat(string) in found)
    return PageFigures(page.file, precision, recall, f1, lost, slipped_in, error)


def _is_lost(page: GoldPage, found: PageFigures, other: PageFigures) -> bool:
    if page.must_contain:
        return len(found.lost) == len(page.must_contain) > len(other.lost)
    return (found.recall or 0.0) < 0.1 and (other.recall or 0.0) >= 0.5


def token_f1(found: str, gold: str) -> tuple[float, float, float]:
    """Precision, recall and F1 (0 to 1) of the words of ``found`` against ``gold``, as bags in lower case."""
    found_words, gold_words = _words(found), _words(gold)
    shared = sum((found_words & gold_words).values())
    if not shared:
        return 0.0, 0.0, 0.0
    precision, recall = shared / sum(found_words.values()), shared / sum(gold_words.values())
    return precision, recall, 2 * precision * recall / (precision + recall)


def _words(text: str) -> Counter[str]:
    return Counter(_TOKEN.findall(text.lower()))
