"""The reader of question and sentences that is learned and the one that is shipped say the same."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from bench.fit_answer_reader import AnswerNetwork, Lesson, _loss, in_a_manner
from index.model import bundled
from index.model.heads.answer_reader import ReadText, odds_of

PARTS = np.array([0, 0, 0, 1, 2, 2, 3, 3, 3])
TEXT = ReadText(list(range(9)), PARTS)


def network() -> AnswerNetwork:
    torch.manual_seed(0)
    small = BertConfig(
        vocab_size=9, hidden_size=bundled.DIMENSION, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16
    )
    made = AnswerNetwork(BertModel(small), tuned=1).eval()
    torch.nn.init.normal_(made.heads["out"].weight)  # type: ignore[arg-type]
    return made


def test_what_is_shipped_says_as_what_was_learned() -> None:
    made = network()
    arrays = {name: values.astype(np.float32) for name, values in made.arrays().items()}
    far = torch.zeros(9, 9).masked_fill(~torch.from_numpy(TEXT.sees), -1e9)[None, None].bfloat16()
    with torch.no_grad():
        learned = made([TEXT, ReadText(TEXT.ids[:6], PARTS[:6])]).numpy()
        x = made.lower[0](made.embeddings(input_ids=torch.tensor([TEXT.ids])).bfloat16(), far).float()
        with torch.autocast("cpu", torch.bfloat16):
            x = made.layers[0](x, far)

    shipped = odds_of(x[0].float().numpy(), TEXT, arrays)

    assert shipped.shape == (2,)
    assert shipped == pytest.approx(learned[0], abs=0.02, rel=0.02)


def test_what_nobody_judged_does_not_count() -> None:
    group = [Lesson(TEXT, (1, -1)), Lesson(TEXT, (0, 0))]

    assert _loss(torch.tensor([[20.0, 20.0], [-20.0, -20.0]]), [group]).item() == pytest.approx(0, abs=1e-4)
    assert _loss(torch.tensor([[-20.0, 0.0], [-20.0, -20.0]]), [group]).item() > 5


def test_the_passages_of_one_question_are_put_in_an_order_and_those_of_others_are_not() -> None:
    odds, right, wrong = torch.tensor([[20.0], [60.0]]), Lesson(TEXT, (1,)), Lesson(TEXT, (-1,))
    lost = Lesson(TEXT, (0,))

    together, apart = _loss(odds, [[right, lost]]).item(), _loss(odds, [[right], [lost]]).item()

    assert (together, apart) == pytest.approx((30 + 0.3 * 40, 30), rel=1e-3)
    assert _loss(odds, [[right, wrong]]).item() == pytest.approx(0, abs=1e-4)


def test_a_question_in_every_manner_keeps_its_words() -> None:
    said = "¿Cuántos clientes se van?"
    manners = {in_a_manner(said, random.Random(seed)) for seed in range(300)}  # noqa: S311

    assert {one for one in manners if "se" in one.lower().split()} == {
        said, "cuántos clientes se van", said.lower(), said.upper(), "Cuántos clientes se van",
    }  # fmt: skip
    assert {"clientes van", "van clientes"} <= manners
