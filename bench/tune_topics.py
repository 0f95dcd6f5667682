"""Makes the arrays by which the bundled encoder reads a passage for its topics: changes to its uppermost layers
(``index/data/topic_encoder.npz``) and the decision over what they give (``ingest/data/topics_tuned.npz``).

    python -m bench.tune_topics [JUDGED ...] [--layers 3] [--epochs 3] [--rate 7e-4] [--state FILE]

Learns from the passages of the head that is shipped and those of ``bench/topics_more.jsonl.gz``. Starts from the head
that ``kb topics train`` would learn of them all, and lets its weights for meaning move with changes of rank 16 (Hu
2021) in the uppermost layers, on one thread and in bfloat16; the words of the lexicon speak as in the head. Prints
macro F1 (a topic from .45) and mean average precision before and after each epoch, passage by passage alone, on each
file JUDGED, of which only the end counts: they decide nothing. Where ``--state`` names a file, a run that was cut short
goes on there after its last whole epoch. Needs torch and transformers (dev).
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score  # type: ignore[import-untyped]
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

import index
import ingest
from bench.conversion import CACHE, ensure_folder
from bench.low_rank import changeable, changes_of
from bench.output import say
from index.evaluate.figures.judged_figures import lines_of_file
from index.evaluate.topics import GoldTopics, Prediction, read_gold, score_topics
from index.model import bundled
from index.model.prompts import PASSAGE_PROMPT, prepared
from ingest.tagging import LabelledPassage, shipped_passages, train_on_vectors
from ingest.tagging.head import MEANING_SCALE, TOPICS, Layer, TopicHead, TunedLayer, word_features
from ingest.tagging.lexicon import TopicLexicon
from ingest.tagging.own import parse_passages
from kb.records.ports import FloatArray

MORE = Path(__file__).parent / "topics_more.jsonl.gz"
CHANGES = Path(index.__file__).parent / "data" / "topic_encoder.npz"
DECISION = Path(ingest.__file__).parent / "data" / "topics_tuned.npz"
LONGEST = 256
TOGETHER = 16


@dataclass(frozen=True, slots=True)
class Texts:
    """Passages with the states below the tuned layers, float16 (tokens, hidden) each, and what their words say."""

    gold: Sequence[GoldTopics]
    states: Sequence[NDArray[np.float16]]
    said: FloatArray

    def wanted(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which topics each has, and which of them count: (passages, topics) both."""
        tags = [[topic in one.tags for topic in TOPICS] for one in self.gold]
        return np.array(tags), np.array([[topic not in one.borderline for topic in TOPICS] for one in self.gold])


class Tuned(nn.Module):
    """The uppermost layers with their changes, and a head's weights for meaning: states to log-odds."""

    def __init__(self, layers: nn.ModuleList, head: TopicHead) -> None:
        super().__init__()
        self.layers = changeable(layers)
        self.means = head.means
        width = len(head.feature_names)
        self.weights = nn.Parameter(torch.from_numpy(head.meaning.weights[:, width:].copy()))
        self.bias = nn.Parameter(torch.from_numpy(head.meaning.bias.copy()))

    def forward(self, texts: Texts, rows: Sequence[int]) -> Tensor:
        """The log-odds of some texts, float32 (rows, topics)."""
        states, mask = padded([texts.states[row] for row in rows])
        far = torch.zeros(mask.shape).masked_fill(~mask, -1e9)[:, None, None, :]
        with torch.autocast("cpu", torch.bfloat16):
            for layer in self.layers:
                states = layer(states, far.bfloat16())
        pooled = functional.normalize((states.float() * mask[..., None]).sum(1), dim=1)
        mean = torch.from_numpy(np.stack([self.means[texts.gold[row].language] for row in rows]))
        meaning = MEANING_SCALE * functional.normalize(pooled - mean, dim=1)
        dropped = functional.dropout(meaning, 0.1, self.training)
        return functional.linear(dropped, self.weights, self.bias) + torch.from_numpy(texts.said[list(rows)])


