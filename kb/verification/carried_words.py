"""Whether the words of a rewritten sentence are its quotes' words, none brought and none left out that tells.

In its quotes' language every telling word must be theirs, or a known synonym; across the languages every word whose
meaning is known must be met. A clause of the quotes is taken over whole or not at all. Where in doubt the quote
stands.
"""

from __future__ import annotations

from kb.verification import binding, claims
from kb.verification.carrying import Pair, Side, read_sentences, root_of
from kb.verification.clauses import Said, clauses_of, words_said
from kb.verification.concepts import concepts_of, same_meaning
from kb.verification.rewriting_fault import FaultKind, RewritingFault

# Of the words of a translation that the list of meanings does not know, this share may be met by none.
_UNKNOWN = 0.34
# A clause is taken over when this share of its words is in the sentence.
_TAKEN, _TAKEN_ACROSS = 0.5, 0.3
_AMOUNT_REACH = 4
_REPORTING = claims.REPORTS | claims.ATTRIBUTIONS | {"believes", "according", "segun"}


def word_fault(pair: Pair) -> RewritingFault | None:
    """The first word that the sentence brings, or leaves out of what it takes over; or null."""
    if not pair.quotes:
        return None
    brought = _brought(pair)
    return brought if isinstance(brought, RewritingFault) else _left_out_fault(pair, brought)


def meets(one: str, other: str, same_language: bool) -> bool:
    """Whether two folded words say the same: by their root in one language, else by a known meaning."""
    if same_language and root_of(one) == root_of(other) and min(len(one), len(other)) >= 3:
        return True
    return same_meaning(one, other)


def closest_sentence(pair: Pair) -> Side | None:
    """The sentence of the quotes that is most likely rewritten, in whatever language it is."""
    if pair.nearest is not None:
        return pair.nearest
    written = words_said(pair.written)
    sentences = [one for quote in pair.quotes for one in read_sentences(quote)]
    met = [sum(_is_met(one, frozenset(sentence.folded), False) for one in written) for sentence in sentences]
    return sentences[met.index(max(met))] if met and max(met) > 0 else None


def _brought(pair: Pair) -> RewritingFault | int:
    """The fault of a word that no quote has, else how many words there are whose meaning is not known."""
    quoted = pair.words
    reported = bool(pair.words & _REPORTING)
    unknown = 0
    written = [one for one in words_said(pair.written) if not one.is_figure and not _has_value(one.word)]
    for one in written:
        if _is_met(one, quoted, pair.same_language) or (one.word in binding.LIGHT and not pair.same_language):
            continue
        if one.word in _REPORTING and reported and not (one.word in binding.FOUND and pair.words & claims.REPORTS):
            continue
        if pair.same_language or concepts_of(one.word):
            return RewritingFault(FaultKind.ADDED, one.word)
        unknown += 1
    return unknown if unknown <= _UNKNOWN * len(written) else RewritingFault(FaultKind.UNSUPPORTED)


def _left_out_fault(pair: Pair, unknown: int) -> RewritingFault | None:
    """A word that was left out of a clause that is taken over; ``unknown`` words of the sentence may each stand for
    one whose meaning is not known either."""
    closest = closest_sentence(pair)
    if closest is None:
        return None
    same = pair.nearest is not None and pair.same_language
    written = frozenset(pair.written.folded)
    reporting = bool(written & _REPORTING)
    for clause in clauses_of(words_said(closest)):
        missing = [one for one in clause if not _is_met(one, written, same)]
        if not _is_taken(clause, missing, closest, written, same):
            continue
        for one in missing:
            if (one.word in _REPORTING and reporting) or (one.word in binding.LIGHT and not same):
                continue
            unknown -= 1
            if one.is_figure or same or concepts_of(one.word) or unknown < 0:
                return RewritingFault(FaultKind.LEFT_OUT, one.word)
    return None


def _is_taken(clause: tuple[Said, ...], missing: list[Said], quoted: Side, written: frozenset[str], same: bool) -> bool:
    """Whether a clause of the quote is in the sentence: most of its words, or any with what it says of how many."""
    met = len(clause) - len(missing)
    if met == 0 or met >= (_TAKEN if same else _TAKEN_ACROSS) * len(clause):
        return met > 0
    start = max(0, clause[0].place - _AMOUNT_REACH)
    return bool(frozenset(quoted.folded[start : clause[-1].place]) & claims.QUANTITIES.keys() & written)


def _is_met(one: Said, others: frozenset[str], same_language: bool) -> bool:
    if one.is_figure or _has_value(one.word) or one.word in others:
        return True  # figures are held against figures elsewhere
    return any(meets(one.word, other, same_language) for other in others if len(other) >= 3)


def _has_value(word: str) -> bool:
    return word in claims.NUMBER_VALUES
