"""The bundled model for many passages, and for the questions of a server: its weights in OpenVINO."""

from functools import partial
from pathlib import Path

from index.model import bundled
from index.model.bulk_network import BulkNetwork, has_bfloat16
from index.model.bundled_encoder import BundledEncoder, Networks, encoder_over
from index.model.heads.tuning import lowest, question_changes, topic_changes, tuned


def load_bulk_encoder(
    weights: Path | None = None, *, exact: bool = False, threads: int | None = None
) -> BundledEncoder:
    """The encoder over weights whose hash was checked; raises ModelError with the cure otherwise.

    In bfloat16 where the processor has it, unless ``exact``: then its questions are those of ``query_engine``. On so
    many ``threads``, or as many as there are processors.
    """
    weights = bundled.checked_weights(weights)
    model = bundled.read_model(weights)
    made = partial(BulkNetwork, bfloat16=has_bfloat16() and not exact, threads=threads)

    def passages() -> BulkNetwork:
        changes = topic_changes()
        return made(model, topics=(tuned(model, changes), lowest(changes)))

    networks = Networks(passages, lambda: made(tuned(model, question_changes())))
    return encoder_over(model, networks, weights)
