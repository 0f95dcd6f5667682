"""Makes the data files of ``index/data`` that depend on the bundled model, from our own parallel texts.

Run after ``questions.json``, ``passages.json`` or ``null_questions.json`` change:
``python -m bench.fit_language_data``.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from index.model import bundled, parity
from index.model.bundled import Pieces
from index.model.light_network import LightNetwork
from index.model.parity import PriorMeans
from index.model.prompts import PASSAGE_PROMPT, QUERY_PROMPT, prepared
from index.model.query_engine import load_query_engine
from index.model.token_space import WEIGHT_STEPS
from index.model.vocabulary import UnigramTokenizer
from index.search.meaning import NullSet, encoded_null_set
from kb.records.ports import FloatArray, ModelStamp

KEPT = 96
DATA = Path(parity.__file__).parents[1] / "data"

# A common word's surprise ("▁de" 3.9) is taken off; every word counts this much at least.
_COMMON, _LEAST = 4.0, 0.5


def main() -> None:
    """Write means.json, tokens.json, tokens.f16, token_weights.z and the null set."""
    stamp = bundled.stamp()
    model = bundled.read_model(bundled.checked_weights())
    weights = token_weights(model.pieces, model.header.vocabulary)
    steps = np.clip(np.round(weights * WEIGHT_STEPS), 0, 255).astype(np.uint8)
    (DATA / "token_weights.z").write_bytes(zlib.compress(steps.tobytes(), 9))
    tokenizer, network = UnigramTokenizer(model.pieces), LightNetwork(model)

    def telling_states(prompt: str, text: str) -> FloatArray:
        ids = tokenizer.ids(prompt + prepared(text))
        chosen = [place for place, index in enumerate(ids) if place >= 3 and weights[index] > 0]
        return network.states([ids])[0][chosen]

    def states(prompt: str, name: str) -> dict[str, list[FloatArray]]:
        rows = json.loads((DATA / name).read_text(encoding="utf-8"))
        return {code: [telling_states(prompt, row[code]) for row in rows] for code in ("es", "en")}

    rows = token_rows(states(QUERY_PROMPT, "questions.json"), states(PASSAGE_PROMPT, "passages.json"), KEPT)
    (DATA / "tokens.f16").write_bytes(rows.astype("<f2").tobytes())
    facts = {"name": stamp.name, "revision": stamp.revision, "kept": KEPT}
    (DATA / "tokens.json").write_text(json.dumps(facts) + "\n", encoding="utf-8")
    means = parity.encoded_means(load_query_engine())
    (DATA / "means.json").write_text(means_json(stamp, means) + "\n", encoding="utf-8")
    write_null_set(stamp)


def write_null_set(stamp: ModelStamp) -> None:
    """Write null_set.json and null_set.z; by themselves after ``null_questions.json`` changed."""
    facts, numbers = null_set_data(stamp, encoded_null_set(load_query_engine()))
    (DATA / "null_set.json").write_text(facts + "\n", encoding="utf-8")
    (DATA / "null_set.z").write_bytes(numbers)


def token_weights(pieces: Pieces, vocabulary: int) -> FloatArray:
    """How much each token says, float32 (vocabulary,): its surprise beyond a common word, 0 for marks.

    The scores of the Unigram vocabulary are log probabilities: "▁de" -3.9, "▁churn" about -13. With
    these weights R@1 on cross-language CX questions was .64 against .57 without (docs/retrieval.md).
    """
    weights = np.zeros(vocabulary, np.float32)
    for index, (piece, score) in enumerate(pieces.pieces):
        if score < 0 and any(character.isalnum() for character in piece):
            weights[index] = max(-score - _COMMON, _LEAST)
    return weights


def token_rows(
    queries: Mapping[str, Sequence[FloatArray]], passages: Mapping[str, Sequence[FloatArray]], kept: int
) -> FloatArray:
    """The rows of ``tokens.f16``: four means (es and en of queries, of passages), then ``kept`` directions.

    The arguments map "es" and "en" to the states of the telling tokens of parallel texts. The
    directions are those of the largest variance once the means are gone.
    """
    means, centred = [], []
    for texts in (queries, passages):
        for code in ("es", "en"):
            units = np.concatenate(list(texts[code]))
            units = units / np.maximum(np.linalg.norm(units, axis=1, keepdims=True), 1e-9)
            means.append(units.mean(axis=0))
            centred.append(units - means[-1])
    _, directions = np.linalg.eigh(np.cov(np.concatenate(centred).T))
    return np.asarray(np.concatenate([np.stack(means), directions[:, -kept:].T]), np.float32)


def means_json(stamp: ModelStamp, prior: PriorMeans) -> str:
    """The prior as JSON text, five digits a number, for shipping beside the code."""
    body = {
        part: {language.value: [round(float(x), 5) for x in mean] for language, mean in means.items()}
        for part, means in (("questions", prior.questions), ("passages", prior.passages))
    }
    return json.dumps({"name": stamp.name, "revision": stamp.revision, **body})


def null_set_data(stamp: ModelStamp, found: NullSet) -> tuple[str, bytes]:
    """The null set for shipping beside the code: its facts as JSON text; vectors as float16 and tokens, deflated."""
    facts = {"name": stamp.name, "revision": stamp.revision, "tokens": [len(one) for one in found.tokens]}
    return json.dumps(facts), zlib.compress(found.vectors.astype("<f2").tobytes() + b"".join(found.tokens), 9)


if __name__ == "__main__":
    main()
