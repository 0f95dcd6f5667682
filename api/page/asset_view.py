"""Serves the page's own files, to everybody: those of the folder ``static`` alone, by their exact names."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from api.http.auth import needs
from api.page.assets import TEXTS, TYPES, assets, edition, packed_asset, takes_gzip
from api.page.door import PageRoute
from kb.records.errors import NotFoundError
from kb.records.messages import say

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_DAY, _YEAR = 24 * 3600, 365 * 24 * 3600


@router.get("/static/{name:path}", openapi_extra=needs(None))
def get_asset(request: Request, name: str) -> Response:
    """A file of the page; an address with the edition may be kept for a year."""
    path = assets().get(name)
    if path is None:
        raise NotFoundError(say("file_named", name=name[:80]), say("is_not_part_of_the_page"))
    same_edition = request.query_params.get("v") == edition()
    kept = f"public, max-age={_YEAR}, immutable" if same_edition else f"public, max-age={_DAY}"
    kind, headers = TYPES[path.suffix], {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    if path.suffix in TEXTS and takes_gzip(request):
        return Response(packed_asset(name), headers={**headers, "Content-Encoding": "gzip"}, media_type=kind)
    return FileResponse(path, media_type=kind, headers=headers)
