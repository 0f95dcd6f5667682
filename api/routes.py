"""The routes under ``/v1``: each parses its words, asks the service, and gives back a record."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from api.filters import make_filters, make_statistic_query
from api.schemas import (
    MAX_QUERY,
    AnalyzeBody,
    AnswerBody,
    DocumentResponse,
    DocumentsResponse,
    PassageResponse,
    SearchResponse,
    StatisticsResponse,
    TopicLine,
)
from api.service import MAX_LIMIT, KnowledgeBase
from kb import search
from kb.analysis import Analysis
from kb.answer import Answer
from kb.language import parse_language

router = APIRouter(prefix="/v1")


def knowledge_base(request: Request) -> KnowledgeBase:
    """The open base of this application."""
    kb: KnowledgeBase = request.app.state.knowledge_base
    return kb


Base = Annotated[KnowledgeBase, Depends(knowledge_base)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Year = Annotated[int | None, Query(ge=1000, le=9999)]
Words = Annotated[str | None, Query(max_length=MAX_QUERY)]
Names = Annotated[list[str], Query(max_length=20)]


@router.get("/search")
def get_search(
    base: Base,
    q: Annotated[str, Query(min_length=1, max_length=MAX_QUERY)],
    limit: Limit = 10,
    cursor: str | None = None,
    topic: Names = [],
    language: Names = [],
    year_from: Year = None,
    year_to: Year = None,
    source: Names = [],
    has_statistic: bool | None = None,
) -> SearchResponse:
    """Passages in both languages that answer the question or are about the words."""
    filters = make_filters(topic, language, year_from, year_to, source, has_statistic)
    return base.search(search.Query(q, filters, limit), cursor)


@router.post("/answers")
def post_answers(base: Base, body: AnswerBody) -> Answer:
    """A cited answer in sentences of the sources, or "no evidence"."""
    asked = body.filters
    filters = make_filters(
        asked.topic, asked.language, asked.year_from, asked.year_to, asked.source, asked.has_statistic
    )
    return base.answer(body.question, None if body.language is None else parse_language(body.language), filters)


@router.get("/statistics")
def get_statistics(
    base: Base,
    q: Words = None,
    kind: str | None = None,
    topic: str | None = None,
    language: str | None = None,
    min: Annotated[float | None, Query(allow_inf_nan=False)] = None,
    max: Annotated[float | None, Query(allow_inf_nan=False)] = None,
    year_from: Year = None,
    year_to: Year = None,
    source: Words = None,
    has_sample_size: bool | None = None,
    limit: Limit = 50,
    cursor: str | None = None,
) -> StatisticsResponse:
    """Statistics with their citations, by meaning or by number."""
    query = make_statistic_query(q, kind, topic, language, min, max, year_from, year_to, source, has_sample_size, limit)
    return base.statistics(query, cursor)


@router.get("/passages/{passage_id}")
def get_passage(base: Base, passage_id: str) -> PassageResponse:
    """A passage, its document and its place in the original."""
    return base.passage(passage_id)


@router.get("/documents")
def get_documents(base: Base) -> DocumentsResponse:
    """The current documents."""
    return base.documents()


@router.get("/documents/{document_id}")
def get_document(base: Base, document_id: str) -> DocumentResponse:
    """A document with its text, its passages and what was removed from it."""
    return base.document(document_id)


@router.get("/topics")
def get_topics(base: Base) -> tuple[TopicLine, ...]:
    """The five topics and how many passages have each."""
    return base.topics()


@router.post("/analyze")
def post_analyze(base: Base, body: AnalyzeBody) -> Analysis:
    """Topics, statistics and sentences of any text."""
    return base.analyze(body.id, body.text, None if body.language is None else parse_language(body.language))
