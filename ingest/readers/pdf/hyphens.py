"""Words broken at the ends of lines: which hyphens go, and which belong to the word.

"expe-" and "riencia" are one word; "calidad-" and "precio" are two with a hyphen that a quote must keep.
The text itself is asked first: whether it has the word elsewhere, whole or with its hyphen; then the words of
this field, and the accents of Spanish. Refuses to know any format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]{1,40}-){1,6}$")
_FIRST = re.compile(r"[^\W\d_]+")
_VOWELS = re.compile(r"[aeiouáéíóúü]+", re.I)
_ACCENT = re.compile(r"[áéíóú]", re.I)
# Shorter halves are words of their own by accident ("con-" and "tacto").
_LEAST_HALF = 4
# These begin as many whole words as they stand before hyphens.
_BEGINNINGS = frozenset(
    [
        *("ante", "anti", "auto", "bajo", "bien", "contra", "entre", "extra", "fuera", "inter", "intra", "micro"),
        *("multi", "para", "post", "sobre", "super", "supra", "tele", "trans", "ultra", "down", "every", "fore"),
        *("free", "hand", "high", "home", "light", "long", "mail", "mark", "over", "part", "some", "time", "type"),
        *("under", "with", "work"),
    ]
)


class Hyphens:
    """Judges hyphens at line ends by the words of one text."""

    def __init__(self, lines: Iterable[str]) -> None:
        words: set[str] = set()
        before = ""
        for line in lines:
            found = [match.group().casefold() for match in _WORDS.finditer(line)]
            # Halves of broken words are no words.
            first = 1 if before.endswith("-") else 0
            words.update(found[first : len(found) - 1 if line.endswith("-") else None])
            before = line
        self._words = words

    def joined(self, texts: Sequence[str]) -> str:
        """The lines as running text."""
        made = ""
        for text in texts:
            made = self._pair(made, text.strip()) if made else text.strip()
        return made

    def _pair(self, before: str, after: str) -> str:
        if before.endswith("\u00ad"):
            return before[:-1] + after
        if not before.endswith("-") or not before[-2:-1].isalnum() or not after[:1].isalnum():
            return f"{before} {after}"
        is_broken = before[-2].isalpha() and after[:1].islower() and self._is_one_word(before, after)
        return (before[:-1] if is_broken else before) + after

    def _is_one_word(self, before: str, after: str) -> bool:
        last, first = _LAST.search(before), _FIRST.match(after)
        if last is None or first is None:
            return True
        head, tail = last.group()[:-1].casefold(), first.group().casefold()
        if head + tail in self._words:
            return True
        if f"{head}-{tail}" in self._words or "-" in head:
            return False
        return not (_is_misaccented(head + tail) or self._are_two_words(head, tail))

    def _are_two_words(self, head: str, tail: str) -> bool:
        if min(len(head), len(tail)) < _LEAST_HALF or head in _BEGINNINGS or head + tail in _words_of_the_field():
            return False
        return all(half in self._words or half in _words_of_the_field() for half in (head, tail))


def _is_misaccented(word: str) -> bool:
    """Whether a word has an accent before its last four vowels, which no Spanish word has, adverbs in -mente aside."""
    accent = _ACCENT.search(word)
    return accent is not None and not word.endswith("mente") and len(_VOWELS.findall(word, accent.end())) > 3


@cache
def _words_of_the_field() -> frozenset[str]:
    """The words of the texts that topics were learned from, in both languages."""
    text = files("ingest").joinpath("data/topics_training.jsonl").read_text("utf-8")
    return frozenset(match.group() for match in _FIRST.finditer(text.casefold()))
