"""How much of a page's main text comes out, and what comes out that should not, beside a plain library.

Owns the figures. Refuses to know readers and formats: the functions that turn bytes into text, and the one that tells
a language, are handed in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.evaluate.page_sets import GoldPage, read_gold_pages
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
class StringScore:
    """Strings of pages: precision and recall (0 to 1) of those that must among those that came out, and their F1."""

    pages: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class ExtractionFigures:
    """All pages as one reader reads them: the mean F1 over words, how many of the strings that must and must not come
    out are right, and their score, of all pages and of those in Spanish (null where there are none)."""

    reader: str
    pages: tuple[PageFigures, ...]
    mean_f1: float | None
    spanish_f1: float | None
    contained: int
    must_contain: int
    kept_out: int
    must_not_contain: int
    strings: StringScore | None
    spanish_strings: StringScore | None


@dataclass(frozen=True, slots=True)
class ExtractionComparison:
    """This program beside a plain library. ``lost`` are pages of which the library has a string that must come out, or
    half of the words, and this program none, or less than a tenth."""

    ours: ExtractionFigures
    plain: ExtractionFigures
    lost: tuple[str, ...]


def compare_extraction(
    folder: Path, ours: tuple[str, _ReadText], plain: tuple[str, _ReadText], tell: _TellLanguage
) -> ExtractionComparison:
    """The judged pages of a folder through both readers, each with its name; raises InputError for a broken set."""
    gold = read_gold_pages(folder)
    spanish = tuple(tell(page.gold) is Language.ES for page in gold)
    mine = _figures(ours, gold, spanish, folder)
    theirs = _figures(plain, gold, spanish, folder)
    pairs = zip(gold, mine.pages, theirs.pages, strict=True)
    return ExtractionComparison(
        mine, theirs, tuple(page.file for page, one, other in pairs if _is_lost(page, one, other))
    )


def _figures(
    reader: tuple[str, _ReadText], gold: Sequence[GoldPage], spanish: Sequence[bool], folder: Path
) -> ExtractionFigures:
    name, read_text = reader
    pages = tuple(_page_figures(page, folder, read_text) for page in gold)
    in_spanish = [index for index, is_spanish in enumerate(spanish) if is_spanish]
    must, must_not = sum(len(page.must_contain) for page in gold), sum(len(page.must_not_contain) for page in gold)
    return ExtractionFigures(
        reader=name,
        pages=pages,
        mean_f1=_mean_f1(pages),
        spanish_f1=_mean_f1([pages[index] for index in in_spanish]),
        contained=must - sum(len(page.lost) for page in pages),
        must_contain=must,
        kept_out=must_not - sum(len(page.slipped_in) for page in pages),
        must_not_contain=must_not,
        strings=_score(gold, pages),
        spanish_strings=_score([gold[index] for index in in_spanish], [pages[index] for index in in_spanish]),
    )


def _mean_f1(pages: Sequence[PageFigures]) -> float | None:
    known = [page.f1 for page in pages if page.f1 is not None]
    return sum(known) / len(known) if known else None


def _score(gold: Sequence[GoldPage], pages: Sequence[PageFigures]) -> StringScore | None:
    """The score that trafilatura's own evaluation prints: strings that came out rightly, wrongly, and not."""
    judged = [(page, found) for page, found in zip(gold, pages, strict=True) if page.must_contain]
    lost, wrong = sum(len(found.lost) for _, found in judged), sum(len(found.slipped_in) for _, found in judged)
    right = sum(len(page.must_contain) for page, _ in judged) - lost
    if not judged:
        return None
    precision = right / (right + wrong) if right + wrong else 0.0
    return StringScore(len(judged), precision, right / (right + lost), 2 * right / (2 * right + wrong + lost))


def _page_figures(page: GoldPage, folder: Path, read_text: _ReadText) -> PageFigures:
    path = folder / page.file
    try:
        text, error = read_text(path.read_bytes(), page.file), None
    except OSError as fault:
        raise InputError(str(path), say("cannot_be_read_at_all"), say("put_the_pages_beside_the_gold")) from fault
    except SourceError as fault:
        text, error = "", str(fault)
    precision, recall, f1 = (None, None, None) if page.main_text is None else token_f1(text, page.main_text)
    flat = _flat(text)
    lost = tuple(string for string in page.must_contain if _flat(string) not in flat)
    slipped_in = tuple(string for string in page.must_not_contain if _flat(string) in flat)
    return PageFigures(page.file, precision, recall, f1, lost, slipped_in, error)


def _is_lost(page: GoldPage, ours: PageFigures, plain: PageFigures) -> bool:
    if page.must_contain:
        return len(ours.lost) == len(page.must_contain) > len(plain.lost)
    return (ours.recall or 0.0) < 0.1 and (plain.recall or 0.0) >= 0.5


def _flat(text: str) -> str:
    return " ".join(text.split())


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
