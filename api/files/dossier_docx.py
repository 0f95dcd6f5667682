"""A dossier as a DOCX file: cover, quotes with real footnotes, the table of their figures, sources, fingerprints.

Every text is escaped; quotes keep the language they are in, so that a word processor checks them in it.
"""

from collections.abc import Sequence
from pathlib import Path

from api.files.dossier import Cover, DossierEntry, Theme, figure_table, fingerprint, in_order, quoted, sources, themes
from api.files.dossier_words import DossierWords, words_of
from api.files.paper.docx_parts import MAIN, footer, on_template, package, paragraph, picture, run, side_by_side, table
from api.files.paper.qr_code import QrCode, qr_code
from kb.records.language import Language

_LOCALES = {Language.ES: "es-ES", Language.EN: "en-GB"}
_MARK = '<w:rStyle w:val="FootnoteReference"/>'
# Of the columns of the table of figures: together the width between the margins.
_WIDTHS = (1750, 2400, 870, 850, 2400, 800)


def docx(entries: Sequence[DossierEntry], cover: Cover, template: Path | None = None) -> bytes:
    """The dossier as the bytes of a DOCX file, on the paper of a template of one's own where one is named.

    Raises InputError for a template that cannot be used.
    """
    t = words_of(cover.wording)
    body = [
        paragraph("Kicker", run(t.kind)),
        paragraph("Title", run(cover.title)),
        *(paragraph("Subtitle", run(line)) for line in cover.lines),
    ]
    sections = themes(entries, t.other)
    entries, code = in_order(sections), qr_code(cover.recheck)
    if entries:
        body += [_heading(t.findings), *(part for theme in sections for part in _theme(theme, t))]
        rows = figure_table(entries, t)
        if rows:
            body += [_heading(t.figures), table(t.columns, rows, _WIDTHS), paragraph("Normal")]
        body += [_heading(t.sources), *(paragraph("Bibliography", run(one.source)) for one in sources(entries))]
        body += [_heading(t.checking), *_opened(cover.recheck, code, t)]
        body += [paragraph("Normal", run(t.how_to_check)), *map(_fingerprint, sources(entries))]
    png = code.png if code and entries else b""
    parts = {"body": "".join(body), "footnotes": _footnotes(entries)}
    if template is not None:
        return on_template(template, cover.title, parts, png)
    return package(cover.title, _LOCALES[t.language], {**parts, "footer1": footer(cover.title, t.page)}, png)


def _heading(text: str) -> str:
    return paragraph("Heading1", run(text))


def _theme(theme: Theme, t: DossierWords) -> list[str]:
    """Its name, the two languages beside one another where both speak, and what stands below one another."""
    parts = [paragraph("Heading2", run(theme.title))] if theme.title else []
    if theme.pairs:
        rows = [["".join(_entry(*one, t)) if one else "" for one in pair] for pair in theme.pairs]
        parts.append(side_by_side([t.in_the(one) for one in (Language.ES, Language.EN)], rows))
    return [*parts, *(part for one in theme.others for part in _entry(*one, t))]


def _opened(address: str, code: QrCode | None, t: DossierWords) -> list[str]:
    """Where all quotes open, as a code; nothing where others do not reach the base."""
    if not address:
        return []
    told = t.opened(address)
    if code is None:
        return [paragraph("Normal", run(f"{told} {t.too_many}"))]
    return [paragraph("Normal", run(told)), picture(address, code.width)]


def _entry(number: int, entry: DossierEntry, t: DossierWords) -> list[str]:
    """The note, the quote with its mark, and under it whose it is and in which language."""
    locale = _LOCALES.get(entry.language)
    letters = f'<w:lang w:val="{locale}"/>' if locale else ""
    mark = f'<w:r><w:rPr>{_MARK}</w:rPr><w:footnoteReference w:id="{number}"/></w:r>'
    document_of = entry.citation.document
    by = ", ".join(document_of.authors) or document_of.publisher
    about = [document_of.title or document_of.source_id, by, t.names[entry.language]]
    return [
        *([paragraph("Note", run(entry.note))] if entry.note else []),
        paragraph("Quote", run(quoted(entry), letters), mark),
        paragraph("Source", run(" · ".join(one for one in about if one))),
    ]


def _fingerprint(entry: DossierEntry) -> str:
    return paragraph("Fingerprint", run(fingerprint(entry)))


def _footnotes(entries: Sequence[DossierEntry]) -> str:
    """The footnotes; ids -1 and 0 are the separators that every reader expects."""
    special = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    notes = "".join(
        f'<w:footnote w:id="{number}">'
        + paragraph(
            "FootnoteText",
            f"<w:r><w:rPr>{_MARK}</w:rPr><w:footnoteRef/></w:r>",
            run(f" {entry.reference} {entry.link}".rstrip()),
        )
        + "</w:footnote>"
        for number, entry in enumerate(entries, start=1)
    )
    return f'<w:footnotes xmlns:w="{MAIN}">{special}{notes}</w:footnotes>'
