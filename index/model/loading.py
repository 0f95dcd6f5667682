"""Which runtime encodes passages: chosen by the name of the model and the setting, loaded only then."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.model import bundled
from index.model.bulk_network import BulkNetwork, has_bfloat16
from index.model.bundled_encoder import BundledEncoder, encoder_over
from index.model.light_network import LightNetwork
from kb.records.ports import Embedder

if TYPE_CHECKING:
    from index.model.conversion import Progress

OPENVINO = "openvino"


def load_encoder(name: str, cache: Path, runtime: str = OPENVINO, progress: Progress | None = None) -> Embedder:
    """The encoder of a model: the bundled one by its own name in either runtime, any other by folder or hub name.

    Any other model runs in sentence-transformers, whatever ``runtime`` says. Raises ModelError with the cure.
    """
    if name == bundled.NAME and runtime == OPENVINO:
        return load_bulk_encoder()
    from index.model import encoder

    return encoder.load_bundled(cache, progress) if name == bundled.NAME else encoder.load_named(name)


def load_query_engine(weights: Path | None = None) -> BundledEncoder:
    """The encoder over weights whose hash was checked; raises ModelError with the cure otherwise."""
    model = bundled.read_model(bundled.checked_weights(weights), words=False)
    return encoder_over(model, LightNetwork(model))


def load_bulk_encoder(weights: Path | None = None, *, exact: bool = False) -> BundledEncoder:
    """The encoder over weights whose hash was checked; raises ModelError with the cure otherwise.

    In bfloat16 where the processor has it, unless ``exact``: then its questions are those of ``query_engine``.
    """
    model = bundled.read_model(bundled.checked_weights(weights), words=False)
    return encoder_over(model, BulkNetwork(model, bfloat16=has_bfloat16() and not exact))
