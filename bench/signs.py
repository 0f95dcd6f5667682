"""What each sign weighs, fitted: logistic regression whose penalty leaves only the few signs that pay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from ingest.studies.choosing.wording import ALWAYS

LEAST = 3


class Taught(NamedTuple):
    """A mention or figure of a document with its signs, and whether it is what they weigh for."""

    origin: str
    signs: Sequence[str]
    right: bool


def weights_of(rows: Sequence[Taught], looseness: float) -> dict[str, float]:
    """Sign to weight of the signs that stand in LEAST documents and weigh something; the more ``looseness``, the more
    of them."""
    seen: dict[str, set[str]] = {}
    for row in rows:
        for sign in row.signs:
            seen.setdefault(sign, set()).add(row.origin)
    signs = sorted(sign for sign, origins in seen.items() if len(origins) >= LEAST)
    place = {sign: at for at, sign in enumerate(signs)}
    cells = [(at, place[sign]) for at, row in enumerate(rows) for sign in sorted(set(row.signs)) if sign in place]
    where, what = (np.array(one) for one in zip(*cells, strict=True))
    table = csr_matrix((np.ones(len(where)), (where, what)), (len(rows), len(place)))
    model = LogisticRegression(C=looseness, l1_ratio=1.0, solver="liblinear", fit_intercept=False, random_state=0)
    fitted = model.fit(table, np.array([row.right for row in rows])).coef_[0]
    return {
        sign: round(float(fitted[at]), 3) for sign, at in place.items() if abs(fitted[at]) >= 0.0005 or sign == ALWAYS
    }
