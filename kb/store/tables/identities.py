"""The tables that say which source is which, and what a transaction writes into them.

Knows SQL and nothing of files. A name without a row here was brought by an earlier version, which knew sources by their
names alone.
"""

from __future__ import annotations

from kb.records.errors import SourceError
from kb.records.messages import say
from kb.records.source import Claim, KnownPlace, KnownSource
from kb.store.tables.steps import Sql


def write_claim(connection: Sql, claim: Claim) -> None:
    """Write a source with its place, inside its caller's transaction.

    Raises SourceError when another run took the name or the identity since the claim was made.
    """
    source = claim.source
    if claim.former is not None:
        connection.execute("DELETE FROM sources WHERE identity = ?", (claim.former,))
        connection.execute("DELETE FROM places WHERE place = ?", (claim.former,))
    query = "SELECT identity, source_id FROM sources WHERE identity = ? OR source_id = ?"
    for found in connection.execute(query, (source.identity, source.source_id)).fetchall():
        if found != (source.identity, source.source_id):
            raise SourceError(source.source_id, say("another_run_took_its_name_meanwhile"), say("ingest_it_again"))
    connection.execute(
        "INSERT INTO sources VALUES (?, ?, ?, ?) ON CONFLICT (identity) DO UPDATE SET owner = excluded.owner",
        (source.identity, source.source_id, source.owner, claim.folded),
    )
    connection.execute(
        "INSERT INTO places VALUES (?, ?, ?) "
        "ON CONFLICT (place) DO UPDATE SET file = excluded.file, source_id = excluded.source_id",
        (claim.place, claim.file, source.source_id),
    )


def drop_place(connection: Sql, place: KnownPlace) -> bool:
    """Forget a place, inside its caller's transaction; whether its source has no other."""
    connection.execute("DELETE FROM places WHERE place = ?", (place.place,))
    query = "SELECT 1 FROM places WHERE source_id = ?"
    return connection.execute(query, (place.source_id,)).fetchone() is None


def claims_in(connection: Sql, source_id: str | None = None) -> dict[str, Claim]:
    """Every source of a base, or the one of this name, by its name, with the first of its places."""
    query = (
        "SELECT identity, sources.source_id, owner, place, file, folded FROM sources JOIN places ON place = "
        "(SELECT min(place) FROM places WHERE places.source_id = sources.source_id)"
    )
    of_one = (" WHERE sources.source_id = ?", (source_id,))
    asked, values = ("", ()) if source_id is None else of_one
    return {
        name: Claim(KnownSource(identity, name, owner), place, file, folded)
        for identity, name, owner, place, file, folded in connection.execute(query + asked, values)
    }
