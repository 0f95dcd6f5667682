"""Routes for operation: whether the process answers, whether the base can be searched, and what was counted."""

from fastapi import APIRouter, Request, Response

from api.http.auth import needs
from api.http.metrics import MEDIA_TYPE, Metrics
from api.http.problems import Refusal
from api.jobs.intake import Inbox
from api.routes.arguments import PARTS, Base
from api.service.schemas import InfoResponse
from api.settings import program_version
from kb.records.operation import Scope

router = APIRouter(tags=["operate"])


@router.get("/healthz", openapi_extra=needs(None))
async def healthz() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok"}


@router.get("/readyz", openapi_extra=needs(None))
def readyz(request: Request, base: Base) -> dict[str, str | int | bool]:
    """Whether the base can be searched and jobs are run, and how much is in it; ``read_only`` where it cannot be
    written."""
    intake: Inbox | None = request.app.state.intake
    fault = None if intake is None else intake.fault()
    if fault is not None:
        raise Refusal("jobs_stopped", fault, {"Retry-After": "5"})
    closed = {"read_only": True} if base.read_only else {}
    return {"status": "degraded" if base.degraded() else "ready", **base.records.counts(), **closed}


@router.get("/v1/info", openapi_extra=needs(Scope.READ))
def get_info(request: Request, base: Base) -> InfoResponse:
    """What this server is and holds: its version, its model, and what may be asked for."""
    return base.info(request.app.version, program_version())


@router.get("/metrics", response_class=Response, responses={200: PARTS["text"]}, openapi_extra=needs(Scope.READ))
def metrics(request: Request, base: Base) -> Response:
    """Counts for Prometheus: requests and their time by route, the size of the base, jobs by state."""
    counted: Metrics = request.app.state.metrics
    return Response(counted.text(base), media_type=MEDIA_TYPE)
