"""Makes ``index/data/answer_reader.npz``: the bundled encoder's uppermost layers, tuned to say which sentences of a
passage answer a question.

    python -m bench.fit_answer_reader SETS FOLDER [--steps 6500] [--rate 3e-4]

Learns from the open sets of SETS (../shared/train, by its ``mix.py``) and from the questions "learned" of
``bench.judged_asking``, asked and kept in FOLDER, mixed: what each sentence is, and which of a question's passages has
the answer. On one thread, in bfloat16; a run that was cut short goes on after its last fifty steps. Needs torch and
transformers (dev).
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from transformers import AttentionInterface, AutoModel

import index
from bench.conversion import CACHE, ensure_folder
from bench.judged_asking import Example, asked, read_sets
from bench.low_rank import changeable, changes_of, keep, resumed
from bench.output import say
from index.model import bundled
from index.model.heads.answer_reader import ReadText, read_texts
from index.model.vocabulary import UnigramTokenizer
from index.search.lexical import folded, stop_words

OUT = Path(index.__file__).parent / "data" / "answer_reader.npz"
TUNED = 6
TOGETHER = 1_800
"""Tokens of one step."""
OPEN_ROOM, ROOM = 100, 140
"""Tokens of the sentences of one lesson, of the open sets and of the judged questions."""
OPEN = 14_000
"""Lessons of the open sets."""
PASSAGES = 4
"""Passages that are learned from for each judged question."""
_WORD = re.compile(r"\w+")
_KEYWORD = re.compile(r"[\w%€$.,'’-]*\w[\w%€$]*")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question with sentences, and of each whether it answers: 1 or 0, -1 where nobody judged."""

    text: ReadText
    labels: tuple[int, ...]


class AnswerNetwork(nn.Module):
    """The encoder with changes to its uppermost layers, and the head of ``index.model.heads.answer_reader``."""

    def __init__(self, model: Any, tuned: int = TUNED, wide: int = 128) -> None:
        super().__init__()
        for parameter in model.parameters():
            parameter.requires_grad = False
        layers, hidden = model.encoder.layer, bundled.DIMENSION
        self.below = len(layers) - tuned
        self.embeddings, self.lower = model.embeddings, layers[: self.below].bfloat16()
        self.layers = changeable(layers[self.below :])
        last = nn.Linear(wide, 1)
        nn.init.zeros_(last.weight)
        nn.init.constant_(last.bias, -1.0)
        norm, mid = nn.LayerNorm(hidden, eps=1e-5), nn.Linear(3 * hidden, wide)
        self.heads = nn.ModuleDict({"norm": norm, "mid": mid, "out": last})

    def forward(self, texts: Sequence[ReadText]) -> Tensor:
        """The log-odds of each sentence, (texts, sentences of the longest)."""
        width, most = max(len(one.ids) for one in texts), max(one.sentences for one in texts)
        ids = torch.ones(len(texts), width, dtype=torch.long)
        sees, members = (
            torch.zeros(len(texts), width, width, dtype=torch.bool),
            torch.zeros(len(texts), most + 2, width),
        )
        sees[:, :, 0] = True
        for row, one in enumerate(texts):
            count = len(one.ids)
            ids[row, :count] = torch.tensor(one.ids)
            sees[row, :count, :count] = torch.from_numpy(one.sees)
            members[row, torch.from_numpy(one.parts), torch.arange(count)] = 1
        far = torch.zeros(sees.shape).masked_fill(~sees, -1e9)[:, None].bfloat16()
        with torch.no_grad():
            x = self.embeddings(input_ids=ids).bfloat16()
            for layer in self.lower:
                x = layer(x, far)
        x = functional.dropout(x.float(), 0.03, self.training)
        with torch.autocast("cpu", torch.bfloat16):
            for layer in self.layers:
                x = layer(x, far)
        means = members @ self.heads["norm"](x.float()) / members.sum(2, keepdim=True).clamp(min=1)
        said, asked = means[:, 2:], means[:, :1].expand(-1, most, -1)
        inner = self.heads["mid"](functional.dropout(torch.cat([asked, said, asked * said], 2), 0.1, self.training))
        odds: Tensor = self.heads["out"](functional.gelu(inner, approximate="tanh"))[..., 0]
        return odds

    def arrays(self) -> dict[str, NDArray[np.float16]]:
        """What is shipped, by the names that ``index.model.heads.answer_reader`` reads."""
        kept = dict(self.heads.state_dict()) | changes_of(self.layers, self.below)
        return {name: values.detach().numpy().astype(np.float16) for name, values in kept.items()}


