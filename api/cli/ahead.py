"""What a question waits for longest, begun before the rest of the program is imported: the bundled model.

Most of that is hashing and arithmetic, which needs no lock of Python's, and the imports in it the program needs anyway.
Imports nothing that a command without a question would not.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Future

    from kb.records.ports import Embedder

ASKING = frozenset({"search", "ask"})
_HELP = frozenset({"-h", "--help"})
# The model of this run for questions, while it loads; null where none was begun.
BEGUN: ContextVar[Future[Embedder] | None] = ContextVar("BEGUN", default=None)


def begin(words: Sequence[str]) -> None:
    """Start a thread at the model where these words of the command line ask a question of the bundled one."""
    if words and words[0] in ASKING and _HELP.isdisjoint(words) and not os.environ.get("KB_MODEL"):
        begin_with(question_engine)


def begin_with(engine: Callable[[], Embedder]) -> None:
    """Start a thread at this engine; who asks for the model for questions waits for it."""
    from concurrent.futures import ThreadPoolExecutor

    BEGUN.set(ThreadPoolExecutor(1, "model").submit(engine))


def question_engine() -> Embedder:
    """The bundled model for questions; ModelError when it is missing or another one."""
    from index.model.bundled import checked_weights

    # Hashed before the rest of the engine is imported: meanwhile Python imports for the other thread.
    weights = checked_weights()
    from index.model.query_engine import load_query_engine

    return load_query_engine(weights)


def serving_engine() -> Embedder:
    """The bundled model as a server has it, which takes a third of the time for each question; ModelError as above."""
    from index.model.bulk_encoder import load_bulk_encoder

    return load_bulk_encoder(exact=True)
