"""References as files for programs: BibTeX, RIS and CSL-JSON.

Only what is known is written: a document without a date has no year field. Every value is made
safe for its format, so that no title can open a field or a record of its own.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kb.citing.citation_words import Style, doubt_words, place_words, requoted
from kb.citing.reference import PartialDate, PersonName, Reference, cleaned
from kb.records.language import Language

# A straight quotation mark needs no command inside braces, and Zotero reads none for it.
_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
    }
)
# BibTeX counts braces even behind a backslash: those without a partner are written as commands.
_PAIRED = str.maketrans({"{": r"\{", "}": r"\}"})
_UNPAIRED = str.maketrans({"{": r"\textbraceleft{}", "}": r"\textbraceright{}"})
_AND = re.compile(r"\band\b", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def bibtex(reference: Reference, language: Language) -> str:
    """The reference as one BibTeX entry of type misc, which BibTeX and biblatex both read."""
    published = reference.published
    fields = [
        ("author", _braced(" and ".join(_bibtex_name(author) for author in reference.authors))),
        ("title", _braced(_escaped(reference.title, twice=True))),
        ("publisher", _braced(_escaped(reference.publisher, twice=True))),
        ("year", _braced(f"{published.year:04d}" if published else None)),
        ("month", _MONTHS[published.month - 1] if published and published.month else None),
        ("day", _braced(str(published.day) if published and published.day else None)),
        ("url", _braced(reference.url)),
        ("urldate", _braced(reference.visited.isoformat() if reference.visited else None)),
        ("note", _braced(_escaped(_note(reference, language)))),
        ("annote", _braced(_escaped("; ".join(reference.quotes)))),
    ]
    rows = [f"  {name} = {value}" for name, value in fields if value]
    return "@misc{" + _citation_key(reference) + ",\n" + ",\n".join(rows) + ("\n}" if rows else "}")


def _braced(value: str | None) -> str | None:
    return f"{{{value}}}" if value else None


def _escaped(text: str | None, *, twice: bool = False) -> str | None:
    """The text with BibTeX's special characters as commands; ``twice`` braces it against changes of case."""
    if not text:
        return None
    return f"{{{_as_tex(text)}}}" if twice else _as_tex(text)


def _as_tex(text: str) -> str:
    braces = _PAIRED if _is_balanced(text) else _UNPAIRED
    return "".join(mark.translate(braces) if mark in "{}" else mark.translate(_BIBTEX) for mark in text)


def _is_balanced(text: str) -> bool:
    depth = 0
    for mark in text:
        depth += (mark == "{") - (mark == "}")
        if depth < 0:
            return False
    return depth == 0


def ris(reference: Reference, language: Language) -> str:
    """The reference as one RIS record with CR LF line ends, as the format asks."""
    published, accessed = reference.published, reference.visited
    # Zotero takes GEN for an article of a journal, and a page of the web for one without a publisher: its name is the
    # site's there (fieldMap and importTypeMap of its translator, RIS.js).
    kind, site = ("ELEC", reference.publisher) if reference.url else ("RPRT", None)
    rows: list[tuple[str, str | None]] = [("TY", kind), ("ID", _citation_key(reference))]
    rows += [("AU", _ris_name(author)) for author in reference.authors]
    rows += [
        ("TI", reference.title),
        ("T2", site),
        ("PB", reference.publisher),
        ("PY", f"{published.year:04d}" if published else None),
        ("DA", _ris_date(published) if published else None),
        ("Y2", f"{accessed:%Y/%m/%d}" if accessed else None),
        ("UR", reference.url),
        ("N1", _note(reference, language)),
        *(("N1", quote) for quote in reference.quotes),
    ]
    lines = [f"{tag}  - {value}" for tag, value in rows if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def csl_json(reference: Reference, language: Language) -> str:
    """The reference as a CSL-JSON list of one item, in keys of fixed order."""
    item: dict[str, Any] = {"id": _citation_key(reference), "type": "webpage" if reference.url else "document"}
    if reference.authors:
        item["author"] = [csl_name(author) for author in reference.authors]
    item |= {"title": reference.title, "publisher": reference.publisher}
    item["container-title"] = reference.publisher if reference.url else None
    item |= csl_dates(reference)
    notes = [note for note in (_note(reference, language), *reference.quotes) if note]
    item |= {"URL": reference.url, "note": "\n".join(notes) or None}
    known = {key: value for key, value in item.items() if value is not None}
    return json.dumps([known], ensure_ascii=False, indent=2)


def _citation_key(reference: Reference) -> str:
    """A key of ASCII letters and digits from author or title, year and id: the same input, the same key."""
    first = reference.authors[0] if reference.authors else None
    source = (first.family or first.literal or "") if first else reference.title or ""
    folded = unicodedata.normalize("NFKD", source).encode("ascii", "ignore").decode().lower()
    word = next((word for word in re.findall(r"[a-z0-9]+", folded) if len(word) > 2), "document")
    year = f"{reference.published.year:04d}" if reference.published else ""
    return f"{word[:20]}{year}-{re.sub('[^A-Za-z0-9]', '', reference.id)[:8]}"


def of_source(places: Sequence[tuple[Reference, str | None]], language: Language) -> Reference:
    """The reference of one source without a place, the quotes (if any) of these places in it as notes, each once."""
    first = places[0][0]
    notes = (_quote_note(replace(reference, inferred=()), quote, language) for reference, quote in places)
    bare = Reference(first.id, first.title, first.authors, first.publisher, first.published, first.url)
    bare = replace(bare, inferred=first.inferred)
    return replace(bare, accessed=first.accessed, quotes=tuple(dict.fromkeys(note for note in notes if note)))


def _quote_note(reference: Reference, quote: str | None, language: Language) -> str | None:
    note = _note(reference, language)
    if quote is None:
        return note
    words = language.facts.quoted(requoted(cleaned(quote) or "", language))
    return f"{words} ({note})" if note else words


def _note(reference: Reference, language: Language) -> str | None:
    """The place in words and the permalink, as far as they are known."""
    parts = [doubt_words(reference, language), place_words(reference, Style.APA, language), reference.permalink]
    return "; ".join(part for part in parts if part) or None


def _bibtex_name(author: PersonName) -> str:
    if author.literal is not None:
        return f"{{{_as_tex(author.literal)}}}"
    parts = [_as_tex(part) for part in (author.family or "", author.given or "")]
    # BibTeX parts authors at the word "and", however it is written.
    return ", ".join(f"{{{part}}}" if _AND.search(part) else part for part in parts)


def _ris_name(author: PersonName) -> str:
    """The name with its comma; RIS has no other way to say "Acme, Inc." is no person than to leave its comma out."""
    if author.literal is not None:
        return " ".join(author.literal.replace(",", " ").split())
    return f"{author.family}, {author.given}"


def csl_name(author: PersonName) -> dict[str, str]:
    """The name as CSL has it."""
    if author.literal is not None:
        return {"literal": author.literal}
    return {"family": author.family or "", "given": author.given or ""}


def _ris_date(day: PartialDate) -> str:
    return "/".join(f"{part:02d}" for part in _date_parts(day))


def csl_dates(reference: Reference) -> dict[str, Any]:
    """When a work was published and visited, as CSL has dates; what is not known is left out."""
    days = {"issued": reference.published, "accessed": reference.visited}
    return {name: {"date-parts": [_date_parts(day)]} for name, day in days.items() if day}


def _date_parts(day: PartialDate | date) -> list[int]:
    return [part for part in (day.year, day.month, day.day) if part is not None]