def main() -> None:
    """Learn, write the arrays and say how large they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=6_500)
    parser.add_argument("--rate", type=float, default=3e-4)
    given = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    tokenizer = UnigramTokenizer(bundled.read_model(bundled.checked_weights()).pieces)
    network = AnswerNetwork(encoder())
    groups = [[lesson] for lesson in islice(open_lessons(given.sets, tokenizer), OPEN)]
    for row in asked(given.folder / "learned", read_sets()["learned"], math.inf):
        groups.append(list(judged_lessons(row, tokenizer)))
    learn(network, [group for group in groups if group], given.steps, given.rate, given.folder / "answer_reader.pt")
    np.savez_compressed(OUT, **network.arrays())  # type: ignore[arg-type]
    say(f"{OUT.name}: {OUT.stat().st_size} bytes")


def attention(
    module: nn.Module, query: Tensor, key: Tensor, value: Tensor, mask: Tensor, scaling: float, **_: object
) -> tuple[Tensor, None]:
    """The attention of a layer, in float32: of short texts torch's own in bfloat16 takes half of all time."""
    with torch.autocast("cpu", enabled=False):
        weights = (query.float() * scaling) @ key.float().transpose(2, 3) + mask.float()
        found = weights.softmax(-1) @ value.float()
    return found.transpose(1, 2).contiguous().to(query.dtype), None


def encoder() -> Any:
    """The bundled encoder in torch, with the attention above."""
    AttentionInterface.register("of_short_texts", attention)
    return AutoModel.from_pretrained(ensure_folder(CACHE), attn_implementation="of_short_texts").eval()


def open_lessons(sets: Path, tokenizer: UnigramTokenizer) -> Iterator[Lesson]:
    """The rows of the mix, each cut to a few sentences: those around one that answers, or around the one with the most
    words of the question where none does."""
    chance = random.Random(17)  # noqa: S311 - an order, no secret
    mix = _mix(sets)
    for row in mix.mix(0):
        if row["src"].startswith("covid") and chance.random() < 0.6:
            continue
        texts = [mix.detok(row["p"][start:stop]).strip() for start, stop in row["s"]]
        judged = [(text, -1 if said is None else said) for text, said in zip(texts, row["y"], strict=True) if text]
        question, title = in_a_manner(row["q"].strip(), chance), mix.titles.get(row["p"], "")
        above = title if chance.random() < 0.7 else ""
        yield from _lesson(tokenizer, question, above, judged, OPEN_ROOM, chance)


def judged_lessons(row: Example, tokenizer: UnigramTokenizer) -> Iterator[Lesson]:
    """Of a judged question the passage that answers and the best others, cut to a few sentences."""
    chance = random.Random(row.id)  # noqa: S311 - an order, no secret
    order = sorted(range(len(row.labels)), key=lambda at: -int(row.labels[at].max(initial=0)))
    question = in_a_manner(row.question, chance)
    for at in order[:PASSAGES]:
        above, sentences = row.passages[at]
        judged = list(zip(sentences, row.labels[at].tolist(), strict=True))
        yield from _lesson(tokenizer, question, above, judged, ROOM, chance)


def _lesson(
    tokenizer: UnigramTokenizer,
    question: str,
    above: str,
    judged: Sequence[tuple[str, int]],
    room: int,
    chance: random.Random,
) -> Iterator[Lesson]:
    if not judged:
        return
    sizes = [len(tokenizer.ids(text)) - 1 for text, _ in judged]
    right = [at for at, (_, label) in enumerate(judged) if label == 1]
    start = chance.choice(right) if right else max(range(len(judged)), key=lambda at: _alike(question, judged[at][0]))
    stop, left = start + 1, room - sizes[start]
    while True:
        sides = [side for side, at in ((0, start - 1), (1, stop)) if 0 <= at < len(sizes) and sizes[at] <= left]
        if not sides:
            break
        before = chance.choice(sides) == 0
        left -= sizes[start - 1 if before else stop]
        start, stop = start - before, stop + (not before)
    for _, text in read_texts(tokenizer, question, above, [text for text, _ in judged[start:stop]], room=10_000):
        yield Lesson(text, tuple(label for _, label in judged[start:stop]))


def _alike(question: str, text: str) -> int:
    """How many words of the question begin as a word of the text does, in either language."""
    words, others = ({word[:4] for word in _WORD.findall(folded(one)) if len(word) > 3} for one in (question, text))
    return len(words & others)


