"""What a figure says beside its value: whether it is a rise or a fall, and the size of a sample it states.

Reads the words around the figure only; null when unclear.
"""

from __future__ import annotations

from collections.abc import Sequence

from kb.numbers.records import Line, Quantity
from kb.records.statistic import Direction, Kind
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, is_yearlike, lower_at

_DIRECTIONS = lexicon().phrases("move_stem")
_NO_RISE = words_of("no_move") | words_of("sample_no_rise")
_NOT_UP = frozenset(["make", "makes", "made", "making", "set", "sign", "follow", "end", "ended"])
_DIRECTED = (Kind.PERCENT, Kind.MULTIPLIER, Kind.FRACTION, Kind.CURRENCY, Kind.SCORE, Kind.COUNT, Kind.DURATION)


def direction_of(line: Line, found: Quantity) -> Direction | None:
    """Whether the figure itself is said to be a rise or a fall, from the nearest word of movement; or null."""
    tokens = line.tokens
    if found.kind not in _DIRECTED:
        return None
    if lower_at(tokens, found.first) in ("halved", "halving"):
        return Direction.DECREASE
    first, stop = found.whole
    closed = next((at for at in range(stop, stop + 3) if lower_at(tokens, at) in ",;.("), stop + 3)
    opened = next((at for at in range(first - 1, max(-1, first - 5), -1) if lower_at(tokens, at) in ":;."), first - 5)
    for place in [*range(found.first - 1, max(-1, opened), -1), *range(stop, closed)]:
        word = lower_at(tokens, place)
        if word in _NO_RISE or not word or word in ";.":
            continue
        row = _DIRECTIONS.at(tokens, place)
        up = word == "up" and lower_at(tokens, place - 1) not in _NOT_UP and lower_at(tokens, place + 1) != "to"
        effect = row.entry.effect if row is not None else "increase" if up else "decrease" if word == "down" else ""
        if effect:
            return Direction(effect)
    return None


def sample_of(line: Line, found: Quantity) -> int | None:
    """The sample size this count states ("una muestra de 5.500 consumidores", "surveyed 1,000 adults"), or null.

    Whom a study asked stands right before or after: "companies with 500 employees" in a survey are no sample of it.
    """
    if found.kind is not Kind.COUNT or found.value is None or found.value < 20 or found.high is not None:
        return None
    if found.value != found.value.to_integral_value() or _is_year(line.tokens, found):
        return None
    if _is_sampled(line.tokens, _before_hedge(line.tokens, found.first), found.stop):
        return int(found.value.to_integral_value(rounding="ROUND_DOWN"))
    return None


def _is_year(tokens: Sequence[Token], found: Quantity) -> bool:
    """Whether four digits that may be a year count nobody: "the survey of 2018, …", "a survey from 2019 with …"."""
    after = tokens[found.stop] if found.stop < len(tokens) else None
    placed = lower_at(tokens, found.first - 1) in ("en", "in")  # "professionals in 2022 were managers"
    counts = after is not None and after.kind == "w" and after.lower not in _FUNCTION and not placed
    return found.stop == found.first + 1 and is_yearlike(tokens[found.first].text) and not counts


def sample_beside(line: Line, found: Quantity, quantities: Sequence[Quantity]) -> int | None:
    """How many a share is of, where its sentence counts them: "85 de los 320", "92% of the 513 parents", "Of the 150
    rung, 87% …"; or null."""
    if found.kind not in _SHARES:
        return None
    tokens = line.tokens
    for one in quantities:
        size = _counted(tokens, one)
        lead = _before_hedge(tokens, one.first)
        if size is None or (lead == one.first - 1 and is_yearlike(tokens[one.first].text)):
            continue
        after = lead == found.stop and lower_at(tokens, lead) in _PARTS
        between = {token.text for token in tokens[one.stop : found.first]}
        opens = lower_at(tokens, lead) in _OPENERS and (lead == 0 or (lead > 0 and tokens[lead - 1].kind == "p"))
        if after or (opens and one.stop < found.first and "," in between and between.isdisjoint(";.:")):
            return size
    return _denominator(tokens, found)


def _counted(tokens: Sequence[Token], one: Quantity) -> int | None:
    """The whole number of those that a count names, "los 320 compradores"; null for another quantity."""
    if one.kind is not Kind.COUNT or one.value is None or one.high is not None or one.scale != 1:
        return None
    noun = tokens[one.stop] if one.stop < len(tokens) else None
    if noun is None or noun.kind != "w" or len(noun.text) < 3 or noun.lower in _NOT_ASKED:
        return None
    return int(one.value) if one.value >= _FEWEST and one.value == one.value.to_integral_value() else None


