"""Which runtime encodes passages: chosen by the name of the model and the setting, loaded only then."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.model import bundled
from kb.records.ports import Embedder

if TYPE_CHECKING:
    from index.model.conversion import Progress

_OPENVINO = "openvino"


def load_encoder(name: str, cache: Path, runtime: str = _OPENVINO, progress: Progress | None = None) -> Embedder:
    """The encoder of a model: the bundled one by its own name in either runtime, any other by folder or hub name.

    Any other model runs in sentence-transformers, whatever ``runtime`` says. Raises ModelError with the cure.
    """
    if name == bundled.NAME and runtime == _OPENVINO:
        from index.model.bulk_encoder import load_bulk_encoder

        return load_bulk_encoder()
    from index.model import encoder

    return encoder.load_bundled(cache, progress) if name == bundled.NAME else encoder.load_named(name)
