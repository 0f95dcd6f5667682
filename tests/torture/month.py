"""A month in an hour: a served base that grows, is corrected, shrinks, is asked and backed up, the clock jumping.

After each step everything that was ever promised is looked at again: every citation that was given still opens and
verifies, the counts are those of what was sent, nothing is left of what was removed.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench.serving import Running
from index.search import lexical
from kb.store.upkeep.backup import back_up, restore
from kb.store.upkeep.checking import check
from tests.torture.actions import LITTER
from tests.torture.calls import shim
from tests.torture.killing import in_memory
from tests.torture.rows import Limit, Row, Tally
from tests.torture.servers import Place, ended, filled, key_of, sent, started

# The base grows fivefold in a month, and what is held of it too. Pages of its files that a server has mapped are the
# base's (in 200 steps they grew by 21 MB beside 16 of the server's own), and what its files grew by is taken off.
GROWN = "memory of its own at the end, less what the base grew by, to that after a tenth"
# Days by which the clock of the server is off each time that it starts anew.
_JUMPS = (0, 3, -1, 40, -400)
_TOGETHER = 4
# Steps after which every thread of a server has answered, each with a connection and pages of its own: 338 MB after
# two, 370 after six, 379 after a hundred, 387 after two hundred.
_WARM = 10


@dataclass(slots=True)
class Month:
    """What was sent and is there, every citation that was given, and what was found wrong."""

    texts: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)


def text_of(number: int, version: int) -> str:
    """A note in one of the languages, with a word and a figure of its own."""
    if number % 2:
        return (
            f"Nota quetzal{number}: en {2000 + version} el {number % 80 + 10} % de los clientes volvió tras la avería."
        )
    return f"Note heron{number}: in {2000 + version}, {number % 80 + 10}% of customers came back after the breakdown."


def month(start: int, count: int, folder: Path) -> Tally:
    """R24: so many steps, each with its look at everything."""
    return month_of(None, start, count, folder)


def month_of(address: str | None, start: int, count: int, left: Path) -> Tally:
    """The same of a base anywhere, its folder in memory, which is left behind when anything was lost."""
    with in_memory(left) as folder:
        told = _month(Place(folder / "base", address), start, count, folder)
        if told.lost:
            shutil.copytree(folder, left / "left")
    return told


def _month(place: Place, start: int, count: int, folder: Path) -> Tally:
    log, key = folder / "server.log", key_of(filled(place))
    found, held, files = Month(), list[float](), list[int]()
    begun = len(_documents(place))
    for part, jump in enumerate(_JUMPS):
        server = started(place, key, log, LD_PRELOAD=str(shim()), TORTURE_DAYS=str(jump))
        found.seen["jumps of the clock"] += 1
        try:
            with httpx.Client(
                base_url=server.address, headers={"Authorization": f"Bearer {key}"}, timeout=120
            ) as client:
                own = count // len(_JUMPS)
                _steps(client, found, start + part * own, own, folder, place, held, files, server)
                _whole(client, found, begun)
        finally:
            server.process.terminate()
            server.process.wait(60)
    if place.address is None:  # others have programs of their own that look into a database
        store = place.open()
        found.lost += [
            f"the doctor: {one.thing} {one.fault}" for one in check(store, lexical) if one.kind not in LITTER
        ]
        store.close()
    if files and max(files) > min(files) + 8:
        found.lost.append(f"open files {min(files)} to {max(files)}")
    return Tally(found.seen["steps"], found.lost, found.seen, {GROWN: held})


def _steps(
    client: httpx.Client, found: Month, start: int, steps: int, folder: Path, place: Place, held: list[float],
    files: list[int], server: Running,
) -> None:  # fmt: skip
    early = small = 0.0
    for step in range(steps):
        number = start + step
        chosen = random.Random(number)  # noqa: S311 - the same in every run
        _ingest(client, found, number, chosen)
        if number % 5 == 4:
            _correct(client, found, chosen)
        if number % 7 == 6:
            _remove(client, found, chosen)
        _ask(client, found, chosen)
        if number % 50 == 49 and place.address is None:  # others are backed up by their own programs
            _back_up(found, folder, place, number)
        found.seen["steps"] += 1
        _again(client, found, chosen)
        if step == min(max(_WARM, steps // 10), steps - 1):
            early, small = _own_megabytes(server), _base_megabytes(place)
            files.append(server.open_files())
    if early:
        held.append((_own_megabytes(server) - (_base_megabytes(place) - small)) / early)
        files.append(server.open_files())


def _own_megabytes(server: Running) -> float:
    """The memory that the server holds without pages of files (Linux)."""
    lines = Path(f"/proc/{server.process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:")) / 1024


def _base_megabytes(place: Place) -> float:
    """What the files of the base hold; 0 where it is no folder's."""
    return sum(path.stat().st_size for path in place.folder.glob("kb.sqlite")) / 2**20


