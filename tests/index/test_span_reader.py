"""The words of a short text that say whose a figure is: in their place, the same in both engines, or none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.model import bundled
from index.model.bundled_encoder import BundledEncoder
from index.model.heads.span_reader import DISTANCES, WIDEST, Tokens, distances, likeliest, shipped_span_reader
from index.model.vocabulary import UnigramTokenizer
from kb.records.document import Span
from kb.records.errors import ModelError

pytestmark = pytest.mark.model

TEXTS = {
    "es": ("Según una encuesta del Instituto Brezal a 1.450 socios, el 61 % volvería a llamar.", "61 %"),
    "en": ("According to a survey of 1,450 members by the Brezal Institute, 61% would call again.", "61%"),
}
ODD = "El 61 %  de «Brezal»\n(2.300\u00a0socios) ½ dijo ﬁn. ＡＢ \u200bx"


@pytest.fixture(scope="module")
def tokenizer() -> UnigramTokenizer:
    return UnigramTokenizer(bundled.read_model(bundled.checked_weights()).pieces)


def test_every_token_stands_in_its_place(tokenizer: UnigramTokenizer) -> None:
    """The ids are those of the whole text, and no letter stands outside the tokens."""
    placed = tokenizer.placed(ODD)
    covered = {at for _, start, stop in placed for at in range(start, stop)}

    assert [index for index, _, _ in placed] == tokenizer.ids(ODD)[1:-1]
    assert [one for at, one in enumerate(ODD) if at not in covered and not one.isspace()] == []


@pytest.mark.parametrize("language", TEXTS)
def test_who_asked_and_how_many(language: str, bulk_encoder: BundledEncoder, query_engine: BundledEncoder) -> None:
    text, raw = TEXTS[language]
    at = text.index(raw)
    asked = [(text, (Span(at, at + len(raw)),))]
    (found,) = bulk_encoder.figure_words(asked)

    assert found is not None
    assert [found] == query_engine.figure_words(asked)
    told = {role: words.span.cut(text) for role, words in found[0].items() if words.sure}
    assert "Brezal" in (told["source"])
    assert "450" in (told["sample_size"])


def test_where_nobody_is_named_nobody_is_given(bulk_encoder: BundledEncoder) -> None:
    text = "Este año han vuelto a llamar más clientes: el 61 %."
    (found,) = bulk_encoder.figure_words([(text, (Span(len(text) - 5, len(text) - 1),))])

    assert found is not None
    assert [role for role in ("source", "sample_size") if found[0][role].sure] == []


def test_a_text_of_too_many_tokens_is_not_read(bulk_encoder: BundledEncoder) -> None:
    assert bulk_encoder.figure_words([("El 61 % vuelve. " * 200, (Span(3, 7),))]) == [None]


def test_a_text_without_figures_has_no_words(bulk_encoder: BundledEncoder) -> None:
    assert bulk_encoder.figure_words([("Nadie vuelve.", ())]) == [[]]


def test_parts_of_a_document_are_read_together_as_each_by_itself(bulk_encoder: BundledEncoder) -> None:
    """Which windows stand beside it says nothing of a window; one without figures or too long is passed over."""
    asked = [(text, (Span(text.index(raw), text.index(raw) + len(raw)),)) for text, raw in TEXTS.values()]
    together = bulk_encoder.figure_words([asked[0], ("Nadie vuelve.", ()), ("61 % " * 400, (Span(0, 4),)), asked[1]])

    assert together == [*bulk_encoder.figure_words(asked[:1]), [], None, *bulk_encoder.figure_words(asked[1:])]


def test_a_damaged_file_says_how_it_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "span_reader.npz").write_bytes(b"PK no archive")
    monkeypatch.setattr("index.model.heads.tuning.resources.files", lambda name: tmp_path)

    with pytest.raises(ModelError) as caught:
        shipped_span_reader(bundled.read_model(bundled.checked_weights()))

    assert "bench.fit_reader" in caught.value.hint


@pytest.mark.parametrize(
    ("role", "agreed"),
    [pytest.param("source", 0.9, id="part of a name"), pytest.param("population", 0.7, id="without its restriction")],
)
def test_stretches_that_say_the_same_speak_together(tokenizer: UnigramTokenizer, role: str, agreed: float) -> None:
    """How sure a name is goes by all ways to cut it, a population by those with half of its words; the likeliest is
    given."""
    text = "Brezal Institute of Cars Acme"
    tokens = Tokens.of(tokenizer, text)
    odds = np.full(len(tokens.ids) * WIDEST + 1, -50, np.float32)
    for words, chance in (("Brezal Institute of", 0.5), ("Brezal Institute", 0.2), ("Brezal", 0.2), ("Acme", 0.1)):
        start = text.index(words)
        first, last = tokens.under(Span(start, start + len(words))) or (0, 0)
        odds[first * WIDEST + last - first] = np.log(chance)

    span, chance = likeliest(role, odds, tokens, text)

    assert span == Span(0, 19)
    assert chance == pytest.approx(agreed, abs=0.01)


def test_distance_is_told_in_steps_on_either_side() -> None:
    assert distances(6, 2, 3).tolist() == [2, 1, 0, 0, 18, 19]
    assert distances(1000, 999, 999).max() == len(DISTANCES)
