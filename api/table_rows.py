"""Hits as rows, and rows as a CSV response (UTF-8). What a row of CSV looks like is decided in ``api.tables``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from fastapi import Response

from api.tables.cells import Cell
from api.tables.delimited import Separators, delimited
from api.tables.figure_rows import citation_cells
from kb.search import Hit

MEDIA_TYPE = "text/csv"


def wants_csv(accept: str | None) -> bool:
    """Whether an Accept header asks for CSV before JSON; the order decides where no weights are given."""
    for part in (accept or "").split(","):
        kind = part.partition(";")[0].strip().lower()
        if kind in (MEDIA_TYPE, "application/json", "*/*", "application/*"):
            return kind == MEDIA_TYPE
    return False


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


def hit_rows(hits: Iterable[Hit]) -> list[dict[str, Cell]]:
    """A row for each hit."""
    return [
        {
            "rank": hit.rank,
            "score": round(hit.score, 6),
            "language": hit.passage.language.value,
            "topics": " ".join(assigned.topic.value for assigned in hit.passage.topics),
            **citation_cells(hit.citation),
        }
        for hit in hits
    ]
