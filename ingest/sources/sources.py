"""Find what is to be ingested: files, folders, JSON lines and ZIP archives become sources.

Owns names (stable between runs), hashes, sidecar metadata and the reason for each file that
cannot be a source. Refuses to know what stands in a document.
"""

import json
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ingest.readers.dispatch import is_mail, unpack
from ingest.readers.mail.mime import MAX_DEPTH, Attachment, too_deep
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import BY_EXTENSION, JSON_LINES, ZIP, extension_of, hint_for, media_type_of
from ingest.sources import archives
from ingest.sources.libraries import Libraries, Library, is_library, read_library
from ingest.sources.places import Origin, nfc, place_below, place_of
from ingest.sources.report import SIDECAR_ENDING
from ingest.sources.report import SourceFailure as SourceFailure
from ingest.sources.report import SourceFile as SourceFile
from kb.outside.strings import faults, plain_name, whole
from kb.records.errors import SourceError
from kb.records.file_format import format_of
from kb.records.messages import say

# The largest file read whole. A 40-page study with pictures is 2 to 20 MB; limits are named, never silent.
_MAX_SOURCE_BYTES = 64 * 1024 * 1024
# What browsers call the folder of a saved page's parts, in the languages that people here set them to.
_PARTS_NAME = re.compile(r"(?:_files|_archivos|\.files|_ficheros)$")


Unpack = Callable[[bytes, str, str], Sequence[Attachment]]
"""The bytes of a mail, its media type and its name to the files attached to it; raises SourceError."""


def find_sources(
    paths: Sequence[Path], *, pictures: bool = False, records: Libraries | None = None, unpack: Unpack = unpack
) -> Iterator[SourceFile | SourceFailure]:
    """Every source under the paths, in order, and a failure for each file that is none.

    A folder gives ``folder/sub/name`` as source ids (sorted, recursive), a single file its own name. Pictures are
    sources only where their text is to be recognised (``pictures``), else skipped. What ``records`` say of a file goes
    before what stands beside it; a list of records in a folder fills the records of the files that it names.
    ``unpack`` takes mails apart (``IsolatedReader.unpack`` for those that nobody vouches for).
    """
    for path in paths:
        found = _in_folder(path) if path.is_dir() else _in_file(path, path.name, Origin.of_file(place_of(path)))
        for named in _told(found, pictures, unpack):
            if records is None or isinstance(named, SourceFailure):
                yield named
            elif not records.is_one(named.origin.place):
                yield records.corrected(named)


def _told(
    found: Iterable[SourceFile | SourceFailure], pictures: bool, unpack: Unpack
) -> Iterator[SourceFile | SourceFailure]:
    """The sources with what is attached to mails among them, plainly named; pictures only where they are wanted."""
    for source in found:
        for one in (source, *_from_mail(source, unpack, 1)):
            yield _plainly_named(one if pictures else _no_picture(one))


def _no_picture(source: SourceFile | SourceFailure) -> SourceFile | SourceFailure:
    """The source, or for a picture that it is left out."""
    form = None if isinstance(source, SourceFailure) else format_of(source.media_type)
    if isinstance(source, SourceFailure) or form is None or not form.is_picture:
        return source
    reason = say("holds_text_only_as_a_picture", what=form.called)
    return SourceFailure(source.source_id, "skipped", reason, say("ingest_it_with_ocr"), origin=source.origin)


def _plainly_named(source: SourceFile | SourceFailure) -> SourceFile | SourceFailure:
    """The source under a name that can be written down; bytes that are not UTF-8 come as halves of characters."""
    name = nfc(plain_name(source.source_id))
    if isinstance(source, SourceFailure):
        return replace(source, source_id=name, reason=whole(source.reason), hint=whole(source.hint))
    notes = faults("name", source.source_id) if plain_name(source.source_id) != source.source_id else ()
    return replace(source, source_id=name, notes=(*notes, *source.notes))


def _in_folder(root: Path) -> Iterator[SourceFile | SourceFailure]:
    found = False
    real_root, place = root.resolve(), place_of(root)
    everything = sorted(root.rglob("*"))
    parts = _parts_of_saved_pages(everything)
    names = {path: "/".join((real_root.name, *path.relative_to(root).parts)) for path in everything}
    read = {path: _library_in(path, name) for path, name in names.items()}
    libraries = Libraries(one for one in read.values() if isinstance(one, Library))
    for path in everything:
        source_id = names[path]
        if path in parts:
            reason = say("holds_the_parts_of_the_saved_page", page=parts[path].name)
            yield SourceFailure(source_id, "skipped", reason, say("name_a_file_in_it"))
        if not parts.keys().isdisjoint((path, *path.parents)):
            continue
        if path.is_dir() and not path.is_symlink():
            continue
        if path.name.endswith(SIDECAR_ENDING):
            continue
        found = True
        if (library := read[path]) is not None:
            if isinstance(library, SourceFailure):
                yield library
            continue
        for source in _in_folder_entry(path, source_id, real_root, place_below(place, path.relative_to(root), path)):
            yield libraries.filled(source) if isinstance(source, SourceFile) else source
    yield from libraries.lines()
    if not found:
        yield SourceFailure(
            real_root.name, "find", say("the_folder_holds_no_files"), say("name_a_folder_with_documents")
        )


