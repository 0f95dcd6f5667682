"""Routes that check or read what the caller sends: citations, verify, analyze."""

from typing import Any

from fastapi import APIRouter, Depends

from api.http.auth import needs
from api.http.bodies import AnalyzeBody, CitationsBody
from api.routes.arguments import Base, known_parameters
from api.service.asking.names import read_language, read_wording
from api.service.citing import CitationsResponse
from api.service.verifying import VerifyResponse
from kb.citing.citation_words import parse_style
from kb.records.operation import Scope
from kb.records.statistic import Analysis

router = APIRouter(prefix="/v1", dependencies=[Depends(known_parameters)], tags=["check"])
READ = needs(Scope.READ)


@router.post("/citations", openapi_extra=READ)
def post_citations(base: Base, body: CitationsBody) -> CitationsResponse:
    """Citations of passages, statistics or documents in a style: apa, mla, chicago, bibtex, ris, csl-json."""
    return base.cite(body.ids, parse_style(body.style), read_wording(body.language), body.accessed)


@router.post("/verify", openapi_extra=READ)
def post_verify(base: Base, body: dict[str, Any]) -> VerifyResponse:
    """The judgement of every quote of an answer, as it was served or saved, read again in its source."""
    return base.verify(body)


@router.post("/analyze", openapi_extra=READ)
def post_analyze(base: Base, body: AnalyzeBody) -> Analysis:
    """Topics, statistics and sentences of any text."""
    return base.analyze(body.id, body.text, None if body.language is None else read_language(body.language))
