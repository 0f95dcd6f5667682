"""Whether a rewritten sentence claims what its quotes claim: names, denials, certainty, direction, attribution.

Owns these rules. It can tell that a sentence is not carried by its quotes, not that it is.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from kb.verification import binding, claims, wording
from kb.verification.carrying import Pair, Side, is_content, root_of, roots_of
from kb.verification.concepts import concepts_of, same_meaning
from kb.verification.exchanged import exchanged_word
from kb.verification.rewriting_fault import FaultKind, RewritingFault

# The content words after a denial that say what is denied.
_DENIED_REACH = 5
_NO_NAMES = claims.FUNCTION_WORDS | claims.COMMON_NOUNS


def claim_fault(pair: Pair) -> RewritingFault | None:
    """The first thing that the sentence claims beyond its quotes, figures apart, or null."""
    for rule in _RULES:
        fault = rule(pair)
        if fault:
            return fault
    return None


def _name_fault(pair: Pair) -> RewritingFault | None:
    for index, form in enumerate(pair.written.tokens.forms):
        word = pair.written.folded[index]
        if not form[:1].isupper() or word in pair.words:
            continue
        opens = pair.written.tokens.starts_sentence(index) and not form[1:2].isupper()
        if opens and (_is_plain(word) or root_of(word) in pair.roots or _is_met(word, pair)):
            continue
        if concepts_of(word) and _is_met(word, pair):
            continue  # "March", "marzo"
        return RewritingFault(FaultKind.NAME, form)
    return None


def _is_plain(word: str) -> bool:
    """Whether a word may open a sentence without being a name."""
    known = word in _NO_NAMES or word in binding.GRAMMAR or word in claims.NUMBER_VALUES or wording.is_negation(word)
    return known or bool(concepts_of(word))


def _is_met(word: str, pair: Pair) -> bool:
    return any(same_meaning(word, other) for other in pair.words)


def _order_fault(pair: Pair) -> RewritingFault | None:
    """Two names that stand the other way round than in the sentence of the quotes that is rewritten."""
    if pair.nearest is None:
        return None
    quoted = _names(pair.nearest)
    order = [quoted.index(name) for name in _names(pair.written) if name in quoted]
    for earlier, later in pairwise(order):
        if earlier > later:
            return RewritingFault(FaultKind.MOVED, quoted[later])
    return None


def _exchange_fault(pair: Pair) -> RewritingFault | None:
    """Words of the sentence that is rewritten in each other's places."""
    word = exchanged_word(pair.written, pair.nearest) if pair.nearest and pair.same_language else None
    return RewritingFault(FaultKind.MOVED, word) if word else None


def _names(side: Side) -> list[str]:
    found = [
        side.folded[index]
        for index, form in enumerate(side.tokens.forms)
        if form[:1].isupper() and len(form) > 1 and side.folded[index] not in _NO_NAMES
        and (not side.tokens.starts_sentence(index) or form[1:2].isupper() or index + 1 < len(side.folded))
    ]  # fmt: skip
    return list(dict.fromkeys(found))


def _negation_fault(pair: Pair) -> RewritingFault | None:
    denying = wording.denials(pair.written.tokens.keys)
    by_quote = [wording.denials(quote.tokens.keys) for quote in pair.quotes]
    denied = [denial for found in by_quote for denial in found]
    if denying and not denied:
        return RewritingFault(FaultKind.DENIED, denying[0])
    nearest = wording.denials(pair.nearest.tokens.keys) if pair.nearest else []
    if not denying and (nearest or (denied and all(by_quote) and pair.nearest is None)):
        return RewritingFault(FaultKind.AFFIRMED, (nearest or denied)[0])
    if denying and pair.same_language and not _denied_alike(pair):
        return RewritingFault(FaultKind.DENIED, denying[0])
    return None


def _denied_alike(pair: Pair) -> bool:
    """Whether each denial of the sentence stands near a word that a denial of the quotes stands near."""
    known = frozenset(root for quote in pair.quotes for near in _denied_words(quote) for root in near)
    return all(not near or near & known for near in _denied_words(pair.written))


def _denied_words(side: Side) -> list[frozenset[str]]:
    found = []
    for index, key in enumerate(side.tokens.keys):
        if wording.is_negation(key) and side.tokens.keys[index : index + 2] not in wording.IDIOMS:
            after = [word for word in side.folded[index + 1 : index + 1 + _DENIED_REACH] if is_content(word)][:2]
            found.append(roots_of(after))
    return found


def _contrary_fault(pair: Pair) -> RewritingFault | None:
    written = {word for word in pair.written.content if word not in pair.words}
    for word in sorted(written):
        if any(wording.are_contraries(word, other) for other in pair.words if is_content(other)):
            return RewritingFault(FaultKind.TURNED, word)
    said = frozenset(pair.written.folded)
    for one, other in claims.DIRECTIONS:
        for mine, contrary in ((one, other), (other, one)):
            if said & mine and not pair.words & mine and pair.words & contrary and not said & contrary:
                return RewritingFault(FaultKind.TURNED, min(said & mine))
    return None


