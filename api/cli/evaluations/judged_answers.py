"""The runs behind ``kb evaluate``: each takes the program's parts and a path, and gives a record."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli.shown.evaluation_tables import RetrievalTable, retrieval_table
from api.cli.wiring import Wiring
from index.answers.answering import EvidenceFinder
from index.answers.deciding import Limits
from index.answers.judging.judge import EvidenceJudgement, Judge
from index.evaluate.answers import (
    AnswerCaseReport,
    AnswerFigures,
    GoldQuestion,
    calibrate,
    documents_of,
    evaluate_answers,
    read_gold,
    score_answer_cases,
)
from index.evaluate.evidence import EvidenceReport, evaluate_evidence, read_questions
from index.evaluate.figures.figure_documents import read_rows
from index.evaluate.figures.judged_figures import rows_of_file
from index.evaluate.judged import DraftFigures, evaluate_drafts
from index.evaluate.manners import MannerFigures, evaluate_manners
from index.search.glossary import Glossary
from kb.records.answer import Answer
from kb.records.errors import SourceError
from kb.records.messages import say
from kb.records.search import Filters

if TYPE_CHECKING:
    from api.service.knowledge_base import KnowledgeBase
    from index.answers.judging.features import Case
    from ingest.sources.sources import SourceFailure, SourceFile


def retrieval(wiring: Wiring, path: Path) -> RetrievalTable:
    """The product's own search over a judged set, plain cosine beside it."""
    from index.evaluate.retrieval import evaluate_retrieval
    from ingest.text.sentences import sentence_spans

    return retrieval_table(evaluate_retrieval(path, wiring.embedder, sentence_spans))


def answers(wiring: Wiring, path: Path) -> AnswerFigures:
    """Every question of the file asked of a base of its documents, with where an answer could begin.

    The documents are in the folder that the file's first line names, else in ``cx/`` and ``seeds/`` beside it.
    """
    rows = list(rows_of_file(path))
    with _base_of(wiring, _documents(path, documents_of(rows))) as inner:
        return asked_of(inner, read_gold(rows))


def manners(wiring: Wiring, path: Path) -> MannerFigures:
    """Every question of the file of ``answers`` asked of the same base in twelve manners."""
    rows = list(rows_of_file(path))
    with _base_of(wiring, _documents(path, documents_of(rows))) as inner:
        return _manners_of(inner, read_gold(rows))


def _manners_of(wiring: Wiring, gold: Sequence[GoldQuestion]) -> MannerFigures:
    """What each manner loses over a base that is there already."""
    base = wiring.knowledge_base()
    return evaluate_manners(
        gold,
        lambda question: base.answer(question, None, Filters()),
        lambda document: base.records.document(document).text,
        Glossary.shipped(),
    )


def evidence(wiring: Wiring, path: Path, every: int = 1, kept: Path | None = None) -> EvidenceReport:
    """One in ``every`` question of the folder, in both languages, asked of a base of all of its pages.

    The base is made for it and gone afterwards; with ``kept`` it stays there, and is taken from there the next time.
    """
    questions = read_questions(path, every)
    with _base_of(wiring, _pages(path), kept) as inner:
        base = inner.knowledge_base()
        return evaluate_evidence(
            questions,
            lambda question: base.answer(question, None, Filters()),
            lambda document: base.records.document(document).text,
        )


def cases(wiring: Wiring, path: Path, documents: Path | None = None) -> AnswerCaseReport:
    """Every case of a file asked of a base of its documents alone; rows without documents have those of the row with
    their id in the file ``documents``, and its question."""
    rows = list(rows_of_file(path, "id", *(() if documents else ("documents", "question"))))
    if documents is not None:
        given = {row["id"]: row for row in rows_of_file(documents, "id", "documents")}
        rows = [given.get(row["id"], {}) | row for row in rows]
    with tempfile.TemporaryDirectory(prefix="kb-evaluate-") as folder:
        bases: dict[str, KnowledgeBase] = {}

        def ask(row: Mapping[str, Any]) -> Answer:
            key = json.dumps(row["documents"])
            if key not in bases:
                inner = Wiring(wiring.settings, Path(folder) / f"base-{len(bases)}")
                # Loaded once for all of them.
                inner.embedder, inner.tagger, inner.reader = wiring.embedder, wiring.tagger, wiring.reader
                inner.pipeline(create=True).run(_inline(row["documents"]))
                bases[key] = inner.knowledge_base()
            return bases[key].answer(row["question"], None, Filters())

        return score_answer_cases(rows, ask)


