"""The names in a question: capitals, acronyms and products, and those that it sets aside ("besides Gallup").

Owns what is a name and what is only the capital that opens a question, in both languages. How texts of the base write a
word counts more than how the question does: people write names small and ordinary words with a capital.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from index.search.lexical import content_words, folded, words_of

# A capital inside a sentence, a word with two capitals, or one with a digit: names, acronyms, products.
_HOST = r"(?<![\w-])[\w-]{2,40}\.(?:com|org|net|gov|es|mx|cl|co|ar|pe|uk)\b"
_PART = rf"(?:{_HOST}|[A-ZÁÉÍÓÚÜÑ][\w&.'’-]{{0,40}}[\w]|[a-z]{{1,3}}[A-Z]\w{{1,40}})"
_NAME = re.compile(rf"{_PART}(?: {_PART}){{0,5}}")
# A capital after a word in small letters: neither a sentence nor a title in capitals begins there.
_LARGE = re.compile(r"(?<=[a-záéíóúüñ,] )[A-ZÁÉÍÓÚÜÑ][\w&]{1,40}")
# One capital may be that of a title ("a report by Customer Think"); two, or one inside the word, are a name's.
_SURE = 2
_SMALL = re.compile(r"\b[a-záéíóúüñ]{2,40}\b")
_POSSESSIVE = re.compile(r"['’]s\b")
_BEYOND = re.compile(
    r"\b(?:besides|apart from|other than|in addition to|ademas del?|aparte del?|fuera del?|distint[oa]s? del?)"
    r"\s+(?P<rest>.+)"
)
_AND = re.compile(r"(?:,| and| y| o| or)+ ")
# What questions and requests open with; its capital makes it no name.
_OPENERS = re.compile(
    r"^\W*+(?:what|which|how|who|whose|whom|when|where|why|in|of|for|from|to|with|is|are|was|were|do|does|did|has|have|"
    r"had|can|could|should|would|will|may|must|name|list|tell|give|show|explain|describe|define|summari[sz]e|compare|"
    r"according|the|a|an|on|by|at|i|we|my|our|if|so|and|"
    r"qu[eé]|cu[aá]l|cu[aá]les|c[oó]mo|qui[eé]n|qui[eé]nes|cu[aá]ndo|d[oó]nde|por|para|en|seg[uú]n|de|del|el|la|los|las|"
    r"cu[aá]nto|cu[aá]nta|cu[aá]ntos|cu[aá]ntas|cada|con|a|al|es|son|fue|era|est[aá]|est[aá]n|existen?|hay|tienen?|"
    r"pueden?|deben?|debo|puedo|sirven?|conviene|merece|vale|hace|hacen|funcionan?|y|o|si|se|un|una|lo|"
    r"expl[ií]ca(?:me|nos)?|dime|dame|cu[eé]ntame|h[aá]blame|describe|enumera|define|resume|compara|lista)\b",
    re.IGNORECASE,
)


def names_of(text: str) -> tuple[str, ...]:
    """Names as written; capitals that follow one another are one name."""
    opener = _OPENERS.match(text)
    rest = " " * opener.end() + text[opener.end() :] if opener else text
    return tuple(dict.fromkeys(_POSSESSIVE.sub("", match[0]).rstrip(".'’-") for match in _NAME.finditer(rest)))


def set_aside(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of the names that the question does not want to hear of."""
    beyond = _BEYOND.search(folded(text))
    rest, found = beyond["rest"] if beyond else "", []
    while name := next((name for name in names if rest.startswith(folded(name))), None):
        found.append(name)
        rest = _AND.sub("", rest[len(name) :], count=1)
    return tuple(found)


def names_written(question: str, names: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """The names of a question as the texts found for it tell them: without those that these write in small letters as
    often as not, and with the words that they write with a capital alone, as they are written there.

    >>> names_written("share of Banks on whatsapp", ("Banks",), ["Most banks use WhatsApp.", "Two banks."])
    ('WhatsApp',)
    """
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for text in texts:
        for word, count in _small(text).items():
            small[word] += count
        for word in _large(text):
            large[folded(word)] += 1
            spelt.setdefault(folded(word), word)
    kept = [name for name in names if not all(small[word] >= max(large[word], 1) for word in words_of(name))]
    taken = {word for name in names for word in words_of(name)}
    surely = {word for word, spelling in spelt.items() if large[word] >= _SURE or not spelling[1:].islower()}
    telling = {word for word in content_words(question) if word in surely and word not in taken and not small[word]}
    words = words_of(question)
    told = [list(run) for is_name, run in groupby(words, telling.__contains__) if is_name]
    return tuple(dict.fromkeys([*kept, *(" ".join(spelt[word] for word in run) for run in told)]))


# The same passages are found for question after question.
@lru_cache(maxsize=4096)
def _small(text: str) -> Counter[str]:
    return Counter(folded(word) for word in _SMALL.findall(text))


@lru_cache(maxsize=4096)
def _large(text: str) -> tuple[str, ...]:
    return tuple(_LARGE.findall(text))
