"""How languages that were told are counted."""

from __future__ import annotations

import pytest

from index.evaluate.judged import DetectionFigures, LanguageMiss, evaluate_languages
from kb.records.errors import InputError
from kb.records.language import Language


def test_right_and_wrong_are_counted_and_the_wrong_named() -> None:
    """One of two is wrong."""
    lines = ['{"text": "hola", "lang": "es"}', "", '{"text": "hello", "language": "en"}']

    assert evaluate_languages(lines, lambda text: Language.ES) == DetectionFigures(
        2, 1, 0.5, (LanguageMiss("hello", Language.EN, Language.ES),)
    )


@pytest.mark.parametrize("lines", [[], ["{"], ['{"text": "hola"}'], ['{"text": "hola", "lang": "klingon"}'], ["[]"]])
def test_a_broken_set_is_refused(lines: list[str]) -> None:
    """Never a figure over nothing."""
    with pytest.raises(InputError):
        evaluate_languages(lines, lambda text: Language.ES)
