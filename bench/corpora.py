"""The texts that the benchmarks run on: the judged sets where they are at hand, else what the repository bundles.

Owns the choice and the name that every table carries. Knows no model and no index.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from index.evaluate.judged import JudgedSet, JudgedText, read_judged
from kb.records.language import Language

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "eval"
SAMPLES = ROOT / "samples" / "articles"
_PAIR = (Language.EN, Language.ES)
# Judged sets whose texts are read for real vectors, in this order.
_SETS = ("xquad", "xquad_r", "cx_retrieval", "tatoeba")
# A block of a sample that is shorter is a heading.
_SHORTEST = 80


@dataclass(frozen=True, slots=True)
class Texts:
    """Distinct passages by language, questions, and the name of what they are for the tables."""

    name: str
    passages: tuple[JudgedText, ...]
    questions: tuple[JudgedText, ...]


def judged(pairs: int) -> JudgedSet:
    """XQuAD where it is at hand, else the bundled parallel passages; at most so many questions in each language.

    Questions are taken at even steps through the set, each with its translation.
    """
    found = read_judged(SHARED / "xquad") if (SHARED / "xquad").is_dir() else _bundled_set()
    by_name: dict[str, list[JudgedText]] = {}
    for question in found.answerable():
        by_name.setdefault(question.id.partition("-")[2], []).append(question)
    whole = [pair for pair in by_name.values() if len(pair) == 2]
    step = max(len(whole) / pairs, 1.0)
    chosen = [whole[int(at * step)] for at in range(min(pairs, len(whole)))]
    questions = tuple(question for pair in chosen for question in pair)
    return JudgedSet(found.name, found.passages, questions, found.gold)


def every_text() -> Texts:
    """All texts at hand, each once: those of the judged sets, and always what the repository bundles."""
    sets = [read_judged(SHARED / name) for name in _SETS if (SHARED / name).is_dir()]
    bundled = _bundled_set()
    passages = [passage for one in (*sets, bundled) for passage in one.passages] + _sample_blocks()
    questions = [question for one in (*sets, bundled) for question in one.questions]
    name = ", ".join([*(one.name for one in sets), "bundled parallel texts", "samples"])
    return Texts(name, _distinct(passages), _distinct(questions))


def _bundled_set() -> JudgedSet:
    """The bundled parallel passages; the first sentence of each is the question that both of its languages answer."""
    rows = json.loads(resources.files("index").joinpath("data", "passages.json").read_text(encoding="utf-8"))
    passages, questions, gold = [], [], {}
    for number, row in enumerate(rows):
        ids = frozenset(f"{language.value}-p{number}" for language in _PAIR)
        for language in _PAIR:
            text = row[language.value]
            passages.append(JudgedText(f"{language.value}-p{number}", language, text))
            questions.append(JudgedText(f"{language.value}-q{number}", language, text.partition(". ")[0]))
            gold[f"{language.value}-q{number}"] = ids
    return JudgedSet("bundled parallel texts", tuple(passages), tuple(questions), gold)


def _sample_blocks() -> list[JudgedText]:
    found = []
    for path in sorted(SAMPLES.glob("e[ns]-*.md")):
        blocks = path.read_text(encoding="utf-8").split("\n\n")
        language = Language(path.name[:2])
        found += [
            JudgedText(f"{path.stem}-{place}", language, " ".join(block.split()))
            for place, block in enumerate(blocks)
            if len(block) >= _SHORTEST
        ]
    return found


def _distinct(texts: list[JudgedText]) -> tuple[JudgedText, ...]:
    by_text = {(text.language, text.text): text for text in reversed(texts) if text.text.strip()}
    return tuple(reversed(by_text.values()))
