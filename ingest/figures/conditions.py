"""Sentences that suppose: if-clauses, worked examples, examples that say of themselves that they are invented.

Reads the sentence only, in lower case; each pattern is one alternation of bounded pieces, so reading is linear.
"""

from __future__ import annotations

import re


def any_of(*rows: str) -> re.Pattern[str]:
    """One pattern that finds any of these as whole words."""
    return re.compile(r"\b(?:" + "|".join(rows) + r")\b")


_SUPPOSED = any_of(
    r"(?<![^\W\d_] )(?<![^\W\d_], )(?:consider|take|picture|think of|tomemos|pensemos en|piens[ae] en|"
    r"consider[ae]|consideremos|pongamos por caso) (?:an?|"
    r"una?) (?:[a-zñáéíóú-]{3,20} ){0,2}?(?:company|business|firm|store|"
    r"shop|bank|retailer|hotel|restaurant|customer|client|team|airline|brand|cent(?:er|re)|empresa|"
    r"compañía|tienda|banco|cliente|"
    r"restaurante|negocio|aerolínea|marca|equipo|centro)(?! (?:like|such|called|como|llamad)| (?:of|de) los)",
    r"(?<![^\W\d_] )say that \d{1,3}|digamos que (?:el|la|los|las|un) \d{1,3}",
    r"(?:por ejemplo|for example|for instance)[,:]? (?:el |un )?\d{1,3} ?% (?:de |of )?"
    r"(?:promot|detract|pasiv|passiv)\w{2,6}",
    r"imagin[ae]|imaginemos|imagínate|imaginad|supongamos|supón|suponga|suppose|supposing|let[’']s say|"
    r"let us say|pongamos",
    r"say you|digamos que (?:tien|hay|una?|\d)|hypothetical(?:ly)?|hipotétic[oa]|for example,? if|"
    r"por ejemplo,? si|for instance,? if",
    r"assuming|suponiendo|you[’']d (?:have|get)|you would (?:have|get)|tendrías?|obtendrías?|would be \d|"
    r"sería (?:del? )?\d",
    r"worked example|e\.g\. if|así,? si|so,? if \d|in this example|en este ejemplo",
)
_EXAMPLE = re.compile(r"\b(?:for example|for instance|e\.g\.|por ejemplo|p\. ?ej\.)")
_IF = re.compile(
    r"^\W{0,4}(?:so|thus|then|entonces|así|and|but|y|pero|now)?,?\s?(?:if|si|whenever|when you|"
    r"cuando tienes)\s(?!bien\b)"
    r"|[,;:(]\s?(?:so |and |y |but )?(?:if|si)\s(?!bien\b)"
)
_PART_OF = re.compile(r"\b\d{1,6} (?:out of|of|de cada|de) (?:every |the |los |las |tus |your )?\d{1,6}\b")
# "Invented example: a broadband provider …": the rest of its paragraph is invented too.
_INVENTED = re.compile(
    r"^\W{0,4}(?:(?:an? |our |another )?(?:invented|made-up|fictional|fictitious|imaginary|hypothetical|worked) "
    r"(?:example|case)|(?:un |otro )?(?:ejemplo|caso) (?:inventado|ficticio|imaginario|hipotético))\b"
)


def gives_example(lower: str) -> bool:
    """Whether it says "for example"."""
    return _EXAMPLE.search(lower) is not None


def opens_invention(lower: str) -> bool:
    """Whether it opens an example that says of itself that it is invented."""
    return _INVENTED.search(lower) is not None


def supposed_range(lower: str) -> tuple[int, int] | None:
    """The characters that a supposition governs: the whole of an example, or an if-clause up to its comma."""
    if _SUPPOSED.search(lower) is not None:
        return 0, len(lower)
    opening = _IF.search(lower)
    if opening is None:
        return None
    comma = lower.find(",", opening.end())
    if comma < 0 or _PART_OF.search(lower, opening.end(), comma) is not None:
        return opening.start(), len(lower)  # "If 80 of 100 cases are solved, the rate is 80%"
    return opening.start(), comma
