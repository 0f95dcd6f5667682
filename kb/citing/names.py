"""An author's name as a person's given and family name, or whole where that is not certain.

"Ana Pérez Gil" is a person with two family names, "World Bank" an organisation. A name whose
first word is no common given name is kept whole: a wrong inversion is worse than none.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_PARTICLES = frozenset(
    {"de", "del", "la", "las", "los", "y", "van", "von", "der", "den", "da", "di", "dos", "st.", "mc"}
)
_ORGANISATION = re.compile(
    r"\b(?:agency|agencia|asociación|association|authority|bank|banco|bureau|center|centre|centro|college|comisión|"
    r"comité|commission|committee|company|compañía|consejo|consulting|consultores|consultoría|corp|corporation|council|"
    r"department|departamento|fondo|forum|foro|foundation|fund|fundación|gmbh|group|grupo|inc|institut|institute|"
    r"instituto|lab|labs|laboratorio|llc|ltd|ministerio|ministry|network|observatorio|office|oficina|organisation|"
    r"organization|organización|plc|red|research|school|secretaría|services|servicios|sociedad|society|solutions|"
    r"soluciones|studio|team|equipo|editors|redacción|staff|unión|union|universidad|university|press|news|magazine|"
    r"revista|partners|advisors|analytics|software|technologies|digital|media|marketing|experience|software|"
    r"s\.?\s?a\.?|s\.?\s?l\.?)(?:\b|$)|[\d&/@|]",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"[^\W\d_]\.?(?:-?[^\W\d_]\.)?")
_MAX_WORDS = 6


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's ``family`` and ``given`` name, or ``literal`` for an organisation or a name kept whole."""

    literal: str | None = None
    family: str | None = None
    given: str | None = None

    @property
    def whole(self) -> str:
        """The name in the order it is spoken."""
        return self.literal if self.literal is not None else f"{self.given} {self.family}"


def read_name(author: str) -> PersonName:
    """The name in one line of text; kept whole unless it is surely a person's."""
    words = author.split()
    if _ORGANISATION.search(author) or not 2 <= len(words) <= _MAX_WORDS:
        return PersonName(literal=author)
    if author.count(",") == 1:
        family, given = (part.strip() for part in author.split(","))
        return PersonName(family=family, given=given) if family and given else PersonName(literal=author)
    if "," in author or not all(_capital(word) or word.lower() in _PARTICLES for word in words):
        return PersonName(literal=author)
    return _split(author, words)


def _split(author: str, words: list[str]) -> PersonName:
    listed = _given_names()
    language = next((code for code in ("es", "en") if words[0].lower() in listed[code]), None)
    if language is None:
        return PersonName(literal=author)
    count = 1
    while count < len(words) - 1 and (_is_given(words[count], listed) or _INITIAL.fullmatch(words[count])):
        count += 1
    rest = words[count:]
    surnames = [word for word in rest if word.lower() not in _PARTICLES]
    if language == "en" and len(surnames) == 2 and len(rest) == 2:
        count, rest, surnames = count + 1, rest[1:], surnames[1:]
    if not 1 <= len(surnames) <= 2:
        return PersonName(literal=author)
    return PersonName(family=" ".join(rest), given=" ".join(words[:count]))


def _capital(word: str) -> bool:
    return word[:1].isupper()


def is_given_name(word: str) -> bool:
    """Whether a word is a given name of either language."""
    return _is_given(word, _given_names())


def _is_given(word: str, listed: dict[str, frozenset[str]]) -> bool:
    return any(word.lower() in names for names in listed.values())


@lru_cache(maxsize=1)
def _given_names() -> dict[str, frozenset[str]]:
    data = json.loads((files("kb") / "data" / "given_names.json").read_text(encoding="utf-8"))
    return {code: frozenset(data[code].split()) for code in ("es", "en")}
