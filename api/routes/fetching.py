"""Addresses sent over HTTP: checked by their spelling, kept as a job, and fetched by whoever runs jobs.

This process connects to none of them and asks no name server, so no caller can hold it up with a slow one.
"""

from fastapi import APIRouter, Depends, Request, Response

from api.http.auth import needs
from api.http.bodies import UrlsBody
from api.http.problems import Refusal
from api.jobs.intake import Incoming
from api.routes.arguments import Base, Taking, known_parameters
from api.routes.ingesting import queued
from api.routes.repeating import Repeatable
from kb.outside.addresses import check_spelling
from kb.records.errors import InputError, SourceError
from kb.records.messages import say
from kb.records.operation import Job, Scope

router = APIRouter(prefix="/v1", dependencies=[Depends(known_parameters)], tags=["ingest"])


@router.post("/ingest/urls", status_code=202, response_model=Job, openapi_extra=needs(Scope.INGEST))
def post_urls(request: Request, base: Base, intake: Taking, body: UrlsBody, repeat: Repeatable) -> Response:
    """Take in addresses of pages, sitemaps and feeds; the job that fetches and ingests them. Only addresses on the open
    internet, and only where the operator allows fetching."""
    if not request.app.state.network:
        raise Refusal("network_off")
    return queued(base, intake, repeat, _incoming(body))


def _incoming(body: UrlsBody) -> list[Incoming]:
    """Each address once, with what is known of it; InputError for one that is never fetched."""
    urls = list(dict.fromkeys(body.urls))
    for name in body.metadata:
        if name not in urls:
            known = say("use_one_of", known=", ".join(urls[:20]))
            raise InputError(say("field_metadata"), say("names_what_was_not_sent", name=name), known)
    for url in urls:
        try:
            check_spelling(url)
        except SourceError as error:
            raise InputError(url, error.reason, error.hint) from None
    about = {url: fields.model_dump(exclude_none=True) for url, fields in body.metadata.items()}
    return [Incoming.at(url, about.get(url)) for url in urls]
