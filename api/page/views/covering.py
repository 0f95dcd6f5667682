"""The coverage page: how many passages there are by topic, language and year, with the gaps visible."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from api.page.addresses import Chosen, SearchState
from api.page.door import READ, Base, PageRoute
from api.page.rendering import render
from api.service.coverage import LANGUAGES, CoverageCell, coverage
from kb.records.language import Language
from kb.records.topics import Topic

router = APIRouter(route_class=PageRoute, include_in_schema=False)

STEPS = 5
# More years in a row without any document are one column.
_LONG_GAP = 4


@dataclass(frozen=True, slots=True)
class YearColumn:
    """A year, or the first and the last of some that nothing is from; null for what has no date."""

    first: int | None
    last: int | None


@router.get("/coverage", openapi_extra=READ)
def get_coverage(request: Request, base: Base) -> Response:
    """The heat map; a click on a cell is a search."""
    cells = coverage(base)
    most = max((cell.passages for cell in cells), default=0)
    context: dict[str, Any] = {
        "columns": columns({cell.year for cell in cells}),
        "languages": LANGUAGES,
        "cells": {(cell.topic, cell.language, cell.year): cell for cell in cells},
        "heat": lambda passages: 0 if not passages else 1 + (STEPS - 1) * passages // max(most, 1),
        "address": _cell_address,
        "totals": _totals(cells),
        "unsure": any(cell.unsure for cell in cells),
    }
    return render(request, "coverage.html", context, twin="/v1/coverage")


def columns(years: Collection[int | None]) -> list[YearColumn]:
    """Every year from the newest to the oldest, a long gap as one column; what has no date stands last."""
    dated = sorted({year for year in years if year is not None}, reverse=True)
    made: list[YearColumn] = []
    for newer, year in zip([None, *dated], dated, strict=False):
        missing = list(range((newer or year) - 1, year, -1))
        if len(missing) > _LONG_GAP:
            made.append(YearColumn(year + 1, (newer or year) - 1))
        else:
            made += [YearColumn(one, one) for one in missing]
        made.append(YearColumn(year, year))
    return [*made, YearColumn(None, None)] if None in years else made


def _totals(cells: tuple[CoverageCell, ...]) -> dict[tuple[Topic, Language], int]:
    totals: dict[tuple[Topic, Language], int] = {}
    for cell in cells:
        key = (cell.topic, cell.language)
        totals[key] = totals.get(key, 0) + cell.passages
    return totals


def _cell_address(topic: Topic, language: Language, year: int | None, words: str) -> str:
    """The search that a cell stands for: its topic's name, narrowed to the cell."""
    text = "" if year is None else str(year)
    chosen: Chosen = {"topic": (topic.value,), "language": (language.value,), "year_from": text, "year_to": text}
    return SearchState(words, chosen).address()
