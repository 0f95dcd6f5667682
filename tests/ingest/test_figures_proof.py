"""Every figure of every sample and seed is proven by its own quote; and what is too long to read says so."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.figures import FigureReading, read_passages
from ingest.figures.reading import MAX_NUMBERS, MAX_SENTENCE_CHARS
from ingest.sources.sources import SourceFile, find_sources
from ingest.text.prepare import Prepared, prepare, prepare_text
from kb.numbers.marks import AMBIGUOUS
from kb.records.document import Document, Passage, Span
from kb.records.language import Language
from kb.records.statistic import Comparator, Statistic

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples" / "articles"
SEEDS = ROOT.parent / "shared" / "seeds"


def reread(statistic: Statistic) -> Statistic | None:
    """The statistic that its quote alone gives at the same characters, or null."""
    (text, offset), whole = (statistic.quote, statistic.quote_span.start), Span(0, len(statistic.quote))
    document = Document("", "", None, (), None, None, None, "text/plain", "", text, (), ())
    passage = Passage(statistic.passage_id, "", whole, text, statistic.language, sentences=(whole,))
    found = read_passages(document, [passage]).statistics
    return next((one for one in found if one.span.shifted(offset) == statistic.span), None)


def is_proven(statistic: Statistic) -> bool:
    """Whether the quote alone, without its document, gives this value, range, kind, unit and hedge."""
    again = reread(statistic)
    return again is not None and said(again) == said(statistic)


def said(one: Statistic) -> tuple[object, ...]:
    return (one.value, one.high, one.kind, one.unit, one.comparator)


def check_all(folder: Path) -> int:
    """Walk every figure of a folder; how many there were."""
    walked = 0
    for source in find_sources([folder]):
        assert isinstance(source, SourceFile)
        prepared = prepare(source)
        for one in read_passages(prepared.document, prepared.passages).statistics:
            walked += 1

            assert one.quote == one.quote_span.cut(prepared.document.text)
            assert is_proven(one), f"{source.source_id}: {one.raw!r} in {one.quote!r}"
    return walked


def test_every_figure_of_the_samples_is_proven_by_its_quote() -> None:
    assert check_all(SAMPLES) > 100


def test_every_figure_of_the_seeds_is_proven_by_its_quote() -> None:
    if not SEEDS.exists():
        pytest.skip(f"no seeds in {SEEDS}")

    assert check_all(SEEDS) >= 13


def test_a_changed_record_is_not_proven() -> None:
    """Another value, hedge or quote is found out."""
    prepared = prepare_text("Casi el 87 % de los clientes volvió.", Language.ES)
    (one,) = read_passages(prepared.document, prepared.passages).statistics

    assert is_proven(one)
    assert reread(one) is not None
    assert not is_proven(replace(one, value=Decimal("0.78")))
    assert not is_proven(replace(one, comparator=Comparator.EXACT))
    assert not is_proven(replace(one, quote=one.quote.replace("87", "37")))
    assert reread(replace(one, quote="Nada de eso.")) is None


def as_passages(sentences: list[str], language: Language) -> tuple[Document, list[Passage]]:
    """A document whose passages are these sentences, however long."""
    text, passages = "\n".join(sentences), []
    start = 0
    for number, sentence in enumerate(sentences):
        span = Span(start, start + len(sentence))
        passages.append(Passage(f"p{number}", "d", span, sentence, language, (), (span,)))
        start = span.end + 1
    return Document("d", "s", None, (), None, None, None, "text/plain", "", text, (), ()), passages


HOSTILE = ["87% ", "1,2.3 ", "9 de cada 10 ", "un millón y medio de ", "1 ", "según Gartner 5% de ", "1.234,"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_sentence_of_a_megabyte_is_read_up_to_the_limit_and_says_so(piece: str) -> None:
    document, passages = as_passages([piece * (1_000_000 // len(piece))], Language.ES)
    start = time.thread_time()
    reading = read_passages(document, passages)

    assert time.thread_time() - start < 15
    note = f"{MAX_SENTENCE_CHARS} characters of a sentence were read; numbers from character {MAX_SENTENCE_CHARS} on"
    assert reading.notes[0] == f"{note} were not"
    assert all("left open" in one for one in reading.notes[1:])
    if reading.statistics:
        assert reading.statistics[-1].note in (reading.notes[0], AMBIGUOUS)
        assert all(one.span.end <= MAX_SENTENCE_CHARS for one in reading.statistics)


def test_a_document_of_too_many_numbers_is_read_up_to_the_limit_and_says_so() -> None:
    sentence = "87% " * 400
    document, passages = as_passages([sentence] * (MAX_NUMBERS // 400 + 5), Language.EN)
    reading: FigureReading = read_passages(document, passages)

    assert len(reading.statistics) == MAX_NUMBERS + (-MAX_NUMBERS) % 400
    (note,) = reading.notes
    assert note.startswith(f"{MAX_NUMBERS} numbers of the document were read")
    assert reading.statistics[-1].note == note


def test_an_ordinary_text_has_no_notes() -> None:
    prepared: Prepared = prepare_text("Según Gartner, el 30 % lo usa.", Language.ES)

    assert read_passages(prepared.document, prepared.passages).notes == ()