def _library_in(path: Path, source_id: str) -> Library | SourceFailure | None:
    """The list of records in a file, or why it is none; null for a document, and for JSON that is no list."""
    is_json = path.suffix.lower() == ".json" and not path.name.endswith(SIDECAR_ENDING)
    if path.name.startswith(".") or not (is_json or is_library(path.name)) or not path.is_file() or path.is_symlink():
        return None
    try:
        return read_library(source_id, _read(path, source_id), str(PurePosixPath(place_of(path)).parent))
    except SourceError as error:
        return None if is_json else SourceFailure(source_id, "find", error.reason, error.hint, path)


def _parts_of_saved_pages(paths: Sequence[Path]) -> dict[Path, Path]:
    """The folders that browsers write beside a saved page ("Página_files" beside "Página.html"), each with its page."""
    pages = {path.with_suffix(""): path for path in paths if path.suffix.lower() in (".html", ".htm", ".xhtml")}
    folders = (path for path in paths if _PARTS_NAME.search(path.name) and path.is_dir())
    named = ((path, path.with_name(_PARTS_NAME.sub("", path.name))) for path in folders)
    return {path: pages[page] for path, page in named if page in pages}


def _in_folder_entry(path: Path, source_id: str, real_root: Path, place: str) -> Iterator[SourceFile | SourceFailure]:
    if any(part.startswith(".") for part in source_id.split("/")[1:]):
        yield SourceFailure(source_id, "skipped", say("hidden_file"), say("name_it_by_itself_to_ingest"))
    elif path.is_symlink() and (reason := _fault_of_link(path, real_root)):
        yield SourceFailure(source_id, "find", reason, say("name_its_target_by_itself"), origin=Origin.of_file(place))
    elif extension_of(path.name) not in BY_EXTENSION:
        yield _unread(source_id)
    else:
        yield from _in_file(path, source_id, Origin.of_file(place))


def _unread(source_id: str, origin: Origin | None = None) -> SourceFailure:
    ending = extension_of(source_id)
    return SourceFailure(
        source_id, "skipped", say("files_ending_in_are_not_read", ending=ending), hint_for(ending), None, origin
    )


def _fault_of_link(link: Path, real_root: Path) -> str:
    """Why a link is not followed, or nothing."""
    try:
        leads_out = not link.resolve().is_relative_to(real_root)
    except (OSError, RuntimeError):  # pathlib before 3.13 raises RuntimeError for a ring
        return say("is_a_link_in_a_ring")
    return say("is_a_link_that_leads_out") if leads_out else ""


def find_file(
    path: Path,
    source_id: str,
    place: str,
    *,
    pictures: bool = False,
    beside: Libraries | None = None,
    unpack: Unpack = unpack,
) -> Iterator[SourceFile | SourceFailure]:
    """The sources in one file that is to stand under this name, and a failure for each part that is none.

    ``place`` is what the file is known again by: where it stands (``place_of``), or among whose files it was sent;
    ``beside`` are the lists of records that were sent with it.
    """
    for named in _told(_in_file(path, source_id, Origin.of_file(place)), pictures, unpack):
        yield beside.filled(named) if beside and isinstance(named, SourceFile) else named


def _in_file(path: Path, source_id: str, origin: Origin) -> Iterator[SourceFile | SourceFailure]:
    try:
        data = _read(path, source_id)
        media_type = media_type_of(source_id, data)
        if media_type == JSON_LINES:
            yield from _from_lines(data, source_id, origin)
        elif media_type == ZIP:
            yield from _from_archive(data, source_id, origin)
        else:
            about = read_sidecar(path, source_id)
            yield SourceFile.of(source_id, data, media_type, path=path, metadata=about, origin=origin)
    except SourceError as error:
        yield SourceFailure(source_id, "find", error.reason, error.hint, path, origin)


def _read(path: Path, source_id: str) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(source_id, say("is_not_a_regular_file"), say("name_a_file_or_folder"))
        if status.st_size > _MAX_SOURCE_BYTES:
            megabytes = _MAX_SOURCE_BYTES // 2**20
            raise SourceError(source_id, say("is_larger_than_mb", megabytes=megabytes), say("split_it_into_parts"))
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(source_id, say("does_not_exist"), say("check_the_path")) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(source_id, say("cannot_be_read", error=reason), say("check_its_permissions")) from error


def read_sidecar(path: Path, source_id: str) -> SourceMetadata:
    """What the sidecar of a file says, nothing where there is none; SourceError for one that cannot be read."""
    sidecar = path.with_name(path.name + SIDECAR_ENDING)
    if not sidecar.is_file():
        return SourceMetadata()
    try:
        fields = json.loads(_read(sidecar, sidecar.name))
    except (ValueError, RecursionError) as error:
        raise SourceError(
            source_id, say("its_sidecar_is_not_json", sidecar=sidecar.name), say("repair_or_remove")
        ) from error
    return archives.given_metadata(fields, source_id, "sidecar")


