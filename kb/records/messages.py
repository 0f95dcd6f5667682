"""What is said to people, as codes with fields; both languages stand side by side in ``kb/data/messages.tsv``.

A ``Message`` is its English sentence, so that it is printed, compared and stored like any string, and it keeps its code
and its fields, of which the same is said in the other language. No sentence is ever parsed back.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, reduce
from types import MappingProxyType
from typing import Any

from kb.records.language import Language
from kb.records.tables import rows_of

_PARSER = string.Formatter()
# Longer values in a message would only repeat what the caller sent.
_MAX_ECHO = 200
_LANGUAGES = {
    Language.ES: "language_spanish",
    Language.EN: "language_english",
    Language.OTHER: "language_another",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A message in English and in Spanish."""

    en: str
    es: str

    @property
    def fields(self) -> frozenset[str]:
        """The names in braces of both; ValueError where they differ."""
        found = [frozenset(name for _, name, _, _ in _PARSER.parse(one) if name) for one in (self.en, self.es)]
        if found[0] != found[1]:
            raise ValueError(f"messages.tsv: {self.en!r} has other fields in Spanish")
        return found[0]


class Message(str):
    """An English sentence with the code and the fields that it was made of; no code for one that only has its text."""

    __slots__ = ("code", "fields")
    code: str
    fields: Mapping[str, object]

    def __new__(cls, text: str, code: str = "", fields: Mapping[str, object] | None = None) -> Message:
        """A message of this text; ``say`` makes those with a code."""
        made = super().__new__(cls, text)
        made.code, made.fields = code, MappingProxyType(dict(fields or {}))
        return made

    def __reduce__(self) -> tuple[type[Message], tuple[str, str, dict[str, object]]]:
        return Message, (str(self), self.code, dict(self.fields))

    def said(self, language: Language) -> str:
        """The sentence in Spanish or, for any other language, in English; one without a code is its text."""
        if language is not Language.ES or not self.code:
            return str(self)
        return _SPEAKERS[Language.ES].vformat(wordings()[self.code].es, (), self.fields)

    def in_english_only(self) -> bool:
        """Whether it, or a message in one of its fields, has nothing but its text."""
        inner = (one for one in self.fields.values() if isinstance(one, Message))
        return not self.code or any(one.in_english_only() for one in inner)


class _Speaker(string.Formatter):
    """Fills in fields: messages in its language, long numbers with its mark."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Message):
            return value.said(self._language)
        shown = str(super().format_field(value, format_spec))
        return shown.replace(",", self._language.facts.thousands_mark) if format_spec == "," else shown


_SPEAKERS = {language: _Speaker(language) for language in (Language.ES, Language.EN)}


def say(code: str, /, **fields: object) -> Message:
    """The message of this code. A field is a text, a number or a message; anything else is said by its ``str``.

    Raises LookupError for a code that the table does not have, ValueError for fields that are not its own.
    """
    wording = wordings()[code]
    if fields.keys() != wording.fields:
        raise ValueError(f"{code} takes {sorted(wording.fields)}, not {sorted(fields)}")
    plain = {name: _plain(one) for name, one in fields.items()}
    return Message(_SPEAKERS[Language.EN].vformat(wording.en, (), plain), code, plain)


def _plain(field: object) -> object:
    if isinstance(field, str | int | float):
        return field
    return told(field) if isinstance(field, BaseException) else str(field)


def said(text: str, language: Language) -> str:
    """A text in this language where it is a message, else as it is."""
    return text.said(language) if isinstance(text, Message) else text


def told(error: BaseException) -> str:
    """What an error says: its message where it was made with one, else its own words."""
    return error.args[0] if error.args and isinstance(error.args[0], Message) else str(error)


def code_of(text: str | None) -> str:
    """The code of a message; empty for any other text."""
    return text.code if isinstance(text, Message) else ""


def name_of(language: Language) -> Message:
    """How a language is called."""
    return say(_LANGUAGES[language])


def together(*parts: str | None, by: str = "and_then") -> Message | None:
    """The parts that say something as one message, put together ``by`` the message of this code (semicolons, if none is
    given); null when no part says anything."""
    spoken = [part if isinstance(part, Message) else Message(part) for part in parts if part]
    return reduce(lambda whole, part: say(by, first=whole, then=part), spoken) if spoken else None


def shortened(text: str) -> str:
    """The text with its end cut off, and marked so, past ``_MAX_ECHO`` characters."""
    return text if len(text) <= _MAX_ECHO else f"{text[:_MAX_ECHO]}…"


def stored(text: str) -> object:
    """A message as JSON that ``restored`` reads: its text, code and fields; any other text as it is."""
    if not isinstance(text, Message) or not text.code:
        return str(text)
    fields = {name: stored(one) if isinstance(one, str) else one for name, one in text.fields.items()}
    return {"text": str(text), "code": text.code, "fields": fields}


def restored(kept: object) -> Message:
    """The message that ``stored`` made this of; of a text alone, or of a code that is none any more, the text alone."""
    if not isinstance(kept, dict) or not isinstance(kept.get("fields"), dict):
        return Message(str(kept.get("text", "")) if isinstance(kept, dict) else str(kept))
    text, code = str(kept.get("text", "")), str(kept.get("code"))
    fields = {
        str(name): one if isinstance(one, str | int | float) else restored(one) for name, one in kept["fields"].items()
    }
    wording = wordings().get(code)
    return Message(text, code, fields) if wording and wording.fields == fields.keys() else Message(text)


@cache
def wordings() -> Mapping[str, Wording]:
    """The table of messages by their codes; ValueError for a row that is none."""
    table: dict[str, Wording] = {}
    for code, en, es in rows_of("kb", "messages.tsv", "code", "en", "es"):
        if not (code and en and es) or code in table:
            raise ValueError(f"messages.tsv: {code!r} is no new code with its English and its Spanish")
        table[code] = Wording(en, es)
    return table
