"""Boosted trees of scikit-learn as the arrays of a ``Chooser``; the same rows give the same arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]

from ingest.studies.choosing.chooser import Chooser
from kb.records.ports import FloatArray


def boosted(rows: FloatArray, right: NDArray[np.bool_], depth: int, trees: int, least: int = 20) -> Chooser:
    """Trees that tell the right rows; ``least`` rows stand in a leaf. Its threshold is 1: set your own."""
    model = HistGradientBoostingClassifier(
        max_iter=trees, max_depth=depth, learning_rate=0.08, min_samples_leaf=least, l2_regularization=1.0,
        max_features=0.3, early_stopping=False, random_state=0,
    ).fit(rows, right)  # fmt: skip
    made = [one[0].nodes for one in model._predictors]
    feature = np.zeros((len(made), 2**depth - 1), dtype=np.int16)
    split = np.full((len(made), 2**depth - 1), np.inf, dtype=np.float32)
    leaf = np.zeros((len(made), 2**depth), dtype=np.float32)
    for number, nodes in enumerate(made):
        _filled(nodes, 0, 0, feature[number], split[number], leaf[number])
    chooser = Chooser(feature, split, leaf, float(model._baseline_prediction[0, 0]), 1.0)
    if not np.allclose(chooser.probabilities(rows[:500]), model.predict_proba(rows[:500])[:, 1], atol=1e-3):
        raise AssertionError("the arrays do not choose as the trees they were made of")
    return chooser


def _filled(nodes: Any, node: int, place: int, feature: Any, split: Any, leaf: Any) -> None:
    """Write a node and what is below it; a leaf higher up stands in every place below."""
    one = nodes[node]
    if place >= len(feature):
        leaf[place - len(feature)] = one["value"]
        return
    if not one["is_leaf"]:
        feature[place], split[place] = one["feature_idx"], one["num_threshold"]
    left, right = (node, node) if one["is_leaf"] else (one["left"], one["right"])
    _filled(nodes, left, 2 * place + 1, feature, split, leaf)
    _filled(nodes, right, 2 * place + 2, feature, split, leaf)
