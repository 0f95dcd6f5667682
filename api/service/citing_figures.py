"""Statistics with the citation of their sentence, of every other place that has them, and as sentences to copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.service.copy_ready import attributions, copy_ready, reported_by
from api.service.hits import cite_span as cite_span
from api.service.schemas import CitedStatistic, FigurePlace
from index.search.figure_finding import FoundFigure
from kb.records.document import Document
from kb.records.search import Citation
from kb.records.statistic import Statistic
from kb.store import Store


def cited_figures(store: Store, figures: Sequence[FoundFigure]) -> tuple[CitedStatistic, ...]:
    """The figures with their citations, each document read once."""
    return _Citer(store).cite_all(figures)


class _Citer:
    """Keeps the documents that were read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._documents: dict[str, Document] = {}

    def cite_all(self, figures: Sequence[FoundFigure]) -> tuple[CitedStatistic, ...]:
        whole = self._store.statistics_with([one.id for each in figures for one in (each.statistic, *each.also_in)])
        return tuple(self._cited(each, whole) for each in figures)

    def _cited(self, figure: FoundFigure, whole: Mapping[str, Statistic]) -> CitedStatistic:
        statistic = whole[figure.statistic.id]
        citation = self._citation(statistic)
        also_in = (whole[one.id] for one in figure.also_in)
        others = (FigurePlace(one.id, one.raw, one.language, self._citation(one)) for one in also_in)
        ready = copy_ready(statistic, citation)
        return CitedStatistic(
            statistic,
            citation,
            tuple(others),
            ready,
            figure.score,
            attributions(statistic, citation),
            figure.sources,
            reported_by(statistic, citation.document),
        )

    def _citation(self, statistic: Statistic) -> Citation:
        passage = self._store.passage(statistic.passage_id)
        document = self._documents.get(passage.document_id)
        if document is None:
            document = self._documents[passage.document_id] = self._store.document(passage.document_id)
        return cite_span(document, passage, statistic.quote_span)
