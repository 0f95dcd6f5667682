"""What is said to people, as codes with fields; both languages stand side by side in ``kb/data/messages.tsv``.

A ``Message`` is its English sentence, so that it is printed, compared and stored like any string, and it keeps its code
and its fields, of which the same is said in the other language. No sentence is ever parsed back.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from kb.records.language import Language

_HEADER = "code\ten\tes"


@dataclass(frozen=True, slots=True)
class Wording:
    """A message in English and in Spanish, with a {name} for each of its ``fields``."""

    en: str
    es: str
    fields: frozenset[str]


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
    plain = {name: one if isinstance(one, str | int | float) else str(one) for name, one in fields.items()}
    return Message(_SPEAKERS[Language.EN].vformat(wording.en, (), plain), code, plain)


def said(text: str, language: Language) -> str:
    """A text in this language where it is a message, else as it is."""
    return text.said(language) if isinstance(text, Message) else text


def together(*parts: str | None) -> Message | None:
    """The parts that say something as one message, with semicolons between them; null when none does."""
    spoken = [part for part in parts if part]
    if not spoken:
        return None
    whole = spoken[0] if isinstance(spoken[0], Message) else Message(spoken[0])
    for part in spoken[1:]:
        whole = say("and_then", first=whole, then=part)
    return whole


def stored(message: Message) -> dict[str, object]:
    """The code and the fields, for JSON; ``restored`` reads them."""
    fields = {name: _stored_field(one) for name, one in message.fields.items()}
    return {"code": message.code, "fields": fields}


def _stored_field(field: object) -> object:
    return {"text": str(field), **stored(field)} if isinstance(field, Message) else field


def restored(text: str, kept: object) -> Message:
    """The message of a stored text and what ``stored`` made of its code; its text alone where the code has changed."""
    if not isinstance(kept, dict) or not isinstance(kept.get("fields"), dict):
        return Message(text)
    fields = {
        str(name): restored(str(one.get("text", "")), one) if isinstance(one, dict) else one
        for name, one in kept["fields"].items()
    }
    wording = wordings().get(str(kept.get("code")))
    known = wording is not None and wording.fields == fields.keys()
    return Message(text, str(kept["code"]), fields) if known else Message(text)


@cache
def wordings() -> Mapping[str, Wording]:
    """The table of messages by their codes; ValueError for a row that is none."""
    lines = resources.files("kb").joinpath("data", "messages.tsv").read_text(encoding="utf-8").split("\n")
    if lines[0] != _HEADER:
        raise ValueError(f"messages.tsv: its first line is not {_HEADER!r}")
    table: dict[str, Wording] = {}
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if not line:
            continue
        if len(cells) != 3 or not all(cells) or cells[0] in table:
            raise ValueError(f"messages.tsv, line {number}: is no new code with its English and its Spanish")
        table[cells[0]] = Wording(cells[1], cells[2], _fields(cells[1:]))
    return table


def _fields(templates: Sequence[str]) -> frozenset[str]:
    """The names in braces of both; ValueError where they differ."""
    found = [frozenset(name for _, name, _, _ in string.Formatter().parse(one) if name) for one in templates]
    if found[0] != found[1]:
        raise ValueError(f"messages.tsv: {templates[0]!r} has other fields in Spanish")
    return found[0]
