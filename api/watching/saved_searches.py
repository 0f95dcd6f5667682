"""Saved searches: made from the words of a request, the hits that are new since somebody looked, and what crosses the
wire about them and about webhooks.

"New" is the order in which passages came into the base, so a list of new hits never shuffles: what comes later stands
at its end.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.http.auth import utc_now
from api.http.bodies import MAX_QUERY, Body, FilterBody
from api.service.asking.filters import words_of
from api.service.asking.paging import decode_cursor, encode_cursor, fingerprint
from api.service.hits import cite_span
from api.service.knowledge_base import MAX_LIMIT, KnowledgeBase
from kb.records.document import Passage, Span
from kb.records.errors import InputError
from kb.records.likeness import like
from kb.records.messages import say
from kb.records.operation import MAX_NAME, Delivery, Event, SavedSearch, Webhook
from kb.records.search import DocumentReference, Filters, Hit, Query, Why

# A new passage is a hit when it is at least half as good as the best that the base has, and good at all. Measured with
# the bundled model on 31 documents, six searches and three new notes: what is about the matter, in the other language
# too, scores .42 to .68; what is not .30 at most, though nothing better may be there (.27 for "¿Cuánto pesa la Luna?").
_GOOD = 0.35
_OF_THE_BEST = 0.5


@dataclass(frozen=True, slots=True)
class SavedSearchLine:
    """A saved search as it is shown, its filters in the words of a request."""

    id: str
    name: str
    created: datetime
    text: str | None
    filters: FilterBody

    @classmethod
    def of(cls, search: SavedSearch) -> SavedSearchLine:
        """The line of a saved search."""
        return like(cls, search, filters=FilterBody(**words_of(search.filters)))


@dataclass(frozen=True, slots=True)
class NewHitsResponse:
    """A page of new hits, in the order in which they were added. ``until`` marks them as seen when it is sent back."""

    search: SavedSearchLine
    total: int
    hits: tuple[Hit, ...]
    next: str | None
    until: str
    notes: tuple[str, ...] = ()


def make_search(name: str, text: str | None, filters: Filters, seen: int) -> SavedSearch:
    """A saved search, not yet in any base; InputError without a name, or when it would find everything."""
    name, words = " ".join(name.split()), " ".join((text or "").split())
    if not name or len(name) > MAX_NAME:
        reason = say("has_more_characters", count=len(name), most=MAX_NAME) if name else say("is_empty")
        raise InputError(say("name"), reason, say("choose_another_name"))
    if not words and filters == Filters():
        raise InputError(
            say("saved_search"), say("has_neither_words_nor_filters"), say("write_a_question_or_some_words")
        )
    return SavedSearch(f"q{secrets.token_hex(5)}", name, utc_now(), words or None, filters, seen)


def new_hits(base: KnowledgeBase, search: SavedSearch, limit: int, cursor: str | None = None) -> NewHitsResponse:
    """The page of the hits that are new since the search was looked at, or from the cursor on; ``total`` counts those
    from there. InputError for a cursor of another search."""
    asked = fingerprint("new", search.id)
    newest = base.watching.searches.newest()
    after = min(decode_cursor(cursor, asked) or search.seen, newest)
    found, left_out = found_since(base, search, after)
    found = [(place, hit) for place, hit in found if place <= newest]
    page, more = found[:limit], len(found) > limit
    until = encode_cursor(page[-1][0] if more else newest, asked)
    hits = tuple(replace(hit, rank=rank) for rank, (_, hit) in enumerate(page, start=1))
    notes = (say("only_the_best_of_the_new", most=MAX_LIMIT),) if left_out else ()
    return NewHitsResponse(SavedSearchLine.of(search), len(found), hits, until if more else None, until, notes)


def look(base: KnowledgeBase, search: str, until: str) -> SavedSearch:
    """The saved search of this id, its hits seen up to where a page of new hits said that it looks."""
    place = decode_cursor(until, fingerprint("new", search))
    return base.watching.searches.look(search, min(place, base.watching.searches.newest()))


def found_since(base: KnowledgeBase, search: SavedSearch, after: int) -> tuple[list[tuple[int, Hit]], bool]:
    """The new hits with their places in the order of addition, in that order, and whether some were left out."""
    filters = replace(search.filters, added_after=after)
    if search.text is None:
        return _all_since(base, filters), False
    ranked = base.search(Query(search.text, filters, MAX_LIMIT)).hits
    best = base.search(Query(search.text, search.filters, 1)).hits
    floor = max(_GOOD, _OF_THE_BEST * best[0].score) if best else _GOOD
    if base.degraded():  # scores of words alone have another scale: what met none was not found
        floor = float("-inf")
    near = [hit for hit in ranked if hit.score >= floor]
    places = base.records.places_of([hit.passage for hit in near])
    placed = [(places[hit.passage.id], hit) for hit in near if hit.passage.id in places]
    return sorted(placed, key=lambda pair: pair[0]), len(near) == MAX_LIMIT


def _all_since(base: KnowledgeBase, filters: Filters) -> list[tuple[int, Hit]]:
    """Every passage that fulfils the filters, as a hit of its own."""
    passages = base.records.matching(filters) or {}
    return [(key, _as_hit(base, passages[key])) for key in sorted(passages)]


def _as_hit(base: KnowledgeBase, passage: Passage) -> Hit:
    document = base.records.document(passage.document_id)
    whole: Sequence[Span] = passage.sentences or (passage.span,)
    citation = cite_span(document, passage, whole[0])
    return Hit(1, 0.0, Why(0.0, 0.0, (), 0.0, whole[0]), passage, DocumentReference.of(document), citation)


class SavedSearchBody(Body):
    """A search to come back to. Without ``text``: everything that fulfils the filters. ``from_now``: what is in the
    base already is not new."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    text: Annotated[str | None, Field(max_length=MAX_QUERY)] = None
    filters: FilterBody = FilterBody()
    from_now: bool = True


class SeenBody(Body):
    """How far was looked: the ``until`` of a page of new hits."""

    until: Annotated[str, Field(min_length=1, max_length=200)]


class WebhookBody(Body):
    """An address to be told; with the id or name of a saved search of its new hits, otherwise of every ended job."""

    url: Annotated[str, Field(min_length=1, max_length=2_000)]
    search: Annotated[str | None, Field(max_length=MAX_NAME)] = None


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """A webhook as it is shown: never with its secret."""

    id: str
    url: str
    created: datetime
    event: Event
    search_id: str | None

    @classmethod
    def of(cls, webhook: Webhook) -> WebhookLine:
        """The line of a webhook."""
        return like(cls, webhook)


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook and the secret that signs what is sent to it, shown this once."""

    webhook: WebhookLine
    secret: str


@dataclass(frozen=True, slots=True)
class DeliveriesResponse:
    """What was sent to a webhook, newest first, with every try."""

    webhook: WebhookLine
    deliveries: tuple[Delivery, ...]
