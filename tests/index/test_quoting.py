"""What a quote is without: marks of notes at its end, sentences that only point."""

import pytest

from index.answers.quoting import points_on, without_marks
from kb.records.document import Span


def test_a_mark_of_a_note_is_no_part_of_a_quote() -> None:
    """It would read like the answer's own; one inside the words stays, for a quote is one stretch."""
    text = "They trust it.[1] Others [2] do not. [3][4]"

    assert [without_marks(Span(0, end), text).cut(text) for end in (17, len(text))] == [
        "They trust it.",
        "They trust it.[1] Others [2] do not.",
    ]


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
