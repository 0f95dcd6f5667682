"""Renders references in APA, MLA and Chicago through citeproc-py: the one module that imports it; and the one
door for every style.

Titles, publishers, addresses and places go through as single stand-in characters and are put in
afterwards, so that no text of a document is read as markup or has its marks rearranged.
"""

import re
import warnings
from datetime import date
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Any

from citeproc import (  # type: ignore[import-untyped]
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    Locator,
    formatter,
)
from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]

from kb.citing.citation_words import (
    Style,
    doubt_words,
    place_words,
    requoted,
    secondary_words,
    title_in_quotes,
    title_words,
)
from kb.citing.exchange import bibtex, csl_json, ris
from kb.citing.reference import PartialDate, PersonName, Reference
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say

_TITLE, _PUBLISHER, _URL, _PLACE, _SHORT = "\ue010", "\ue011", "\ue012", "\ue013", "\ue014"
_STAND_IN = re.compile("([\ue010-\ue014])(\\.?)")
# A Spanish month after a full stop begins with a capital.
_MONTH_AFTER_STOP = re.compile(
    "(?<=[\ue010.] )(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\\b"
)
# Spanish "y" is "e" before the sound i ("Gil e Ibáñez", "Gil e Hidalgo", but "Gil y Hierro").
_SOUNDS_I = re.compile(r"(?:i|í|hi(?![aeo]))", re.IGNORECASE)


def bibliography_entry(reference: Reference, style: Style, language: Language) -> str:
    """The entry of the reference in a list of works."""
    bibliography, _ = _rendered(reference, style, language)
    [entry] = bibliography.bibliography()
    return _filled(_comma_after_inverted(str(entry), reference, style, language), reference, style, language)


def citation_in_text(reference: Reference, style: Style, language: Language) -> str:
    """The citation beside a quote: "(Author, 2022, p. 5)", or the whole note in Chicago notes."""
    bibliography, citation = _rendered(reference, style, language)
    return _filled(str(bibliography.cite(citation, lambda _: None)), reference, style, language)


def _rendered(reference: Reference, style: Style, language: Language) -> tuple[Any, Any]:
    item = _item(reference, style)
    bibliography = CitationStylesBibliography(_style(style, language), CiteProcJSON([item]), formatter.plain)
    placed = place_words(reference, style, language) is not None
    locator = {"locator": Locator("page", _PLACE)} if placed else {}
    citation = Citation([CitationItem(item["id"], **locator)])
    bibliography.register(citation)
    return bibliography, citation


@lru_cache(maxsize=16)
def _style(style: Style, language: Language) -> Any:
    code = "es" if language is Language.ES else "en"
    folder = files("kb") / "data" / "csl"
    own = folder / f"{style.value}-{code}.csl"
    # A style with the same rules in both languages has one file; what differs then is the locale.
    with as_file(own if own.is_file() else folder / f"{style.value}.csl") as path, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return CitationStylesStyle(str(path), locale="es-ES" if code == "es" else "en-US", validate=False)


def _item(reference: Reference, style: Style) -> dict[str, Any]:
    authors, publisher = _responsible(reference, style)
    item: dict[str, Any] = {"id": "work", "type": "webpage", "title": _TITLE, "title-short": _SHORT}
    if authors:
        item["author"] = [_name(author) for author in authors]
    if publisher:
        item["publisher"] = _PUBLISHER
    if reference.url:
        item["URL"] = _URL
    if reference.published:
        item["issued"] = {"date-parts": [_date_parts(reference.published)]}
    if reference.visited:
        item["accessed"] = {"date-parts": [_date_parts(reference.visited)]}
    return item


def _responsible(reference: Reference, style: Style) -> tuple[tuple[PersonName, ...], str | None]:
    """Authors and publisher; an organisation that is both is named once, as publisher in MLA, else as author."""
    publisher = reference.publisher
    if len(reference.authors) == 1 and publisher and reference.authors[0].whole.casefold() == publisher.casefold():
        return ((), publisher) if style is Style.MLA else (reference.authors, None)
    return reference.authors, publisher


def _name(author: PersonName) -> dict[str, str]:
    if author.literal is not None:
        return {"literal": author.literal}
    return {"family": author.family or "", "given": author.given or ""}


def _date_parts(day: PartialDate | date) -> list[int]:
    """Year, month and day as far as they are known."""
    return [part for part in (day.year, day.month, day.day) if part is not None]


def _filled(rendered: str, reference: Reference, style: Style, language: Language) -> str:
    """The rendered text with the fields put in for their stand-ins, and no full stop doubled."""
    fields = {
        _TITLE: _title(reference, style, language),
        _SHORT: _title_in_text(reference, style, language),
        _PUBLISHER: reference.publisher or "",
        _URL: reference.url or "",
        _PLACE: _place(reference, style, language),
    }

    def put_in(match: re.Match[str]) -> str:
        field = fields[match.group(1)]
        return field if field.endswith((".", "…")) and match.group(1) == _PUBLISHER else field + match.group(2)

    joined = _joined_names(
        _MONTH_AFTER_STOP.sub(lambda match: match.group().capitalize(), rendered), reference, language
    )
    text = _STAND_IN.sub(put_in, joined)
    return " ".join(text.replace("\u00a0", "\x00").split()).replace("\x00", "\u00a0")


def _title(reference: Reference, style: Style, language: Language) -> str:
    title = title_words(reference, language)
    if style is not Style.APA:
        return title_in_quotes(reference, ".", language)
    return title if title.endswith((".", "?", "!", "…")) else f"{title}."


def _title_in_text(reference: Reference, style: Style, language: Language) -> str:
    """The title where it stands for an author, or in a note; a comma follows it where words do."""
    comma = "," if style is not Style.MLA or reference.is_placed_in_words else ""
    return title_in_quotes(reference, comma, language)


def _place(reference: Reference, style: Style, language: Language) -> str:
    place = place_words(reference, style, language) or ""
    authors, _ = _responsible(reference, style)
    if style is not Style.MLA or reference.page is not None:
        return f" {place}" if style is Style.MLA else place
    return f", {place}" if authors else f" {place}"


def _comma_after_inverted(entry: str, reference: Reference, style: Style, language: Language) -> str:
    """Puts the comma that Spanish MLA and Chicago have after an inverted first name ("Meyer, Christopher, y …").

    citeproc-py 0.11.1 does not know CSL's "after-inverted-name".
    """
    if language is not Language.ES or style is Style.APA or len(reference.authors) != 2:
        return entry
    return entry if reference.authors[0].literal is not None else entry.replace(" y ", ", y ", 1)


def _joined_names(rendered: str, reference: Reference, language: Language) -> str:
    if language is not Language.ES or len(reference.authors) < 2:
        return rendered
    last = reference.authors[-1]
    for start in (last.family, last.given, last.literal):
        if start and _SOUNDS_I.match(start):
            rendered = rendered.replace(f" y {start}", f" e {start}", 1)
    return rendered


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
