"""Renders references in APA, MLA and Chicago through citeproc-py: the one module that imports it.

Titles, publishers, addresses and places go through as single stand-in characters and are put in
afterwards, so that no text of a document is read as markup or has its marks rearranged.
"""

import re
import warnings
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

from kb.citing.citation_words import Style, place_words, title_in_quotes, title_words
from kb.citing.exchange import csl_dates, csl_name
from kb.citing.reference import PersonName, Reference
from kb.records.language import Language

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
        item["author"] = [csl_name(author) for author in authors]
    if publisher:
        item["publisher"] = _PUBLISHER
    if reference.url:
        item["URL"] = _URL
    return item | csl_dates(reference)


def _responsible(reference: Reference, style: Style) -> tuple[tuple[PersonName, ...], str | None]:
    """Authors and publisher; an organisation that is both is named once, as publisher in MLA, else as author."""
    publisher = reference.publisher
    if len(reference.authors) == 1 and publisher and reference.authors[0].whole.casefold() == publisher.casefold():
        return ((), publisher) if style is Style.MLA else (reference.authors, None)
    return reference.authors, publisher


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
