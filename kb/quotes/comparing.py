"""Two statements with a figure each, compared part by part: which part of a claim its source says otherwise.

Value, unit, hedge, direction, denial, year, who says it, of whom. Knows no base: the source's sentences are handed in.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from kb.quotes.statements import Pole, Stated, years_in
from kb.records.statistic import Comparator
from kb.words.tokens import cognate_key

_SAME = (
    frozenset({Comparator.ALMOST, Comparator.LESS_THAN}),
    frozenset({Comparator.AT_MOST, Comparator.UP_TO}),
)
_ONE_MONEY = frozenset({"$", "pesos"})
_NEAR = ("close to", "cerca de")
_ALIKE = 0.7
_SHORTEST = 5


class ClaimPart(Enum):
    """What of a claim its source says otherwise."""

    VALUE = "value"
    UNIT = "unit"
    HEDGE = "hedge"
    DIRECTION = "direction"
    DENIAL = "denial"
    YEAR = "year"
    SOURCE = "source"
    POPULATION = "population"


@dataclass(frozen=True, slots=True)
class ClaimDifference:
    """The part that differs and what the source says of it, in its own words ("2021", "PwC", "hasta")."""

    part: ClaimPart
    theirs: str


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around the source's sentence, names as lower-case words.

    Those of the sentence, of the last one before it with names, of who measured as the base knows it, and of what
    follows; the title of the document and the passage.
    """

    sentence: tuple[str, ...]
    before: tuple[str, ...]
    source: tuple[str, ...]
    named: tuple[str, ...]
    title: str
    text: str
    poles: frozenset[Pole] = frozenset()


def same_figure(claim: Stated, other: Stated) -> bool:
    """Whether value, upper end and what is measured are the same."""
    if not measured_alike(claim, other) or (claim.high is None) != (other.high is None):
        return False
    return equal(claim.value, other.value) and (claim.high is None or equal(claim.high, other.high or Decimal(0)))


def measured_alike(claim: Stated, other: Stated) -> bool:
    """Whether both are shares, sums of one currency, times in one unit, and so on."""
    if claim.measure != other.measure:
        return {claim.measure, other.measure} == {"points", "count"}
    if claim.measure == "money":
        return claim.unit == other.unit or "$" in (claim.unit, other.unit) or {claim.unit, other.unit} <= _ONE_MONEY
    return claim.measure != "time" or claim.unit == other.unit


def other_unit(claim: Stated, other: Stated) -> bool:
    """Whether the number is the same and what it counts in is not ("9 weeks", "9 days")."""
    return not same_figure(claim, other) and equal(claim.bare, other.bare) and not _plain(claim, other)


def _plain(claim: Stated, other: Stated) -> bool:
    """Whether both only count things, or count and share: then nothing tells that they are one figure."""
    return "count" in (claim.measure, other.measure)


def equal(one: Decimal, other: Decimal) -> bool:
    """Whether two values are equal to one part in a thousand: a third is 33.3 %."""
    return abs(one - other) <= Decimal("0.001") * max(abs(one), abs(other))


def differences(claim: Stated, other: Stated, around: Context, names: Sequence[str]) -> list[ClaimDifference]:
    """Every part that differs, the weightiest first; ``names`` are the words of whom the claim gives as its source."""
    found = []
    if other.denied is not None and claim.denied is None:
        found.append(ClaimDifference(ClaimPart.DENIAL, other.denied))
    elif (claim.denied is not None and other.denied is None) or (claim.refused_after and not other.refused_after):
        found.append(ClaimDifference(ClaimPart.DENIAL, ""))
    if claim.direction and other.direction and claim.direction is not other.direction:
        found.append(ClaimDifference(ClaimPart.DIRECTION, other.direction.value))
    if claim.years and (theirs := _years_against(claim, other, around)):
        found.append(ClaimDifference(ClaimPart.YEAR, theirs))
    speaker = _speaker_against(names, other, around)
    if speaker:
        found.append(ClaimDifference(ClaimPart.SOURCE, speaker))
    population = _population_against(claim, other, around.poles)
    if population is not None:
        found.append(ClaimDifference(ClaimPart.POPULATION, population))
    near = other.comparator is Comparator.ALMOST and claim.raw.lower().startswith(_NEAR)
    if not near and not _hedged_alike(claim.comparator, other.comparator):
        found.append(ClaimDifference(ClaimPart.HEDGE, other.comparator.value))
    return found


def _hedged_alike(one: Comparator, other: Comparator) -> bool:
    return one is other or any({one, other} <= pair for pair in _SAME)


def _years_against(claim: Stated, other: Stated, around: Context) -> str:
    if other.years:
        return "" if claim.years & other.years else str(min(other.years))
    known = years_in(around.title) or years_in(around.text)
    return "" if not known or claim.years & years_in(around.text) else str(min(known))


def _speaker_against(names: Sequence[str], other: Stated, around: Context) -> str:
    """Who is said to measure in the source where it is not who the claim says; empty where both agree or are silent."""
    if not names or _any_alike(names, (*other.speaker, *around.sentence)):
        return ""
    if other.speaker:
        return " ".join(other.speaker).title()
    if _any_alike(names, (*around.before, *_words(around.title), *around.source)):
        return ""
    if around.source:
        return " ".join(around.source).title()
    elsewhere = _any_alike(names, around.named)
    return (" ".join(around.before).title() or around.title) if elsewhere or around.before else ""


def _any_alike(names: Sequence[str], others: Sequence[str]) -> bool:
    return any(alike(one, their) for one in names for their in others)


def _population_against(claim: Stated, other: Stated, beside: frozenset[Pole]) -> str | None:
    """Of whom the source says it where that is not of whom the claim does; "" where it says so of another figure."""
    mine, theirs = _sides(claim.poles), _sides(other.poles)
    for axis in sorted(mine.keys() & theirs.keys()):
        if mine[axis].keys().isdisjoint(theirs[axis].keys()):
            return ", ".join(sorted(theirs[axis].values()))
    later = _sides(beside)
    for axis in mine.keys() - theirs.keys() - {"side"}:
        if mine[axis].keys() & later.get(axis, {}).keys():
            return ""
    restricted = sorted(pole.said for pole in other.poles if pole.axis not in ("side", "cause"))
    return restricted[0] if claim.everybody and restricted else None


def _sides(poles: frozenset[Pole]) -> dict[str, dict[str, str]]:
    """Axis to sides to the words that say them."""
    sides: dict[str, dict[str, str]] = {}
    for pole in poles:
        sides.setdefault(pole.axis, {})[pole.side] = pole.said
    return sides


def alike(one: str, other: str) -> bool:
    """Whether two words of names are one, or cognates ("observatory", "observatorio")."""
    left, right = cognate_key(_folded(one)), cognate_key(_folded(other))
    if left == right:
        return True
    length = next(
        (at for at, (x, y) in enumerate(zip(left, right, strict=False)) if x != y), min(len(left), len(right))
    )
    return length >= _SHORTEST and length >= _ALIKE * max(len(left), len(right))


def _folded(word: str) -> str:
    bare = unicodedata.normalize("NFD", word.lower())
    return "".join(mark for mark in bare if not unicodedata.combining(mark))


def _words(text: str) -> list[str]:
    return [word for word in "".join(mark if mark.isalnum() else " " for mark in text.lower()).split() if len(word) > 2]
