"""Whole documents with every figure that a reader of them must find, to scores and the kinds of what goes wrong.

The folder holds ``pages*.jsonl`` (``id, language, text, title?``) and ``figures*.jsonl`` (``doc, sentence, raw, value,
high?, kind, comparator``, in reading order). A third of the documents, told by the hash of their id, is held out: it is
scored apart and never listed, so that what is mended on the others can be told from what is learnt by heart. A
reading matches when its span overlaps and its value is equal. Pure: the reader of figures is handed in.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from index.evaluate.figures.figure_cases import CaseScores, Counts, agrees, is_kind
from index.evaluate.figures.judged_figures import rows_of_file
from kb.records.document import Span, parse_language
from kb.records.errors import InputError, SourceError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.statistic import RejectedNumber, Statistic

_DocumentReader = Callable[[str, Language], tuple[Sequence[Statistic], Sequence[RejectedNumber]]]
"""A text and its language to the statistics in it and the numbers that are none, with spans of that text."""


@dataclass(frozen=True, slots=True)
class FigureFault:
    """One thing read otherwise than judged: what kind of fault, where, the words and what was read or judged."""

    fault: str
    document: str
    raw: str
    told: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PartReport:
    """One part of the documents in one language: its scores, and how often every kind of fault is in it."""

    held_out: bool
    language: Language
    documents: int
    scores: CaseScores
    faults: dict[str, int]


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """Both parts by language, and the faults of the documents that are not held out."""

    parts: tuple[PartReport, ...]
    faults: tuple[FigureFault, ...]


def is_held_out(document: str) -> bool:
    """Whether a document is of the third that is only scored."""
    return int(sha256(document.encode()).hexdigest(), 16) % 3 == 0


def score_documents(folder: Path, reader: _DocumentReader) -> DocumentReport:
    """What ``reader`` finds in every document of a folder against its key.

    Raises InputError when the folder has no such files, SourceError for a broken line or a figure that its document
    does not hold.
    """
    pages, keys = read_rows(folder, "pages*.jsonl"), read_rows(folder, "figures*.jsonl")
    counts: dict[tuple[bool, Language], Counts] = {}
    sizes: Counter[tuple[bool, Language]] = Counter()
    kinds: dict[tuple[bool, Language], Counter[str]] = {}
    told: list[FigureFault] = []
    for page in pages:
        part = (is_held_out(page["id"]), parse_language(page["language"]))
        judged = [key for key in keys if key["doc"] == page["id"]]
        faults = list(_compared(page, judged, part[1], reader, counts.setdefault(part, Counts())))
        sizes[part] += 1
        kinds.setdefault(part, Counter()).update(one.fault for one in faults)
        told += [] if part[0] else faults
    parts = tuple(
        PartReport(held, language, sizes[held, language], one.scores(), dict(kinds[held, language].most_common()))
        for (held, language), one in sorted(counts.items(), key=lambda row: (row[0][0], row[0][1].value))
    )
    return DocumentReport(parts, tuple(told))


def read_rows(folder: Path, pattern: str) -> list[dict[str, Any]]:
    """The rows of all files that the pattern names, plain or gzip. Raises InputError for none, SourceError for a broken
    line."""
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise InputError(str(folder), say("holds_no_such_files", pattern=pattern), say("name_a_folder_in_the_format"))
    return [row for path in paths for row in rows_of_file(path)]


def _compared(
    page: dict[str, Any], judged: Sequence[dict[str, Any]], language: Language, reader: _DocumentReader, counts: Counts
) -> Iterator[FigureFault]:
    found, rejected = reader(page["text"], language)
    left, seen = list(found), KeyPlaces(page)
    for key in judged:
        span = seen.of(key)
        counts.gold += 1
        near = [one for one in left if one.span.overlaps(span)]
        match = next((one for one in near if agrees(one, key)), None)
        if match is not None:
            left.remove(match)
            counts.found += 1
            yield from _differences(match, key, counts)
        elif near:
            left.remove(near[0])
            counts.wrong += 1
            wrong = f"{near[0].raw!r} = {near[0].value}, not {key['value']}"
            yield FigureFault(f"other value: {key['kind']}", key["doc"], key["raw"], wrong, key["sentence"])
        else:
            reason = next((one.reason for one in rejected if one.span.overlaps(span)), "no number seen")
            yield FigureFault(f"missed: {reason}", key["doc"], key["raw"], str(key["value"]), key["sentence"])
    counts.false += len(left)
    for one in left:
        yield FigureFault(f"false: {one.kind.value}", page["id"], one.raw, str(one.value), one.quote)


def _differences(found: Statistic, key: dict[str, Any], counts: Counts) -> Iterator[FigureFault]:
    same = found.comparator.value == key["comparator"]
    counts.comparator += same
    counts.kind += is_kind(found, key)
    if not same:
        fault = f"comparator: {key['comparator']} read as {found.comparator.value}"
        yield FigureFault(fault, key["doc"], key["raw"], found.raw, key["sentence"])


class KeyPlaces:
    """Where the figures of a key stand in their document, each after the one before it in the same sentence."""

    def __init__(self, page: dict[str, Any]) -> None:
        self._page = page
        self._sentence = (0, "")
        self._next = 0

    def of(self, key: dict[str, Any]) -> Span:
        """The characters of a figure. Raises SourceError when the document does not hold it."""
        sentence, raw, text = key["sentence"], key["raw"], self._page["text"]
        if sentence != self._sentence[1]:
            start = text.find(sentence, self._sentence[0])
            self._sentence = (start if start >= 0 else text.find(sentence), sentence)
            self._next = self._sentence[0]
        end = self._sentence[0] + len(sentence)
        start = text.find(raw, self._next, end)
        start = start if start >= 0 else text.find(raw, self._sentence[0], end)
        if self._sentence[0] < 0 or start < 0:
            raise SourceError(key["doc"], say("does_not_hold_the_figure", raw=raw, sentence=sentence))
        self._next = start + len(raw)
        return Span(start, self._next)
