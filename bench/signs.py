"""What each sign weighs, fitted: logistic regression whose penalty leaves only the few signs that pay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from ingest.studies.choosing.wording import ALWAYS

LEAST = 3


def weights_of(
    rows: Sequence[Sequence[str]], right: Sequence[bool], origins: Sequence[str], looseness: float
) -> dict[str, float]:
    """Sign to weight of the signs that stand in rows of LEAST origins and weigh something; the more ``looseness``, the
    more of them."""
    seen: dict[str, set[str]] = {}
    for row, origin in zip(rows, origins, strict=True):
        for sign in row:
            seen.setdefault(sign, set()).add(origin)
    place = {sign: at for at, sign in enumerate(sorted(sign for sign, these in seen.items() if len(these) >= LEAST))}
    cells = [(at, place[sign]) for at, row in enumerate(rows) for sign in sorted(set(row)) if sign in place]
    where, what = (np.array(one) for one in zip(*cells, strict=True))
    table = csr_matrix((np.ones(len(where)), (where, what)), (len(rows), len(place)))
    model = LogisticRegression(C=looseness, l1_ratio=1.0, solver="liblinear", fit_intercept=False, random_state=0)
    fitted = model.fit(table, np.array(right)).coef_[0]
    return {
        sign: round(float(fitted[at]), 3) for sign, at in place.items() if abs(fitted[at]) >= 0.0005 or sign == ALWAYS
    }
