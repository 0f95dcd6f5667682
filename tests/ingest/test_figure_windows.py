"""A document in windows: every figure stands in one, whole paragraphs around it, and every place is found again."""

from __future__ import annotations

import pytest

from ingest.studies.figure_windows import LEAD, SIZE, FigureWindow, windows
from ingest.text.prepare import Prepared, prepare_text
from kb.records.document import Span
from kb.records.language import Language

ROW = "Store {0} | {0} %"
TEXTS = {
    "paragraphs": "\n\n".join(f"Of the callers of shop {n}, {n}% called again {'and again ' * n}." for n in range(40)),
    "a table": "\n\n".join([f"Calls by store {'in spring ' * 40}", *(ROW.format(n) for n in range(300))]),
    "one long paragraph": " ".join(f"Of the callers of shop {n}, {n}% called again." for n in range(90)),
    "a short text": "Only 12% of them called again.",
    "one word": "x" * 400 + "12%",
}


def made(text: str, size: int = SIZE) -> tuple[Prepared, list[Span], list[FigureWindow]]:
    prepared = prepare_text(text, Language.EN)
    sentences = [span.start for one in prepared.passages for span in one.sentences]
    figures = [Span(at, at + 1) for at, sign in enumerate(text) if sign == "%"]
    return prepared, figures, windows(prepared.document, sentences, figures, size)


@pytest.mark.parametrize("size", [0, SIZE])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_figure_stands_in_one_window(text: str, size: int) -> None:
    _, figures, found = made(text, size)

    assert [number for one in found for number in one.figures] == list(range(len(figures)))
    for one in found:
        for figure in (figures[number] for number in one.figures):
            assert one.of(figure).cut(one.text(text)) == "%"
            assert one.back(one.of(figure), text) == figure


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_window_begins_as_the_document_and_keeps_its_size(text: str) -> None:
    _, _, found = made(text)

    assert all(len(one.text(text)) <= SIZE + len("\n\n") for one in found)
    assert all(one.parts[0].start == 0 for one in found)
    assert all(part.end <= LEAD for one in found for part in one.parts[:-1])


def test_rows_of_a_table_share_windows() -> None:
    """Each is read with what stands before it, and not once for every row."""
    _, figures, found = made(TEXTS["a table"])

    assert 8 * len(found) < len(figures)


def test_a_stretch_that_runs_out_of_its_paragraph_stands_nowhere() -> None:
    text = TEXTS["paragraphs"]
    window = made(text)[2][-1]
    lead, rest = window.parts
    read = window.text(text)
    over = Span(lead.end - 3, lead.end + 6)

    assert window.back(over, text) is None
    assert window.back(Span(0, read.index("\n\n") + 3), text) is None
    assert window.back(Span(len(read) - 5, len(read)), text) == Span(rest.end - 5, rest.end)
