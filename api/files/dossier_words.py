"""The words of a dossier that are no quote, in both languages: headings, columns, counts.

Quotes and references bring their own words.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from api.words.formats import day, number
from kb.citing import Style
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say


@dataclass(frozen=True, slots=True)
class Writing:
    """How a dossier is written: the style of its citations, the language of all that is no quote, its day.

    InputError for a style that is no prose.
    """

    style: Style
    language: Language
    today: date

    def __post_init__(self) -> None:
        if self.style.is_data:
            raise InputError(
                say("citation_style", style=self.style.value),
                say("has_no_form_for_a_footnote"),
                say("use_apa_mla_or_chicago"),
            )


@dataclass(frozen=True, slots=True)
class DossierWords:
    """The words in one language; a pair is singular and plural."""

    language: Language
    kind: str
    findings: str
    figures: str
    sources: str
    notes: str
    checking: str
    columns: tuple[str, ...]
    quotes: tuple[str, str]
    documents: tuple[str, str]
    from_: str
    in_language: str
    how: str
    how_to_check: str
    opens: str
    too_many: str
    other: str
    page: str
    names: Mapping[Language, str]
    searched: str

    def of_base(self, documents: int, passages: int) -> str:
        """How much the base holds."""
        return self.searched.format(documents=self._some(documents, self.documents), passages=self.number(passages))

    def dated(self, when: date | None) -> str:
        """The day in words, "" for none."""
        return (day(when.isoformat(), self.language) or "") if when else ""

    def in_the(self, language: Language) -> str:
        """ "In Spanish", as the head of a column."""
        words = f"{self.in_language} {self.names[language]}"
        return words[0].upper() + words[1:]

    def opened(self, address: str) -> str:
        """What the address that opens all quotes does."""
        return self.opens.format(host=urlsplit(address).netloc)

    def number(self, value: int | None) -> str:
        """A whole number with the language's marks, a dash for none."""
        return "–" if value is None else number(value, self.language)

    def lead(self, languages: Iterable[Language], documents: int) -> str:
        """How many quotes there are, of how many documents and in which languages, and what a quote is."""
        counted = Counter(languages)
        count = f"{self._some(counted.total(), self.quotes)} {self.from_} {self._some(documents, self.documents)}"
        told = ", ".join(
            f"{self.number(many)} {self.in_language} {self.names[one]}" for one, many in counted.most_common()
        )
        return f"{count} ({told}). {self.how}"

    def _some(self, count: int, words: tuple[str, str]) -> str:
        return f"{self.number(count)} {words[0] if count == 1 else words[1]}"


@cache
def words_of(language: Language) -> DossierWords:
    """The words in Spanish or in English, of ``api/data/dossier_words.json``."""
    wording = Language.ES if language is Language.ES else Language.EN
    rows = json.loads(resources.files("api").joinpath("data", "dossier_words.json").read_text(encoding="utf-8"))
    words = {key: row[wording.value] for key, row in rows.items()}
    told: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in words.items()}
    spanish = wording is Language.ES
    names = {one: one.facts.name_es if spanish else one.facts.name_en for one in Language}
    return DossierWords(wording, names=names, **told)
