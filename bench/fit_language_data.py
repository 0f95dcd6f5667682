"""Makes the data files of ``index/data`` that depend on the bundled model, from our own parallel texts.

Run after ``questions.json``, ``passages.json`` or ``null_questions.json`` change:
``python -m bench.fit_language_data``.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import numpy as np

from index import bundled, null_set, parity
from index.light_network import LightNetwork
from index.prompts import PASSAGE_PROMPT, QUERY_PROMPT, prepared
from index.query_engine import load_query_engine
from index.token_space import WEIGHT_STEPS, fit, token_weights
from index.unigram import UnigramTokenizer
from kb.ports import FloatArray, ModelStamp

KEPT = 96
DATA = Path(parity.__file__).parent / "data"


def main() -> None:
    """Write means.json, tokens.json, tokens.f16, token_weights.z and the null set."""
    stamp = bundled.stamp()
    model = bundled.read_model(bundled.checked_weights(), words=False)
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

    rows = fit(states(QUERY_PROMPT, "questions.json"), states(PASSAGE_PROMPT, "passages.json"), KEPT)
    (DATA / "tokens.f16").write_bytes(rows.astype("<f2").tobytes())
    facts = {"name": stamp.name, "revision": stamp.revision, "kept": KEPT}
    (DATA / "tokens.json").write_text(json.dumps(facts) + "\n", encoding="utf-8")
    means = parity.encoded_means(load_query_engine())
    (DATA / "means.json").write_text(parity.dump(stamp, means) + "\n", encoding="utf-8")
    write_null_set(stamp)


def write_null_set(stamp: ModelStamp) -> None:
    """Write null_set.json and null_set.z; by themselves after ``null_questions.json`` changed."""
    facts, numbers = null_set.dump(stamp, null_set.encoded_null_set(load_query_engine()))
    (DATA / "null_set.json").write_text(facts + "\n", encoding="utf-8")
    (DATA / "null_set.z").write_bytes(numbers)


if __name__ == "__main__":
    main()