def _inline(documents: Sequence[Mapping[str, str]]) -> Iterator[SourceFile]:
    """Documents that stand in a row, read by their names."""
    from ingest.readers.signatures import media_type_of
    from ingest.sources.sources import SourceFile

    for one in documents:
        data = one["text"].encode()
        yield SourceFile.of(one["name"], data, media_type_of(one["name"], data))


def _pages(folder: Path) -> Iterator[SourceFile]:
    """The pages of the folder as Markdown files, with what their rows say of them."""
    from ingest.readers.properties.metadata import SourceMetadata
    from ingest.readers.signatures import MARKDOWN
    from ingest.sources.sources import SourceFile

    for row in read_rows(folder, "pages*.jsonl*"):
        title, publisher, published = (row.get(name) for name in ("title", "publisher", "published"))
        known = SourceMetadata.of("judged", title=title, publisher=publisher, published=published)
        yield SourceFile.of(f"{row['id']}.md", row["text"].encode(), MARKDOWN, metadata=known)


@contextmanager
def _base_of(
    wiring: Wiring, sources: Iterable[SourceFile | SourceFailure], kept: Path | None = None
) -> Iterator[Wiring]:
    """A base of the documents, gone afterwards unless it is ``kept``."""
    with tempfile.TemporaryDirectory(prefix="kb-evaluate-") as folder:
        inner = Wiring(wiring.settings, kept or Path(folder) / "base")
        if kept is None or not kept.exists():
            read = list(sources)  # where one cannot be read, nothing is kept
            inner.pipeline(create=True).run(read)
        yield inner


class _Remembering:
    """A judge that reads each question once."""

    def __init__(self, judge: Judge) -> None:
        self.name = judge.name
        self._judge = judge
        self._said: dict[str, EvidenceJudgement] = {}

    def judge(self, case: Case) -> EvidenceJudgement:
        """What the judge says."""
        if case.reading.text not in self._said:
            self._said[case.reading.text] = self._judge.judge(case)
        return self._said[case.reading.text]


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
    finder = EvidenceFinder(store, wiring.searcher(store), Glossary.shipped(), judge=_Remembering(wiring.judge))
    gathered = [(one.question, finder.gather(one.question, Filters())) for one in gold]

    def decide(threshold: float) -> list[bool]:
        limits = replace(Limits(), margin=threshold, own=min(threshold, Limits().own))
        return [finder.judge(question, candidates, limits).enough for question, candidates in gathered]

    return replace(figures, calibration=calibrate(answerable, decide))


def _documents(path: Path, named: str | None) -> Iterator[SourceFile | SourceFailure]:
    """The documents of a file of questions; SourceError when there are none."""
    from ingest.sources.sources import find_sources

    beside = (path.parent / "cx", path.parent / "seeds", path.parent.parent / "seeds")
    folders = [path.parent / named] if named else [folder for folder in beside if folder.is_dir()]
    if not folders or not all(folder.is_dir() for folder in folders):
        hint = say("name_their_folder_in_its_first")
        raise SourceError(str(path), say("has_no_documents_beside"), hint)
    return find_sources(folders)


def drafts(wiring: Wiring, path: Path, documents: Path | None = None) -> DraftFigures:
    """Every claim of a file checked against a base of its documents.

    ``documents`` is a JSON-lines file of {name, text} or a folder of sources; without it they are looked for in
    ``claim_documents.jsonl`` beside the claims.
    """
    from api.service.draft_check import check_draft
    from ingest.sources.sources import find_sources

    given = documents or path.with_name("claim_documents.jsonl")
    if not given.exists():
        raise SourceError(str(given), say("has_no_documents_of_claims"), say("name_them_with_documents"))
    claims = list(rows_of_file(path, "id", "claim", "expected"))
    with tempfile.TemporaryDirectory(prefix="kb-evaluate-") as folder:
        sources = given if given.is_dir() else _written(given, Path(folder) / "documents")
        inner = Wiring(wiring.settings, Path(folder) / "base")
        inner.pipeline(create=True).run(find_sources([sources]))
        base = inner.knowledge_base()
        return evaluate_drafts(claims, lambda claim: [one.finding.value for one in check_draft(base, claim).figures])


def _written(rows: Path, folder: Path) -> Path:
    """A folder with a text file for each document of a JSON-lines file, its name above it."""
    folder.mkdir()
    for number, row in enumerate(rows_of_file(rows), start=1):
        (folder / f"{number:03}.txt").write_text(f"{row['name']}\n\n{row['text']}\n", encoding="utf-8")
    return folder