def _ingest(client: httpx.Client, found: Month, number: int, chosen: random.Random) -> None:
    """New notes, and a new version of one that is there."""
    numbers = [number * _TOGETHER + one for one in range(_TOGETHER)]
    documents = {f"month-{one}": text_of(one, 20) for one in numbers}
    if found.texts and number % 3 == 0:
        older = chosen.choice(sorted(found.texts))
        documents[older] = text_of(int(older.partition("-")[2]), 21 + number % 70)
    job = ended(client, sent(client, [{"id": name, "text": text} for name, text in documents.items()])["id"])
    if len(job["files"]) != len(documents):
        found.lost.append(f"step {number}: {job}"[:400])
    for file in job["files"]:
        if file["outcome"] not in ("added", "updated", "unchanged"):
            found.lost.append(f"step {number}: {file}"[:400])
        else:
            found.ids[file["source_id"]] = file["document_id"]
            found.seen["documents ingested"] += 1
    found.texts.update(documents)


def _correct(client: httpx.Client, found: Month, chosen: random.Random) -> None:
    name = chosen.choice(sorted(found.texts))
    response = client.patch(
        f"/v1/documents/{found.ids[name]}", json={"title": f"Title {chosen.randrange(999)} of {name}"}
    )
    found.seen["corrections"] += 1
    if response.status_code != 200:
        found.lost.append(f"correcting {name}: {response.status_code} {response.text[:200]}")


def _remove(client: httpx.Client, found: Month, chosen: random.Random) -> None:
    name = chosen.choice(sorted(found.texts))
    response = client.delete(f"/v1/documents/{found.ids[name]}")
    found.seen["removals"] += 1
    if response.status_code != 204:
        found.lost.append(f"removing {name}: {response.status_code} {response.text[:200]}")
    found.texts.pop(name)
    found.removed.add(found.ids.pop(name))


def _ask(client: httpx.Client, found: Month, chosen: random.Random) -> None:
    """A search for a note by its own word, and a question whose citations are kept."""
    name = chosen.choice(sorted(found.texts))
    number = int(name.partition("-")[2])
    word = f"quetzal{number}" if number % 2 else f"heron{number}"
    hits = client.get("/v1/search", params={"q": word, "limit": 100}).json()["hits"]
    found.seen["searches"] += 1
    own = [at for at, hit in enumerate(hits) if hit["document"]["source_id"] == name]
    if [hits[at]["passage"]["text"] for at in own] != [found.texts[name]]:
        found.lost.append(f"{name} is not found by {word}")
    found.seen["searches that had it after the first ten"] += own[0] >= 10 if own else 0
    question = f"¿Qué dice la nota {word}?" if number % 2 else f"What does the note {word} say?"
    response = client.post("/v1/answers", json={"question": question})
    found.seen["answers"] += 1
    if response.status_code != 200:
        found.lost.append(f"{question}: {response.status_code}")
    elif response.json()["citations"]:
        found.answers.append(response.json())


def _again(client: httpx.Client, found: Month, chosen: random.Random) -> None:
    """Some of the citations that were ever given: the passage opens, and the quote is in it, unless its document was
    removed; the saved answer is judged sound."""
    for answer in chosen.sample(found.answers, min(2, len(found.answers))):
        if any(citation["document"]["id"] in found.removed for citation in answer["citations"]):
            continue
        _opened(client, found, answer)


def _opened(client: httpx.Client, found: Month, answer: dict[str, Any]) -> None:
    for citation in answer["citations"]:
        found.seen["citations opened again"] += 1
        passage = client.get(f"/v1/passages/{citation['passage_id']}")
        if passage.status_code != 200 or citation["quote"] not in passage.json()["passage"]["text"]:
            found.lost.append(f"{citation['passage_id']}: {passage.status_code}, {citation['quote'][:100]!r}")
    judged = client.post("/v1/verify", json=answer)
    found.seen["answers verified again"] += 1
    if judged.status_code != 200 or not judged.json().get("sound", judged.json().get("ok", False)):
        found.lost.append(f"not sound: {judged.status_code} {judged.text[:300]}")


def _whole(client: httpx.Client, found: Month, begun: int) -> None:
    """Every citation there is, and the counts."""
    for answer in found.answers:
        if not any(citation["document"]["id"] in found.removed for citation in answer["citations"]):
            _opened(client, found, answer)
    there = client.get("/readyz").json()["documents"]
    if there != begun + len(found.texts):
        found.lost.append(f"{there} documents, {begun} and {len(found.texts)} are right")


def _back_up(found: Month, folder: Path, place: Place, number: int) -> None:
    store = place.open()
    copy, new = folder / f"copy-{number}", folder / f"new-{number}"
    report = back_up(store, copy)
    store.close()
    found.seen["backups restored"] += 1
    if restore(copy, new) != report or len(_documents(Place(new))) != report.documents:
        found.lost.append(f"the backup of step {number}")


def _documents(place: Place) -> list[str]:
    store = place.open()
    try:
        return store.document_ids()
    finally:
        store.close()


ROWS = (
    Row(
        "R24", "a month in an hour", "2,000 ingests, corrections, removals, searches, answers, backups: every citation "
        "ever given opens and verifies, counts equal, no orphan, memory and handles flat",
        "a step: four documents sent, a search, an answer, often a correction or a removal, with the bundled model; "
        "on one base in memory, whose server is started anew each 100 steps",
        500, 10, 500, month, (Limit(GROWN, 1, 1.05),),
    ),
)  # fmt: skip
