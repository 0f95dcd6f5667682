"""A dossier as DOCX and as one HTML file, of the templates in ``api/data/dossier``: the same parts in both.

Every text is escaped; nothing in a file runs or is fetched. Quotes keep the language they are in.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined

from api.files.dossier import Cover, DossierEntry, figure_table, fingerprint, in_order, quoted, sources, themes
from api.files.dossier_words import DossierWords, words_of
from api.files.paper.docx_paper import HEAD, NOT_XML, on_paper
from api.files.paper.qr_code import qr_code
from kb.records.language import Language

_FOLDER = resources.files("api").joinpath("data", "dossier")
_LOCALES = {"es": "es-ES", "en": "en-GB"}
_PART = re.compile(r"<\?part (\S+)\?>")


def html(entries: Sequence[DossierEntry], cover: Cover) -> bytes:
    """The dossier as the bytes of an HTML file that needs nothing else: to be read in a browser, sent, or printed."""
    style = "\n" + _FOLDER.joinpath("page.css").read_text(encoding="utf-8")
    return _filled("page.html", entries, cover, style=style).encode()


def docx(entries: Sequence[DossierEntry], cover: Cover, template: Path | None = None) -> bytes:
    """The dossier as the bytes of a DOCX file with real footnotes, on the paper of a template of one's own where one is
    named.

    Raises InputError for a template that cannot be used.
    """
    texts = (_filled(name, entries, cover) for name in ("paper.xml", "body.xml", "footnotes.xml"))
    paper, body, footnotes = (NOT_XML.sub(" ", text) for text in texts)
    _, *parts = _PART.split(paper)
    own = {name: HEAD + xml for name, xml in zip(parts[::2], parts[1::2], strict=True)}
    code = qr_code(cover.recheck) if entries else None
    return on_paper(own, template, cover.title, body, footnotes, code.png if code else b"")


def _filled(name: str, entries: Sequence[DossierEntry], cover: Cover, **more: object) -> str:
    t = words_of(cover.wording)
    sections = themes(entries, t.other)
    ordered = in_order(sections)
    return (
        _templates()
        .get_template(name)
        .render(
            t=t, cover=cover, sections=sections, entries=ordered, rows=figure_table(ordered, t),
            sources=sources(ordered), fingerprint=fingerprint, quoted=quoted, about=lambda one: _about(one, t),
            sides=[t.in_the(one) for one in (Language.ES, Language.EN)], code=qr_code(cover.recheck), locales=_LOCALES,
            **more,
        )
    )  # fmt: skip


def _about(entry: DossierEntry, t: DossierWords) -> str:
    """Whose a quote is, and in which language."""
    document = entry.citation.document
    by = ", ".join(document.authors) or document.publisher
    return " · ".join(filter(None, (document.title or document.source_id, by, t.names[entry.language])))


@cache
def _templates() -> Environment:
    """The templates, their lines joined; every text that is put into one is escaped."""

    def source(name: str) -> str:
        return "".join(line.strip() for line in _FOLDER.joinpath(name).read_text(encoding="utf-8").splitlines())

    return Environment(loader=FunctionLoader(source), autoescape=True, undefined=StrictUndefined)
