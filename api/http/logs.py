"""Logs as one JSON object a line. No key and no query text stands in them: only route templates are written."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

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
