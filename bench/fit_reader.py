"""Makes ``index/data/span_reader.npz``: the bundled encoder's uppermost layers, tuned to say which words of a short
text tell whose, of whom, when and of how many a figure is.

    python -m bench.fit_reader [--state FOLDER] [--epochs 2] [--rate 7e-4] [--all]

Learns from the judged documents of ``ingest/data`` (``bench.judged_pages`` says which): each a text by itself by its
paragraphs, and by windows as documents are read, chance saying which in an epoch. Begins with the arrays that are
there. The hands of HELD_OUT are not learned from: they set how sure a stretch of a short text must be; with ``--all``
they are learned from too, and the limits that are there stay. On one thread, in bfloat16; FOLDER keeps the states below
the tuned layers, and a run that was cut short goes on there after its last whole epoch. Needs torch and transformers
(dev).
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from bench.judged_pages import DATA, Choice, paragraphs, prepared_of, tell, threshold_for, told_by
from bench.low_rank import changeable, changes_of
from bench.output import say
from bench.tune_topics import padded
from index.evaluate.figures.attributions import JudgedDocument, JudgedFigure, agrees, places_of, read_judged_documents
from index.model import bundled
from index.model.heads.span_reader import DISTANCES, ROLES, TUNED, WIDEST, Tokens, distances, likeliest
from index.model.heads.tuning import shipped_arrays
from index.model.vocabulary import UnigramTokenizer
from ingest.studies.figure_windows import windows
from kb.records.document import Span

OUT = Path(index.__file__).parent / "data" / "span_reader.npz"
HELD_OUT = re.compile(r"a9c-|a11[BE]-|w6-|2-|4-|o-|paragraph-(?:4[3-9]|5)")
"""The ids of whole hands, and of the last of the paragraphs."""
WRITTEN_WHOLE = re.compile(r"a11")
"""The ids of the hands whose paragraphs set no limit of short texts: they lean on the rest of their document."""
STRICT = re.compile(r"a9|a11|paragraph-|[1345]-|o1-|w6-")
"""The ids of the hands that say of whom a figure is wherever its text does; of the others it is not learned: up to a
fifth of what the rules give has no population in their keys."""
NEW = re.compile(r"a9|a11")
OFTEN = 3
"""How often the texts of NEW come in an epoch: they were written as texts by themselves, with one idea of a
population."""
LONGEST = 400
TOGETHER = 1_100
"""Tokens of one step."""
WRONG = {"source": 0.05, "population": 0.08, "period": 0.03, "sample_size": 0.04}
"""The share of figures of held-out texts that may be given wrongly, in either language."""
WEIGHTS = {"source": 1.0, "population": 1.0, "period": 0.5, "sample_size": 0.5}
_NUMBER = re.compile(r"\d(?:[\d.,\u202f\xa0 ]*\d)?")
_PARTS = re.compile(r"\s/\s|\sy\s|\sand\s|,\s|\s&\s|[()]")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text with its figures: the tokens each stands on, what is judged, and for each role the tokens of the stretches
    that say it, none where nothing does and null where the judged one is not found."""

    document: str
    held: bool
    window: bool
    language: str
    text: str
    tokens: Tokens
    figures: tuple[tuple[tuple[int, int], JudgedFigure, tuple[list[tuple[int, int]] | None, ...]], ...]


