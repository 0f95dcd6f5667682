"""Layers of the bundled model as they were tuned for a reader, questions or topics: changes of low rank, as arrays.

Owns how such a file is read and what it changes. Knows no reader.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources

import numpy as np

from index.model.bundled import BundledModel
from kb.records.errors import ModelError
from kb.records.messages import say
from kb.records.ports import FloatArray

LINEAR = ("q", "k", "v", "ao", "fi", "fo")
"""The maps of a layer, as the file of the weights names them."""


def shipped_arrays(name: str, program: str) -> dict[str, FloatArray]:
    """The arrays of a file that is shipped, float16 there; ModelError, with the program that makes it, where it is
    damaged."""
    file = resources.files("index").joinpath("data", name)
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as held:
            return {name: held[name].astype(np.float32) for name in held.files}
    except (OSError, EOFError, TypeError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        reason = say("cannot_be_read", error=f"{type(error).__name__}: {error}")
        raise ModelError(str(file), reason, say("get_or_make_the_file", program=program)) from error


def question_changes() -> dict[str, FloatArray]:
    """What the maps of the bundled model are changed by where it reads a question; ModelError where the file is
    damaged."""
    return shipped_arrays("question_encoder.npz", "bench.fit_question_encoder")


def topic_changes() -> dict[str, FloatArray]:
    """What the uppermost maps of the bundled model are changed by where a passage is read for its topics; ModelError
    where the file is damaged."""
    return shipped_arrays("topic_encoder.npz", "bench.tune_topics")


def lowest(changes: Mapping[str, FloatArray]) -> int:
    """The number of the first layer that is changed."""
    return min(int(name.partition(".")[0].removeprefix("l")) for name in changes)


def tuned(model: BundledModel, arrays: Mapping[str, FloatArray]) -> BundledModel:
    """The model with the changes that the arrays have: of "l11.q.into" (rank, what goes in) and "l11.q.out" (what comes
    out, rank) the product, added to the map."""
    names = [name.removesuffix(".into") for name in arrays if name.endswith(".into")]
    changes = {f"{name}.w": arrays[f"{name}.out"] @ arrays[f"{name}.into"] for name in names}
    return replace(model, tensors=model.tensors.changed(changes))
