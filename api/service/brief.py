"""Records in their shortest form: what a small screen, or an agent that pays by the character, needs to go on from.

Nothing is cut: a quote is the whole sentence, and its passage's id opens the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from api.service.schemas import CitedStatistic, SearchResponse
from kb.records.language import Language
from kb.records.likeness import like
from kb.records.search import Hit
from kb.records.statistic import Kind


@dataclass(frozen=True, slots=True)
class BriefHit:
    """A hit as the sentence that matched, and where it is from."""

    rank: int
    passage_id: str
    quote: str
    language: Language
    title: str | None
    publisher: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class BriefResponse:
    """A page of hits in their short form."""

    searched: int | None
    total: int
    hits: tuple[BriefHit, ...]
    next: str | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefStatistic:
    """A figure with its sentence, who measured it of whom and when, and where it is from."""

    id: str
    raw: str
    value: str | None
    kind: Kind
    quote: str
    population: str | None
    measured_by: str | None
    year: int | None
    passage_id: str
    title: str | None
    also_in: int


def brief_hits(hits: Iterable[Hit]) -> tuple[BriefHit, ...]:
    """The hits in their short form."""
    return tuple(
        like(
            BriefHit,
            hit.document,
            rank=hit.rank,
            quote=hit.citation.quote,
            passage_id=hit.passage.id,
            language=hit.passage.language,
        )
        for hit in hits
    )


def brief_response(found: SearchResponse) -> BriefResponse:
    """The page in its short form."""
    return like(BriefResponse, found, hits=brief_hits(found.hits))


def brief_statistics(figures: Iterable[CitedStatistic]) -> tuple[BriefStatistic, ...]:
    """The figures in their short form; ``also_in`` counts the other places that state the same."""
    return tuple(
        like(
            BriefStatistic,
            one.statistic,
            value=None if one.statistic.value is None else str(one.statistic.value),
            measured_by=one.statistic.source,
            title=one.citation.document.title,
            also_in=len(one.also_in),
        )
        for one in figures
    )
