"""Kills of whoever writes the base, and bases that were damaged from outside."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.search import lexical
from kb.records.document import Document
from kb.records.errors import KnowledgeBaseError
from kb.records.language import Language
from kb.records.ports import ModelStamp, PassageVectors
from kb.records.search import WordQuery
from kb.store import Entry, Store
from kb.store.upkeep.checking import check
from tests.kb.making import make_document, make_entry
from tests.torture.killing import Say, in_memory, killed
from tests.torture.notes import State, made, state
from tests.torture.rows import Row, Tally

_SOURCES, _PARTS = 40, 5
STAMP = ModelStamp("test-model", "0" * 16, 16)
# A writer is killed in the midst of the operations after one of its first two hundred: on average it has acknowledged a
# hundred, however slow the machine.
_ACKNOWLEDGED, _SECONDS = 200, 0.05


def text_of(number: int) -> str:
    """What the source of this operation says from then on: five passages, with a word of its own."""
    return "\n".join(f"word{number} passage {part}" for part in range(_PARTS))


def source_of(number: int) -> str:
    """The source that an operation is about: one of forty, twice changed and then removed."""
    return f"{number // 3 % _SOURCES}.txt"


def expected(number: int) -> dict[str, str]:
    """The text of each source after so many operations."""
    there: dict[str, str] = {}
    # Three operations a source, so what is older than one round was removed.
    for done in range(max(0, number - 3 * _SOURCES), number):
        if done % 3 == 2:
            there.pop(source_of(done), None)
        else:
            there[source_of(done)] = text_of(done)
    return there


def entry_of(document: Document) -> Entry:
    """The passages of a document, each with a vector of its own direction."""
    entry = make_entry(document)
    chosen = np.random.default_rng(int(document.sha256[:8], 16))
    vectors = chosen.standard_normal((len(entry.indexing), STAMP.dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    made = [PassageVectors(vector, vector[None, :]) for vector in vectors]
    indexing = (replace(one, vectors=own) for one, own in zip(entry.indexing, made, strict=True))
    return replace(entry, indexing=tuple(indexing))


def write_from(store: Store, number: int, say: Say) -> None:
    """One operation after the other, each said when it is done."""
    store.claim(STAMP)
    versions = {document.source_id: document for document in store.documents()}
    while True:
        source = source_of(number)
        if number % 3 == 2:
            store.remove(versions.pop(source).id)
        else:
            text = text_of(number)
            document = make_document(source, text, version=number + 1)
            store.add(entry_of(document), text.encode())
            versions[source] = document
        number += 1
        say(number)


def unlike(store: Store, wanted: dict[str, str]) -> list[str]:
    """What of a base is not as it should be: documents, passages, vectors, and words that find them."""
    found = {document.source_id: document.text for document in store.documents()}
    passages = _PARTS * len(wanted)
    wrong = [f"source {source}" for source in sorted(found.keys() ^ wanted.keys())]
    wrong += [f"text of {source}" for source in found.keys() & wanted.keys() if found[source] != wanted[source]]
    if (len(store.vector_keys()), store.counts()["passages"]) != (passages, passages):
        wrong.append(f"{store.counts()['passages']} passages, {len(store.vector_keys())} vectors, not {passages}")
    for text in list(wanted.values())[:3]:
        word = text.split()[0]
        if len(store.word_search(WordQuery((word,), (word,)), Language.EN, 99)) != _PARTS:
            wrong.append(f"the word {word}")
    return wrong


def kills_of_a_writer(start: int, count: int, folder: Path) -> Tally:
    """R1: after each kill the base is that of the last acknowledged operation, or of the one after it, whole."""
    with in_memory(folder) as memory:
        base = memory / "base"
        return killed_in(
            lambda: Store.open(base, create=True), start, count, lambda to: shutil.copytree(base, to), folder
        )


def killed_in(
    opened: Callable[[], Store], start: int, count: int, leave: Callable[[Path], object], folder: Path
) -> Tally:
    """The same of any base: ``opened`` opens it, ``leave`` copies what is left of a loss."""
    lost, acknowledged, number = [], 0, 0
    for kill in range(start, start + count):
        chosen = random.Random(kill)  # noqa: S311 - the same in every run
        said = killed(
            lambda say: write_from(opened(), number, say),  # noqa: B023 - run at once
            _SECONDS,
            chosen,
            _ACKNOWLEDGED,
        )
        acknowledged += len(said)
        last = said[-1] if said else number
        store = opened()
        wrong = unlike(store, expected(last))
        number = last + 1 if wrong else last
        neither = bool(wrong) and bool(unlike(store, expected(number)))
        store.close()
        if neither:
            leave(folder / f"base-{kill}")
            lost.append(f"kill {kill} after operation {last}: {'; '.join(wrong[:5])}")
    return Tally(count, lost, {"acknowledged operations": acknowledged})


# -- damage from outside ---------------------------------------------------------------------


def _flip(path: Path, chosen: random.Random) -> None:
    data = bytearray(path.read_bytes())
    if data:
        data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
        path.write_bytes(data)


def _overwrite(path: Path, chosen: random.Random) -> None:
    data = bytearray(path.read_bytes())
    at = chosen.randrange(len(data) or 1)
    size = len(data[at : at + chosen.choice((16, 512, 4096))])
    data[at : at + size] = chosen.randbytes(size)
    path.write_bytes(data)


def _letter(path: Path, chosen: random.Random) -> None:
    """One letter of a text becomes another: the file is as well formed as before."""
    data = path.read_bytes()
    places = [at for word in (b"oyalty", b"lealtad", b"churn", b"abandono") for at in _all(data, word)]
    if places:
        at = chosen.choice(places)
        path.write_bytes(data[:at] + b"x" + data[at + 1 :])


def _all(data: bytes, word: bytes) -> list[int]:
    return [at for at in range(len(data)) if data.startswith(word, at)]


def _cut(path: Path, chosen: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: chosen.randrange(path.stat().st_size or 1)])


def _empty(path: Path, chosen: random.Random) -> None:
    path.write_bytes(b"")


def _delete(path: Path, chosen: random.Random) -> None:
    path.unlink()


def _close(path: Path, chosen: random.Random) -> None:
    path.chmod(chosen.choice((0o000, 0o444, 0o666, 0o777)))


def _stray(path: Path, chosen: random.Random) -> None:
    name = chosen.choice(("kb.sqlite-journal", "kb.sqlite.bak", "index/x.vectors", "originals/ab/x.part", "x", "ñ"))
    (path.parent / name).parent.mkdir(parents=True, exist_ok=True)
    (path.parent / name).write_bytes(chosen.randbytes(chosen.choice((0, 100, 5000))))


_FILES = ("kb.sqlite", "kb.sqlite-wal", "kb.sqlite.acknowledged", "kb.sqlite", "original")
_DAMAGES: tuple[Callable[[Path, random.Random], None], ...] = (
    _flip, _overwrite, _cut, _letter, _overwrite, _empty, _delete, _close, _stray,
)  # fmt: skip


def damaged(base: Path, seed: int) -> str:
    """Damage a base the seed's way; what was done to which file."""
    chosen = random.Random(seed)  # noqa: S311 - the same in every run
    damage = _DAMAGES[seed % len(_DAMAGES)]
    name = _FILES[seed // len(_DAMAGES) % len(_FILES)]
    path = base / name
    if not path.exists():  # a log that was folded in
        path = base / "kb.sqlite"
    if name == "original":
        path = chosen.choice(sorted(path for path in (base / "originals").rglob("*") if path.is_file()))
    damage(path, chosen)
    return f"{damage.__name__.strip('_')} {name}"


def outcome(base: Path, whole: State) -> str:
    """What a damaged base does: "identical", "refused" with a named error, "named by the doctor", or "wrong"."""
    try:
        store = Store.open(base)
    except KnowledgeBaseError as error:
        return "refused" if error.reason and error.hint else "wrong: refused without reason or hint"
    try:
        try:
            same = state(store) == whole
        except KnowledgeBaseError as error:
            return "refused" if error.reason and error.hint else "wrong: refused without reason or hint"
        if same:
            return "identical"
        return "named by the doctor" if check(store, lexical) else "wrong: other data, and nobody says so"
    finally:
        store.close()


def damaged_bases(start: int, count: int, folder: Path) -> Tally:
    """R6: identical data or a refusal with its reason, what else is read has a name; nothing that was there is gone."""
    lost, seen = [], Counter[str]()
    with in_memory(folder) as memory:
        template = memory / "template"
        whole = made(template)
        # Half of them with nothing in the log: what the database itself holds is read from it then.
        folded = memory / "folded"
        shutil.copytree(template, folded)
        Store.open(folded).close()
        for seed in range(start, start + count):
            base = memory / "base"
            shutil.copytree((template, folded)[seed % 2], base)
            what = damaged(base, seed)
            files = {path for path in base.rglob("*") if path.is_file()}
            found = outcome(base, whole)
            gone = [path.name for path in files if not path.exists() and path.suffix not in (".part",)]
            gone = [name for name in gone if not name.endswith(("-wal", "-shm", "-journal"))]
            if found.startswith("wrong") or gone:
                shutil.copytree(base, folder / f"base-{seed}")
                lost.append(f"seed {seed}, {what}: {found}; gone: {gone}")
            seen[found.partition(":")[0]] += 1
            shutil.rmtree(base)
    return Tally(count, lost, seen)


ROWS = (
    Row(
        "R1",
        "a kill of the writer loses nothing acknowledged",
        "2,000 kills, 200,000 acknowledgements, 0 lost, partial or phantom",
        "a SIGKILL of the writing process, the base in memory",
        2000, 60, 100, kills_of_a_writer,
    ),
    Row(
        "R6",
        "a damaged base is whole, refuses, or is named",
        "500 mutations: identical data or a named refusal, 0 files deleted",
        "one damage to the database, its log, its record, an original, a mode, or a stray file",
        500, 90, 100, damaged_bases,
    ),
)  # fmt: skip
