"""Any cross-encoder of sentence-transformers, by folder or hub name: how well a question and a text go together."""

from collections.abc import Sequence
from pathlib import Path

from sentence_transformers import CrossEncoder

from kb.records.errors import ModelError
from kb.records.messages import say

_BATCH = 32


class PairScorer:
    """A cross-encoder; ``score`` gives a number for each pair of question and text."""

    def __init__(self, model: CrossEncoder) -> None:
        self._model = model

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """A number a pair, in the order of the pairs; what the model gives, looked at by nobody."""
        found = self._model.predict(list(pairs), batch_size=_BATCH, show_progress_bar=False)
        return [float(one) for one in found]


def load_pair_scorer(name: str) -> PairScorer:
    """The cross-encoder of a folder, or of a hub's name where a hub is reachable; ModelError for what cannot be loaded
    or gives more than one number a pair."""
    try:
        model = CrossEncoder(name, device="cpu", local_files_only=Path(name).is_dir())
    # Hubs, transformers and safetensors raise a dozen unrelated kinds for "not there" and "damaged".
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(
            say("model_named", name=name), say("cannot_be_loaded", reason=reason[:200]), say("kb_judge_takes")
        ) from error
    if model.num_labels != 1:
        raise ModelError(
            say("model_named", name=name), say("is_no_judge", count=model.num_labels), say("kb_judge_takes")
        )
    return PairScorer(model)
