"""Who a share is of: the noun phrase after "of", cut before its verb.

A verbatim piece of the sentence. A wrong piece is worse than none: what does not look like one noun phrase of people
or things is null.
"""

from __future__ import annotations

from collections.abc import Sequence

from kb.language import Language
from kb.numbers.records import Line, Quantity
from kb.statistic import Kind
from kb.words.lexicon import words_of
from kb.words.tokens import Token, is_inside_word, lower_at

_MAX_POPULATION_WORDS = 8
SHARES = (Kind.PERCENT, Kind.FRACTION, Kind.RATIO)
LINKS = {
    Language.ES: frozenset({"de", "del"}),
    Language.EN: frozenset({"of"}),
}
LINKS[Language.OTHER] = LINKS[Language.EN]
_ARTICLES = words_of("population_articles")
_ENDS = words_of("population_ends")
_MORE_ENDS = words_of("population_more_ends")
# What a share is of when it is of no people or things.
_NOTHING = words_of("population_nothing")
# Adjectives before "and", with their noun still to come.
_SIZES = words_of("population_sizes")
_LEADS_ON = words_of("population_leads_on")
_DETERMINERS = _ARTICLES | words_of("population_determiners")
_LINKING = words_of("population_linking")
_TRAILING = words_of("population_trailing")
_ADJECTIVES = (
    "s", "ado", "ada", "ido", "ida", "al", "ico", "ica", "ivo", "iva", "oso", "osa", "ano", "ana", "ble", "és", "ense",
)  # fmt: skip
_QUALIFIES = words_of("population_qualifies")

_COUNTED = words_of("measured_noun")


def population_of(line: Line, found: Quantity) -> str | None:
    """Who the share is of, verbatim ("los clientes", "American consumers"), or null."""
    if found.kind not in SHARES or found.unit is not None:
        return None
    tokens, start = line.tokens, found.stop
    if lower_at(tokens, start) in LINKS[line.language]:
        start += 1
    elif found.kind is not Kind.RATIO:
        return None
    end = _before_attached_verb(tokens, start, _noun_phrase_end(tokens, start), line.language)
    stop = trimmed(tokens, start, end)
    phrase = tokens[start:stop]
    if not has_content(phrase) or stop - start > _MAX_POPULATION_WORDS or _says_nothing(phrase):
        return None
    if start == found.stop and not _names_many(phrase, stop - start):
        return None  # "3 de cada 10 pagarían", "1 in 5 hangs up"
    return line.text[tokens[start].start : tokens[stop - 1].end]


def _says_nothing(phrase: Sequence[Token]) -> bool:
    """ "of the time", "del total", "of what they buy"."""
    words = [token.lower for token in phrase if token.lower not in _ARTICLES]
    return not words or words[0] in ("what", "lo") or all(word in _NOTHING for word in words)


def _names_many(phrase: Sequence[Token], length: int) -> bool:
    """Whether words right after a ratio name those who are counted, in the plural and not by a verb alone."""
    if any(token.lower in _COUNTED for token in phrase):
        return True
    last = phrase[-1].lower
    return last.endswith("s") and len(last) > 4 and (length > 1 or not last.endswith(("ves", "gs", "ces")))


def _noun_phrase_end(tokens: Sequence[Token], start: int) -> int:
    """The token after the noun phrase: at a verb, an adverb, a number or a sign."""
    stop = start
    while stop < len(tokens) and stop - start <= _MAX_POPULATION_WORDS:
        token = tokens[stop]
        joins = token.lower in ("and", "y", "e") and tokens[stop - 1].lower in _SIZES
        counts = token.kind == "n" and not (stop > start and is_inside_word(tokens, stop))
        if not joins and (token.lower in _ENDS or token.lower in _MORE_ENDS or counts):
            break
        if token.kind == "p" and token.text not in "-’'&":
            break
        if has_content(tokens[start:stop]):
            if token.lower.endswith(("mente", "ly")) and len(token.lower) > 5 and token.lower not in ("family", "only"):
                break
            if token.lower in _DETERMINERS and tokens[stop - 1].lower not in _LINKING:
                return _before_the_verb(tokens, start, stop)
        stop += 1
    return stop


def _before_attached_verb(tokens: Sequence[Token], start: int, stop: int, language: Language) -> int:
    """Before a verb right after a plural: "los usuarios | eligió", "callers | hang up"; else ``stop``."""
    for place in range(start, stop - 1):
        word, following = tokens[place], tokens[place + 1]
        led = place > start and tokens[place - 1].lower in _LEADS_ON and word.kind == "w"
        coded = language is Language.ES and place > start + 1 and is_inside_word(tokens, place - 1)
        plain = following.kind == "w" and following.lower not in _LINKING and following.text == following.lower
        if language is Language.ES and led and plain and not following.lower.endswith(_ADJECTIVES):
            return place + 1  # "los líderes de servicio | planea"
        if following.kind != "w" or following.lower in _LINKING or not (coded or _is_plural(word, language)):
            continue
        if language is Language.ES:
            more = following.lower.endswith("s") or following.text != following.lower
        else:
            more = following.lower in _COUNTED or following.lower in _QUALIFIES or following.lower.endswith("ing")
        if not more:
            return place + 1
    return stop


def _is_plural(token: Token, language: Language) -> bool:
    """Whether a word looks like a plural noun; in Spanish no verb of the third person ends like one."""
    lower = token.lower
    if token.kind != "w" or lower in _ARTICLES or lower in _DETERMINERS or len(lower) < 4:
        return False
    if language is Language.ES:
        return lower.endswith("s")
    return lower == "people" or (lower.endswith("s") and not lower.endswith(("ss", "us", "is", "as")))


def _before_the_verb(tokens: Sequence[Token], start: int, determiner: int) -> int:
    """Before a determiner that no preposition leads stands a verb: "los consumidores | realiza una compra"."""
    verb = determiner - 1
    return verb if has_content(tokens[start:verb]) else determiner


def trimmed(tokens: Sequence[Token], start: int, stop: int) -> int:
    """The end without function words that lead to something else."""
    while stop > start and (tokens[stop - 1].lower in _TRAILING or tokens[stop - 1].kind == "p"):
        stop -= 1
    return stop


def has_content(tokens: Sequence[Token]) -> bool:
    """Whether a word stands there that is no article, preposition or number."""
    return any(
        token.kind == "w" and len(token.text) > 2 and token.lower not in _ARTICLES and token.lower not in _TRAILING
        for token in tokens
    )
