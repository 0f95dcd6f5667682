"""The coverage page: how many passages there are by topic, language and year, with the gaps visible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from api.page.addresses import SearchState
from api.page.door import READ, Base, PageRoute
from api.page.rendering import render
from api.service import KnowledgeBase
from kb.language import Language
from kb.search import Filters
from kb.topics import Topic

router = APIRouter(route_class=PageRoute, include_in_schema=False)
LANGUAGES = (Language.ES, Language.EN)
STEPS = 5


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """Passages of one topic, language and year (null: documents without a date)."""

    topic: Topic
    language: Language
    year: int | None
    passages: int


@router.get("/coverage", openapi_extra=READ)
def get_coverage(request: Request, base: Base) -> Response:
    """The heat map; a click on a cell is a search."""
    cells = coverage(base)
    years = sorted({cell.year for cell in cells if cell.year is not None})
    most = max((cell.passages for cell in cells), default=0)
    context: dict[str, Any] = {
        "years": [*years, None] if any(cell.year is None for cell in cells) else years,
        "languages": LANGUAGES,
        "rows": {(cell.topic, cell.language, cell.year): cell.passages for cell in cells},
        "heat": lambda passages: 0 if not passages else 1 + (STEPS - 1) * passages // max(most, 1),
        "address": cell_address,
        "totals": _totals(cells),
    }
    return render(request, "coverage.html", context, twin="/v1/coverage")


def coverage(base: KnowledgeBase) -> tuple[CoverageCell, ...]:
    """A cell for every topic, language and year that any current document has."""
    found = {document.year for document in base.store.documents()}
    years = [*sorted(year for year in found if year is not None), *([None] if None in found else [])]
    return tuple(
        CoverageCell(topic, language, year, _count(base, topic, language, year))
        for topic in Topic
        for language in LANGUAGES
        for year in years
    )


def _count(base: KnowledgeBase, topic: Topic, language: Language, year: int | None) -> int:
    """The passages of a cell; of the undated ones all that no year holds."""
    both = Filters(topics=frozenset({topic}), languages=frozenset({language}))
    if year is not None:
        return _matching(base, Filters(topics=both.topics, languages=both.languages, year_from=year, year_to=year))
    dated = Filters(topics=both.topics, languages=both.languages, year_from=1)
    return _matching(base, both) - _matching(base, dated)


def _matching(base: KnowledgeBase, filters: Filters) -> int:
    keys = base.store.keys_matching(filters)
    return 0 if keys is None else len(keys)


def _totals(cells: tuple[CoverageCell, ...]) -> dict[tuple[Topic, Language], int]:
    totals: dict[tuple[Topic, Language], int] = {}
    for cell in cells:
        key = (cell.topic, cell.language)
        totals[key] = totals.get(key, 0) + cell.passages
    return totals


def cell_address(topic: Topic, language: Language, year: int | None, words: str) -> str:
    """The search that a cell stands for: its topic's name, narrowed to the cell."""
    text = "" if year is None else str(year)
    return SearchState(words, topic=(topic.value,), language=(language.value,), year_from=text, year_to=text).address()
