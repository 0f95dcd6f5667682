"""What a base acknowledges, as changes: said of each thing when it is written, and of a whole base at once.

Knows the tables and which facts it takes to do a thing again; neither when it is written down nor what is missing.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from kb.records.correction import Correction
from kb.records.document import Document
from kb.records.document import document_id as content_document_id
from kb.records.job import Job
from kb.records.source import Claim, KnownSource
from kb.store.disk.acknowledged import Change, Did
from kb.store.tables import rows
from kb.store.tables.cells import lenient
from kb.store.tables.identities import claims_in
from kb.store.tables.sql import Sql

# What is known of a document beside its bytes; the rest follows from them.
_FIELDS = ("title", "authors", "publisher", "published", "url", "series", "origins")


def added(document: Document, reading: str, claim: Claim | None = None) -> Change:
    """That a document was added: what it takes to read its original again as it was read, and which source it is."""
    return _added(document.id, document.source_id, document.sha256, document.media_type, reading, _of(document), claim)


def corrected(document: Document, reading: str, claim: Claim | None = None) -> Change:
    """That the record of a document was corrected: all of ``added``, as it is from then on."""
    return replace(added(document, reading, claim), did=Did.CORRECTED)


def _of(document: Document) -> dict[str, Any]:
    about = {name: getattr(document, name) for name in _FIELDS}
    about["origins"] = [[origin.field, origin.origin] for origin in document.origins]
    about["corrections"] = json.loads(rows.CORRECTIONS.dump(document.corrections))
    return about


def corrections_of(change: Change) -> tuple[Correction, ...]:
    """What had been corrected in the record of a document that was acknowledged; ValueError where that is damaged."""
    return rows.CORRECTIONS.load(json.dumps((change.facts.get("about") or {}).get("corrections") or []))


def _added(
    identity: str,
    source_id: str,
    sha256: str,
    media_type: str | None,
    reading: str,
    about: dict[str, Any],
    claim: Claim | None,
) -> Change:
    facts = {"source": source_id, "sha256": sha256, "media_type": media_type, "reading": reading, "about": about}
    facts |= _claimed(claim)
    return Change(f"document {identity}", Did.ADDED, facts)


def named(source_id: str, document_id: str, claim: Claim | None = None) -> Change:
    """That another source has the bytes of a document."""
    return Change(f"document {document_id}", Did.NAMED, {"source": source_id, **_claimed(claim)})


def _claimed(claim: Claim | None) -> dict[str, Any]:
    if claim is None:
        return {}
    return {"claim": [claim.source.identity, claim.source.owner, claim.place, claim.file, claim.folded]}


def claim_of(change: Change) -> Claim | None:
    """Which source it is that was acknowledged, where that was written down."""
    if "claim" not in change.facts:
        return None
    identity, owner, place, file, folded = change.facts["claim"]
    return Claim(KnownSource(identity, str(change.facts["source"]), owner), place, file, folded)


def removed(document_id: str, source_id: str) -> Change:
    """That a document was removed."""
    return Change(f"document {document_id}", Did.REMOVED, {"source": source_id})


def queued(job: Job, caller: str, record: str) -> Change:
    """That a job was taken in; ``record`` is its row."""
    return Change(f"job {job.id}", Did.QUEUED, {"caller": caller, "record": record})


def ended(job: Job, record: str) -> Change:
    """That a job ended; ``record`` is its row."""
    return Change(f"job {job.id}", Did.ENDED, {"record": record})


def _about(row: str | None) -> tuple[str | None, dict[str, Any]]:
    """The media type of a document and what is known of it, by the members of its record; nulls where it is damaged."""
    try:
        media_type, *values = json.loads(row or "")
        about = dict(zip((*_FIELDS, "corrections"), values, strict=True))
        about["origins"] = [[one["field"], one["origin"]] for one in about["origins"] or ()]
        about["corrections"] = about["corrections"] or []
    except (ValueError, TypeError, KeyError):
        return None, {**dict.fromkeys(_FIELDS), "origins": []}
    return media_type, about


def acknowledged_in(connection: Sql) -> list[Change]:
    """What a base holds now, as if all of it had just been acknowledged: documents of every version but former
    readings, further sources, and jobs that have not ended."""
    members = ", ".join(f"'$.{name}'" for name in ("media_type", *_FIELDS, "corrections"))
    query = (
        "SELECT id, source_id, sha256, reading, CASE WHEN json_valid(record) "  # noqa: S608
        f"THEN json_extract(record, {members}) END FROM documents ORDER BY rowid"
    )
    with lenient(connection):  # a damaged row hides no other; kb doctor names it
        return _held(connection, query)


def _held(connection: Sql, query: str) -> list[Change]:
    claims, changes = claims_in(connection), []
    for identity, source_id, sha256, read_as, row in connection.execute(query):
        if isinstance(sha256, str) and identity == content_document_id(sha256):
            media_type, about = _about(row)
            changes.append(_added(identity, source_id, sha256, media_type, read_as, about, claims.get(source_id)))
    aliases = connection.execute("SELECT source_id, document_id FROM aliases ORDER BY source_id")
    changes += [named(source_id, document_id, claims.get(source_id)) for source_id, document_id in aliases]
    waiting = connection.execute(
        "SELECT id, caller, record FROM jobs WHERE state IN ('queued', 'running') ORDER BY number"
    )
    changes += [
        Change(f"job {identity}", Did.QUEUED, {"caller": caller, "record": record})
        for identity, caller, record in waiting
    ]
    return changes
