"""Which statistics are one figure in several places, and which only share a number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from index.search.same_figure import Placed, grouped, measures_alike
from kb.records.document import Span
from kb.records.language import Language
from kb.records.ports import FloatArray
from kb.records.statistic import Comparator, Kind, Statistic

QUOTE = "Research shows that 87% of marketers feel they deliver engaging experiences."
OTHER = "Some 87% of the parcels of the region arrived on the day that was promised."
SPANISH = "El 87 % de los profesionales del marketing cree que ofrece experiencias atractivas."
ONE = Statistic(
    id="s1", passage_id="p1", span=Span(20, 23), raw="87%", value=Decimal("0.87"), high=None, kind=Kind.PERCENT,
    unit=None, comparator=Comparator.EXACT, direction=None, subject=None, population=None, sample_size=None,
    source="Acme", study=None, year=2020, quote=QUOTE, quote_span=Span(0, 76), language=Language.EN,
)  # fmt: skip


def at(degrees: float) -> FloatArray:
    """A unit vector at this angle to the first one."""
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], np.float32)


def placed(
    statistic: Statistic,
    document: str,
    vector: FloatArray | None = None,
    origin: str | None = None,
    work: str | None = None,
) -> Placed[Statistic]:
    return Placed(statistic, document, origin or document, work or origin or document, lambda: vector)


def ids(*given: Placed[Statistic]) -> list[list[str]]:
    return [[one.id for one in group] for group in grouped(given)]


def second(**changes: object) -> Statistic:
    return replace(ONE, id="s2", passage_id="p2", **changes)  # type: ignore[arg-type]


SPANISH_TWIN = second(language=Language.ES, quote=SPANISH, raw="87 %")
PAIRS = [
    ("a repetition", second(), None, True),
    ("a repetition elsewhere in other punctuation", second(quote=QUOTE.replace("%", " percent")), None, True),
    ("another value", second(value=Decimal("0.86")), None, False),
    ("another hedge", second(comparator=Comparator.ALMOST), None, False),
    ("another kind", second(kind=Kind.FRACTION), None, False),
    ("another year", second(year=2021), None, False),
    ("another sample", second(sample_size=100), None, True),
    ("a translation of the same source", SPANISH_TWIN, 55, True),
    ("another finding of the same source", SPANISH_TWIN, 65, False),
    ("a translation that names no source", replace(SPANISH_TWIN, source=None), 40, True),
    ("something near that names no source", replace(SPANISH_TWIN, source=None), 55, False),
    ("a translation that names another source", replace(SPANISH_TWIN, source="Umbrella"), 10, False),
    ("the same number of something else", second(quote=OTHER, source=None, year=None), 80, False),
]


@pytest.mark.parametrize(("other", "degrees", "same"), [pair[1:] for pair in PAIRS], ids=[pair[0] for pair in PAIRS])
def test_pairs(other: Statistic, degrees: float | None, same: bool) -> None:
    vector = None if degrees is None else at(degrees)
    found = ids(placed(ONE, "d1", at(0)), placed(other, "d2", vector))

    assert found == ([["s1", "s2"]] if same else [["s1"], ["s2"]])


def test_equal_values_of_one_sentence_stay_apart() -> None:
    """ "50% of men and 50% of women" are two figures, in the reprint too: first with first, second with second."""
    man, woman = replace(ONE, id="m1"), replace(ONE, id="w1", span=Span(30, 33))
    found = ids(
        placed(man, "d1"),
        placed(woman, "d1"),
        placed(replace(man, id="m2", passage_id="p2"), "d2"),
        placed(replace(woman, id="w2", passage_id="p2"), "d2"),
    )

    assert found == [["m1", "m2"], ["w1", "w2"]]


def test_a_reprint_never_leads() -> None:
    """The original comes first, and an edited reprint is still one."""
    edited = second(
        quote="Research shows that 87% of marketers feel they deliver good experiences to all people of the region."
    )

    assert ids(placed(edited, "d2", None, origin="d1"), placed(ONE, "d1")) == [["s1", "s2"]]
    assert ids(placed(edited, "d2", None), placed(ONE, "d1")) == [["s2"], ["s1"]]


def test_a_figure_without_a_value_is_alone() -> None:
    unread = replace(ONE, value=None)

    assert ids(placed(unread, "d1"), placed(replace(unread, id="s2"), "d2")) == [["s1"], ["s2"]]


TRANSLATED = [
    ("its sentence in the translation", replace(SPANISH_TWIN, source=None), 60, True),
    ("its sentence with another name of the source", replace(SPANISH_TWIN, source="La Cumbre"), 60, True),
    ("another sentence of the translation", replace(SPANISH_TWIN, source=None), 70, False),
    ("its sentence with another year", replace(SPANISH_TWIN, year=2021), 10, False),
]


@pytest.mark.parametrize(("other", "degrees", "same"), [row[1:] for row in TRANSLATED], ids=[r[0] for r in TRANSLATED])
def test_a_figure_and_its_place_in_the_translation(other: Statistic, degrees: float, same: bool) -> None:
    """Between a document and its translation a looser likeness is enough, and the source may be named otherwise."""
    found = ids(placed(ONE, "d1", at(0)), placed(other, "d2", at(degrees), work="d1"))

    assert found == ([["s1", "s2"]] if same else [["s1"], ["s2"]])


def test_a_reprint_of_the_translation_joins_too() -> None:
    spanish = replace(SPANISH_TWIN, source=None)
    reprint = replace(spanish, id="s3", passage_id="p3")
    found = ids(
        placed(ONE, "d1", at(0)),
        placed(spanish, "d2", at(60), work="d1"),
        placed(reprint, "d3", at(60), origin="d2", work="d1"),
    )

    assert found == [["s1", "s2", "s3"]]


def test_who_says_who_measured_it_leads() -> None:
    """Before an earlier place that does not; a reprint leads no group that has its original."""
    silent, telling = replace(ONE, source=None), second()

    assert ids(placed(silent, "d1"), placed(telling, "d2")) == [["s2", "s1"]]
    assert ids(placed(silent, "d1"), placed(telling, "d2", origin="d1")) == [["s1", "s2"]]


def test_a_figure_that_lost_its_hedge_is_the_same_claim() -> None:
    told, lost = placed(second(comparator=Comparator.ALMOST), "d1"), placed(ONE, "d2")

    assert [len(group) for group in grouped([told, lost])] == [1, 1]
    assert [len(group) for group in grouped([told, lost], hedged=False)] == [2]


ALIKE = [
    ("another value of the same sentence", second(value=Decimal("0.81"), quote=QUOTE.replace("87", "81")), None, True),
    ("the same in the other language", replace(SPANISH_TWIN, value=Decimal("0.81")), 40, True),
    ("the same value", second(), None, False),
    ("another kind", second(value=Decimal("0.81"), kind=Kind.SCORE), None, False),
    ("something else", second(value=Decimal("0.81"), quote=OTHER), 80, False),
    ("other people", second(value=Decimal("0.81"), quote=QUOTE.replace("87", "81"), population="drivers"), None, False),
]


@pytest.mark.parametrize(("reason", "other", "angle", "alike"), ALIKE, ids=[row[0] for row in ALIKE])
def test_figures_that_measure_the_same_and_differ(
    reason: str, other: Statistic, angle: float | None, alike: bool
) -> None:
    first = placed(replace(ONE, population="marketers"), "d1", at(0))
    second_one = placed(other, "d2", None if angle is None else at(angle))

    assert measures_alike(first, second_one) is alike, reason
