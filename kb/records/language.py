"""The languages the project treats as equals, as a closed enum with a row of facts each.

Knows nothing of how a language is detected. Members are compared with members only:
strings become members at the door.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Language(Enum):
    """Spanish, English, or any other language (kept and labelled, never forced)."""

    ES = "es"
    EN = "en"
    OTHER = "other"

    # Members are compared by identity, and every cache of words asks for this; Enum's own is Python code.
    __hash__ = object.__hash__

    @property
    def facts(self) -> LanguageFacts:
        """The row of facts of this language."""
        return _FACTS[self]


@dataclass(frozen=True, slots=True)
class LanguageFacts:
    """What differs between languages wherever text is written for people."""

    name_es: str
    name_en: str
    decimal_mark: str
    thousands_mark: str
    open_quote: str
    close_quote: str

    def quoted(self, words: str) -> str:
        """The words between quotation marks."""
        return f"{self.open_quote}{words}{self.close_quote}"


# Spanish: decimal comma and thin groups are RAE usage; the point as thousands mark is what
# Spanish business prose prints ("5.500 consumidores").
_FACTS = {
    Language.ES: LanguageFacts("español", "Spanish", ",", ".", "«", "»"),
    Language.EN: LanguageFacts("inglés", "English", ".", ",", "“", "”"),
    Language.OTHER: LanguageFacts("otro idioma", "another language", ".", ",", "“", "”"),
}
