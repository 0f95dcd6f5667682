"""The parts of a DOCX file around its text, in the WordprocessingML of ECMA-376: styles, page, footer, package.

Knows nothing of what the text is. Nothing in the file refers to another host.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from kb.records.errors import InputError
from kb.records.messages import Message, say

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DUBLIN = "http://purl.org/dc/elements/1.1/"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
PICTURE, PICTURE_FILE, PICTURE_TYPE = (
    "rPicture",
    "media/recheck.png",
    '<Default Extension="png" ContentType="image/png"/>',
)
# Of the text between the margins in twentieths of a point, and of a millimetre in the units of drawings.
_TEXT_WIDTH, _EMU = 9070, 36_000
# A fixed moment, so that the same dossier is the same bytes.
MOMENT = (2020, 1, 1, 0, 0, 0)
_ACCENT, _SOFT, _LINE = "0B5563", "566069", "C9C3B6"
_FONT = '<w:rFonts w:ascii="{0}" w:hAnsi="{0}" w:cs="{0}"/>'
_SERIF, _SANS = _FONT.format("Georgia"), _FONT.format("Calibri")
# Style: name, based on, paragraph properties, run properties. Sizes in half points, spaces in twentieths of a point.
_STYLES = (
    ("Normal", "Normal", "", '<w:spacing w:after="120" w:line="276" w:lineRule="auto"/>', f'{_SANS}<w:sz w:val="22"/>'),
    ("Kicker", "Kicker", "Normal", '<w:spacing w:before="480" w:after="60"/>',
     f'<w:caps/><w:color w:val="{_ACCENT}"/><w:spacing w:val="30"/><w:sz w:val="18"/>'),
    ("Title", "Title", "Normal", '<w:keepNext/><w:spacing w:after="120" w:line="240" w:lineRule="auto"/>',
     f'{_SERIF}<w:b/><w:sz w:val="48"/>'),
    ("Subtitle", "Subtitle", "Normal", '<w:spacing w:after="80"/>', f'<w:color w:val="{_SOFT}"/><w:sz w:val="22"/>'),
    ("Heading1", "heading 1", "Normal",
     f'<w:keepNext/><w:pBdr><w:bottom w:val="single" w:sz="6" w:space="4" w:color="{_LINE}"/></w:pBdr>'
     '<w:spacing w:before="480" w:after="200"/><w:outlineLvl w:val="0"/>',
     f'{_SERIF}<w:b/><w:color w:val="{_ACCENT}"/><w:sz w:val="30"/>'),
    ("Heading2", "heading 2", "Normal",
     '<w:keepNext/><w:spacing w:before="280" w:after="120"/><w:outlineLvl w:val="1"/>',
     f'{_SERIF}<w:b/><w:sz w:val="25"/>'),
    ("Note", "Note", "Normal", '<w:keepNext/><w:spacing w:before="200" w:after="60"/>', "<w:b/>"),
    ("Quote", "Quote", "Normal",
     f'<w:keepLines/><w:keepNext/><w:pBdr><w:left w:val="single" w:sz="12" w:space="12" w:color="{_ACCENT}"/></w:pBdr>'
     '<w:spacing w:before="120" w:after="40"/><w:ind w:left="340" w:right="340"/>', f'{_SERIF}<w:sz w:val="23"/>'),
    ("Source", "Source", "Normal", '<w:spacing w:after="240"/><w:ind w:left="340" w:right="340"/>',
     f'<w:color w:val="{_SOFT}"/><w:sz w:val="19"/>'),
    ("Bibliography", "Bibliography", "Normal",
     '<w:keepLines/><w:spacing w:after="140"/><w:ind w:left="567" w:hanging="567"/>', ""),
    ("Cell", "Cell", "Normal", '<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>',
     '<w:sz w:val="19"/>'),
    ("Fingerprint", "Fingerprint", "Normal", '<w:keepLines/><w:spacing w:after="80" w:line="240" w:lineRule="auto"/>',
     f'<w:color w:val="{_SOFT}"/><w:sz w:val="16"/>'),
    ("Footer", "footer", "Normal", '<w:jc w:val="right"/>', f'<w:color w:val="{_SOFT}"/><w:sz w:val="17"/>'),
    ("FootnoteText", "footnote text", "Normal", '<w:spacing w:after="40" w:line="240" w:lineRule="auto"/>',
     '<w:sz w:val="18"/>'),
)  # fmt: skip
PICTURE_RELATION = f'<Relationship Id="{PICTURE}" Type="{OFFICE}/image" Target="{PICTURE_FILE}"/>'
PAGE = (
    '<w:sectPr><w:footerReference w:type="default" r:id="r3"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418" w:header="709" w:footer="709" w:gutter="0"/>'
    "</w:sectPr>"
)


def run(text: str, properties: str = "") -> str:
    """Text with the properties of its run, freed of what XML cannot hold."""
    about = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{about}<w:t xml:space="preserve">{escape(NOT_XML.sub(" ", text))}</w:t></w:r>'


def paragraph(style: str, *runs: str) -> str:
    """Runs as a paragraph of a style."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{"".join(runs)}</w:p>'


