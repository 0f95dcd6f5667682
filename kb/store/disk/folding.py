"""Names without case and accents, as filters by source compare them, for Python and as a function of SQLite."""

from __future__ import annotations

import sqlite3
import unicodedata


def folded(text: str | None) -> str:
    """ "Comisión Nacional" as "comision nacional"; nothing as an empty text."""
    bare = unicodedata.normalize("NFD", (text or "").casefold())
    return "".join(mark for mark in bare if not unicodedata.combining(mark))


def knowing_names(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The connection with the function ``folded``."""
    connection.create_function("folded", 1, folded, deterministic=True)
    return connection
