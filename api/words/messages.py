"""The language that a caller is told of problems in, and the words of our errors in it.

Owns how a phrase is found; the words are ``api.words.phrases``'s, the codes ``api.http.problem_codes``'s. A detail that has no
Spanish there stays English, and ``translated`` says so by null.
"""

from __future__ import annotations

import re
from functools import cache

from api.words.phrases import PHRASES
from kb.records.language import Language

# Longer values in a message would only repeat what the caller sent.
MAX_ECHO = 200


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(re.escape(english).replace(r"\{\}", "(.{1,400}?)"), re.DOTALL), spanish)
        for english, spanish in PHRASES.items()
        if "{}" in english
    )


def translated(phrase: str, language: Language) -> str | None:
    """The phrase in this language; null when it is not in the table."""
    if language is not Language.ES or not phrase:
        return phrase
    if phrase in PHRASES:
        return PHRASES[phrase]
    for pattern, spanish in _patterns():
        match = pattern.fullmatch(phrase)
        if match:
            return spanish.format(*match.groups())
    return None


def shortened(phrase: str) -> str:
    """The phrase with its end cut off, and marked so, past ``MAX_ECHO`` characters."""
    return phrase if len(phrase) <= MAX_ECHO else f"{phrase[:MAX_ECHO]}…"


def accepted_language(header: str | None) -> Language:
    """Spanish or English, whichever an Accept-Language header likes better; English when it likes neither."""
    best, liking = Language.EN, 0.0
    for part in (header or "").split(",")[:20]:
        tag, _, parameters = part.strip().partition(";")
        code = tag.strip().lower().partition("-")[0]
        if code not in ("es", "en"):
            continue
        weight = quality(parameters)
        if weight > liking:
            best, liking = Language(code), weight
    return best


def quality(text: str) -> float:
    """The weight in the parameters of a member of an Accept header; 1 where none can be read."""
    match = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", text)
    return float(match[1]) if match else 1.0