def _from_lines(data: bytes, source_id: str, origin: Origin) -> Iterator[SourceFile | SourceFailure]:
    lines = list(archives.read_lines(data))
    if lines and all(isinstance(line, archives.BrokenLine) for line in lines) and len(lines) > 1:
        raise SourceError(source_id, say("none_of_its_lines", count=len(lines)), archives.SHAPE)
    seen: set[str] = set()
    for line in lines:
        name, place = f"{source_id}:{line.number}", f"{origin.place}:{line.number}"
        here = Origin(place, place, origin.file)
        if isinstance(line, archives.BrokenLine):
            yield SourceFailure(name, "find", line.reason, line.hint, origin=here)
        elif line.id in seen:
            reason = say("its_id_stands_on_an_earlier", id=line.id)
            yield SourceFailure(name, "find", reason, say("give_every_document_an_id"), origin=here)
        else:
            seen.add(line.id)
            given = replace(Origin.named(line.id, origin.place), file=origin.file)
            source = SourceFile.of(line.id, line.data, line.media_type, metadata=line.metadata, origin=given)
            yield replace(source, notes=line.notes)


def _from_archive(data: bytes, source_id: str, origin: Origin) -> Iterator[SourceFile | SourceFailure]:
    seen: set[str] = set()
    read = dict(_libraries_packed(data, source_id))
    libraries = Libraries(one for one in read.values() if isinstance(one, Library))
    for member in archives.read_members(data, source_id):
        name, here = f"{source_id}/{member.name}", origin.inside(member.name)
        if (library := read.get(member.name)) is not None:
            if isinstance(library, SourceFailure):
                yield library
            continue
        try:
            if member.problem:
                raise SourceError(name, member.problem, member.hint)
            if here.identity in seen:
                raise SourceError(name, say("stands_in_the_archive_twice"), say("pack_it_again_each_file_under"))
            seen.add(here.identity)
            media_type = media_type_of(name, member.data)
            if media_type == ZIP:
                raise SourceError(name, say("is_an_archive_inside_an_archive"), say("unpack_it_and_ingest_the_folder"))
            if media_type == JSON_LINES:
                yield from _from_lines(member.data, name, here)
            else:
                yield libraries.filled(SourceFile.of(name, member.data, media_type, origin=here), member.name)
        except SourceError as error:
            stage = "skipped" if member.skipped else "find"
            yield SourceFailure(name, stage, error.reason, error.hint, origin=here)
    yield from libraries.lines()


def _libraries_packed(data: bytes, source_id: str) -> Iterator[tuple[str, Library | SourceFailure]]:
    """The lists of records of an archive by the names of their members, or why one is none."""
    for member in archives.read_members(data, source_id, is_library):
        if member.problem or not is_library(member.name):
            continue
        name, folder = f"{source_id}/{member.name}", str(PurePosixPath(member.name).parent)
        try:
            yield member.name, read_library(name, member.data, "" if folder == "." else folder)
        except SourceError as error:
            yield member.name, SourceFailure(name, "find", error.reason, error.hint)


def _from_mail(source: SourceFile | SourceFailure, unpack: Unpack, depth: int) -> Iterator[SourceFile | SourceFailure]:
    """What is attached to a mail; a mail that is attached brings its own attachments, up to ``MAX_DEPTH`` deep.

    Nothing where the source is no mail.
    """
    if isinstance(source, SourceFailure) or not is_mail(source.media_type):
        return
    seen: set[str] = set()
    try:
        attached = unpack(source.data, source.media_type, source.source_id)
    except SourceError as error:
        yield SourceFailure(source.source_id, "find", error.reason, error.hint, source.path, source.origin)
        return
    for one in attached:
        name = _free(one.name, seen)
        full, place = f"{source.source_id}/{name}", f"{source.origin.place}/{nfc(name)}"
        here = Origin(place, place, source.origin.file)
        try:
            if extension_of(name) not in BY_EXTENSION:
                yield _unread(full, here)
                continue
            media_type = media_type_of(full, one.data)
            if is_mail(media_type) and depth >= MAX_DEPTH:
                raise too_deep(full)
            if media_type == JSON_LINES:
                yield from _from_lines(one.data, full, here)
            elif media_type == ZIP:
                raise SourceError(full, say("is_an_archive_inside_a_mail"), say("save_it_by_itself_and_ingest"))
            else:
                inner = SourceFile.of(full, one.data, media_type, origin=here)
                yield from (inner, *_from_mail(inner, unpack, depth + 1))
        except SourceError as error:
            yield SourceFailure(full, "find", error.reason, error.hint, origin=here)


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where another attachment of the mail has it; it is taken then."""
    stem, point, ending = name.rpartition(".")
    free, number = name, 2
    while free in taken:
        free, number = f"{stem} ({number}){point}{ending}" if point else f"{name} ({number})", number + 1
    taken.add(free)
    return free
