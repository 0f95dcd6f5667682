"""The figures of retrieval, on rankings small enough to count by hand."""

import math

import pytest

from index.evaluate.measures import DirectionFigures, MixedFigures, Ranked, figures, overlap_at_10, peer
from kb.records.language import Language

ES, EN = Language.ES, Language.EN
LANGUAGES = {"es1": ES, "es2": ES, "en1": EN, "en2": EN}
GOLD = frozenset({"es1", "en1"})


def test_one_question_of_each_language() -> None:
    ranked = [
        Ranked("en-q", EN, GOLD, ("en1", "es1", "es2", "en2")),
        Ranked("es-q", ES, GOLD, ("es2", "es1", "en1", "en2")),
    ]

    found = figures(ranked, LANGUAGES)

    assert found.mixed[EN] == MixedFigures(1, 1.0, 0.5, 1.0, 1.0, 1.0, 1.0, 0.5)
    assert found.mixed[ES] == MixedFigures(1, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.5)
    assert found.directions == {
        (ES, ES): DirectionFigures(1, 0.0, 1.0),
        (ES, EN): DirectionFigures(1, 1.0, 1.0),
        (EN, ES): DirectionFigures(1, 1.0, 1.0),
        (EN, EN): DirectionFigures(1, 1.0, 1.0),
    }
    assert found.overlap_at_10 == 0.4


def test_gold_in_one_language_alone_has_no_both() -> None:
    found = figures([Ranked("q1", ES, frozenset({"en1"}), ("en1", "es1"))], LANGUAGES)

    assert found.mixed == {ES: MixedFigures(1, 1.0, 1.0, 1.0, 1.0, None, None, 0.5)}
    assert found.directions == {(ES, EN): DirectionFigures(1, 1.0, 1.0)}
    assert found.overlap_at_10 is None


def test_overlap_pairs_by_the_id_without_its_language() -> None:
    ten = tuple(f"p{number}" for number in range(10))
    ranked = [Ranked("q-en-1", EN, GOLD, ten), Ranked("q-es-1", ES, GOLD, (*ten[5:], "x", "y", "z", "u", "v", "w"))]

    assert overlap_at_10(ranked) == 0.5


@pytest.mark.parametrize(
    ("found", "expected", "reason"),
    [
        (("es1", "en1"), math.erfc(math.sqrt(0.5)), "ranks 1 and 2: H = 1"),
        (("es1",), 0.0, "one language is not there at all"),
        ((), 1.0, "nothing to be unfair with"),
    ],
)
def test_peer(found: tuple[str, ...], expected: float, reason: str) -> None:
    assert peer(Ranked("q", ES, GOLD, found), LANGUAGES) == pytest.approx(expected), reason
