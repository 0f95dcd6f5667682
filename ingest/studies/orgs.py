"""Names as they stand in a sentence: runs of capitalised words, cleaned of articles, years and ordinary words.

Knows which capitalised words are no names. Knows nothing of figures or studies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.words.lexicon import words_of
from kb.words.tokens import Token, lower_at

# Never begin or end a name.
_FUNCTION = words_of("name_function")
# May stand in a name, but are none by themselves.
_GENERIC = words_of("name_generic")
# Ordinary words that open a sentence before a study noun or a verb of finding.
OPENERS = words_of("name_openers")
_CODE = re.compile(r"[A-Z]\d{1,3}|[BC]2[BCGE]|I[AT]|TI|U\.?S\.?A?\.?|U\.?K\.?|EE")
LINKS = words_of("name_links")
_WIDE_LINKS = LINKS | {"en", "con", "para", "in", "on", "a", "al"}
# Words that only the names of organisations hold.
BODIES = words_of("name_bodies")
_STUDY_WORDS = words_of("name_study_words")
WORDS = re.compile(r"\w+")
_NO_NAMES = frozenset(["the", "and", "del", "los", "las", "for", "group", "inc"])
_JOURNALS = words_of("name_journals")
# Endings of the words that open a sentence and are no name by themselves: "Surprisingly", "Conectado", "Según".
_OPENER_ENDS = tuple(words_of("opener_ending"))
_OPENING_SIGNS = "“\"«(¿¡‘–—-•*:'[●"
_MONTHS = words_of("month")
_CONTRACTED = frozenset(["d", "ll", "m", "re", "t", "ve"])


@dataclass(frozen=True, slots=True)
class Name:
    """A name at tokens ``first`` to ``stop``; ``study`` when it ends like a study ("… Report 2017"), ``studies`` when
    like one who makes or prints them ("… Research", "… Review")."""

    first: int
    stop: int
    text: str
    study: bool = False
    studies: bool = False
    year: int | None = None


def is_organisation(name: str) -> bool:
    """Whether a word of the name is one that only organisations bear ("Bank of Spain", "Adobe Analytics")."""
    return "&" in name or not BODIES.isdisjoint(name.lower().split())


def find_names(tokens: list[Token], text: str, ordinary: frozenset[str]) -> list[Name]:
    """The names of a sentence in order; ``ordinary`` are words the document also writes in lower case."""
    names: list[Name] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.text == token.lower and (token.kind != "n" or not _digit_led(tokens, index)):
            index += 1
            continue
        stop = _to_abbreviation(tokens, index, _run_end(tokens, index))
        name = _clean(tokens, index, stop, text, ordinary)
        if name is not None:
            names.append(name)
        index = stop
    return names


def _digit_led(tokens: list[Token], index: int) -> bool:
    """3Cinteractive, 3M, 451 Research: digits that open a name."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return tokens[index].kind == "n" and following is not None and following.glued and _capital(following)


def _capital(token: Token) -> bool:
    return token.kind == "w" and token.text != token.lower


def _run_end(tokens: list[Token], index: int) -> int:
    """The token after the run of capitalised words that starts here (at most 14 tokens)."""
    stop = index + 1
    while stop < len(tokens) and stop - index < 14:
        step = _step(tokens, stop)
        owned = _yearlike(tokens[stop - 1].text) and tokens[stop].lower in ("de", "del", "by")
        if not step or owned or tokens[stop - 1].lower.endswith(("'s", "’s")):  # "Salesforce's 2020 State of Service"
            break
        stop += step
    return stop


def _to_abbreviation(tokens: list[Token], first: int, stop: int) -> int:
    """The end of a body's name whose abbreviation follows in brackets: "… de Expertos en la Relación con Clientes (…)".

    Between them stand capitalised words and what links them; else ``stop``.
    """
    if lower_at(tokens, stop) not in _WIDE_LINKS or not any(token.lower in BODIES for token in tokens[first:stop]):
        return stop
    place = stop
    while place < min(len(tokens), first + 18) and (_capital(tokens[place]) or tokens[place].lower in _WIDE_LINKS):
        place += 1
    return place if lower_at(tokens, place) == "(" and _is_short(tokens, place + 1) else stop


def _is_short(tokens: list[Token], place: int) -> bool:
    """Whether an abbreviation in brackets stands here."""
    if lower_at(tokens, place + 1) != ")":
        return False
    return tokens[place].text[:1].isupper() and 2 <= len(tokens[place].text) <= 10


