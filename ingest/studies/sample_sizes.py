"""The whole numbers of a document that may say how many were asked, with every mention.

Proposed by grammar alone, and generously: which of them is a figure's is for the chooser. Knows nothing of figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.studies.candidates import Candidate, Mention
from ingest.studies.discourse import Discourse
from kb.words.lexicon import words_of
from kb.words.tokens import Token, is_yearlike, lower_at

_ASKED = words_of("respondent_noun") | words_of("interview_noun") | words_of("measured_noun")
_SAMPLES = words_of("sample_samples") | {"n"}
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’]\d{2,3})*[.,'’]\d{3}|\d+")
_FEWEST_ASKED = 5


def sizes(discourse: Discourse) -> list[Candidate]:
    """Every whole number that may say how many were asked: all but shares, sums of money and years."""
    found: dict[int, list[Mention]] = {}
    for index, line in enumerate(discourse.lines):
        for place, token in enumerate(line.tokens):
            value = _whole(line.tokens, place) if token.kind == "n" else None
            if value is not None and value >= _FEWEST_ASKED:
                mention = Mention(index, token.start, token.end, _asked(line.tokens, place))
                found.setdefault(value, []).append(mention)
    largest = max(found, default=0)
    return [
        Candidate(size, tuple(mentions), (
            float(len(str(size))),
            float(size == largest),
            float(len(found)),
            float(any(mention.form for mention in mentions)),
            float(size % 10 == 0),
        ))
        for size, mentions in sorted(found.items())
    ]  # fmt: skip


def _whole(tokens: Sequence[Token], place: int) -> int | None:
    """The whole number that these digits are, their groups read ("6.240", "6 240"); null for a share, money, a year."""
    text, before, after = tokens[place].text, lower_at(tokens, place - 1), lower_at(tokens, place + 1)
    if _GROUPED.fullmatch(text) is None or len(text) > 12 or after in ("%", "°") or before in ("$", "€", "£", "₹"):
        return None
    if before.isdigit() and len(text) == 3 and len(before) <= 3:
        return None  # the rest of "6 240"
    joined = place + 1 < len(tokens) and len(after) == 3 and after.isdigit() and len(text) <= 3
    if is_yearlike(text) and (before in ("en", "in") or _asked(tokens, place) == ""):
        return None
    return int(re.sub(r"\D", "", text + after if joined else text))


def _asked(tokens: Sequence[Token], place: int) -> str:
    """How the number is said to count people: "noun" within a few words after it, "sample" before it; or nothing."""
    if any(lower_at(tokens, place - step) in _SAMPLES for step in (1, 2, 3, 4)):
        return "sample"
    for step in range(1, 6):
        word = lower_at(tokens, place + step)
        if word in _ASKED:
            return "noun"
        if not word or word in ",.;:()%":
            break
    return ""
