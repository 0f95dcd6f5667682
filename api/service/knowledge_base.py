"""``KnowledgeBase``: the single door behind HTTP, page, command line and agent tools.

Owns what a request needs from store and searcher, and the shape of what it gives back. No web
framework here; nothing of SQL, FAISS or models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from api.service.asking.facets import hit_facets, statistic_facets
from api.service.asking.filters import FilterWords, make_filters, make_statistic_query
from api.service.asking.paging import Order, decode_cursor, encode_cursor, fingerprint, ordered
from api.service.correcting import FigureReader, corrected_record, record_of
from api.service.hits import PlaceInList, document_lines, lines_of, pooled, shown
from api.service.hits import cite_span as cite_span
from api.service.parts import Records, Watching
from api.service.schemas import (
    CitedStatistic,
    DocumentResponse,
    DocumentsResponse,
    FacetCount,
    InfoResponse,
    JobsResponse,
    PassageResponse,
    RecordResponse,
    SearchResponse,
    StatisticsResponse,
    TopicLine,
)
from index.search.glossary import Glossary
from kb.records.document import Passage
from kb.records.errors import InputError
from kb.records.file_format import FileFormat
from kb.records.language import Language
from kb.records.messages import say
from kb.records.search import DocumentReference, Filters, Query, StatisticQuery
from kb.records.source import BY_HAND
from kb.records.topics import Topic
from kb.store import Store
from kb.store.disk.engine import BasePlace
from kb.store.remembering import Remembered

# What a search does not need loads where it is used: answers, figures and the checking of quotes take as long to load
# as a search to run.
if TYPE_CHECKING:
    from api.service.citing import CitationsResponse
    from api.service.genealogy import FigureHistory
    from api.service.verifying import VerifyResponse
    from index.answers.answering import EvidenceFinder
    from index.answers.judging.judge import Judge
    from index.search.figure_finding import FigureFinder, FoundFigure
    from index.search.searcher import Searcher
    from kb.citing.citation_words import Style
    from kb.records.answer import Answer
    from kb.records.statistic import Analysis

MAX_LIMIT = 100
# Hits that can be paged through and that facets count: past the first hundred a ranking by meaning is noise.
POOL = 100
_RELATED = 3
# Lists of figures that stay in memory until the base changes, for their next pages: 1 kB a figure at most.
_LISTS_KEPT = 4
_FigureList: TypeAlias = "tuple[list[FoundFigure], dict[str, tuple[FacetCount, ...]]]"


class TextAnalyser(FigureReader, Protocol):
    """The tagger and the figure reader for any text; made of ingest's parts where the program is wired."""

    def analyse(self, text_id: str, text: str, language: Language | None) -> Analysis:
        """Topics, statistics and sentences of the text."""
        ...


@dataclass(frozen=True, slots=True)
class NearPassage:
    """A passage and how like a text each of its sentences is (cosine, each language's mean taken out)."""

    passage: Passage
    scores: tuple[float, ...]


