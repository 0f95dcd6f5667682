"""Citations of documents in APA, MLA, Chicago, BibTeX, RIS and CSL-JSON, in Spanish and English wording.

The doors of this room: a reference in a style, beside a quote, and with a quote for the clipboard.
"""

from kb.citing.citation_words import Style, doubt_words, parse_style, place_words, requoted, secondary_words
from kb.citing.exchange import bibtex, csl_json, of_source, ris
from kb.citing.reference import Reference
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say

__all__ = [
    "Reference",
    "Style",
    "as_cited_in",
    "footnote",
    "format_reference",
    "in_text",
    "of_source",
    "parse_style",
    "quote_with_citation",
]


def format_reference(reference: Reference, style: Style, language: Language) -> str:
    """The reference as it stands in a list of works, or as a file for programs; plain text, never HTML."""
    if style is Style.BIBTEX:
        return bibtex(reference, language)
    if style is Style.RIS:
        return ris(reference, language)
    if style is Style.CSL_JSON:
        return csl_json(reference, language)
    # Here, because the renderer loads an XML library that the name of a style has no use for.
    from kb.citing.rendering import bibliography_entry

    return _with_doubt(bibliography_entry(reference, style, language), reference, language)


def in_text(reference: Reference, style: Style, language: Language) -> str:
    """The citation beside a quote with its place; in Chicago notes the whole note. InputError for file formats."""
    if style.is_data:
        raise InputError(
            say("citation_style", style=style.value), say("has_no_in_text_form"), say("use_apa_mla_or_chicago")
        )
    from kb.citing.rendering import citation_in_text

    beside = citation_in_text(reference, style, language)
    return _with_doubt(beside, reference, language) if style is Style.CHICAGO else beside


def as_cited_in(measured: str, year: int | None, reference: Reference, style: Style, language: Language) -> str:
    """A work that was not seen, with the one that tells of it: "(Gartner, 2021, as cited in Pérez, 2022, p. 3)", in MLA
    "(Gartner, qtd. in Pérez 3)", in Chicago notes a note without brackets. InputError for file formats."""
    beside = in_text(reference, style, language)
    parts = [measured] if year is None or style is Style.MLA else [measured, str(year)]
    named = (" " if style is Style.CHICAGO_AUTHOR_DATE else ", ").join(parts)
    told = f"{named}, {secondary_words(style, language)} {beside.removeprefix('(').removesuffix(')')}"
    return told if style is Style.CHICAGO else f"({told})"


def _with_doubt(entry: str, reference: Reference, language: Language) -> str:
    doubt = doubt_words(reference, language)
    return f"{entry} [{doubt}]" if doubt else entry


def footnote(reference: Reference, style: Style, language: Language) -> str:
    """The reference as a footnote to a quote: the entry with the place in it, in Chicago notes the whole note.

    InputError for file formats.
    """
    beside = in_text(reference, style, language)
    if style is Style.CHICAGO:
        return beside
    entry, place = format_reference(reference, style, language), place_words(reference, style, language)
    return f"{entry} ({place})." if place else entry


def quote_with_citation(quote: str, reference: Reference, style: Style, language: Language) -> str:
    """The quote in the language's quotation marks with its citation, then the entry and the permalink.

    The quote itself is not changed, but for quotation marks inside it, which become inner ones,
    and line breaks, which become spaces.
    """
    inner = requoted(" ".join(quote.split()), language)
    marked = f"«{inner}»" if language is Language.ES else f"“{inner}”"
    if style.is_data:
        place = place_words(reference, Style.APA, language)
        first = f"{marked} ({place})" if place else marked
    else:
        first = f"{marked} {in_text(reference, style, language)}"
    lines = [first, "", format_reference(reference, style, language)]
    return "\n".join([*lines, reference.permalink] if reference.permalink else lines)