class Reader(nn.Module):
    """The uppermost layers with their changes, and the heads of ``index.model.heads.span_reader`` over them."""

    def __init__(self, layers: nn.ModuleList, heads: int = 64, wide: int = 256, joined: int = 32) -> None:
        super().__init__()
        self.layers = changeable(layers)
        hidden, roles = bundled.DIMENSION, len(ROLES)
        self.heads = nn.ModuleDict({
            "norm": nn.LayerNorm(hidden, eps=1e-5),
            "figure": nn.Linear(2 * hidden, wide),
            "query": nn.Linear(wide, 2 * roles * heads),
            "key": nn.Linear(hidden, 2 * roles * heads),
            "first": nn.Linear(hidden, roles * joined),
            "last": nn.Linear(hidden, roles * joined),
            "none": nn.Linear(wide, roles),
        })  # fmt: skip
        self.distance = nn.Parameter(torch.zeros(2 * (len(DISTANCES) + 1), 2 * roles))

    def forward(self, lessons: Sequence[Lesson], states: Sequence[NDArray[np.float16]]) -> Tensor:
        """What ``index.model.heads.span_reader.log_odds`` gives, of all figures, in the width of the longest text."""
        x, mask = padded(states)
        far = torch.zeros(mask.shape).masked_fill(~mask, -1e9)[:, None, None, :]
        with torch.autocast("cpu", torch.bfloat16):
            for layer in self.layers:
                x = layer(x, far.bfloat16())
        count, roles, heads = x.shape[1], len(ROLES), self.heads
        x = functional.dropout(heads["norm"](x.float()), 0.1, self.training)
        owner = torch.tensor([row for row, one in enumerate(lessons) for _ in one.figures])
        places = torch.tensor([at for one in lessons for at, _, _ in one.figures])
        told = functional.relu(heads["figure"](torch.cat([x[owner, places[:, 0]], x[owner, places[:, 1]]], 1)))
        asked = heads["query"](told).view(len(owner), 2 * roles, -1)
        keys = heads["key"](x).view(len(lessons), count, 2 * roles, -1)[owner]
        ends = torch.einsum("frd,ftrd->frt", asked, keys) / keys.shape[3] ** 0.5
        steps = torch.from_numpy(np.stack([distances(count, *at) for one in lessons for at, _, _ in one.figures]))
        ends = ends + self.distance[steps].permute(0, 2, 1)
        nowhere = torch.ones(len(lessons), count, dtype=torch.bool)
        for row, one in enumerate(lessons):
            nowhere[row, : len(one.tokens.spans)] = torch.tensor([span is None for span in one.tokens.spans])
        ends = ends.masked_fill(nowhere[owner][:, None, :], -1e4).view(len(owner), roles, 2, count)
        first, last = (
            heads[name](x).view(len(lessons), count, roles, -1).permute(0, 2, 1, 3) for name in ("first", "last")
        )
        joined = first @ last.transpose(2, 3) / first.shape[3] ** 0.5
        stops = torch.arange(count)[:, None] + torch.arange(WIDEST)
        inside, stops = stops < count, stops.clamp(max=count - 1)
        joined = joined.gather(3, stops.expand(len(lessons), roles, -1, -1))[owner]
        spans = (ends[:, :, 0, :, None] + ends[:, :, 1][:, :, stops] + joined).masked_fill(~inside, -1e4)
        return torch.cat([spans.flatten(2), heads["none"](told)[..., None]], 2)

    def start(self, arrays: Mapping[str, NDArray[np.float32]], below: int) -> None:
        """Begin with what was learned before, of fewer layers or as many."""
        named = {**dict(self.heads.named_parameters()), "distance": self.distance, **changes_of(self.layers, below)}
        with torch.no_grad():
            for name, parameter in named.items():
                if name in arrays:
                    parameter.copy_(torch.tensor(arrays[name]))

    def arrays(self, below: int) -> dict[str, NDArray[np.float16]]:
        """What is shipped, by the names that ``index.model.heads.span_reader`` reads."""
        kept = dict(self.heads.state_dict()) | {"distance": self.distance} | changes_of(self.layers, below)
        return {name: values.detach().numpy().astype(np.float16) for name, values in kept.items()}


