"""Judged figures to scores: were they found with the right value, and nothing found that is none?

Pure: the reader of figures is handed in, and what was judged is ``judged_figures``'s. A prediction matches when its
span overlaps the gold's and the value is equal.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.evaluate.figures.judged_figures import GoldFigure, JudgedFigures, NoFigure
from index.evaluate.measures import share
from kb.records.document import Span
from kb.records.language import Language
from kb.records.statistic import Statistic

_FigureReader = Callable[[str, str], Sequence[Statistic]]
"""A document's name and its text to the statistics in it, with spans of that text."""

_TOLERANCE = Decimal("1e-6")
_LINKS = frozenset({"the", "of", "and", "de", "del", "la", "el", "y", "los", "las", "group", "inc"})


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """A gold figure and the prediction that matches it."""

    gold: GoldFigure
    found: Statistic


@dataclass(frozen=True, slots=True)
class Miss:
    """A gold figure that was not found; ``seen`` is what was read at its place instead, if anything."""

    gold: GoldFigure
    seen: Statistic | None


@dataclass(frozen=True, slots=True)
class FalseFigure:
    """A prediction that is no figure, or has a wrong value; ``reason`` is the negative's, if one stands there."""

    document: str
    found: Statistic
    reason: str | None


@dataclass(frozen=True, slots=True)
class FigureScores:
    """Shares (0 to 1) for one language, null over nothing; the last four are on the matched figures."""

    gold: int
    found: int
    recall: float | None
    predicted: int
    precision: float | None
    kind: float | None
    comparator: float | None
    source: float | None
    year: float | None


@dataclass(frozen=True, slots=True)
class StatisticReport:
    """The scores by language, and every pair, miss and false figure behind them."""

    scores: dict[Language, FigureScores]
    pairs: tuple[ScoredPair, ...]
    misses: tuple[Miss, ...]
    false_figures: tuple[FalseFigure, ...]


def score_figures(judged: JudgedFigures, reader: _FigureReader) -> StatisticReport:
    """What ``reader`` finds in the judged texts against the gold."""
    pairs: list[ScoredPair] = []
    misses: list[Miss] = []
    false_figures: list[FalseFigure] = []
    predicted: list[tuple[str, Language]] = []
    for name in sorted(judged.texts):
        text = judged.texts[name]
        found = reader(name, text)
        gold = [one for one in judged.gold if one.document == name]
        matched, missed = _match(text, gold, found)
        pairs += matched
        misses += missed
        if name in judged.complete:
            wrong, counted = _false(name, text, judged, found, gold)
            false_figures += wrong
            predicted += counted
    scores = {
        language: _scores(language, pairs, misses, false_figures, predicted) for language in (Language.ES, Language.EN)
    }
    return StatisticReport(scores, tuple(pairs), tuple(misses), tuple(false_figures))


def places_of(text: str, sentence: str, start: int, raw: str) -> list[Span]:
    """Where the judged raw form stands in the text: in each place of its sentence."""
    spans: list[Span] = []
    place = text.find(sentence)
    while place >= 0 and len(spans) < 20:
        spans.append(Span(place + start, place + start + len(raw)))
        place = text.find(sentence, place + 1)
    return spans


def _agrees(found: Statistic, gold: GoldFigure) -> bool:
    values = tuple(value for value in (found.value, found.high) if value is not None)
    if not gold.values:
        return True
    return len(values) == len(gold.values) and all(
        same_value(mine, theirs) for mine, theirs in zip(values, gold.values, strict=True)
    )


def same_value(mine: Decimal, theirs: Decimal) -> bool:
    """Whether a value read is the one judged, to one in a million or to the decimals written ("0.6667")."""
    if abs(mine - theirs) <= _TOLERANCE * max(abs(theirs), _TOLERANCE):
        return True
    exponent = theirs.as_tuple().exponent
    written = -exponent if isinstance(exponent, int) else 0
    return written >= 4 and round(mine, written) == theirs