def table(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    """A table with lines between its rows, whose head stands on every page again; widths in twentieths of a point."""
    edges = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="{_LINE}"/>' for side in ("top", "bottom", "insideH"))
    cells = [[_cell(one) for one in row] for row in rows]
    return _table(head, cells, widths, f"<w:tblBorders>{edges}</w:tblBorders>")


def side_by_side(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Paragraphs beside one another in columns of equal width, without lines; an empty cell is ""."""
    widths = [_TEXT_WIDTH // len(head)] * len(head)
    # Quotes that keep with their source would hold all rows together, and push a table to the next page.
    made = [[cell.replace("</w:pPr>", '<w:keepNext w:val="0"/></w:pPr>') for cell in row] for row in rows]
    cells = [[cell or paragraph("Cell") for cell in row] for row in made]
    return _table(head, cells, widths, '<w:tblLayout w:type="fixed"/>')


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], about: str) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    first = _table_row([_cell(one, "<w:b/>") for one in head], widths, "<w:tblHeader/>")
    rest = "".join(_table_row(row, widths) for row in rows)
    about = f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{about}</w:tblPr>'
    return f"<w:tbl>{about}<w:tblGrid>{grid}</w:tblGrid>{first}{rest}</w:tbl>"


def _cell(text: str, properties: str = "") -> str:
    return paragraph("Cell", run(text, properties))


def _table_row(cells: Sequence[str], widths: Sequence[int], about: str = "") -> str:
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{about}</w:trPr>{made}</w:tr>"


def picture(text: str, width: float) -> str:
    """The square picture of the file as a paragraph, so many millimetres wide; ``text`` is read out in its place."""
    side, told = round(width * _EMU), escape(NOT_XML.sub(" ", text), {'"': "&quot;"})
    size = f'cx="{side}" cy="{side}"'
    graphic = (
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr id="1" name="QR" descr="{told}"/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip xmlns:r="{OFFICE}" r:embed="{PICTURE}"/>'
        f"<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>"
        f'<a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
    )
    inline = (
        f'<wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:docPr id="1" name="QR" descr="{told}"/>'
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">{graphic}</a:graphicData>'
        "</a:graphic></wp:inline>"
    )
    return paragraph("Normal", f"<w:r><w:drawing>{inline}</w:drawing></w:r>")


def footer(title: str, page: str) -> str:
    """The title and the number of the page, at the foot of each."""
    counted = [f'<w:fldSimple w:instr="{field}">{run("1")}</w:fldSimple>' for field in ("PAGE", "NUMPAGES")]
    line = paragraph("Footer", run(f"{title} · {page} "), counted[0], run("/"), counted[1])
    return f'<w:ftr xmlns:w="{MAIN}">{line}</w:ftr>'


def package(title: str, locale: str, parts: Mapping[str, str], png: bytes = b"") -> bytes:
    """The file of these parts of ``word/``: the body of the document, footnotes and footer1; with its picture."""
    parts = {("document" if name == "body" else name): text for name, text in parts.items()}
    parts["document"] = document(parts["document"])
    core = f"<dc:title>{escape(NOT_XML.sub(' ', title))}</dc:title><dc:language>{locale}</dc:language>"
    to_core = (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml")
    beside = [(f"{OFFICE}/{name}", f"{name}.xml") for name in ("styles", "footnotes")]
    texts = {
        "[Content_Types].xml": _content_types(PICTURE_TYPE if png else ""),
        "_rels/.rels": _relations([(f"{OFFICE}/officeDocument", "word/document.xml"), to_core]),
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_CORE}" xmlns:dc="{_DUBLIN}">{core}</cp:coreProperties>',
        "word/_rels/document.xml.rels": _relations(
            [*beside, (f"{OFFICE}/footer", "footer1.xml")], PICTURE_RELATION if png else ""
        ),
        "word/styles.xml": _styles(locale),
        **{f"word/{name}.xml": text for name, text in parts.items()},
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), HEAD + text, zipfile.ZIP_DEFLATED)
        if png:
            archive.writestr(zipfile.ZipInfo(f"word/{PICTURE_FILE}", MOMENT), png)
    return file.getvalue()


def document(body: str) -> str:
    """The main part."""
    return f'<w:document xmlns:w="{MAIN}" xmlns:r="{OFFICE}"><w:body>{body}{PAGE}</w:body></w:document>'


def _relations(targets: Sequence[tuple[str, str]], more: str = "") -> str:
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}{more}</Relationships>'


def _content_types(more: str) -> str:
    parts = (("document", "document.main"), ("styles", "styles"), ("footnotes", "footnotes"), ("footer1", "footer"))
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{WORD}.{kind}+xml"/>' for name, kind in parts
    )
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{more}{overrides}'
        f'<Override PartName="/docProps/core.xml" ContentType="{core}"/></Types>'
    )


def styles() -> list[tuple[str, str, str]]:
    """The id, the name and the definition of each style."""
    rows = [(row[0], row[1], _style(*row)) for row in _STYLES]
    mark = (
        '<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>'
        '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    )
    return [*rows, ("FootnoteReference", "footnote reference", mark)]


def _styles(locale: str) -> str:
    defaults = f'<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="{locale}"/></w:rPr></w:rPrDefault></w:docDefaults>'
    return f'<w:styles xmlns:w="{MAIN}">{defaults}{"".join(xml for _, _, xml in styles())}</w:styles>'


def _style(style: str, name: str, parent: str, about: str, letters: str) -> str:
    default, based = ("", f'<w:basedOn w:val="{parent}"/>') if parent else (' w:default="1"', "")
    head = f'<w:style w:type="paragraph"{default} w:styleId="{style}"><w:name w:val="{name}"/>{based}<w:qFormat/>'
    return f"{head}<w:pPr>{about}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"


_DOCUMENT, _NOTES, _STYLES_PART = "word/document.xml", "word/footnotes.xml", "word/styles.xml"
_RELATIONS, _TYPES, _CORE_PART = "word/_rels/document.xml.rels", "[Content_Types].xml", "docProps/core.xml"
_BODY = re.compile(r"<w:body\b[^>]*>")
_SECTION = re.compile(r"<w:sectPr\b[^>]*/>|<w:sectPr\b.*?</w:sectPr>", re.S)
_STYLE = re.compile(r'<w:style\b[^>]*?w:styleId="([^"]*)"[^>]*>\s*<w:name w:val="([^"]*)"')
_STYLED = re.compile(r'(<w:[pr]Style w:val=")([^"]*)(")')
_TITLE = re.compile(r"<dc:title>.*?</dc:title>|<dc:title/>", re.S)
_MAX_BYTES = 64 * 2**20


def on_template(path: Path, title: str, parts: Mapping[str, str], png: bytes = b"") -> bytes:
    """The file of these parts (the body of the document, the footnotes) and its picture on the paper of a template.

    What the template says in its body gives way; styles are found by their names, those it lacks are added.
    Raises InputError for a file that is missing, damaged, of another format, or holds macros.
    """
    members = _members(path)
    head = _BODY.search(members[_DOCUMENT])
    if head is None or f'xmlns:w="{MAIN}"' not in members[_DOCUMENT]:
        raise _refused(path, say("is_no_word_file_docx"))
    known = {name.casefold(): style for style, name in _STYLE.findall(members[_STYLES_PART])}
    called = {style: known.get(name.casefold(), style) for style, name, _ in styles()}
    added = "".join(xml for _, name, xml in styles() if name.casefold() not in known)
    sections = _SECTION.findall(members[_DOCUMENT])
    body = _restyled(parts["body"], called) + (sections[-1] if sections else "")
    made = {
        **members,
        _DOCUMENT: f"{members[_DOCUMENT][: head.end()]}{body}</w:body></w:document>",
        _NOTES: HEAD + _restyled(parts["footnotes"], called),
        _STYLES_PART: members[_STYLES_PART].replace("</w:styles>", f"{_restyled(added, called)}</w:styles>"),
        _TYPES: _with_notes_typed(members[_TYPES]),
        _RELATIONS: _with_notes_related(members[_RELATIONS]),
    }
    if png:
        typed = 'Extension="png"' in made[_TYPES]
        made[_TYPES] = made[_TYPES] if typed else made[_TYPES].replace("<Override ", f"{PICTURE_TYPE}<Override ", 1)
        made[_RELATIONS] = made[_RELATIONS].replace("</Relationships>", f"{PICTURE_RELATION}</Relationships>")
    if _CORE_PART in made:
        named = f"<dc:title>{escape(NOT_XML.sub(' ', title))}</dc:title>"
        made[_CORE_PART] = _TITLE.sub(lambda _: named, made[_CORE_PART], count=1)
    return _packed(path, made, {f"word/{PICTURE_FILE}": png} if png else {})


def _members(path: Path) -> dict[str, str]:
    """The parts that are written anew, as text."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > _MAX_BYTES:
                raise _refused(path, say("unpacks_to_more_than_mb", megabytes=_MAX_BYTES // 2**20))
            names = set(archive.namelist())
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise _refused(path, say("holds_macros"))
            wanted = (_DOCUMENT, _STYLES_PART, _RELATIONS, _TYPES, *((_CORE_PART,) if _CORE_PART in names else ()))
            return {name: archive.read(name).decode("utf-8") for name in wanted}
    except OSError as error:
        raise _refused(path, say("cannot_be_read", error=error.strerror or type(error).__name__)) from error
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, NotImplementedError) as error:
        raise _refused(path, say("is_no_word_file_docx")) from error


def _packed(path: Path, made: Mapping[str, str], added: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(path) as template, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        others = {one: template.read(one) for one in template.namelist() if one not in made and not one.endswith("/")}
        for name, data in {**{one: text.encode() for one, text in made.items()}, **others, **added}.items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _restyled(xml: str, called: Mapping[str, str]) -> str:
    """Styles by the ids that the template gives them: Word in Spanish calls "heading 1" Ttulo1."""
    return _STYLED.sub(lambda match: match[1] + escape(called.get(match[2], match[2])) + match[3], xml)


def _with_notes_typed(types: str) -> str:
    types = types.replace(f"{WORD}.template.main+xml", f"{WORD}.document.main+xml")
    if 'PartName="/word/footnotes.xml"' in types:
        return types
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{WORD}.footnotes+xml"/>'
    return types.replace("</Types>", f"{override}</Types>")


def _with_notes_related(relations: str) -> str:
    if f'"{OFFICE}/footnotes"' in relations:
        return relations
    relation = f'<Relationship Id="rNotes" Type="{OFFICE}/footnotes" Target="footnotes.xml"/>'
    return relations.replace("</Relationships>", f"{relation}</Relationships>")


def _refused(path: Path, reason: Message) -> InputError:
    return InputError(say("the_template", path=path), reason, say("save_a_word_file_as_docx"))
