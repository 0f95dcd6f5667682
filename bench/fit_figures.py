"""Fits what the signs of a number weigh for and against its being a figure, on judged documents and sentences.

``python -m bench.fit_figures FOLDER CASES [FILE.jsonl…]`` reads ``pages*.jsonl`` and ``figures*.jsonl`` of FOLDER but
for the documents held out, the case files of the tests, and further files of judged sentences; it prints how the
weights do on documents left out in turn, and writes ``ingest/data/figure_weights.tsv``. Logistic regression whose
penalty (the sum of the sizes of all weights) leaves only the signs that pay. Needs scikit-learn (dev).

The shipped weights were learned from documents and case files alone, by another way to the same sum; docs/evaluate.md
has what the text around a number adds to them.
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
from sklearn.feature_extraction import DictVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from bench.output import say
from index.evaluate.figures.figure_documents import KeyPlaces, is_held_out, read_rows
from index.evaluate.figures.judged_figures import read_judged_figures, rows_of_file
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

PENALTY, LEAST, STEPS, FOLDS = 3.0, 3, 300, 5
ROUNDS, HEAVIER = 14, 1.7
MANY_HANDS, OFTEN = "more.jsonl", 3.0
"""A file of sentences by three hands, and how much each counts; those of other files have to come out right."""
ATTRIBUTED = 0.3
"""How much a number counts of documents that were judged for whose their figures are: not every count has a key there.
At 1 hands left out lose .017 of their sentences and gain .014 of their paragraphs."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A number of a text: where it is from, its signs, whether people judged it a figure, the passage in which it
    stands and where."""

    origin: str
    signs: Counter[str]
    figure: bool
    text: str
    span: Span


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
        if known is not None and setting.around is not None:
            signs = Counter(signs_of(line, one, setting, told, classes))
            found.append(Judged(origin, signs, known, setting.around.text, setting.around.span(line, one)))
        return final or told if not known else None

    prepared = prepare_text(text, language)
    read_passages(prepared.document, prepared.passages, judge=judge)
    return found


def _against(keys: Sequence[tuple[Span, dict[str, Any]]]) -> Truth:
    def truth(span: Span, one: Quantity) -> bool | None:
        near = [key for place, key in keys if place.overlaps(span)]
        if any(key.get("optional") for key in near):
            return None
        value = one.value
        return value is not None and any("value" not in key or _is_same(value, one.unit, key["value"]) for key in near)

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


def attributed(path: Path) -> Iterator[Judged]:
    """The numbers of judged documents whose figures are told by their words alone, plain or gzip."""
    for page in rows_of_file(path):
        places = KeyPlaces(page)
        keys: list[tuple[Span, dict[str, Any]]] = [(places.of(key), key) for key in page["figures"]]
        yield from judged_numbers(page["id"], page["text"], parse_language(page["language"]), _against(keys))


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


class Table:
    """How often each sign stands with each number, as a sparse matrix; the sign that every number has is left out."""

    def __init__(self, rows: Sequence[Judged]) -> None:
        counted = Counter(sign for row in rows for sign in row.signs)
        self.signs = sorted(sign for sign, count in counted.items() if count >= LEAST and sign != ALWAYS)
        self.cells: Any = DictVectorizer().fit([dict.fromkeys(self.signs, 1)]).transform([row.signs for row in rows])
        self.cells.indices = self.cells.indices.astype(np.int32)  # the solver reads no wider ones
        self.cells.indptr = self.cells.indptr.astype(np.int32)


def fitted(cells: Any, figures: NDArray[np.bool_], weighty: Floats) -> LogisticRegression:
    """The regression of numbers on their signs; ``weighty`` is how much a row counts."""
    made = LogisticRegression(
        l1_ratio=1.0, C=1 / PENALTY, solver="liblinear", intercept_scaling=10, max_iter=STEPS, tol=1e-3
    )
    return made.fit(cells, figures, weighty)


def main(folder: Path, cases: Path, *further: Path) -> None:
    """Fit, print, write."""
    told, fixed = list(documents(folder)), []
    counts = [1.0] * len(told)
    for path in (*sorted(cases.glob("figures_*.json*")), *further):
        if path.name.endswith(".jsonl.gz"):
            told += list(attributed(path))
            counts += [ATTRIBUTED] * (len(told) - len(counts))
        elif path.name == MANY_HANDS:
            told += list(sentences(path))
            counts += [OFTEN] * (len(told) - len(counts))
        elif path.suffix == ".jsonl":
            fixed += list(sentences(path))
        elif path.is_dir():
            fixed += list(articles(path))
        elif path.stem in ("figures_es", "figures_en", "figures_negative"):
            fixed += list(phrases(path))
    rows = told + fixed
    table, figures = Table(rows), np.array([row.figure for row in rows])
    say(f"{len(rows)} numbers, {int(figures.sum())} figures, {len(table.signs)} signs")
    names = sorted({row.origin for row in told})
    fold = np.array([names.index(row.origin) % FOLDS if at < len(told) else -1 for at, row in enumerate(rows)])
    weighty = np.array([*counts, *[1.0] * len(fixed)])
    for _ in range(ROUNDS):  # what was read rightly before stays so: each sentence that is not counts more
        made = fitted(table.cells, figures, weighty)
        wrong = (made.predict(table.cells) != figures) & (fold < 0)
        say(f"  {int(wrong.sum())} numbers of the cases are judged wrong")
        if not wrong.any():
            break
        weighty[wrong] *= HEAVIER
    right = Counter[tuple[bool, bool]]()
    for one in range(FOLDS):
        left = fold == one
        tried = fitted(table.cells, figures, np.where(left, 0, weighty))
        right.update(zip(tried.predict(table.cells[left]).tolist(), figures[left].tolist(), strict=True))
    found, false, missed = right[True, True], right[True, False], right[False, True]
    say(f"documents left out in turn: precision {found / (found + false):.3f} recall {found / (found + missed):.3f}")
    weights = zip([ALWAYS, *table.signs], [*made.intercept_.tolist(), *made.coef_[0].tolist()], strict=True)
    kept = [(sign, weight) for sign, weight in weights if abs(weight) >= 0.0005]
    WEIGHTS.write_text("".join(f"{sign}\t{weight:.4f}\n" for sign, weight in kept), encoding="utf-8")
    say(f"{len(kept)} weights; on what they were fitted on {made.score(table.cells, figures):.3f} right")


if __name__ == "__main__":
    main(*[Path(one) for one in sys.argv[1:]])
