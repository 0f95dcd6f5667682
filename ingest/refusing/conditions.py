"""What a clause does with its figures: sets a target, supposes, denies, obliges or offers. Such a figure tells nothing.

Every condition is a class of cues in the lexicon with a reach in tokens; the reach ends where a new clause begins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kb.numbers.hedging import is_move
from kb.numbers.records import Line, Quantity
from kb.numbers.units import SIGNS
from kb.records.language import Language
from kb.records.statistic import Kind
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, is_yearlike, lower_at

_Tokens = Sequence[Token]
Places = Mapping[str, Sequence[tuple[int, int]]]
"""Where every class of cues stands in a sentence."""
_SHARES = frozenset({Kind.PERCENT, Kind.FRACTION, Kind.RATIO})
_AND = frozenset(["and", "y", "e", "but", "pero"])
_TURNS = words_of("new_clause") | words_of("clause_turn")
_ANTECEDENTS = lexicon().phrases("antecedent")
_OPENING_ANTECEDENTS = words_of("antecedent_opening")
_CONDITIONALS = words_of("conditional_verb")
_NOBODY, _CLAIMS = words_of("nobody"), lexicon().stems("claim_stem")
_AUXILIARIES = words_of("denied_auxiliary")
_HEDGE_VERBS = words_of("hedge_verb") | words_of("arrival") | {"take", "need"}
_TRANSPARENT = words_of("transparent") | {"a", "an", "un", "una", "el", "la", "los", "las", "the"}
_NUMBER_WORDS = words_of("number") | words_of("denominator") | {"half", "mitad"}
_SIGNS = ",;:.(“\"«'—"
_LAW_KINDS = frozenset({Kind.COUNT, Kind.DURATION, Kind.CURRENCY})


@dataclass(frozen=True, slots=True)
class Condition:
    """Tokens ``start`` to ``stop`` of which a figure of these kinds (null: any) is refused for ``reason``."""

    start: int
    stop: int
    reason: str
    kinds: frozenset[Kind] | None = None


def conditions(line: Line, places: Places, opening: int, *, told: bool) -> list[Condition]:
    """Every condition of a sentence; ``told`` when words of it speak of what was found, ``opening`` its first word."""
    made: list[Condition] = []
    tokens = line.tokens
    for first, stop in (*places.get("cue_target", ()), *_at_opening(places, "order_target", opening)):
        if not _is_counted(tokens, first):
            made.append(Condition(stop, _target_end(tokens, stop), "recommendation"))
    colon = next((at for at, token in enumerate(tokens[:12]) if token.text == ":"), None)
    headed = any(stop <= (colon or 0) and lower_at(tokens, at) != "you" for at, stop in places.get("cue_target", ()))
    heading = {token.lower for token in tokens[:colon]} if colon else frozenset()
    if colon and (headed or heading & _TARGET_HEADINGS) and not heading & _MET:
        made.append(Condition(colon, _target_end(tokens, colon + 1), "recommendation"))
    made += [Condition(stop, _denial_end(tokens, stop), "denied") for _, stop in places.get("cue_denied", ())]
    if "cue_hours" in places:
        made.append(Condition(0, len(tokens), "time_of_day", frozenset({Kind.DURATION, Kind.COUNT})))
    made += _denials(line)
    made += _suppositions(line, told)
    if told:
        return made
    for first, _ in places.get("cue_obligation", ()):
        if not _is_counted(tokens, first):
            made.append(Condition(0, len(tokens), "legal_limit"))
    for first, stop in (*places.get("cue_law", ()), *places.get("cue_must", ())):
        if not _is_counted(tokens, first) and "cue_average" not in places and "cue_changed" not in places:
            made.append(Condition(stop, len(tokens), "legal_limit", _LAW_KINDS))
    made += _prices(tokens)
    invited = _at_opening(places, "cue_offer_opening", opening) and (
        any(token.lower in _OFFERS for token in tokens) or _is_number(tokens[opening + 1])
    )
    if "cue_offer" in places or invited:
        made.append(Condition(0, len(tokens), "list_price"))
    return made


def _at_opening(places: Places, cls: str, opening: int) -> list[tuple[int, int]]:
    return [place for place in places.get(cls, ()) if place[0] == opening]


def _is_counted(tokens: _Tokens, first: int) -> bool:
    """Whether who wants or must is itself a figure of the same clause: "64 % quieren chat", "40% must wait"."""
    for place in range(first - 1, -1, -1):
        token = tokens[place]
        if token.text in ",;:(" or token.lower in _TURNS or token.lower in _AND:
            return False
        if token.text == "%" or token.lower in _COUNTING or (token.kind == "n" and not is_yearlike(token.text)):
            return True
    return False


def _is_number(token: Token) -> bool:
    return token.kind in "nv" or token.lower in _NUMBER_WORDS or token.text in "$€£₹+"


def _target_end(tokens: _Tokens, start: int) -> int:
    """Where what is aimed at ends: behind its figure at the first new clause; a list of figures goes on."""
    reached = False
    start += lower_at(tokens, start) in ("que", "that")
    for place in range(start, len(tokens)):
        token = tokens[place]
        if token.text in ";(—–.:" or token.lower in _TURNS:
            return place
        if _is_number(token) and not is_yearlike(token.text):
            reached = True
        if token.text == "," or token.lower in _AND:
            following = place + 1
            while lower_at(tokens, following) in _TRANSPARENT:
                following += 1
            listed = following < len(tokens) and _is_number(tokens[following])
            if (reached or token.lower in _AND) and not listed:
                return place
    return len(tokens)


def _denial_end(tokens: _Tokens, start: int) -> int:
    for place in range(start, len(tokens)):
        ends = tokens[place].text == ";" or (tokens[place].text == "," and lower_at(tokens, place + 1) in _DENIAL_ENDS)
        if ends:
            return place
    return len(tokens)


_DENIAL_ENDS = frozenset(["but", "pero", "sino", "although", "aunque", "though", "only", "solo", "rather"])


def _prices(tokens: _Tokens) -> list[Condition]:
    """ "Plans start at $29", "Entradas: 120 €", "IVA del 16 %": what a thing that is sold costs by its list."""
    made: list[Condition] = []
    moved = any(is_move(token.lower) and token.lower not in ("up", "down") for token in tokens)
    measured = moved or any(token.lower in _MEASURED for token in tokens)
    for place, token in enumerate(tokens):
        if token.lower in _TAXES:
            made.append(Condition(place, place + 5, "list_price", frozenset({Kind.PERCENT})))
        if token.lower in _SOLD and place < 6 and not measured:
            cue = next((at for at in range(place + 1, place + 5) if lower_at(tokens, at) in _PRICE_CUES), None)
            priced = cue is not None and any(_is_money(tokens, at) for at in range(cue + 1, cue + 4))
            made += [Condition(place, len(tokens), "list_price")] if priced else []
    return made


def _is_money(tokens: _Tokens, place: int) -> bool:
    return place < len(tokens) and (tokens[place].text in SIGNS or tokens[place].lower in _MONEY)


_MEASURED = words_of("cue_average") | {"cada", "each", "every", "medio", "media"}
_OFFERS = words_of("offer_sign")
_MET, _COUNTING = words_of("target_met"), words_of("counted_subject")
_TARGET_HEADINGS, _TAXES = words_of("target_heading"), words_of("tax_word")
_SOLD, _PRICE_CUES, _MONEY = words_of("sold_noun"), words_of("price_cue"), words_of("currency_word")


def _denials(line: Line) -> list[Condition]:
    """ "nobody claimed that …", "ningún estudio ha demostrado que …", "we did not lose a third", "denied charging"."""
    made, tokens = [], line.tokens
    for place, token in enumerate(tokens):
        word = token.lower
        claim = _claim_after(tokens, place) if word in _NOBODY else None
        if claim is not None:
            made.append(Condition(claim, _denial_end(tokens, claim), "denied"))
        elif word in ("denied", "denies", "deny") and lower_at(tokens, place + 1).endswith("ing"):
            made.append(Condition(place + 1, _denial_end(tokens, place), "denied"))
        elif _is_negation(tokens, place, line.language):
            stop = _object_of(tokens, place + 1, line.language)
            if stop is not None:
                made.append(Condition(stop, stop + 4, "denied"))
    return made


def _claim_after(tokens: _Tokens, place: int) -> int | None:
    """The token after "that" or "que" of what nobody claims, or null."""
    claimed = False
    for at in range(place + 1, min(place + 12, len(tokens))):
        word = tokens[at].lower
        if claimed and word in ("that", "que"):
            return at + 1
        claimed = claimed or word.startswith(_CLAIMS)
    return None


def _is_negation(tokens: _Tokens, place: int, language: Language) -> bool:
    word, before = tokens[place].lower, lower_at(tokens, place - 1)
    if language is Language.ES:
        return word == "no"
    return (word == "not" and before in _AUXILIARIES) or word.endswith("n't")


def _object_of(tokens: _Tokens, place: int, language: Language) -> int | None:
    """Where the figure starts that a denied verb has as its object ("not lose | a third"), or null.

    In Spanish only of "we": "no contestó el 30 %" says that 30 % did not answer.
    """
    ours = False
    for at in range(place, min(place + 3, len(tokens))):
        word = tokens[at].lower
        if word in _HEDGE_VERBS or tokens[at].kind != "w":
            return None
        ours = ours or word.endswith("mos")
        following = at + 1
        while lower_at(tokens, following) in _TRANSPARENT:
            following += 1
        if following < len(tokens) and _is_number(tokens[following]):
            return at + 1 if ours or language is not Language.ES else None
    return None


def _suppositions(line: Line, told: bool) -> list[Condition]:
    """A condition with what would follow: "if 2% left, the club would lose $8 million", "de seguir así, habría".

    What share of people would do something is asked in studies and stays, unless the condition has a figure too.
    """
    tokens = line.tokens
    if not any(_is_conditional(token.lower, line.language) for token in tokens):
        return []
    start = next((place for place in range(len(tokens)) if _is_antecedent(line, place)), None)
    if start is None:
        return []
    comma = next((place for place in range(start, len(tokens)) if tokens[place].text == ","), len(tokens))
    figured = any(_is_number(token) and not is_yearlike(token.text) for token in tokens[start:comma])
    kinds = None if figured and not told else frozenset(Kind) - _SHARES
    return [Condition(0, len(tokens), "hypothetical", kinds)]


def _is_antecedent(line: Line, place: int) -> bool:
    tokens, spanish = line.tokens, line.language is Language.ES
    found = _ANTECEDENTS.at(tokens, place)
    opens = place == 0 or tokens[place - 1].text in _SIGNS or lower_at(tokens, place - 1) in _AND
    if found is not None or not opens:
        return found is not None and (opens or len(found.words) > 1)
    if tokens[place].text in _OPENING_ANTECEDENTS:
        return tokens[-1].text != "?"
    if place == 0 and (_is_infinitive(tokens[0].lower) if spanish else tokens[0].lower.endswith("ing")):
        return len(tokens) > 3 and any(_is_number(token) for token in tokens[1:5])  # "Losing just 1% would cost"
    return spanish and tokens[place].text == "De" and _is_infinitive(lower_at(tokens, place + 1))


@cache
def _is_infinitive(word: str) -> bool:
    return len(word) > 3 and word.endswith(("ar", "er", "ir", "arse", "erse", "irse")) and word not in _NO_INFINITIVES


_NO_INFINITIVES = frozenset(
    ["ayer", "mujer", "lugar", "hogar", "millar", "celular", "taller", "alquiler", "azar", "par"]
)


@cache
def _is_conditional(word: str, language: Language) -> bool:
    if language is not Language.ES:
        return word in _CONDITIONALS or word.endswith(("'d", "’d"))
    return len(word) > 5 and word.endswith(_CONDITIONAL_ENDS) and word not in _NOT_CONDITIONAL


_CONDITIONAL_ENDS = ("aría", "arían", "ería", "erían", "iría", "irían", "dría", "drían", "bría", "brían", "ríamos")
_NOT_CONDITIONAL = words_of("not_conditional")


def conditioned(found: Quantity, made: Sequence[Condition]) -> str | None:
    """The reason against a quantity that a condition of its sentence governs, or null."""
    for one in made:
        if one.start <= found.first < one.stop and (one.kinds is None or found.kind in one.kinds):
            return one.reason
    return None
