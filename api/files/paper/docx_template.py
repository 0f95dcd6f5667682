"""A DOCX file of one's own as the paper that a dossier is written on: its styles, page, headers and footers stay.

Owns what of the template is kept, replaced and added. Knows nothing of what the text is.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from api.files.paper.docx_parts import (
    HEAD,
    MAIN,
    MOMENT,
    NOT_XML,
    OFFICE,
    PICTURE_FILE,
    PICTURE_RELATION,
    PICTURE_TYPE,
    WORD,
    styles,
)
from kb.records.errors import InputError
from kb.records.messages import Message, say

_DOCUMENT, _NOTES, _STYLES = "word/document.xml", "word/footnotes.xml", "word/styles.xml"
_RELATIONS, _TYPES, _CORE = "word/_rels/document.xml.rels", "[Content_Types].xml", "docProps/core.xml"
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
    known = {name.casefold(): style for style, name in _STYLE.findall(members[_STYLES])}
    called = {style: known.get(name.casefold(), style) for style, name, _ in styles()}
    added = "".join(xml for _, name, xml in styles() if name.casefold() not in known)
    sections = _SECTION.findall(members[_DOCUMENT])
    body = _restyled(parts["body"], called) + (sections[-1] if sections else "")
    made = {
        **members,
        _DOCUMENT: f"{members[_DOCUMENT][: head.end()]}{body}</w:body></w:document>",
        _NOTES: HEAD + _restyled(parts["footnotes"], called),
        _STYLES: members[_STYLES].replace("</w:styles>", f"{_restyled(added, called)}</w:styles>"),
        _TYPES: _with_notes_typed(members[_TYPES]),
        _RELATIONS: _with_notes_related(members[_RELATIONS]),
    }
    if png:
        typed = 'Extension="png"' in made[_TYPES]
        made[_TYPES] = made[_TYPES] if typed else made[_TYPES].replace("<Override ", f"{PICTURE_TYPE}<Override ", 1)
        made[_RELATIONS] = made[_RELATIONS].replace("</Relationships>", f"{PICTURE_RELATION}</Relationships>")
    if _CORE in made:
        named = f"<dc:title>{escape(NOT_XML.sub(' ', title))}</dc:title>"
        made[_CORE] = _TITLE.sub(lambda _: named, made[_CORE], count=1)
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
            wanted = (_DOCUMENT, _STYLES, _RELATIONS, _TYPES, *((_CORE,) if _CORE in names else ()))
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
