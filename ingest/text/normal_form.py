"""From the canonical form (NFC) of a text back to the text as a caller gave it.

Owns the map of offsets. Refuses to know what the spans are for.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from itertools import pairwise

from kb.records.document import Span

# Hangul vowels and finals join the letter before them though they are no marks.
_HANGUL_JOINERS = range(0x1160, 0x1200)


class NormalForm:
    """A text, its NFC form in ``canonical``, and the way back for spans."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.canonical = unicodedata.normalize("NFC", text)
        # Where each cluster (a letter with its marks) begins: in the text, and in its canonical form.
        self._given: list[int] = []
        self._made: list[int] = []
        if self.canonical != text:
            self._align()

    def _align(self) -> None:
        made = 0
        starts = [0, *(index for index in range(1, len(self.text)) if not _joins(self.text[index])), len(self.text)]
        for start, end in pairwise(starts):
            self._given.append(start)
            self._made.append(made)
            made += len(unicodedata.normalize("NFC", self.text[start:end]))
        self._given.append(len(self.text))
        self._made.append(made)

    def given(self, span: Span) -> Span:
        """The span of ``text`` that holds what ``span`` holds of ``canonical``, marks of its last letter included.

        Where several letters stand for one of the other form the whole of it is taken: nothing is cut off.
        """
        if not self._made:
            return span
        start = self._given[bisect_right(self._made, span.start) - 1]
        if span.start == span.end:
            return Span(start, start)
        return Span(start, self._given[bisect_left(self._made, span.end)])


def _joins(character: str) -> bool:
    """Whether a character can belong to the one before it: marks, and Hangul vowels and finals."""
    return unicodedata.category(character)[0] == "M" or ord(character) in _HANGUL_JOINERS
