"""The one lexicon: every word that means something for numbers and studies, read from ``lexicon.tsv`` and checked.

A row is language ("es", "en", or "*" for both), region where it is said (empty: everywhere), form (one word or
several; "aument*" stands for all that begin so), class, value (a number or the name of a unit), effect (what it does),
place (where it stands: before, after, both, around) and an example. Knows nothing of how a class is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say
from kb.words.tokens import Token, tokenize

TABLE = Path(__file__).with_name("lexicon.tsv")
_LANGUAGES = frozenset({"es", "en", "*"})
_PLACES = frozenset({"", "before", "after", "both", "around"})
_REGION = re.compile(r"(?:[A-Z]{2}(?: [A-Z]{2})*)?")
_CLASS = re.compile(r"[a-z][a-z_]*")
_CURE = say("mend_this_row_of_the_lexicon")


@dataclass(frozen=True, slots=True)
class LexiconRow:
    """A row of the table."""

    language: str
    region: str
    form: str
    cls: str
    value: str
    effect: str
    place: str
    example: str

    @property
    def number(self) -> Decimal:
        """The value as a number."""
        return Decimal(self.value)


_COLUMNS = tuple("class" if field.name == "cls" else field.name for field in fields(LexiconRow))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A form as tokens; ``stem`` when its last word is only the beginning of one."""

    words: tuple[str, ...]
    stem: bool
    entry: LexiconRow


class Lexicon:
    """The rows by class and language."""

    def __init__(self, entries: Sequence[LexiconRow]) -> None:
        self.entries = tuple(entries)
        self._by_class: dict[str, list[LexiconRow]] = {}
        for entry in self.entries:
            self._by_class.setdefault(entry.cls, []).append(entry)

    @property
    def classes(self) -> frozenset[str]:
        """The names of all classes."""
        return frozenset(self._by_class)

    def of(self, cls: str, language: Language | None = None) -> list[LexiconRow]:
        """The rows of a class in order, of one language (what is neither is read as English) or of both.

        Raises KeyError for a class that no row has: a misspelt one.
        """
        rows = self._by_class[cls]
        if language is None:
            return rows
        code = "es" if language is Language.ES else "en"
        return [row for row in rows if row.language in (code, "*")]

    def words(self, cls: str, language: Language | None = None) -> frozenset[str]:
        """The forms of a class."""
        return frozenset(row.form for row in self.of(cls, language))

    def stems(self, cls: str, language: Language | None = None) -> tuple[str, ...]:
        """The beginnings of words of a class, without their stars."""
        return tuple(row.form.removesuffix("*") for row in self.of(cls, language))

    def numbers(self, cls: str, language: Language | None = None) -> dict[str, Decimal]:
        """Form to value of a class whose values are numbers."""
        return {row.form: row.number for row in self.of(cls, language)}

    def names(self, cls: str, language: Language | None = None) -> dict[str, str]:
        """Form to value of a class whose values are names."""
        return {row.form: row.value for row in self.of(cls, language)}

    def phrases(self, *classes: str, language: Language | None = None) -> Phrases:
        """The forms of some classes, to be found in a line of tokens."""
        return Phrases([row for cls in classes for row in self.of(cls, language)])


