"""Ordinals, in words or digits: "third", "tercer", "15th". Whether one ranks anything is for the sentence to say."""

from __future__ import annotations

from decimal import Decimal

from ingest.figures.lines import Line, Quantity
from ingest.figures.nouns import RANK_LABELS
from ingest.figures.scan import Token, lower_at, word_set
from kb.language import Language
from kb.statistic import Kind

_EN = "first second third fourth fifth sixth seventh eighth ninth tenth"
_ES = (
    "primer primero primera",
    "segundo segunda",
    "tercer tercero tercera",
    "cuarto cuarta",
    "quinto quinta",
    "sexto sexta",
    "séptimo séptima",
    "octavo octava",
    "noveno novena",
    "décimo décima",
)
ORDINALS = {
    Language.EN: {word: place for place, word in enumerate(_EN.split(" "), 1)},
    Language.ES: {word: place for place, row in enumerate(_ES, 1) for word in row.split(" ")},
}
"""Ordinal words and their place."""
ORDINALS[Language.OTHER] = ORDINALS[Language.EN]
_ENDINGS = word_set("st nd rd th º ª")
_RANK_VERBS = word_set(
    "ranked ranks rank ranking ocupa ocupan ocupó ocupando sitúa situó situaron posiciona posicionó quedó queda "
    "quedaron alcanzó placed finished came comes sits stands cayó descendió subió escaló ubica ubicó ubicándose "
    "placing colocó coloca clasificó places fell rose climbed bajó"
)


_ENDED = word_set("quedó quedaron queda acabó terminó came")


def ordinal_at(tokens: list[Token], index: int, language: Language) -> Quantity | None:
    """The ordinal at this token, as a rank yet to be judged; or null."""
    token = tokens[index]
    if token.kind == "n":
        ending = tokens[index + 1] if index + 1 < len(tokens) else None
        if ending is None or not ending.glued or ending.lower not in _ENDINGS or not token.text.isdigit():
            return None
        if len(token.text) > 4:
            return None
        return Quantity(index, index + 2, index + 2, Decimal(token.text), Kind.RANK, "ordinal")
    value = ORDINALS[language].get(token.lower)
    if value is None:
        return None
    return Quantity(index, index + 1, index + 1, Decimal(value), Kind.RANK, "ordinal")


def is_rank(line: Line, found: Quantity) -> bool:
    """Whether the sentence ranks something by it: "ocupa el tercer lugar", "ranked third", not "en primer lugar"."""
    tokens = line.tokens
    near = [lower_at(tokens, found.first - step) for step in range(1, 6)]
    if near[0] in ("en", "in", "at") and lower_at(tokens, found.stop) in RANK_LABELS:
        return bool(_RANK_VERBS.intersection(near[1:5]))
    if lower_at(tokens, found.stop) in RANK_LABELS:
        return bool(_RANK_VERBS.intersection(near))
    ended = near[0] in _ENDED or near[:2] == ["in", "came"]
    if ended and lower_at(tokens, found.stop) in ("entre", "de", "of", "out", "among"):
        return any(token.kind == "n" and len(token.text) < 4 for token in tokens[found.stop : found.stop + 4])
    return near[0] in ("ranked", "ranks", "placed", "finished", "rank")
