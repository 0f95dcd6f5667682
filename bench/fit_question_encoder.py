"""Makes ``index/data/question_encoder.npz``: changes to the bundled encoder by which a question comes nearer to the
passages that answer it. Passages are read as before, so that no base is made anew.

    python -m bench.fit_question_encoder SETS FOLDER [--epochs 4] [--rate 2e-4]

Learns from the questions "learned" of ``bench.judged_asking``, over the base of their documents that FOLDER keeps, and
from questions in both languages about 700 Spanish paragraphs of SETS (../shared/train, squad2-dev-enes, none of them in
XQuAD), so that what is no customer experience is found as well. A step brings the search's own score of the passages
that answer (vector, best sentence and tokens) above those of the nearest others (softmax, InfoNCE). On one thread;
after each epoch what was learned is kept in FOLDER, and a run that was cut short goes on there. Needs torch and
transformers (dev).
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

import index
from bench.fit_answer_reader import encoder, in_a_manner
from bench.judged_asking import JudgedSet, base_of, is_part, letters, read_sets
from bench.low_rank import changeable, changes_of, keep, resumed
from bench.output import say
from index.answers.question import read_question
from index.evaluate.figures.judged_figures import rows_of_file
from index.model import bundled, parity
from index.model.bulk_encoder import load_bulk_encoder
from index.model.parity import shipped_means
from index.model.prompts import QUERY_PROMPT, prepared
from index.model.token_space import TokenSpace, load_token_space
from index.model.vocabulary import UnigramTokenizer
from index.search.candidates import FusionWeights
from ingest.text.sentences import sentence_spans
from kb.records.language import Language
from kb.records.ports import FloatArray

OUT = Path(index.__file__).parent / "data" / "question_encoder.npz"
TOGETHER = 24
"""Questions of one step."""
LONGEST = 80
"""Tokens of a question that are read."""
PARAGRAPHS = 700
WARMTH = 0.05
"""What scores are divided by before they are made chances."""
NEAREST, OTHERS, ANY = 20, 20, 12
"""Passages that do not answer, of one question: the nearest, so many of the next hundred, so many of all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Passages as a search sees them, without what their language shares (vectors, those of their sentences, tokens),
    and questions with the places of the passages that answer."""

    vectors: FloatArray
    sentences: Sequence[FloatArray]
    tokens: Sequence[FloatArray]
    questions: Sequence[tuple[str, Sequence[int]]]


class QuestionNetwork(nn.Module):
    """The encoder with changes to all its layers, and what a search makes of a question."""

    def __init__(self, model: Any, space: TokenSpace) -> None:
        super().__init__()
        for parameter in model.parameters():
            parameter.requires_grad = False
        self.embeddings, self.layers = model.embeddings, changeable(model.encoder.layer)
        self.space = space
        means = shipped_means(bundled.stamp())
        if means is None:
            raise ValueError("the means that are shipped are of another model")
        self.spanish, self.english = (torch.tensor(means.questions[one]) for one in (Language.ES, Language.EN))

    def forward(self, texts: Sequence[Sequence[int]]) -> list[tuple[Tensor, Tensor, Tensor]]:
        """Of each question its vector without its language, its telling tokens, and their weights."""
        width = max(map(len, texts))
        ids, mask = torch.ones(len(texts), width, dtype=torch.long), torch.zeros(len(texts), width)
        for row, one in enumerate(texts):
            ids[row, : len(one)], mask[row, : len(one)] = torch.tensor(one), 1
        x, far = self.embeddings(input_ids=ids), ((1 - mask) * -1e9)[:, None, None]
        for layer in self.layers:
            x = layer(x, far)
        vectors = functional.normalize((x * mask[..., None]).sum(1), dim=-1)
        way = self.spanish - self.english
        shares = (((vectors - self.english) @ way) / (way @ way)).clamp(0, 1)[:, None]
        free = functional.normalize(vectors - (shares * self.spanish + (1 - shares) * self.english), dim=-1)
        return [(free[row], *self._tokens(one, x[row], shares[row])) for row, one in enumerate(texts)]

    def _tokens(self, ids: Sequence[int], states: Tensor, share: Tensor) -> tuple[Tensor, Tensor]:
        chosen = self.space.telling(ids)
        means, basis = self.space.queries, torch.tensor(self.space.basis)
        mean = share * torch.tensor(means.spanish) + (1 - share) * torch.tensor(means.english)
        kept = (functional.normalize(states[torch.from_numpy(chosen)], dim=-1) - mean) @ basis
        weights = torch.tensor(self.space.weights[np.array(ids)[chosen]])
        return functional.normalize(kept, dim=-1), weights / weights.sum().clamp(min=1e-9)


def scores(found: Asked, places: Sequence[int], question: tuple[Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """What a search makes of these passages, and their vectors alone; (passages,) each."""
    vector, tokens, weights = question
    near = torch.tensor(found.vectors[list(places)]) @ vector
    best = torch.stack([(torch.tensor(found.sentences[place]) @ vector).max() for place in places])
    late = torch.stack([(torch.tensor(found.tokens[place]) @ tokens.T).amax(0) @ weights for place in places])
    weigh = FusionWeights()
    together = weigh.passage * near + weigh.sentence * best + weigh.tokens * late
    return together / (1 + weigh.tokens), near


def nearest(found: Asked, question: tuple[Tensor, Tensor, Tensor], right: Sequence[int]) -> list[int]:
    """The 120 passages nearest to a question that do not answer, among the 300 nearest by vector."""
    first = np.argsort(-(found.vectors @ question[0].numpy()))[: 300 + len(right)]
    places = [int(place) for place in first if place not in right]
    order = torch.argsort(scores(found, places, question)[0], descending=True)
    return [places[at] for at in order[:120].tolist()]


def loss_of(said: Tensor, right: int) -> Tensor:
    """How unlikely it is that one of the first ``right`` is chosen."""
    return (said / WARMTH).logsumexp(0) - (said[:right] / WARMTH).logsumexp(0)


def main() -> None:
    """Learn, write the arrays and say how large they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=2e-4)
    given = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    space = load_token_space(bundled.stamp())
    if space is None:
        raise ValueError("the token space that is shipped is of another model")
    network = QuestionNetwork(encoder(), space)
    every = [of_base(given.folder / "learned", read_sets()["learned"], space), of_paragraphs(given.sets, space)]
    learn(network, every, given.epochs, given.rate, given.folder / "question_encoder.pt")
    arrays = {name: part.detach().numpy().astype(np.float16) for name, part in changes_of(network.layers, 0).items()}
    np.savez_compressed(OUT, **arrays)  # type: ignore[arg-type]
    say(f"{OUT.name}: {OUT.stat().st_size} bytes")


