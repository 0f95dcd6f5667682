"""Whose a figure is, of when and of how many, on text that nothing was learned from, by ``tests/floors.json``.

Of each field the share that is right at least, and that is given but wrong at most.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli.evaluations.judged_reading import attribution
from api.cli.wiring import Wiring
from api.settings import Settings
from bench.judged_pages import DATA

FLOORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "floors.json").read_text(encoding="utf-8"))

# More of these is right than when their floors were taken, and more is wrong: of documents since they are read in
# windows, whose keys often have no population. Of English paragraphs and short texts period and year are as they were
# over the figures of before; of the few that are read since, fewer have one. All are to be reached again; one that is
# has to leave the list.
KNOWN_FAILURES = {
    "attribution_fresh_unseen": {
        (language, field) for language in ("es", "en") for field in ("source", "population", "sample_size")
    },
    "attribution_paragraphs_unseen": {
        ("en", "source"),
        ("en", "population"),
        ("en", "period"),
        ("es", "sample_size"),
        ("en", "sample_size"),
    },
    "attribution_short_unseen": {("es", "source"), ("es", "sample_size"), ("en", "year")},
}


@pytest.mark.parametrize("name", FLOORS["attribution"])
def test_attribution_is_not_below_its_floors(name: str, tmp_path: Path) -> None:
    report = attribution(Wiring(Settings(), tmp_path), DATA / f"{name}.jsonl.gz")

    found = {language.value: scores.fields for language, scores in report.scores.items()}
    below = {
        (language, field): (one.right, one.wrong)
        for language, fields in FLOORS["attribution"][name].items()
        for field, (right, wrong) in fields.items()
        for one in (found[language][field],)
        if one.right < right or one.wrong > wrong
    }
    assert below.keys() == KNOWN_FAILURES.get(name, set()), below
