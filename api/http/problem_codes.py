"""The codes that a problem can have: the status of each, with its title and its general hint in Spanish and in English.

A code is stable within v1: programs look at it, people read the words (``api/data/problems.tsv``).
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from kb.outside.strings import rows_of
from kb.records.language import Language


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """A problem code: its status, and its title and general hint in both languages."""

    status: int
    title_en: str
    title_es: str
    hint_en: str
    hint_es: str

    def title(self, language: Language) -> str:
        """The title for people."""
        return self.title_es if language is Language.ES else self.title_en

    def hint(self, language: Language) -> str:
        """What to do when the error itself names nothing better."""
        return self.hint_es if language is Language.ES else self.hint_en


class Problem(BaseModel):
    """An RFC 9457 problem: ``code`` is stable, title, detail and hint are in the caller's language (es or en)."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    hint: str | None = None
    errors: list[dict[str, str]] | None = None


class ProblemFacts(BaseModel):
    """What a problem code means, in both languages."""

    code: str
    status: int
    title_en: str
    title_es: str
    hint_en: str
    hint_es: str


_COLUMNS = ("code", "status", "title_en", "title_es", "hint_en", "hint_es")
CODES = {code: CodeFacts(int(status), *words) for code, status, *words in rows_of("api", "problems.tsv", *_COLUMNS)}
