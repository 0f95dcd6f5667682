"""How much of a page's main text comes out, and what comes out that should not.

Owns the gold rows (``extract_gold.jsonl``) and the figures. Refuses to know readers: the function that
turns bytes into canonical text is handed in.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kb.records.errors import InputError, SourceError
from kb.records.messages import say

ReadText = Callable[[bytes, str], str]
"""Original bytes and a file name to the canonical text; raises SourceError."""

_GOLD_NAME = "extract_gold.jsonl"
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page as a reader sees it: its main text, and strings that must and must not come out."""

    file: str
    main_text: str
    must_contain: tuple[str, ...]
    must_not_contain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageFigures:
    """One page: precision, recall and F1 over words (0 to 1), strings lost and strings that slipped in.

    ``error`` says why the page could not be read; then the figures are 0 and every string is lost.
    """

    file: str
    precision: float
    recall: float
    f1: float
    lost: tuple[str, ...]
    slipped_in: tuple[str, ...]
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ExtractionFigures:
    """All pages, the mean F1, and how many of the strings that must and must not come out are right."""

    pages: tuple[PageFigures, ...]
    mean_f1: float
    contained: int
    must_contain: int
    kept_out: int
    must_not_contain: int


def read_gold_pages(folder: Path) -> tuple[GoldPage, ...]:
    """The gold rows of a folder; raises InputError when there are none or a row is broken."""
    path = folder / _GOLD_NAME
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise InputError(
            str(path), say("cannot_be_read_at_all"), say("name_a_folder_with_file", file=_GOLD_NAME)
        ) from error
    rows = tuple(_gold_page(line, number, path) for number, line in enumerate(lines, start=1) if line.strip())
    if not rows:
        raise InputError(str(path), say("holds_no_rows"), say("give_one_json_object_a_line"))
    return rows


def _gold_page(line: str, number: int, path: Path) -> GoldPage:
    try:
        row = json.loads(line)
        must, must_not = row.get("must_contain", ()), row.get("must_not_contain", ())
        return GoldPage(row["file"], row["main_text"], tuple(must), tuple(must_not))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        shape = say("give_file_main_text_must_contain")
        raise InputError(f"{path}:{number}", say("is_not_a_gold_page", error=error), shape) from error


def evaluate_extraction(folder: Path, read_text: ReadText) -> ExtractionFigures:
    """The figures of every gold page of a folder; a page that cannot be read counts as lost."""
    gold = read_gold_pages(folder)
    pages = tuple(_page_figures(page, folder, read_text) for page in gold)
    must, must_not = sum(len(page.must_contain) for page in gold), sum(len(page.must_not_contain) for page in gold)
    return ExtractionFigures(
        pages=pages,
        mean_f1=sum(page.f1 for page in pages) / len(pages),
        contained=must - sum(len(page.lost) for page in pages),
        must_contain=must,
        kept_out=must_not - sum(len(page.slipped_in) for page in pages),
        must_not_contain=must_not,
    )


def _page_figures(page: GoldPage, folder: Path, read_text: ReadText) -> PageFigures:
    path = folder / page.file
    try:
        text = read_text(path.read_bytes(), page.file)
    except OSError as error:
        raise InputError(str(path), say("cannot_be_read_at_all"), say("put_the_pages_beside_the_gold")) from error
    except SourceError as error:
        return PageFigures(page.file, 0.0, 0.0, 0.0, page.must_contain, (), str(error))
    precision, recall, f1 = token_f1(text, page.main_text)
    flat = _flat(text)
    lost = tuple(string for string in page.must_contain if _flat(string) not in flat)
    slipped_in = tuple(string for string in page.must_not_contain if _flat(string) in flat)
    return PageFigures(page.file, precision, recall, f1, lost, slipped_in)


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
