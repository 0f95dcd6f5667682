"""Does a number say what was measured? One weighted sum over few signs of its place in the sentence.

The signs are general: its kind, form, size and unit, the words next to it with their classes in the lexicon, the cues
of its sentence, the rule that speaks against it. What each weighs is data, ``figure_weights.tsv``, fitted on judged
documents by ``bench.fit_figures``; a sign that has no row weighs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from ingest.refusing.settings import Setting
from kb.numbers.records import Line, Quantity
from kb.records.errors import InputError
from kb.records.messages import say
from kb.records.statistic import Kind
from kb.words.lexicon import lexicon
from kb.words.tokens import Token

WEIGHTS = Path(__file__).parents[1] / "data" / "figure_weights.tsv"
ALWAYS = "always"
"""The sign that every number has: its weight is where the sum starts."""
NEAR, NEXT, _STEM = 6, 3, 5
UNSURE = 3.0
"""Below this weight, for or against, the text around is read: six in ten numbers. Of 420 sentences of the hand ``m``
299 are right at 2, 318 at 3, 320 at 4."""
_Classes = Mapping[str, Sequence[str]]
"""The classes of the lexicon that a word is in, by the word."""


def signs_of(line: Line, found: Quantity, setting: Setting, told: str | None, classes: _Classes) -> Iterator[str]:
    """The names of all signs of a number; ``told`` is the reason that a rule gives against it."""
    yield from _own(line, found, setting, told)
    for place, word in _neighbours(line, found):
        yield from _beside(place, word, found.kind.value, classes)


def _own(line: Line, found: Quantity, setting: Setting, told: str | None) -> Iterator[str]:
    """What the number is, and what its sentence is like: each alone, and with the kind of the number."""
    yield ALWAYS
    counted = found.value is not None and found.kind is not Kind.PERCENT and abs(found.value) >= 1
    size = len(str(abs(int(found.value)))) if found.value is not None and counted else 0
    own = [f"form {found.form}{' plain' if found.plain else ''}", f"hedge {found.bounds.value}", f"size {size}"]
    own += [f"unit {found.unit.lower()}"] if found.unit else []
    own += ["range"] if found.high is not None else []
    own += ["shared"] if found.anchor is not None else []
    own += [f"rule {told}"] if told else []
    own += [f"cue {cue}" for cue in setting.cues]
    own += ["beside shares"] if any(place != found.first for place in setting.shares) else []
    own += [f"tokens {min(6, len(line.tokens) // 8)}"]
    own += ["opens " + line.tokens[0].text] if line.tokens[0].kind == "p" else []
    own += ["closed"] if line.tokens[-1].text in ".!?" else []
    kind = found.kind.value
    for sign in own:
        yield sign
        yield f"{kind}: {sign}"


def _neighbours(line: Line, found: Quantity) -> Iterator[tuple[int, str]]:
    """The words before (-1 is the nearest) and after a number; numbers are "#", and beyond the sentence is ""."""
    start, stop = found.whole
    tokens, last = line.tokens, len(line.tokens)
    for step in range(1, NEAR + 1):
        yield -step, _word(tokens[start - step]) if start >= step else ""
        yield step, _word(tokens[stop + step - 1]) if stop + step <= last else ""


def _word(token: Token) -> str:
    return "#" if token.kind in "nv" else token.lower


def _beside(place: int, word: str, kind: str, classes: _Classes) -> Iterator[str]:
    """A word at its place and anywhere on its side, and its classes, each alone and with the kind of the number."""
    if abs(place) <= NEXT:
        yield f"{place:+} {word}"
        yield f"{kind}: {place:+} {word}"
        for cls in classes.get(word, ()):
            yield f"{place:+} <{cls}>"
    side = "before" if place < 0 else "after"
    if word:
        yield f"{side} {word[:_STEM]}"
        for cls in classes.get(word, ()):
            yield f"{side} <{cls}>"
            yield f"{kind}: {side} <{cls}>"


@cache
def classes_of_words() -> _Classes:
    """Every word of the lexicon to its classes."""
    found: dict[str, list[str]] = {}
    for entry in lexicon().entries:
        found.setdefault(entry.form, []).append(entry.cls)
    return found


def read_weights(path: Path = WEIGHTS) -> dict[str, float]:
    """Sign to weight. Raises InputError with the number of a row that is not a sign, a tab and a number."""
    weights = {}
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        sign, _, weight = row.partition("\t")
        try:
            weights[sign] = float(weight)
        except ValueError as error:
            raise InputError(
                f"{path.name}:{number}", say("is_no_sign_and_weight", row=row), say("fit_the_weights_again")
            ) from error
    return weights


@cache
def _known() -> tuple[dict[str, float], _Classes]:
    """The weights, and of the lexicon only the classes that weigh something."""
    weights = read_weights()
    weighed = {sign.partition("<")[2].rstrip(">") for sign in weights}
    kept = ((word, [cls for cls in every if cls in weighed]) for word, every in classes_of_words().items())
    return weights, {word: chosen for word, chosen in kept if chosen}


@lru_cache(maxsize=50_000)
def _weight_beside(place: int, word: str, kind: str) -> float:
    weights, classes = _known()
    return sum(weights.get(sign, 0.0) for sign in _beside(place, word, kind, classes))


def weight_of(line: Line, found: Quantity, setting: Setting, told: str | None) -> float:
    """What the signs of a number weigh together: above 0 for its being a figure."""
    weights, _ = _known()
    kind = found.kind.value
    own = sum(weights.get(sign, 0.0) for sign in _own(line, found, setting, told))
    return own + sum(_weight_beside(place, word, kind) for place, word in _neighbours(line, found))


def is_finding(line: Line, found: Quantity, setting: Setting, told: str | None) -> bool:
    """Whether the signs of a number weigh for a figure more than against it; where they weigh little, whether the one
    who reads the text around it finds so. A number without a value needs no more than a rule against it."""
    if told and found.value is None:
        return False
    weight, around = weight_of(line, found, setting, told), setting.around
    if abs(weight) < UNSURE and around is not None and around.reader is not None:
        weight = around.reader.figure_odds(around.text, around.span(line, found), weight)
    return weight > 0
