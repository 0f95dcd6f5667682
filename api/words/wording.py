"""The words of the interface: one table of keys, each in Spanish and in English.

Owns choosing the words and their number; refuses to know who asks or what the words are for.
A key or a field that is missing is an error, never an empty label.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from kb.records.language import Language

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
