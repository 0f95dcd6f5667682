"""What a sentence needs to stand alone, and what is no quote at all."""

import pytest

from index.answers.composing.quoting import leads_on, marks_at_end, points_back, points_on, tells_asking, unclosed


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("They trust it.[1]", "They trust it."),
        ("They trust it.[1] Others [2] do not. [3][4]", "They trust it.[1] Others [2] do not."),
        ("They trust it.", "They trust it."),
    ],
)
def test_a_mark_of_a_note_is_no_part_of_a_quote(text: str, kept: str) -> None:
    """It would read like the answer's own; one inside the words stays, for a quote is one stretch."""
    assert text[: len(text) - marks_at_end(text)] == kept


@pytest.mark.parametrize(
    ("sentence", "points"),
    [
        ("If you need more reasons, continue reading below.", True),
        ("We've given the reasons for it.", True),
        ("Sigue leyendo para saber más.", True),
        ("Depots that asked lost half as many drivers.", False),
    ],
)
def test_points_on(sentence: str, points: bool) -> None:
    """A sentence about the text it stands in answers nothing."""
    assert points is points_on(sentence)


@pytest.mark.parametrize(
    ("sentence", "points"),
    [
        ("However, the second visit is forgiven.", True),
        ("But nobody asked.", True),
        ("Their managers knew.", True),
        ("Sin embargo, la nota no cambió.", True),
        ("«Esto no lo paga nadie»", True),
        ("De ellos, la mitad volvió.", True),
        ("Itemised bills are read twice.", False),
        ("La nota no cambió.", False),
        ("Yolanda contesta los lunes.", False),
    ],
)
def test_points_back(sentence: str, points: bool) -> None:
    """By the word that it opens with, whatever mark stands before it."""
    assert points is points_back(sentence)


@pytest.mark.parametrize(
    ("sentence", "asks"),
    [
        ("We asked 40 shopkeepers why they had moved.", True),
        ("Se preguntó a los vecinos si volverían.", True),
        ("Preguntados si volverían, el 40 % dijo que sí.", False),
        ("Asked why they had moved, 12 named the rent.", False),
        ("They moved because of the rent.", False),
    ],
)
def test_tells_asking(sentence: str, asks: bool) -> None:
    """Unless what was answered follows in the same sentence."""
    assert asks is tells_asking(sentence)


@pytest.mark.parametrize(
    ("text", "opened", "closed"),
    [
        ("«No es la factura", True, False),
        ("no es solo la factura», explica.", False, True),
        ("«No es la factura», explica la directora.", False, False),
        ('He said "soon', True, False),
        ("The score (of 40 guests", True, False),
        ("a) the first, b) the second", False, True),
        ("“One” and «two» (three)", False, False),
    ],
)
def test_unclosed(text: str, opened: bool, closed: bool) -> None:
    """Which end of the text lies inside quotation marks or brackets."""
    assert unclosed(text) == (opened, closed)


def test_leads_on() -> None:
    """What ends with a colon says nothing alone."""
    assert [leads_on(text) for text in ("The results are:", "The results: 4.")] == [True, False]
