"""Verbs that hedge the number they lead, and what they say when negated ("no superó el 12 %", "did not reach 10%").

Also knows the verbs of movement, after which "hasta" names where a figure ended. Knows nothing of numbers.
"""

from __future__ import annotations

from ingest.figures.scan import Token, lower_at, word_set
from kb.language import Language
from kb.statistic import Comparator

_C = Comparator
_AR = word_set("a an ó aron aba aban ará arán aría arían ar ando")
_ER = word_set("e en ió ieron ía ían erá erán ería erían er iendo")
_Meaning = tuple[Comparator | None, Comparator]


def _forms(stem: str, endings: frozenset[str]) -> set[str]:
    return {stem + ending for ending in endings}


def _spanish() -> dict[str, _Meaning]:
    table: dict[str, _Meaning] = {}
    for stem in ("super", "rebas", "sobrepas"):
        table |= dict.fromkeys(_forms(stem, _AR), (_C.MORE_THAN, _C.AT_MOST))
        # A subjunctive or a participle alone claims nothing: only negated, or after "ha", does it say something.
        table |= dict.fromkeys((stem + "e", stem + "en", stem + "ado"), (None, _C.AT_MOST))
    table |= dict.fromkeys(_forms("exced", _ER), (_C.MORE_THAN, _C.AT_MOST))
    table |= dict.fromkeys(_forms("alcanz", _AR) | {"alcanzado", "alcance", "alcancen"}, (None, _C.LESS_THAN))
    return table


_VERBS = {
    Language.ES: _spanish(),
    Language.EN: {
        **dict.fromkeys(word_set("exceed exceeds exceeded exceeding"), (_C.MORE_THAN, _C.AT_MOST)),
        **dict.fromkeys(word_set("surpass surpasses surpassed surpassing"), (_C.MORE_THAN, _C.AT_MOST)),
        **dict.fromkeys(word_set("topped topping tops"), (_C.MORE_THAN, _C.AT_MOST)),
        **dict.fromkeys(word_set("top"), (None, _C.AT_MOST)),
        **dict.fromkeys(word_set("reach reaches reached reaching hit"), (None, _C.LESS_THAN)),
    },
}
_VERBS[Language.OTHER] = _VERBS[Language.EN]
_ARRIVALS = _forms("lleg", _AR) | {"llegado", "llegue", "lleguen"}
_NOT = {
    Language.ES: word_set("no nunca jamás tampoco sin ni"),
    Language.EN: word_set("not never cannot without failed fails fail neither nor"),
}
_NOT[Language.OTHER] = _NOT[Language.EN]
_BETWEEN = {
    Language.ES: word_set(
        "ha han había habían se siquiera suele suelen debe deben puede pueden podrá logra lograron logró"
    ),
    Language.EN: word_set("even yet have has been to be quite ever"),
}
_BETWEEN[Language.OTHER] = _BETWEEN[Language.EN]
_MOVED = word_set(
    "subió subieron bajó bajaron cayó cayeron creció crecieron aumentó aumentaron descendió descendieron llegó "
    "llegaron ascendió ascendieron mejoró mejoraron redujo redujeron disminuyó disminuyeron elevó elevaron pasó "
    "pasaron escaló escalaron repuntó retrocedió ganó ganaron perdió perdieron "
    "avanzó avanzaron cedió sumó subido bajado caído crecido aumentado descendido llegado ascendido"
)
_AMOUNTS = word_set("un una en por con")


def verb_before(tokens: list[Token], end: int, language: Language) -> tuple[int, Comparator] | None:
    """The first token of the hedging verb, its negation included, that ends before ``end``, and what it says."""
    place = end - 1
    word = lower_at(tokens, place)
    meaning = _VERBS[language].get(word)
    if language is Language.ES and word in ("a", "al") and lower_at(tokens, place - 1) in _ARRIVALS:
        place, meaning = place - 1, (None, _C.LESS_THAN)
    if meaning is None:
        return None
    negation = _negation_before(tokens, place, language)
    if negation is not None:
        return negation, meaning[1]
    return (place, meaning[0]) if meaning[0] is not None else None


def _negation_before(tokens: list[Token], place: int, language: Language) -> int | None:
    """The token that negates the verb at ``place`` ("no ha superado", "did not even reach"), or null."""
    for start in range(place - 1, max(-1, place - 4), -1):
        word = lower_at(tokens, start)
        if word in _NOT[language] or word.endswith(("n't", "n’t")):
            return start
        if word not in _BETWEEN[language]:
            return None
    return None


def names_destination(tokens: list[Token], hasta: int) -> bool:
    """Whether the "hasta" at this token says where a movement ended: "subió hasta 45", not "subió hasta un 45 %"."""
    if lower_at(tokens, hasta) != "hasta" or lower_at(tokens, hasta + 1) in _AMOUNTS:
        return False
    if lower_at(tokens, hasta - 2) == "desde" and tokens[hasta - 1].kind == "n":
        return True  # "desde 66 hasta 62"
    for start in range(hasta - 1, max(-1, hasta - 6), -1):
        if lower_at(tokens, start) in _MOVED:
            return True
        if tokens[start].text in ";:.":
            return False
    return False
