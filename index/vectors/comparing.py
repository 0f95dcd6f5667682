"""Whether the saved vector index is whole and equal to the store, and making it anew.

The index is derived: what is wrong with it costs a rebuild at the next start and is never served. Knows the store as
a VectorSource only.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from index.vectors import generations
from index.vectors.generations import POINTER, Unusable
from index.vectors.growing import VectorSource
from index.vectors.sync import IndexKeeper
from index.vectors.vectors import VectorIndex
from kb.records.messages import say
from kb.store.upkeep.checking_rows import REPAIR, StoreFault, StoreFinding


def check_index(source: VectorSource, folder: Path) -> list[StoreFinding]:
    """The faults of the saved index; a base that was never searched has none, and no fault."""
    stamp = source.stamp()
    if stamp is None or not folder.exists():
        return []
    found = generations.load(folder)
    dangling = [
        StoreFinding(say("file_index", path=path.name), say("no_pointer_names"), REPAIR, StoreFault.INDEX)
        for path in _rest(folder)
    ]
    if isinstance(found, Unusable):
        missing = not (folder / POINTER).exists() and not dangling
        return [] if missing else [StoreFinding(say("vector_index"), found.reason, REPAIR, StoreFault.INDEX), *dangling]
    fault = None
    with found.file:
        if found.pointer.stamp != stamp:
            fault = say("was_made_with_another", found=found.pointer.stamp.name, wanted=stamp.name)
        elif found.pointer.version == source.version() and not _is_equal(source, found.file):
            # Unless the base changed between the two looks.
            fault = say("holds_other_passages_than_the_base") if found.pointer.version == source.version() else None
    return [*([StoreFinding(say("vector_index"), fault, REPAIR, StoreFault.INDEX)] if fault else []), *dangling]


def remake_index(source: VectorSource, folder: Path) -> tuple[int, int]:
    """Make the index anew out of the store and remove every other file of it: vectors written, files removed.

    Raises OSError when a file cannot be removed.
    """
    rest = _rest(folder)
    for path in (folder / POINTER, *rest):
        path.unlink(missing_ok=True)
    keeper = IndexKeeper(source, folder)
    keeper.save()
    return len(keeper.index.keys()), len(rest)


def _is_equal(source: VectorSource, file: BinaryIO) -> bool:
    try:
        return VectorIndex.from_file(file).keys() == source.vector_keys()
    except (ValueError, KeyError, RuntimeError, OSError):
        return False


def _rest(folder: Path) -> list[Path]:
    """The generations that no whole pointer names."""
    found = generations.load(folder)
    named = None
    if not isinstance(found, Unusable):
        found.file.close()
        named = found.pointer.sha256
    return sorted(path for path in folder.glob("*.vectors") if path.stem != named)
