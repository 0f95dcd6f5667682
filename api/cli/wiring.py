"""Where the program is put together: settings to an open base with its encoder, tagger, searcher and analyser.

The one place of ``api`` that knows ``ingest``. Heavy libraries load when something first needs them.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from api.settings import Settings
from kb.language import Language
from kb.store import Store

if TYPE_CHECKING:
    from api.service import KnowledgeBase
    from ingest.analysis import Analyser
    from ingest.pipeline import Pipeline
    from ingest.tagging import Tagger
    from index.searcher import Searcher
    from kb.ports import Embedder


class Wiring:
    """The parts of one run of the program, each made once and only when asked for."""

    def __init__(self, settings: Settings, base: Path | None = None) -> None:
        self.settings = settings
        self.base = base or settings.base
        self._embedder: Embedder | None = None

    def store(self, *, create: bool = False) -> Store:
        """The base's store; BaseError when it is missing and not to be made."""
        return Store.open(self.base, create=create)

    @cached_property
    def embedder(self) -> Embedder:
        """The model for passages."""
        from index.encoder import load_encoder

        return load_encoder(self.settings.model, self.settings.cache)
