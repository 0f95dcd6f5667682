"""The signs around a mention and a figure, the weights as data, and what the other figures' choices say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import TEXT
from ingest.sources.sources import SourceFile
from ingest.studies.attributing import CANDIDATES
from ingest.studies.choosing.chooser import FIELDS, company
from ingest.studies.choosing.wording import SignWeights, known, read_weights, signs_between, signs_of, signs_of_figure
from ingest.studies.discourse import Discourse, DiscourseLine
from ingest.text.prepare import prepare
from kb.records.errors import ModelError

SENTENCE = "Según Nubora Consulting, el 61 % de los 1.200 clientes se fue en 2021."


def line_of(text: str) -> DiscourseLine:
    """The first line of a text without title."""
    prepared = prepare(SourceFile.of("page", text.encode(), TEXT, metadata=SourceMetadata.of("test")))
    sentences = [(span.start, span.cut(prepared.document.text)) for one in prepared.passages for span in one.sentences]
    return Discourse(prepared.document, sentences, {}).lines[0]


def place_of(words: str) -> tuple[int, int]:
    """The characters of these words in the sentence."""
    return SENTENCE.index(words), SENTENCE.index(words) + len(words)


def test_a_mention_has_its_words_and_those_beside_it() -> None:
    signs = set(signs_of(line_of(SENTENCE), *place_of("Nubora Consulting"), "finding"))

    assert {
        "always", "first nubora", "last consulting", "length 2", "-1 según", "+1 ,", "+1 , el #", "before según",
        "after clientes", "-1 según +1 ,", "form finding", "figures True",
    } & signs == {
        "always", "first nubora", "last consulting", "length 2", "-1 según", "+1 ,", "+1 , el #", "before según",
        "-1 según +1 ,", "form finding", "figures True",
    }  # fmt: skip


def test_between_a_mention_and_a_figure_stand_words_without_digits() -> None:
    signs = list(signs_between(line_of(SENTENCE), place_of("Nubora Consulting"), place_of("1.200")))

    assert "ahead" in signs
    assert {"ahead between #", "ahead between los", "ahead names 0"} <= set(signs)
    assert not any("61" in sign or "1.200" in sign for sign in signs)


def test_a_figure_behind_its_mention_and_one_ahead_have_other_signs() -> None:
    line = line_of(SENTENCE)

    before = set(signs_between(line, place_of("clientes"), place_of("61 %")))

    assert "behind" in before
    assert "ahead" not in before


def test_a_figure_has_the_opening_of_its_sentence() -> None:
    signs = set(signs_of_figure(line_of(SENTENCE), *place_of("61 %")))

    assert {"opens según", "opens según NAME", "opens según NAME ,", "own # %"} <= signs


def test_every_mention_of_a_long_line_has_signs_in_a_bounded_number() -> None:
    line = line_of("Nubora " + "dice y " * 200 + "Nubora pregunta.")

    assert len(list(signs_of(line, 0, 6, ""))) < 70


def test_the_weights_that_come_with_the_project_are_of_every_field_and_kind() -> None:
    weights = known()

    assert set(weights) == set(CANDIDATES)
    assert all(one.mention and one.beside and one.none for one in weights.values())


LEAST = "".join(f"{field}\t{kind}\talways\t0.5\n" for field in FIELDS for kind in SignWeights.__slots__).encode()
"""The fewest rows that are weights: where each sum starts."""


@pytest.mark.parametrize(
    ("rows", "thing"),
    [
        (LEAST + b"source\tmention\tseg\xc3\xban\tmuch\n", "weights.tsv:10"),
        (LEAST + b"source\tmention\tby\tnan\n", "weights.tsv:10"),
        (LEAST + b"source\tmention\tby\n", "weights.tsv:10"),
        (LEAST + b"source\tmention\talways\t0.5\n", "weights.tsv:10"),
        (LEAST + b"source\tmentoin\tby\t1\n", "weights.tsv:10"),
        (LEAST + b"sauce\tmention\tby\t1\n", "weights.tsv:10"),
        (LEAST + b"source\tmention\tsegun\xf3\t1\n", "weights.tsv"),
        (LEAST[: LEAST.index(b"sample")], "weights.tsv"),
        (b"", "weights.tsv"),
        (None, "weights.tsv"),
    ],
)
def test_a_broken_file_is_named_with_its_row(tmp_path: Path, rows: bytes | None, thing: str) -> None:
    """No number, not finite, no sign, twice, no such kind or field, no UTF-8, cut off, empty, gone."""
    path = tmp_path / "weights.tsv"
    if rows is not None:
        path.write_bytes(rows)

    with pytest.raises(ModelError) as caught:
        read_weights(path)

    assert (caught.value.thing, "bench.fit_attribution" in caught.value.hint) == (thing, True)


def test_a_sign_without_a_row_weighs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "weights.tsv"
    path.write_bytes(LEAST)

    assert read_weights(path) == {field: SignWeights(*[{"always": 0.5}] * 3) for field in FIELDS}


def test_the_other_figures_speak_for_a_candidate() -> None:
    """Three figures, two candidates: the neighbour's choice, the mean and how often each leads are told."""
    told = company(np.array([[0.9, 0.1], [0.4, 0.3], [0.8, 0.0]], dtype=np.float32)).reshape(3, 2, 14)

    middle = [0.4, 0.3, 0.571, 0.9, 0.8, 0.1, 0.0, 0.7, 0.9, 1.0, 0.133, 3.0, 2.0, 0.7]
    assert told[1, 0].tolist() == pytest.approx(middle, abs=1e-3)
    assert told[0, 1, 3] == -1.0
    assert told[2, 1, 4] == -1.0


def test_a_single_candidate_has_no_rival() -> None:
    told = company(np.array([[0.5]], dtype=np.float32))

    assert told[0, 1] == 0.0
