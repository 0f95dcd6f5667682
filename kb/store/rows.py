"""Records to the JSON of a row and back, without loss; vectors to blobs and back."""

from __future__ import annotations

from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
from pydantic import TypeAdapter

from kb.document import Document, Passage
from kb.ports import FloatArray, ModelStamp
from kb.statistic import Statistic

Record = TypeVar("Record")


class RowFormat(Generic[Record]):
    """One record type as JSON text: every field, enums by value, decimals as strings."""

    def __init__(self, record_type: type[Record]) -> None:
        self._type = record_type

    # Made when it is first used: a command that reads passages need not wait for the formats of all records.
    @cached_property
    def _adapter(self) -> TypeAdapter[Record]:
        return TypeAdapter(self._type)

    def dump(self, record: Record) -> str:
        """The record as JSON text."""
        return self._adapter.dump_json(record).decode("utf-8")

    def load(self, row: str) -> Record:
        """The record that ``dump`` wrote."""
        return self._adapter.validate_json(row)


DOCUMENT = RowFormat(Document)
PASSAGE = RowFormat(Passage)
STATISTIC = RowFormat(Statistic)
STAMP = RowFormat(ModelStamp)


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
