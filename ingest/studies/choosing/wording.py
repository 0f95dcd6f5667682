"""What the words around a mention and a figure say of them: weighted sums over signs of their places in the sentence.

The signs are general: the words beside it and on its sides, its own words, what its line is. What each weighs is data,
``mention_weights.tsv``, fitted on judged documents by ``bench.fit_attribution``; a sign without a row weighs nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import isfinite
from pathlib import Path

from ingest.studies.choosing.chooser import FIELDS
from ingest.studies.discourse import DiscourseLine
from kb.records.errors import ModelError
from kb.records.messages import say
from kb.words.tokens import Token, is_yearlike

WEIGHTS = Path(__file__).parents[2] / "data" / "mention_weights.tsv"
ALWAYS = "always"
"""The sign that every mention has: its weight is where the sum starts."""
NEAR, NEXT, _ENDS = 7, 4, 4


def signs_of(line: DiscourseLine, at: int, stop: int, form: str) -> Iterator[str]:
    """The names of all signs of the mention at these characters of its line; ``form`` is the grammar's word for it."""
    place = _tokens(line, at, stop)
    yield ALWAYS
    yield from _own(line.tokens[place.start : place.stop])
    before = _words(line, range(place.start - 1, -1, -1))
    after = _words(line, range(place.stop, len(line.tokens)))
    yield from _side("-", "before", before)
    yield from _side("+", "after", after)
    yield f"-1 {before[0]} +1 {after[0]}"
    role = line.role.value
    yield f"in {role}"
    yield f"in {role} -1 {before[0]}"
    yield f"form {form}"
    yield f"figures {any(token.kind in 'nv' for token in line.tokens)}"


def signs_between(line: DiscourseLine, mention: tuple[int, int], figure: tuple[int, int]) -> Iterator[str]:
    """The names of all signs of a mention and a figure in one line, by their characters: which comes first, and the
    words between them and beside the mention."""
    name, number = _tokens(line, *mention), _tokens(line, *figure)
    ahead = name.stop <= number.start
    side = "ahead" if ahead else "behind"
    yield ALWAYS
    yield f"{side}"
    between = range(name.stop, number.start) if ahead else range(number.stop, name.start)
    words = _words(line, between, most=len(line.tokens))
    yield f"{side} {min(len(words) // 3, 6)} words"
    yield f"{side} names {min(words.count('NAME'), 3)}"
    for word in words:
        yield f"{side} between {word}"
    for first, second in pairwise(words):
        yield f"{side} between {first} {second}"
    for near in (words[:2], words[-2:], words[:3], words[-3:]):
        yield f"{side} {'to' if near == words[-len(near) :] else 'from'} {' '.join(near)}"
    before, after = _words(line, range(name.start - 1, -1, -1)), _words(line, range(name.stop, len(line.tokens)))
    yield f"{side} -1 {before[0]}"
    yield f"{side} +1 {after[0]}"
    yield f"{side} -1 {before[0]} +1 {after[0]}"
    yield f"{side} -2 {' '.join(before[:2])}"
    yield f"{side} +2 {' '.join(after[:2])}"


def signs_of_figure(line: DiscourseLine, at: int, stop: int) -> Iterator[str]:
    """The names of all signs of a figure's sentence: how it opens, and the words on both sides of the figure."""
    number = _tokens(line, at, stop)
    yield ALWAYS
    opening = _words(line, range(len(line.tokens)))
    for length in (1, 2, 3):
        yield f"opens {' '.join(opening[:length])}"
    yield f"in {line.role.value}"
    yield f"names {min(len(line.names), 3)}"
    yield from _side("-", "before", _words(line, range(number.start - 1, -1, -1), most=12))
    yield from _side("+", "after", _words(line, range(number.stop, len(line.tokens)), most=12))
    yield f"own {' '.join(_word(token) for token in line.tokens[number.start : number.stop])}"


def _tokens(line: DiscourseLine, at: int, stop: int) -> range:
    first = bisect_left(line.tokens, at, key=lambda token: token.start)
    return range(first, max(first, bisect_left(line.tokens, stop, key=lambda token: token.start)))


def _own(tokens: Sequence[Token]) -> Iterator[str]:
    """The words of the mention, each whole and by its beginning and end, the first and the last, and how many."""
    words = [_word(token) for token in tokens]
    for word in words:
        yield f"word {word}"
        yield f"opens {word[:_ENDS]}"
        yield f"ends {word[-_ENDS:]}"
    if words:
        yield f"first {words[0]}"
        yield f"last {words[-1]}"
    yield f"length {min(len(words), 6)}"


def _words(line: DiscourseLine, places: range, most: int = NEAR) -> list[str]:
    """The next words in this direction, a name as one, numbers and years without their digits; the end is "|"."""
    named = {place for name in line.names for place in range(name.first, name.stop)}
    words: list[str] = []
    for place in places:
        word = "NAME" if place in named else _word(line.tokens[place])
        if word == "NAME" and words and words[-1] == "NAME":
            continue
        words.append(word)
        if len(words) == most:
            return words
    return [*words, "|"]


def _word(token: Token) -> str:
    if is_yearlike(token.text):
        return "YEAR"
    return "#" if token.text[:1].isdigit() else token.lower


def _side(sign: str, side: str, words: Sequence[str]) -> Iterator[str]:
    """The words of one side: by their place, two and three together, and wherever they stand."""
    for place, word in enumerate(words[:NEXT], 1):
        yield f"{sign}{place} {word}"
    for place in range(min(NEXT, len(words)) - 1):
        yield f"{sign}{place + 1} {words[place]} {words[place + 1]}"
    if len(words) > 2:
        yield f"{sign}1 {words[0]} {words[1]} {words[2]}"
    for word in words:
        yield f"{side} {word}"


@dataclass(frozen=True, slots=True)
class SignWeights:
    """Of one field what each sign weighs, in log-odds: for a mention that it is some figure's, for a mention beside a
    figure that it is this one's, and for a figure that it has none."""

    mention: Mapping[str, float]
    beside: Mapping[str, float]
    none: Mapping[str, float]


def read_weights(path: Path = WEIGHTS) -> dict[str, SignWeights]:
    """The weights by field. Raises ModelError with the name of the file when it cannot be read or a field has none of a
    kind, with the number of a row that is not a field, a kind, a sign and a number, or stands there twice."""
    weights: dict[str, dict[str, dict[str, float]]] = {
        field: {kind: {} for kind in SignWeights.__slots__} for field in FIELDS
    }
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _fault(path.name, say("cannot_be_read", error=type(error).__name__)) from error
    for number, row in enumerate(rows, 1):
        try:
            field, kind, sign, told = row.split("\t")
            mine, weight = weights[field][kind], float(told)
            if sign in mine or not isfinite(weight):
                raise ValueError(sign)
        except (ValueError, KeyError) as error:
            reason = say("is_no_field_kind_sign_and_weight", row=row)
            raise _fault(f"{path.name}:{number}", reason) from error
        mine[sign] = weight
    for field, kinds in weights.items():
        for kind, these in kinds.items():
            if ALWAYS not in these:
                raise _fault(path.name, say("lacks_a_part", name=kind, part=field))
    return {field: SignWeights(*kinds.values()) for field, kinds in weights.items()}


def _fault(thing: str, reason: str) -> ModelError:
    return ModelError(thing, reason, say("run_bench_fit_attribution"))


@cache
def known() -> Mapping[str, SignWeights]:
    """The weights that come with the project, read once."""
    return read_weights()