def of_base(folder: Path, judged: JudgedSet, space: TokenSpace) -> Asked:
    """The passages of the base of these documents, and the questions that have an answer in them."""
    store = base_of(folder, judged.pages).store()
    languages = store.vector_keys()
    keys = sorted(languages)
    passages = store.passages(keys)
    documents = store.documents_with({one.document_id for one in passages.values()})
    vectors, kept, blobs = store.vectors(keys), store.sentence_vectors_of(keys), store.token_blobs(keys)
    every = np.array([languages[key] for key in keys])
    means = {language: vectors[every == language].mean(axis=0) for language in set(languages.values())}
    said: dict[str, list[tuple[int, list[str]]]] = {}
    for place, key in enumerate(keys):
        one = passages[key]
        document = documents[one.document_id]
        texts = [letters(span.cut(document.text)) for span in one.sentences or (one.span,)]
        said.setdefault(document.source_id, []).append((place, texts))
    questions = []
    for row in judged.questions:
        gold = [letters(answer) for answer in row["answers"]]
        right = [place for place, texts in said[row["doc"]] if any(is_part(text, gold) for text in texts)]
        if right:
            questions += [(read_question(row[language]).text, right) for language in ("es", "en")]
    own = [means[languages[key]] for key in keys]
    free = np.stack([parity.centred(vector, mean) for vector, mean in zip(vectors, own, strict=True)])
    sentences = [
        parity.centred(kept[key].astype(np.float32), mean) if len(kept[key]) else vector[None]
        for key, mean, vector in zip(keys, own, free, strict=True)
    ]
    return Asked(free, sentences, [space.unpacked(blobs[key]) for key in keys], questions)


