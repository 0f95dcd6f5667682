"""What is asked, without what people write around it: greetings, labels, thanks, a sentence of context, capitals.

The words are rows of the lexicon (``ask_greeting``, ``ask_label``, ``ask_polite``, ``ask_thanks``, ``ask_word``). What
is left is what every later step reads, so that the manner of a question changes nothing. Knows no base.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from index.answers.asked_words import language_of
from index.search.lexical import folded
from kb.records.language import Language
from kb.words.lexicon import words_of

# A full stop after three letters or fewer is that of an abbreviation ("vs. Chile", "St. Louis").
_BETWEEN = re.compile(r"(?<=[^\W_]{4})[.!…]+\s+|(?<=[?!])\s+|[.…]+\s+(?=[¿¡])|\n+")
_EDGE = r"[\s,;:.!¡¿\"'“”«»()–—-]"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]")


def asked_in(text: str) -> str:
    """The question in a text; the whole text where nothing would be left, in small letters where all are capitals.

    Sentences that ask stay, and where none does all that say more than a greeting or thanks.

    >>> asked_in("Hola equipo. Preparo un taller. Me gustaría saber qué es el NPS? ¡Gracias!")
    '¿Qué es el NPS?'
    >>> asked_in("Hi team, quick one: WHY DO GUESTS LEAVE")
    'why do guests leave'
    """
    text = " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", text)).split(" ")).strip()
    said = [bare for sentence in _BETWEEN.split(text) if (bare := _bare(sentence))]
    asking = [sentence for sentence in said if _asks(sentence)]
    asked = " ".join(asking or said) or text
    return _as_a_sentence(asked if any(letter.islower() for letter in asked) else asked.lower())


def _as_a_sentence(asked: str) -> str:
    """A question that opens with the word that asks, with the capital and the mark of a sentence: what was taken off
    before it took them too, and without them its vector is another."""
    opened = asked.lstrip("¿")
    if not asked.endswith("?") or not _opening().match(_unaccented(opened)):
        return asked
    mark = "¿" if opened != asked or language_of(asked) is Language.ES else ""
    return mark + opened[:1].upper() + opened[1:]


def _bare(sentence: str) -> str:
    """A sentence without greeting, label and polite opening before it and thanks after it; empty for nothing else."""
    rest = sentence.strip()
    while True:
        found = _before().match(_unaccented(rest))
        opened = rest[found.end() :] if found else rest
        if found and found["labels"] and not found["mark"]:
            opened = rest
        closed = _after().search(_unaccented(opened))
        shorter = opened[: closed.start()].rstrip(" ,;:") + closed["mark"] if closed else opened
        if shorter == rest:
            return rest if re.search(r"\w", rest) else ""
        rest = shorter.strip() if re.search(r"\w", shorter) else ""


def _asks(sentence: str) -> bool:
    """Whether a sentence asks: by its mark, or by the word that it opens with."""
    return "?" in sentence or _opening().match(_unaccented(sentence)) is not None


def _unaccented(text: str) -> str:
    """Small letters without accents, character for character."""
    return "".join(folded(one) if len(folded(one)) == 1 else one for one in text)


def _either(*classes: str) -> str:
    forms = sorted(
        {_unaccented(form) for cls in classes for form in words_of(cls)}, key=lambda form: (-len(form), form)
    )
    return "|".join(re.escape(form) for form in forms)


@cache
def _before() -> re.Pattern[str]:
    """A greeting or a polite opening, or a label or thanks with a mark after them ("Team:", not "team levels")."""
    free, marked = (_either("ask_greeting", "ask_polite"), _either("ask_label", "ask_thanks"))
    return re.compile(rf"{_EDGE}*(?:(?:{free})|(?P<labels>{marked}))(?!\w)(?P<mark>\s*[:,]|\s*$)?{_EDGE}*")


@cache
def _after() -> re.Pattern[str]:
    """Thanks at the end, with the mark of the question before them."""
    return re.compile(rf"(?P<mark>\??)[\s,;.!¡–—-]+(?:{_either('ask_thanks')})[\s.!?]*$")


@cache
def _opening() -> re.Pattern[str]:
    words = _either("ask_word")
    return re.compile(rf"{_EDGE}*(?:{words})(?!\w)")
