"""The vector index: killed while its generations are written, and damaged on disk."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from index.vectors.sync import IndexKeeper
from kb.records.ports import FloatArray
from kb.store import Store
from tests.torture.killing import Say, in_memory, killed
from tests.torture.notes import note, pipeline_of
from tests.torture.rows import Row, Tally
from tests.torture.storage import expected, write_from

_QUERIES, _NEAREST = 3, 10
_SECONDS = 0.1


def unlike_brute_force(store: Store, keeper: IndexKeeper, seed: int) -> list[str]:
    """Answers of the index that comparing every vector of the store does not give."""
    chosen = np.random.default_rng(seed)
    languages = store.vector_keys()
    wrong = []
    for language in {*languages.values()}:
        keys = [key for key, found in languages.items() if found is language]
        vectors = store.vectors(keys)
        for query in _queries(vectors, chosen):
            likeness = vectors @ query
            found = keeper.index.search(language, query, _NEAREST)
            best = np.sort(likeness)[::-1][:_NEAREST]
            own = {key: float(value) for key, value in zip(keys, likeness, strict=True)}
            given = [own.get(int(key), float("nan")) for key in found.keys]
            if not np.allclose(given, best, atol=1e-5) or len(given) != len(best):
                wrong.append(f"{language.value}: {given} and not {best.tolist()}")
    if keeper.index.keys() != languages:
        wrong.append(f"{len(keeper.index.keys())} keys and not {len(languages)}")
    return wrong


def _queries(vectors: FloatArray, chosen: np.random.Generator) -> Iterator[FloatArray]:
    for _ in range(_QUERIES):
        query = np.asarray(chosen.standard_normal(vectors.shape[1]), np.float32)
        yield query / np.linalg.norm(query)


def _writes_generations(folder: Path, number: int, say: Say) -> None:
    """Change the base and save a generation of the index, again and again."""
    store = Store.open(folder, create=True)
    keeper = IndexKeeper(store, folder / "index")

    def indexed(done: int) -> None:
        keeper.refresh()
        keeper.save()
        say(done)

    write_from(store, number, indexed)


def kills_of_generations(start: int, count: int, folder: Path) -> Tally:
    """R3: after each kill the index opens, or is made anew, and answers as comparing every vector does."""
    lost, seen, number = [], Counter[str](), 0
    with in_memory(folder) as memory:
        base = memory / "base"
        for kill in range(start, start + count):
            chosen = random.Random(kill)  # noqa: S311 - the same in every run
            said = killed(lambda say: _writes_generations(base, number, say), _SECONDS, chosen)  # noqa: B023 - run at once
            store = Store.open(base)
            keeper = IndexKeeper(store, base / "index")
            wrong = unlike_brute_force(store, keeper, kill)
            report = keeper.last_report
            seen["restarts behind the base" if report.added or report.removed else "restarts level with it"] += 1
            seen["made anew"] += report.rebuilt is not None
            # What was removed and not followed leaves the next number open: the base tells where it is.
            last = said[-1] if said else number
            number = _reached(store, last)
            store.close()
            if wrong:
                shutil.copytree(base, folder / f"base-{kill}")
                lost.append(f"kill {kill}: {'; '.join(wrong)[:500]}")
    return Tally(count, lost, seen)


def _reached(store: Store, last: int) -> int:
    """How many operations the base holds: as many as were said, or one or two more."""
    found = {document.source_id: document.text for document in store.documents()}
    return next(number for number in (last, last + 1) if expected(number) == found)


# -- damage ----------------------------------------------------------------------------------


def _mutated(data: bytes, chosen: random.Random) -> bytes:
    changed = bytearray(data)
    kind, at = chosen.randrange(5), chosen.randrange(len(data))
    size = chosen.choice((1, 16, 512))
    if kind < 2:
        changed[at] ^= 1 << chosen.randrange(8)
    elif kind == 2:
        changed[at : at + size] = chosen.randbytes(len(changed[at : at + size]))
    elif kind == 3:
        del changed[at:]
    else:
        del changed[at : at + size]
    return bytes(changed)


def damaged_files(start: int, count: int, folder: Path) -> Tally:
    """R5: each damage to the file or its pointer is found before anything is loaded, and made anew."""
    lost, seen = [], Counter[str]()
    with in_memory(folder) as memory:
        base = memory / "base"
        store = Store.open(base, create=True)
        pipeline_of(store).run([note(number) for number in range(40)])
        IndexKeeper(store, base / "index").save()
        whole = {path: path.read_bytes() for path in (base / "index").iterdir()}
        for seed in range(start, start + count):
            chosen = random.Random(seed)  # noqa: S311 - the same in every run
            shutil.rmtree(base / "index")
            (base / "index").mkdir(mode=0o700)
            for path, data in whole.items():
                path.write_bytes(data)
            # Three of four in the vectors, one in the pointer to them.
            path = next(one for one in sorted(whole) if (one.suffix == ".json") is (seed % 4 == 3))
            path.write_bytes(_mutated(whole[path], chosen))
            keeper = IndexKeeper(store, base / "index")
            wrong = unlike_brute_force(store, keeper, seed)
            found = keeper.last_report.rebuilt is not None or path.read_bytes() == whole[path]
            seen["made anew"] += keeper.last_report.rebuilt is not None
            seen["pointers that still say the same"] += keeper.last_report.rebuilt is None and not found
            if wrong or not (found or path.suffix == ".json"):
                lost.append(f"seed {seed}, {path.suffix}: {'; '.join(wrong) or 'not found'}"[:500])
        store.close()
    return Tally(count, lost, seen)


ROWS = (
    Row(
        "R3",
        "a kill between generations of the index gives no wrong answer",
        "1,000 kills, 0 answers unlike brute force",
        "a SIGKILL of a process that changes the base and saves its index, the base in memory",
        1000, 40, 100, kills_of_generations,
    ),
    Row(
        "R5",
        "a damaged index is found and made anew",
        "600 mutations found before load and rebuilt, 0 wrong answers",
        "a bit, a block, an end or a piece lost, of the file or its pointer",
        600, 100, 200, damaged_files,
    ),
)  # fmt: skip
