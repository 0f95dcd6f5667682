"""A plugin of pytest: each property is tried with 10,000 cases, but where its own test names another number."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("torture", max_examples=10_000, deadline=None)
settings.load_profile("torture")
