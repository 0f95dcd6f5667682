"""Numbers that claim nothing of the world: idioms, scales, worked examples, denials, targets, limits, prices.

Each public function is one rule from a quantity in its sentence to a reason, or null.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ingest.refusing.conditions import conditioned
from ingest.refusing.settings import Setting
from kb.numbers.records import Line, Quantity
from kb.numbers.scores import is_point_change
from kb.records.statistic import Kind
from kb.words.lexicon import words_of
from kb.words.tokens import Token, lower_at

_AFTER_ALL = words_of("after_all") | frozenset(",.();:")
_EDGES = words_of("scale_edge") | {"-"}
_PROVERBIAL, _GIVEN = words_of("proverbial"), words_of("given")
_ROUND_SCALES = (3, 5, 6, 7, 8, 10, 100)
_SETS_AGAINST = frozenset([",", "y", "and", "but", "pero"])
_TOLD, _SCALE_WORDS = words_of("told"), words_of("scale_word")
_POINTS, _SCORE_NOUNS = words_of("point"), words_of("score_noun") | words_of("score_name")


def idiom(line: Line, found: Quantity, setting: Setting) -> str | None:
    """ "100% spot on", "al 100%", "100% online", "110%", "half past ten", "a thousand words"."""
    tokens = line.tokens
    before, after = lower_at(tokens, found.first - 1), lower_at(tokens, found.stop)
    large = found.kind is Kind.COUNT and found.value is not None and found.value >= 100
    if large and found.form != "digits" and (after in _PROVERBIAL or before in _PROVERBIAL):
        return "idiom"
    if found.kind is Kind.FRACTION and after == "past":
        return "idiom"
    whole = found.kind is Kind.PERCENT and found.value in (Decimal(1), Decimal("1.1"))
    if not whole or found.comparator is not None or found.unit is not None:
        return None
    given = before in ("el", "your", "tu", "su", "my", "nuestro") and lower_at(tokens, found.first - 2) in _GIVEN
    shoes = {"zapatos", "shoes"} & {token.lower for token in tokens[found.stop : found.stop + 4]}
    agreed = after in ("de", "in") and lower_at(tokens, found.stop + 1) in ("acuerdo", "agreement")
    wholly = before == "al" and after not in ("de", "del")
    if given or before == "your" or shoes or agreed or wholly:
        return "idiom"
    return "idiom" if after and after not in _AFTER_ALL else None


def scale(line: Line, found: Quantity, setting: Setting) -> str | None:
    """ "0-10 scale", "del 1 al 10", "a score between 30 and 70 is great", "from 0% to 100%", "a 500 point scale"."""
    measures = (Kind.COUNT, Kind.SCORE, Kind.PERCENT, Kind.RANK)
    if found.kind not in measures or found.unit == "percentage points":
        return None
    tokens, before = line.tokens, lower_at(line.tokens, found.first - 1)
    ends = {found.value, found.high}
    spread = found.high is not None and found.value in (0, 1) and found.high in _ROUND_SCALES
    marked = before in ("de", "from", "of") and lower_at(tokens, found.first - 2) in _SCORE_NOUNS
    if spread and (marked or before in ("del", "from", "the") or setting.scale):
        return "scale"
    after = [lower_at(tokens, found.bare + step) for step in range(3)]
    named = after[:3] in (["-", "point", "scale"], ["-", "point", "scales"])
    if named or (after[0] in _POINTS and after[1] in _SCALE_WORDS) or _is_size_of_scale(tokens, found):
        return "scale"
    mark = found.kind is Kind.SCORE and found.unit == "points" and found.plain and 0 <= (found.value or 0) <= 10
    if mark and not is_point_change(tokens, found):
        return "scale"  # "recibió 5 puntos del 50.8%"
    if setting.benchmark:
        return "scale"
    if not setting.scale or (found.unit or "").startswith("out of"):
        return None
    if found.kind is Kind.PERCENT:
        edge = ends & {Decimal(0), Decimal("0.01"), Decimal(1)}
        return "scale" if (edge and (found.high is not None or before in _EDGES)) or Decimal(0) in ends else None
    small = found.value is None or abs(found.value) <= 100
    measured = found.form == "digits" and not found.plain and (setting.average or found.kind is Kind.SCORE)
    near = {lower_at(tokens, found.stop), lower_at(tokens, found.stop + 1)}
    measured = measured or (found.kind is Kind.COUNT and setting.average and bool(near & _TOLD))
    return "scale" if small and not measured else None


def _is_size_of_scale(tokens: Sequence[Token], found: Quantity) -> bool:
    """ "una escala de 1.000 puntos", "a scale of 1,000"."""
    led = lower_at(tokens, found.first - 1) in ("de", "of") and lower_at(tokens, found.first - 2) in _SCALE_WORDS
    return led and found.kind in (Kind.COUNT, Kind.SCORE)


def supposed(line: Line, found: Quantity, setting: Setting) -> str | None:
    """Worked examples ("if 100 people respond …"), formulas ("multiply by 100") and what is denied."""
    governed = conditioned(found, setting.conditions)
    if governed is not None:
        return governed
    place = found.whole[0] - 1
    place -= lower_at(line.tokens, place) in ("el", "un", "la", "los", "the", "del")
    if lower_at(line.tokens, place) in ("not", "no") and lower_at(line.tokens, place - 1) in _SETS_AGAINST:
        return "denied"  # "3.2 per cent, not 4 per cent"
    kinds = (Kind.COUNT, Kind.PERCENT, Kind.SCORE, Kind.MULTIPLIER)
    worked = setting.formula and found.kind in kinds
    if worked or (setting.equation and found.kind is Kind.RATIO):
        return "formula"
    inside = setting.supposed is not None and setting.supposed[0] <= found.first < setting.supposed[1]
    return "hypothetical" if inside else None
