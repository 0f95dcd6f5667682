"""The list of documents: what the base holds, and the way into each."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.page.door import READ, Base, PageRoute
from api.page.rendering import render

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/documents", openapi_extra=READ)
def get_documents(request: Request, base: Base) -> Response:
    """Every current document with its languages, its date and what is in it."""
    context = {"documents": base.documents().documents, "counts": base.store.counts()}
    return render(request, "documents.html", context, twin="/v1/documents")
