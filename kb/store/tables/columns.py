"""The columns of every table of a base: what each holds, and which of them only repeat the record beside them.

The one list that reading (``kb.store.tables.cells.select``), ``kb doctor`` and its repair share. Knows no query.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import numpy as np

from kb.records.language import Language
from kb.records.messages import say
from kb.records.operation import Delivery, Job, JobState, Key, SavedSearch, Webhook
from kb.records.ports import FloatArray
from kb.records.statistic import Kind
from kb.records.topics import OwnTopic, SubTopic, Topic
from kb.store.tables import rows
from kb.store.tables.cells import (
    Cell,
    blob,
    count_written,
    flag,
    integer,
    member,
    moment,
    name,
    number,
    or_null,
    sha256,
    text,
    year,
)

Columns = dict[str, Cell[Any]]
Load = Callable[[Any], Any]
_FLOAT, _HALF = 4, 2


def _aware(*times: str) -> Callable[[Any], str | None]:
    """Whether these times of a record have a zone, where there is one: two without cannot be compared."""

    def broken(record: Any) -> str | None:
        found = {field: getattr(record, field) for field in times}
        return next((f"{field}: has no zone" for field, at in found.items() if at is not None and not at.tzinfo), None)

    return broken


JOB = rows.RowFormat(Job, _aware("created", "started", "finished"), tells=True)
KEY = rows.RowFormat(Key, _aware("created", "expires", "revoked"))
SEARCH = rows.RowFormat(SavedSearch, _aware("created"))
WEBHOOK = rows.RowFormat(Webhook, _aware("created"))
DELIVERY = rows.RowFormat(Delivery, _aware("created", "due"), tells=True)
OWN_TOPIC = rows.RowFormat(OwnTopic)


def _table(table: str, **columns: Load) -> Columns:
    return {column: Cell(table, column, load) for column, load in columns.items()}


def vector(dimension: int) -> Load:
    """The float32 vector of this dimension in a blob: finite numbers, not all zero."""

    def load(value: Any) -> Any:
        if len(blob(value)) != _FLOAT * dimension:
            raise ValueError(say("is_no_vector_of_numbers", count=dimension))
        found = rows.load_passage_blob(value)
        if not 0 < float(np.abs(found).max(initial=0)) < np.inf:  # neither for a NaN
            raise ValueError(say("is_no_vector_of_finite_numbers"))
        return found

    return load


def vectors_of(blobs: Sequence[bytes], dimension: int) -> FloatArray | None:
    """The vectors in these blobs, float32 (blobs, dimension), looked at all together: of eight hundred each by itself
    took as long as reading them. Null where one is none: ``vector`` says which, and why."""
    if any(len(one) != _FLOAT * dimension for one in blobs):
        return None
    found = np.frombuffer(bytearray().join(blobs), "<f4").reshape(len(blobs), dimension)
    most = np.abs(found).max(axis=1, initial=0)
    return found if bool(np.all((most > 0) & (most < np.inf))) else None


def sentences(dimension: int) -> Load:
    """The vectors of the sentences of a passage, one at least, each of this dimension."""

    def load(value: Any) -> Any:
        if not blob(value) or len(value) % (_HALF * dimension):
            raise ValueError(say("are_no_vectors_of_numbers", count=dimension))
        found = rows.load_sentences_blob(value, dimension)
        if not np.isfinite(found).all():
            raise ValueError(say("are_no_vectors_of_finite_numbers"))
        return found

    return load


def tokens(width: int) -> Load:
    """The packed tokens of a passage, one at least, each of so many bytes."""

    def load(value: Any) -> bytes:
        if not blob(value) or len(value) % width:
            raise ValueError(say("are_no_tokens_of_bytes", width=width))
        return bytes(value)

    return load


def _hashes(value: Any) -> bytes:
    if len(blob(value)) % _FLOAT:
        raise ValueError(say("are_no_hashes"))
    return bytes(value)


# What ``meta`` holds by its keys; one that is not here is another program's.
META: Mapping[str, Load] = {
    "version": count_written,
    "added": count_written,
    "acknowledged": count_written,
    "model": rows.STAMP.load,
}
MODEL, VERSION = (Cell("meta", "value", META[key]) for key in ("model", "version"))

DOCUMENTS = _table(
    "documents",
    id=name,
    source_id=name,
    version=integer(1),
    current=flag,
    sha256=sha256,
    reading=text,
    year=or_null(year),
    publisher=or_null(text),
    record=rows.DOCUMENT.load,
    media_type=or_null(text),
    duplicate_of=or_null(name),
    translation_of=or_null(name),
)
ALIASES = _table("aliases", source_id=name, document_id=name)
SOURCES = _table("sources", identity=name, source_id=name, owner=or_null(name), folded=name)
PLACES = _table("places", place=name, file=text, source_id=name)
FINGERPRINTS = _table("fingerprints", document_id=name, words_key=sha256, runs=_hashes, numbers=text)
SAMPLES = _table("fingerprint_samples", hash=integer(0, 2**32 - 1), document_id=name)
FAILURES = _table("failures", source_id=name, path=or_null(text), stage=name, reason=text, hint=or_null(text))
PASSAGES = _table(
    "passages",
    key=integer(1),
    id=name,
    document_id=name,
    position=integer(0),
    language=member(Language),
    live=flag,
    record=rows.PASSAGE.load,
)
TOPICS = _table("passage_topics", key=integer(1), topic=member(Topic), score=number)
SUBTOPICS = _table("passage_subtopics", key=integer(1), subtopic=member(SubTopic))
OWN_NAMES = _table("passage_own_topics", key=integer(1), name=name)
OWN_TOPICS = _table("own_topics", position=integer(0), name=name, record=OWN_TOPIC.load)
TAGGINGS = _table("taggings", document_id=name, version=name)
STATISTICS = _table(
    "statistics",
    id=name,
    key=integer(1),
    position=integer(0),
    kind=member(Kind),
    value=or_null(number),
    year=or_null(year),
    source=or_null(text),
    sample_size=or_null(integer(0)),
    language=member(Language),
    record=rows.STATISTIC.load,
)
VECTORS = _table("vectors", key=integer(1), passage=blob, sentences=blob, tokens=blob)
KEYS = _table("keys", id=name, sha256=sha256, created=moment, record=KEY.load)
JOBS = _table(
    "jobs",
    number=integer(1),
    id=name,
    caller=name,
    state=member(JobState),
    record=JOB.load,
    holder=or_null(text),
    held_until=or_null(integer(0)),
)
REPLIES = _table("replies", caller=name, name=name, request=name, status=integer(100, 599), body=text, made=moment)
SEARCHES = _table("searches", number=integer(1), id=name, name=name, record=SEARCH.load)
WEBHOOKS = _table(
    "webhooks",
    number=integer(1),
    id=name,
    search_id=or_null(name),
    secret=name,
    told=integer(0),
    record=WEBHOOK.load,
)
DELIVERIES = _table(
    "deliveries",
    number=integer(1),
    id=name,
    webhook_id=name,
    due=or_null(moment),
    body=or_null(text),
    record=DELIVERY.load,
)

TABLES: Mapping[str, Columns] = {
    next(iter(columns.values())).table: columns
    for columns in (
        DOCUMENTS, ALIASES, SOURCES, PLACES, FINGERPRINTS, SAMPLES, FAILURES, PASSAGES, TOPICS, SUBTOPICS, OWN_NAMES,
        OWN_TOPICS, TAGGINGS, STATISTICS, VECTORS, KEYS, JOBS, REPLIES, SEARCHES, WEBHOOKS, DELIVERIES,
    )
}  # fmt: skip

# The tables of records, with the columns that repeat what a field of the record in their row says.
_RECORDS: Mapping[str, tuple[rows.RowFormat[Any], str]] = {
    "documents": (rows.DOCUMENT, "id source_id version sha256 year publisher media_type duplicate_of translation_of"),
    "passages": (rows.PASSAGE, "id document_id language"),
    "statistics": (rows.STATISTIC, "id kind value year source sample_size language"),
    "own_topics": (OWN_TOPIC, "name"),
    "keys": (KEY, "id created"),
    "jobs": (JOB, "id state"),
    "searches": (SEARCH, "id name"),
    "webhooks": (WEBHOOK, "id search_id"),
    "deliveries": (DELIVERY, "id webhook_id due"),
}


def repeated(table: str, record: Any) -> dict[str, object]:
    """What the columns of a table repeat of a record, as they hold it; of a table that repeats nothing, nothing."""
    names = _RECORDS[table][1] if table in _RECORDS else ""
    return {column: _held(getattr(record, column)) for column in names.split()}


def row_of(table: str, record: Any) -> dict[str, object]:
    """What a table holds of a record: the record, and the columns that repeat it."""
    return {**repeated(table, record), "record": _RECORDS[table][0].dump(record)}


def _held(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return float(value) if isinstance(value, Decimal) else value
