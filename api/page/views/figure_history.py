"""The page of one figure: where it stands first, who repeats it and what each changed, and the figures that differ."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.page.addresses import place_address
from api.page.door import READ, Base, PageRoute
from api.page.rendering import render

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/statistics/{statistic_id}/history", openapi_extra=READ)
def get_history(request: Request, base: Base, statistic_id: str) -> Response:
    """The places of the figure in order of age."""
    context = {"history": base.history(statistic_id), "address": place_address}
    return render(request, "history.html", context, twin=f"/v1/statistics/{statistic_id}/history")
