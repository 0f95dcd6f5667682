"""The words of the interface: one table of keys, each in Spanish and in English.

Owns choosing the words and their number; refuses to know who asks or what the words are for.
A key or a field that is missing is an error, never an empty label.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from kb.records.language import Language
from kb.records.tables import rows_of

# What one key says in one language: a text, or the pair of singular and plural.
Words = str | tuple[str, str]
LANGUAGES = (Language.ES, Language.EN)


@dataclass(frozen=True, slots=True)
class InterfaceWording:
    """The interface in one language, Spanish or English."""

    language: Language

    def __call__(self, key: str, **fields: object) -> str:
        """The words of a key with the fields put in; ``n`` chooses between singular and plural.

        Raises KeyError for an unknown key or a missing field.
        """
        words = table()[key][self.language]
        if isinstance(words, tuple):
            words = words[0] if fields["n"] == 1 else words[1]
            fields = {**fields, "n": fields.get("shown", fields["n"])}
        return words.format(**fields)


@lru_cache(maxsize=1)
def table() -> Mapping[str, Mapping[Language, Words]]:
    """Every key with its words in each language."""
    rows = json.loads((files("api.words") / "strings.json").read_text(encoding="utf-8"))
    return {key: {language: _words(row[language.value]) for language in LANGUAGES} for key, row in rows.items()}


def _words(value: str | list[str]) -> Words:
    if isinstance(value, str):
        return value
    one, many = value
    return (one, many)


def accepted_language(header: str | None) -> Language:
    """Spanish or English, whichever an Accept-Language header likes better; English when it likes neither."""
    best, liking = Language.EN, 0.0
    for part in (header or "").split(",")[:20]:
        tag, _, parameters = part.strip().partition(";")
        code = tag.strip().lower().partition("-")[0]
        if code not in ("es", "en"):
            continue
        weight = quality(parameters)
        if weight > liking:
            best, liking = Language(code), weight
    return best


def quality(text: str) -> float:
    """The weight in the parameters of a member of an Accept header; 1 where none can be read."""
    match = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", text)
    return float(match[1]) if match else 1.0


_COLUMNS = ("schema", "name", "description", "spanish")


@cache
def contract_words() -> Mapping[tuple[str, str], str]:
    """Schema (or ``operation``, ``tag``, ``parameter``, ``*``) and name to its words."""
    return {(schema, name): text for schema, name, text, _ in rows_of("api", "contract.tsv", *_COLUMNS)}


@cache
def contract_in_spanish() -> Mapping[str, str]:
    """What the contract says of parameters and of members of bodies, by its words in English."""
    return {text: spanish for _, _, text, spanish in rows_of("api", "contract.tsv", *_COLUMNS) if spanish}


@cache
def spanish_summaries() -> Mapping[str, str]:
    """What each route does, in Spanish, by its method and path ("GET /v1/search")."""
    rows = rows_of("api", "contract.tsv", *_COLUMNS)
    return {name: spanish for schema, name, _, spanish in rows if schema == "operation"}
