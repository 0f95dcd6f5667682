"""Fits what the signs of a number weigh for and against its being a figure, on judged documents and sentences.

``python -m bench.fit_figures FOLDER CASES [FILE.jsonl…]`` reads ``pages*.jsonl`` and ``figures*.jsonl`` of FOLDER but
for the documents held out, the case files of the tests, and further files of judged sentences; it prints how the
weights do on documents left out in turn, and writes ``ingest/data/figure_weights.tsv``. Logistic regression whose
penalty (the sum of the sizes of all weights) leaves only the few signs that pay, by accelerated proximal gradient
descent (Beck and Teboulle, 2009).
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.output import say
from index.evaluate.figures.figure_documents import KeyPlaces, is_held_out, read_rows
from index.evaluate.figures.judged_figures import read_judged_figures
from index.evaluate.figures.statistic_scores import places_of, same_value
from ingest.figures import read_passages
from ingest.refusing.masks import Mask
from ingest.refusing.rules import reasons
from ingest.refusing.settings import Setting
from ingest.refusing.weighing import ALWAYS, WEIGHTS, classes_of_words, signs_of
from ingest.text.prepare import prepare_text
from kb.numbers.records import Line, Quantity
from kb.records.document import Span, parse_language
from kb.records.language import Language

PENALTY, LEAST, STEPS, FOLDS = 3.0, 3, 600, 5
ROUNDS, HEAVIER = 14, 1.7
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A number of a text: where it is from, its signs, and whether people judged it a figure."""

    origin: str
    signs: Counter[str]
    figure: bool


Truth = Callable[[Span, Quantity], bool | None]
"""Whether a quantity at these characters is a figure of its value; null when that is left open."""


def judged_numbers(origin: str, text: str, language: Language | None, truth: Truth) -> list[Judged]:
    """Every number of a text that no rule surely refuses."""
    found: list[Judged] = []
    classes = classes_of_words()

    def judge(line: Line, one: Quantity, setting: Setting, masks: Sequence[Mask]) -> str | None:
        final, told = reasons(line, one, setting, masks)
        first, stop = one.whole
        start = max(text.find(line.text), 0)
        span = Span(start + line.tokens[first].start, start + line.tokens[stop - 1].end)
        known = truth(span, one) if final is None else None
        if known is not None:
            found.append(Judged(origin, Counter(signs_of(line, one, setting, told, classes)), known))
        return final or told if not known else None

    prepared = prepare_text(text, language)
    read_passages(prepared.document, prepared.passages, judge)
    return found


def _against(keys: Sequence[tuple[Span, dict[str, Any]]]) -> Truth:
    def truth(span: Span, one: Quantity) -> bool | None:
        near = [key for place, key in keys if place.overlaps(span)]
        if any(key.get("optional") for key in near):
            return None
        value = one.value
        return value is not None and any(_is_same(value, one.unit, key["value"]) for key in near)

    return truth


def _is_same(value: Decimal, unit: str | None, key: float) -> bool:
    judged = Decimal(str(key))
    return same_value(value, judged) or (unit == "percentage points" and same_value(value / 100, judged))


def documents(folder: Path) -> Iterator[Judged]:
    """The numbers of the documents that are not held out."""
    keys = read_rows(folder, "figures*.jsonl")
    for page in read_rows(folder, "pages*.jsonl"):
        if not is_held_out(page["id"]):
            places = KeyPlaces(page)
            judged = [(places.of(key), key) for key in keys if key["doc"] == page["id"]]
            yield from judged_numbers(page["id"], page["text"], parse_language(page["language"]), _against(judged))


