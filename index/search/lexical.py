"""Words: their analysis by language, and the words and stems a question is looked up by.

Owns folding (accents go, ñ stays), stemming by the passage's language, and stop words. Knows neither SQL nor scores.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

import Stemmer  # type: ignore[import-not-found]  # a C extension without stubs

from kb.records.language import Language
from kb.records.search import WordQuery

# A word: letters, digits and inner joiners that names and figures need (AT&T, e-commerce is two words).
_WORD = re.compile(r"[^\W_]{1,60}(?:&[^\W_]{1,60}){0,3}")
_STEMMERS = {Language.ES: "spanish", Language.EN: "english"}
# A question longer than this many distinct words is a pasted text: its first words decide.
MAX_WORDS = 64

_STOP_ES = (
    "a al algo algún alguna algunas alguno algunos ante antes así aún aunque cada como con cómo cual cuál cuales "
    "cuáles cuando cuándo cuanta cuánta cuantas cuántas cuanto cuánto cuantos cuántos de del desde donde dónde e el "
    "él ella ellas ellos en entre era eran es esa esas ese eso esos esta está están estas este esto estos fue fueron "
    "ha haber había habían han hasta hay la las le les lo los más me mi mucho muy ni no nos o os otra otras otro "
    "otros para pero por porque pues que qué quien quién quienes quiénes se según ser si sí sin sobre son su sus "
    "también tan tanto te tiene tienen toda todas todo todos tras tu un una unas uno unos y ya yo"
)
_STOP_EN = (
    "a about after all also an and any are as at be because been before being between both but by can could did do "
    "does doing for from had has have having he her hers him his how i if in into is it its itself just me more most "
    "my no nor not of off on once only or other our out over own same she should so some such than that the their "
    "them then there these they this those through to too under until up very was we were what when where which "
    "while who whom whose why will with would you your"
)


# More than both languages have; a text in another script must not fill the memory.
_REMEMBERED_SIGNS = 2048


class _WithoutMarks(dict[int, int | None]):
    """A table for ``str.translate`` that drops combining marks; it remembers the first signs that it is asked for."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.combining(chr(code)) else code
        if len(self) < _REMEMBERED_SIGNS:
            self[code] = kept
        return kept


_ACCENTS_AWAY = _WithoutMarks()


def analyse(text: str, language: Language) -> str:
    """Folded, stemmed words joined by spaces, by the rules of the text's language (a WordAnalyser).

    >>> analyse("Las métricas de esta campaña", Language.ES)
    'las metric de esta campañ'
    """
    return " ".join(_stemmed(word, language) for word in words_of(text))


def plain(text: str) -> str:
    """Folded words joined by spaces, unstemmed.

    >>> plain("¿Qué es el NPS en AT&T?")
    'que es el nps en at&t'
    """
    return " ".join(words_of(text))


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORD.findall(folded(text))


def folded(text: str) -> str:
    """Lower case without accents; ñ is a letter of its own and stays.

    >>> folded("Año ÚNICO, naïve, pingüino")
    'año unico, naive, pinguino'
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return decomposed.replace("n\u0303", "ñ").translate(_ACCENTS_AWAY)


def content_words(text: str, most: int = MAX_WORDS) -> list[str]:
    """The distinct folded words of a question that say something, at most ``most``, in order.

    Stop words of both languages go (questions mix them), unless nothing else is left.
    """
    distinct = list(dict.fromkeys(words_of(text)))
    telling = [word for word in distinct if word not in stop_words()]
    return (telling or distinct)[:most]


def has_content(text: str) -> bool:
    """Whether any word of the text is more than a stop word."""
    return any(word not in stop_words() for word in words_of(text))


def word_query(words: Iterable[str], language: Language) -> WordQuery | None:
    """What finds any of the folded ``words``, plain or stemmed; null without words.

    >>> word_query(["metricas"], Language.ES)
    WordQuery(plain=('metricas',), stems=('metric',))
    """
    exact = list(dict.fromkeys(words))
    if not exact:
        return None
    stems = list(dict.fromkeys(_stemmed(word, language) for word in exact))
    return WordQuery(tuple(exact), tuple(stems))


def stem_of(word: str, language: Language) -> str:
    """The stem of one folded word."""
    return _stemmed(word, language)


@cache
def stop_words() -> frozenset[str]:
    """The folded words of both languages that say nothing."""
    return frozenset(folded(f"{_STOP_ES} {_STOP_EN}").split())


@cache
def _stemmer(language: Language) -> Stemmer.Stemmer | None:
    name = _STEMMERS.get(language)
    return Stemmer.Stemmer(name) if name else None


# Stemming is the cost of a search's reasons; the words of a base are few beside their occurrences.
@lru_cache(maxsize=50_000)
def _stemmed(word: str, language: Language) -> str:
    stemmer = _stemmer(language)
    # Words with digits or & are names and figures; stemming would only damage them.
    return word if stemmer is None or not word.isalpha() else str(stemmer.stemWord(word))