def _certainty_fault(pair: Pair) -> RewritingFault | None:
    said = frozenset(pair.written.folded)
    base = pair.nearest or (pair.quotes[0] if len(pair.quotes) == 1 else None)
    quoted = _claimed(base) if base else frozenset()
    if quoted & claims.MODALS and not said & claims.MODALS:
        return RewritingFault(FaultKind.CERTAINTY, min(quoted & claims.MODALS))
    reported = _reports(base) if base else frozenset()
    if reported and not said & (claims.ATTRIBUTIONS | claims.REPORTS | claims.MODALS):
        return RewritingFault(FaultKind.CERTAINTY, min(reported))
    hedged = quoted & binding.APPROXIMATORS
    if hedged and not said & binding.APPROXIMATORS:
        return RewritingFault(FaultKind.CERTAINTY, min(hedged))
    # "si" and "sí" differ by their accent only.
    conditions = frozenset(base.tokens.keys) & claims.CONDITIONS if base else frozenset()
    if conditions and not frozenset(pair.written.tokens.keys) & claims.CONDITIONS:
        return RewritingFault(FaultKind.CERTAINTY, min(conditions))
    for strong, mine in ((claims.DUTIES, said), (claims.ABSOLUTES, said - _turns(pair.written))):
        if mine & strong and not pair.words & strong:
            return RewritingFault(FaultKind.STRONGER, min(mine & strong))
    return _quantity_fault(said, quoted, pair)


def _claimed(side: Side) -> frozenset[str]:
    """The words of a sentence, without the "many" of "twice as many" and the "veces" of "cinco veces"."""
    before = ("", *side.folded)
    return frozenset(
        word
        for index, word in enumerate(side.folded)
        if before[index] not in ("as", "how") and (word != "veces" or before[index] == "a")
    )


def _turns(side: Side) -> frozenset[str]:
    """The words that claim nothing of all: the "cada" of "6 de cada 10" and of "cada trimestre"."""
    found = {
        word
        for word, after in pairwise(side.folded)
        if after[:1].isdigit() or after in claims.NUMBER_VALUES or after in binding.TURNS
    }
    return frozenset(found & {"cada", "every", "each"})


def _reports(side: Side) -> frozenset[str]:
    """The words by which somebody only says it; "the claims form" says nothing of the kind."""
    return frozenset(
        word
        for index, word in enumerate(side.folded)
        if word in claims.REPORTS and (index == 0 or side.folded[index - 1] not in wording.DETERMINERS)
    )


def _restriction_fault(pair: Pair) -> RewritingFault | None:
    """A restriction of the quotes that is gone from the words it stands before ("only | managers")."""
    if not pair.same_language or pair.nearest is None:
        return None
    restricted = _restricted(pair.written)
    for word, root in _restricted(pair.nearest).items():
        if word and word not in restricted and word in _told_roots(pair.written):
            return RewritingFault(FaultKind.CERTAINTY, root)
    return None


def _restricted(side: Side) -> dict[str, str]:
    """The root of the content word after each restriction, with the restriction; a figure's is its own hedge."""
    found = {}
    for index, key in enumerate(side.folded):
        after = next((word for word in side.folded[index + 1 :] if word[:1].isdigit() or is_content(word)), "")
        if key in claims.RESTRICTIONS and after and not after[0].isdigit():
            found[root_of(after)] = key
    return found


def _told_roots(side: Side) -> frozenset[str]:
    return frozenset(root_of(word) for word in side.content)


def _quantity_fault(said: frozenset[str], quoted: frozenset[str], pair: Pair) -> RewritingFault | None:
    known = {claims.QUANTITIES[word] for word in pair.words if word in claims.QUANTITIES}
    for word in sorted(said & claims.QUANTITIES.keys()):
        if claims.QUANTITIES[word] not in known:
            return RewritingFault(FaultKind.STRONGER, word)
    dropped = quoted & claims.QUANTITIES.keys()
    if dropped and not said & claims.QUANTITIES.keys() and not any(key[:1].isdigit() for key in said):
        return RewritingFault(FaultKind.CERTAINTY, min(dropped))
    return None


def _attribution_fault(pair: Pair) -> RewritingFault | None:
    said = frozenset(pair.written.folded) & claims.ATTRIBUTIONS
    if said and not pair.words & (claims.ATTRIBUTIONS | claims.REPORTS):
        return RewritingFault(FaultKind.ATTRIBUTION, min(said))
    return None


def _support_fault(pair: Pair) -> RewritingFault | None:
    """A sentence without a word that says something tells nothing of its quotes."""
    content = [word for word in pair.written.content if word not in claims.ATTRIBUTIONS]
    if not content and any(quote.content for quote in pair.quotes):
        return RewritingFault(FaultKind.UNSUPPORTED)
    return None


_RULES: tuple[Callable[[Pair], RewritingFault | None], ...] = (
    _name_fault,
    _negation_fault,
    _contrary_fault,
    _order_fault,
    _exchange_fault,
    _attribution_fault,
    _certainty_fault,
    _restriction_fault,
    _support_fault,
)
