"""What an export is asked for: words of a request or a command line become one record, or are refused.

A word that does not belong to what is exported is refused: a filter that is passed over would export too much
in silence.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from api.files.dossier_words import Writing
from api.service.asking.filters import FIGURES, PASSAGES, FilterWords, Shape, make_filters, make_statistic_query
from api.service.asking.names import read_order
from api.service.asking.paging import Order
from api.service.knowledge_base import MAX_LIMIT
from kb.citing.citation_words import parse_style
from kb.records.errors import InputError, member_of, nearest
from kb.records.language import Language
from kb.records.messages import say
from kb.records.search import Filters, StatisticQuery


class What(Enum):
    """What is exported."""

    DOCUMENTS = "documents"
    PASSAGES = "passages"
    STATISTICS = "statistics"
    ANSWER = "answer"


class ExportFormat(Enum):
    """The files that an export can be: ``value`` is the ending, too."""

    JSONL = "jsonl"
    MARKDOWN = "md"
    DOCX = "docx"
    HTML = "html"
    XLSX = "xlsx"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """The type in an HTTP header."""
        return _MEDIA_TYPES[self]

    @property
    def is_text(self) -> bool:
        """Whether it can be shown on a terminal."""
        return self not in (ExportFormat.DOCX, ExportFormat.XLSX)


# The filters of either list. Where "format" is that of the export, that of the originals has a name of its own.
_FILE_FORMAT = "file_format"
_OF_PASSAGES = {_FILE_FORMAT if row.name == "format" else row.name: row for row in PASSAGES}
_OF_FIGURES = {row.name: row for row in FIGURES}
FILTERS = (
    *(replace(row, name=name) for name, row in _OF_PASSAGES.items()),
    *(row for name, row in _OF_FIGURES.items() if name not in _OF_PASSAGES),
)
_HINTS = {"originals": say("ask_for_documents_as_jsonl"), "limit": say("ask_for_passages_with_words")}
_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES = {
    ExportFormat.JSONL: "application/x-ndjson",
    ExportFormat.MARKDOWN: "text/markdown; charset=utf-8",
    ExportFormat.DOCX: f"{_OFFICE}.wordprocessingml.document",
    ExportFormat.HTML: "text/html; charset=utf-8",
    ExportFormat.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class ExportWords:
    """The words of a request as they came; null and empty ask for nothing. ``filters`` are those of ``FILTERS``."""

    text: str | None = None
    what: str | None = None
    filters: FilterWords = field(default_factory=dict)
    sort: str | None = None
    limit: int | None = None
    style: str = "apa"
    originals: bool = False


@dataclass(frozen=True, slots=True)
class AskedExport:
    """What is exported: ``filters`` narrow documents, passages and answers, ``figures`` and ``order`` statistics.

    ``writing`` is how the words around the quotes are written. ``originals`` puts the original bytes into the
    lines of documents; ``limit`` is that of the hits of a search.
    """

    what: What
    text: str | None
    writing: Writing
    filters: Filters = field(default_factory=Filters)
    figures: StatisticQuery = field(default_factory=StatisticQuery)
    order: Order | None = None
    originals: bool = False
    limit: int = MAX_LIMIT


def read_export(
    words: ExportWords, wording: Language, form: ExportFormat, today: date, own: Collection[str] = ()
) -> AskedExport:
    """The export that these words ask for; InputError for one that is not known or does not belong to it.

    Without ``what`` it is the passages that a query finds, or without a query the documents. ``own`` are the
    names of the users' topics.
    """
    text = words.text if words.text and words.text.strip() else None
    named = member_of(What, words.what.strip().lower(), say("what", name=words.what)) if words.what else None
    what = named or (What.DOCUMENTS if text is None else What.PASSAGES)
    _refuse_strangers(words, what, form, text)
    writing = Writing(parse_style(words.style), wording, today)
    if what is What.STATISTICS:
        asked = {name: _only(words, name) for name in _OF_FIGURES}
        figures = make_statistic_query(text, asked, MAX_LIMIT, own)
        order = None if words.sort is None else read_order(words.sort)
        return AskedExport(what, text, writing, figures=figures, order=order)
    if what is What.ANSWER and text is None:
        raise InputError(say("query"), say("is_empty"), say("write_a_question_or_some_words"))
    filters = make_filters({row.name: words.filters.get(name) for name, row in _OF_PASSAGES.items()}, own)
    return AskedExport(what, text, writing, filters, originals=words.originals, limit=words.limit or MAX_LIMIT)


def parse_format(name: str) -> ExportFormat:
    """The format of this name or ending ("md", ".docx", "markdown"); InputError, naming the nearest, for any other."""
    key = name.strip().lower().removeprefix(".")
    known = {"markdown": ExportFormat.MARKDOWN, **{one.value: one for one in ExportFormat}}
    if key in known:
        return known[key]
    raise InputError(
        say("format_named", name=name), say("is_not_known"), nearest(key, [one.value for one in ExportFormat])
    )


def _refuse_strangers(words: ExportWords, what: What, form: ExportFormat, text: str | None) -> None:
    """InputError for a word that asks for something that this export does not have."""
    strange = _OF_PASSAGES.keys() - _OF_FIGURES if what is What.STATISTICS else _OF_FIGURES.keys() - _OF_PASSAGES
    strangers = [row.name for row in FILTERS if row.name in strange and words.filters.get(row.name) not in (None, ())]
    if what is not What.STATISTICS and words.sort is not None:
        strangers.append("sort")
    if words.limit is not None and (what is not What.PASSAGES or text is None):
        strangers.append("limit")
    if words.originals and (what is not What.DOCUMENTS or form is not ExportFormat.JSONL):
        strangers.append("originals")
    if strangers:
        hint = _HINTS.get(strangers[0], say("leave_it_out"))
        raise InputError(
            say("parameter", parameter=strangers[0]), say("does_not_belong_to_an_export", what=what.value), hint
        )


def _only(words: ExportWords, name: str) -> object:
    """The words of a filter of statistics: passages may have several names where a figure has one."""
    given = words.filters.get(name)
    if _OF_FIGURES[name].shape is Shape.NAMES or not isinstance(given, tuple):
        return given
    if len(given) > 1:
        raise InputError(say("parameter", parameter=name), say("can_be_given_once"), say("leave_it_out"))
    return given[0] if given else None
