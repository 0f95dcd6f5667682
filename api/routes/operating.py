"""Routes for operation: whether the process answers, whether the base can be searched, and what was counted."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from api.auth import needs
from api.metrics import MEDIA_TYPE, Metrics
from api.routes.arguments import Base
from kb.access import Scope

router = APIRouter(tags=["operate"])
_METRICS: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}


@router.get("/healthz", openapi_extra=needs(None))
async def healthz() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok"}


@router.get("/readyz", openapi_extra=needs(None))
def readyz(base: Base) -> dict[str, str | int]:
    """Whether the base can be searched, and how much is in it."""
    return {"status": "degraded" if base.degraded() else "ready", **base.store.counts()}


@router.get("/metrics", response_class=Response, responses=_METRICS, openapi_extra=needs(Scope.READ))
def metrics(request: Request, base: Base) -> Response:
    """Counts for Prometheus: requests and their time by route, the size of the base, jobs by state."""
    counted: Metrics = request.app.state.metrics
    return Response(counted.text(base), media_type=MEDIA_TYPE)
