"""Whether a rewritten sentence has its quotes' words in each other's places ("price matters more than trust").

Owns the reading of what changed places; which sentences are compared is ``kb.verification.carrying``'s. A clause that
moves as a whole changes no places.
"""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher

from kb.verification import binding, claims
from kb.verification.carrying import Side, is_content, root_of

# A longer sentence is no sentence; comparing grows with its square.
_MOST_WORDS = 300
_ARTICLES = binding.ARTICLES_EN | binding.ARTICLES_ES
_AND, _BETWEEN = ("y", "e", "and"), ("entre", "between")
_CONTRACTED = {"al": "a", "del": "de"}


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
    return _bound_otherwise(written, quoted)


def _bound_otherwise(written: Side, quoted: Side) -> str | None:
    """A word that changed its preposition with another one and its place too ("prefer | the phone | to chat")."""
    mine, theirs = _bindings(written), _bindings(quoted)
    shared = [root for root in mine if root in theirs]
    for position, one in enumerate(shared):
        for other in shared[position + 1 :]:
            turned = theirs[one][0] > theirs[other][0]
            binding, bound = theirs[one][1], theirs[other][1]
            if binding[-1:] and bound[-1:] and binding[-1] in _AND and bound[-1] in _BETWEEN:
                continue  # "entre las ventas y la nota": no matter which comes first
            if turned and binding != bound and (mine[one][1], mine[other][1]) == (bound, binding):
                return one
    return None


def _bindings(side: Side) -> dict[str, tuple[int, tuple[str, ...]]]:
    """The position of each word that stands once, and the words that bind it to the words before, articles apart."""
    found: dict[str, tuple[int, tuple[str, ...]]] = {}
    twice: set[str] = set()
    before = -1
    for place, word in enumerate(side.folded):
        if word[:1].isdigit() or not (len(word) > 2 and word[0].isalpha()) or word in claims.FUNCTION_WORDS:
            continue
        root = root_of(word)
        between = tuple(_CONTRACTED.get(key, key) for key in side.folded[before + 1 : place] if key not in _ARTICLES)
        twice |= {root} & found.keys()
        found[root] = (place, between)
        before = place
    return {root: row for root, row in found.items() if root not in twice}


def _told(side: Side) -> list[str]:
    """The words in order, those that say something by their roots; marks are none."""
    return [root_of(word) if is_content(word) else word for word in side.folded if word[:1].isalnum()]


def _telling(word: str) -> bool:
    return word[:1].isdigit() or (word != "" and is_content(word))
