"""The reader that is learned and the one that is shipped weigh the same stretches alike."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from bench.fit_reader import Lesson, Reader, _loss
from index.evaluate.figures.attributions import JudgedFigure
from index.model import bundled
from index.model.heads.span_reader import WIDEST, Tokens, log_odds
from kb.records.document import Span

WORDS = "Brezal asked 300 members and 12 percent called"
FIGURE = JudgedFigure("12 percent", WORDS, "Brezal", None, None, None, 300, None)


def lesson() -> Lesson:
    spans, at = [], 0
    for word in WORDS.split():
        spans.append(Span(at, at + len(word)))
        at += len(word) + 1
    tokens = Tokens(list(range(len(spans) + 2)), [None, *spans, None])
    return Lesson("1", False, False, "en", WORDS, tokens, (((6, 7), FIGURE, ([(1, 1)], [], None, [(3, 3)])),))


def reader() -> Reader:
    torch.manual_seed(0)
    small = BertConfig(
        vocab_size=5, hidden_size=bundled.DIMENSION, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    return Reader(BertModel(small).encoder.layer).eval()


def test_what_is_shipped_weighs_as_what_was_learned() -> None:
    network, one = reader(), lesson()
    torch.nn.init.normal_(network.distance)
    states = np.random.default_rng(1).normal(size=(len(one.tokens.ids), bundled.DIMENSION)).astype(np.float16)
    arrays = {name: values.astype(np.float32) for name, values in network.arrays(0).items()}
    with torch.no_grad():
        learned = network([one], [states]).numpy()
        x = torch.from_numpy(states.astype(np.float32))[None]
        with torch.autocast("cpu", torch.bfloat16):
            for layer in network.layers:
                x = layer(x)

    shipped = log_odds(x[0].float().numpy(), one.tokens, [(6, 7)], arrays)

    assert shipped.shape == learned.shape == (1, 4, len(one.tokens.ids) * WIDEST + 1)
    assert shipped == pytest.approx(learned, abs=0.02, rel=0.002)


def test_any_of_the_judged_stretches_will_do_and_what_is_not_judged_does_not_count() -> None:
    one = lesson()
    odds = torch.zeros(1, 4, len(one.tokens.ids) * WIDEST + 1)
    odds[0, 0, WIDEST] = odds[0, 1, -1] = odds[0, 3, 3 * WIDEST] = 20.0
    odds[0, 2, 5] = 20.0

    assert _loss(odds, [one]).item() == pytest.approx(0, abs=1e-4)


def test_a_reader_begins_with_what_was_learned_before() -> None:
    learned, again = reader(), reader()
    torch.nn.init.normal_(learned.distance)
    arrays = {name: values.astype(np.float32) for name, values in learned.arrays(0).items()}

    again.start({name: values for name, values in arrays.items() if name != "none.bias"}, 0)

    assert again.distance.detach().numpy() == pytest.approx(arrays["distance"])
    assert again.arrays(0)["query.weight"] == pytest.approx(learned.arrays(0)["query.weight"])