def of_paragraphs(sets: Path, space: TokenSpace) -> Asked:
    """Paragraphs of the open set with two of the questions about each, in both languages."""
    chance, folder = random.Random(3), sets / "squad2-dev-enes"  # noqa: S311 - an order, no secret
    by_paragraph: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows_of_file(folder / "questions.jsonl.gz"):
        if row["answerable"] and not row["in_xquad"]:
            by_paragraph.setdefault(row["pid"], []).append(row)
    rows = [row for row in rows_of_file(folder / "passages.jsonl.gz") if row["pid"] in by_paragraph]
    chance.shuffle(rows)
    rows = rows[:PARAGRAPHS]
    model = load_bulk_encoder(threads=1)
    vectors, blobs = model.encode_passages_with_tokens([row["es"] for row in rows])
    mean = vectors.mean(axis=0)
    sentences, questions = [], []
    for place, row in enumerate(rows):
        texts = [span.cut(row["es"]) for span in sentence_spans(row["es"])] or [row["es"]]
        sentences.append(parity.centred(model.encode_passages(texts), mean))
        asked = chance.sample(by_paragraph[row["pid"]], min(2, len(by_paragraph[row["pid"]])))
        questions += [(one[language], [place]) for one in asked for language in ("es", "en")]
    return Asked(parity.centred(vectors, mean), sentences, [space.unpacked(blob) for blob in blobs], questions)


def learn(network: QuestionNetwork, every: Sequence[Asked], epochs: int, rate: float, kept: Path) -> None:
    """Goes so often through all questions, at a rate that rises for the first thirty steps and falls to nothing."""
    tokenizer = UnigramTokenizer(bundled.read_model(bundled.checked_weights()).pieces)
    lead = tokenizer.ids(QUERY_PROMPT)[:-1]

    def ids(text: str) -> list[int]:
        _, *content, end = tokenizer.ids(prepared(text))
        return [*lead, *content[:LONGEST], end]

    rows = [(found, text, right) for found in every for text, right in found.questions]
    with torch.no_grad():  # nothing is changed yet
        hard = [nearest(found, network([ids(text)])[0], right) for found, text, right in rows]
    learned = [part for part in network.parameters() if part.requires_grad]
    steps = epochs * (len(rows) // TOGETHER)
    optimiser = torch.optim.AdamW(learned, lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min((step + 1) / 30, 1.0 - step / steps))
    parts: dict[str, Any] = {"optimiser": optimiser, "schedule": schedule}
    for epoch in range(resumed(kept, network, parts), epochs):
        chance = np.random.default_rng(epoch)
        order, losses = chance.permutation(len(rows)), []
        for start in range(0, len(order) - TOGETHER + 1, TOGETHER):
            manner = random.Random(f"{epoch} {start}")  # noqa: S311 - an order, no secret
            chosen = order[start : start + TOGETHER].tolist()
            loss = torch.zeros(())
            for at, question in zip(
                chosen, network([ids(in_a_manner(rows[at][1], manner)) for at in chosen]), strict=True
            ):
                found, _, right = rows[at]
                others = {*hard[at][:NEAREST], *chance.permutation(hard[at][NEAREST:])[:OTHERS].tolist()}
                others |= set(chance.integers(len(found.vectors), size=ANY).tolist())
                together, near = scores(found, [*right, *sorted(others - set(right))], question)
                loss = loss + loss_of(together, len(right)) + 0.3 * loss_of(near, len(right))
            optimiser.zero_grad()
            (loss / TOGETHER).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item() / TOGETHER)
        say(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.3f}")
        keep(kept, network, parts, epoch + 1)


if __name__ == "__main__":
    main()
