"""The wording of citations in Spanish and English: places, untitled documents, quotation marks around titles.

Owns what the manuals say of punctuation beside quotation marks; knows no citation library.
"""

import re
from enum import Enum

from kb.citing.reference import Reference
from kb.records.errors import member_of
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

    def label(self, language: Language) -> str:
        """What people call it, in Spanish or English."""
        es, en = _LABELS[self]
        return es if language is Language.ES else en


_SECONDARY = {
    Style.APA: ("como se citó en", "as cited in"),
    Style.MLA: ("citado en", "qtd. in"),
    Style.CHICAGO: ("citado en", "quoted in"),
}


def parse_style(name: str) -> Style:
    """The style of this name ("apa", "chicago" for notes, "chicago-author-date" …); raises InputError else."""
    return member_of(Style, name.strip().lower().replace("_", "-"), say("citation_style", style=name))


def place_words(reference: Reference, style: Style, language: Language) -> str | None:
    """The place in words ("p. 5", "párr. 3", "slide 2", Chicago and MLA "5" for a page), or null."""
    words = _place_words(reference, style, language)
    if not reference.recognised:
        return words
    mark = "texto por OCR" if language is Language.ES else "text by OCR"
    return f"{words}, {mark}" if words else mark


def doubt_words(reference: Reference, language: Language) -> str | None:
    """What is to be said beside the reference: that its title or date is inferred; null where nothing is."""
    said = {"title": reference.title, "published": reference.published}
    doubted = [field for field in said if field in reference.inferred and said[field] is not None]
    return ", ".join(_DOUBTS[field][language is not Language.ES] for field in doubted) or None


def secondary_words(style: Style, language: Language) -> str:
    """What stands between a work that was not seen and the work that tells of it: "as cited in", "qtd. in"."""
    es, en = _SECONDARY.get(style, _SECONDARY[Style.CHICAGO])
    return es if language is Language.ES else en


def _place_words(reference: Reference, style: Style, language: Language) -> str | None:
    if reference.page is not None:
        return str(reference.page) if style in (Style.MLA, *_CHICAGO) else f"p. {reference.page}"
    if reference.slide is not None:
        return f"{'diapositiva' if language is Language.ES else 'slide'} {reference.slide}"
    if reference.paragraph is None:
        return reference.cell or reference.time
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


_DOUBTS = {"title": ("título deducido", "title inferred"), "published": ("fecha deducida", "date inferred")}
_CHICAGO = (Style.CHICAGO, Style.CHICAGO_AUTHOR_DATE)
# What people call each style, in Spanish and in English.
_LABELS = {
    Style.APA: ("APA", "APA"),
    Style.MLA: ("MLA", "MLA"),
    Style.CHICAGO: ("Chicago (notas)", "Chicago (notes)"),
    Style.CHICAGO_AUTHOR_DATE: ("Chicago (autor-fecha)", "Chicago (author-date)"),
    Style.BIBTEX: ("BibTeX", "BibTeX"),
    Style.RIS: ("RIS", "RIS"),
    Style.CSL_JSON: ("CSL-JSON", "CSL-JSON"),
}
PROSE = tuple(style for style in Style if not style.is_data)
