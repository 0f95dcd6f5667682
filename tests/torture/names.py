"""Names that are nearly the same: folders, archives, lists and senders at random, and what a base makes of them."""

from __future__ import annotations

import json
import random
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path

from ingest.sources.places import sent_place
from ingest.sources.report import Outcome, RunReport
from ingest.sources.sources import find_file, find_sources
from kb.records.operation import OPERATOR, Sender
from kb.store import Store
from tests.torture.killing import in_memory
from tests.torture.notes import pipeline_of
from tests.torture.rows import Row, Tally

_FOLDERS = ("a", "A", "á", "a\u0301", "año", "ano", "a/a", "informes", "Informes", "2024/informes", "a.zip.d", "ﬁn")
_NAMES = (
    "informe.txt", "Informe.txt", "INFORME.TXT", "informe.TXT", "informé.txt", "informe\u0301.txt", "informe .txt",
    "informe (1).txt", "informe.txt.txt", "ﬁnforme.txt", "straße.txt", "strasse.txt", "İnforme.txt", "ınforme.txt",
)  # fmt: skip
_SENDERS = (Sender("kana"), Sender("kbea"), Sender("KANA"))


@dataclass(slots=True)
class World:
    """What lies where: the text of each place that is one source, as a person would count them."""

    folder: Path
    chosen: random.Random
    texts: dict[str, str] = field(default_factory=dict)
    sent: list[tuple[Sender, Path]] = field(default_factory=list)
    number: int = 0

    def text(self) -> str:
        """A text that no other place has."""
        self.number += 1
        words = self.chosen.sample(("lealtad", "esfuerzo", "abandono", "empatía", "churn", "effort", "trust", "voz"), 4)
        return f"Nota {self.number} sobre {' '.join(words)}: el {self.number + 10} % de los clientes volvió."

    def path(self) -> Path:
        """A file that is not there yet, with a name like others."""
        while True:
            path = self.folder / self.chosen.choice(_FOLDERS) / self.chosen.choice(_NAMES)
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                return path


def made(world: World) -> None:
    """Files, an archive, a list of documents with ids, and what two or three keys sent under the same names."""
    for _ in range(world.chosen.randrange(3, 9)):
        path = world.path()
        world.texts[str(path)] = world.text()
        path.write_text(world.texts[str(path)], encoding="utf-8")
    for folder in world.chosen.sample(_FOLDERS, 2):
        archive = world.folder / folder / "todo.zip"
        archive.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(archive, "w") as file:
            for name in {unicodedata.normalize("NFC", one) for one in world.chosen.sample(_NAMES, 3)}:
                world.texts[f"{archive}/{name}"] = world.text()
                file.writestr(name, world.texts[f"{archive}/{name}"])
    ids = world.chosen.sample(("id-1", "ID-1", "id-1 b", "informe.txt", "a/informe.txt"), 3)
    rows = [{"id": name, "text": world.text()} for name in ids]
    world.texts |= {f"id:{row['id']}": row["text"] for row in rows}
    (world.folder / "lista.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    for sender in _SENDERS:
        place = world.folder.with_name("sent") / str(sender.owner)
        place.mkdir(parents=True, exist_ok=True)
        for name in world.chosen.sample(("informe.txt", "Informe.txt", "informe\u0301.txt"), 2):
            path = place / name
            world.texts[f"{sender.owner}:{name}"] = world.text()
            path.write_text(world.texts[f"{sender.owner}:{name}"], encoding="utf-8")
            world.sent.append((sender, path))


def ingested(store: Store, world: World, *roots: Path) -> RunReport:
    """All of it as commands and jobs bring it; the report of the command and of every job together."""
    report = pipeline_of(store).run(find_sources(roots or [world.folder]), sender=OPERATOR)
    files = list(report.files)
    for sender, path in () if roots else world.sent:
        found = find_file(path, path.name, sent_place(sender.owner, path.name))
        files += pipeline_of(store).run(found, sender=sender).files
    return RunReport(tuple(files))


def other_ways(world: World) -> Iterator[tuple[str, Callable[[Store], RunReport]]]:
    """The same places once more, and named otherwise."""
    yield "again", lambda store: ingested(store, world)
    link = world.folder.with_name("link")
    link.symlink_to(world.folder)
    yield "by a link", lambda store: ingested(store, world, link)
    yield "with dots", lambda store: ingested(store, world, world.folder / ".." / world.folder.name)
    files = [path for path in sorted(world.folder.rglob("*")) if path.is_file()]
    yield "one by one", lambda store: ingested(store, world, *files)

    def below(store: Store) -> RunReport:
        with chdir(world.folder):
            return ingested(store, world, *(Path(path.name) for path in sorted(world.folder.iterdir())))

    yield "from within", below


def unlike(store: Store, world: World, before: dict[str, tuple[str, str]]) -> list[str]:
    """What is doubled, replaced or renamed."""
    found = [(one.source_id, one.id, one.text) for one in store.documents()]
    texts = Counter(text for _, _, text in found)
    wrong = [f"not there: {place}" for place, text in world.texts.items() if not texts[text]]
    wrong += [f"there {count} times: {text}" for text, count in texts.items() if count > 1]
    wrong += [f"nobody's: {text}" for text in texts.keys() - set(world.texts.values())]
    ids = {source: (document, text) for source, document, text in found}
    if len(ids) < len(found):
        wrong.append("two documents have one name")
    return wrong + [f"{name} has another id" for name, known in before.items() if ids.get(name) != known]


def nearly(start: int, count: int, folder: Path) -> Tally:
    """R25: as many sources as places, however and how often they are named; a change is one of its place alone."""
    lost, seen = list[str](), Counter[str]()
    for number in range(start, start + count):
        with in_memory(folder) as memory:
            world = World(memory / "in", random.Random(number))  # noqa: S311 - the same in every run
            made(world)
            store = Store.open(memory / "base", create=True)
            failed = [f"{one.source_id}: {one.reason}" for one in ingested(store, world).files if one.reason]
            wrong = failed + unlike(store, world, {})
            known = {one.source_id: (one.id, one.text) for one in store.documents()}
            for label, again in other_ways(world):
                outcomes = {one.source_id: one.outcome for one in again(store).files}
                changed = [
                    f"{name} {found.value}" for name, found in outcomes.items() if found is not Outcome.UNCHANGED
                ]
                wrong += [f"{label}: {one}" for one in [*changed, *unlike(store, world, known)]]
                seen["names met again"] += len(outcomes)
            wrong += _changed(store, world, known)
            seen["places"] += len(world.texts)
            store.close()
            lost += [f"world {number}, {one}"[:400] for one in wrong]
    return Tally(count, lost, seen)


def _changed(store: Store, world: World, known: dict[str, tuple[str, str]]) -> list[str]:
    """One file changes, and that one document with it."""
    path = next(one for one in sorted(world.texts) if Path(one).is_file())
    old, world.texts[path] = world.texts[path], world.text()
    Path(path).write_text(world.texts[path], encoding="utf-8")
    ingested(store, world)
    kept = {name: pair for name, pair in known.items() if pair[1] != old}
    return [f"after a change: {one}" for one in unlike(store, world, kept)]


ROWS = (
    Row(
        "R25", "names that are nearly the same",
        "one source a place, whatever its folder, key, archive, case or normal form; 0 doubled, 0 replaced",
        "a world of some twenty places, met six times in other ways and changed once", 200, 10, 25, nearly,
    ),
)  # fmt: skip
