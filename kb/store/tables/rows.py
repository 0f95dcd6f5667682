"""Records to the JSON of a row and back, without loss; vectors to blobs and back."""

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np
from pydantic import TypeAdapter, ValidationError

from kb.records.document import Document, Passage
from kb.records.errors import InputError
from kb.records.messages import Message, restored, say, stored
from kb.records.ports import FloatArray, ModelStamp, PassageVectors
from kb.records.source import Correction
from kb.records.statistic import Statistic

Record = TypeVar("Record")
# Where the codes of messages stand in the JSON of a record.
_TOLD = "told"


class RowFormat(Generic[Record]):
    """One record type as JSON text: every field, enums by value, decimals as strings.

    ``broken`` says why a record cannot be, though each of its fields is of its type; null when it can. A record that
    ``tells`` holds messages to people: they stand in their fields in English, and their codes beside, by the place of
    the field.
    """

    def __init__(
        self, record_type: type[Record], broken: Callable[[Record], str | None] | None = None, *, tells: bool = False
    ) -> None:
        self._type = record_type
        self._broken = broken
        self._tells = tells

    # Made when it is first used: a command that reads passages need not wait for the formats of all records.
    @cached_property
    def _adapter(self) -> TypeAdapter[Record]:
        return TypeAdapter(self._type)

    def dump(self, record: Record) -> str:
        """The record as JSON text; InputError for half a character in it."""
        try:
            row = self._adapter.dump_json(record).decode("utf-8")
        except ValueError:  # nothing else of a record has no JSON
            what = say("value_of", value=self._type.__name__)
            raise InputError(what, say("is_not_text_in_valid_unicode"), say("write_it_in_utf_8")) from None
        told = {place: stored(message) for place, message in _messages(record)} if self._tells else {}
        return f'{row[:-1]},"{_TOLD}":{json.dumps(told, ensure_ascii=False)}}}' if told else row

    def load(self, row: Any) -> Record:
        """The record that ``dump`` wrote; ValueError, with the place and the reason, for a value that is none."""
        try:
            record = self._adapter.validate_json(row, strict=True)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            detail = f"{place}: {first['msg']}" if place else first["msg"]
            raise ValueError(say("is_no_whole_record", detail=detail)) from None
        if self._tells:
            _put_back(record, json.loads(row).get(_TOLD, {}))
        broken = self._broken(record) if self._broken else None
        if broken:
            raise ValueError(say("is_no_whole_record", detail=broken))
        return record


def _messages(value: object, place: str = "") -> Iterator[tuple[str, Message]]:
    """The messages in the fields of a record and of the records in it, each with its place: "files.3.reason"."""
    if isinstance(value, Message) and value.code:
        yield place, value
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            yield from _messages(one, f"{place}.{number}")
    elif is_dataclass(value):
        for one in fields(value):
            yield from _messages(getattr(value, one.name), f"{place}.{one.name}" if place else one.name)


def _put_back(record: Any, told: Any) -> None:
    """Put the messages of a record that was just read in the place of their texts; ValueError where they have none."""
    try:
        for place, kept in told.items():
            *path, last = place.split(".")
            holder = record
            for step in path:
                holder = holder[int(step)] if isinstance(holder, tuple) else getattr(holder, step)
            message = restored(kept)
            if getattr(holder, last) == message:  # else an earlier version of this program changed the text
                object.__setattr__(holder, last, message)
    except (AttributeError, IndexError, TypeError) as error:
        raise ValueError(say("is_no_whole_record", detail=f"{_TOLD}: {error}")) from None


def broken_date(published: str | None) -> str | None:
    """Why this is no date of a document, which begins with its year; null when it is one or there is none."""
    year = (published or "2000")[:4]
    return None if year.isascii() and year.isdigit() and len(year) == 4 else "published: is no date"


def _broken_document(document: Document) -> str | None:
    if broken := broken_date(document.published):
        return broken
    if document.version < 1:
        return "version: is not positive"
    end = max((block.span.end for block in document.blocks), default=0)
    return "blocks: one ends after the text" if end > len(document.text) else None


def _broken_passage(passage: Passage) -> str | None:
    if passage.span.end - passage.span.start != len(passage.text):
        return "span: is not as long as the text"
    outside = any(not passage.span.contains(sentence) for sentence in passage.sentences)
    return "sentences: one is outside the passage" if outside else None


def _broken_statistic(statistic: Statistic) -> str | None:
    for field, span, words in (
        ("span", statistic.span, statistic.raw),
        ("quote_span", statistic.quote_span, statistic.quote),
    ):
        if span.end - span.start != len(words):
            return f"{field}: is not as long as its words"
    if any(value is not None and not value.is_finite() for value in (statistic.value, statistic.high)):
        return "value: is no number"
    return None


def _broken_stamp(stamp: ModelStamp) -> str | None:
    return None if stamp.dimension > 0 else "dimension: is not positive"


DOCUMENT = RowFormat(Document, _broken_document)
PASSAGE = RowFormat(Passage, _broken_passage)
STATISTIC = RowFormat(Statistic, _broken_statistic)
STAMP = RowFormat(ModelStamp, _broken_stamp)
CORRECTIONS: RowFormat[tuple[Correction, ...]] = RowFormat(tuple[Correction, ...])


def vector_row(key: int, made: PassageVectors) -> tuple[int, bytes, bytes, bytes]:
    """What the model made of a passage, as the row of its vectors."""
    return key, passage_blob(made.passage), sentences_blob(made.sentences), made.tokens


def passage_blob(vector: FloatArray) -> bytes:
    """A vector of shape (dimension,) as little-endian float32."""
    return vector.astype("<f4").tobytes()


def sentences_blob(vectors: FloatArray) -> bytes:
    """Vectors of shape (sentences, dimension) as little-endian float16: they only re-rank."""
    return vectors.astype("<f2").tobytes()


def load_passage_blob(blob: bytes) -> FloatArray:
    """The float32 vector of shape (dimension,) in a blob."""
    return np.frombuffer(blob, dtype="<f4").astype(np.float32)


def load_sentences_blob(blob: bytes, dimension: int) -> FloatArray:
    """The float32 vectors of shape (sentences, dimension) in a blob."""
    return np.frombuffer(blob, dtype="<f2").astype(np.float32).reshape(-1, dimension)
