"""The route that exports: documents, passages, statistics or an answer as a file, each row with its citation."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from api.files.delimited import parse_separators
from api.files.export_files import export
from api.files.export_requests import FILTERS, ExportFormat, ExportWords, parse_format, read_export
from api.http.auth import needs
from api.http.field_faults import Today
from api.routes.arguments import PARTS, Base, Name, Words, filter_words, known_parameters
from api.service.asking.filters import FilterWords
from api.service.knowledge_base import MAX_LIMIT
from api.words.wording import accepted_language
from kb.records.operation import Scope

router = APIRouter(prefix="/v1", dependencies=[Depends(known_parameters)], tags=["export"])
_ExportFilters = Annotated[FilterWords, Depends(filter_words(FILTERS))]


@router.get(
    "/export", response_class=StreamingResponse, responses={200: PARTS["export"]}, openapi_extra=needs(Scope.EXPORT)
)
def get_export(
    request: Request,
    base: Base,
    today: Today,
    filters: _ExportFilters,
    q: Words = None,
    what: Name = None,
    format: Name = "jsonl",
    sort: Name = None,
    limit: Annotated[int | None, Query(ge=1, le=MAX_LIMIT)] = None,
    style: Name = "apa",
    separators: Name = "en",
    originals: bool = False,
) -> StreamingResponse:
    """Documents, passages, statistics or the answer to a question (``what``), as jsonl, md, docx, html, xlsx or csv.

    Without ``what`` it is the passages that ``q`` finds, or without words every document, in the shape that ingestion
    takes. A parameter that does not belong to what is exported is refused. Words around the quotes follow
    Accept-Language. With ``originals`` the lines of documents hold their bytes, too.
    """
    form = parse_format(format or "jsonl")
    words = ExportWords(q, what, filters, sort, limit, style or "apa", originals)
    wording = accepted_language(request.headers.get("accept-language"))
    asked = read_export(words, wording, form, today(), base.own_topics() if filters.get("topic") else ())
    made = export(base, asked, form, parse_separators(separators or "en"))
    headers = {"X-Total-Count": str(made.count)}
    if made.notes:
        headers["X-Export-Notes"] = quote(" ".join(made.notes), safe=" ")
    if form is not ExportFormat.JSONL:
        headers["Content-Disposition"] = f'attachment; filename="{asked.what.value}.{form.value}"'
    return StreamingResponse(iter(made.pieces), headers=headers, media_type=form.media_type)
