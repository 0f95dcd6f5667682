"""A dossier: collected quotes with notes, figures and references, as Markdown, RIS and BibTeX.

Quotes stand as they are in their sources, each in the quotation marks of its own language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from api.files.dossier_words import DossierWords, words_of
from kb.records.citation import Citation
from kb.records.language import Language
from kb.records.statistic import Statistic

# Every mark that Markdown or the HTML inside it could read as its own.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~^&!])")
_LINE_START = re.compile(r"[-+=]|\d+[.)]")


@dataclass(frozen=True, slots=True)
class DossierEntry:
    """A quote to print: its citation, note, and reference written beside a quote, in a footnote, as RIS and as BibTeX.

    ``ris`` and ``bibtex`` are the one record of its source. ``link`` opens the quote where others reach the base; empty
    where they do not. ``source`` is the document as it stands in a list of works, ``figures`` the statistics inside the
    quote, ``opens`` the address of its document, "" as ``link``.
    """

    citation: Citation
    language: Language
    note: str
    beside: str
    reference: str
    ris: str
    bibtex: str
    link: str
    source: str = ""
    figures: tuple[Statistic, ...] = ()
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands above the quotes: the question or the name of what was collected, the day (null: not said), how
    much there is, and the language of all words that are no quote."""

    title: str
    day: date | None
    lead: str
    wording: Language


def sources(entries: Iterable[DossierEntry]) -> list[DossierEntry]:
    """One entry of each document, in the order of a list of works."""
    first: dict[str, DossierEntry] = {}
    for entry in entries:
        first.setdefault(entry.citation.document.id, entry)
    return sorted(first.values(), key=lambda entry: entry.source.casefold())


def fingerprint(entry: DossierEntry) -> str:
    """What the original of a document is told by, and its short address where others reach the base."""
    document = entry.citation.document
    told = f"{document.title or document.source_id}: {entry.citation.sha256}"
    return f"{told} · {entry.opens}" if entry.opens else told


def quoted(entry: DossierEntry) -> str:
    """The quote on one line, in the quotation marks of its language."""
    facts = entry.language.facts
    return f"{facts.open_quote}{' '.join(entry.citation.quote.split())}{facts.close_quote}"


def markdown(entries: Sequence[DossierEntry], cover: Cover) -> bytes:
    """The dossier as Markdown with footnotes: cover, quotes, figures and sources."""
    t = words_of(cover.wording)
    lines = [f"# {escaped(cover.title)}", ""]
    lines += [f"{escaped(part)}\n" for part in (t.dated(cover.day), cover.lead) if part]
    for number, entry in enumerate(entries, start=1):
        if entry.note:
            lines += [escaped(entry.note), ""]
        lines += [f"> {escaped(quoted(entry))}[^{number}]", ""]
    rows = figure_table(entries, t)
    if rows:
        lines += [f"## {t.figures}", "", _row(t.columns), _row(["---"] * len(t.columns)), *map(_row, rows), ""]
    if entries:
        lines += [f"## {t.sources}", "", *(f"- {escaped(entry.source)}" for entry in sources(entries)), ""]
        checks = (f"- {escaped(fingerprint(entry))}" for entry in sources(entries))
        lines += [f"## {t.checking}", "", t.how_to_check, "", *checks, ""]
    for number, entry in enumerate(entries, start=1):
        link = f" <{entry.link}>" if entry.link else ""
        lines.append(f"[^{number}]: {escaped(entry.reference)}{link}")
    return ("\n".join(lines) + "\n").encode()


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell if cell == '---' else escaped(cell) for cell in cells)} |"


def figure_table(entries: Sequence[DossierEntry], t: DossierWords) -> list[list[str]]:
    """A row for each figure of the quotes: as said, of whom, n, year, who measured it, and the number of its note."""
    return [
        [" ".join(one.raw.split()), one.population or "–", t.number(one.sample_size), str(one.year or "–"),
         one.source or "–", str(number)]
        for number, entry in enumerate(entries, start=1)
        for one in entry.figures
    ]  # fmt: skip


def escaped(text: str) -> str:
    """The text on one line so that Markdown shows its very characters."""
    line = " ".join(text.split())
    guarded = _SPECIAL.sub(r"\\\1", line)
    start = _LINE_START.match(guarded)
    return f"{start[0][:-1]}\\{guarded[start.end() - 1 :]}" if start else guarded


def ris_file(entries: Sequence[DossierEntry], _cover: Cover) -> bytes:
    """One RIS record for each distinct reference."""
    return "".join(dict.fromkeys(entry.ris for entry in entries)).encode()


def bibtex_file(entries: Sequence[DossierEntry], _cover: Cover) -> bytes:
    """One BibTeX entry for each document: keys must not stand twice in a file."""
    first: dict[str, str] = {}
    for entry in entries:
        first.setdefault(entry.citation.document.id, entry.bibtex)
    return "\n".join(first.values()).encode()