def _denominator(tokens: Sequence[Token], found: Quantity) -> int | None:
    """The second number of "85 de los 320", "31 of the 85"; null for "7 de cada 10" and "92 de 100"."""
    if found.kind is Kind.RATIO and lower_at(tokens, found.first) in _PARTS and found.scale >= _FEWEST:
        return int(found.scale) if lower_at(tokens, found.first + 1) not in _EVERY else None
    digits = [place for place in range(found.first, found.stop) if tokens[place].kind == "n"]
    if found.kind is not Kind.RATIO or len(digits) != 2 or lower_at(tokens, digits[1] - 1) not in _ARTICLES:
        return None
    whole = "".join(character for character in tokens[digits[1]].text if character.isdigit())
    return int(whole) if int(whole) >= _FEWEST else None


def _before_hedge(tokens: Sequence[Token], first: int) -> int:
    """The last token before the number, its hedge and its article."""
    place = first - 1
    while lower_at(tokens, place) in _HEDGES or (lower_at(tokens, place), lower_at(tokens, place - 1)) in _MORE_THAN:
        place -= 1
    return place


def _is_sampled(tokens: Sequence[Token], before: int, stop: int) -> bool:
    dated = is_yearlike(lower_at(tokens, before - 1)) and lower_at(tokens, before - 2) in ("en", "in")
    lead, beyond = lower_at(tokens, before), lower_at(tokens, before - (3 if dated else 1))  # "preguntó en 2018 a"
    after = [lower_at(tokens, stop + step) for step in range(5)]
    if after[0] in _NOT_ASKED or after[0] in ("of", "de"):
        return lead in ("of", "de") and beyond in _SAMPLES and after[0] not in _NOT_ASKED
    if lead in _SAMPLES or (lead in ("=", ":") and beyond in _BASES):
        return True
    if lead in ("of", "de", "total") and _SAMPLES & {lower_at(tokens, before - step) for step in (1, 2, 3)}:
        return True
    if lead in _ASKS or (lead in ("a", "con", "with", "to") and beyond in _ASKS):
        return True
    if _RESPONDED & set(after[:4]) or (after[1] in _WERE and after[2] in _ASKED) or _ASKED & set(after[1:3]):
        return True
    if after[0] in _INTERVIEWS and lead in ("with", "con", "on", "en", "of", "de", "tras", "after", "from"):
        return True  # "based on 3,200 interviews"
    if lead in ("with", "con") and beyond in _SURVEYS:
        return True
    return lead in _TO and _is_survey(tokens, before, set(after[:4]))


def _is_survey(tokens: Sequence[Token], before: int, after: set[str]) -> bool:
    """ "a survey by Javelin of", "encuesta de Ipsos a", "conducted online among"; a study counts other things too."""
    near = [lower_at(tokens, before - step) for step in range(1, 12)]
    near = near[: next((place for place, word in enumerate(near) if word in ".;:"), len(near))]
    return bool(_SURVEYS.intersection(near) or (_CONDUCTED.intersection(near) and after & _ASKED_NOUNS))


_HEDGES = words_of("sample_hedges")
_MORE_THAN = frozenset([("de", "más"), ("de", "cerca"), ("de", "alrededor"), ("a", "cerca")])
_SHARES = (Kind.PERCENT, Kind.FRACTION, Kind.RATIO)
_FEWEST = 20
_PARTS = ("of", "de")
_OPENERS = ("of", "de", "among", "entre")
_ARTICLES = ("the", "los", "las")
_EVERY = words_of("every")
_FUNCTION = words_of("name_function")
_NOT_ASKED = words_of("sample_not_asked")
_SAMPLES = words_of("sample_samples")
_INTERVIEWS = words_of("interview_noun")
_BASES = _SAMPLES | {"base"}
_ASKED_NOUNS = words_of("respondent_noun")
_ASKS = words_of("sample_asks")
_ASKED = words_of("sample_asked")
_WERE = words_of("sample_were")
_RESPONDED = words_of("sample_responded")
_TO = words_of("sample_to")
_SURVEYS = words_of("sample_surveys")
_CONDUCTED = words_of("sample_conducted")
