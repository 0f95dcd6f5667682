"""EPUB to blocks: the chapters of the spine in order, with the member file and element of each.

Owns the container and package files. Refuses books with digital locks and archives that unpack to too much.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from ingest.readers.characters import mended_xml
from ingest.readers.encodings import decode
from ingest.readers.extract import Extract, RawBlock, normal_text
from ingest.readers.html.tree import tree_blocks
from ingest.readers.html.web_page import parse_page, without_declaration
from ingest.readers.media_types import EPUB
from ingest.readers.properties.author_names import named_authors
from ingest.readers.properties.metadata import SourceMetadata
from kb.records.errors import SourceError
from kb.records.messages import say

_MAX_PART_BYTES = 16 * 1024 * 1024
_MAX_PARTS = 2000
_CONTAINER = "META-INF/container.xml"
_LOCK = "META-INF/rights.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"


def read_book(data: bytes, name: str) -> Extract:
    """The blocks and metadata of an EPUB; raises SourceError when it is locked, damaged or holds no text."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if _LOCK in archive.namelist():
                raise SourceError(name, say("is_locked_drm"), say("ingest_a_copy_without_a_lock"))
            package_path = _package_path(archive, name)
            package = _xml(archive, package_path, name)
            blocks = tuple(_spine_blocks(archive, package, posixpath.dirname(package_path), name))
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise SourceError(name, say("is_a_damaged_epub", path=error), say("fetch_the_file_again")) from error
    if not blocks:
        raise SourceError(name, say("is_an_epub_without_text"), say("if_its_pages_are_pictures_run"))
    return Extract(blocks, _metadata(package), EPUB)


def _package_path(archive: zipfile.ZipFile, name: str) -> str:
    for element in _xml(archive, _CONTAINER, name).iter():
        path = element.get("full-path")
        if path:
            return str(path)
    raise SourceError(name, say("is_a_damaged_epub_no_package"), say("fetch_the_file_again"))


def _part(archive: zipfile.ZipFile, path: str, name: str) -> bytes:
    if archive.getinfo(path).file_size > _MAX_PART_BYTES:
        raise SourceError(
            name, say("has_a_part_larger_than_mb", megabytes=_MAX_PART_BYTES // 2**20, path=path), say("split_the_book")
        )
    with archive.open(path) as part:
        return part.read(_MAX_PART_BYTES + 1)


def _xml(archive: zipfile.ZipFile, path: str, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(mended_xml(_part(archive, path, name)), parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(name, say("is_a_damaged_epub", path=path), say("fetch_the_file_again")) from error
    if root is None:
        raise SourceError(name, say("is_a_damaged_epub", path=path), say("fetch_the_file_again"))
    return root


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _spine_blocks(archive: zipfile.ZipFile, package: etree._Element, folder: str, name: str) -> Iterator[RawBlock]:
    items = {
        element.get("id"): element.get("href", "")
        for element in package.iter()
        if _local(element) == "item" and "nav" not in (element.get("properties") or "").split()
    }
    spine = [element for element in package.iter() if _local(element) == "itemref" and element.get("linear") != "no"]
    for reference in spine[:_MAX_PARTS]:
        href = items.get(reference.get("idref"))
        if href:
            path = posixpath.normpath(posixpath.join(folder, unquote(href)))
            text = without_declaration(normal_text(decode(_part(archive, path, name), name)))
            tree = parse_page(text, name)
            body = tree.find("body")
            yield from tree_blocks(body if body is not None else tree, part=path)


def _metadata(package: etree._Element) -> SourceMetadata:
    def texts(field: str) -> tuple[str, ...]:
        return tuple(element.text for element in package.iter(f"{_DC}{field}") if element.text)

    return SourceMetadata.of(
        "epub package",
        title=next(iter(texts("title")), None),
        authors=named_authors(texts("creator")),
        publisher=next(iter(texts("publisher")), None),
        published=next(iter(texts("date")), None),
    )