def main() -> None:
    """Learn, write the arrays, and print a line for each judged file before tuning and after each epoch."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("judged", nargs="*", type=Path)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=7e-4)
    parser.add_argument("--state", type=Path)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    learned = [*shipped_passages(), *parse_passages(lines_of_file(MORE), str(MORE))]
    encoder = _Encoder(ensure_folder(CACHE), asked.layers)
    lessons, vectors = encoder.read(_gold(learned))
    measured = {path: encoder.read(read_gold(lines_of_file(path)))[0] for path in asked.judged}
    head = train_on_vectors(learned, vectors, bundled.stamp()).head
    lessons = replace(lessons, said=_said(head, lessons.gold))
    measured = {path: replace(one, said=_said(head, one.gold)) for path, one in measured.items()}
    network = Tuned(encoder.upper, head)

    def tell(when: str) -> None:
        for path, texts in measured.items():
            say(_line(f"{path.name} {when}", network, head.meaning, texts))

    tell("before")
    for epoch in _learn(network, lessons, asked.epochs, asked.rate, asked.state):
        tell(f"epoch {epoch}")
    write(network, head, encoder.below)


def write(network: Tuned, head: TopicHead, below: int) -> None:
    """The arrays of what was learned over the layers from the number ``below`` on."""
    with torch.no_grad():
        changes = {name: part.numpy().astype(np.float16) for name, part in changes_of(network.layers, below).items()}
        meaning = np.hstack([head.meaning.weights[:, : len(head.feature_names)], network.weights.numpy()])
        layer = replace(head.meaning, weights=meaning, bias=network.bias.numpy())
    np.savez_compressed(CHANGES, **changes)  # type: ignore[arg-type]
    decision = TunedLayer(layer, head.means, hashlib.sha256(CHANGES.read_bytes()).hexdigest())
    DECISION.write_bytes(decision.to_bytes())
    say(f"{CHANGES.name}: {CHANGES.stat().st_size} bytes, {DECISION.name}: {DECISION.stat().st_size} bytes")


class _Encoder:
    """The bundled encoder in torch, cut below the layers that are tuned."""

    def __init__(self, folder: Path, tuned: int) -> None:
        model: Any = AutoModel.from_pretrained(folder).eval()
        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder)
        self._embeddings = model.embeddings
        self.below = len(model.encoder.layer) - tuned
        self._lower, self.upper = model.encoder.layer[: self.below], model.encoder.layer[self.below :]

    @torch.no_grad()
    def read(self, gold: Sequence[GoldTopics]) -> tuple[Texts, FloatArray]:
        """The texts with their states at the cut (of at most ``LONGEST`` tokens), and their vectors as they are."""
        states, vectors = [], []
        for one in gold:
            text = PASSAGE_PROMPT + prepared(one.text)
            ids = self._tokenizer(text, truncation=True, max_length=LONGEST, return_tensors="pt")["input_ids"]
            state = self._embeddings(input_ids=ids)
            with torch.autocast("cpu", torch.bfloat16):
                for layer in self._lower:
                    state = layer(state)
                last = state
                for layer in self.upper:
                    last = layer(last)
            states.append(state[0].to(torch.float16).numpy())
            vectors.append(functional.normalize(last[0].float().mean(0), dim=0).numpy())
        return Texts(gold, states, np.zeros((len(gold), len(TOPICS)), np.float32)), np.stack(vectors)


def _gold(passages: Sequence[LabelledPassage]) -> list[GoldTopics]:
    return [GoldTopics(one.id, one.language, one.text, one.tags, one.borderline) for one in passages]


def _said(head: TopicHead, gold: Sequence[GoldTopics]) -> FloatArray:
    """What the words of each text add to the log-odds, (texts, topics)."""
    lexicon = TopicLexicon.load()
    features = word_features(lexicon, [lexicon.find(one.text) for one in gold])
    said: FloatArray = features @ head.meaning.weights[:, : features.shape[1]].T
    return said


def _learn(network: Tuned, texts: Texts, epochs: int, rate: float, state: Path | None) -> Iterator[int]:
    """Learns, with a rate that rises for the first steps and then falls to nothing; yields after each epoch."""
    own = [network.weights, network.bias]
    changes = [one for one in network.layers.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": changes, "lr": rate}, {"params": own, "lr": 5 * rate, "weight_decay": 0.0}]
    )
    each = -(-len(texts.gold) // TOGETHER)
    whole = epochs * each
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.06 * whole), 1.0) * (1.0 - step / whole)
    )
    parts: dict[str, Any] = {"network": network, "optimiser": optimiser, "schedule": schedule}
    done = 0
    if state is not None and state.is_file():
        kept = torch.load(state)
        done = kept.pop("done")
        for name, values in kept.items():
            parts[name].load_state_dict(values)
    wanted, counted = (torch.from_numpy(one.astype(np.float32)) for one in texts.wanted())
    for epoch in range(done + 1, epochs + 1):
        torch.manual_seed(epoch)
        network.train()
        for rows in _batches(texts, np.random.default_rng(epoch)):
            losses = functional.binary_cross_entropy_with_logits(network(texts, rows), wanted[rows], reduction="none")
            loss = (losses * counted[rows]).sum() / counted[rows].sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_([*changes, *own], 1.0)
            optimiser.step()
            schedule.step()
        if state is not None:
            torch.save({name: part.state_dict() for name, part in parts.items()} | {"done": epoch}, state)
        yield epoch


def _batches(texts: Texts, chance: np.random.Generator) -> list[list[int]]:
    """All rows in an order of chance, of which those of like length stand together."""
    rows = [int(row) for row in chance.permutation(len(texts.gold))]
    found = []
    for start in range(0, len(rows), 8 * TOGETHER):
        some = sorted(rows[start : start + 8 * TOGETHER], key=lambda row: len(texts.states[row]))
        found += [some[at : at + TOGETHER] for at in range(0, len(some), TOGETHER)]
    return [found[place] for place in chance.permutation(len(found))]


def padded(states: Sequence[NDArray[np.float16]]) -> tuple[Tensor, Tensor]:
    """States of several texts as one float32 tensor (texts, tokens, hidden), and which of its tokens there are."""
    width = max(map(len, states))
    together = torch.zeros(len(states), width, states[0].shape[1])
    mask = torch.zeros(len(states), width, dtype=torch.bool)
    for row, state in enumerate(states):
        together[row, : len(state)] = torch.from_numpy(state.astype(np.float32))
        mask[row, : len(state)] = True
    return together, mask


@torch.no_grad()
def _line(name: str, network: Tuned, layer: Layer, texts: Texts) -> str:
    network.eval()
    parts = [network(texts, [row]).float().numpy() for row in range(len(texts.gold))]
    chances = layer.probabilities(np.vstack(parts), [one.language for one in texts.gold])
    given = [
        Prediction(
            frozenset(
                topic for topic, chance, level in zip(TOPICS, row, layer.thresholds, strict=True) if chance >= level
            ),
            dict(zip(TOPICS, map(float, row), strict=True)),
        )
        for row in chances
    ]
    report = score_topics(texts.gold, given)
    tags, counted = texts.wanted()
    mean = np.mean(
        [
            average_precision_score(tags[counted[:, column], column], chances[counted[:, column], column])
            for column in range(len(TOPICS))
        ]
    )
    by_language = " ".join(f"{one.language.value} {one.macro_f1:.3f}" for one in report.languages)
    figures = f"average precision {mean:.3f}, calibration error {report.calibration_error:.3f}"
    return f"{name}: macro F1 {report.macro_f1:.3f} ({by_language}), {figures}"


if __name__ == "__main__":
    main()
