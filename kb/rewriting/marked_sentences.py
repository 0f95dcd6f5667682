"""A model's text as sentences with their citation marks. Judges nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kb.verification.carrying import sentences_of
from kb.verification.tokens import read_tokens

_MARK = r"\[\s?\d{1,3}(?:\s?[,;]\s?\d{1,3}){0,20}\s?\]"
_MARKS = re.compile(rf"\s?({_MARK}(?:\s?{_MARK}){{0,40}})\s?([.!?…]?)")
_BULLET = re.compile(r"^(?:[-•*–]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """What stands before a row of marks, without them, and their numbers; ``alone`` says that it is one sentence."""

    text: str
    citations: tuple[int, ...]
    alone: bool


def marked_sentences(text: str) -> tuple[list[MarkedSentence], int]:
    """The sentences with marks, in order, and how many pieces had none."""
    found: list[MarkedSentence] = []
    unmarked = 0
    for line in unicodedata.normalize("NFC", text).splitlines():
        rest = _BULLET.sub("", line.strip())
        start = 0
        for match in _MARKS.finditer(rest):
            body = (rest[start : match.start()] + match[2]).strip()
            numbers = tuple(dict.fromkeys(int(number) for number in re.findall(r"\d{1,3}", match[1])))
            if any(letter.isalnum() for letter in body):
                found.append(MarkedSentence(body, numbers, len(sentences_of(read_tokens(body))) <= 1))
            start = match.end()
        unmarked += any(letter.isalnum() for letter in rest[start:])
    return found, unmarked
