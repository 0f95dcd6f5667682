"""Marks are built from offsets and text: the laws of segments and excerpts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.page.marks import excerpt, segments
from api.service.references import cited_span
from kb.records.document import Passage, Span
from kb.records.language import Language
from tests.kb.making import make_document, make_entry

TEXTS = st.text(alphabet="aé<>&\"'\u00a0 \n😀", max_size=60)


@given(TEXTS, st.data())
def test_segments_are_the_text_and_marks_the_citation(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    within = Span(start, data.draw(st.integers(start, len(text))))
    first = data.draw(st.integers(0, len(text)))
    cited = Span(first, data.draw(st.integers(first, len(text))))

    found = segments(text, within, cited)

    assert within.cut(text) == "".join(one.text for one in found)
    low, high = max(within.start, cited.start), min(within.end, cited.end)
    assert text[low : max(low, high)] == "".join(one.text for one in found if one.cited)
    assert all(one.span.cut(text) == one.text for one in found)


def long_passage() -> Passage:
    sentences = [f"Sentence number {number} of a passage that goes on and on." for number in range(40)]
    text = " ".join(sentences)
    spans, at = [], 100
    for sentence in sentences:
        spans.append(Span(at, at + len(sentence)))
        at += len(sentence) + 1
    return Passage("p1", "d1", Span(100, 100 + len(text)), text, Language.EN, sentences=tuple(spans))


@pytest.mark.parametrize("position", [0, 20, 39])
def test_a_long_passage_is_cut_at_sentences_and_says_so(position: int) -> None:
    passage = long_passage()
    sentence = passage.sentences[position]

    found = excerpt(passage, sentence)

    shown = "".join(one.text for one in found.segments)
    marked = "".join(one.text for one in found.segments if one.cited)
    assert sentence.shifted(-100).cut(passage.text) == marked
    assert shown in passage.text
    assert (found.cut_before, found.cut_after) == (not passage.text.startswith(shown), not passage.text.endswith(shown))
    assert len(shown) < len(passage.text)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, Span(6, 11)),
        ("6", "9", Span(6, 9)),
        ("6", "11", Span(6, 11)),
        ("0", "3", None),
        ("6", "12", None),
        ("9", "6", None),
        ("7", "7", None),
        ("-6", "9", None),
        ("6", None, None),
        ("6", "9e9", None),
        ("٦", "٩", None),
        ("6", "99999999999999999999", None),
    ],
)
def test_only_characters_of_the_passage_are_marked(start: str | None, end: str | None, expected: Span | None) -> None:
    document = make_document("two", "first\nother")
    passage = make_entry(document).passages[1]

    assert expected == cited_span(document, passage, start, end)
