"""Where quoted words begin and end in their sentence: at the edge of a clause, behind who says them, or inside one;
and which words of the sentence govern others.

Owns what may be cut away from a clause without changing it: who says it plainly ("Según la dirección, |", "dice que
|"), what only links it to the text before ("Sin embargo, |"), and the clauses beside it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.quotes.walking import TokenText
from kb.records.language import Language
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, tokenize

OPEN = "open"
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
        return Edge(_CLOSED, frame, raw) if said else Edge(OPEN, frame, introduced=True)
    if last == ",":
        return _fronted(raw, words, frame, language)
    if last in _COORDINATORS[language] or (last == "que" and language is Language.ES):
        return Edge(_CLOSED, frame)
    if _ends_with_speech(words, language):
        return Edge(_CLOSED, frame, raw)
    if _harmless(words, language):
        return Edge(_CLOSED, frame)  # "Y | casi la mitad": nothing but a link
    return Edge(OPEN, frame)


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
    return Edge(OPEN, frame)


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
    if place >= end or _line_starts(text, place) or not _RIGHT_MARKS.isdisjoint(text.keys[place - 1 : place + 1]):
        return Edge(_CLOSED)
    raw = text.text[text.starts[place] : text.ends[min(end, place + 6) - 1]]
    if text.keys[place] in _COORDINATORS[language]:
        return Edge(_CLOSED, raw)
    return Edge(OPEN, raw)


def _line_starts(text: TokenText, place: int) -> bool:
    """Whether a line begins with a capital or a digit at this token: a row of a list or under a heading."""
    if place <= 0 or place >= len(text):
        return False
    between = text.text[text.ends[place - 1] : text.starts[place]]
    return "\n" in between and not text.forms[place][:1].islower()


_GOVERNORS = {
    one: lexicon().phrases(
        "governor", "cue_denied", "cue_supposed", "cue_target", "cue_obligation", "hedge", language=one
    )
    for one in _BOTH
}
_KINDS = {
    "cue_denied": ("denial", "sentence", "before"),
    "cue_supposed": ("supposition", "sentence", "before"),
    "cue_target": ("target", "frame", "before"),
    "cue_obligation": ("target", "frame", "before"),
}
_SMALL = {Language.ES: words_of("small_es"), Language.EN: words_of("small_en")}
_SURE = 2
_READ_FOR_LANGUAGE = 20_000
_SPANISH_LETTERS = re.compile("[áéíóúñ¿¡]", re.IGNORECASE)
_STOPS = frozenset(";.!?")
_CLAUSE_STOPS = _STOPS | frozenset(",:—–()[]…")


@dataclass(frozen=True, slots=True)
class Governor:
    """A governing word or phrase at characters ``start`` to ``end`` of its sentence.

    ``kind`` is "denial", "supposition", "target", "doubt", "some", "share", "direction" or "hedge"; "nothing" only
    looks like a denial ("not only") and governs what is cut out of the middle of it. It governs the characters from
    ``reach[0]`` to ``reach[1]``; of reach "next" it governs only words that touch it (``touching``).
    """

    kind: str
    start: int
    end: int
    said: str
    reach: tuple[int, int]
    touching: bool
    before: bool


def sentence_language(sentence: str, text: str = "") -> Language:
    """Spanish or English, by the small words of each; where a sentence hardly tells, by those of its text."""
    own = _lean(sentence)
    if abs(own) < _SURE and text:
        own = _text_lean(text) or own
    return Language.ES if own > 0 or (own == 0 and _SPANISH_LETTERS.search(sentence)) else Language.EN


def _lean(text: str) -> int:
    """By how many small words a text is rather Spanish; below 0 for English."""
    words = [token.lower for token in tokenize(text)]
    return sum((word in _SMALL[Language.ES]) - (word in _SMALL[Language.EN]) for word in words)


@lru_cache(maxsize=64)
def _text_lean(text: str) -> int:
    return _lean(text[:_READ_FOR_LANGUAGE])


@lru_cache(maxsize=4096)
def governors(text: str, language: Language) -> tuple[Governor, ...]:
    """The governing words of a sentence in order; a phrase hides the shorter ones inside it."""
    tokens = tokenize(text)
    found = sorted(_GOVERNORS[language].found(tokens), key=lambda one: (one[0], -one[1]))
    kept: list[Governor] = []
    hidden: dict[str, int] = {"before": -1, "after": -1}
    for first, stop, entry in found:
        kind, reach, place = _KINDS.get(entry.cls, (entry.effect, entry.value, entry.place))
        if entry.cls == "hedge":
            if place == "before":
                continue  # the grammar of numbers reads it with its figure
            kind, reach, place = "hedge", "next", "after"
        if stop <= hidden[place]:
            continue
        if reach == "last" and stop < len(tokens) and tokens[stop].text not in _CLAUSE_STOPS:
            continue
        hidden[place] = stop
        if kind == "nothing":
            hidden["after"] = max(hidden["after"], stop)
            reach = "whole"
        kept.append(_made(tokens, first, stop, kind, reach, place, language))
    for index, token in enumerate(tokens):
        if token.lower.endswith("n't"):
            kept.append(_made(tokens, index, index + 1, "denial", "clause", "before", language))
    return tuple(sorted(kept, key=lambda one: one.start))


def _made(
    tokens: Sequence[Token], first: int, stop: int, kind: str, reach: str, place: str, language: Language
) -> Governor:
    before = place == "before"
    start, end = tokens[first].start, tokens[stop - 1].end
    if before:
        last = _reach_end(tokens, stop, reach, language)
        span = (end, tokens[last - 1].end if last > stop else end)
    else:
        span = (0, start)
    said = " ".join(token.text for token in tokens[first:stop])
    return Governor(kind, start, end, said, span, reach in ("next", "last"), before)


def _reach_end(tokens: Sequence[Token], stop: int, reach: str, language: Language) -> int:
    """The token at which the reach of a governor ends: its clause, its frame (over commas and "that"), its sentence."""
    stops = _CLAUSE_STOPS if reach == "clause" else _STOPS if reach == "frame" else frozenset(";")
    joined = _COORDINATORS[language] if reach in ("clause", "frame") else frozenset()
    for place in range(stop, len(tokens)):
        token = tokens[place]
        if token.text in stops and not _inside_number(tokens, place):
            return place
        if place > stop and token.lower in joined and (reach == "clause" or tokens[place - 1].text == ","):
            return place
    return len(tokens)


def _inside_number(tokens: Sequence[Token], place: int) -> bool:
    return 0 < place < len(tokens) - 1 and tokens[place - 1].kind == "n" and tokens[place + 1].kind == "n"
