"""Why a passage has a topic, in the words of the interface: the lines that tagging leaves are written in English.

Owns putting those lines into a language; a line of another form, such as a rule with the words it met, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from api.page import formats
from api.page.wording import PageWording

_EXAMPLE = re.compile(r"like example (\S{1,80}) \((-?\d{1,3}\.\d{1,3})\)")
# What tagging without a model leaves.
_WORDS_ALONE = "words alone"
_SET_ASIDE = re.compile(r"set aside: (.{1,200})", re.DOTALL)
_TOGETHER = re.compile(r"(\S{1,80}): together in a sentence")


def evidence_words(lines: Iterable[str], words: PageWording) -> tuple[str, ...]:
    """The lines of evidence in the language of the words, numbers written its way."""
    return tuple(_said(line, words) for line in lines)


def _said(line: str, words: PageWording) -> str:
    if line == _WORDS_ALONE:
        return words("why.words_alone")
    if example := _EXAMPLE.fullmatch(line):
        score = formats.number(Decimal(example[2]), words.language)
        return words("why.example", name=example[1], score=score)
    if aside := _SET_ASIDE.fullmatch(line):
        return words("why.set_aside", word=aside[1])
    if together := _TOGETHER.fullmatch(line):
        return words("why.together", name=together[1])
    return line
