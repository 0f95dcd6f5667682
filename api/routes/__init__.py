"""The HTTP routes, a module for each thing that callers come for. Each declares the scope it needs."""

from fastapi.routing import APIRoute

from api.routes import asking, checking, exporting, ingesting, operating, records, viewing, watching

ROUTERS = (
    asking.router,
    records.router,
    exporting.router,
    viewing.router,
    watching.router,
    checking.router,
    ingesting.router,
    operating.router,
)

__all__ = ["ROUTERS", "all_routes"]


def all_routes() -> list[APIRoute]:
    """Every route of the API, in order."""
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
