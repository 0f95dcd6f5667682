"""Makes ``index/data/finding_reader.npz``: whether a number is a figure by the text around it, for numbers whose signs
leave it open (``ingest.refusing.weighing``).

``python -m bench.fit_finding_reader [FILE.jsonl… FOLDER]`` reads the judged documents, paragraphs and sentences of this
repository, further files of judged sentences and folders of judged articles. Logistic regression (quadratic penalty) over what the reader of spans
(``bench.fit_reader``, which goes before) makes of a number's first and last token, and over what its signs weigh.
Prints what that gives of whole hands left out in turn, beside the weights alone. Needs scikit-learn (dev).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

import index
from bench.fit_figures import Judged, articles, attributed, documents, phrases, sentences
from bench.judged_pages import DATA
from bench.output import say
from index.model import bundled
from index.model.bulk_network import BulkNetwork
from index.model.heads.span_reader import Tokens, finding_signs
from index.model.heads.tuning import shipped_arrays, tuned
from index.model.vocabulary import UnigramTokenizer
from ingest.refusing.weighing import UNSURE, read_weights
from kb.records.ports import FloatArray

OUT = Path(index.__file__).parent / "data" / "finding_reader.npz"
ROOT = DATA.parents[1]
LOOSE = 0.001
HANDS = ("a9b", "a9c", "a9d", "w6", "paragraph", "more-e", "more-f", "more-g", "more-h", "more-i", "more-j", "more-k")
"""Hands by the beginning of their ids, each left out in turn."""
COUNTS = {"more": 8.0, "cases": 1.0, "pages": 0.7, "attribution": 0.5}
"""How much a number counts by where it is from: in sentences every number is judged, in documents not every count."""
ROUNDS, HEAVIER = 14, 1.7


def numbers(further: Sequence[Path]) -> Iterator[tuple[str, Judged]]:
    """Every number that no rule surely refuses, with the name of what it is from."""
    yield from (("pages", one) for one in documents(ROOT / "bench" / "judged"))
    yield from (("more", one) for one in sentences(ROOT / "bench" / "judged" / "sentences" / "more.jsonl"))
    for path in (*(ROOT / "bench/judged/sentences" / f"{name}.jsonl" for name in ("dev", "forms")), *further):
        yield from (("cases", one) for one in (articles(path) if path.is_dir() else sentences(path)))
    for path in sorted((ROOT / "tests" / "cases").glob("figures_*.json*")):
        if path.suffix == ".jsonl":
            yield from (("cases", one) for one in sentences(path))
        elif path.stem in ("figures_es", "figures_en", "figures_negative"):
            yield from (("cases", one) for one in phrases(path))
    for name in ("open", "ordinary", "varied", "more", "paragraphs"):
        yield from (("attribution", one) for one in attributed(DATA / f"attribution_{name}.jsonl.gz"))


def signs(judged: Sequence[Judged], weights: Sequence[float]) -> FloatArray:
    """What the network makes of each number, (numbers, signs)."""
    model = bundled.read_model(bundled.checked_weights())
    tokenizer = UnigramTokenizer(model.pieces)
    network = BulkNetwork(tuned(model, shipped_arrays("span_reader.npz", "bench.fit_reader")), bfloat16=False)
    of_text: dict[str, list[int]] = {}
    for at, one in enumerate(judged):
        of_text.setdefault(one.text, []).append(at)
    rows = np.zeros((len(judged), 2 * bundled.DIMENSION + 1), np.float32)
    for done, (text, places) in enumerate(of_text.items()):
        tokens = Tokens.of(tokenizer, text)
        states = network.states([tokens.ids[: network.longest]])[0]
        for at in places:
            place = tokens.under(judged[at].span)
            if place is not None and place[1] < len(states):
                rows[at] = finding_signs(states, place, weights[at])
        if done % 1000 == 0:
            say(f"  {done} of {len(of_text)} texts")
    return rows


def main(*further: Path) -> None:
    """Fit, print, write."""
    known = read_weights()
    kept = [(origin, one) for origin, one in numbers(further)]
    origins, judged = np.array([origin for origin, _ in kept]), [one for _, one in kept]
    weights = np.array([sum(known.get(sign, 0.0) * n for sign, n in one.signs.items()) for one in judged])
    figures, cells = np.array([one.figure for one in judged]), signs(judged, weights.tolist())
    unsure = np.abs(weights) < UNSURE
    say(f"{len(judged)} numbers, {int(figures.sum())} figures; signs leave {unsure.mean():.2f} open")
    counts = np.array([COUNTS[one] for one in origins])
    hands = np.array([next((hand for hand in HANDS if one.origin.startswith(hand)), "") for one in judged])
    for hand in HANDS:
        left = hands == hand
        odds = fitted(cells[~left], figures[~left], counts[~left]).decision_function(cells[left])
        tell(f"{hand}, by signs alone", figures[left], weights[left] > 0)
        tell(f"{hand}, with the text", figures[left], np.where(unsure[left], odds, weights[left]) > 0)
    cases = origins == "cases"
    for _ in range(ROUNDS):  # what was read rightly before stays so: each case that is not counts more
        made = fitted(cells, figures, counts)
        wrong = cases & unsure & (made.predict(cells) != figures) & ((weights > 0) == figures)
        say(f"  {int(wrong.sum())} numbers of the cases are judged wrong")
        if not wrong.any():
            break
        counts[wrong] *= HEAVIER
    arrays = np.append(made.coef_[0], made.intercept_).astype(np.float32)
    np.savez_compressed(OUT, weights=arrays)


def fitted(cells: FloatArray, figures: NDArray[np.bool_], counts: NDArray[np.float64]) -> LogisticRegression:
    """The regression; ``counts`` is how much a row counts."""
    return LogisticRegression(C=LOOSE, max_iter=400).fit(cells, figures, counts)


def tell(name: str, figures: NDArray[np.bool_], given: NDArray[np.bool_]) -> None:
    """A line of what was given rightly."""
    found = int((figures & given).sum())
    say(f"{name}: {len(figures)} numbers, precision {found / given.sum():.3f} recall {found / figures.sum():.3f}")


if __name__ == "__main__":
    main(*[Path(one) for one in sys.argv[1:]])
