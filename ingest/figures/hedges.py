"""How a text hedges a number: the words just before and just after it, as a comparator.

A hedge is never lost: it also becomes part of the raw form. Knows nothing of what is counted.
"""

from __future__ import annotations

from ingest.figures.hedging_verbs import names_destination, verb_before
from ingest.figures.scan import Token, lower_at, word_set, words_at
from kb.language import Language
from kb.statistic import Comparator

_C = Comparator
_BEFORE_ES = {
    _C.ABOUT: "aproximadamente|alrededor de|en torno a|unos|unas|cerca de|del orden de|aprox|aprox .|más o menos|"
    "en el entorno de|algo así como|un estimado de|se estima que|estimado en|cercano a|cercana a|cercanos a|cercanas a|"
    "próximo a|próxima a|~|≈|alrededor|circa|poco más o menos|"
    "rondan|ronda|rondó|rondaron|rondaba|rondaban|rondando|rondar|rondará|rondarán|rondaría|rondarían",
    _C.ALMOST: "casi|casi casi|prácticamente|practicamente|rozando|roza|rozan|rozó|rozaron|rozaba|rozará|rozarán|"
    "rozaría|rozarían|rozar|muy cerca de|cuasi",
    _C.MORE_THAN: "más de|mas de|más que|superior a|superiores a|mayor a|mayor de|mayor que|mayores a|mayores de|"
    "por encima de|encima de|un poco más de|poco más de|algo más de|bastante más de|mucho más de|apenas por encima de|"
    "ligeramente por encima de|ligeramente superior a|>|arriba de",
    _C.LESS_THAN: "menos de|menos que|inferior a|inferiores a|menor a|menor de|menor que|menores a|menores de|"
    "por debajo de|debajo de|apenas debajo de|apenas por debajo de|ligeramente por debajo de|"
    "un poco menos de|poco menos de|algo menos de|ni|ni siquiera|<|abajo de",
    _C.AT_LEAST: "al menos|por lo menos|como mínimo|mínimo|mínimo de|un mínimo de|no menos de|cuando menos|≥|"
    "a partir de|mínima de",
    _C.AT_MOST: "como máximo|como mucho|a lo sumo|máximo|máximo de|un máximo de|no más de|≤|máxima de|a lo más",
    _C.UP_TO: "hasta|hasta en|hasta por|hasta con",
}
_BEFORE_EN = {
    _C.ABOUT: "about|around|approximately|roughly|some|circa|approx|approx .|an estimated|estimated|close to|"
    "in the region of|in the neighborhood of|in the neighbourhood of|on the order of|in the range of|or so|~|≈|"
    "somewhere around|estimated at|near|ca .|hovering around|more or less|just about|upwards or downwards of",
    _C.ALMOST: "almost|nearly|virtually|practically|approaching|close on|not quite|very nearly|nearing|nigh on",
    _C.MORE_THAN: "more than|over|above|greater than|upwards of|upward of|in excess of|north of|"
    "well over|just over|slightly over|slightly more than|a little over|a little more than|"
    "just above|slightly above|well above|higher than|bigger than|larger than|longer than|"
    "beyond|>|better than|little over|little more than|shy over",
    _C.LESS_THAN: "less than|fewer than|under|below|lower than|just under|slightly under|slightly less than|"
    "just below|slightly below|a little less than|a little under|just shy of|shy of|smaller than|shorter than|"
    "well under|well below|south of|short of|just short of|<|not even|little less than",
    _C.AT_LEAST: "at least|no fewer than|no less than|not less than|a minimum of|minimum of|minimum|≥|as few as|"
    "as little as|as low as|starting at|not fewer than",
    _C.AT_MOST: "at most|at the most|no more than|not more than|a maximum of|maximum of|maximum|at a maximum|≤|"
    "not exceeding",
    _C.UP_TO: "up to|as much as|as many as|as high as|upto|as large as|as often as|as long as",
}
_AFTER_ES = {
    _C.ABOUT: "aproximadamente|más o menos|aprox|aprox .",
    _C.AT_LEAST: "o más|o mas|como mínimo|por lo menos|al menos|o superior|o superiores|en adelante|o mayor|"
    "cuando menos",
    _C.AT_MOST: "o menos|como máximo|como mucho|a lo sumo|o inferior|máximo",
    _C.MORE_THAN: "con creces",
}
_AFTER_EN = {
    _C.ABOUT: "or so|approximately|roughly|give or take|or thereabouts|more or less",
    _C.AT_LEAST: "or more|or higher|or greater|or above|at least|or better|or longer|plus|or over|and up|and above",
    _C.AT_MOST: "or less|or fewer|at most|or lower|or below|or under|max|tops|at the most",
}
# Stand between a hedge and its number without changing either.
_TRANSPARENT = {
    Language.ES: word_set("el la los las lo un una del al de solo sólo solamente únicamente los unos total"),
    Language.EN: word_set("the a an only just of a whopping staggering that"),
}
_TRANSPARENT[Language.OTHER] = _TRANSPARENT[Language.EN]
_CONTRACTIONS = {"del": "de", "al": "a"}
_ASIDES = frozenset({Comparator.AT_LEAST, Comparator.AT_MOST})

