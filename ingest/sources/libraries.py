"""Lists of records beside files, or named for them: which record is of which file.

Owns the matching: by the file that a record names, by its key where a file is called so, by its address. Refuses to
guess: a name that two records share is nobody's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from ingest.readers.libraries.library import LibraryRecord
from ingest.readers.properties.metadata import SourceMetadata
from ingest.sources.report import SourceFailure, SourceFile
from kb.records.errors import SourceError
from kb.records.messages import Message, say

_MAX_BYTES = 32 * 1024 * 1024
ZOTERO_DATABASE = "zotero.sqlite"
_ENDINGS = ("bib", "bibtex", "ris", "rdf")
_NAMED_ENDINGS = (*_ENDINGS, "json", "csv", "tsv")


@dataclass(frozen=True, slots=True)
class Library:
    """A list of records that was read: its ``name``, the folder that its files are relative to, and how many of its
    entries are ``unread``. ``place`` is where the list itself stands."""

    name: str
    folder: str
    records: tuple[LibraryRecord, ...]
    unread: int = 0
    place: str = ""


def is_library(name: str) -> bool:
    """Whether a file of this name is a list of records wherever it lies, and no document."""
    file = PurePosixPath(name).name.lower()
    return file == ZOTERO_DATABASE or file.rpartition(".")[2] in _ENDINGS


def read_library(name: str, data: bytes, folder: str) -> Library:
    """The records of a file of this name; SourceError where it is no list that is read."""
    ending = PurePosixPath(name).name.lower().rpartition(".")[2]
    if PurePosixPath(name).name.lower() != ZOTERO_DATABASE and ending not in _NAMED_ENDINGS:
        known = ", ".join(f".{one}" for one in _NAMED_ENDINGS)
        raise SourceError(name, say("is_no_list_of_records"), say("use_one_of", known=known))
    if len(data) > _MAX_BYTES and ending in _NAMED_ENDINGS:
        megabytes = _MAX_BYTES // 2**20
        raise SourceError(name, say("is_larger_than_mb", megabytes=megabytes), say("split_it_into_parts"))
    try:
        records, unread = _read(ending, data)
    except (ValueError, KeyError, OSError, RecursionError) as error:
        raise SourceError(name, say("is_no_list_of_records"), say("it_was_read_as", error=str(error)[:200])) from error
    return Library(name, folder, tuple(records), unread)


def _read(ending: str, data: bytes) -> tuple[list[LibraryRecord], int]:
    # Each parser loads where its format is met: most runs meet none.
    if ending == "sqlite":
        from ingest.readers.libraries.zotero_rdf import read_zotero_database

        return read_zotero_database(data)
    if ending == "rdf":
        from ingest.readers.libraries.zotero_rdf import read_zotero_rdf

        return read_zotero_rdf(data)
    text = data.decode("utf-8-sig")
    if ending in ("bib", "bibtex"):
        from ingest.readers.libraries.bibtex import read_bibtex

        return read_bibtex(text)
    if ending == "ris":
        from ingest.readers.libraries.library import read_ris

        return read_ris(text)
    if ending == "json":
        from ingest.readers.libraries.library import read_csl

        return read_csl(text)
    from ingest.readers.libraries.library import read_table

    return read_table(text)


def sent_libraries(paths: Iterable[Path]) -> tuple[Libraries, list[SourceFailure]]:
    """The lists of records in these files, each under its name alone, and a failure for each that is none."""
    read: list[Library] = []
    failures: list[SourceFailure] = []
    for path in paths:
        try:
            read.append(read_library(path.name, path.read_bytes(), ""))
        except SourceError as error:
            failures.append(SourceFailure(path.name, "find", error.reason, error.hint, path))
        except OSError as error:
            reason = say("cannot_be_read", error=error.strerror)
            failures.append(SourceFailure(path.name, "find", reason, say("check_its_permissions"), path))
    return Libraries(read), failures


class Libraries:
    """What lists of records say of files. ``used`` are the records that were of some file."""

    def __init__(self, libraries: Iterable[Library]) -> None:
        self.libraries = tuple(libraries)
        records = [(one, library) for library in self.libraries for one in library.records]
        files = [(_joined(library.folder, file), one) for one, library in records for file in one.files]
        self._by_path = _unshared(files)
        # As it is called, for lists that were written on another machine.
        self._by_name = _unshared((_name(file), one) for one, _ in records for file in one.files)
        self._by_key = _unshared((one.key, one) for one, _ in records if one.key)
        self._by_url = _unshared((one.metadata.url, one) for one, _ in records if one.metadata.url and not one.files)
        self.used: set[int] = set()

    def of(self, place: str, source_id: str, url: str | None = None) -> SourceMetadata | None:
        """What is said of the file at this place, which stands under this name in the base; null where nothing is."""
        name = PurePosixPath(source_id).name
        found = (
            self._by_path.get(place)
            or self._by_path.get(source_id)
            or self._by_name.get(source_id)
            or self._by_name.get(name)
            or self._by_key.get(PurePosixPath(name).stem)
            or (self._by_url.get(url) if url else None)
        )
        if found is None:
            return None
        self.used.add(id(found))
        return found.metadata

    def is_one(self, place: str) -> bool:
        """Whether one of the lists stands at this place: then it is no document."""
        return any(library.place == place for library in self.libraries)

    def told(self, library: Library) -> Message:
        """How many records a list holds, and of how many a file was met."""
        used = sum(id(one) in self.used for one in library.records)
        told = say("is_a_list_of_records", count=len(library.records), used=used)
        return say("and_also_unread", told=told, count=library.unread) if library.unread else told

    def lines(self) -> Iterator[SourceFailure]:
        """A line for each list, left out of the documents: what of it was met."""
        for library in self.libraries:
            yield SourceFailure(library.name, "skipped", self.told(library), say("a_record_names_its_file"))

    def filled(self, source: SourceFile, place: str = "") -> SourceFile:
        """The source with what a list says of it where neither its sender nor a sidecar says anything."""
        said = self.of(place or source.origin.place, source.source_id, source.metadata.url)
        return source if said is None else replace(source, metadata=source.metadata.or_else(said))

    def corrected(self, source: SourceFile) -> SourceFile:
        """The source with what a list says of it, whatever else is said."""
        said = self.of(source.origin.place, source.source_id, source.metadata.url)
        return source if said is None else replace(source, metadata=said.or_else(source.metadata))


def _joined(folder: str, file: str) -> str:
    """A file as it is named in a list, from the folder of the list."""
    return str(PurePosixPath(folder) / file) if folder else str(PurePosixPath(file))


def _name(file: str) -> str:
    return PureWindowsPath(file).name if "\\" in file else PurePosixPath(file).name


def _unshared(pairs: Iterable[tuple[str, LibraryRecord]]) -> dict[str, LibraryRecord]:
    """The records by what they go by; what two of them share is left out."""
    known = {(key, id(one)): one for key, one in pairs}
    times = Counter(key for key, _ in known)
    return {key: one for (key, _), one in known.items() if times[key] == 1}
