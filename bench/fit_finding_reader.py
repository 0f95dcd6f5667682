"""Makes ``index/data/finding_reader.npz``: the bundled encoder's uppermost layers, tuned to say whether a number is a
figure by the text around it, for numbers whose signs leave it open (``ingest.refusing.weighing``).

    python -m bench.fit_finding_reader [--state FOLDER] [--epochs 2] [--rate 5e-4] [FILE.jsonl… FOLDER…]

Learns from the judged documents, paragraphs and sentences of this repository, from further files of judged sentences
and from folders of judged articles; begins with the arrays of ``bench.fit_reader`` or with its own. The hand HELD_OUT
is not learned from: what is right of it is printed after every epoch. On one thread, in bfloat16; FOLDER keeps the
states below the tuned layers. At the end, and alone with ``--settle``, the map is fitted to the cases. Needs torch and
transformers (dev).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

import index
from bench.conversion import CACHE, ensure_folder
from bench.fit_figures import Judged, articles, attributed, documents, phrases, sentences
from bench.fit_reader import States, of_like_length
from bench.judged_pages import DATA
from bench.low_rank import changeable, changes_of
from bench.output import say
from bench.tune_topics import padded
from index.model import bundled
from index.model.heads.finding_reader import FILE, HEAVIEST, PROGRAM, TUNED
from index.model.heads.span_reader import Tokens
from index.model.heads.tuning import shipped_arrays
from index.model.vocabulary import UnigramTokenizer
from ingest.refusing.weighing import UNSURE, read_weights

OUT = Path(index.__file__).parent / "data" / FILE
ROOT = DATA.parents[1]
HELD_OUT = "more-m"
COUNTS = {"more": 3.0, "cases": 2.0, "pages": 0.7, "attribution": 0.5}
"""How much a number counts by where it is from: in sentences every number is judged, in documents not every count."""
LONGEST = 400
ROUNDS, HEAVIER, STAYS = 20, 1.7, 30.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text with its numbers: the tokens each stands on, what its signs weigh, how much it counts, and whether it is a
    figure."""

    held: bool
    case: bool
    tokens: Tokens
    numbers: tuple[tuple[tuple[int, int], float, float, bool], ...]


class Reader(nn.Module):
    """The uppermost layers with their changes, and the map of ``index.model.heads.finding_reader`` over them."""

    def __init__(self, layers: nn.ModuleList) -> None:
        super().__init__()
        self.layers = changeable(layers)
        self.ends = nn.Linear(2 * bundled.DIMENSION, 1)
        self.weight = nn.Parameter(torch.tensor([0.7]))
        nn.init.zeros_(self.ends.weight)

    def forward(self, lessons: Sequence[Lesson], states: Sequence[NDArray[np.float16]]) -> Tensor:
        """The log-odds of all numbers of some texts."""
        return self.judged(*self.signs(lessons, states))

    def signs(self, lessons: Sequence[Lesson], states: Sequence[NDArray[np.float16]]) -> tuple[Tensor, Tensor]:
        """The states of each number's first and last token, (numbers, 2 * hidden), and what its signs weigh."""
        x, mask = padded(states)
        far = torch.zeros(mask.shape).masked_fill(~mask, -1e9)[:, None, None, :]
        with torch.autocast("cpu", torch.bfloat16):
            for layer in self.layers:
                x = layer(x, far.bfloat16())
        owner = torch.tensor([row for row, one in enumerate(lessons) for _ in one.numbers])
        places = torch.tensor([place for one in lessons for place, _, _, _ in one.numbers])
        weights = torch.tensor([weight for one in lessons for _, weight, _, _ in one.numbers])
        ends = functional.layer_norm(x.float()[owner[:, None], places], (bundled.DIMENSION,)).flatten(1)
        return functional.dropout(ends, 0.1, self.training), weights.clamp(-HEAVIEST, HEAVIEST)

    def judged(self, ends: Tensor, weights: Tensor) -> Tensor:
        """The log-odds that follow from ``signs``."""
        told: Tensor = self.ends(ends)[:, 0] + self.weight * weights
        return told

    def arrays(self, below: int) -> dict[str, NDArray[np.float32]]:
        """What is shipped, by the names that ``index.model.heads.finding_reader`` reads."""
        told = torch.cat([self.ends.weight[0], self.weight, self.ends.bias])
        changes = {name: values.detach().numpy() for name, values in changes_of(self.layers, below).items()}
        return changes | {"weights": told.detach().numpy()}


