"""Weighing the signs of a number: the table that is read, and what a sign does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.figures import read_passages
from ingest.refusing.settings import Setting
from ingest.refusing.weighing import ALWAYS, UNSURE, classes_of_words, read_weights, signs_of
from ingest.text.prepare import prepare_text
from kb.numbers.marks import MarkEvidence
from kb.numbers.quantities import read_quantities
from kb.numbers.records import Line
from kb.records.document import Span
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.ports import FiguredText
from kb.words.tokens import tokenize


def test_the_signs_of_a_number() -> None:
    """What it is, what stands beside it and the classes of those words, each alone and with the kind."""
    text = "Hubo 40 clientes."
    line = Line(text, tokenize(text), Language.ES, MarkEvidence.gather([text]))
    (found,) = read_quantities(line)
    signs = set(signs_of(line, found, Setting(line), "small_count", {"clientes": ("people",)}))

    assert {ALWAYS, "size 2", "count: size 2", "rule small_count", "closed", "-1 hubo", "+1 clientes"} < signs
    assert {"+1 <people>", "after <people>", "count: after <people>", "after clien", "count: +2 ."} < signs


def test_every_class_that_is_weighed_is_one_of_the_lexicon() -> None:
    weighed = {sign.partition("<")[2].rstrip(">") for sign in read_weights() if "<" in sign}

    assert weighed <= {cls for every in classes_of_words().values() for cls in every}


def test_a_row_without_a_weight_is_named(tmp_path: Path) -> None:
    path = tmp_path / "weights.tsv"
    path.write_text("always\t0.5\nsize 2\tmuch\n", encoding="utf-8")

    with pytest.raises(InputError, match=r"weights\.tsv:2"):
        read_weights(path)


class Counting:
    """Reads numbers in their text; says the same of each, and notes what it was asked."""

    def __init__(self, odds: float) -> None:
        self.odds = odds
        self.asked: list[tuple[str, float]] = []

    def figure_words(self, texts: Sequence[FiguredText]) -> list[None]:
        """No words."""
        return [None] * len(texts)

    def figure_odds(self, text: str, number: Span, weight: float) -> float:
        """Always the same."""
        self.asked.append((number.cut(text), weight))
        return self.odds


SURE, UNSURE_ONE = "En la encuesta, el 61 % de los clientes repite.", "Cada tienda atiende a 40 clientes."


@pytest.mark.parametrize("odds", [-1.0, 1.0])
def test_only_what_the_signs_leave_open_is_read_in_its_text(odds: float) -> None:
    reader = Counting(odds)
    prepared = prepare_text(f"{SURE}\n\n{UNSURE_ONE}", Language.ES)
    reading = read_passages(prepared.document, prepared.passages, lambda: reader)

    assert [raw for raw, _ in reader.asked] == ["40"]
    assert all(abs(weight) < UNSURE for _, weight in reader.asked)
    assert [one.raw for one in reading.statistics] == (["61 %", "40"] if odds > 0 else ["61 %"])
    assert [one.raw for one in reading.rejected] == ([] if odds > 0 else ["40"])


NO_FINDINGS = [
    ("The fine is up to $500 a unit.", Language.EN),
    ("Un panel de 45 vecinos voluntarios leyó las respuestas.", Language.ES),
]


@pytest.mark.parametrize(("text", "language"), NO_FINDINGS)
def test_limits_and_panels_are_no_findings(text: str, language: Language) -> None:
    """What may be charged, and how many read, says nothing that was found."""
    prepared = prepare_text(text, language)

    assert read_passages(prepared.document, prepared.passages).statistics == ()
