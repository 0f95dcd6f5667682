"""What is said of a text counts in the text as its sender gave it, whatever form its accents have."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.analysis import Analyser
from ingest.tagging import Tagger
from ingest.text.normal_form import NormalForm
from kb.records.document import Span
from kb.records.ports import Embedder
from tests.fakes import FakeEmbedder

# Letters that compose, marks in any order, Hangul jamo, letters that only ever decompose, and plain ones.
_LETTERS = (
    "aeñÑüéA1 .\u0301\u0303\u0323\u0308\u1100\u1161\u11a8각가Å\u212b\u2126\u0958\u09c7\u09be\u0f71\u0f72\ufb1d👍🏽\n"
)
TEXTS = st.text(st.sampled_from(_LETTERS), max_size=30) | st.text(max_size=20)


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@settings(deadline=None)
@given(TEXTS, st.data())
def test_a_span_carried_back_holds_what_it_held(text: str, data: st.DataObject) -> None:
    """Its normal form contains what the canonical span cut; order is kept; whole goes to whole."""
    form = NormalForm(text)
    ends = st.integers(0, len(form.canonical))
    start, end = sorted((data.draw(ends), data.draw(ends)))

    back = form.given(Span(start, end))

    assert form.canonical == nfc(text)
    assert form.canonical[start:end] in nfc(back.cut(text))
    assert form.given(Span(0, len(form.canonical))) == Span(0, len(text))


@settings(deadline=None)
@given(st.text(st.sampled_from("añéüÑ 1.,%xyzÅ"), max_size=40), st.data())
def test_decomposed_text_of_the_west_goes_back_to_the_letter(text: str, data: st.DataObject) -> None:
    """Of NFD Spanish every letter has its own place: the span back is the decomposed form of the span."""
    canonical = nfc(text)
    form = NormalForm(unicodedata.normalize("NFD", canonical))
    ends = st.integers(0, len(canonical))
    start, end = sorted((data.draw(ends), data.draw(ends)))

    assert form.given(Span(start, end)).cut(form.text) == unicodedata.normalize("NFD", canonical[start:end])


TEXT = "Según el estudio de 2022, la atención subió. El 47 % de los españoles esperó más.\n\nEn 1999 no lo había."


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_an_analysis_counts_in_the_text_as_it_was_given(form: str) -> None:
    """Sentences, figures and refused numbers cut the caller's own characters, and say the same in both forms."""

    def load_tagger(embedder: Embedder) -> Tagger:
        return Tagger.load(embedder.stamp)

    text = unicodedata.normalize(form, TEXT)  # type: ignore[arg-type]
    analysis = Analyser(FakeEmbedder, load_tagger).analyse("a", text, None)
    (statistic,) = analysis.statistics

    assert [nfc(span.cut(text)) for span in analysis.sentences] == [
        "Según el estudio de 2022, la atención subió.",
        "El 47 % de los españoles esperó más.",
        "En 1999 no lo había.",
    ]
    assert (statistic.span.cut(text), nfc(statistic.raw)) == (statistic.raw, "47 %")
    assert (statistic.quote_span.cut(text), nfc(statistic.quote)) == (
        statistic.quote,
        "El 47 % de los españoles esperó más.",
    )
    assert [number.span.cut(text) for number in analysis.rejected] == [number.raw for number in analysis.rejected]
    assert all(first.end <= second.start for first, second in pairwise(analysis.sentences))