def main() -> None:
    """Learn, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("further", nargs="*", type=Path)
    parser.add_argument("--state", type=Path, default=Path())
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--settle", action="store_true", help="the map alone, over layers that are there")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    lessons = list(_lessons(asked.further))
    model: Any = AutoModel.from_pretrained(ensure_folder(CACHE)).eval()
    below = len(model.encoder.layer) - TUNED
    states = States(model, below, [one.tokens for one in lessons], asked.state / "finding_reader_states.npy")
    network = Reader(model.encoder.layer[below:])
    _begin(network, below)
    say(f"{len(lessons)} texts, {sum(len(one.numbers) for one in lessons)} numbers")
    for epoch in () if asked.settle else _learn(network, lessons, states, asked.epochs, asked.rate):
        _tell(f"epoch {epoch}", network, lessons, states)
        _write(network, below)
    _settle(network, lessons, states)
    _tell("settled", network, lessons, states)
    _write(network, below)
    say(f"{OUT.name}: {OUT.stat().st_size} bytes")


def _write(network: Reader, below: int) -> None:
    arrays: dict[str, Any] = {name: one.astype(np.float16) for name, one in network.arrays(below).items()}
    np.savez_compressed(OUT, **arrays)


def _begin(network: Reader, below: int) -> None:
    """Begin with what was learned before, of the same numbers or of whose they are."""
    name, program = (FILE, PROGRAM) if OUT.is_file() else ("span_reader.npz", "bench.fit_reader")
    before = shipped_arrays(name, program)
    with torch.no_grad():
        for named, parameter in changes_of(network.layers, below).items():
            parameter.copy_(torch.tensor(before[named]))
        if "weights" in before:
            *ends, weight, bias = before["weights"].tolist()
            network.ends.weight.copy_(torch.tensor([ends]))
            network.weight.fill_(weight)
            network.ends.bias.fill_(bias)


def numbers(further: Sequence[Path]) -> Iterator[tuple[str, Judged]]:
    """Every number that no rule surely refuses, with the name of what it is from."""
    judged, cases = ROOT / "bench" / "judged", ROOT / "tests" / "cases"
    yield from (("pages", one) for one in documents(judged))
    yield from (("more", one) for one in sentences(judged / "sentences" / "more.jsonl"))
    told = [judged / "sentences" / "dev.jsonl", judged / "sentences" / "forms.jsonl", *further]
    told += sorted(cases.glob("figures_*.jsonl"))
    told += [cases / f"figures_{name}.json" for name in ("es", "en", "negative")]
    for path in told:
        of = articles if path.is_dir() else phrases if path.suffix == ".json" else sentences
        yield from (("cases", one) for one in of(path))
    for name in ("open", "ordinary", "varied", "more", "paragraphs"):
        yield from (("attribution", one) for one in attributed(DATA / f"attribution_{name}.jsonl.gz"))


def _lessons(further: Sequence[Path]) -> Iterator[Lesson]:
    tokenizer = UnigramTokenizer(bundled.read_model(bundled.checked_weights()).pieces)
    known = read_weights()
    by_text: dict[tuple[str, bool, str], list[Judged]] = {}
    for origin, one in numbers(further):
        by_text.setdefault((one.text, one.origin.startswith(HELD_OUT), origin), []).append(one)
    for (text, held, origin), judged in by_text.items():
        tokens = Tokens.of(tokenizer, text)
        told = []
        for one in judged:
            place = tokens.under(one.span)
            weight = sum(known.get(sign, 0.0) * count for sign, count in one.signs.items())
            if place is not None:
                told.append((place, weight, COUNTS[origin], one.figure))
        if told and len(tokens.ids) <= LONGEST:
            yield Lesson(held, origin == "cases", tokens, tuple(told))


def _learn(network: Reader, lessons: Sequence[Lesson], states: States, epochs: int, rate: float) -> Iterator[int]:
    """Learns, with a rate that rises for the first steps and then falls to nothing; yields after each epoch."""
    own = [network.ends.weight, network.ends.bias, network.weight]
    changes = [one for one in network.layers.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW([{"params": changes, "lr": rate}, {"params": own, "lr": 2 * rate}], weight_decay=0.01)
    plans = [_steps(lessons, epoch) for epoch in range(epochs)]
    whole = sum(map(len, plans))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.06 * whole), 1.0) * (1.0 - step / whole)
    )
    for epoch, plan in enumerate(plans, 1):
        network.train()
        losses = []
        for rows in plan:
            chosen = [lessons[row] for row in rows]
            told = [number for one in chosen for number in one.numbers]
            counts = torch.tensor([count for _, _, count, _ in told])
            wanted = torch.tensor([float(figure) for _, _, _, figure in told])
            odds = network(chosen, states.of(rows))
            loss = (functional.binary_cross_entropy_with_logits(odds, wanted, reduction="none") * counts).mean()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_([*changes, *own], 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
            if len(losses) % 100 == 0:
                say(f"epoch {epoch}, step {len(losses)} of {len(plan)}: loss {np.mean(losses[-100:]):.3f}")
        yield epoch


def _settle(network: Reader, lessons: Sequence[Lesson], states: States) -> None:
    """The map alone: what the signs read rightly of the cases stays so; each that does not counts more and more.

    Over the cases and the sentences of many hands, and not far from what was learned of everything.
    """
    network.eval()
    rows = [at for at, one in enumerate(lessons) if not one.held and (one.case or one.numbers[0][2] == COUNTS["more"])]
    with torch.no_grad():
        signs = [network.signs([lessons[row]], states.of([row])) for row in rows]
        ends, weights = torch.cat([one for one, _ in signs]), torch.cat([one for _, one in signs])
    told = [(lessons[row].case, *number) for row in rows for number in lessons[row].numbers]
    wanted = torch.tensor([figure for *_, figure in told])
    counts = torch.tensor([count for _, _, _, count, _ in told])
    kept = torch.tensor([case for case, *_ in told]) & ((weights > 0) == wanted) & (weights.abs() < UNSURE)
    own = [network.ends.weight, network.ends.bias, network.weight]
    before = [one.detach().clone() for one in own]
    for _ in range(ROUNDS):
        with torch.no_grad():
            wrong = kept & ((network.judged(ends, weights) > 0) != wanted)
        say(f"{int(wrong.sum())} numbers of the cases are judged wrong")
        if not wrong.any():
            break
        counts[wrong] *= HEAVIER
        optimiser = torch.optim.LBFGS(own, max_iter=50)

        def loss(optimiser: torch.optim.Optimizer = optimiser) -> Tensor:
            optimiser.zero_grad()
            odds = network.judged(ends, weights)
            missed = functional.binary_cross_entropy_with_logits(odds, wanted.float(), reduction="none")
            moved = sum(((one - at) ** 2).sum() for one, at in zip(own, before, strict=True))
            total: Tensor = (missed * counts).sum() + STAYS * moved
            total.backward()  # type: ignore[no-untyped-call]
            return total

        optimiser.step(loss)  # type: ignore[no-untyped-call]


def _steps(lessons: Sequence[Lesson], epoch: int) -> list[list[int]]:
    """The texts of an epoch in steps of texts of like length."""
    chance = np.random.default_rng(epoch + 1)
    rows = [int(row) for row in chance.permutation(len(lessons)) if not lessons[row].held]
    return of_like_length(rows, [one.tokens for one in lessons], chance)


@torch.no_grad()
def _tell(name: str, network: Reader, lessons: Sequence[Lesson], states: States) -> None:
    """What is right of the hand that is not learned from, by the signs alone and with the text."""
    network.eval()
    rows = [row for row, one in enumerate(lessons) if one.held]
    odds = np.concatenate([network([lessons[row]], states.of([row])).numpy() for row in rows])
    told = [number for row in rows for number in lessons[row].numbers]
    weights, figures = np.array([one[1] for one in told]), np.array([one[3] for one in told])
    for how, given in (("signs", weights > 0), ("text", np.where(np.abs(weights) < UNSURE, odds, weights) > 0)):
        found = int((figures & given).sum())
        precision, recall = found / given.sum(), found / figures.sum()
        say(f"{name}, {HELD_OUT} by {how}: {len(told)} numbers, precision {precision:.3f} recall {recall:.3f}")


if __name__ == "__main__":
    main()