def sentences(path: Path) -> Iterator[Judged]:
    """The numbers of the judged sentences of a file; those that are judged only in part are left out."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if any("total" in one or "source" in one or "population" in one for one in row["expected"]):
            continue
        page = {"id": row["id"], "text": row["text"]}
        places = KeyPlaces(page)
        keys = [
            (places.of({**one, "sentence": row["text"]}), one) for one in row["expected"] if one["raw"] in row["text"]
        ]
        yield from judged_numbers(row["id"], row["text"], parse_language(row["lang"]), _against(keys))


def articles(folder: Path) -> Iterator[Judged]:
    """The numbers of the articles of a folder; of one that is judged in part, those that are judged figures."""
    judged = read_judged_figures(folder)
    for name, text in sorted(judged.texts.items()):
        keys: list[tuple[Span, dict[str, Any]]] = []
        for gold in (one for one in judged.gold if one.document == name):
            open_ = gold.optional or not gold.values
            keys += [(span, {"optional": open_, "value": gold.values[0] if gold.values else 0})
                     for span in places_of(text, gold.sentence, gold.start, gold.raw)]  # fmt: skip
        for none in (one for one in judged.negatives if one.document == name and one.ignored):
            keys += [(span, {"optional": True}) for span in places_of(text, none.sentence, none.start, none.raw)]
        found = judged_numbers(name, text, None, _against(keys))
        yield from (one for one in found if one.figure or name in judged.complete)


def phrases(path: Path) -> Iterator[Judged]:
    """The numbers of the phrases of a case file, known by their values alone."""
    for number, row in enumerate(json.loads(path.read_text("utf-8"))):
        if "known_failure" in row:
            continue
        values = [Decimal(one[0]) for one in row.get("figures", []) if one[0] is not None]
        language = Language(row.get("language", path.stem[-2:]))

        def truth(_: Span, one: Quantity, values: list[Decimal] = values) -> bool | None:
            return any(one.value is not None and same_value(one.value, each) for each in values)

        yield from judged_numbers(f"{path.stem}-{number}", row["text"], language, truth)


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each sign stands with each number, as the cells that are not zero: their rows, columns and values."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    often: Floats
    shape: tuple[int, int]

    @classmethod
    def of(cls, rows: Sequence[Judged], signs: Sequence[str]) -> Counts:
        """The counts of these signs with these numbers."""
        place = {sign: at for at, sign in enumerate(signs)}
        cells = [(at, place[sign], n) for at, row in enumerate(rows) for sign, n in row.signs.items() if sign in place]
        where, what, often = (np.array(one) for one in zip(*cells, strict=True))
        return cls(where, what, often.astype(float), (len(rows), len(signs)))

    def sums(self, weights: Floats) -> Floats:
        """The weighted sum of each number, (rows,)."""
        return np.asarray(np.bincount(self.rows, self.often * weights[self.columns], self.shape[0]), float)

    def pulls(self, faults: Floats) -> Floats:
        """The faults of the numbers summed over each sign, (signs,)."""
        return np.asarray(np.bincount(self.columns, self.often * faults[self.rows], self.shape[1]), float)


def fitted(table: Counts, figures: Floats, weighty: Floats) -> Floats:
    """The weights (signs,), that of the first sign without a penalty; ``weighty`` is how much a row counts."""
    toward = np.ones(table.shape[1])
    for _ in range(50):
        toward = table.pulls(weighty * table.sums(toward))
        toward /= np.linalg.norm(toward)
    step = 4 / float((weighty * table.sums(toward) ** 2).sum())
    weights = ahead = np.zeros(table.shape[1])
    pace = 1.0
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-table.sums(ahead)))
        moved = ahead - step * table.pulls(weighty * (chances - figures))
        shrunk = np.sign(moved) * np.maximum(np.abs(moved) - step * PENALTY, 0)
        shrunk[0] = moved[0]
        following = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = shrunk + (pace - 1) / following * (shrunk - weights)
        weights, pace = shrunk, following
    return weights


def main(folder: Path, cases: Path, *further: Path) -> None:
    """Fit, print, write."""
    told, fixed = list(documents(folder)), []
    for path in (*sorted(cases.glob("figures_*.json*")), *further):
        if path.suffix == ".jsonl":
            fixed += list(sentences(path))
        elif path.is_dir():
            fixed += list(articles(path))
        elif path.stem in ("figures_es", "figures_en", "figures_negative"):
            fixed += list(phrases(path))
    rows = told + fixed
    counted = Counter(sign for row in rows for sign in row.signs)
    signs = [ALWAYS, *sorted(sign for sign, count in counted.items() if count >= LEAST and sign != ALWAYS)]
    table, figures = Counts.of(rows, signs), np.array([row.figure for row in rows], float)
    say(f"{len(rows)} numbers, {int(figures.sum())} figures, {len(signs)} signs")
    names = sorted({row.origin for row in told})
    fold = np.array([names.index(row.origin) % FOLDS if at < len(told) else -1 for at, row in enumerate(rows)])
    weighty = np.ones(len(rows))
    for _ in range(ROUNDS):  # what was read rightly before stays so: each sentence that is not counts more
        weights = fitted(table, figures, weighty)
        wrong = ((table.sums(weights) > 0) != (figures > 0)) & (fold < 0)
        say(f"  {int(wrong.sum())} numbers of the cases are judged wrong")
        weighty[wrong] *= HEAVIER
    right = Counter[tuple[bool, bool]]()
    for one in range(FOLDS):
        left = fold == one
        tried = fitted(table, figures, np.where(left, 0, weighty))
        right.update(zip((table.sums(tried)[left] > 0).tolist(), (figures[left] > 0).tolist(), strict=True))
    found, false, missed = right[True, True], right[True, False], right[False, True]
    say(f"documents left out in turn: precision {found / (found + false):.3f} recall {found / (found + missed):.3f}")
    kept = [(sign, weight) for sign, weight in zip(signs, weights.tolist(), strict=True) if abs(weight) >= 0.0005]
    WEIGHTS.write_text("".join(f"{sign}\t{weight:.4f}\n" for sign, weight in kept), encoding="utf-8")
    right_share = ((table.sums(weights) > 0) == (figures > 0)).mean()
    say(f"{len(kept)} weights; on what they were fitted on {right_share:.3f} right")


if __name__ == "__main__":
    main(*[Path(one) for one in sys.argv[1:]])
