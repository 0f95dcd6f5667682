"""The one time at which everything is done that needs a time of its own."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
