"""Which tokens are figures, units, denials or hedges: single words of the lexicon, folded as quotes are compared.

For the names of what differs only; whether a quote is faithful is read by the grammar (``kb.quotes.faithful``).
"""

from collections.abc import Iterator

from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import tokenize

_FIGURES = (
    frozenset().union(
        *(words_of(one) for one in ("number", "scale", "glued_scale", "money_scale", "factor", "part_word", "double"))
    )
    | words_of("twice")
    | words_of("group")
    | words_of("vague")
)
_FIGURES = frozenset(word.casefold() for word in _FIGURES) - words_of("article") - {"once"}
_UNITS = frozenset().union(
    *(words_of(one) for one in ("percent", "currency_sign", "currency_word", "currency_code", "time", "point"))
)  # fmt: skip
_UNIT_WORDS = frozenset(token.lower.casefold() for form in _UNITS for token in tokenize(form)) - words_of("passed_over")
_GOVERNORS = lexicon().of("governor")
_HEDGE_PHRASES = lexicon().phrases("hedge", "hedge_verb")
_DENIALS = frozenset(row.form for row in _GOVERNORS if row.effect == "denial") | words_of("negation")
_PREFIXES = words_of("contrary_prefix")
_ASIDE = frozenset(".…[]")
_FILLERS = words_of("passed_over") | words_of("article") | words_of("population_linking")


def _hedging_words() -> Iterator[str]:
    rows = [*lexicon().of("hedge"), *(row for row in _GOVERNORS if row.effect in ("hedge", "doubt", "some", "share"))]
    for row in rows:
        yield from (token.lower for token in tokenize(row.form) if token.kind == "w")


_HEDGES = frozenset(_hedging_words()) - _FILLERS - _DENIALS
DETERMINERS = words_of("article") | words_of("passed_over") | words_of("pointing")
"""Small words whose change says nothing of its own."""


def is_figure(key: str) -> bool:
    """Whether the token is a number in digits or words, a scale word or a fraction."""
    return key[:1].isdigit() or key[1:2].isdigit() or key in _FIGURES


def is_unit(key: str) -> bool:
    """Whether the token says what a number counts in: percent, points, time, currency."""
    return key in _UNIT_WORDS


def is_negation(key: str) -> bool:
    """Whether the word denies: a denial of the lexicon, or an English contraction in n't."""
    return key in _DENIALS or key.endswith("n't")


def hedges(text: str) -> bool:
    """Whether a remark holds a hedge of figures, of one word or several."""
    return next(_HEDGE_PHRASES.found(tokenize(text)), None) is not None


def figure_word_at_edge(text: str) -> str | None:
    """A figure, unit or hedge that a stretch of left-out words begins or ends with; null where there is none."""
    tokens = [token for token in tokenize(text) if token.text not in _ASIDE]
    for token in (*tokens[:1], *tokens[-1:]):
        if is_figure(token.lower) or is_unit(token.lower) or token.lower == "once":
            return token.text
    phrases = list(_HEDGE_PHRASES.found(tokens))
    for first, stop, row in phrases:
        if first == 0 or stop == len(tokens):
            return row.form
    return None


def is_hedge(key: str) -> bool:
    """Whether the word is one of a hedge."""
    return key in _HEDGES


def are_contraries(first: str, second: str) -> bool:
    """Whether one word is the other with a negative prefix ("likely", "unlikely")."""
    short, long = sorted((first, second), key=len)
    return len(short) > 3 and any(long == prefix + short for prefix in _PREFIXES)
