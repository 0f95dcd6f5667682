"""The words after ``kb ingest`` to sources: paths, addresses, and what failed the last time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from api.cli.output import messages
from kb.records.errors import InputError, SourceError
from kb.records.messages import say
from kb.store import Store

if TYPE_CHECKING:
    from ingest.sources.libraries import Libraries
    from ingest.sources.sources import SourceFailure, SourceFile, Unpack


@dataclass(frozen=True, slots=True)
class Named:
    """What was named: files and folders that are there, and addresses."""

    paths: tuple[Path, ...]
    urls: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str], *, network: bool) -> Named:
        """The words sorted out; InputError for a path that is not there and an address when nothing may be fetched."""
        from kb.outside.addresses import is_web_address

        urls = tuple(word for word in words if is_web_address(word))
        paths = tuple(Path(word) for word in words if word not in urls)
        if urls and not network:
            raise InputError(urls[0], say("nothing_is_fetched_unless_asked"), say("add_allow_network"))
        for path in paths:
            if not _is_there(path):
                raise InputError(str(path), say("there_is_no_such_file_or"), say("check_the_spelling"))
        return cls(paths, urls)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders."""
        return tuple(path for path in self.paths if path.is_dir())

    def count(self) -> int:
        """How many files and addresses there are at least: an archive or a feed may hold many."""
        inside = sum(sum(1 for found in path.rglob("*") if found.is_file()) for path in self.paths if path.is_dir())
        return inside + sum(not path.is_dir() for path in self.paths) + len(self.urls)

    def sources(
        self, unpack: Unpack, *, pictures: bool = False, records: Libraries | None = None
    ) -> Iterator[SourceFile | SourceFailure]:
        """Every source, files first, with what ``records`` say of it; ``pictures`` among them where asked."""
        from ingest.sources.pages import Fetcher, find_pages
        from ingest.sources.sources import find_sources

        found = find_sources(self.paths, pictures=pictures, records=records, unpack=unpack)
        return chain(found, find_pages(self.urls, Fetcher()))


def named_records(paths: Sequence[Path]) -> Libraries | None:
    """What these lists of records say, null where none is named; InputError for one that is no list."""
    from ingest.sources.libraries import Libraries, read_library
    from ingest.sources.places import place_of

    read = []
    for path in paths:
        try:
            place = place_of(path)
            library = read_library(path.name, path.read_bytes(), str(PurePosixPath(place).parent))
            read.append(replace(library, place=place))
        except SourceError as error:
            raise InputError(f"--metadata {path}", error.reason, error.hint) from error
        except OSError as error:
            reason = say("cannot_be_read", error=error.strerror)
            raise InputError(f"--metadata {path}", reason, say("check_the_path")) from error
    return Libraries(read) if read else None


def failed_sources(
    store: Store, unpack: Unpack, *, network: bool, pictures: bool = False
) -> Iterator[SourceFile | SourceFailure]:
    """What failed the last time and can be tried alone, under its own name; the rest is named on stderr."""
    from ingest.sources.pages import Fetcher, find_pages
    from ingest.sources.places import place_of
    from ingest.sources.sources import find_file
    from kb.outside.addresses import is_web_address

    for failure in store.failures():
        path = Path(failure.path) if failure.path else None
        if path is not None and path.is_file():
            yield from find_file(path, failure.source_id, place_of(path), pictures=pictures, unpack=unpack)
        elif is_web_address(failure.source_id) and network:
            yield from find_pages([failure.source_id], Fetcher())
        else:
            messages.print(f"{failure.source_id}: cannot be tried alone, ingest its file again", markup=False)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a NUL, or longer than a name may be
        return False
