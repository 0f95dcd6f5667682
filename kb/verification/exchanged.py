"""Whether a rewritten sentence has its quotes' words in each other's places ("price matters more than trust").

Owns the reading of what changed places; which sentences are compared is ``kb.verification.carrying``'s. A clause that
moves as a whole changes no places.
"""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher

from kb.verification.carrying import Side, is_content, root_of

# A longer sentence is no sentence; comparing grows with its square.
_MOST_WORDS = 300


def exchanged_word(written: Side, quoted: Side) -> str | None:
    """A word that stands where the quoted sentence has another of its words, and turns who does what; or null."""
    mine, theirs = _told(written), _told(quoted)
    if max(len(mine), len(theirs)) > _MOST_WORDS:
        return None
    own, known = Counter(mine), Counter(theirs)
    changes = [
        (mine[first:end], theirs[start:stop])
        for tag, start, stop, first, end in SequenceMatcher(None, theirs, mine, autojunk=False).get_opcodes()
        if tag == "replace"
    ]
    for place, (put, taken) in enumerate(changes):
        for later_put, later_taken in changes[place + 1 :]:
            crossing = [word for word in put if _telling(word) and word in later_taken and word not in taken]
            if crossing and any(_telling(word) and word in taken and word not in later_taken for word in later_put):
                return crossing[0]
        repeated = [word for word in put if _telling(word) and known[word] and own[word] > known[word]]
        if repeated and any(_telling(word) and not own[word] for word in taken):
            return repeated[0]
    return None


def _told(side: Side) -> list[str]:
    """The words in order, those that say something by their roots; marks are none."""
    return [root_of(word) if is_content(word) else word for word in side.folded if word[:1].isalnum()]


def _telling(word: str) -> bool:
    return word[:1].isdigit() or (word != "" and is_content(word))
