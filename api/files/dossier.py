"""A dossier: collected quotes with notes and references, as Markdown, RIS and BibTeX.

Quotes stand as they are in their sources, each in the quotation marks of its own language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.records.citation import Citation
from kb.records.language import Language

# Every mark that Markdown or the HTML inside it could read as its own.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~^&!])")
_LINE_START = re.compile(r"[-+=]|\d+[.)]")


@dataclass(frozen=True, slots=True)
class DossierEntry:
    """A quote to print: its citation, note, and reference written beside a quote, in a footnote, as RIS and as BibTeX.

    ``ris`` and ``bibtex`` are the one record of its source. ``link`` opens the quote where others reach the base; empty
    where they do not."""

    citation: Citation
    language: Language
    note: str
    beside: str
    reference: str
    ris: str
    bibtex: str
    link: str


def quoted(entry: DossierEntry) -> str:
    """The quote on one line, in the quotation marks of its language."""
    facts = entry.language.facts
    return f"{facts.open_quote}{' '.join(entry.citation.quote.split())}{facts.close_quote}"


def markdown(entries: Sequence[DossierEntry], title: str, lead: str = "") -> bytes:
    """The dossier as Markdown with footnotes; ``lead`` is a paragraph before the quotes."""
    lines = [f"# {escaped(title)}", "", *([escaped(lead), ""] if lead else [])]
    for number, entry in enumerate(entries, start=1):
        if entry.note:
            lines += [escaped(entry.note), ""]
        lines += [f"> {escaped(quoted(entry))}[^{number}]", ""]
    for number, entry in enumerate(entries, start=1):
        link = f" <{entry.link}>" if entry.link else ""
        lines.append(f"[^{number}]: {escaped(entry.reference)}{link}")
    return ("\n".join(lines) + "\n").encode()


def escaped(text: str) -> str:
    """The text on one line so that Markdown shows its very characters."""
    line = " ".join(text.split())
    guarded = _SPECIAL.sub(r"\\\1", line)
    start = _LINE_START.match(guarded)
    return f"{start[0][:-1]}\\{guarded[start.end() - 1 :]}" if start else guarded


def ris_file(entries: Sequence[DossierEntry], _title: str) -> bytes:
    """One RIS record for each distinct reference."""
    return "".join(dict.fromkeys(entry.ris for entry in entries)).encode()


def bibtex_file(entries: Sequence[DossierEntry], _title: str) -> bytes:
    """One BibTeX entry for each document: keys must not stand twice in a file."""
    first: dict[str, str] = {}
    for entry in entries:
        first.setdefault(entry.citation.document.id, entry.bibtex)
    return "\n".join(first.values()).encode()
