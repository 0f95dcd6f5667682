"""A dossier: collected quotes with notes, figures and references, as Markdown, RIS and BibTeX.

Quotes stand as they are in their sources, each in the quotation marks of its own language.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from api.files.dossier_words import DossierWords, words_of
from api.words.formats import measured_when
from kb.records.language import Language
from kb.records.search import Citation
from kb.records.statistic import Statistic

# Every mark that Markdown or the HTML inside it could read as its own.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~^&!])")
_LINE_START = re.compile(r"[-+=]|\d+[.)]")


@dataclass(frozen=True, slots=True)
class DossierEntry:
    """A quote to print: its citation, note, and reference written beside a quote, in a footnote, as RIS and as BibTeX.

    ``ris`` and ``bibtex`` are the one record of its source. ``link`` opens the quote where others reach the base; empty
    where they do not. ``source`` is the document as it stands in a list of works, ``figures`` the statistics inside the
    quote, ``opens`` the address of its document, "" as ``link``. ``theme`` is what its passage is about ("" where that
    is not known), null where quotes stand in the order in which they came.
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
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands above the quotes: the question or the name of what was collected, the day (null: not said), how
    much there is, and the language of all words that are no quote. ``recheck`` is the address that opens every quote
    in its place, "" where others do not reach the base; ``base`` says how much was searched, "" for nothing."""

    title: str
    day: date | None
    lead: str
    wording: Language
    recheck: str = ""
    base: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands below the title, a paragraph each: the day, the base, how much there is."""
        return tuple(one for one in (words_of(self.wording).dated(self.day), self.base, self.lead) if one)


Numbered = tuple[int, DossierEntry]


@dataclass(frozen=True, slots=True)
class Theme:
    """The quotes on one theme (``title`` "" where it has no name), each with the number of its note.

    ``pairs`` hold a Spanish and an English quote side by side, either null where one language has fewer; they are empty
    where not both speak. ``others`` stand below one another.
    """

    title: str
    pairs: tuple[tuple[Numbered | None, Numbered | None], ...]
    others: tuple[Numbered, ...]

    @property
    def entries(self) -> tuple[DossierEntry, ...]:
        """In the order of their numbers."""
        return (*(one[1] for pair in self.pairs for one in pair if one), *(one for _, one in self.others))


def themes(entries: Iterable[DossierEntry], other: str) -> list[Theme]:
    """The quotes by theme, in the order in which each theme was first met, numbered as they are read; those without
    one come last, under ``other`` where there is another theme."""
    met: dict[str | None, list[DossierEntry]] = {}
    for entry in entries:
        met.setdefault(entry.theme, []).append(entry)
    if "" in met:
        met[""] = met.pop("")
    count = itertools.count(1)
    return [_theme(theme, other if not theme and len(met) > 1 else theme or "", met[theme], count) for theme in met]


def _theme(theme: str | None, title: str, entries: Sequence[DossierEntry], count: Iterator[int]) -> Theme:
    spanish, english = ([one for one in entries if one.language is each] for each in (Language.ES, Language.EN))
    if theme is None or not (spanish and english):
        return Theme(title, (), tuple((next(count), one) for one in entries))
    pairs = tuple(
        (None if left is None else (next(count), left), None if right is None else (next(count), right))
        for left, right in itertools.zip_longest(spanish, english)
    )
    return Theme(title, pairs, tuple((next(count), one) for one in entries if one.language is Language.OTHER))


def in_order(given: Iterable[Theme]) -> list[DossierEntry]:
    """The quotes of themes in the order of their numbers."""
    return [entry for theme in given for entry in theme.entries]


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
    return entry.language.facts.quoted(" ".join(entry.citation.quote.split()))


def markdown(entries: Sequence[DossierEntry], cover: Cover) -> bytes:
    """The dossier as Markdown with footnotes: cover, quotes, figures and sources."""
    t = words_of(cover.wording)
    lines = [f"# {escaped(cover.title)}", ""]
    lines += [f"{escaped(part)}\n" for part in cover.lines]
    sections = themes(entries, t.other)
    entries = in_order(sections)
    for theme in sections:
        lines += [f"## {escaped(theme.title)}", ""] if theme.title else []
        for number, entry in (*(one for pair in theme.pairs for one in pair if one), *theme.others):
            lines += [escaped(entry.note), ""] if entry.note else []
            lines += [f"> {escaped(quoted(entry))}[^{number}]", ""]
    rows = figure_table(entries, t)
    if rows:
        lines += [f"## {t.figures}", "", _row(t.columns), _row(["---"] * len(t.columns)), *map(_row, rows), ""]
    if entries:
        lines += [f"## {t.sources}", "", *(f"- {escaped(entry.source)}" for entry in sources(entries)), ""]
        checks = (f"- {escaped(fingerprint(entry))}" for entry in sources(entries))
        opened = [f"{t.opened(cover.recheck)} <{cover.recheck}>", ""] if cover.recheck else []
        lines += [f"## {t.checking}", "", *opened, t.how_to_check, "", *checks, ""]
    for number, entry in enumerate(entries, start=1):
        link = f" <{entry.link}>" if entry.link else ""
        lines.append(f"[^{number}]: {escaped(entry.reference)}{link}")
    return ("\n".join(lines) + "\n").encode()


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell if cell == '---' else escaped(cell) for cell in cells)} |"


def figure_table(entries: Sequence[DossierEntry], t: DossierWords) -> list[list[str]]:
    """A row for each figure of the quotes: as said, of whom, n, when, who measured it, and the number of its note."""
    return [
        [" ".join(one.raw.split()), one.population or "–", t.number(one.sample_size),
         measured_when(one, t.language) or "–", one.source or "–", str(number)]
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
