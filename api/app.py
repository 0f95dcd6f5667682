"""The HTTP application around one open base: routes, problems, the gate, and the life of the job runner."""

import asyncio
import threading
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date

from anyio import to_thread
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute

from api.agents.agent_door import AgentDoor, agent_route
from api.http import problems
from api.http.auth import Access
from api.http.gate import Gate, GateParts
from api.http.limits import Rates, RequestLimits
from api.http.metrics import Metrics
from api.http.proxies import Proxies
from api.jobs.intake import Inbox
from api.routes import all_routes
from api.routes.arguments import NotModified
from api.routes.contract import describe
from api.service.knowledge_base import KnowledgeBase
from api.watching.courier import Courier, MessageSender

VERSION = "1.0"
# Requests that are worked on at once; others wait for their turn. Each thread holds a connection with its pages and
# a heap of its own, and more of them than this only take turns on few cores.
_THREADS = 16


def create_app(
    knowledge_base: KnowledgeBase,
    *,
    access: Access | None = None,
    limits: RequestLimits | None = None,
    intake: Inbox | None = None,
    courier: Courier | None = None,
    proxies: Proxies | None = None,
    cors_origins: Sequence[str] = (),
    network: bool = False,
    extra_routes: Sequence[APIRoute] = (),
) -> FastAPI:
    """The application that serves this base.

    ``intake`` takes in uploads (null: they are refused) and ``courier`` delivers to webhooks (null: nobody does);
    ``extra_routes`` are served beside the API and
    declare their scope as its own routes do. ``network`` says whether whoever runs jobs fetches addresses. No other
    origin may read answers, and no proxy say for whom it asks, unless it is named.
    """
    limits, access, proxies = limits or RequestLimits(), access or Access(), proxies or Proxies()
    app = FastAPI(
        title="CX knowledge base",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        lifespan=_life(intake, courier),
    )
    app.router.routes.extend([*all_routes(), agent_route(), *extra_routes])
    metrics = Metrics()
    app.state.knowledge_base = knowledge_base
    app.state.intake = intake
    app.state.limits = limits
    app.state.network = network
    app.state.proxies = proxies
    app.state.metrics = metrics
    app.state.page_today = date.today
    app.state.agent_door = AgentDoor(knowledge_base)
    app.state.cors_origins = frozenset(cors_origins)
    app.state.sender = courier.sender if courier is not None else MessageSender()
    app.state.access = access
    # What shows a person why a request was refused; programs get a problem document.
    app.state.refusal_page = None
    app.state.stopping = threading.Event()
    # Tags of an earlier run mean nothing to this one: the program may answer otherwise now.
    app.state.instance = uuid.uuid4().hex
    problems.install(app)
    app.add_exception_handler(NotModified, _not_modified)
    describe(app)
    rates = Rates(limits.rate_per_minute, time.monotonic)
    parts = GateParts(knowledge_base.keys, access, limits, rates, metrics, proxies, lambda: _routes(app))
    if cors_origins:
        app.add_middleware(CORSMiddleware, allow_origins=list(cors_origins), allow_methods=["*"], allow_headers=["*"])
    app.add_middleware(Gate, parts=parts)
    return app


def _routes(app: FastAPI) -> list[APIRoute]:
    """Every route that is served now, those of the page too."""
    return [route for route in app.routes if isinstance(route, APIRoute)]


def _life(intake: Inbox | None, courier: Courier | None) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = _THREADS
        if intake is not None:
            intake.start()
        if courier is not None:
            courier.start()
        yield
        app.state.stopping.set()
        await app.state.agent_door.close()
        # At the same time: each waits for what it has in hand.
        await asyncio.gather(*(asyncio.to_thread(one.stop) for one in (courier, intake) if one is not None))

    return life


def _not_modified(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)  # noqa: S101 - Starlette hands over what was named
    return Response(status_code=304, headers=error.headers)
