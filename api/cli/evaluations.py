"""The runs behind ``kb evaluate``: each takes the program's parts and a path, and gives a record."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api.cli.retrieval_figures import RetrievalTable, retrieval_table
from api.cli.wiring import Wiring
from index.evaluate.answers import AnswerFigures, evaluate_answers, read_gold
from kb.answer import Answer
from kb.errors import SourceError
from kb.search import Filters


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
    from ingest.sentences import sentence_spans

    return retrieval_table(evaluate_retrieval(path, wiring.embedder, sentence_spans))


def answers(wiring: Wiring, path: Path) -> AnswerFigures:
    """Every question of the file asked of a base made of the documents beside it (``cx/`` and ``../seeds/``)."""
    from ingest.sources import find_sources

    gold = read_gold(list(read_lines(path)))
    folders = [
        folder
        for folder in (path.parent / "cx", path.parent / "seeds", path.parent.parent / "seeds")
        if folder.is_dir()
    ]
    if not folders:
        raise SourceError(str(path), "has no documents beside it", "Put them in a folder cx or seeds next to the file")
    with tempfile.TemporaryDirectory(prefix="kb-evaluate-") as folder:
        inner = Wiring(wiring.settings, Path(folder) / "base")
        inner.pipeline(create=True).run(find_sources(folders))
        knowledge_base = inner.knowledge_base()

        def ask(question: str) -> Answer:
            return knowledge_base.answer(question, None, Filters())

        return evaluate_answers(gold, ask, lambda document: knowledge_base.store.document(document).text)
