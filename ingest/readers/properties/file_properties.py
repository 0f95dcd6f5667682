"""What the properties of an office file or PDF say of title and author, when a person wrote it.

Programs fill these fields: with the name of the file, of its template, of the account that saved it. Rather
none than such. Refuses to know formats; who wrote a text is read on its page elsewhere.
"""

from __future__ import annotations

import re

from ingest.readers.properties.metadata import named_authors

_FILE_NAME = re.compile(
    r"\.(?:docx?|dotx?|odt|rtf|indd|pdf|qxd|pptx?|xlsx?|pub|fm|tex|dvi|p65|cdr|ai|psd|html?|txt)$", re.I
)
_NUMBER = re.compile(r"[\d\s.,:/_-]*$")
# Titles that programs write: of new documents, of their own slides and layers, and with their own name before it.
_DEFAULT_TITLE = re.compile(
    r"(?:untitled|sin t[íi]tulo|documento?|document|word document|documento de word|presentaci[óo]n|presentation|"
    r"libro|book|slide|diapositiva|layout|"
    r"p[áa]gina|page|title|t[íi]tulo|microsoft word|no title|none|null|informe|report|plantilla|template|normal)"
    r"[\s_-]*\d{0,4}$|(?:microsoft (?:word|powerpoint|excel|office)|powerpoint|word)\b.{0,3}[-–—]|"
    r"(?:presentaci[óo]n de|presentation of)?\s?(?:microsoft )?power\s?point(?: presentation)?$|"
    r"(?:layout|maquetaci[óo]n|folleto|brochure)\s?\d*$|[\w-]*_[\w-]*$|[A-Z]:\\",
    re.I,
)
_WORD = re.compile(r"[^\W\d_][^\W\d_.'’-]*\.?(?:['’-][^\W\d_]+)*,?$")
_SMALL_WORDS = frozenset(
    [
        *("de", "del", "la", "las", "los", "y", "e", "da", "do", "dos", "van", "von", "der", "den", "di", "du", "le"),
        *("el", "of", "the", "and", "for", "para", "en"),
    ]
)


def stated_title(title: str | None) -> str | None:
    """The title, unless it is a file's name, one word in small letters, or what a program writes of itself."""
    text = " ".join((title or "").split())
    if _NUMBER.match(text) or _FILE_NAME.search(text) or _DEFAULT_TITLE.match(text):
        return None
    return None if text[0].isalpha() and " " not in text and text == text.lower() else text


def stated_authors(authors: str | None) -> tuple[str, ...]:
    """The names in a field of authors that are names of persons or bodies; accounts, roles and defaults are none."""
    return tuple(name for name in named_authors((authors or "",)) if _is_full(name))


def _is_full(name: str) -> bool:
    """Whether these are two or more words that begin with capitals: one word alone is an account as often as not."""
    words = [word for word in name.split() if word.casefold() not in _SMALL_WORDS]
    return len(words) >= 2 and all(_WORD.match(word) and word[0].isupper() for word in words)
