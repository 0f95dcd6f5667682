"""Hits as rows, and rows as a CSV response (UTF-8). What a row of CSV looks like is decided in ``api.files``."""

from collections.abc import Iterable, Mapping, Sequence

from fastapi import Response

from api.files.delimited import Cell, Separators, delimited
from api.files.figure_rows import citation_cells
from api.words.wording import quality
from kb.records.search import Hit

MEDIA_TYPE = "text/csv"


def wants_csv(accept: str | None) -> bool:
    """Whether an Accept header likes CSV better than JSON; of two that it likes alike the first wins."""
    best, liking = "", 0.0
    for part in (accept or "").split(",")[:20]:
        kind, _, parameters = part.partition(";")
        kind, weight = kind.strip().lower(), quality(parameters)
        if kind in (MEDIA_TYPE, "application/json", "*/*", "application/*") and weight > liking:
            best, liking = kind, weight
    return best == MEDIA_TYPE


def csv_page(
    rows: Sequence[Mapping[str, Cell]],
    total: int,
    following: str | None,
    headers: Mapping[str, str],
    separators: Separators = Separators.EN,
) -> Response:
    """The rows as a CSV response; the number of all rows and the next page stand in its headers."""
    extra = {**headers, "X-Total-Count": str(total)}
    if following:
        extra["Link"] = f'<{following}>; rel="next"'
    body = delimited(rows, separators).encode("utf-8", "replace")
    return Response(body, headers=extra, media_type=f"{MEDIA_TYPE}; charset=utf-8")


def hit_rows(hits: Iterable[Hit], home: str | None) -> list[dict[str, Cell]]:
    """A row for each hit."""
    return [
        {
            "rank": hit.rank,
            "score": round(hit.score, 6),
            "language": hit.passage.language.value,
            "topics": " ".join(assigned.topic.value for assigned in hit.passage.topics),
            **citation_cells(hit.citation, home),
        }
        for hit in hits
    ]
