"""The runs behind ``kb evaluate``: each takes the program's parts and a path, and gives a record."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from api.cli.shown.retrieval_tables import RetrievalTable, retrieval_table
from api.cli.wiring import Wiring
from index.answers.answering import EvidenceFinder
from index.answers.deciding import Limits
from index.evaluate.answers import AnswerFigures, GoldQuestion, documents_of, evaluate_answers, read_gold
from index.evaluate.calibration import calibrate
from index.search.glossary import Glossary
from kb.records.errors import SourceError
from kb.records.search import Filters


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file; SourceError naming the line that is none."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise SourceError(f"{path} line {number}", f"is not JSON ({error})") from error


def retrieval(wiring: Wiring, path: Path) -> RetrievalTable:
    """The product's own search over a judged set, plain cosine beside it."""
    from index.evaluate.retrieval import evaluate_retrieval
    from ingest.text.sentences import sentence_spans

    return retrieval_table(evaluate_retrieval(path, wiring.embedder, sentence_spans))


def answers(wiring: Wiring, path: Path) -> AnswerFigures:
    """Every question of the file asked of a base of its documents, with where an answer could begin.

    The documents are in the folder that the file's first line names, else in ``cx/`` and ``seeds/`` beside it.
    """
    from ingest.sources.sources import find_sources

    rows = list(read_lines(path))
    gold = read_gold(rows)
    with tempfile.TemporaryDirectory(prefix="kb-evaluate-") as folder:
        inner = Wiring(wiring.settings, Path(folder) / "base")
        inner.pipeline(create=True).run(find_sources(_document_folders(path, documents_of(rows))))
        return asked_of(inner, gold)


def asked_of(wiring: Wiring, gold: Sequence[GoldQuestion]) -> AnswerFigures:
    """The figures of the questions over a base that is there already."""
    knowledge_base = wiring.knowledge_base()
    figures = evaluate_answers(
        gold,
        lambda question: knowledge_base.answer(question, None, Filters()),
        lambda document: knowledge_base.records.document(document).text,
    )
    answerable = [bool(one.quotes) for one in gold]
    if all(answerable) or not any(answerable):
        return figures
    store = wiring.store()
    finder = EvidenceFinder(store, wiring.searcher(store), Glossary.shipped())
    gathered = [(one.question, finder.gather(one.question, Filters())) for one in gold]

    def decide(threshold: float) -> list[bool]:
        limits = replace(Limits(), margin=threshold, own=min(threshold, Limits().own))
        return [finder.judge(question, candidates, limits).enough for question, candidates in gathered]

    return replace(figures, calibration=calibrate(answerable, decide))


def _document_folders(path: Path, named: str | None) -> list[Path]:
    """Where the documents of a file of questions are; SourceError when there are none."""
    beside = (path.parent / "cx", path.parent / "seeds", path.parent.parent / "seeds")
    folders = [path.parent / named] if named else [folder for folder in beside if folder.is_dir()]
    if not folders or not all(folder.is_dir() for folder in folders):
        hint = 'Name their folder in its first line, {"documents": "…"}, or put them in a folder cx or seeds beside it'
        raise SourceError(str(path), "has no documents beside it", hint)
    return folders