class Phrases:
    """Forms of one or several words, found in tokens by their first or last word, the longest first."""

    def __init__(self, entries: Sequence[LexiconRow]) -> None:
        self._first: dict[str, list[Phrase]] = {}
        self._last: dict[str, list[Phrase]] = {}
        self._stems: dict[str, list[Phrase]] = {}
        for entry in entries:
            words = tuple(token.lower for token in tokenize(entry.form.removesuffix("*")))
            phrase = Phrase(words, entry.form.endswith("*"), entry)
            if phrase.stem and len(words) == 1:
                self._stems.setdefault(words[0][:3], []).append(phrase)
            else:
                self._first.setdefault(words[0], []).append(phrase)
                self._last.setdefault(words[-1], []).append(phrase)
        for table in (self._first, self._last, self._stems):
            for rows in table.values():
                rows.sort(key=lambda row: -len(row.words))

    def at(self, tokens: Sequence[Token], index: int) -> Phrase | None:
        """The longest form that starts at this token, or null."""
        if not 0 <= index < len(tokens):
            return None
        lower = tokens[index].lower
        for phrase in self._first.get(lower, ()):
            if len(phrase.words) == 1 or _stands(tokens, index, phrase):
                return phrase
        for phrase in self._stems.get(lower[:3], ()):
            if lower.startswith(phrase.words[0]):
                return phrase
        return None

    def before(self, tokens: Sequence[Token], end: int, last: str | None = None) -> Phrase | None:
        """The longest form that ends right before ``end``, its last word read as ``last``; or null."""
        if not 0 < end <= len(tokens):
            return None
        last = tokens[end - 1].lower if last is None else last
        for phrase in self._last.get(last, ()):
            start = end - len(phrase.words)
            if start >= 0 and all(tokens[start + at].lower == word for at, word in enumerate(phrase.words[:-1])):
                return phrase
        return None

    def found(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int, LexiconRow]]:
        """Every form in the tokens as (first, stop, row), in order; a word may be in several."""
        first, stems = self._first, self._stems
        lowers = [token.lower for token in tokens]
        lowers.append("")
        for index, lower in enumerate(lowers[:-1]):
            for phrase in first.get(lower, ()):
                size = len(phrase.words)
                if size == 1 or (
                    (phrase.words[1] == lowers[index + 1] or phrase.stem) and _stands(tokens, index, phrase)
                ):
                    yield index, index + size, phrase.entry
            for phrase in stems.get(lower[:3], ()):
                if lower.startswith(phrase.words[0]):
                    yield index, index + 1, phrase.entry


def _stands(tokens: Sequence[Token], index: int, phrase: Phrase) -> bool:
    words, stop = phrase.words, index + len(phrase.words)
    if stop > len(tokens):
        return False
    for place in range(1, len(words) - 1):
        if tokens[index + place].lower != words[place]:
            return False
    lower = tokens[stop - 1].lower
    return lower == words[-1] or (phrase.stem and lower.startswith(words[-1]))


def read_lexicon(path: Path = TABLE) -> Lexicon:
    """The lexicon of a table. Raises InputError with the number of the row and the column at fault."""
    lines = path.read_text(encoding="utf-8").split("\n")
    if tuple(lines[0].split("\t")) != _COLUMNS:
        raise InputError(f"{path.name}:1", say("must_name_the_columns", columns=", ".join(_COLUMNS)), _CURE)
    seen: dict[tuple[str, ...], int] = {}
    entries = []
    for number, line in enumerate(lines[1:], 2):
        if line and not line.startswith("#"):
            entry = _entry(line, f"{path.name}:{number}")
            key = (entry.language, entry.form, entry.cls, entry.place)
            if key in seen:
                raise InputError(
                    f"{path.name}:{number}", say("says_again_what_row_says", seen=seen[key], form=entry.form), _CURE
                )
            seen[key] = number
            entries.append(entry)
    return Lexicon(entries)


def _entry(line: str, place: str) -> LexiconRow:
    cells = line.split("\t")
    if len(cells) != len(_COLUMNS):
        raise InputError(place, say("has_other_columns", found=len(cells), wanted=len(_COLUMNS)), _CURE)
    entry = LexiconRow(*cells)
    faults = (
        ("language", entry.language not in _LANGUAGES),
        ("region", _REGION.fullmatch(entry.region) is None),
        ("form", not entry.form or entry.form != entry.form.strip() or "*" in entry.form[:-1]),
        ("class", _CLASS.fullmatch(entry.cls) is None),
        ("value", entry.value[:1].isdigit() and not _is_number(entry.value)),
        ("place", entry.place not in _PLACES),
    )
    for column, wrong in faults:
        if wrong:
            cell = cells[_COLUMNS.index(column)]
            raise InputError(place, say("the_column_cannot", column=column, cell=cell), _CURE)
    return entry


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


@cache
def lexicon() -> Lexicon:
    """The lexicon that comes with the project, read once."""
    return read_lexicon()


def words_of(cls: str, language: Language | None = None) -> frozenset[str]:
    """The forms of a class of the project's lexicon."""
    return lexicon().words(cls, language)
