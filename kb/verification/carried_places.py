"""Whether the words of a rewritten sentence stand where its quotes have them: what is denied, doubted, said of whom.

Across the languages words are followed by their known meanings; a translation keeps the order inside a clause but for
neighbours ("returning guests", "huéspedes que repiten"). Where in doubt the quote stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, pairwise

from kb.verification import binding, claims, wording
from kb.verification.carried_words import closest_sentence, meets
from kb.verification.carrying import Pair, Side
from kb.verification.clauses import Said, words_said
from kb.verification.rewriting_fault import FaultKind, RewritingFault

# Words after a denial or a modal that say what is denied or doubted.
_REACH = 2
_CLAUSE_ENDS = frozenset(".;:!?")
_Places = Callable[[Side], Sequence[int]]


def place_fault(pair: Pair) -> RewritingFault | None:
    """The first word that stands with others than in the quotes, or null."""
    closest = closest_sentence(pair)
    if closest is None:
        return None
    same = pair.nearest is not None and pair.same_language
    return (
        _bearing_fault(pair, closest, same, (_modals, _doubts), FaultKind.CERTAINTY)
        or _bearing_fault(pair, closest, same, (_denials, _denials), FaultKind.AFFIRMED)
        or _crossing_fault(pair.written, closest, same)
        or (None if same else _order_fault(pair.written, closest))
    )


def _bearing_fault(
    pair: Pair, closest: Side, same: bool, found_by: tuple[_Places, _Places], lost: FaultKind
) -> RewritingFault | None:
    """A modal or denial that bears on another word than in the quotes, or has gone from the word it bears on.

    ``found_by`` finds those that must be matched, and all that may match them.
    """
    must, may = found_by
    known = [word for quote in pair.quotes for near in _borne(quote, may(quote)) for word in near]
    for near in _borne(pair.written, must(pair.written)):
        if near and not _any_met(near[:1] if same else near, known, same):
            return RewritingFault(FaultKind.MOVED, near[0])
    borne = [word for near in _borne(pair.written, may(pair.written)) for word in near]
    told = [one.word for one in words_said(pair.written)]
    for near in _borne(closest, must(closest)):
        if near and _any_met(near[:1], told, same) and not _any_met(near[:1] if same else near, borne, same):
            return RewritingFault(lost, near[0])
    return None


def _modals(side: Side) -> list[int]:
    return [place for place, word in enumerate(side.folded) if word in binding.MODAL_VERBS]


def _doubts(side: Side) -> list[int]:
    return [place for place, word in enumerate(side.folded) if word in claims.MODALS]


def _denials(side: Side) -> list[int]:
    keys = side.tokens.keys
    return [
        place
        for place, key in enumerate(keys)
        if wording.is_negation(key) and keys[place : place + 2] not in wording.IDIOMS
    ]


def _borne(side: Side, places: Iterable[int]) -> list[list[str]]:
    """For each place the words that say something after it in its sentence, the nearest first."""
    said = words_said(side)
    found = []
    for place in places:
        end = next((at for at in range(place, len(side.folded)) if side.folded[at] in _CLAUSE_ENDS), len(side.folded))
        found.append([one.word for one in said if place < one.place < end][:_REACH])
    return found


def _any_met(words: Iterable[str], others: Sequence[str], same: bool) -> bool:
    return any(meets(word, other, same) for word in words for other in others)


def _crossing_fault(written: Side, quoted: Side, same: bool) -> RewritingFault | None:
    """A word that has gone to another clause in exchange: two clauses that each have words of the same two clauses."""
    known = words_said(quoted)
    taken: dict[int, dict[int, str]] = {}
    for one in words_said(written):
        at = _only_place(one, known, same)
        if at is not None:
            taken.setdefault(one.clause, {}).setdefault(known[at].clause, one.word)
    for one_clause, other_clause in combinations(taken.values(), 2):
        shared = sorted(one_clause.keys() & other_clause.keys())
        if len(shared) > 1:
            return RewritingFault(FaultKind.MOVED, other_clause[shared[-1]])
    return None


def _order_fault(written: Side, quoted: Side) -> RewritingFault | None:
    """Words of one clause that mix clauses of the quote, or go back in it further than a neighbour's place."""
    known = words_said(quoted)
    followed = [(one, at) for one in words_said(written) if (at := _only_place(one, known, False)) is not None]
    for (one, at), (other, then) in pairwise(followed):
        if one.clause == other.clause and known[then].clause < known[at].clause:
            return RewritingFault(FaultKind.MOVED, other.word)
    words = [(one, at) for one, at in followed if not one.is_figure]
    for (one, at), (other, then) in pairwise(words):
        # A compound is turned as a whole: "average response time", "tiempo medio de respuesta".
        reach = 2 if other.place == one.place + 1 else 1
        if one.clause == other.clause and then < at - reach:
            return RewritingFault(FaultKind.MOVED, other.word)
    figures = [(one, at) for one, at in followed if one.is_figure]
    for (one, at), (other, then) in pairwise(figures):
        alike = _is_share(written, one) == _is_share(written, other)
        if one.clause == other.clause and then < at and alike:
            return RewritingFault(FaultKind.MOVED, other.word)
    return None


def _is_share(side: Side, one: Said) -> bool:
    return side.folded[one.place + 1 : one.place + 2] in (("%",), ("percent",), ("por",), ("per",))


def _digits(one: Said) -> str:
    """A figure without its marks, which are a point in one language and a comma in the other."""
    return one.word.replace(",", "").replace(".", "") if one.is_figure else ""


def _only_place(one: Said, known: Sequence[Said], same: bool) -> int | None:
    """The position of the only word of the quote that it says, or null."""
    places = [
        position
        for position, other in enumerate(known)
        if (_digits(one) == _digits(other) if one.is_figure or other.is_figure else meets(one.word, other.word, same))
    ]
    return places[0] if len(places) == 1 else None
