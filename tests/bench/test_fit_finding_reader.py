"""The reader of findings that is learned and the one that is shipped say the same."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from bench.fit_finding_reader import Lesson, Reader
from index.model import bundled
from index.model.heads.finding_reader import finding_signs
from index.model.heads.span_reader import Tokens


def test_what_is_shipped_says_what_was_learned() -> None:
    torch.manual_seed(0)
    small = BertConfig(
        vocab_size=5, hidden_size=bundled.DIMENSION, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    network = Reader(BertModel(small).encoder.layer).eval()
    torch.nn.init.normal_(network.ends.weight)
    one = Lesson(
        False, False, Tokens(list(range(6)), [None] * 6), (((1, 2), 0.5, 1.0, True), ((4, 4), -9.0, 1.0, False))
    )
    states = np.random.default_rng(1).normal(size=(6, bundled.DIMENSION)).astype(np.float16)
    with torch.no_grad():
        learned = network([one], [states]).numpy()
        x = torch.from_numpy(states.astype(np.float32))[None]
        with torch.autocast("cpu", torch.bfloat16):
            for layer in network.layers:
                x = layer(x)
    told = network.arrays(0)["weights"]

    shipped = [finding_signs(x[0].float().numpy(), place, weight) @ told for place, weight, _, _ in one.numbers]

    assert shipped == pytest.approx(learned, abs=0.05, rel=0.005)
