"""What is refused on the samples, with the bundled model: our own questions, and floors that they must reach."""

import json
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[1] / "samples"
QUESTIONS = SAMPLES / "refusal_questions.jsonl"
ROWS = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
ASKED = [row for row in ROWS if "question" in row]


def test_the_questions_are_of_both_languages_halves_and_kinds() -> None:
    """No question twice, and none that the other sets or the null set ask."""
    other = [json.loads(line) for line in (SAMPLES / "answer_questions.jsonl").read_text("utf-8").splitlines()]
    nulls = json.loads((SAMPLES.parents[1] / "index" / "data" / "null_questions.json").read_text(encoding="utf-8"))
    texts = [row["question"] for row in ASKED]
    taken = {row.get("question") for row in other} | {text for row in nulls for text in row.values()}

    assert len(texts) == len(set(texts)) == 151
    assert [text for text in texts if text in taken] == []
    assert {"near", "far"} == {row["kind"] for row in ASKED if not row["answerable"]}
    for half in ("tuning", "held_out"):
        own = [row for row in ASKED if row["half"] == half]

        assert min(sum(row["lang"] == language for row in own) for language in ("es", "en")) > 30


@pytest.mark.model
@pytest.mark.slow
def test_refusals_on_the_samples(tmp_path: Path) -> None:
    """Of the held-out half: nothing that is answered there is refused, next to nothing that is far off is answered."""
    from api.cli.evaluations.judged_answers import asked_of
    from api.cli.wiring import Wiring
    from api.settings import Settings
    from index.evaluate.answers import read_gold
    from ingest.sources.sources import find_sources

    wiring = Wiring(Settings(), tmp_path / "base")
    wiring.pipeline(create=True).run(find_sources([SAMPLES.parents[1] / "samples" / "articles"]))
    half = [row for row in ASKED if row["half"] == "held_out"]
    far = [row for row in half if row["answerable"] or row["kind"] == "far"]
    figures = asked_of(wiring, read_gold(far))

    assert figures.verbatim == 1.0
    assert figures.refusal_precision is not None
    assert figures.refusal_recall is not None
    assert figures.refusal_precision >= 0.97
    assert figures.refusal_recall >= 0.95