def in_a_manner(question: str, chance: random.Random) -> str:
    """The question as it is, as keywords, in small letters, in capitals or without its marks."""
    manner = chance.random()
    if manner < 0.15:
        telling = [word for word in _KEYWORD.findall(question) if folded(word) not in stop_words()]
        if len(telling) > 1:
            if chance.random() < 0.3:
                chance.shuffle(telling)
            return " ".join(telling).lower() if chance.random() < 0.8 else " ".join(telling)
    if manner < 0.25:
        return re.sub(r"[¿?!¡.]", "", question).lower()
    if manner < 0.29:
        return question.lower() if manner < 0.275 else question.upper()
    return re.sub(r"[¿?]", "", question) if manner < 0.35 else question


def _mix(sets: Path) -> Any:
    """The program that mixes the open sets, with the titles of their passages beside it."""
    sys.path.insert(0, str(sets))
    spec = importlib.util.spec_from_file_location("mix", sets / "mix.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(sets / "mix.py")
    mix: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(mix)
    mix.titles = {one["es"]: one["title"] for one in mix.load.read("squad2-dev-enes/passages.jsonl.gz")}
    mix.titles |= {one["passage"]: one["title"] for one in mix.load.read("nq-qed/en.jsonl.gz")}
    return mix


def learn(network: AnswerNetwork, groups: Sequence[Sequence[Lesson]], steps: int, rate: float, kept: Path) -> None:
    """Goes so many steps, at a rate that rises for the first forty and falls to nothing in the last half; a group is
    the lessons of one question."""
    learned = [one for one in network.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / 40, 1.0, 2.02 * (1.0 - step / steps))
    )
    parts: dict[str, Any] = {"optimiser": optimiser, "schedule": schedule}
    done = resumed(kept, network, parts)
    say(f"{len(groups)} questions, {steps - done} steps to go")
    plan = _plan(groups, steps)
    network.train()
    for part in (network.lower, network.layers):
        part.eval()  # the dropping out of the layers takes as long as their arithmetic
    losses = []
    for step in range(done, steps):
        torch.manual_seed(step)
        chosen = [groups[row] for row in plan[step]]
        loss = _loss(network([lesson.text for group in chosen for lesson in group]), chosen)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if (step + 1) % 50 == 0 or step + 1 == steps:
            say(f"step {step + 1} of {steps}: loss {np.mean(losses[-50:]):.3f}")
            keep(kept, network, parts, step + 1)
    network.eval()


def _plan(groups: Sequence[Sequence[Lesson]], steps: int) -> list[list[int]]:
    """The groups of each step, of like length; all of them once before any comes again."""
    widths = [max(len(lesson.text.ids) for lesson in group) for group in groups]
    plan: list[list[int]] = []
    while len(plan) < steps:
        chance = np.random.default_rng(len(plan))
        order = chance.permutation(len(groups)).tolist()
        for start in range(0, len(order), 200):
            found, texts = [list[int]()], 0
            for row in sorted(order[start : start + 200], key=widths.__getitem__):
                if found[-1] and (texts + len(groups[row])) * widths[row] > TOGETHER:
                    found.append([])
                    texts = 0
                found[-1].append(row)
                texts += len(groups[row])
            plan += [found[at] for at in chance.permutation(len(found))]
    return plan[:steps]


def _loss(odds: Tensor, groups: Sequence[Sequence[Lesson]]) -> Tensor:
    """How unlikely the labels are, and three tenths of how unlikely it is that what answers a question comes before
    what does not, among all its lessons."""
    lessons = [lesson for group in groups for lesson in group]
    labels = torch.full(odds.shape, -1.0)
    for row, one in enumerate(lessons):
        labels[row, : len(one.labels)] = torch.tensor(one.labels)
    judged = labels >= 0
    loss = functional.binary_cross_entropy_with_logits(odds[judged], labels[judged])
    ends = np.cumsum([len(group) for group in groups]).tolist()
    before = []
    for start, stop in zip([0, *ends], ends, strict=False):
        said, marks = odds[start:stop][judged[start:stop]], labels[start:stop][judged[start:stop]]
        if (marks == 1).any() and (marks == 0).any():
            before.append(said.logsumexp(0) - said[marks == 1].logsumexp(0))
    return loss + 0.3 * torch.stack(before).mean() if before else loss


if __name__ == "__main__":
    main()
