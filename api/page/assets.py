"""The page's own files: style, scripts, fonts. Only files of the folder ``static`` are served, by their exact names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from api.page.door import PageRoute
from kb.errors import NotFoundError

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
_DAY = 24 * 3600


@lru_cache(maxsize=1)
def assets() -> Mapping[str, Path]:
    """Every file that is served, by its name under ``/static/``."""
    folder = Path(str(files("api.page"))) / "static"
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.suffix in _TYPES}


@lru_cache(maxsize=1)
def edition() -> str:
    """A hash of all the files: it stands in their addresses, so that no browser mixes two editions."""
    digest = hashlib.sha256()
    for name, path in assets().items():
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@router.get("/static/{name:path}")
def get_asset(request: Request, name: str) -> Response:
    """A file of the page; an address with the edition may be kept for a year."""
    path = assets().get(name)
    if path is None:
        raise NotFoundError(f"file {name[:80]!r}", "is not part of the page")
    kept = (
        "public, max-age=31536000, immutable"
        if request.query_params.get("v") == edition()
        else f"public, max-age={_DAY}"
    )
    return FileResponse(path, media_type=_TYPES[path.suffix], headers={"Cache-Control": kept})
