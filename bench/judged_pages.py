"""The judged documents to learn attribution from, read by the grammar alone, and how sure a choice must be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np

import ingest
from bench.output import say
from index.evaluate.figures.attributions import JudgedDocument, JudgedFigure, matched, read_judged_documents
from ingest.figures.reading import read_passages
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import TEXT
from ingest.sources.sources import SourceFile
from ingest.studies.discourse import Discourse
from ingest.text.prepare import Prepared, prepare
from kb.records.statistic import Statistic

DATA = Path(ingest.__file__).parent / "data"
FOLDS = 6
BREAK = re.compile(r"\n\s*\n")
_WORD = re.compile(r"\w+")
LANGUAGES = ("es", "en")


class PageKind(StrEnum):
    """A document, a paragraph of one as a text by itself, or a paragraph that was written as one."""

    WHOLE = "whole"
    PART = "part"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Page:
    """A judged document with those of its figures that are read, each as judged and as the grammar reads it."""

    origin: str
    fold: int
    language: str
    kind: PageKind
    discourse: Discourse
    figures: tuple[tuple[JudgedFigure, Statistic], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for a figure of a document not learned from, how surely, and whether it is as judged (``null``:
    nothing is)."""

    language: str
    chance: float
    right: bool
    null: bool


def judged_pages() -> Iterator[Page]:
    """The documents that may be learned from, in order, each with a copy without what is known beside its text and its
    paragraphs one by one; then the paragraphs written as such. The fold goes by the document."""
    for name, whole in (("open", True), ("ordinary", True), ("varied", True), ("more", False)):
        for judged in read_judged_documents(DATA / f"attribution_{name}.jsonl.gz"):
            if whole:
                yield _page(judged)
            if whole and (judged.publisher or judged.published):
                yield _page(bare(judged))
            yield from (_page(one, PageKind.PART) for one in paragraphs(judged))
    for judged in read_judged_documents(DATA / "attribution_paragraphs.jsonl.gz"):
        yield _page(judged, PageKind.PARAGRAPH)


def paragraphs(judged: JudgedDocument) -> Iterator[JudgedDocument]:
    """Each paragraph that has figures as a text by itself, judged by what it alone says."""
    for text in BREAK.split(judged.text):
        figures = [one for one in judged.figures if one.sentence in text]
        if figures and len(text) < len(judged.text):
            told = tuple(told_by(one, text) for one in figures)
            yield replace(judged, title=None, publisher=None, published=None, text=text, figures=told)


def told_by(figure: JudgedFigure, text: str) -> JudgedFigure:
    """What a text says of a figure: when and how many where it stands there; whose is as judged, found or not."""
    digits = set(_WORD.findall(re.sub(r"(?<=\d)[., \u202f\xa0](?=\d{3})", "", text)))
    return replace(
        figure,
        year=figure.year if str(figure.year) in text else None,
        period=figure.period if figure.period and figure.period in text else None,
        population=figure.population if figure.population and figure.population in text else None,
        sample_size=figure.sample_size if str(figure.sample_size) in digits else None,
    )


def bare(judged: JudgedDocument) -> JudgedDocument:
    """The same as a text without title, publisher and date, judged by what the text alone says."""
    text = judged.text.lower()
    figures = tuple(
        replace(
            one,
            source=one.source if one.source and one.source.lower() in text else None,
            year=one.year if str(one.year) in text else None,
        )
        for one in judged.figures
    )
    return replace(judged, title=None, publisher=None, published=None, figures=figures)


def _page(judged: JudgedDocument, kind: PageKind = PageKind.WHOLE) -> Page:
    prepared = prepared_of(judged)
    document = prepared.document
    sentences = [(span.start, span.cut(document.text)) for one in prepared.passages for span in one.sentences]
    found = read_passages(document, prepared.passages, attributor=unweighed).statistics
    fold = int(hashlib.sha256(f"f{judged.id}".encode()).hexdigest(), 16) % FOLDS
    pairs = tuple(matched(judged.figures, document.text, found))
    return Page(judged.id, fold, judged.language.value, kind, Discourse(document, sentences, {}), pairs)


def prepared_of(judged: JudgedDocument) -> Prepared:
    """The document as ingestion prepares it, with what is known of it."""
    known = SourceMetadata.of("judged", title=judged.title, publisher=judged.publisher, published=judged.published)
    return prepare(SourceFile.of(judged.id, judged.text.encode(), TEXT, metadata=known))


def unweighed(
    statistics: Sequence[Statistic], discourse: Discourse, _: object
) -> tuple[list[Statistic], tuple[str, ...]]:
    """What the grammar reads, as it is."""
    return list(statistics), ()


def threshold_for(wrong: float, choices: Sequence[Choice]) -> float:
    """The lowest chance from which no more figures than this share are given wrongly, in either language."""
    threshold = 0.0
    for language in LANGUAGES:
        mine = sorted((one for one in choices if one.language == language), key=lambda one: -one.chance)
        faults = np.cumsum([not one.right for one in mine])
        given = int(np.searchsorted(faults, wrong * len(mine), "right"))
        threshold = max(threshold, mine[max(0, given - 1)].chance)
    return threshold


def tell(field: str, choices: Sequence[Choice], threshold: float) -> None:
    """Say by language what a threshold gives: right (nulls included), wrong, and the likeliest right where one is."""
    for language in LANGUAGES:
        mine = [one for one in choices if one.language == language]
        given = [one for one in mine if one.chance >= threshold]
        right = sum(one.right for one in given) + sum(one.null and one.chance < threshold for one in mine)
        wrong = sum(not one.right for one in given)
        top = sum(one.right for one in mine) / sum(not one.null for one in mine)
        shares = f"right {right / len(mine):.3f}, wrong {wrong / len(mine):.3f}, likeliest right {top:.3f}"
        say(f"{field} {language}: threshold {threshold:.2f}, {shares}")
