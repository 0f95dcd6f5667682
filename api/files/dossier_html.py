"""A dossier as one HTML file that needs nothing else: to be read in a browser, sent, or printed to PDF.

Every text is escaped; nothing in the file runs or is fetched. Quotes keep the language they are in.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib import resources

from api.files.dossier import Cover, DossierEntry, Theme, figure_table, fingerprint, in_order, quoted, sources, themes
from api.files.dossier_words import DossierWords, words_of
from api.files.paper.qr_code import qr_code
from kb.records.language import Language

_STYLE = "\n" + resources.files("api").joinpath("data", "dossier.css").read_text(encoding="utf-8")
_SAFE = "default-src 'none'; style-src 'unsafe-inline'"


def html(entries: Sequence[DossierEntry], cover: Cover) -> bytes:
    """The dossier as the bytes of an HTML file, with the parts of the DOCX."""
    t = words_of(cover.wording)
    title = escape(cover.title)
    head = (
        f'<!DOCTYPE html>\n<html lang="{t.language.value}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_SAFE}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>"
    )
    below = "".join(f'<p class="lead">{escape(line)}</p>' for line in cover.lines)
    cover_page = f'<p class="kind">{t.kind}</p><h1>{title}</h1>{below}'
    body = "".join(_parts(themes(entries, t.other), cover.recheck, t)) if entries else ""
    return f"{head}{cover_page}{body}</body></html>\n".encode()


def _parts(sections: Sequence[Theme], recheck: str, t: DossierWords) -> Iterator[str]:
    entries = in_order(sections)
    yield f"<h2>{t.findings}</h2>"
    for theme in sections:
        yield from _theme(theme, t)
    rows = figure_table(entries, t)
    if rows:
        head = "".join(f'<th scope="col">{escape(one)}</th>' for one in t.columns)
        body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
        yield f"<h2>{t.figures}</h2><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    yield f'<h2>{t.sources}</h2><ul class="sources">{_items(escape(one.source) for one in sources(entries))}</ul>'
    yield f"<h2>{t.notes}</h2><ol>{''.join(_note(*one) for one in enumerate(entries, 1))}</ol>"
    told = _items(escape(fingerprint(one)) for one in sources(entries))
    yield f'<h2>{t.checking}</h2>{_opened(recheck, t)}<p>{t.how_to_check}</p><ul class="checks">{told}</ul>'


def _theme(theme: Theme, t: DossierWords) -> Iterator[str]:
    """Its name, the two languages beside one another where both speak, and what stands below one another."""
    if theme.title:
        yield f"<h3>{escape(theme.title)}</h3>"
    if theme.pairs:
        heads = "".join(f'<th scope="col">{t.in_the(one)}</th>' for one in (Language.ES, Language.EN))
        yield f'<table class="sides"><thead><tr>{heads}</tr></thead><tbody>'
        for pair in theme.pairs:
            cells = ("".join(_entry(*one, t)) if one else "" for one in pair)
            yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        yield "</tbody></table>"
    for one in theme.others:
        yield from _entry(*one, t)


def _opened(address: str, t: DossierWords) -> str:
    """Where all quotes open, as a link and a code; nothing where others do not reach the base."""
    if not address:
        return ""
    link = f'<p><a href="{escape(address)}">{escape(t.opened(address))}</a>'
    code = qr_code(address)
    if code is None:
        return f"{link} {t.too_many}</p>"
    return f"{link}</p><style>.code {{ width: {code.width:.0f}mm; }}</style>{code.svg}"


def _entry(number: int, entry: DossierEntry, t: DossierWords) -> Iterator[str]:
    """The note, the quote with its mark, and under it whose it is and in which language."""
    if entry.note:
        yield f'<p class="note">{escape(entry.note)}</p>'
    language = "und" if entry.language is Language.OTHER else entry.language.value
    mark = f'<sup><a id="mark-{number}" href="#note-{number}">{number}</a></sup>'
    yield f'<blockquote lang="{language}">{escape(quoted(entry))}{mark}</blockquote>'
    document = entry.citation.document
    by = ", ".join(document.authors) or document.publisher
    about = [document.title or document.source_id, by, t.names[entry.language]]
    yield f'<p class="source">{escape(" · ".join(one for one in about if one))}</p>'


def _note(number: int, entry: DossierEntry) -> str:
    link = f' <a href="{escape(entry.link)}">{escape(entry.link)}</a>' if entry.link else ""
    return f'<li id="note-{number}">{escape(entry.reference)}{link} <a href="#mark-{number}">↑</a></li>'


def _items(texts: Iterable[str]) -> str:
    return "".join(f"<li>{text}</li>" for text in texts)
