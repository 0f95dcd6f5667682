"""The law of manners on the samples, with the bundled model: however it is put, a question has the same answer."""

import json
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[1] / "samples"
ROWS = [json.loads(line) for line in (SAMPLES / "answer_questions.jsonl").read_text(encoding="utf-8").splitlines()]
# Of both languages, with a figure and a list, and one that nothing answers.
ASKED = frozenset({"a01", "a05", "a30", "a62"})


@pytest.mark.model
def test_no_manner_loses_a_right_answer(tmp_path: Path) -> None:
    """At most one in thirty of all right answers, and none by what is written around the question."""
    from api.cli.evaluations.judged_answers import _manners_of
    from api.cli.wiring import Wiring
    from api.settings import Settings
    from index.evaluate.answers import read_gold
    from ingest.sources.sources import find_sources

    wiring = Wiring(Settings(), tmp_path / "base")
    wiring.pipeline(create=True).run(find_sources([SAMPLES.parents[1] / "samples" / "articles"]))
    figures = _manners_of(wiring, read_gold([row for row in ROWS if row.get("id") in ASKED]))

    framed = {"greeting", "context", "thanks", "label", "polite", "all"}
    assert figures.questions == len(ASKED)
    assert {one.manner: len(one.lost) for one in figures.manners if one.manner in framed} == dict.fromkeys(framed, 0)
    assert {one.manner: one.same for one in figures.manners if one.manner in framed} == dict.fromkeys(
        framed, len(ASKED)
    )
    assert figures.lost is not None
    assert figures.lost <= 1 / 30
