"""The wording of citations in Spanish and English: places, untitled documents, quotation marks around titles.

Owns what the manuals say of punctuation beside quotation marks; knows no citation library.
"""

from __future__ import annotations

import re
from enum import Enum

from kb.citing.reference import Reference
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say

_END_MARKS = ("?", "!", "…")
# These keep their stop inside «»; the stop of a sentence gives way to the mark after it.
_ABBREVIATED = re.compile(r"(?:\b[^\W\d_]|\b(?:inc|ltd|corp|co|jr|sr|etc|núm|vol|ed|art|ee|uu))\.$", re.IGNORECASE)


class Style(Enum):
    """The ways a reference can be written."""

    APA = "apa"
    MLA = "mla"
    CHICAGO = "chicago"
    CHICAGO_AUTHOR_DATE = "chicago-author-date"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"

    @property
    def is_data(self) -> bool:
        """Whether the style is a file format for programs."""
        return self in (Style.BIBTEX, Style.RIS, Style.CSL_JSON)


def parse_style(name: str) -> Style:
    """The style of this name ("apa", "chicago" for notes, "chicago-author-date" …); raises InputError else."""
    try:
        return Style(name.strip().lower().replace("_", "-"))
    except ValueError:
        known = ", ".join(style.value for style in Style)
        raise InputError(
            say("citation_style", style=name), say("is_not_known"), say("use_one_of", known=known)
        ) from None


def place_words(reference: Reference, style: Style, language: Language) -> str | None:
    """The page or paragraph in words ("p. 5", "párr. 3", Chicago and MLA "5"), or null where neither is known."""
    if reference.page is not None:
        return str(reference.page) if style in (Style.MLA, *_CHICAGO) else f"p. {reference.page}"
    if reference.paragraph is None:
        return None
    if language is Language.ES:
        return f"párr. {reference.paragraph}"
    return f"{'par.' if style is Style.MLA else 'para.'} {reference.paragraph}"


def title_in_quotes(reference: Reference, mark: str, language: Language) -> str:
    """The title in quotation marks with its mark; a description of an untitled document has no quotation marks."""
    words = title_words(reference, language)
    return f"{words}{mark}" if reference.title is None else quoted(words, mark, language)


def title_words(reference: Reference, language: Language) -> str:
    """The title, or a description in square brackets where the document has none."""
    if reference.title is not None:
        return reference.title
    return "[Documento sin título]" if language is Language.ES else "[Untitled document]"


def quoted(text: str, mark: str, language: Language) -> str:
    """The text in quotation marks with a full stop or comma where the language puts it: “Text.” but «Text».

    A question or exclamation mark or an ellipsis at the end keeps its place and stands for a full stop.
    """
    inner = requoted(text, language)
    if language is Language.ES:
        stopped = inner.endswith(".") and mark and not _ABBREVIATED.search(inner)
        return f"«{inner[:-1] if stopped else inner}»{mark}"
    bare = inner[:-1] if inner.endswith((".", ",")) and mark else inner
    return f"“{bare}”" if bare.endswith(_END_MARKS) and mark == "." else f"“{bare}{mark}”"


def requoted(text: str, language: Language) -> str:
    """The text with the quotation marks that stand inside quotation marks: “ ” inside « », ‘ ’ inside “ ”."""
    opening, closing = ("“", "”") if language is Language.ES else ("‘", "’")
    out = []
    opened = False
    for mark in text:
        if mark in "«“„":
            out.append(opening)
        elif mark in "»”":
            out.append(closing)
        elif mark == '"':
            out.append(closing if opened else opening)
            opened = not opened
        else:
            out.append(mark)
    return "".join(out)


_CHICAGO = (Style.CHICAGO, Style.CHICAGO_AUTHOR_DATE)
