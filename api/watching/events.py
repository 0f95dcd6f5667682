"""What a webhook is told: the body of each event, as JSON. Knows neither signatures nor the network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from api.service.schemas import to_wire
from kb.records.job import Job
from kb.records.search import Hit
from kb.records.watching import Delivery, SavedSearch

# A message is told to come and look: it names the first hits and says how many there are.
_HITS_NAMED = 20


def job_body(delivery: Delivery, job: Job) -> str:
    """That a job has ended, with what became of each file."""
    return _text(delivery, {"job": to_wire(job)})


def search_body(delivery: Delivery, search: SavedSearch, hits: Sequence[Hit]) -> str:
    """That a saved search has new hits: the first of them, in the order in which they were added, and their number."""
    told = {
        "job_id": delivery.job_id,
        "search": {"id": search.id, "name": search.name, "text": search.text},
        "total": len(hits),
        "hits": [_named(hit) for hit in hits[:_HITS_NAMED]],
    }
    return _text(delivery, told)


def _named(hit: Hit) -> dict[str, Any]:
    return {
        "passage_id": hit.passage.id,
        "language": hit.passage.language.value,
        "quote": hit.citation.quote,
        "permalink": hit.citation.permalink,
        "document": to_wire(hit.document),
    }


def _text(delivery: Delivery, told: dict[str, Any]) -> str:
    head = {"id": delivery.id, "event": delivery.event.value, "created": delivery.created.isoformat()}
    return json.dumps({**head, **told})
