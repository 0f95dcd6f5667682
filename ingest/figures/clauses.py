"""What a figure is of: the clause that says what the people of a share do, or what was measured.

Verbatim pieces of the sentence, bounded by its signs, its function words and the next number. A wrong piece is worse
than none: what does not look like one noun phrase, or one clause, is null.
"""

from __future__ import annotations

from ingest.studies.populations import LINKS, SHARES, has_content, population_of, trimmed
from kb.numbers.records import Line, Quantity
from kb.words.lexicon import words_of
from kb.words.tokens import is_inside_word, is_yearlike, lower_at

_MAX_SUBJECT_CHARS = 160
# What a clause cannot begin with: then it goes on from something else.
_GOES_ON = words_of("clause_goes_on")
_OPENERS = words_of("clause_openers")
_MEASURES = words_of("clause_measures")
_BRIDGES = words_of("clause_bridges")
_STOPS = frozenset(",;:.!?()[]")
_QUOTES = "\"“”«»‘’'"


def subject_of(line: Line, found: Quantity) -> str | None:
    """What the figure is of: the clause after it, or what a verb before it measures (bounded in length); or null.

    A clause that another number breaks off, or that is too long, is not read: "82 of every 100 customers rate their
    visit 4 or 5" is of customers.
    """
    return _after(line, found) or _measured_before(line, found)


def _after(line: Line, found: Quantity) -> str | None:
    tokens, start = line.tokens, found.stop
    if found.kind in SHARES and lower_at(tokens, start) in LINKS[line.language]:
        start += 1
    elif lower_at(tokens, start) in _GOES_ON:
        return None
    stop = start
    while (
        stop < len(tokens)
        and tokens[stop].text not in _STOPS
        and (tokens[stop].kind != "n" or (stop > start and is_inside_word(tokens, stop)))
        and tokens[stop].end - tokens[start].start <= _MAX_SUBJECT_CHARS
    ):
        stop += 1
    if stop == len(tokens) or tokens[stop].text in _STOPS:
        return _clause(line, start, stop)
    if is_yearlike(tokens[stop].text):
        return _clause(line, start, trimmed(tokens, start, stop))
    return population_of(line, found)


def _measured_before(line: Line, found: Quantity) -> str | None:
    """ "The waiting time | fell to" 6 minutes: the words before a verb of measure, from the start of their clause."""
    tokens, verb = line.tokens, found.first - 1
    while verb >= 0 and tokens[verb].lower in _BRIDGES:
        verb -= 1
    if lower_at(tokens, verb) not in _MEASURES:
        return None
    start = verb
    while start and tokens[start - 1].text not in _STOPS and tokens[start - 1].kind != "n":
        start -= 1
    if start and tokens[start - 1].kind == "n":
        return None
    if tokens[start].lower in _OPENERS or tokens[verb].start - tokens[start].start > _MAX_SUBJECT_CHARS:
        return None
    return _clause(line, start, verb)


def _clause(line: Line, start: int, stop: int) -> str | None:
    """The words in one line, without quotation marks at their ends; null unless they say something."""
    if not has_content(line.tokens[start:stop]):
        return None
    words = line.text[line.tokens[start].start : line.tokens[stop - 1].end].strip(_QUOTES + " -–—*")
    return words or None
