"""The page's own files: style, scripts, fonts, and the edition they make up together. Serves nothing itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from api.page.packing import packed

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}

# What compression makes smaller; fonts are compressed already.
TEXTS = frozenset({".css", ".js", ".svg"})


@lru_cache(maxsize=1)
def assets() -> Mapping[str, Path]:
    """Every file that may be served, by its name under ``/static/``."""
    folder = Path(str(files("api.page"))) / "static"
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.suffix in TYPES}


@lru_cache(maxsize=1)
def edition() -> str:
    """A hash of all the files: it stands in their addresses, so that no browser mixes two editions."""
    digest = hashlib.sha256()
    for name, path in assets().items():
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=32)
def packed_asset(name: str) -> bytes:
    """One of the text files as gzip, made once."""
    return packed(assets()[name].read_bytes())
