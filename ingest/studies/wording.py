"""What the words around a mention say of it: one weighted sum over the signs of its place in the sentence.

The signs are general: the words beside it and on its sides, its own words, what its line is. What each weighs is data,
``mention_weights.tsv``, fitted on judged documents by ``bench.fit_attribution``; a sign without a row weighs nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from ingest.studies.discourse import DiscourseLine
from kb.records.errors import InputError
from kb.records.messages import say
from kb.words.tokens import Token, is_yearlike

WEIGHTS = Path(__file__).parents[1] / "data" / "mention_weights.tsv"
ALWAYS = "always"
"""The sign that every mention has: its weight is where the sum starts."""
NEAR, NEXT, _ENDS = 7, 4, 4


def signs_of(line: DiscourseLine, at: int, stop: int, form: str) -> Iterator[str]:
    """The names of all signs of the mention at these characters of its line; ``form`` is the grammar's word for it."""
    first = bisect_left(line.tokens, at, key=lambda token: token.start)
    last = bisect_left(line.tokens, stop, key=lambda token: token.start)
    yield ALWAYS
    yield from _own(line.tokens[first:last])
    before = _words(line, range(first - 1, -1, -1))
    after = _words(line, range(last, len(line.tokens)))
    yield from _side("-", "before", before)
    yield from _side("+", "after", after)
    yield f"-1 {before[0]} +1 {after[0]}"
    role = line.role.value
    yield f"in {role}"
    yield f"in {role} -1 {before[0]}"
    yield f"form {form}"
    yield f"figures {any(token.kind in 'nv' for token in line.tokens)}"


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


def _words(line: DiscourseLine, places: range) -> list[str]:
    """The next words in this direction, a name as one, numbers and years without their digits; the end is "|"."""
    named = {place for name in line.names for place in range(name.first, name.stop)}
    words: list[str] = []
    for place in places:
        word = "NAME" if place in named else _word(line.tokens[place])
        if word == "NAME" and words and words[-1] == "NAME":
            continue
        words.append(word)
        if len(words) == NEAR:
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


def read_weights(path: Path = WEIGHTS) -> dict[str, dict[str, float]]:
    """Field to sign to weight. Raises InputError with the number of a row that is not a field, a sign and a number."""
    weights: dict[str, dict[str, float]] = {}
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            field, sign, weight = row.split("\t")
            weights.setdefault(field, {})[sign] = float(weight)
        except ValueError as error:
            raise InputError(
                f"{path.name}:{number}", say("is_no_sign_and_weight", row=row), say("run_bench_fit_attribution")
            ) from error
    return weights


@cache
def known() -> Mapping[str, Mapping[str, float]]:
    """The weights that come with the project, read once."""
    return read_weights()
