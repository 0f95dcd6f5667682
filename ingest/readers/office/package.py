"""An office file as an archive of XML parts, guarded: nothing hostile is unpacked, nothing outside is read;
with what its parts share: text in drawings, names of styles.

Owns the limits and the parser. Refuses to know what the parts mean; macros and pictures among them are never opened.
"""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from ingest.readers.encodings import mended_xml
from ingest.readers.extract import one_line, read_runs
from ingest.readers.properties.metadata import SourceMetadata, stated_authors, stated_title
from kb.records.document import BlockKind
from kb.records.errors import SourceError
from kb.records.messages import say

# A tree takes ten times its markup: what unpacks beyond this is refused unread.
_MAX_MEGABYTES = 32
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
# ISO/IEC 29500 Strict, a way of saving in Office: the same elements in other namespaces.
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, etree.LxmlError, KeyError, ValueError, AttributeError, OSError,
    NotImplementedError, EOFError, RuntimeError, TypeError, IndexError,
)  # fmt: skip


class Package:
    """The parts of one file by their paths. ``kind`` is what the file is called in messages ("a slide deck")."""

    def __init__(self, data: bytes, name: str, kind: str, megabytes: int = _MAX_MEGABYTES) -> None:
        self.name, self.kind, self._max_bytes = name, kind, megabytes * 2**20
        self._relations: dict[str, dict[str, tuple[str, str]]] = {}
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except DAMAGED as error:
            raise self.damaged(error) from error
        self._infos = {info.filename: info for info in self._archive.infolist()}
        self._refuse_hostile()

    def damaged(self, error: object) -> SourceError:
        """The refusal of a file that is broken in this way."""
        return SourceError(
            self.name, say("is_that_is_damaged", kind=self.kind, error=error), say("open_it_and_save_it_again")
        )

    def _refuse_hostile(self) -> None:
        parts = [info for info in self._infos.values() if info.filename.endswith((".xml", ".rels"))]
        if any(info.flag_bits & 1 for info in parts) or "EncryptedPackage" in self._infos:
            raise SourceError(self.name, say("is_encrypted"), say("save_it_without_a_password"))
        if sum(info.file_size for info in parts) > self._max_bytes:
            limit = self._max_bytes // 2**20
            raise SourceError(self.name, say("unpacks_to_more_than_mb_of", limit=limit), say("split_the_document"))

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all parts, in the order of the archive."""
        return tuple(self._infos)

    def __contains__(self, path: str) -> bool:
        return path in self._infos

    def part(self, path: str) -> bytes:
        """The bytes of a part; KeyError where there is none, ValueError for one that unpacks to more than it says."""
        info = self._infos[path]
        with self._archive.open(info) as part:
            data = part.read(self._max_bytes + 1)
        if len(data) > info.file_size:
            raise ValueError(f"{path}: {say('it_unpacks')}")
        return data

    def refuse_declarations(self, part: bytes) -> None:
        """Nothing; SourceError for a part that declares a type or entities, as no office file does."""
        if _DOCTYPE.search(part[:4096]):
            raise SourceError(self.name, say("declares_entities_which_no_office"), say("open_it_and_save_it_again"))

    def tree(self, path: str, *, recover: bool = False) -> etree._Element:
        """The root of an XML part; raises SourceError for one that declares entities, LxmlError for no XML.

        With ``recover`` what can be read of it, as of books, whose makers write "&" as it stands.
        """
        data = self.part(path)
        if not recover:
            self.refuse_declarations(data)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
            remove_pis=True, recover=recover,
        )  # fmt: skip
        try:
            root = etree.fromstring(_STRICT.sub(_TRANSITIONAL, mended_xml(data)), parser)
        except etree.XMLSyntaxError as error:
            if not error.lineno:  # a fault at no line is that of a parser without memory
                raise MemoryError(path) from error
            raise
        if root is None:
            raise ValueError(path)
        return root

    def relations(self, path: str) -> dict[str, tuple[str, str]]:
        """The relations of a part: its ids with the last word of their type and the path that they lead to.

        What leads out of the file is none.
        """
        if path not in self._relations:
            folder, name = posixpath.split(path)
            where = posixpath.join(folder, "_rels", f"{name}.rels")
            self._relations[path] = {
                one.get("Id", ""): (one.get("Type", "").rpartition("/")[2], _resolved(folder, one.get("Target", "")))
                for one in (self.tree(where) if where in self else ())
                if isinstance(one.tag, str) and one.get("TargetMode") != "External"
            }
        return self._relations[path]


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return unquote(target.lstrip("/"))
    return posixpath.normpath(posixpath.join(folder, unquote(target)))


def stated_properties(package: Package, place: str) -> SourceMetadata:
    """Title and authors where persons wrote them. When the file was saved says nothing of when it came out."""
    if "docProps/core.xml" not in package:
        return SourceMetadata()
    fields = {local(one): one.text for one in package.tree("docProps/core.xml").iter()}
    return SourceMetadata.of(
        place, title=stated_title(fields.get("title")), authors=stated_authors(fields.get("creator"))
    )


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; nothing for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
# Fields that a program fills in on every slide anew.
_COUNTED = ("slidenum", "datetime")


def drawn_paragraphs(element: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs below an element, in order."""
    yield from element.iter(f"{A}p")


def drawn_words(paragraph: etree._Element) -> tuple[str, tuple[str, ...]]:
    """The text of a paragraph on one line, powers as powers, and the marks of notes that were taken out of it."""
    text, marks = read_runs(_pieces(paragraph))
    return one_line(text), marks


def drawn_line(paragraph: etree._Element) -> str:
    """The text of ``drawn_words`` alone."""
    return drawn_words(paragraph)[0]


def _pieces(paragraph: etree._Element) -> Iterator[tuple[bool, str]]:
    """The runs of a paragraph, each with whether it stands raised."""
    for one in paragraph.iter():
        if one.tag == f"{A}t" or one.tag == _MATH:
            run = one.getparent()
            if run is None or run.get("type", "").startswith(_COUNTED):
                continue
            properties = run.find(f"{A}rPr")
            baseline = properties.get("baseline", "0") if properties is not None else "0"
            yield baseline.lstrip("-").rstrip("%").isdigit() and not baseline.startswith(("-", "0")), one.text or ""
        elif one.tag == f"{A}br" or one.tag == f"{A}tab":
            yield False, " "


HEADING = re.compile(r"(?:heading|título|titulo|encabezado)\s*(\d)", re.I)
TITLE = re.compile(r"(?:title|título|titulo|puesto)$", re.I)
LIST = re.compile(r"list|viñeta|bullet|lista", re.I)
QUOTE = re.compile(r"quote|cita", re.I)
CAPTION = re.compile(r"caption|epígrafe|descripción", re.I)


def kind_named(style: str) -> tuple[BlockKind, int] | None:
    """What the name of a style says a paragraph is, with the level of a heading or list item; null for no such name."""
    if heading := heading_named(style):
        return heading
    if TITLE.match(style):
        return BlockKind.HEADING, 1
    if LIST.search(style):
        return BlockKind.LIST_ITEM, int(level.group(1)) if (level := re.search(r"(\d)$", style)) else 1
    if QUOTE.search(style):
        return BlockKind.QUOTE, 0
    return (BlockKind.CAPTION, 0) if CAPTION.search(style) else None


def heading_named(style: str) -> tuple[BlockKind, int] | None:
    """The heading that the name of a style says, with its level (1 to 6); null for no such name."""
    match = HEADING.match(style)
    return (BlockKind.HEADING, min(6, max(1, int(match.group(1))))) if match else None