_Table = dict[str, list[tuple[tuple[str, ...], Comparator]]]


def _by_word(rows: dict[Comparator, str], place: int) -> _Table:
    """The phrases by their last (``place`` -1) or first (0) word, longest first."""
    table: _Table = {}
    for comparator, phrases in rows.items():
        for phrase in phrases.split("|"):
            words = tuple(phrase.split())
            table.setdefault(words[place], []).append((words, comparator))
    for entries in table.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return table


_BEFORE = {Language.ES: _by_word(_BEFORE_ES, -1), Language.EN: _by_word(_BEFORE_EN, -1)}
_BEFORE[Language.OTHER] = _BEFORE[Language.EN]
_AFTER = {Language.ES: _by_word(_AFTER_ES, 0), Language.EN: _by_word(_AFTER_EN, 0)}
_AFTER[Language.OTHER] = _AFTER[Language.EN]


def hedge_before(tokens: list[Token], first: int, language: Language) -> tuple[int, Comparator] | None:
    """The first token of the hedge that ends right before token ``first``, and its comparator; or null."""
    end = first
    for _ in range(4):
        found = _match_before(tokens, end, language)
        if found is not None:
            return found
        if lower_at(tokens, end - 1) == ",":  # "por lo menos, dos años", "como máximo, un 10 %"
            aside = _match_before(tokens, end - 1, language)
            return aside if aside is not None and aside[1] in _ASIDES else None
        if lower_at(tokens, end - 1) not in _TRANSPARENT[language]:
            return None
        end -= 1
    return None


def _match_before(tokens: list[Token], end: int, language: Language) -> tuple[int, Comparator] | None:
    verb = verb_before(tokens, end, language)
    if verb is not None:
        return verb
    last = _CONTRACTIONS.get(lower_at(tokens, end - 1), lower_at(tokens, end - 1))
    for words, comparator in _BEFORE[language].get(last, ()):
        start = end - len(words)
        if start >= 0 and words_at(tokens, start, words[:-1]):
            if comparator is Comparator.UP_TO and names_destination(tokens, start):
                return None
            return start, comparator
    return None


def hedge_after(tokens: list[Token], stop: int, language: Language) -> tuple[int, Comparator] | None:
    """The token after the hedge that starts at ``stop``, and its comparator; or null."""
    if lower_at(tokens, stop) == "+" and tokens[stop].glued:
        return stop + 1, Comparator.AT_LEAST
    for words, comparator in _AFTER[language].get(lower_at(tokens, stop), ()):
        if words_at(tokens, stop, words):
            return stop + len(words), comparator
    return None
