"""The names in a question: capitals, acronyms and products, and those that it sets aside ("besides Gallup").

Owns what is a name and what is only the capital that opens a question, in both languages. Knows no passages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# A capital inside a sentence, a word with two capitals, or one with a digit: names, acronyms, products.
_PART = r"(?:[A-ZÁÉÍÓÚÜÑ][\w&.'’-]{0,40}[\w]|[a-z]{1,3}[A-Z]\w{1,40})"
_NAME = re.compile(rf"{_PART}(?: {_PART}){{0,5}}")
_POSSESSIVE = re.compile(r"['’]s\b")
_BEYOND = re.compile(
    r"\b(?i:besides|apart from|other than|in addition to|adem[aá]s del?|aparte del?|fuera del?|distint[oa]s? del?)"
    rf"\s+(?P<names>{_NAME.pattern}(?:(?:,| and| y| o| or){{1,2}} {_NAME.pattern}){{0,5}})"
)
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
    beyond = _BEYOND.search(text)
    return tuple(name for name in names if beyond and name in beyond["names"])
