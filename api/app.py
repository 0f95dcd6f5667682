"""The HTTP application: routes, problems, health and security headers around one open base."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response

from api import problems
from api.routes import router
from api.service import KnowledgeBase

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
# /docs is FastAPI's page, which loads its script from another host; everything else serves data only.
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


def create_app(knowledge_base: KnowledgeBase) -> FastAPI:
    """The application that serves this base."""
    app = FastAPI(title="CX knowledge base", version="1", docs_url=None, redoc_url=None)
    app.state.knowledge_base = knowledge_base
    app.include_router(router)
    problems.install(app)

    @app.middleware("http")
    async def secure(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", _DATA_POLICY)
        return response

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """Whether the process answers."""
        return {"status": "ok"}

    @app.get("/readyz")
    def readyz() -> dict[str, str | int]:
        """Whether the base can be searched, and how much is in it."""
        return {"status": "ready", **knowledge_base.store.counts()}

    return app
