"""Whether quoted words say alone what they say in their sentence: the very figures, and all that governs them.

The kept words are read twice by the grammar of numbers, in their sentence and alone; every word that governs them
(``kb.quotes.edges``) must be kept too, and a clause with a figure may be cut at its edges only. What is cut
is named. Knows nothing of how the words were found.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.numbers.marks import MarkEvidence
from kb.numbers.quantities import may_hold_numbers, read_quantities
from kb.numbers.records import Line, Quantity
from kb.quotes.edges import OPEN, Governor, governors, left_edge, right_edge, sentence_language
from kb.quotes.verdict import Fault, Verdict
from kb.quotes.vocabulary import figure_word_at_edge, is_figure
from kb.quotes.walking import TokenText
from kb.records.document import Span
from kb.records.language import Language
from kb.words.lexicon import words_of
from kb.words.tokens import tokenize

_VERDICTS = {
    "denial": Verdict.NEGATION_CHANGED,
    "share": Verdict.NUMBER_CHANGED,
    "direction": Verdict.NUMBER_CHANGED,
}
_NAMES = {
    "denial": "the denial",
    "supposition": "the condition or supposition",
    "target": "the target or duty",
    "doubt": "the doubt",
    "some": "who alone it is said of or by",
    "hedge": "the hedge",
    "share": "of how many it is said,",
    "direction": "the direction",
}
_SHORTENED = words_of("abbreviation")
_PASSED = words_of("passed_over") | words_of("article")
_POINTERS = {one: words_of("backward_pointer", one) for one in (Language.ES, Language.EN)}
_THAT = frozenset({"que", "that"})
_LONGEST_SENTENCE = 500
_LAST_WORD = 40
_TEXT_EVIDENCE = 200_000


@dataclass(frozen=True, slots=True)
class Kept:
    """Tokens ``first`` to ``end`` of a text that a quote keeps; ``marked`` when an ellipsis says that more follows."""

    first: int
    end: int
    marked: bool = False


@dataclass(frozen=True, slots=True)
class _Figure:
    """A quantity as read, at characters of its line."""

    start: int
    end: int
    says: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Faithful:
    """The fault of kept words, or null; and who says them where that was cut ("Según la dirección")."""

    fault: Fault | None
    said_by: str | None = None


def faithful(text: TokenText, kept: Sequence[Kept]) -> Faithful:
    """Whether these pieces of a text say alone what they say in place."""
    said_by = None
    for first, end in _sentences(text, kept):
        inside = [_clipped(one, first, end) for one in kept if one.first < end and one.end > first]
        found = _in_sentence(text, first, end, inside)
        if found.fault is not None:
            return found
        said_by = said_by or found.said_by
    return Faithful(None, said_by)


def _sentences(text: TokenText, kept: Sequence[Kept]) -> Iterator[tuple[int, int]]:
    """The sentences that the kept pieces touch, as token ranges."""
    reached = -1
    for one in kept:
        place = one.first
        while place < one.end:
            first, end = _sentence_at(text, place)
            if first > reached or reached < 0:
                yield first, end
                reached = first
            place = end


def _sentence_at(text: TokenText, place: int) -> tuple[int, int]:
    first, end = place, place
    while first > 0 and place - first < _LONGEST_SENTENCE and not _starts(text, first):
        first -= 1
    if first > 0 and text.keys[first - 1] in ("¿", "¡"):
        first -= 1
    while end < len(text) - 1 and end - place < _LONGEST_SENTENCE and not _starts(text, end + 1):
        end += 1
    return first, end + 1


def _starts(text: TokenText, place: int) -> bool:
    """Whether a sentence begins at a token: not behind the stop of an abbreviation ("aprox. 47 tiendas")."""
    shortened = place > 1 and text.keys[place - 1] == "." and text.keys[place - 2] in _SHORTENED
    return text.starts_sentence(place) and not shortened


def _clipped(one: Kept, first: int, end: int) -> Kept:
    return Kept(max(one.first, first), min(one.end, end), one.marked)


def _in_sentence(text: TokenText, first: int, end: int, kept: Sequence[Kept]) -> Faithful:
    start = text.starts[first]
    sentence = text.text[start : text.ends[end - 1]]
    language = sentence_language(sentence, text.text)
    pieces = [Span(text.starts[one.first] - start, text.ends[one.end - 1] - start) for one in kept]
    figures = _figures(sentence, language, evidence_of(text.text))
    fault = _figure_fault(sentence, figures, pieces, language, text.text)
    if fault is None:
        fault = _question_fault(text, first, end, kept) or _governor_fault(
            sentence, governors(sentence, language), pieces, figures
        )
    if fault is None:
        fault = _taken_back(text, end, kept, language)
    if fault is not None:
        return Faithful(fault)
    return _edges(text, first, end, kept, pieces, figures, language)


def _edges(
    text: TokenText,
    first: int,
    end: int,
    kept: Sequence[Kept],
    pieces: Sequence[Span],
    figures: Sequence[_Figure],
    language: Language,
) -> Faithful:
    """What the words at the edges of the pieces say: who speaks; or that a clause was cut through."""
    told = None
    for number, (one, piece) in enumerate(zip(kept, pieces, strict=True)):
        holds = any(piece.start <= each.start < piece.end for each in figures)
        left = left_edge(text, first, one.first, language)
        if number == 0 and left.frame and left.kind == OPEN and (holds or left.introduced):
            return Faithful(Fault(Verdict.UNCLEAR, f"what “{left.frame}” before it says of it was left out"))
        told = told or left.said_by
        right = right_edge(text, one.end, end, language)
        if holds and right.kind == OPEN and not one.marked:
            return Faithful(Fault(Verdict.UNCLEAR, f"its clause goes on after it: “{right.frame}”"))
    return Faithful(None, told)


def _figure_fault(
    sentence: str, figures: Sequence[_Figure], pieces: Sequence[Span], language: Language, whole: str
) -> Fault | None:
    for one in figures:
        touched = [piece for piece in pieces if piece.start < one.end and piece.end > one.start]
        whole_inside = any(piece.start <= one.start and one.end <= piece.end for piece in touched)
        said = sentence[one.start : one.end]
        if touched and not whole_inside:
            return Fault(Verdict.NUMBER_CHANGED, f"the figure “{said}” was cut through")
        if not touched and any(_follows(sentence, one, piece, language) for piece in pieces):
            return Fault(Verdict.NUMBER_CHANGED, f"“{said}” before it says of how many and was left out")
    for piece in pieces:
        before = tokenize(sentence[: piece.start][-_LAST_WORD:])
        if before and is_figure(before[-1].lower):
            reason = f"“{before[-1].text}” before it says of how many and was left out"
            return Fault(Verdict.NUMBER_CHANGED, reason)
    for left, right in itertools.pairwise(pieces):
        word = figure_word_at_edge(sentence[left.end : right.start])
        if word is not None:
            return Fault(Verdict.NUMBER_CHANGED, f"the ellipsis leaves out “{word}”")
        lost = [one for one in figures if left.end <= one.start and one.end <= right.start]
        near = any(left.start <= one.start < left.end for one in figures)
        if lost and near and sentence[lost[-1].end : right.start].strip()[-1:] not in tuple(",;)—–"):
            return Fault(Verdict.NUMBER_CHANGED, "the ellipsis leaves out another figure and joins its words to this")
    for piece in pieces:
        place = tuple(one for one in figures if piece.start <= one.start and one.end <= piece.end)
        alone = _figures(piece.cut(sentence), language, evidence_of(whole))
        if [one.says for one in place] != [one.says for one in alone]:
            return _unlike(sentence, piece, place, alone)
    return None


def _unlike(sentence: str, piece: Span, place: Sequence[_Figure], alone: Sequence[_Figure]) -> Fault:
    cut = piece.cut(sentence)
    for one, other in zip(place, alone, strict=False):
        if one.says != other.says:
            said, read = sentence[one.start : one.end], cut[other.start : other.end]
            reason = f"alone “{read}” does not say what “{said}” says in its sentence"
            return Fault(Verdict.NUMBER_CHANGED, reason)
    return Fault(Verdict.NUMBER_CHANGED, "alone it says other figures than in its sentence")


def _follows(sentence: str, figure: _Figure, piece: Span, language: Language) -> bool:
    """Whether a piece begins with what a figure before it is of ("80 % | de los clientes")."""
    between = sentence[figure.end : piece.start] if figure.end <= piece.start else "."
    words = [token.lower for token in tokenize(between)]
    opening = [token.lower for token in tokenize(piece.cut(sentence)[:40])][:1]
    linked = bool({"of", "de", "del"} & {*words, *opening})
    return all(word in _PASSED for word in words) and (linked or not between.strip())


def _governor_fault(
    sentence: str, found: Sequence[Governor], pieces: Sequence[Span], figures: Sequence[_Figure]
) -> Fault | None:
    """The fault of the nearest governing word that was cut."""
    for one in reversed(found):
        if any(piece.start <= one.start < piece.end for piece in pieces):
            continue  # kept; of a phrase cut through, its first word tells of it
        if one.kind == "nothing":
            if any(one.start < piece.start < one.end for piece in pieces):
                return Fault(Verdict.NEGATION_CHANGED, f"“{one.said}” was cut through")
            continue
        if any(figure.start <= one.start and one.end <= figure.end for figure in figures):
            continue  # a hedge or a sign of a figure is judged with it
        if any(_governs(sentence, one, piece) for piece in pieces):
            side = "before" if one.before else "after"
            verdict = _VERDICTS.get(one.kind, Verdict.NOT_FOUND)
            if one.kind in ("hedge", "some") and _touches_figure(sentence, one, figures):
                verdict = Verdict.NUMBER_CHANGED
            return Fault(verdict, f"{_NAMES[one.kind]} “{one.said}” stands {side} it and was left out")
    return None


def _governs(sentence: str, one: Governor, piece: Span) -> bool:
    if not one.touching:
        return piece.start < one.reach[1] and piece.end > one.reach[0]
    apart = piece.start < one.end if one.before else piece.end > one.start
    if apart:
        return False
    between = [token.lower for token in tokenize(sentence[one.end : piece.start])] if one.before else []
    if not one.before:
        return sentence[piece.end : one.start].strip() in ("", ",", "(")
    return all(word in _PASSED and (one.kind != "share" or word not in _THAT) for word in between)


def _touches_figure(sentence: str, one: Governor, figures: Sequence[_Figure]) -> bool:
    return any(
        each.start - one.end >= 0 and all(t.lower in _PASSED for t in tokenize(sentence[one.end : each.start]))
        for each in figures
    )


def _question_fault(text: TokenText, first: int, end: int, kept: Sequence[Kept]) -> Fault | None:
    asked = next((at for at in range(first, min(end + 1, len(text))) if text.keys[at] == "?"), None)
    if asked is None or any(one.first <= asked < one.end for one in kept):
        return None
    opened = next((at for at in range(asked, first - 1, -1) if text.keys[at] == "¿"), first)
    if any(one.end > opened and one.first < asked for one in kept):
        return Fault(Verdict.NOT_FOUND, "the source asks it as a question")
    return None


def _taken_back(text: TokenText, end: int, kept: Sequence[Kept], language: Language) -> Fault | None:
    """The fault of leaving out that the next sentence takes it back ("That claim … was wrong and is withdrawn.")."""
    if end >= len(text) or kept[-1].end < end - 1 or end in text.blank:
        return None
    first, stop = _sentence_at(text, end)
    following = text.text[text.starts[first] : text.ends[stop - 1]]
    opening = " ".join(token.lower for token in tokenize(following)[:3])
    if not any(f"{opening} ".startswith(f"{word} ") for word in _POINTERS[language]):
        return None
    denial = next((one for one in governors(following, language) if one.kind == "denial" and not one.before), None)
    if denial is None or denial.touching:
        return None
    return Fault(Verdict.NEGATION_CHANGED, f"the next sentence takes it back: “{denial.said}”")


@lru_cache(maxsize=64)
def evidence_of(text: str) -> MarkEvidence:
    """Which marks a text certainly uses, told from its first 200,000 characters."""
    return MarkEvidence.gather([text[:_TEXT_EVIDENCE]])


@lru_cache(maxsize=8192)
def _figures(text: str, language: Language, evidence: MarkEvidence) -> tuple[_Figure, ...]:
    """What the grammar of numbers reads in a line, ordinals apart."""
    if not may_hold_numbers(text):
        return ()
    tokens = tokenize(text)
    line = Line(text, tokens, language, evidence)
    found = []
    for one in read_quantities(line):
        if one.form == "ordinal":
            continue
        first, stop = one.whole
        stop -= stop - first > 1 and tokens[stop - 1].text == "."
        found.append(_Figure(tokens[first].start, tokens[stop - 1].end, _says(one)))
    return tuple(found)


def _says(one: Quantity) -> tuple[object, ...]:
    return one.value, one.high, one.unit, one.bounds


def figures_in(text: str, language: Language) -> tuple[tuple[object, ...], ...]:
    """Value, upper end, unit and hedge of every figure of a text."""
    return tuple(one.says for one in _figures(text, language, MarkEvidence()))
