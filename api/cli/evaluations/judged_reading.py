"""The runs behind ``kb evaluate`` for what ingestion reads: statistics, main text; and for what is proved."""

from collections.abc import Iterator
from pathlib import Path

from api.cli.wiring import Wiring
from index.evaluate.citations import CitationFigures, evaluate_citations, read_golden
from index.evaluate.extraction import ExtractionComparison, compare_extraction
from index.evaluate.figures.attributions import (
    AttributionReport,
    JudgedDocument,
    read_judged_documents,
    score_attributions,
)
from index.evaluate.figures.figure_cases import CaseReport, score_cases
from index.evaluate.figures.figure_documents import DocumentReport, score_documents
from index.evaluate.figures.judged_figures import read_judged_figures, rows_of_file
from index.evaluate.figures.statistic_scores import StatisticReport, score_figures
from index.evaluate.judged import DetectionFigures, evaluate_languages
from index.evaluate.quotes.bad_quotes import BaseText
from index.evaluate.quotes.lexicon_quotes import lexicon_quotes
from index.evaluate.quotes.verify import VerifyFigures, evaluate_verify
from index.evaluate.words_of_files import ReadBlock, WordsReport, measure_words
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.statistic import RejectedNumber, Statistic

# What is set apart and is of the text all the same: a table of contents, the marks of notes.
_OF_THE_TEXT = (None, "navigation", "note_mark")


def statistics(wiring: Wiring, path: Path) -> StatisticReport | CaseReport:
    """The figure reader over the judged documents of a folder, or over the cases of a file."""
    from ingest.figures import read_figures
    from ingest.text.prepare import prepare_text

    def read(name: str, text: str) -> tuple[Statistic, ...]:
        prepared = prepare_text(text, None)
        return read_figures(prepared.document, prepared.passages, lambda: wiring.embedder)

    def read_case(text: str, language: Language) -> tuple[Statistic, ...]:
        prepared = prepare_text(text, language)
        return read_figures(prepared.document, prepared.passages, lambda: wiring.embedder)

    if path.is_file():
        return score_cases(rows_of_file(path, "id", "lang", "text", "expected"), read_case)
    return score_figures(read_judged_figures(path), read)


def figures(wiring: Wiring, path: Path) -> DocumentReport:
    """The figure reader over whole documents of which every figure is judged."""
    from ingest.figures import read_passages
    from ingest.text.prepare import prepare_text

    def read(text: str, language: Language) -> tuple[tuple[Statistic, ...], tuple[RejectedNumber, ...]]:
        prepared = prepare_text(text, language)
        reading = read_passages(prepared.document, prepared.passages, lambda: wiring.embedder)
        return reading.statistics, reading.rejected

    return score_documents(path, read)


def attribution(wiring: Wiring, path: Path) -> AttributionReport:
    """The figure reader over whole documents, prepared as ingestion does with what is known of them."""
    from ingest.figures import read_figures
    from ingest.readers.properties.metadata import SourceMetadata
    from ingest.readers.signatures import TEXT
    from ingest.sources.sources import SourceFile
    from ingest.text.prepare import prepare

    def read(judged: JudgedDocument) -> tuple[str, tuple[Statistic, ...]]:
        known = SourceMetadata.of("judged", title=judged.title, publisher=judged.publisher, published=judged.published)
        prepared = prepare(SourceFile.of(judged.id, judged.text.encode(), TEXT, metadata=known))
        return prepared.document.text, read_figures(prepared.document, prepared.passages, lambda: wiring.embedder)

    return score_attributions(read_judged_documents(path), read)


def extraction(wiring: Wiring, path: Path) -> ExtractionComparison:
    """The main text of the judged pages of a folder, beside that of plain trafilatura."""
    from importlib.metadata import version

    from ingest.readers.html.main_text import plain_text
    from ingest.readers.signatures import media_type_of
    from ingest.sources.sources import SourceFile
    from ingest.text.detect import text_language
    from ingest.text.prepare import prepare

    def read(data: bytes, name: str) -> str:
        return prepare(SourceFile.of(name, data, media_type_of(name, data))).document.text

    plain = (f"trafilatura {version('trafilatura')}", plain_text)
    return compare_extraction(path, ("this program", read), plain, text_language)


def words(wiring: Wiring, path: Path) -> WordsReport:
    """The words of office files and books, and the paragraphs of PDFs, as they are read."""
    from ingest.readers.signatures import media_type_of
    from kb.records.document import BlockKind

    def read(data: bytes, name: str) -> list[ReadBlock]:
        blocks = wiring.reader.read(data, media_type_of(name, data), name).blocks
        kept = (block for block in blocks if block.furniture in _OF_THE_TEXT)
        return [ReadBlock(one.text, one.kind is BlockKind.PARAGRAPH and one.furniture is None) for one in kept]

    return measure_words(path, read)


def language(wiring: Wiring, path: Path) -> DetectionFigures:
    """The language of every text of a file, told from the text alone."""
    from ingest.text.detect import text_language

    return evaluate_languages(path.read_text(encoding="utf-8").splitlines(), text_language)


def verify(wiring: Wiring, path: Path) -> VerifyFigures:
    """Bad and honest quotes made of every text of a folder and of every row of the lexicon, judged one by one."""
    texts = list(_texts(path))
    if not texts:
        raise InputError(str(path), say("holds_nothing_to_quote"), say("name_a_folder_of_txt_md"))
    return evaluate_verify(texts, lexicon_quotes())


def citations(wiring: Wiring, path: Path) -> CitationFigures:
    """Every golden reference in every style and language."""
    return evaluate_citations(read_golden(path))


def _texts(folder: Path) -> Iterator[BaseText]:
    from ingest.sources.sources import SourceFile, find_sources
    from ingest.text.prepare import prepare

    for source in find_sources([folder]):
        if isinstance(source, SourceFile):
            prepared = prepare(source)
            document = prepared.document
            main = max(document.language_mix, key=lambda share: share.share).language
            if main is not Language.OTHER:
                sentences = tuple(span for passage in prepared.passages for span in passage.sentences)
                yield BaseText(document.source_id, main, document.text, sentences)