def _step(tokens: list[Token], stop: int) -> int:
    """How many tokens continue the name here: a capitalised word, glued signs, or links before one."""
    token = tokens[stop]
    if _capital(token) or (token.kind == "n" and (token.glued or _yearlike(token.text))):
        return 1
    following = tokens[stop + 1] if stop + 1 < len(tokens) else None
    if token.kind == "p":
        joined = token.glued and following is not None and following.glued and following.kind in "wn"
        amp = token.text == "&" and following is not None and _capital(following)
        return 1 if (joined and token.text in "-.&+’'/") or amp or _after_initials(tokens, stop) else 0
    if token.glued and token.kind == "w" and token.lower in ("s", "com", "net", "org", "gov", "edu", "io", "ai"):
        return 1
    if token.lower not in LINKS or following is None:
        return 0
    if _capital(following):
        return 1
    beyond = tokens[stop + 2] if stop + 2 < len(tokens) else None
    return 2 if following.lower in LINKS and beyond is not None and _capital(beyond) else 0


def _after_initials(tokens: list[Token], place: int) -> bool:
    """Whether this full stop ends initials before a name: "J.D. Power", not "U.S. Companies"."""
    if tokens[place].text != "." or place < 3 or place + 1 >= len(tokens) or not _capital(tokens[place + 1]):
        return False
    first, dot, second = tokens[place - 3 : place]
    initials = dot.text == "." and dot.glued and second.glued and len(first.text) == len(second.text) == 1
    return initials and first.text + second.text not in ("US", "UK", "EE", "UU", "UE", "PM", "AM", "SA", "CV")


def _yearlike(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and "1990" <= text <= "2049"


def _clean(tokens: list[Token], first: int, stop: int, text: str, ordinary: frozenset[str]) -> Name | None:
    """The name without what only stands before or after it; null when only ordinary words are left."""
    year = next((int(token.text) for token in tokens[first:stop] if _yearlike(token.text)), None)
    while first < stop and (
        (tokens[first].kind != "w" and not _digit_led(tokens, first)) or _is_plain(tokens, first, stop, ordinary)
    ):
        first += 1
    while stop > first and (
        tokens[stop - 1].kind == "p" or _yearlike(tokens[stop - 1].text) or tokens[stop - 1].lower in LINKS
    ):
        stop -= 1
    left = [token for token in tokens[first:stop] if token.kind == "w"]
    if all(token.lower in _GENERIC or token.lower in _FUNCTION or token.lower in _MONTHS for token in left):
        return None
    raw = text[tokens[first].start : tokens[stop - 1].end] if first < stop else ""
    name = re.sub(r"['’][sS]$", "", raw).strip()
    if len(name) < 2 or all(_CODE.fullmatch(word) for word in name.split() if word not in ("y", "and", "e")):
        return None
    last, printed = tokens[stop - 1].lower, tokens[first].lower in _JOURNALS
    return Name(first, stop, name, last in _STUDY_WORDS, last in ("research", "review") and not printed, year)


def _is_plain(tokens: list[Token], index: int, stop: int, ordinary: frozenset[str]) -> bool:
    """Whether the first word of a run is only capitalised because it opens the sentence, or is an ordinary word."""
    token = tokens[index]
    if token.kind == "n":
        return False
    if len(token.text) == 1 and stop - index > 3 and tokens[index + 1].text == "." and tokens[index + 2].glued:
        return False  # "A.T. Kearney"
    pronoun, _, verb = token.lower.partition("'")
    if token.lower in _FUNCTION or token.lower in _MONTHS or (verb in _CONTRACTED and pronoun in _FUNCTION):
        return True
    opens = index == 0 or tokens[index - 1].text in _OPENING_SIGNS
    last = index + 1 >= stop or not _capital(tokens[index + 1])
    if token.lower in _GENERIC:
        return last or opens
    if token.text.isupper() and len(token.text) > 1:
        return False
    # "Marketing Tech News": a capital after it makes an ordinary opening word part of the name.
    if opens and last and token.text[1:].islower() and _is_opener(token.lower):
        return True
    return opens and last and token.lower in ordinary


def _is_opener(word: str) -> bool:
    return word in OPENERS or (len(word) > 6 and word.endswith(_OPENER_ENDS))


def expansion(tokens: list[Token], name: Name) -> str | None:
    """The abbreviation that stands in brackets after the name: "Enterprise Strategy Group (ESG)"; or null."""
    if lower_at(tokens, name.stop) != "(" or lower_at(tokens, name.stop + 2) != ")":
        return None
    short = tokens[name.stop + 1].text
    return short if short.isupper() and 2 <= len(short) <= 8 else None


def same_name(first: str, second: str) -> bool:
    """Whether two source names share a whole telling word ("Zendesk y ESG", "Enterprise Strategy Group (ESG)")."""
    mine = {word for word in WORDS.findall(first.lower()) if len(word) > 2} - _NO_NAMES
    return bool(mine & ({word for word in WORDS.findall(second.lower()) if len(word) > 2} - _NO_NAMES))
