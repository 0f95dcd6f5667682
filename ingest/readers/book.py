"""EPUB to blocks: the chapters of the spine in order, with the member file and element of each.

Owns the container and package files. Refuses books with digital locks and archives that unpack to too much.
"""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from ingest.readers.encodings import decode
from ingest.readers.extract import Extract, RawBlock, normal_text
from ingest.readers.html.tree import tree_blocks
from ingest.readers.html.web_page import parse_page, without_declaration
from ingest.readers.office.package import DAMAGED, Package, local
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import EPUB
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from kb.records.messages import say

_MAX_PART_BYTES = 16 * 1024 * 1024
_MAX_PARTS = 2000
_CONTAINER = "META-INF/container.xml"
_LOCK = "META-INF/rights.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"


def read_book(data: bytes, name: str) -> Extract:
    """The blocks and metadata of an EPUB; raises SourceError when it is locked, damaged or holds no text."""
    package = Package(data, name, FileFormat.EPUB.called)
    if _LOCK in package:
        raise SourceError(name, say("is_locked_drm"), say("ingest_a_copy_without_a_lock"))
    try:
        container = package.tree(_CONTAINER, recover=True).iter()
        path = next((str(one.get("full-path")) for one in container if one.get("full-path")), None)
        if path is None:
            raise SourceError(name, say("is_a_damaged_epub_no_package"), say("fetch_the_file_again"))
        root = package.tree(path, recover=True)
        blocks = tuple(_spine_blocks(package, root, posixpath.dirname(path)))
    except DAMAGED as error:
        raise package.damaged(error) from error
    if not blocks:
        raise SourceError(name, say("is_an_epub_without_text"), say("if_its_pages_are_pictures_run"))
    return Extract(blocks, _metadata(root), EPUB)


def _chapter(package: Package, path: str) -> etree._Element:
    data = package.part(path)
    if len(data) > _MAX_PART_BYTES:
        reason = say("has_a_part_larger_than_mb", megabytes=_MAX_PART_BYTES // 2**20, path=path)
        raise SourceError(package.name, reason, say("split_the_book"))
    tree = parse_page(without_declaration(normal_text(decode(data, package.name))), package.name)
    body: etree._Element | None = tree.find("body")
    return tree if body is None else body


def _spine_blocks(package: Package, root: etree._Element, folder: str) -> Iterator[RawBlock]:
    items = {
        element.get("id"): element.get("href", "")
        for element in root.iter()
        if local(element) == "item" and "nav" not in (element.get("properties") or "").split()
    }
    spine = [element for element in root.iter() if local(element) == "itemref" and element.get("linear") != "no"]
    for reference in spine[:_MAX_PARTS]:
        href = items.get(reference.get("idref"))
        if href:
            path = posixpath.normpath(posixpath.join(folder, unquote(href)))
            yield from tree_blocks(_chapter(package, path), part=path)


def _metadata(package: etree._Element) -> SourceMetadata:
    def texts(field: str) -> tuple[str, ...]:
        return tuple(element.text for element in package.iter(f"{_DC}{field}") if element.text)

    return SourceMetadata.of(
        "epub package",
        title=next(iter(texts("title")), None),
        authors=texts("creator"),
        publisher=next(iter(texts("publisher")), None),
        published=next(iter(texts("date")), None),
    )