def main() -> None:
    """Write the arrays and say what they give of the hands that were not learned from."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--state", type=Path, default=Path())
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=7e-4)
    parser.add_argument("--all", action="store_true")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    lessons = list(_lessons())
    model: Any = AutoModel.from_pretrained(ensure_folder(CACHE)).eval()
    below = len(model.encoder.layer) - TUNED
    states = States(model, below, [one.tokens for one in lessons], asked.state / "span_reader_states.npy")
    network = Reader(model.encoder.layer[below:])
    before = shipped_arrays(OUT.name, "bench.fit_reader") if OUT.is_file() else {}
    network.start(before, below)
    learned = [at for at, one in enumerate(lessons) if asked.all or not one.held]
    say(f"{len(lessons)} texts, {len(learned)} to learn from")
    _learn(network, lessons, learned, states, asked.epochs, asked.rate, asked.state / "span_reader_state.pt")
    thresholds = before["thresholds"] if asked.all else _thresholds(network, lessons, states)
    arrays: dict[str, Any] = network.arrays(below) | {"thresholds": np.array(thresholds, np.float16)}
    np.savez_compressed(OUT, **arrays)
    say(f"{OUT.name}: {OUT.stat().st_size} bytes")


def _lessons() -> Iterator[Lesson]:
    """Every judged text by itself that has figures and is not too long."""
    tokenizer = UnigramTokenizer(bundled.read_model(bundled.checked_weights()).pieces)
    for name in ("open", "ordinary", "varied", "more", "paragraphs", "documents"):
        for judged in read_judged_documents(DATA / f"attribution_{name}.jsonl.gz"):
            alone = name == "paragraphs"
            yield from (
                made
                for window, one in [
                    *((False, one) for one in ([judged] if alone else paragraphs(judged))),
                    *((True, one) for one in ([judged] if alone else _windows(judged))),
                ]
                if (made := _lesson(one, tokenizer, window)) is not None
            )


def _windows(judged: JudgedDocument) -> Iterator[JudgedDocument]:
    """The document in windows, as documents are read."""
    prepared = prepared_of(judged)
    text = prepared.document.text
    sentences = [span.start for one in prepared.passages for span in one.sentences]
    placed = [(span, one) for one in judged.figures if (span := next(places_of(one, text), None)) is not None]
    placed.sort(key=lambda one: one[0])
    for window in windows(prepared.document, sentences, [span for span, _ in placed]):
        whole = window.text(text)
        figures = tuple(told_by(placed[number][1], whole) for number in window.figures)
        yield replace(judged, title=None, publisher=None, published=None, text=whole, figures=figures)


def _lesson(judged: JudgedDocument, tokenizer: UnigramTokenizer, window: bool) -> Lesson | None:
    tokens = Tokens.of(tokenizer, judged.text)
    figures = []
    for one in judged.figures:
        span = next(places_of(one, judged.text), None)
        at = tokens.under(span) if span is not None else None
        if at is not None:
            told = {role: _stretches(role, one, judged.text, tokens) for role in ROLES}
            if STRICT.match(judged.id) is None:
                told["population"] = None
            figures.append((at, one, tuple(told.values())))
    if not figures or len(tokens.ids) > LONGEST:
        return None
    held = HELD_OUT.match(judged.id) is not None
    return Lesson(judged.id, held, window, judged.language.value, judged.text, tokens, tuple(figures))


def _stretches(role: str, figure: JudgedFigure, text: str, tokens: Tokens) -> list[tuple[int, int]] | None:
    judged = getattr(figure, role)
    if role == "sample_size":
        spans = (
            []
            if judged is None
            else [span for span in map(_span, _NUMBER.finditer(text)) if _number(span.cut(text)) == judged]
        )
    elif role == "period":
        told = judged if judged is not None else figure.year
        spans = [] if told is None else _said(str(told), text)
    else:
        spans = [] if judged is None else _said(judged, text)
        if role == "source" and judged is not None and not spans:
            spans = [span for part in _PARTS.split(judged) if len(part) > 1 for span in _said(part, text)]
            judged = judged if spans else None  # named elsewhere in the document
    found = [places for span in spans if (places := tokens.under(span)) is not None]
    near = [(first, last) for first, last in found if last - first < WIDEST]
    missing = judged is not None and not near
    return None if missing else near


def _said(words: str, text: str) -> list[Span]:
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    return [_span(one) for one in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)]


def _span(match: re.Match[str]) -> Span:
    return Span(*match.span())


def _number(words: str) -> int:
    return int(re.sub(r"\D", "", words))


class States:
    """The states below the tuned layers, float16, of each text; made once and kept on disk."""

    def __init__(self, model: Any, below: int, texts: Sequence[Tokens], path: Path) -> None:
        ends = np.cumsum([0, *(len(one.ids) for one in texts)])
        self._cuts = list(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True))
        shape = (int(ends[-1]), bundled.DIMENSION)
        if path.is_file() and np.load(path, mmap_mode="r").shape == shape:
            self._kept = np.load(path, mmap_mode="r")
            return
        made = np.lib.format.open_memmap(path.with_suffix(".part"), "w+", np.float16, shape)
        for one, (start, stop) in zip(texts, self._cuts, strict=True):
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                state = model.embeddings(input_ids=torch.tensor([one.ids]))
                for layer in model.encoder.layer[:below]:
                    state = layer(state)
            made[start:stop] = state[0].float().numpy()
        made.flush()
        path.with_suffix(".part").rename(path)
        self._kept = np.load(path, mmap_mode="r")

    def of(self, rows: Sequence[int]) -> list[NDArray[np.float16]]:
        """Those of some texts."""
        return [self._kept[slice(*self._cuts[row])] for row in rows]


def _learn(
    network: Reader,
    lessons: Sequence[Lesson],
    learned: Sequence[int],
    states: States,
    epochs: int,
    rate: float,
    kept: Path,
) -> None:
    """Learns, with a rate that rises for the first steps and then falls to nothing."""
    parameters = [one for one in network.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.01)
    plans = [_steps(lessons, learned, epoch) for epoch in range(epochs)]
    whole = sum(map(len, plans))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.06 * whole), 1.0) * (1.0 - step / whole)
    )
    parts: dict[str, Any] = {"network": network, "optimiser": optimiser, "schedule": schedule}
    done = 0
    if kept.is_file():
        held = torch.load(kept)
        done = held.pop("done")
        for name, values in held.items():
            parts[name].load_state_dict(values)
    for epoch in range(done, epochs):
        torch.manual_seed(epoch + 1)
        network.train()
        losses = []
        for rows in plans[epoch]:
            chosen = [lessons[row] for row in rows]
            loss = _loss(network(chosen, states.of(rows)), chosen)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
            if len(losses) % 100 == 0:
                say(f"epoch {epoch + 1}, step {len(losses)} of {len(plans[epoch])}: loss {np.mean(losses[-100:]):.3f}")
        torch.save({name: part.state_dict() for name, part in parts.items()} | {"done": epoch + 1}, kept)


def _steps(lessons: Sequence[Lesson], learned: Sequence[int], epoch: int) -> list[list[int]]:
    """The texts of an epoch, each document by its paragraphs or by windows, in steps of texts of like length."""
    chance = np.random.default_rng(epoch + 1)
    by_windows = {one: chance.random() < 0.5 for one in dict.fromkeys(lessons[row].document for row in learned)}
    often = [row for row in learned for _ in range(OFTEN if NEW.match(lessons[row].document) else 1)]
    rows = [int(row) for row in chance.permutation(often) if lessons[row].window == by_windows[lessons[row].document]]
    return of_like_length(rows, [one.tokens for one in lessons], chance)


def of_like_length(rows: Sequence[int], texts: Sequence[Tokens], chance: np.random.Generator) -> list[list[int]]:
    """Rows, in an order of chance, in steps of texts of like length, at most TOGETHER tokens each."""
    steps: list[list[int]] = []
    for start in range(0, len(rows), 160):
        step: list[int] = []
        for row in sorted(rows[start : start + 160], key=lambda row: len(texts[row].ids)):
            if step and (len(step) + 1) * len(texts[row].ids) > TOGETHER:
                steps.append(step)
                step = []
            step.append(row)
        steps.append(step)
    return [steps[at] for at in chance.permutation(len(steps))]


def _loss(odds: Tensor, lessons: Sequence[Lesson]) -> Tensor:
    """How unlikely the judged stretches are, any of which will do."""
    right = torch.zeros(odds.shape, dtype=torch.bool)
    weights = torch.zeros(odds.shape[:2])
    figures = (stretches for one in lessons for _, _, stretches in one.figures)
    for row, roles in enumerate(figures):
        for role, places in enumerate(roles):
            if places is not None:
                at = [first * WIDEST + last - first for first, last in places] or [-1]
                right[row, role, at] = True
                weights[row, role] = WEIGHTS[ROLES[role]]
    likely = odds.logsumexp(2) - odds.masked_fill(~right, -1e9).logsumexp(2)
    return (likely * weights).sum() / weights.sum()


@torch.no_grad()
def _thresholds(network: Reader, lessons: Sequence[Lesson], states: States) -> list[float]:
    """For each role the lowest chance at which no more held-out figures than WRONG are given wrongly."""
    network.eval()
    choices: dict[str, list[Choice]] = {role: [] for role in ROLES}
    for at, one in enumerate(lessons):
        if not one.held or one.window or WRITTEN_WHOLE.match(one.document):
            continue
        odds = network([one], states.of([at])).numpy()
        for (_, judged, stretches), rows in zip(one.figures, odds, strict=True):
            for role, places, row in zip(ROLES, stretches, rows, strict=True):
                if role == "population" and STRICT.match(one.document) is None:
                    continue
                span, chance = likeliest(role, row, one.tokens, one.text)
                null = places is not None and not places
                right = span is not None and not null and _is(role, judged, span.cut(one.text))
                choices[role].append(Choice(one.language, chance, right, null))
    found = []
    for role in ROLES:
        found.append(threshold_for(WRONG[role], choices[role]))
        tell(role, choices[role], found[-1])
    return found


def _is(role: str, judged: JudgedFigure, words: str) -> bool:
    if role == "sample_size":
        return judged.sample_size is not None and str(judged.sample_size) == re.sub(r"\D", "", words)
    wanted = judged.year if role == "period" and judged.period is None else getattr(judged, role)
    return agrees(role, None if wanted is None else str(wanted), words)


if __name__ == "__main__":
    main()
