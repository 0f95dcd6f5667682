"""Where quoted words begin and end in their sentence: at the edge of a clause, behind who says them, or inside one.

Owns what may be cut away from a clause without changing it: who says it plainly ("Según la dirección, |", "dice que
|"), what only links it to the text before ("Sin embargo, |"), and the clauses beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from kb.quotes.walking import TokenText
from kb.records.language import Language
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, tokenize

LEFT_OPEN = "open"
RIGHT_OPEN = "open"
_CLOSED = "closed"
_BOTH = (Language.ES, Language.EN)
_SPEECH = {one: lexicon().phrases("attribution_verb", language=one) for one in _BOTH}
_HARMLESS = {one: lexicon().phrases("harmless_opener", "study_lead", language=one) for one in _BOTH}
_STUDIES = {one: lexicon().phrases("study_lead", language=one) for one in _BOTH}
_COORDINATORS = {one: words_of("coordinator", one) for one in _BOTH}
_THAT = frozenset({"que", "that"})
_STRONG = frozenset(";:.!?…—–([-•*)]")
_RIGHT_MARKS = _STRONG | {","}
_SHOWN = 60
# "dijo ayer a la prensa que": how many words may stand between the verb of saying and "that".
_SAID_REACH = 8


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge of quoted words: "closed" or "open"; the words beside it, and who says it where they say so.

    ``introduced`` when "that" leads into the quoted words.
    """

    kind: str
    frame: str = ""
    said_by: str | None = None
    introduced: bool = False


def left_edge(text: TokenText, first: int, place: int, language: Language) -> Edge:
    """What stands before token ``place`` of a sentence that begins at token ``first``."""
    begin = place
    while begin > first and text.keys[begin - 1] not in _STRONG and not _line_starts(text, begin):
        begin -= 1
    if begin == place:
        return Edge(_CLOSED)
    raw = text.text[text.starts[begin] : text.ends[place - 1]]
    words = tokenize(raw)
    frame = raw if len(raw) <= _SHOWN else "…" + raw[-_SHOWN:]
    if not words:
        return Edge(_CLOSED)
    last = words[-1].lower
    if last in _THAT:
        said = _speaks(words[:-1], language)
        return Edge(_CLOSED, frame, raw) if said else Edge(LEFT_OPEN, frame, introduced=True)
    if last == ",":
        return _fronted(raw, words, frame, language)
    if last in _COORDINATORS[language] or (last == "que" and language is Language.ES):
        return Edge(_CLOSED, frame)
    if _ends_with_speech(words, language):
        return Edge(_CLOSED, frame, raw)
    if _harmless(words, language):
        return Edge(_CLOSED, frame)  # "Y | casi la mitad": nothing but a link
    return Edge(LEFT_OPEN, frame)


def _fronted(raw: str, words: list[Token], frame: str, language: Language) -> Edge:
    """What a phrase between commas before the quoted words does to them."""
    chunks: list[list[Token]] = [[]]
    for token in words[:-1]:
        if token.text == ",":
            chunks.append([])
        else:
            chunks[-1].append(token)
    told = next((raw for chunk in chunks if chunk and _STUDIES[language].at(chunk, 0) is not None), None)
    if all(not chunk or _harmless(chunk, language) for chunk in chunks):
        return Edge(_CLOSED, frame, told)
    if told is not None and all(_harmless(chunk, language) for chunk in chunks[:1]):
        return Edge(LEFT_OPEN, frame)
    return Edge(LEFT_OPEN, frame)


def _harmless(words: list[Token], language: Language) -> bool:
    place = 1 if words and words[0].lower in _COORDINATORS[language] and len(words) > 1 else 0
    if len(words) == 1 and words[0].lower in _COORDINATORS[language]:
        return True
    return _HARMLESS[language].at(words, place) is not None


def _speaks(words: list[Token], language: Language) -> bool:
    """Whether a plain verb of saying or finding leads to "that"."""
    low = max(0, len(words) - _SAID_REACH)
    return any(first >= low for first, _, _ in _SPEECH[language].found(words))


def _ends_with_speech(words: list[Token], language: Language) -> bool:
    """ "Counsel said | the lender …": English leaves out "that"."""
    return language is Language.EN and _SPEECH[language].before(words, len(words)) is not None


def right_edge(text: TokenText, place: int, end: int, language: Language) -> Edge:
    """What stands at token ``place``, right after the quoted words, in a sentence that ends before token ``end``."""
    if place >= end or text.keys[place] in _RIGHT_MARKS or _line_starts(text, place):
        return Edge(_CLOSED)
    if text.keys[place - 1] in _RIGHT_MARKS:
        return Edge(_CLOSED)
    raw = text.text[text.starts[place] : text.ends[min(end, place + 6) - 1]]
    if text.keys[place] in _COORDINATORS[language]:
        return Edge(_CLOSED, raw)
    return Edge(RIGHT_OPEN, raw)


def _line_starts(text: TokenText, place: int) -> bool:
    """Whether a line begins with a capital or a digit at this token: a row of a list or under a heading."""
    if place <= 0 or place >= len(text):
        return False
    between = text.text[text.ends[place - 1] : text.starts[place]]
    return "\n" in between and not text.forms[place][:1].islower()
