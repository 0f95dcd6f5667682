"""Lists of figures without words over the samples: what is in them, in what order and in which groups, as recorded
when every list was made by comparing each figure with all that came before it; anew where another choice of sources,
years and samples changed what is listed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.service.asking.filters import make_statistic_query
from api.service.asking.paging import Order, SortColumn
from api.service.knowledge_base import KnowledgeBase
from kb.records.search import StatisticQuery
from kb.store import Store
from tests.api.conftest import knowledge_base_of

CASES = json.loads((Path(__file__).parents[1] / "cases" / "figure_lists.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def base(sample_base: str) -> Iterator[KnowledgeBase]:
    store = Store.open(Path(sample_base))
    yield knowledge_base_of(store)
    store.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(case["words"]) or "all")
def test_a_list_is_what_it_was(case: dict[str, Any], base: KnowledgeBase) -> None:
    """Page by page, each page by itself: the same figures, order, other places and numbers of sources."""
    query = make_statistic_query(None, case["words"], 20)
    pages = [base.statistics(query)]
    while pages[-1].next:
        pages.append(base.statistics(query, pages[-1].next))
    found = [one for page in pages for one in page.statistics]

    assert [[one.statistic.id, *(place.statistic_id for place in one.also_in)] for one in found] == case["found"]
    assert [one.sources for one in found] == case["sources"]
    assert {page.total for page in pages} == {len(case["found"])}
    assert [page.facets for page in pages] == [pages[0].facets] * len(pages)


def test_an_order_is_of_the_whole_list(base: KnowledgeBase) -> None:
    query = StatisticQuery(limit=100)
    found = base.statistics(query, order=Order(SortColumn.YEAR, descending=True)).statistics
    years = [one.statistic.year for one in found]
    dated = [year for year in years if year is not None]

    assert dated == sorted(dated, reverse=True)
    assert years == dated + [None] * (len(years) - len(dated))
    assert {one.statistic.id for one in found} == {one.statistic.id for one in base.statistics(query).statistics}
