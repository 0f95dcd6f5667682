"""The rows that apply to a base in PostgreSQL: its writer, its servers and workers, and the database itself cut off."""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from bench.database import Database, NoServerError, database_here
from bench.killed_servers import tortured
from kb.store.postgresql.opening import open_postgresql
from tests.torture.month import GROWN, month_of
from tests.torture.rows import Limit, NotHereError, Row, Tally
from tests.torture.served import pair, wrong_with
from tests.torture.servers import Place, ended, sent, serving
from tests.torture.storage import killed_in

_TOLD = ("SELECT ", "Traceback", "psycopg", 'File "')


@contextmanager
def _database(*settings: str) -> Iterator[Database]:
    try:
        with database_here(*settings) as found:
            yield found
    except NoServerError as error:
        raise NotHereError(str(error)) from None


def kills_of_a_writer(start: int, count: int, folder: Path) -> Tally:
    """R1 on PostgreSQL: the same operations, the same kills, the same look."""
    with _database() as database:
        address = f"{database.address}/postgres"
        return killed_in(
            lambda: open_postgresql(address, folder / "own", create=True), start, count, lambda to: to.mkdir(), folder
        )


def kills_of_servers(start: int, count: int, folder: Path) -> Tally:
    """R2 on PostgreSQL: four servers with a worker each, one of the eight killed every five seconds."""
    with _database("max_connections=400") as database:
        asked = argparse.Namespace(seconds=5.0 * count + 6, servers=4, readers=4, ingesters=2, every=5.0, drained=900)
        found, drained = tortured(f"{database.address}/postgres", folder, asked)
    seen = {
        "searches": len(found.tally.seconds),
        "documents acknowledged": found.acknowledged,
        "jobs begun twice": found.retried,
        "connections of killed servers cut": found.cuts,
    }
    return Tally(found.kills, found.wrong, seen, {"seconds until every job had ended": [drained]})


def crashes(start: int, count: int, folder: Path) -> Tally:
    """R10 on PostgreSQL: the database ends in the middle of things; the server says so, and goes on when it is back."""
    lost, seen = list[str](), Counter[str]()
    with _database() as database:
        place = Place(folder / "own", f"{database.address}/postgres")
        place.open(create=True).close()
        with serving(place, folder / "server.log") as (_, client):
            for number in range(start, start + count):
                chosen = random.Random(number)  # noqa: S311 - the same in every run
                job = sent(client, pair(number), f"kill-{number}")
                time.sleep(chosen.random())
                database.crash()
                for _ in range(5):
                    lost += [f"crash {number}: {wrong}" for wrong in _answered(client, seen)]
                database.start()
                lost += [f"crash {number}: {wrong}" for wrong in _after(client, number, job)]
    return Tally(count, lost, seen)


def _answered(client: httpx.Client, seen: Counter[str]) -> list[str]:
    """What is wrong with an answer without a database: it has to be a problem with its reason, soon."""
    response = client.get("/v1/search", params={"q": "lealtad"}, timeout=60)
    seen[f"answers {response.status_code} without a database"] += 1
    if response.status_code not in (200, 503) or any(word in response.text for word in _TOLD):
        return [f"{response.status_code} {response.text[:300]}"]
    return []


def _after(client: httpx.Client, number: int, job: dict[str, Any]) -> list[str]:
    """What is wrong once the database is back: it serves again within half a minute, and what it had is there."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(httpx.TransportError):
            if client.get("/v1/search", params={"q": "lealtad"}).status_code == 200:
                ended(client, job["id"])
                return wrong_with(client, number, job)
        time.sleep(0.2)
    return ["it does not serve again"]


def month(start: int, count: int, folder: Path) -> Tally:
    """R24 on PostgreSQL."""
    with _database("max_connections=200") as database:
        return month_of(f"{database.address}/postgres", start, count, folder)


ROWS = (
    Row(
        "R1+postgresql", "a kill of a writer on PostgreSQL loses nothing acknowledged",
        "300 kills, 0 lost, partial or phantom", "a SIGKILL of the writing process", 300, 8, 50, kills_of_a_writer,
    ),
    Row(
        "R2+postgresql", "four servers and four workers on one base in PostgreSQL, killed one after another",
        "48 kills, 0 lost or doubled, no error of a server that was not killed",
        "a SIGKILL of a server or of its worker, with the bundled model, 4 readers and 2 ingesters beside it",
        48, 0, 12, kills_of_servers,
    ),
    Row(
        "R10+postgresql", "the database goes away and comes back",
        "20 crashes: clean errors, served again when it is back, every acknowledged document once, whole",
        "an immediate end of PostgreSQL while a job runs, with the bundled model", 20, 2, 10, crashes,
    ),
    Row(
        "R24+postgresql", "the month of R24 on PostgreSQL", "100 steps with what R24 looks at after each",
        "a step, as in R24 but for its backups and the doctor", 100, 0, 100, month, (Limit(GROWN, 1, 1.05),),
    ),
)  # fmt: skip
