"""What keeps a sentence from standing alone: it points back, leads on, tells what was asked, or cuts a quotation.

Knows sentences as text and, of the words, the lexicon; no passages and no scores.
"""

from __future__ import annotations

import re
from functools import cache

from kb.words.lexicon import Phrases, lexicon, words_of
from kb.words.tokens import tokenize

_LEADS_ON = re.compile(r":\W*$")
_NOTE_MARKS = re.compile(r"(?<=\S)(?:\s?\[\d{1,3}\])+\s*$")
_PAIRS = (("«", "»"), ("“", "”"), ("(", ")"), ("[", "]"))
# "asked 900 guests why they left": who asked, whom, and the question word, in one clause.
_WHOM = 80


def points_back(sentence: str) -> bool:
    """Whether a sentence opens with what only the one before it explains ("However", "Esto …", "They …").

    >>> points_back("However, it fell."), points_back("Los clientes esperan.")
    (True, False)
    """
    return _opening_with("back_pointer").match(sentence) is not None


def leads_on(sentence: str) -> bool:
    """Whether a sentence announces what follows it ("… are:")."""
    return _LEADS_ON.search(sentence) is not None


def tells_asking(sentence: str) -> bool:
    """Whether a sentence tells that something was asked, not what was answered.

    >>> tells_asking("Preguntamos a 900 abonados por qué se fueron.")
    True
    >>> tells_asking("Asked why, 40 % named the queue.")
    False
    """
    found = _asking().search(sentence)
    return found is not None and not any(mark in sentence[found.end() :] for mark in ",;:%")


def points_on(sentence: str) -> bool:
    """Whether a sentence only points to the text it stands in ("continue reading below", "como hemos visto")."""
    return next(_pointers().found(tokenize(sentence)), None) is not None


def unclosed(text: str) -> tuple[bool, bool]:
    """Whether a quotation or bracket begins in the text and does not end there, and whether one ends that does not
    begin.

    >>> unclosed("«No es la factura"), unclosed("no es”, dice."), unclosed("(a) «b»")
    ((True, False), (False, True), (False, False))
    """
    opened, closed = text.count('"') % 2 == 1, False
    for start, end in _PAIRS:
        depth = least = 0
        for mark in text:
            depth += (mark == start) - (mark == end)
            least = min(least, depth)
        opened, closed = opened or depth > least, closed or least < 0
    return opened, closed


def marks_at_end(text: str) -> int:
    """How many characters at the end are marks of notes ("the council.[1]"), which read like an answer's own."""
    return len(text) - len(_NOTE_MARKS.sub("", text))


def _either(cls: str) -> str:
    return "|".join(re.escape(form).replace(r"\ ", r"\s") for form in sorted(words_of(cls), key=len, reverse=True))


@cache
def _opening_with(cls: str) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{_either(cls)})(?!\w)", re.IGNORECASE)


@cache
def _asking() -> re.Pattern[str]:
    asks, words = _either("sample_asks"), _either("asked_word")
    return re.compile(rf"\b(?:{asks})\b[^.;:]{{0,{_WHOM}}}?\b(?:{words})\b", re.IGNORECASE)


@cache
def _pointers() -> Phrases:
    return lexicon().phrases("pointer")