def _match(text: str, gold: Sequence[GoldFigure], found: Sequence[Statistic]) -> tuple[list[ScoredPair], list[Miss]]:
    """Each gold figure with the first prediction that overlaps it and has its value; optional misses are left out."""
    pairs, misses = [], []
    used: set[str] = set()
    for one in gold:
        spans = places_of(text, one.sentence, one.start, one.raw)
        near = [each for each in found if any(each.span.overlaps(span) for span in spans)]
        right = next((each for each in near if each.id not in used and _agrees(each, one)), None)
        if right is not None:
            used.add(right.id)
            if not one.optional:
                pairs.append(ScoredPair(one, right))
        elif not one.optional:
            misses.append(Miss(one, near[0] if near else None))
    return pairs, misses


def _false(
    name: str, text: str, judged: JudgedFigures, found: Sequence[Statistic], gold: Sequence[GoldFigure]
) -> tuple[list[FalseFigure], list[tuple[str, Language]]]:
    """The predictions that are no figures, and all that count; those on optional or ignored places do not."""
    negatives = [one for one in judged.negatives if one.document == name]
    skipped = [span for one in gold if one.optional for span in places_of(text, one.sentence, one.start, one.raw)]
    skipped += [span for one in negatives if one.ignored for span in places_of(text, one.sentence, one.start, one.raw)]
    wrong, counted = [], []
    main = max((one.language for one in gold), key=[one.language for one in gold].count) if gold else Language.EN
    for each in found:
        if any(each.span.overlaps(span) for span in skipped):
            continue
        counted.append((name, each.language if each.language is not Language.OTHER else main))
        if not any(_agrees(each, one) and _overlaps(text, one, each) for one in gold):
            reason = next((one.reason for one in negatives if _overlaps(text, one, each)), None)
            wrong.append(FalseFigure(name, each, reason))
    return wrong, counted


def _overlaps(text: str, judged: GoldFigure | NoFigure, found: Statistic) -> bool:
    return any(found.span.overlaps(span) for span in places_of(text, judged.sentence, judged.start, judged.raw))


def _scores(
    language: Language,
    pairs: Sequence[ScoredPair],
    misses: Sequence[Miss],
    false_figures: Sequence[FalseFigure],
    predicted: Sequence[tuple[str, Language]],
) -> FigureScores:
    mine = [pair for pair in pairs if pair.gold.language is language]
    missed = sum(1 for miss in misses if miss.gold.language is language)
    total = sum(1 for _, each in predicted if each is language)
    wrong = sum(1 for one in false_figures if one.found.language in (language, Language.OTHER))
    return FigureScores(
        gold=len(mine) + missed,
        found=len(mine),
        recall=share(len(mine), len(mine) + missed),
        predicted=total,
        precision=share(total - wrong, total),
        kind=share(sum(pair.gold.kind is pair.found.kind for pair in mine), len(mine)),
        comparator=share(sum(pair.gold.comparator is pair.found.comparator for pair in mine), len(mine)),
        source=share(sum(same_source(pair.gold.source, pair.found.source) for pair in mine), len(mine)),
        year=share(sum(pair.gold.year == pair.found.year for pair in mine), len(mine)),
    )


def same_source(gold: str | None, found: str | None) -> bool:
    """Whether two names are of one organisation: both unknown, or one has all telling words of a part of the other."""
    if gold is None or found is None:
        return gold is found
    theirs, mine = _parts(gold), _parts(found)
    if any(one <= other or other <= one for one in theirs for other in mine if one and other):
        return True
    first, second = ("".join(re.findall(r"\w+", name.lower())) for name in (gold, found))
    return min(len(first), len(second)) > 3 and (first in second or second in first)  # "DataIQ", "Data IQ"


def _parts(source: str) -> list[frozenset[str]]:
    """The telling words of each organisation in "Zendesk y ESG", "Acquia / Regina Corso Consulting"."""
    pieces = re.split(r"\s/\s|\sy\s|\sand\s|,\s|\s&\s", source.lower())
    return [frozenset(re.findall(r"\w+", piece)) - _LINKS for piece in pieces]
