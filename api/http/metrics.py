"""What the server counts for Prometheus: requests and their time by route, and the state of base and queue."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from api.service.knowledge_base import KnowledgeBase
from kb.records.operation import JobState

MEDIA_TYPE = CONTENT_TYPE_LATEST
# A search takes 10 to 60 ms on two cores; an analysis of a long text seconds.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "kb_requests", "Requests by route and status.", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "kb_request_seconds",
            "Time to the end of the response by route.",
            ["method", "route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._size = Gauge("kb_base_size", "What is in the base.", ["what"], registry=self._registry)
        self._jobs = Gauge("kb_jobs", "Jobs by state.", ["state"], registry=self._registry)
        self._degraded = Gauge("kb_degraded", "1 while search answers with less than all.", registry=self._registry)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Add one request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self, knowledge_base: KnowledgeBase) -> bytes:
        """Everything in the Prometheus text format, the state of the base read now."""
        for what, count in knowledge_base.records.counts().items():
            self._size.labels(what).set(count)
        for state in JobState:
            self._jobs.labels(state.value).set(knowledge_base.jobs.count(state))
        self._degraded.set(1 if knowledge_base.degraded() else 0)
        return generate_latest(self._registry)


access_log = logging.getLogger("kb.access")


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON: time, level, logger, message, and the ``fields`` it carries.

    Of an error its class and its frames are written; its text may repeat what a caller sent.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            frames = traceback.extract_tb(error.__traceback__)[-12:]
            line["error"] = type(error).__name__
            line["frames"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=True)


def write_to_stderr() -> None:
    """Send the server's logs to stderr, one JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    for name in ("kb", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(logging.INFO if name == "kb" else logging.WARNING)


def log_request(fields: dict[str, Any]) -> None:
    """One line about one request."""
    access_log.info("request", extra={"fields": fields})