class KnowledgeBase:
    """Search, answers, statistics and records of one base; searcher and analyser are made at their first use."""

    def __init__(
        self,
        store: Store,
        searcher: Callable[[], Searcher],
        detect: Callable[[str], Language],
        analyser: Callable[[], TextAnalyser],
        public_url: str | None = None,
        judge: Callable[[], Judge] | None = None,
        dossier_template: Path | None = None,
    ) -> None:
        # For the modules of this folder and for what runs the base; every other door asks for a part with a name.
        self.store = store
        # What has a name of its own: what the base holds, who watches it, work in the background with the replies that
        # are kept of requests, the keys of callers, who sent which source.
        self.records: Records = store
        self.watching = Watching.of(store)
        self.jobs, self.keys, self.sources = store.jobs, store.keys, store.sources
        # Where others reach this base, without a slash at its end; null: references have no link into it.
        self.public_url = public_url
        # The DOCX file on whose paper dossiers are written; null: on our own.
        self.dossier_template = dossier_template
        self._make_searcher = searcher
        self._detect = detect
        self._make_analyser = analyser
        self._make_judge = judge

    @cached_property
    def _searcher(self) -> Searcher:
        return self._make_searcher()

    @cached_property
    def _finder(self) -> EvidenceFinder:
        from index.answers.answering import EvidenceFinder

        judge = self._make_judge() if self._make_judge else None
        return EvidenceFinder(self.store, self._searcher, Glossary.shipped(), judge=judge)

    @cached_property
    def _figures(self) -> FigureFinder:
        from index.search.figure_finding import FigureFinder

        return FigureFinder(self.store, lambda: self._searcher)

    @cached_property
    def _figure_lists(self) -> Remembered[tuple[StatisticQuery, Order | None], _FigureList]:
        return Remembered(self.store.version, _LISTS_KEPT)

    @cached_property
    def _analyser(self) -> TextAnalyser:
        return self._make_analyser()

    def warm_up(self) -> None:
        """Load what the first search needs, so that no user waits for it."""
        self._searcher.warm_up()

    def degraded(self) -> str | None:
        """Why search answers with less than all it has, or null."""
        return self._searcher.degraded

    @property
    def name(self) -> str:
        """What the base is called to people: its folder, or the server that has it."""
        return self.store.name

    def place(self, name: str) -> BasePlace:
        """What one program does for the base at a time."""
        return self.store.place(name)

    @property
    def read_only(self) -> bool:
        """Whether changes are refused."""
        return self.store.read_only

    def version(self) -> object:
        """What differs as soon as anything in the base does."""
        return self.store.version()

    def remove(self, document_id: str) -> None:
        """Remove a document; NotFoundError when it is not in the base."""
        self.store.remove(document_id)

    def correct(
        self,
        document_id: str,
        fields: Mapping[str, object],
        by: str,
        *,
        revision: int | None = None,
        origin: str = BY_HAND,
    ) -> RecordResponse:
        """The record of a document with these fields in it, written with its history; nothing is read or embedded anew.

        Null, or no names, says that a field is not known. InputError for a value that no field can have, NotFoundError
        for no document, ChangedError where ``revision`` is not that of the record.
        """
        return corrected_record(self.store, self._analyser, document_id, fields, by, revision, origin)

    # -- asking ----------------------------------------------------------------------------

    def filters(self, words: FilterWords) -> Filters:
        """The filters that these words ask for; a topic may be one that users added. InputError for a wrong word."""
        return make_filters(words, self.own_topics() if words.get("topic") else ())

    def figure_query(self, text: str | None, words: FilterWords, limit: int) -> StatisticQuery:
        """The query for statistics that these words ask for; InputError for a wrong word."""
        return make_statistic_query(text, words, limit, self.own_topics() if words.get("topic") else ())

    def search(self, query: Query, cursor: str | None = None) -> SearchResponse:
        """The page of hits for a query; InputError for an empty query or a foreign cursor."""
        _check(query)
        asked = fingerprint(query.text, query.filters)
        offset = decode_cursor(cursor, asked)
        ranking = self._searcher.ranked(Query(query.text, query.filters, POOL))
        pool = pooled(self.store, ranking.scored)
        end = offset + query.limit
        with_statistic = self.store.with_statistic([hit.passage.id for hit in pool])
        return SearchResponse(
            query=query.text,
            language=self._detect(query.text),
            searched=ranking.searched,
            total=len(pool),
            hits=shown(self.store, self._searcher, query.text, pool[offset:end]),
            facets=hit_facets(((hit.passage, hit.document) for hit in pool), with_statistic),
            next=encode_cursor(end, asked) if end < len(pool) else None,
            notes=ranking.notes,
            degraded=ranking.degraded is not None,
        )

    def near_passages(self, text: str, limit: int) -> list[NearPassage]:
        """The passages nearest to a text, best first, each with the likeness of every one of its sentences to it."""
        scored = self._searcher.search(Query(text, Filters(), limit))
        passages = self.store.passages([hit.key for hit in scored])
        scores = self._searcher.sentence_scores(text, passages)
        return [
            NearPassage(passages[hit.key], tuple(float(one) for one in scores[hit.key]))
            for hit in scored
            if hit.key in passages
        ]

    def place_in_list(self, query: Query, passage_id: str) -> PlaceInList | None:
        """Where a passage stands among the hits of a query; null when it is none of them. Its limit is not looked at:
        only the hits on both sides are explained, which is what takes time."""
        _check(query)
        ranking = self._searcher.ranked(Query(query.text, query.filters, POOL))
        pool = pooled(self.store, ranking.scored)
        at = next((index for index, hit in enumerate(pool) if hit.passage.id == passage_id), None)
        if at is None:
            return None
        beside = [pool[index] for index in (at - 1, at + 1) if 0 <= index < len(pool)]
        found = {hit.rank: hit for hit in shown(self.store, self._searcher, query.text, beside)}
        return PlaceInList(at + 1, len(pool), found.get(at), found.get(at + 2))

    def answer(self, question: str, language: Language | None, filters: Filters) -> Answer:
        """A cited answer, or "no evidence"; both with what is near. ``language`` sets the words around the quotes."""
        from api.service.citing import cited_finding
        from kb.citing.composing import compose, no_evidence

        _check(Query(question, filters))
        language = language or self._detect(question)
        findings = self._finder.find(question, filters)
        near = findings.near if findings.enough else findings.evidence
        related = pooled(self.store, [evidence.scored for evidence in near[:_RELATED]])
        hits = shown(self.store, self._searcher, question, related)
        if not findings.enough:
            answer = no_evidence(question, language, hits, findings.missing, findings.notes)
        else:
            cited = [cited_finding(one, cite_span) for one in findings.findings]
            answer = compose(question, language, cited, hits, findings.notes)
        return replace(answer, judge=findings.judge)

    def statistics(
        self, query: StatisticQuery, cursor: str | None = None, order: Order | None = None
    ) -> StatisticsResponse:
        """The page of statistics that fulfil the query, in this order; without one by nearness to the query's text
        (those too far from it are left out), or by document when it has none."""
        if query.limit < 1 or query.limit > MAX_LIMIT:
            raise InputError(say("limit", limit=query.limit), say("is_not_between_1_and", most=MAX_LIMIT))
        _check_words(query.text, query.source)
        asked = fingerprint(query, order)
        offset = decode_cursor(cursor, asked)
        found, facets = self._figure_list(query, order)
        end = offset + query.limit
        return StatisticsResponse(
            statistics=self._cited(found[offset:end]),
            total=len(found),
            facets=facets,
            next=encode_cursor(end, asked) if end < len(found) else None,
        )

    def every_statistic(self, query: StatisticQuery, order: Order | None = None) -> tuple[CitedStatistic, ...]:
        """All statistics that ``statistics`` would give page by page; the query's limit is not looked at."""
        _check_words(query.text, query.source)
        return self._cited(self._figure_list(query, order)[0])

    def history(self, statistic_id: str) -> FigureHistory:
        """Where a figure comes from and what became of it; NotFoundError when it is not in the base."""
        from api.service.genealogy import history_of

        return history_of(self.store, statistic_id, self._figures.claim(self.store.statistic(statistic_id)))

    def _cited(self, figures: Sequence[FoundFigure]) -> tuple[CitedStatistic, ...]:
        from api.service.citing import cited_figures

        return cited_figures(self.store, figures)

    def _figure_list(self, query: StatisticQuery, order: Order | None) -> _FigureList:
        """The whole list and its counts; the next page of one without words needs neither anew."""
        if query.text:  # what is near also follows from the model and the index at hand
            return self._made_figure_list(query, order)
        asked = (replace(query, limit=1), order)
        return self._figure_lists.get([asked], lambda _: {asked: self._made_figure_list(*asked)})[asked]

    def _made_figure_list(self, query: StatisticQuery, order: Order | None) -> _FigureList:
        found = self._figures.find(query)
        facets = statistic_facets((one.statistic, *one.also_in) for one in found)
        if order is None:
            return found, facets
        by_id = {one.statistic.id: one for one in found}
        return [by_id[statistic.id] for statistic in ordered([one.statistic for one in found], order)], facets

    def analyze(self, text_id: str, text: str, language: Language | None) -> Analysis:
        """Topics, statistics and sentences of any text."""
        return self._analyser.analyse(text_id, text, language)

    # -- records ---------------------------------------------------------------------------

    def passage(self, passage_id: str) -> PassageResponse:
        """A passage with its document and place; NotFoundError when it is not in the base."""
        passage = self.store.passage(passage_id)
        document = self.store.document(passage.document_id)
        return PassageResponse(
            passage,
            DocumentReference.of(document),
            document.place_of(passage.span),
            cite_span(document, passage, passage.span),
            self.store.is_current(document.id),
            document.corrected_at,
        )

    def document(self, document_id: str) -> DocumentResponse:
        """A document with its text, passages and removed blocks."""
        document = self.store.document(document_id)
        passages = tuple(self.store.passages_of(document_id))
        return DocumentResponse(document, self.store.is_current(document_id), passages, document.removed)

    def record(self, document_id: str) -> RecordResponse:
        """What is known of a document beside its text, with the history of it."""
        return record_of(self.store.document(document_id))

    def documents(self, limit: int | None = None, cursor: str | None = None) -> DocumentsResponse:
        """The current documents, by source; a page of them when ``limit`` is given."""
        asked = fingerprint("documents")
        offset = decode_cursor(cursor, asked)
        total = self.store.document_count()
        lines = document_lines(self.store, limit, offset)
        end = offset + len(lines)
        return DocumentsResponse(lines, total, encode_cursor(end, asked) if lines and end < total else None)

    def info(self, version: str, program: str) -> InfoResponse:
        """What the base holds, and what may be asked of it."""
        stamp = self.store.stamp()
        return InfoResponse(
            version=version,
            program=program,
            read_only=self.read_only,
            model=stamp.name if stamp else None,
            languages=tuple(Language),
            topics=tuple(Topic),
            own_topics=tuple(sorted(self.own_topics())),
            formats=tuple(FileFormat),
            counts=self.store.counts(),
        )

    def document_of(self, source_id: str) -> DocumentsResponse:
        """The current document that was sent under this name, as a list of one or none."""
        found = self.store.current_of(source_id)
        lines = () if found is None else lines_of(self.store, [self.store.document(found)])
        return DocumentsResponse(lines, len(lines))

    def newest_jobs(self, limit: int, cursor: str | None = None) -> JobsResponse:
        """A page of the jobs, newest first."""
        asked = fingerprint("jobs")
        offset = decode_cursor(cursor, asked)
        jobs, total = self.store.jobs.newest(limit, offset), self.store.jobs.total()
        end = offset + len(jobs)
        return JobsResponse(tuple(jobs), total, encode_cursor(end, asked) if jobs and end < total else None)

    def topics(self) -> tuple[TopicLine, ...]:
        """The five topics and how many passages have each."""
        counts = self.store.topic_counts()
        return tuple(TopicLine(topic, topic.label_es, topic.label_en, counts.get(topic, 0)) for topic in Topic)

    def own_topics(self) -> frozenset[str]:
        """The names of the topics that users added to the base; search filters by them too."""
        return frozenset(topic.name for topic in self.store.tagging.own_topics())

    # -- checking --------------------------------------------------------------------------

    def cite(
        self, ids: Sequence[str], style: Style, language: Language, accessed: date | None = None
    ) -> CitationsResponse:
        """The citations of passages, statistics or documents; NotFoundError for one that is not in the base."""
        from api.service.citing import cite

        return cite(self.store, ids, style, language, accessed, self.public_url)

    def verify(self, saved: Mapping[str, Any]) -> VerifyResponse:
        """The judgement of every quote of an answer as it was served or saved; InputError when it is none."""
        from api.service.verifying import verify

        return verify(self.store, saved)


def _check(query: Query) -> None:
    if not query.text.strip():
        raise InputError(say("query"), say("is_empty"), say("write_a_question_or_some_words"))
    _check_words(query.text, *query.filters.sources)
    if not 1 <= query.limit <= MAX_LIMIT:
        raise InputError(say("limit", limit=query.limit), say("is_not_between_1_and", most=MAX_LIMIT))


def _check_words(*words: str | None) -> None:
    """Refuse half of a character, which comes from broken JSON or from bytes that are not UTF-8."""
    try:
        "".join(one for one in words if one).encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(say("query"), say("is_not_text_in_valid_unicode"), say("write_it_in_utf_8")) from None
