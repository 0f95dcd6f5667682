"""Tuning the encoder for topics: it starts where the head stands, and a run that was cut short ends as a whole one."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from bench import tune_topics
from bench.low_rank import LowRank
from bench.tune_topics import Texts, Tuned, _batches, _learn
from index.evaluate.topics import GoldTopics
from index.model.heads.tuning import lowest
from ingest.tagging.head import TOPICS, Examples, Layer, TopicHead, TunedLayer
from kb.records.language import Language
from kb.records.ports import FloatArray, ModelStamp
from kb.records.topics import Topic

HIDDEN = 8


def _layer(features: int) -> Layer:
    numbers = np.random.default_rng(1).normal(size=(len(TOPICS), features)).astype(np.float32)
    level = np.full(len(TOPICS), 0.45, np.float32)
    return Layer(numbers, numbers[:, 0], level, np.array([[1, 0]] * len(Language), np.float32))


def _head() -> TopicHead:
    means = {language: np.full(HIDDEN, 0.1, np.float32) for language in Language}
    none = Examples((), np.zeros((0, HIDDEN), np.int8), (), np.zeros((0, len(TOPICS)), np.bool_))
    return TopicHead(ModelStamp("small", "1", HIDDEN), ("nps",), _layer(1 + HIDDEN), _layer(1), means, none)


def _texts(count: int) -> Texts:
    chance = np.random.default_rng(2)
    gold = [
        GoldTopics(str(row), Language.ES, "…", frozenset({Topic.METRICS} if row % 2 else {Topic.EMPATHY}))
        for row in range(count)
    ]
    states = [chance.normal(size=(3 + row % 5, HIDDEN)).astype(np.float16) for row in range(count)]
    return Texts(gold, states, np.zeros((count, len(TOPICS)), np.float32))


def _network() -> Tuned:
    torch.manual_seed(0)
    small = BertConfig(
        vocab_size=5, hidden_size=HIDDEN, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16
    )
    return Tuned(BertModel(small).encoder.layer, _head())


def _odds(network: Tuned, texts: Texts) -> FloatArray:
    network.eval()
    with torch.no_grad():
        return np.asarray(network(texts, range(len(texts.gold))).numpy(), np.float32)


def test_a_change_of_low_rank_is_nothing_at_first() -> None:
    kept = torch.nn.Linear(4, 6)
    x = torch.randn(3, 4)
    assert torch.equal(LowRank(kept)(x), kept(x))


def test_every_passage_is_learned_from_once_an_epoch() -> None:
    found = _batches(_texts(150), np.random.default_rng(3))
    assert sorted(row for rows in found for row in rows) == list(range(150))
    assert max(map(len, found)) == 16


def test_what_was_learned_is_written_as_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tune_topics, "CHANGES", tmp_path / "changes.npz")
    monkeypatch.setattr(tune_topics, "DECISION", tmp_path / "decision.npz")
    network, head = _network(), _head()
    tune_topics.write(network, head, 10)
    changes = np.load(tmp_path / "changes.npz")
    decision = TunedLayer.from_bytes((tmp_path / "decision.npz").read_bytes())

    assert lowest(changes) == 10
    assert changes["l11.fi.into"].shape == (16, HIDDEN)
    assert decision.layer.weights == pytest.approx(head.meaning.weights)
    assert decision.encoder == hashlib.sha256((tmp_path / "changes.npz").read_bytes()).hexdigest()


def test_a_run_cut_short_ends_as_a_whole_one(tmp_path: Path) -> None:
    texts, state = _texts(40), tmp_path / "state.pt"
    whole, short, again = _network(), _network(), _network()
    before = _odds(whole, texts)
    assert list(_learn(whole, texts, 2, 0.01, None)) == [1, 2]
    assert next(_learn(short, texts, 2, 0.01, state)) == 1
    assert list(_learn(again, texts, 2, 0.01, state)) == [2]
    assert _odds(again, texts) == pytest.approx(_odds(whole, texts), abs=1e-5)
    assert np.abs(_odds(whole, texts) - before).max() > 0.01
