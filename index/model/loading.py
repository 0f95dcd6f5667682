"""Which runtime encodes passages: chosen by the name of the model, loaded only then.

The one door to what sentence-transformers runs, which a default install does not bring.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from index.model import bundled
from kb.records.errors import ModelError
from kb.records.messages import say
from kb.records.ports import Embedder

if TYPE_CHECKING:
    from index.model.cross_encoder import PairScorer

_EXTRA = "'cx-knowledge-base[sentence-transformers]'"


def load_encoder(name: str, threads: int | None = None) -> Embedder:
    """The encoder of a model: the bundled one by its own name, in OpenVINO with so many ``threads`` or as many as there
    are processors; any other by folder or hub name, in sentence-transformers.

    Raises ModelError with the cure, also where sentence-transformers is needed and is not installed.
    """
    if name == bundled.NAME:
        from index.model.bulk_encoder import load_bulk_encoder

        return load_bulk_encoder(threads=threads)
    _need_sentence_transformers(name)
    from index.model.encoder import load_named

    return load_named(name)


def load_pair_scorer(name: str) -> PairScorer:
    """The cross-encoder of a folder or hub name; ModelError with the cure, also where the extra is missing."""
    _need_sentence_transformers(name)
    from index.model import cross_encoder

    return cross_encoder.load_pair_scorer(name)


def _need_sentence_transformers(name: str) -> None:
    if importlib.util.find_spec("sentence_transformers") is None:
        raise ModelError(
            say("model_named", name=name),
            say("sentence_transformers_is_not_installed"),
            say("run_pip_install", package=_EXTRA),
        )
