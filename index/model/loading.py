"""Which runtime encodes passages: chosen by the name of the model and the setting, loaded only then.

The one door to what sentence-transformers runs, which a default install does not bring.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from index.model import bundled
from kb.records.errors import ModelError
from kb.records.messages import say
from kb.records.ports import Embedder

if TYPE_CHECKING:
    from index.model.conversion import Progress
    from index.model.cross_encoder import PairScorer

_OPENVINO = "openvino"
_EXTRA = "'cx-knowledge-base[sentence-transformers]'"


def load_encoder(
    name: str, cache: Path, runtime: str = _OPENVINO, progress: Progress | None = None, threads: int | None = None
) -> Embedder:
    """The encoder of a model: the bundled one by its own name in either runtime, any other by folder or hub name.

    OpenVINO takes so many ``threads``, or as many as there are processors.

    Any other model runs in sentence-transformers, whatever ``runtime`` says. Raises ModelError with the cure, also
    where sentence-transformers is needed and is not installed.
    """
    if name == bundled.NAME and runtime == _OPENVINO:
        from index.model.bulk_encoder import load_bulk_encoder

        return load_bulk_encoder(threads=threads)
    _need_sentence_transformers(name)
    from index.model import encoder

    return encoder.load_bundled(cache, progress) if name == bundled.NAME else encoder.load_named(name)


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
