"""The trained choice between a field's candidates: small trees over the features of each pair, calibrated.

Owns the arrays (npz without objects) and their reading; ``bench.fit_attribution`` learns them. Knows no texts.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from kb.records.errors import ModelError
from kb.records.messages import say
from kb.records.ports import FloatArray

DEPTH = 3
_FORMAT = "attribution-1"


@dataclass(frozen=True, slots=True)
class Chooser:
    """Trees of one depth for one field; ``threshold`` is the probability from which its choice is given.

    ``feature`` and ``split`` have a row a tree and a column an inner node (children of n: 2n+1, 2n+2), ``leaf`` a
    column a leaf, in log-odds; ``base`` is where the sum starts.
    """

    feature: NDArray[np.int16]
    split: FloatArray
    leaf: FloatArray
    base: float
    threshold: float

    def probabilities(self, rows: FloatArray) -> FloatArray:
        """The probability (0 to 1) of each row of features."""
        depth = self.leaf.shape[1].bit_length() - 1
        columns, line = np.ascontiguousarray(rows.T), np.arange(len(rows))
        odds = np.full(len(rows), self.base)
        # Tree by tree, with all nodes of one compared at once: five times as fast as all trees of a row at once.
        for feature, split, leaf in zip(self.feature, self.split, self.leaf, strict=True):
            above = columns[feature] > split[:, None]
            node = above[0] + 1
            for _ in range(depth - 1):
                node = 2 * node + 1 + above[node, line]
            odds += leaf[node - (2**depth - 1)]
        chances: FloatArray = (1.0 / (1.0 + np.exp(-odds))).astype(np.float32)
        return chances


def to_bytes(choosers: Mapping[str, Chooser]) -> bytes:
    """The choosers by field as an npz file; the same choosers give the same bytes."""
    arrays: dict[str, NDArray[np.generic]] = {"format": np.array(_FORMAT), "fields": np.array(sorted(choosers))}
    for name, one in sorted(choosers.items()):
        arrays |= {f"{name}_feature": one.feature, f"{name}_split": one.split, f"{name}_leaf": one.leaf}
        arrays[f"{name}_numbers"] = np.array([one.base, one.threshold])
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def from_bytes(data: bytes) -> dict[str, Chooser]:
    """The choosers of ``to_bytes``; raises ModelError when the file is damaged or of another format."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise _fault(say("cannot_be_read", error=type(error).__name__)) from error
    if "format" not in arrays or str(arrays["format"]) != _FORMAT:
        raise _fault(say("is_not_of_the_format", format=_FORMAT))
    return {
        name: Chooser(
            arrays[f"{name}_feature"].astype(np.int16),
            arrays[f"{name}_split"].astype(np.float32),
            arrays[f"{name}_leaf"].astype(np.float32),
            *map(float, arrays[f"{name}_numbers"]),
        )
        for name in arrays["fields"].tolist()
    }


def _fault(reason: str) -> ModelError:
    return ModelError(say("attribution_model"), reason, say("run_bench_fit_attribution"))


@cache
def shipped() -> dict[str, Chooser]:
    """The choosers that come with the project, read once."""
    return from_bytes((resources.files("ingest") / "data" / "attribution.npz").read_bytes())
