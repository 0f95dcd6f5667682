"""A dossier as DOCX and as one HTML file, of the templates in ``api/data/dossier``: the same parts in both.

Every text is escaped; nothing in a file runs or is fetched. Quotes keep the language they are in. A DOCX is the
WordprocessingML of ECMA-376 on our paper or a template of one's own; the one module that imports segno, for the code of
an address that a telephone reads from paper.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from xml.sax.saxutils import escape

from jinja2 import Environment, FunctionLoader, StrictUndefined

from api.files.dossier import Cover, DossierEntry, figure_table, fingerprint, in_order, quoted, sources, themes
from api.files.dossier_words import DossierWords, words_of
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import Message, say

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


# Some 25 quotes in one address. At the width below longer ones would be wider than a hand; the code holds 2,953 bytes.
MOST_BYTES = 1_000
# Of a square of the code on paper: cameras of telephones part squares from about .33 mm on.
_SQUARE_MM, _LEAST_MM = 0.45, 28.0
_BORDER = 4


@dataclass(frozen=True, slots=True)
class QrCode:
    """The code as a picture (PNG) and as SVG for HTML, with the white around it; ``width`` in millimetres on paper."""

    png: bytes
    svg: str
    width: float


def qr_code(address: str) -> QrCode | None:
    """The code of an address; null for none, and for one of more than MOST_BYTES."""
    if not 0 < len(address.encode()) <= MOST_BYTES:
        return None
    # Here, because only a dossier that others can check has one.
    import segno

    made = segno.make_qr(address, error="l")
    picture = io.BytesIO()
    made.save(picture, kind="png", scale=8, border=_BORDER)
    squares, _ = made.symbol_size(border=_BORDER)
    svg = made.svg_inline(border=_BORDER, svgclass="code", omitsize=True, light="#fff")
    return QrCode(picture.getvalue(), svg, max(_LEAST_MM, squares * _SQUARE_MM))


_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PICTURE_FILE, _PICTURE_TYPE = "media/recheck.png", '<Default Extension="png" ContentType="image/png"/>'
_PICTURE_RELATION = f'<Relationship Id="rPicture" Type="{_OFFICE}/image" Target="{_PICTURE_FILE}"/>'
# A fixed moment, so that the same dossier is the same bytes.
_MOMENT = (2020, 1, 1, 0, 0, 0)
_DOCUMENT, _NOTES, _STYLES = "word/document.xml", "word/footnotes.xml", "word/styles.xml"
_RELATIONS, _TYPES, _CORE = "word/_rels/document.xml.rels", "[Content_Types].xml", "docProps/core.xml"
_BODY = re.compile(r"<w:body\b[^>]*>")
_SECTION = re.compile(r"<w:sectPr\b[^>]*/>|<w:sectPr\b.*?</w:sectPr>", re.S)
_STYLE = re.compile(r'<w:style\b[^>]*?w:styleId="([^"]*)"[^>]*>\s*<w:name w:val="([^"]*)".*?</w:style>', re.S)
_STYLED = re.compile(r'(<w:[pr]Style w:val=")([^"]*)(")')
_TITLE = re.compile(r"<dc:title>.*?</dc:title>|<dc:title/>", re.S)
_MAX_BYTES = 64 * 2**20


def on_paper(
    own: Mapping[str, str], template: Path | None, title: str, body: str, footnotes: str, png: bytes = b""
) -> bytes:
    """The file of this text with its picture on our ``own`` paper (its parts by name), or on that of a template.

    What a template says in its body gives way; styles are found by their names, those it lacks are added.
    Raises InputError for a file that is missing, damaged, of another format, or holds macros.
    """
    paper, others = (dict(own), {}) if template is None else _members(template)
    head = _BODY.search(paper[_DOCUMENT])
    if template is not None and (head is None or f'xmlns:w="{_MAIN}"' not in paper[_DOCUMENT]):
        raise _refused(template, say("is_no_word_file_docx"))
    known = {name.casefold(): style for style, name in _STYLE.findall(paper[_STYLES])}
    ours = list(_STYLE.finditer(own[_STYLES]))
    called = {str(one[1]): str(known.get(one[2].casefold(), one[1])) for one in ours}
    added = "".join(one[0] for one in ours if one[2].casefold() not in known)
    sections = _SECTION.findall(paper[_DOCUMENT])
    text = _restyled(body, called) + (sections[-1] if sections else "")
    made = {
        **paper,
        _DOCUMENT: f"{paper[_DOCUMENT][: head.end() if head else 0]}{text}</w:body></w:document>",
        _NOTES: HEAD + _restyled(footnotes, called),
        _STYLES: paper[_STYLES].replace("</w:styles>", f"{_restyled(added, called)}</w:styles>"),
        _TYPES: _with_notes_typed(paper[_TYPES]),
        _RELATIONS: _with_notes_related(paper[_RELATIONS]),
    }
    if png:
        typed = 'Extension="png"' in made[_TYPES]
        made[_TYPES] = made[_TYPES] if typed else made[_TYPES].replace("<Override ", f"{_PICTURE_TYPE}<Override ", 1)
        made[_RELATIONS] = made[_RELATIONS].replace("</Relationships>", f"{_PICTURE_RELATION}</Relationships>")
        others = {**others, f"word/{_PICTURE_FILE}": png}
    if _CORE in made:
        named = f"<dc:title>{escape(NOT_XML.sub(' ', title))}</dc:title>"
        made[_CORE] = _TITLE.sub(lambda _: named, made[_CORE], count=1)
    file = io.BytesIO()
    parts: dict[str, str | bytes] = {**made, **others}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _members(path: Path) -> tuple[dict[str, str], dict[str, bytes]]:
    """The parts of a template that are written anew, as text, and all others."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > _MAX_BYTES:
                raise _refused(path, say("unpacks_to_more_than_mb", megabytes=_MAX_BYTES // 2**20))
            found = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
            if any(name.lower().endswith("vbaproject.bin") for name in found):
                raise _refused(path, say("holds_macros"))
            wanted = (_DOCUMENT, _STYLES, _RELATIONS, _TYPES, *((_CORE,) if _CORE in found else ()))
            texts = {name: found.pop(name).decode("utf-8") for name in wanted}
            found.pop(_NOTES, None)
            return texts, found
    except OSError as error:
        raise _refused(path, say("cannot_be_read", error=error.strerror or type(error).__name__)) from error
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, NotImplementedError) as error:
        raise _refused(path, say("is_no_word_file_docx")) from error


def _restyled(xml: str, called: Mapping[str, str]) -> str:
    """Styles by the ids that the template gives them: Word in Spanish calls "heading 1" Ttulo1."""
    return _STYLED.sub(lambda match: match[1] + escape(called.get(match[2], match[2])) + match[3], xml)


def _with_notes_typed(types: str) -> str:
    types = types.replace(f"{_WORD}.template.main+xml", f"{_WORD}.document.main+xml")
    if 'PartName="/word/footnotes.xml"' in types:
        return types
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{_WORD}.footnotes+xml"/>'
    return types.replace("</Types>", f"{override}</Types>")


def _with_notes_related(relations: str) -> str:
    if f'"{_OFFICE}/footnotes"' in relations:
        return relations
    relation = f'<Relationship Id="rNotes" Type="{_OFFICE}/footnotes" Target="footnotes.xml"/>'
    return relations.replace("</Relationships>", f"{relation}</Relationships>")


def _refused(path: Path, reason: Message) -> InputError:
    return InputError(say("the_template", path=path), reason, say("save_a_word_file_as_docx"))
