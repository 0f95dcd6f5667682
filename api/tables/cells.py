"""What a cell of a table can hold, and text made safe: no spreadsheet takes it for a formula. Numbers stay numbers."""

from __future__ import annotations

import re
from decimal import Decimal

Cell = str | int | float | Decimal | None
_NUMBER = re.compile(r"[-+]?\d{1,30}(?:[.,]\d{1,30})?")
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")


def safe_text(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula; a plain number stays as it is."""
    stripped = text.lstrip(" \u00a0\u200b\ufeff")
    if not stripped.startswith(_RUNS) or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"
