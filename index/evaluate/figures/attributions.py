"""Judged figures of whole documents to how well it is told who measured them, when, of whom and how many were asked.

A line is a document ``{id, language, title, publisher, published, text, figures: [{raw, sentence, source, study,
period, year, population, sample_size}]}`` (nulls where the text does not say), plain or gzip. Pure: the reader is
handed in.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.evaluate.figures.judged_figures import numbered_rows
from index.evaluate.figures.statistic_scores import same_source
from kb.records.document import Span, parse_language
from kb.records.errors import SourceError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.statistic import Period, Statistic

FIELDS = ("source", "study", "period", "year", "population", "sample_size")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class JudgedFigure:
    """A figure as a reader found it in its sentence, with whose, when, of whom and of how many; null where not said."""

    raw: str
    sentence: str
    source: str | None
    study: str | None
    year: int | None
    population: str | None
    sample_size: int | None
    period: str | None


@dataclass(frozen=True, slots=True)
class JudgedDocument:
    """A document with all its figures."""

    id: str
    language: Language
    title: str | None
    publisher: str | None
    published: str | None
    text: str
    figures: tuple[JudgedFigure, ...]


_AttributionReader = Callable[[JudgedDocument], tuple[str, Sequence[Statistic]]]
"""A document to its canonical text and its statistics, with spans of that text."""


@dataclass(frozen=True, slots=True)
class FieldScores:
    """Of the figures read, the shares (0 to 1) whose field is right, is given but wrong, and is missing."""

    right: float
    wrong: float
    missing: float


@dataclass(frozen=True, slots=True)
class AttributionFault:
    """A field of a figure that is not as judged."""

    document: str
    language: Language
    field: str
    raw: str
    sentence: str
    judged: str | int | None
    found: str | int | Period | None


@dataclass(frozen=True, slots=True)
class LanguageScores:
    """How many figures were judged and read, and the scores by field."""

    judged: int
    read: int
    fields: dict[str, FieldScores]


@dataclass(frozen=True, slots=True)
class AttributionReport:
    """The scores by language, and every fault behind them."""

    scores: dict[Language, LanguageScores]
    faults: tuple[AttributionFault, ...]


def read_judged_documents(path: Path) -> list[JudgedDocument]:
    """The documents of a file. Raises SourceError naming the line at fault."""
    documents = []
    for number, row in numbered_rows(path):
        try:
            figures = tuple(
                JudgedFigure(**{name: one[name] for name in JudgedFigure.__slots__}) for one in row["figures"]
            )
            documents.append(
                JudgedDocument(
                    row["id"],
                    parse_language(row["language"]),
                    row["title"],
                    row["publisher"],
                    row["published"],
                    row["text"],
                    figures,
                )
            )
        except (ValueError, KeyError, TypeError) as error:
            place = say("line_of_file", path=path, number=number)
            raise SourceError(place, say("is_not_json", error=error)) from error
    return documents


def score_attributions(documents: Sequence[JudgedDocument], reader: _AttributionReader) -> AttributionReport:
    """What ``reader`` says of the judged figures that it reads, field by field."""
    judged = dict.fromkeys((Language.ES, Language.EN), 0)
    pairs: list[tuple[JudgedDocument, JudgedFigure, Statistic]] = []
    for document in documents:
        judged[document.language] += len(document.figures)
        text, statistics = reader(document)
        pairs += [(document, figure, found) for figure, found in matched(document.figures, text, statistics)]
    faults = tuple(fault for pair in pairs for fault in _faults(*pair))
    scores = {}
    for language, count in judged.items():
        read = sum(1 for document, _, _ in pairs if document.language is language)
        fields = {name: _scores(name, language, read, faults) for name in FIELDS} if read else {}
        scores[language] = LanguageScores(count, read, fields)
    return AttributionReport(scores, faults)


def matched(
    figures: Sequence[JudgedFigure], text: str, statistics: Sequence[Statistic]
) -> Iterator[tuple[JudgedFigure, Statistic]]:
    """Each judged figure with the first statistic that overlaps it and is not another's."""
    used: set[str] = set()
    for figure in figures:
        spans = list(places_of(figure, text))
        for one in statistics:
            if one.id not in used and any(one.span.overlaps(span) for span in spans):
                used.add(one.id)
                yield figure, one
                break


def places_of(figure: JudgedFigure, text: str) -> Iterator[Span]:
    """Where the figure stands in the text, which may break its lines in other places."""
    start = figure.sentence.find(figure.raw)
    pieces = (figure.sentence[:start], figure.raw, figure.sentence[start + len(figure.raw) :])
    before, raw, after = (r"\s+".join(re.escape(word) for word in re.split(r"\s+", piece)) for piece in pieces)
    for match in re.finditer(f"{before}({raw}){after}", text):
        yield Span(match.start(1), match.end(1))


def agrees(field: str, judged: str | int | None, found: str | int | Period | None) -> bool:
    """Whether a field is as judged.

    Names share all telling words of one of them; of a population or the words of a period at least half of the words
    judged stand in what was found, which is no more than twice as long; the rest is equal.
    """
    if judged is None or found is None:
        return judged is found
    if isinstance(found, Period):
        found = found.quote or found.start
    if field in ("source", "study"):
        return same_source(str(judged), str(found))
    if field in ("population", "period"):
        wanted, mine = set(_WORD.findall(str(judged).lower())), set(_WORD.findall(str(found).lower()))
        return 2 * len(wanted & mine) >= max(len(wanted), len(mine))
    return judged == found


def _faults(document: JudgedDocument, figure: JudgedFigure, found: Statistic) -> Iterator[AttributionFault]:
    for name in FIELDS:
        judged, mine = getattr(figure, name), getattr(found, name)
        if not agrees(name, judged, mine):
            yield AttributionFault(document.id, document.language, name, figure.raw, figure.sentence, judged, mine)


def _scores(name: str, language: Language, read: int, faults: Sequence[AttributionFault]) -> FieldScores:
    mine = [fault for fault in faults if fault.field == name and fault.language is language]
    missing = sum(1 for fault in mine if fault.found is None)
    return FieldScores(1 - len(mine) / read, (len(mine) - missing) / read, missing / read)
