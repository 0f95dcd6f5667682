"""The bundled model for questions, without torch: its weights in numpy, loaded in well under a second.

A test holds its vectors equal to the encoder's. Passages go through it only when nothing faster is at hand.
"""

from pathlib import Path

from index.model import bundled
from index.model.bundled_encoder import BundledEncoder, Networks, encoder_over
from index.model.heads.tuning import lowest, question_changes, topic_changes
from index.model.light_network import LightNetwork


def load_query_engine(checked: Path | None = None) -> BundledEncoder:
    """The encoder over weights that ``checked_weights`` let pass, or raises ModelError with its cure."""
    weights = checked or bundled.checked_weights()
    model = bundled.read_model(weights)

    def passages() -> LightNetwork:
        changes = topic_changes()
        return LightNetwork(model, topics=(changes, lowest(changes)))

    networks = Networks(passages, lambda: LightNetwork(model, question_changes()))
    return encoder_over(model, networks, weights)
